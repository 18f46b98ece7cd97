/* hints.c - what to say when a check fails: the rule, where to look, what to do. */
#include "judge.h"

const struct hint hints[] = {
    {"due-unset", N_("The list keeps its own copy of the moment; the caller's may change."),
	N_("What does t->due hold after timeout_insert?"), N_("Begin with t->due = *due."), NULL,
	"06#timeouts"},
    {"whose-changed", N_("whose belongs to the caller: that is how he finds his client again."),
	N_("Which fields of t do you write?"),
	N_("Write due, next and previous, and nothing else of t."), NULL, "06#timeouts"},
    {"timeout-order",
	N_("The list is sorted by moments: by seconds, and where these are the same, by "
	   "nanoseconds."),
	N_("How do you decide which of two moments is the earlier one?"),
	N_("Compare tv_sec; only if they are equal, compare tv_nsec. Walk over all that are not "
	   "later, and put t there."),
	"clock_gettime(2)", "06#timeouts"},
    {"timeout-two-lists", N_("A list is what the caller hands over; there may be several."),
	N_("Does something of a list live outside of *list?"),
	N_("Use list->first and list->last, and no variable outside of the functions."), NULL,
	"06#timeouts"},
    {"timeout-equal", N_("Of the same moments, the one that came first comes first."),
	N_("Where does your search stop when it meets the same moment?"),
	N_("Go past all that are earlier or equal; stop at the first that is later."), NULL,
	"06#timeouts"},
    {"timeout-remove",
	N_("Who leaves a list has neighbours, or is its first or its last; all of these must "
	   "know."),
	N_("Try it on paper: take out the first, the last, the only one."),
	N_("The previous one's next (or list->first) becomes t->next; the next one's previous (or "
	   "list->last) becomes t->previous."),
	NULL, "06#timeouts"},
    {"timeout-due", N_("A timeout is due from its moment on; only its owner takes it out."),
	N_("What does timeout_due answer a nanosecond before, exactly at, and after the moment?"),
	N_("Return list->first unless it is NULL or now is earlier than its moment. Change "
	   "nothing."),
	NULL, "06#timeouts"},
    {"timeout-none",
	N_("To select() a missing timeout is NULL; a timeout of 0 means: do not wait at all."),
	N_("What does timeout_left return for an empty list?"), N_("Return NULL, and leave *left."),
	"select(2)", "06#timeouts"},
    {"timeout-left", N_("What is left is the first moment less now."),
	N_("Whose moment do you take, and what do you store in *left?"),
	N_("Subtract seconds from seconds and nanoseconds from nanoseconds, and return left."),
	NULL, "06#timeouts"},
    {"timeout-borrow", N_("tv_nsec is 0 to 999999999, also in a difference."),
	N_("What is 5.1 s less 3.9 s, done in two columns?"),
	N_("If the nanoseconds become negative, add 1000000000 to them and take one second away."),
	NULL, "06#timeouts"},
    {"timeout-past", N_("A moment that is past leaves nothing: select() refuses negative spans."),
	N_("What do you store when now is later than the first moment?"),
	N_("Compare first: if the first moment is not after now, store 0 and 0."), "select(2)",
	"06#timeouts"},
    {"echo", N_("A line goes to its sender, too: his number, a colon, a blank, the line."),
	N_("Follow one line: accept, select, read, write. Which bytes go out?"),
	N_("Put the client's descriptor into the set before each select(), read when it is "
	   "ready, and send \"NUMBER: \", the line and a newline."),
	"select(2)", "06#select"},
    {"everybody",
	N_("Each line goes to every client that is connected, under its sender's number."),
	N_("Who is in the set, who gets the line, and where does the number come from?"),
	N_("select() wants the highest descriptor + 1. It changes the set: fill it anew in each "
	   "round. Count the clients as they come, from 1."),
	"select(2)", "06#fd-set"},
    {"held-up",
	N_("A server with one process may wait in select() only; anywhere else it waits for one "
	   "and keeps all others waiting."),
	N_("In which call does the server stand, and for whom?"),
	N_("One read() for each client that is ready, no more. Keep what has come in a buffer of "
	   "that client until its newline is there."),
	"select(2)", "06#one-process"},
    {"pieces", N_("A stream has no lines: one read() may bring half a line, or five."),
	N_("What do you do with the bytes behind a newline, and with those before it is there?"),
	N_("Give every client a buffer of its own. Look at each byte: a newline ends the line, "
	   "anything else is put into the buffer."),
	"read(2)", "06#lines"},
    {"half-line",
	N_("A line is a line when its newline has come; at the end of the file the rest "
	   "is dropped."),
	N_("What happens when read() returns 0, and what does the next client find in the buffer?"),
	N_("When read() returns 0, send nothing more, close the descriptor, and throw the buffer "
	   "away."),
	"read(2)", "06#lines"},
    {"long-line",
	N_("Whoever takes lines from strangers bounds them; what is too long must not harm anybody "
	   "else."),
	N_("What becomes of byte number 513 of a line, and of those behind it?"),
	N_("When the buffer is full and no newline comes, send CHAT_TOO_LONG once, remember that "
	   "the line is to be skipped, and go on at the newline."),
	NULL, "06#lines"},
    {"any-bytes", N_("A line is bytes and a length; a 0 among them is a byte like any other."),
	N_("Do you use a function that stops at 0, or takes a percent sign for its own?"),
	N_("Count the bytes yourself; memcpy() and memchr() instead of strlen() and strchr(), and "
	   "nobody's text as a format."),
	"memchr(3)", "06#lines"},
    {"short-write", N_("send() may take less than it was given; the rest is up to the caller."),
	N_("What do you do with the number that send() returns?"),
	N_("Send on from where it stopped, until nothing is left."), "send(2)", "06#no-waiting"},
    {"come-and-go", N_("Who goes leaves nothing: no descriptor, no number, no place in the set."),
	N_("What do you do with a client whose read() returned 0?"),
	N_("Close the descriptor, forget the client, and never use its number again."), "close(2)",
	"06#round"},
    {"slow-reader",
	N_("A client that does not read fills the buffer of its socket; whoever waits for it waits "
	   "with all others."),
	N_("What does send() do when the buffer is full, and what do you do then?"),
	N_("Put O_NONBLOCK on the client's descriptor. If send() then fails with EAGAIN, the "
	   "client is disconnected."),
	"send(2)", "06#no-waiting"},
    {"client-reset",
	N_("A connection that breaks off is the end of one client, and never of the server."),
	N_("What does write() do to a process when nobody is at the other end?"),
	N_("Ignore SIGPIPE, or send with MSG_NOSIGNAL. Take every failure of read() and send(), "
	   "except EAGAIN and EINTR, for the end of this one client."),
	"signal(7)", "06#no-waiting"},
    {"same-round",
	N_("What select() has said is about those who were there then; who goes in the middle of a "
	   "round must not be touched again in it."),
	N_("Client 1 says a line, and sending it to client 2 fails. When is client 2 freed, and "
	   "who looks at it afterwards?"),
	N_("Only mark a client that is lost. Disconnect all who are marked at the end of the "
	   "round, and let new ones in after that."),
	NULL, "06#round"},
    {"accept-gone",
	N_("Between select() and accept() a connection may vanish; then there is nothing to "
	   "accept, and that is all."),
	N_("What does your server do when accept() fails with EAGAIN or ECONNABORTED?"),
	N_("Go on: select() will tell of the next one."), "accept(2)", "06#accept"},
    {"accept-blocks",
	N_("If the connection has vanished, accept() on a blocking socket waits for the next one, "
	   "and so do all clients."),
	N_("Which flags has the listening socket?"),
	N_("Put O_NONBLOCK on it with fcntl(F_SETFL), before the first select()."), "accept(2)",
	"06#accept"},
    {"data-gone", N_("Ready is what was true when select() looked; read() may find nothing."),
	N_("What does your server do when read() fails with EAGAIN?"),
	N_("EAGAIN and EINTR are not the end of a client: leave it, and ask select() again."),
	"select(2)", "06#no-waiting"},
    {"read-blocks",
	N_("What select() saw may be gone; read() on a socket that blocks then waits for this "
	   "client, and all others wait with it."),
	N_("What does your read() do when nothing is there?"),
	N_("Put O_NONBLOCK on each socket that accept() returns, or give recv() the flag "
	   "MSG_DONTWAIT."),
	"recv(2)", "06#no-waiting"},
    {"old-errno",
	N_("errno says something about a call that has failed, and nothing after one that has "
	   "not."),
	N_("read() has returned 0, and errno is still EAGAIN from an earlier call. What does your "
	   "server do?"),
	N_("0 is the end, whatever errno is. Look at errno only when read() has returned -1."),
	"errno(3)", "06#no-waiting"},
    {"full-spins",
	N_("A connection that cannot be accepted stays ready: select() returns at once, again and "
	   "again."),
	N_("accept() has failed with EMFILE. What does the next select() say?"),
	N_("Leave the listening socket out of the set until a client has gone or ACCEPT_PAUSE "
	   "seconds are over; the list of timeouts can hold that moment as well."),
	"accept(2)", "06#accept"},
    {"full", N_("Who waits in the kernel's queue comes in as soon as there is a descriptor."),
	N_("When does the listening socket come back into the set?"),
	N_("When a client has been disconnected, or the pause is over: accept again."), "accept(2)",
	"06#accept"},
    {"pause-ends", N_("A pause ends by itself: nobody may be there who could go."),
	N_("How long does select() wait while accepting pauses, and what do you do when that is "
	   "over?"),
	N_("Put the end of the pause, now and ACCEPT_PAUSE seconds, into the list of timeouts as "
	   "well; "
	   "when it is due, accept again."),
	"accept(2)", "06#accept"},
    {"refused-number", N_("Who is refused has no number: the next who is let in gets it."),
	N_("Where do you count, before or after you know that the client stays?"),
	N_("Give the number only when the client has its place."), NULL, "06#fd-set"},
    {"lost-number",
	N_("Whatever goes out of a client has its number, also when it has gone by then."),
	N_("Three lines have come in one read(); sending the first fails. Where does the number of "
	   "the "
	   "second come from?"),
	N_("Mark the client, and clear what belongs to it only when the round is over."), NULL,
	"06#round"},
    {"fd-setsize",
	N_("An fd_set has FD_SETSIZE bits; FD_SET() with a greater number writes into other "
	   "memory."),
	N_("Which number may the descriptor that accept() returns have?"),
	N_("Compare it with FD_SETSIZE before FD_SET(). If it does not fit, send CHAT_FULL and "
	   "close it; a listening socket is EINVAL."),
	"select(2)", "06#fd-set"},
    {"descriptor-zero",
	N_("Descriptors begin at 0; who has closed standard input gets 0 for the next one."),
	N_("Where do your loops over descriptors begin, and what does a 0 mean in your tables?"),
	N_("Only numbers below 0 are no descriptors: begin at 0, and compare with < 0 after "
	   "accept()."),
	"accept(2)", "06#fd-set"},
    {"flags-lost",
	N_("fcntl(F_SETFL) sets all flags at once; what is not among them is switched off."),
	N_("Which flags does the listening socket have before your call, and which after it?"),
	N_("Ask for the flags with F_GETFL first, and set them with O_NONBLOCK added: flags | "
	   "O_NONBLOCK."),
	"fcntl(2)", "06#accept"},
    {"blocks-others", N_("Who blocks a signal keeps it from the whole program."),
	N_("Which signals are in the set that you give to sigprocmask()?"),
	N_("sigemptyset() first, then sigaddset() with SIGTERM."), "sigprocmask(2)", "06#pselect"},
    {"eintr",
	N_("A call that a handler interrupts fails with EINTR; nothing has happened, and it must "
	   "be repeated."),
	N_("What does your server do when a call returns -1 and errno is EINTR?"),
	N_("Begin the round anew. The sets say nothing after a select() that failed."), "signal(7)",
	"06#pselect"},
    {"busy-waiting",
	N_("A server that has nothing to do sleeps; it does not ask whether something has come."),
	N_("Which timeout do you give to select(), and who is in the sets?"),
	N_("NULL, or what is left until the first timeout; only descriptors to read from. All that "
	   "is ready must be dealt with, or it is ready again at once."),
	"select(2)", "06#round"},
    {"idle", N_("Who has sent nothing for the given time is told so and disconnected."),
	N_("What does your server do when select() returns 0?"),
	N_("After each select(), look at the clock and take everybody who is due: send CHAT_IDLE, "
	   "then disconnect."),
	"clock_gettime(2)", "06#idle"},
    {"idle-starved",
	N_("Whether somebody's time is over, the clock says; select() only says who has sent "
	   "something."),
	N_("When does your server look at the clock if each select() finds somebody ready?"),
	N_("Look at the clock in each round, after what has come was read, and not only when "
	   "select() "
	   "has returned 0."),
	"clock_gettime(2)", "06#idle"},
    {"idle-early", N_("Each client has its own time, from its own last byte."),
	N_("Which moment did you put into the list for this client?"),
	N_("The moment is now and the idle seconds, of CLOCK_MONOTONIC; each client has a timeout "
	   "of its own."),
	"clock_gettime(2)", "06#idle"},
    {"idle-renewed", N_("Every byte that comes from a client is a sign of life, and nothing else."),
	N_("When is the timeout of a client taken out and put in anew?"),
	N_("After each read() that brought something, and before you look who is due. Sending to "
	   "a client does not count."),
	NULL, "06#idle"},
    {"wall-clock",
	N_("The clock of the day can be set; how long something takes is measured with a clock "
	   "that nobody sets."),
	N_("Which clock does your server look at, and what if somebody sets it an hour forward?"),
	N_("clock_gettime() with CLOCK_MONOTONIC, wherever a moment is taken; not time() or "
	   "gettimeofday()."),
	"clock_gettime(2)", "06#idle"},
    {"idle-left",
	N_("The timeout of select() is a span that begins anew with each call; the moments in the "
	   "list stay where they are."),
	N_("Two seconds before a client's time is over somebody else says a line. How long does "
	   "the next select() wait?"),
	N_("Before each select() ask timeout_left() with the moment of now, and hand over what "
	   "it returns, also NULL."),
	"select(2)", "06#idle"},
    {"sigterm", N_("SIGTERM asks a server to end; it closes its connections and ends with 0."),
	N_("What does the handler do, and who looks at it?"),
	N_("The handler sets a volatile sig_atomic_t. When the wait fails with EINTR, look at it, "
	   "leave the loop, disconnect all."),
	"signal(7)", "06#pselect"},
    {"sigterm-lost",
	N_("Between the look at a flag and select() a signal may come: then select() knows nothing "
	   "of it."),
	N_("What happens if SIGTERM comes between your test and your select()?"),
	N_("Block SIGTERM, and let pselect() unblock it while it waits; or let the handler write "
	   "into a pipe that is in the set."),
	"pselect(2)", "06#pselect"},
    {"sigterm-starved",
	N_("pselect() that finds somebody ready returns at once and lets no signal in; it stays "
	   "pending."),
	N_("When is SIGTERM let in if there is something to read at each pselect()?"),
	N_("In each round take the caller's mask for a moment with sigprocmask() before you look "
	   "at "
	   "the flag; or let the handler write into a pipe that is in the set."),
	"pselect(2)", "06#pselect"},
    {"left-open", N_("Who opens something closes it, however the function returns."),
	N_("Which clients are still connected when the loop ends?"),
	N_("Disconnect everybody after the loop, also when select() has failed."), "close(2)",
	"06#pselect"},
    {"served-again",
	N_("serve_chat may be called again; what the first call has left behind is not for the "
	   "second."),
	N_("Which of your variables keep their value from one call to the next?"),
	N_("Set them all at the beginning of serve_chat: the flag of the handler, the count of "
	   "the clients, every table."),
	NULL, "06#pselect"},
    {"serve-result",
	N_("serve_chat returns 0 after SIGTERM, and -1 with errno of the call that failed."),
	N_("What happens to errno between the failure and the return?"),
	N_("Keep errno before you clean up, and set it again afterwards."), "errno(3)",
	"06#pselect"},
    {"chatd-failure",
	N_("A program that cannot do its work says why, and ends with a status that is not 0."),
	N_("What does main() do with the result of serve_chat()?"),
	N_("If serve_chat() returns -1, call perror() and return CHATD_FAULTY."), "perror(3)",
	"06#one-process"},
    {"cannot-listen",
	N_("Who cannot get what the next step needs says why, and does not take that step."),
	N_("open_listener() has returned -1, and has said why. What does main() do next?"),
	N_("If it is less than 0, return CHATD_FAULTY, without another message."), "errno(3)",
	"06#one-process"},
    {"memory-error", N_("Only memory that is one's own and still there may be touched."),
	N_("Who is freed, and who still points to it?"),
	N_("Take a client out of everything, its timeout too, before you free it."), NULL,
	"06#round"},
    {"memory-lost", N_("What a client needed is given back when it goes, also at the end."),
	N_("Which memory belongs to a client, and where is it freed?"),
	N_("One function disconnects a client: it does all of it. Call it at the end for "
	   "everybody."),
	NULL, "06#round"},
    {"usage", N_("A program that is called wrongly says how to call it, and fails."),
	N_("Which words are a number of seconds, and how do you notice the others?"),
	N_("strtol() with an end pointer: it must point to the end of the word. Check errno and "
	   "the range, too."),
	"strtol(3)", "06#one-process"},
    {"usual-idle", N_("What is not said on the command line has a value all the same."),
	N_("With how many seconds does main() call serve_chat() if there is no second word?"),
	N_("Begin with IDLE_USUAL, and read argv[2] only if argc is 3."), NULL, "06#one-process"},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};
