/* hints.c - what to say when a check fails: the rule, where to look, what to do. */
#include "judge.h"

const struct hint hints[] = {
    {"frame-format",
	N_("A frame is two bytes for the length, the high one first, and then the payload."),
	N_("Which bytes are written for a payload of 258 bytes?"),
	N_("Make the two bytes yourself: n >> 8, then n & 255. Or write a uint16_t that went "
	   "through htons()."),
	"htons(3)", "03#frames"},
    {"frame-limit", N_("What does not fit into the format is refused before a byte is written."),
	N_("What does the length say when n is 65536?"),
	N_("Compare n with FRAME_MAX first: EMSGSIZE, and nothing is written."), NULL, "03#frames"},
    {"frame-read", N_("The length in front says how many bytes the payload has, also 0."),
	N_("Follow the two bytes of the length: which number do you make of them?"),
	N_("Read two bytes, put them together as high << 8 | low, read just so many bytes. "
	   "Return 1, also for an empty payload."),
	"read(2)", "03#frames"},
    {"frame-rest", N_("What is read from a pipe is gone for everybody else."),
	N_("How many bytes do you ask read() for?"),
	N_("Never ask for more than the rest of this frame; no FILE * and no buffer of your own "
	   "between."),
	"read(2)", "03#frames"},
    {"frame-end", N_("read() returns 0 at the end of the file."),
	N_("What becomes of a read() that returns 0 for the first byte of a frame?"),
	N_("Return 0 if not even one byte of a length has come."), "read(2)", "03#frames"},
    {"short-read", N_("read() returns what is there, be it a single byte; the rest comes later."),
	N_("What do you do when read() returns less than you asked for?"),
	N_("Write a helper that reads on until all n bytes are there, and use it for the length "
	   "and for the payload."),
	"read(2)", "03#short-io"},
    {"short-write", N_("write() may take less than it was given; the rest is up to the caller."),
	N_("What do you do with the number that write() returns?"),
	N_("Write on from where write() stopped, until nothing is left."), "write(2)",
	"03#short-io"},
    {"eintr",
	N_("A call that a handler interrupts fails with EINTR; nothing has happened, and it must "
	   "be repeated."),
	N_("What does your loop do when a call returns -1 and errno is EINTR?"),
	N_("Repeat the call when errno is EINTR; every other errno is a failure."), "signal(7)",
	"03#short-io"},
    {"end-inside",
	N_("An end of the file between two frames is the end; inside of a frame something is "
	   "missing."),
	N_("At which byte of the frame does the end come, and can your code tell?"),
	N_("Only before the first byte of a length the end means 0. After that, set errno to "
	   "EPROTO "
	   "and return -1."),
	"read(2)", "03#frames"},
    {"n-too-early", N_("What a function hands out is true only when all of it has arrived."),
	N_("Which of your calls can still fail when you set *n?"),
	N_("Keep the length in a variable of your own and set *n as the last thing, just before "
	   "you "
	   "return 1."),
	NULL, "03#frames"},
    {"too-long",
	N_("A stream has no gaps: the next frame begins where the payload of this one ends."),
	N_("Where does the next read() begin after a frame that you refuse?"),
	N_("Read the payload to its end and throw it away, then return -1 with EMSGSIZE; leave "
	   "*n alone."),
	NULL, "03#frames"},
    {"beyond-room",
	N_("A length that somebody else has sent is a claim; the size of the buffer is a fact."),
	N_("How many bytes can be written into the caller's buffer at most?"),
	N_("Compare with room before you read into the buffer."), NULL, "03#frames"},
    {"io-failure",
	N_("Every read() and every write() can fail, not only the first one; the caller learns "
	   "errno."),
	N_("For each call: where does -1 go?"),
	N_("Return -1 at once and leave errno as the call has set it."), "write(2)", "03#sigpipe"},
    {"memory", N_("Only memory that was given to you may be read and written."),
	N_("valgrind names the line. Which index is used there?"),
	N_("Compare the length with the size of the buffer, before each byte that you touch."),
	"valgrind(1)", "03#frames"},
    {"leak", N_("Memory that was asked for is given back when it is no longer needed."),
	N_("valgrind names the line that asked for it. Which ways lead out of there?"),
	N_("Call free() on each of them, also where something failed."), "malloc(3)", "03#frames"},
    {"no-partner", N_("The partner is a child process that calls exec."),
	N_("Begin with the plain case: pipes, fork(), dup2() twice, execvp()."),
	N_("In the child make the ends standard input and standard output with dup2(), then call "
	   "execvp(). In the parent store the pid and the two other ends."),
	"dup2(2)", "03#pipe"},
    {"wrong-link", N_("pipe() goes one way, so that two are needed; socketpair() goes both ways."),
	N_("Which descriptors do you store in p->from and p->to?"),
	N_("TWO_PIPES: the read end of one pipe and the write end of the other. SOCKET_PAIR: the "
	   "same socket twice."),
	"socketpair(2)", "03#socketpair"},
    {"no-answer-got",
	N_("The answer is all that comes up to the end of the file, and the partner answers when "
	   "its input has ended."),
	N_("How does the partner learn that the text is complete?"),
	N_("After the last byte close the pipe to the partner; a socket gets shutdown(SHUT_WR). "
	   "Then read until read() returns 0."),
	"shutdown(2)", "03#two-way"},
    {"partner-status", N_("Whoever starts a process lets it end and waits for it."),
	N_("Does the partner see the end of its input, and who waits for which pid?"),
	N_("Close both ends first, then call waitpid() with p->pid and hand on the status as it "
	   "is."),
	"waitpid(2)", "03#unused-ends"},
    {"closed-twice", N_("A descriptor number that was closed may belong to somebody else by now."),
	N_("Which descriptors are still open when end_partner is called?"),
	N_("Close p->to only if it is not -1 and not the same as p->from."), "close(2)",
	"03#socketpair"},
    {"unused-ends",
	N_("A pipe reports the end of the file only when every write end is closed, in every "
	   "process."),
	N_("List for each process which ends it holds after fork() and exec."),
	N_("Close every end on the side that does not need it, also the original after dup2(). "
	   "Ends that a later child must not inherit get FD_CLOEXEC."),
	"pipe(7)", "03#unused-ends"},
    {"unused-read-ends",
	N_("A writer learns that nobody reads any more only when the last read end is closed, in "
	   "every process."),
	N_("List for each process which ends it holds after fork() and exec."),
	N_("Close every end on the side that does not need it, also the original after dup2(). "
	   "Ends that a later child must not inherit get FD_CLOEXEC."),
	"pipe(7)", "03#unused-ends"},
    {"to-stays", N_("After exchange nothing more can be sent, and p->to says so."),
	N_("What does p->to hold when exchange returns, on every way out?"),
	N_("Set p->to to -1 where you end the sending, and end it before every return, also before "
	   "one with a failure."),
	NULL, "03#two-way"},
    {"no-exec",
	N_("A child that cannot become the program ends at once, with exit status 127: it would "
	   "go on in the caller's code, or run the program with the wrong ends."),
	N_("What does the child do when dup2() returns -1, and what when execvp() returns?"),
	N_("Look at the result of each dup2(), and call _exit(127) when it is -1; behind execvp() "
	   "stands _exit(127), too."),
	"dup2(2)", "03#pipe"},
    {"deadlock", N_("A pipe holds only so much (64 KiB here); then write() waits for a reader."),
	N_("Who reads while you write, and what does the partner wait for?"),
	N_("Do both at once: wait with poll() for whichever is possible, with O_NONBLOCK for "
	   "writing, or let a child or a thread do the writing."),
	"poll(2)", "03#two-way"},
    {"partner-gone",
	N_("Whoever writes to somebody who has gone gets EPIPE, over a socket also ECONNRESET."),
	N_("What do you do when write() or read() says that the partner has left?"),
	N_("Stop sending, and go on receiving up to the end: the answer may be complete. "
	   "ECONNRESET while receiving means the end."),
	"write(2)", "03#sigpipe"},
    {"answer-too-long", N_("An answer may be longer than you have room for."),
	N_("What do you ask read() for when the buffer is full?"),
	N_("When the buffer is full, read one byte into another place: the end of the file is "
	   "success, a byte is EMSGSIZE."),
	NULL, "03#two-way"},
    {"sigpipe-inherited",
	N_("An ignored signal stays ignored through fork() and exec; programs count on SIGPIPE."),
	N_("Which action for SIGPIPE does the new program start with?"),
	N_("In the child, before exec, set SIGPIPE to SIG_DFL."), "signal(7)", "03#sigpipe"},
    {"start-failure",
	N_("When a call fails halfway, all that was made before is taken back: ends closed, "
	   "children ended and waited for."),
	N_("For each call that can fail: what exists already at this point?"),
	N_("Make one place that takes back, and go there from everywhere. Keep the errno of the "
	   "call that failed."),
	"pipe(2)", "03#pipe"},
    {"nothing-left", N_("What a function starts, it also brings to its end."),
	N_("Count: how often does fork() succeed, how often does waitpid()?"),
	N_("Wait for each pid on every way out of the function."), "waitpid(2)", "03#pipeline"},
    {"every-status", N_("Each command has a status of its own, and each wants to be waited for."),
	N_("Which pid belongs to which element of status[]?"),
	N_("Note the pid of command i at index i, and call waitpid() with it and with "
	   "&status[i], after all have been started."),
	"waitpid(2)", "03#pipeline"},
    {"how-many", N_("What cannot be done is refused before anything is started."),
	N_("Which numbers of commands are possible?"),
	N_("Compare n with 0 and with PIPELINE_MAX first: EINVAL."), NULL, "03#pipeline"},
    {"data-flow",
	N_("The commands of a pipeline run at the same time: a full pipe makes the writer wait "
	   "until somebody reads."),
	N_("Draw it: which end of which pipe is whose standard input, whose standard output? When "
	   "do you wait?"),
	N_("Start all of them first, each with the read end of the pipe before it and the write "
	   "end of the pipe behind it; then wait."),
	"pipe(7)", "03#pipeline"},
    {"exec-fails", N_("Behind exec there is a message and _exit(), nothing else."),
	N_("Which line does the child run when execvp() has returned?"),
	N_("Write the command's name and the reason to standard error and call _exit(127); exit() "
	   "would write out the caller's buffers."),
	"execvp(3)", "03#pipeline"},
    {"foreign-child",
	N_("wait() takes any child, also one that another part of the program waits for."),
	N_("Which pid do you wait for?"), N_("Call waitpid() with the pids of your commands."),
	"waitpid(2)", "03#pipeline"},
    {"command-line",
	N_("The words of a command arrive as they are, and the pipeline ends as its last command "
	   "did."),
	N_("Compare the usage in plumbing.h with what was tried."),
	N_("Find all commands first; if one is missing or there are too many, start none. Take "
	   "the last status apart with WIFSIGNALED and WEXITSTATUS."),
	"waitpid(2)", "03#pipeline"},
    {"open-waits", N_("open() of a FIFO for reading waits for a writer, without O_NONBLOCK."),
	N_("In which call does mailbox_open wait?"),
	N_("Open for reading with O_NONBLOCK; afterwards take the flag away with fcntl()."),
	"fifo(7)", "03#fifo"},
    {"mailbox-mode", N_("The permissions of a new file are those of the call less the umask."),
	N_("Which permissions do you give to mkfifo()?"), N_("Call mkfifo(path, 0600)."),
	"mkfifo(3)", "03#fifo"},
    {"mailbox-end",
	N_("When the last writer has closed a FIFO, its reader gets the end of the file; without "
	   "O_NONBLOCK it waits only as long as there is a writer."),
	N_("Who holds the FIFO open for writing while nobody sends?"),
	N_("Open the FIFO for writing as well, and keep that open until mailbox_close."), "fifo(7)",
	"03#fifo"},
    {"mailbox-flags",
	N_("With O_NONBLOCK, read() does not wait: when there is nothing to read, it fails with "
	   "EAGAIN."),
	N_("Which flags does m->fd still have when mailbox_open returns?"),
	N_("O_NONBLOCK is for open() only: take it away with fcntl(fd, F_SETFL, ...) before you "
	   "return."),
	"fcntl(2)", "03#fifo"},
    {"sender-gave-up", N_("open() of a FIFO for writing waits until somebody reads."),
	N_("Which flags do you open with, and what becomes of ENXIO?"),
	N_("Open with O_WRONLY alone; the kernel wakes you when the reader has come."), "fifo(7)",
	"03#fifo"},
    {"mixed-messages",
	N_("One write() of at most PIPE_BUF bytes goes into a pipe in one piece; two writes do "
	   "not."),
	N_("How many write() calls does one message take?"),
	N_("Write the whole message with one call."), "pipe(7)", "03#fifo"},
    {"message-size", N_("Only messages of 1 to PIPE_BUF bytes arrive in one piece for sure."),
	N_("Which sizes do you refuse?"),
	N_("Compare n with 0 and with PIPE_BUF before you open: EMSGSIZE."), "pipe(7)", "03#fifo"},
    {"mailbox-failure",
	N_("A call that fails is reported with its errno, and what was opened before is closed."),
	N_("What is at the path, and which descriptors are open when a call fails?"),
	N_("Look with fstat() and S_ISFIFO whether it is a FIFO. On every way out that fails, "
	   "close "
	   "what you have opened."),
	"fstat(2)", "03#fifo"},
    {"mailbox-exec", N_("A descriptor survives exec unless it is marked to be closed."),
	N_("Which flags do you open with?"),
	N_("Open with O_CLOEXEC, or set FD_CLOEXEC with fcntl()."), "open(2)", "03#fifo"},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};
