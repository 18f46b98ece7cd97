/*
 * hints.c - what to say when a check fails: the rule, where to look, what to do.
 */
#include "judge.h"

const struct hint hints[] = {
    /* Task 1: catching and waiting */
    {"not-installed",
	N_("A handler that sigaction() installed runs each time the signal comes, until the "
	   "program installs another."),
	N_("Which function installs your handler, and what does it do after the first signal?"),
	N_("Fill a struct sigaction with designated initialisers, empty sa_mask with "
	   "sigemptyset(), and call sigaction(). Do not use signal(): what it does with the "
	   "handler after the first signal differs from system to system."),
	"sigaction(2)", "02#sigaction"},
    {"blocked-calls",
	N_("SA_RESTART decides whether a blocked call goes on after the handler or fails with "
	   "EINTR."),
	N_("How do your sa_flags depend on the argument?"),
	N_("Set sa_flags to SA_RESTART for RESTART_CALLS and to 0 for INTERRUPT_CALLS."),
	"sigaction(2)", "02#eintr"},
    {"mask-in-handler",
	N_("While a handler runs, its own signal is blocked, and so are those in sa_mask."),
	N_("Which flags do you set, and what is in sa_mask?"),
	N_("Call sigemptyset() for sa_mask, and leave SA_NODEFER out of the flags."),
	"sigaction(2)", "02#sigaction"},
    {"eintr-not-retried",
	N_("EINTR means only that a handler has run; nothing was read, and nothing is wrong."),
	N_("What does your function do when read() returns -1?"),
	N_("Call read() in a loop for as long as it returns -1 and errno is EINTR."), "read(2)",
	"02#eintr"},
    {"error-hidden",
	N_("Only EINTR is a reason to try again; every other error belongs to the caller."),
	N_("Which condition ends your loop around read()?"),
	N_("Repeat only while the result is negative and errno is EINTR; otherwise return what "
	   "read() returned."),
	"read(2)", "02#eintr"},
    {"like-read",
	N_("read() returns as soon as there is anything; a program that wants more calls it "
	   "again."),
	N_("Do you return what read() gave you, or do you wait for all n bytes?"),
	N_("Return the result of the first read() that was not interrupted, whatever its size."),
	"read(2)", "02#eintr"},
    {"failure-hidden",
	N_("Who relies on a call that failed hands the failure on: -1, and errno says why."),
	N_("What does your function return when sigaction() or sigaddset() fails?"),
	N_("Look at the result of each call that can fail. Return -1 and leave errno as the call "
	   "set it."),
	"sigaction(2)", "02#sigaction"},
    {"wait-too-short",
	N_("sigsuspend() returns after any handler; only the flag says whether the right one has "
	   "run."),
	N_("What do you test after you have slept?"),
	N_("Sleep in a loop: while the flag is 0, call sigsuspend() again."), "sigsuspend(2)",
	"02#sigsuspend"},
    {"wait-too-long",
	N_("While the process sleeps, the signal it waits for must be let in, even if the caller "
	   "has blocked it."),
	N_("Which signals are blocked while you sleep?"),
	N_("Take the caller's mask, remove the signal with sigdelset(), and sleep with that mask. "
	   "Return 0 when the flag is set."),
	"sigsuspend(2)", "02#sigsuspend"},
    {"mask-while-waiting", N_("sigsuspend() replaces the whole mask: what is not in it is let in."),
	N_("From which set do you build the mask for sigsuspend()?"),
	N_("Start from the mask that sigprocmask() gave back as the old one, not from an empty "
	   "set, and remove only the signal you wait for."),
	"sigsuspend(2)", "02#mask"},
    {"mask-not-restored",
	N_("A function that changes the signal mask puts the caller's back, on every way out."),
	N_("Where does your function return, and what is blocked there?"),
	N_("Keep the old mask that sigprocmask() gives you and set it with SIG_SETMASK before each "
	   "return, also when something failed. Do not use SIG_UNBLOCK: the caller may have "
	   "blocked the signal itself."),
	"sigprocmask(2)", "02#mask"},
    {"signal-lost",
	N_("Between the test of a flag and the sleep a signal may come; who then sleeps is never "
	   "woken."),
	N_("Is the signal blocked while you test the flag?"),
	N_("Block the signal first, then test, then sleep with sigsuspend(): it lets the signal in "
	   "and sleeps in one step. pause() cannot do that."),
	"sigsuspend(2)", "02#race"},
    {"polls", N_("A process that waits sleeps in the kernel until there is something to do."),
	N_("Which call do you wait in, and what wakes it?"),
	N_("Replace the naps by a call that the event itself ends: sigsuspend(), sigwaitinfo(), "
	   "waitpid(), or poll() without a timeout."),
	"sigsuspend(2)", "02#sigsuspend"},

    /* Task 2: the reaper */
    {"no-child", N_("reaper_fork() is fork() and a note about the child."),
	N_("What does your function return in the child, and what in the parent?"),
	N_("Call fork() once, note the child in the parent, and return what fork() returned."),
	"fork(2)", "02#sigchld"},
    {"wrong-status",
	N_("The status that the handler gets from waitpid() belongs to one child; reaper_wait() "
	   "hands it out once, and only when the child has ended."),
	N_("Follow a status from the handler's waitpid() to the caller's *status. Where is it kept "
	   "meanwhile, and by which pid is it found?"),
	N_("Keep pid and status together in a table of REAPER_MAX places. The handler fills in the "
	   "status, reaper_wait() sleeps until it is there, copies it and clears the place. A pid "
	   "that is not in the table means ECHILD."),
	"waitpid(2)", "02#sigchld"},
    {"no-handler",
	N_("A child that has ended stays a zombie until its parent process waits for it; SIGCHLD "
	   "says when."),
	N_("Is a handler for SIGCHLD installed, and does it call waitpid()?"),
	N_("Install the handler in reaper_install() and call waitpid(-1, &status, WNOHANG) in it."),
	"waitpid(2)", "02#sigchld"},
    {"one-wait-per-signal",
	N_("A signal that is pending already does not become two: one SIGCHLD may stand for many "
	   "children."),
	N_("How many children do you take each time you learn of SIGCHLD?"),
	N_("Call waitpid(-1, &status, WNOHANG) in a loop until it returns 0 or -1."), "waitpid(2)",
	"02#sigchld"},
    {"early-end-lost", N_("A child may end before fork() has returned in its parent process."),
	N_("What does your handler do with a pid that is not noted yet? Is it installed by then?"),
	N_("Install the handler before the first fork(). Block SIGCHLD before fork() and put the "
	   "old mask back when the child is noted."),
	"sigprocmask(2)", "02#race"},
    {"end-lost",
	N_("A child may end between the look at it and the sleep; its SIGCHLD is then over before "
	   "the sleep begins."),
	N_("Is SIGCHLD blocked while you look whether the child has ended?"),
	N_("Block SIGCHLD, look, and sleep with sigsuspend() and a mask without SIGCHLD, in a "
	   "loop."),
	"sigsuspend(2)", "02#race"},
    {"call-interrupted",
	N_("A handler that does its work unseen must not end the calls that it interrupts."),
	N_("Which flags has your handler for SIGCHLD?"),
	N_("Put SA_RESTART into sa_flags, next to SA_NOCLDSTOP."), "sigaction(2)", "02#eintr"},
    {"stopped-not-ended",
	N_("SIGCHLD also comes when a child is stopped or continued; it goes on living then."),
	N_("With which options do you call waitpid(), and what do you take its result for?"),
	N_("Leave out WUNTRACED and WCONTINUED: then waitpid() reports ends only. SA_NOCLDSTOP "
	   "keeps the needless signals away."),
	"waitpid(2)", "02#stopped"},
    {"errno-clobbered",
	N_("A handler runs between any two instructions of the program, also between a call that "
	   "failed and the look at errno."),
	N_("Which call in your handler sets errno last?"),
	N_("Save errno in a local variable when the handler begins and put it back when it ends."),
	"signal-safety(7)", "02#errno"},
    {"unsafe-handler",
	N_("A handler may interrupt printf() or malloc() in the middle of their work; called again "
	   "then, they find their data half changed."),
	N_("Compare each function that your handler calls with the list in signal-safety(7)."),
	N_("Let the handler only call waitpid() and write into memory that exists already. "
	   "Everything else is done by the program when it is awake."),
	"signal-safety(7)", "02#async-signal-safe"},
    {"mask-in-child",
	N_("A child inherits the signal mask; what its parent blocked for a moment stays blocked "
	   "in it."),
	N_("Which mask does the child have when reaper_fork() returns 0?"),
	N_("Put the old mask back in both processes, before you return."), "sigprocmask(2)",
	"02#mask"},
    {"knows-others",
	N_("After fork() the child has a copy of every variable, but its parent's children are not "
	   "its own."),
	N_("What is in your table when reaper_fork() returns 0?"),
	N_("In the child, empty the table before you put the old mask back."), "fork(2)",
	"02#sigchld"},
    {"fork-failure",
	N_("fork() returns -1 when no process can be made; then there is no child, and errno says "
	   "why."),
	N_("What does your code do with the value -1?"),
	N_("Ask for -1 before anything is done with the pid: note nothing, arm nothing, put back "
	   "what you changed, and report the failure."),
	"fork(2)", "02#sigchld"},

    /* Task 3: the timeout */
    {"not-in-time",
	N_("A program that ends by itself is waited for, and its status goes to the caller."),
	N_("Follow the milliseconds to the timer and the status back to the caller."),
	N_("fork(), execvp() in the child, set the timer, wait for this child, turn the timer off. "
	   "tv_usec takes less than a second: put milliseconds / 1000 into tv_sec."),
	"setitimer(2)", "02#alarm"},
    {"exec-failure", N_("exec returns only when it has failed; you are still in the child then."),
	N_("What does the child do on the line after execvp()?"),
	N_("End the child with _exit(127)."), "execvp(3)", "02#exec-and-signals"},
    {"never-ended", N_("Somebody has to end the program when the time is up."),
	N_("Is the timer armed, is its signal let in, and what does it lead to?"),
	N_("Arm the timer after fork(), let SIGALRM in even if the caller has blocked it, and send "
	   "the child SIGKILL when it comes."),
	"setitimer(2)", "02#alarm"},
    {"time-is-up", N_("When the time is up the program is ended with SIGKILL, and 1 is returned."),
	N_("Which signal do you send, and how does your function know afterwards that it did?"),
	N_("Send SIGKILL, which nobody can catch or ignore. Remember in a volatile sig_atomic_t "
	   "that the time was up, and reap the child before you return 1."),
	"kill(2)", "02#alarm"},
    {"child-left", N_("A child that was killed has to be waited for like any other."),
	N_("Which way through your function does not come by waitpid()?"),
	N_("Call waitpid() for the child on every way, after SIGKILL, too."), "waitpid(2)",
	"02#alarm"},
    {"alarm-lost",
	N_("The alarm may go off before the wait has begun; a handler that only sets a flag then "
	   "interrupts nothing."),
	N_("What happens when SIGALRM comes just before waitpid()?"),
	N_("Let the handler itself send SIGKILL to the child: its end wakes every wait. Or block "
	   "SIGALRM and SIGCHLD and wait with sigsuspend() or sigtimedwait()."),
	"sigsuspend(2)", "02#race"},
    {"timer-left",
	N_("A timer that is left armed goes off later and meets code that knows nothing of it."),
	N_("What becomes of the timer when the program ends in time?"),
	N_("Turn it off, with setitimer() and zeros or with alarm(0), before you put the caller's "
	   "action for SIGALRM back."),
	"setitimer(2)", "02#alarm"},
    {"action-not-restored",
	N_("The actions for signals belong to the whole process; who borrows one gives it back."),
	N_("Where do you keep the old action, and where do you put it back?"),
	N_("sigaction() gives you the old action in its third argument; install that again before "
	   "you return, with its flags and its mask."),
	"sigaction(2)", "02#alarm"},
    {"others-child",
	N_("wait() and waitpid(-1, ...) take any child, also one that somebody else wants to wait "
	   "for."),
	N_("For which pid do you wait?"),
	N_("Call waitpid() with the pid that fork() returned, and with no other."), "waitpid(2)",
	"02#alarm"},
    {"interrupted",
	N_("A handler of the caller's interrupts your wait; neither the program nor the time has "
	   "ended then."),
	N_("What does your function do when its wait fails with EINTR?"),
	N_("Wait again, in a loop. With a timeout of its own (sigtimedwait(), poll()) the wait "
	   "gets the time that is left, not all of it again."),
	"signal(7)", "02#eintr"},
    {"mask-inherited",
	N_("Handlers end with exec, but blocked signals stay blocked and ignored signals ignored."),
	N_("Which mask and which ignored signals does the child have when it calls execvp()?"),
	N_("Set the mask that the task names in the child, just before execvp()."), "execve(2)",
	"02#exec-and-signals"},

    /* Task 4: the supervisor */
    {"workers-missing", N_("The supervisor keeps as many workers running as it was told."),
	N_("How many times is fork() called at the start, and what happens when a worker ends?"),
	N_("Start WORKERS processes. When waitpid() returns the pid of one, start another in its "
	   "place."),
	"waitpid(2)", "02#supervisor"},
    {"wrong-lines",
	N_("Into a pipe or a file, printf() only fills a buffer; nobody sees the line until it is "
	   "flushed."),
	N_("Compare your lines with the task sheet. When do they leave the buffer?"),
	N_("Write \"start PID\", \"end PID exit STATUS\" or \"end PID signal NUMBER\", and call "
	   "fflush(stdout) after each line, or setvbuf() with _IOLBF at the beginning."),
	"setvbuf(3)", "02#supervisor"},
    {"sigterm-ignored",
	N_("SIGTERM asks a program to end; the supervisor hands it on and ends after its workers."),
	N_("What happens from SIGTERM to the end of main?"),
	N_("Let the handler set a flag. The loop sees it, sends SIGTERM to every worker, waits for "
	   "all of them and returns 0."),
	"signal(7)", "02#supervisor"},
    {"left-workers", N_("Who starts processes also waits for them before it ends."),
	N_("What does your program do between the kill() and its end? What if that wait is "
	   "interrupted?"),
	N_("Call waitpid() until the last worker is reaped, and again when it fails with EINTR."),
	"waitpid(2)", "02#supervisor"},
    {"other-signals",
	N_("The supervisor blocks SIGTERM and SIGCHLD, because it handles them; every other signal "
	   "does what it always does."),
	N_("Which signals are in the set that you block at the beginning?"),
	N_("Begin with sigemptyset() and add SIGTERM and SIGCHLD only. With all signals blocked, "
	   "nobody can end the supervisor with Ctrl-C while a worker takes its time."),
	"sigprocmask(2)", "02#supervisor"},
    {"exit-status",
	N_("The exit status tells scripts what happened: 0 after SIGTERM, 1 when it gave up, 2 for "
	   "a wrong call."),
	N_("What does main return on this way?"),
	N_("Return 0 only when SIGTERM asked for the end, and 1 after giving up."), "exit(3)",
	"02#supervisor"},
    {"restarted-after-sigterm", N_("Once SIGTERM has come, a worker that ends is not replaced."),
	N_("Does the code that starts workers know that the end was asked for?"),
	N_("Test the flag before you start a worker, or leave the loop that restarts before you "
	   "send SIGTERM to the workers."),
	"signal(7)", "02#supervisor"},
    {"sigterm-lost",
	N_("SIGTERM may come at any moment, also after the test of the flag, or between fork() and "
	   "the note of the pid."),
	N_("Where in your loop is SIGTERM let in?"),
	N_("Block SIGTERM and SIGCHLD from the beginning, and let them in only where the "
	   "supervisor sleeps: in sigsuspend(), sigwaitinfo() or ppoll()."),
	"sigsuspend(2)", "02#race"},
    {"sigterm-swallowed",
	N_("Between fork() and exec the child still has its parent's handlers; a signal that comes "
	   "then runs the handler, and the program never hears of it."),
	N_("In which order does the child reset SIGTERM and empty its mask?"),
	N_("In the child, first set SIGTERM to SIG_DFL and only then unblock it: a SIGTERM that is "
	   "pending ends the child there and then."),
	"execve(2)", "02#exec-and-signals"},
    {"kill-everybody",
	N_("kill() with the pid -1 reaches every process that you may send signals to, with 0 your "
	   "whole process group."),
	N_("Which values can stand in your list of workers?"),
	N_("Send signals only to pids greater than 0 that were started and not yet reaped."),
	"kill(2)", "02#supervisor"},
    {"restarts",
	N_("A worker that ends again and again, perhaps because its program does not exist, must "
	   "not be started for ever."),
	N_("Where do you count the restarts, and what happens when none is left?"),
	N_("Before each restart look whether one is left. If not, stop the other workers as you do "
	   "for SIGTERM, wait for them, and return 1."),
	"fork(2)", "02#supervisor"},
    {"command-line",
	N_("exec gets an array of words and hands it on unchanged; a wrong call is noticed before "
	   "anything is started."),
	N_("What does your program do with its arguments before the first fork()?"),
	N_("Check that WORKERS is a number from 1 to 64, RESTARTS a number, and that there is a "
	   "command. Otherwise write the usage to standard error and return 2. Give execvp() the "
	   "address of the command in argv."),
	"execvp(3)", "02#supervisor"},
    {"inherited-signals",
	N_("A program inherits blocked and ignored signals from whoever started it."),
	N_("From which mask do you build the one that you sleep with? Who sets the action for "
	   "SIGCHLD?"),
	N_("Install actions for SIGTERM and SIGCHLD yourself, and remove both from the mask that "
	   "you sleep with, whatever was in it."),
	"execve(2)", "02#exec-and-signals"},
    {"inherited-children",
	N_("exec keeps the children of a process: a supervisor that a shell has become may have "
	   "some that are none of its workers."),
	N_("What do you do with a pid that is not in your list, and for whom do you wait at the "
	   "end?"),
	N_("Ignore a pid from waitpid() that is no worker of yours, and stop waiting when your "
	   "last worker is reaped, not when waitpid() knows nobody any more."),
	"execve(2)", "02#supervisor"},
    {"silent",
	N_("A program that fails says why on standard error; otherwise nobody knows what to mend."),
	N_("What does your program write when exec or fork() fails, and when it gives up?"),
	N_("Call perror() after each call that failed, in the child with the name of the command, "
	   "and write a line to stderr when no restart is left."),
	"perror(3)", "02#supervisor"},
    {"memory",
	N_("A program touches only what belongs to it and gives back what it no longer needs."),
	N_("Which memory do you allocate for the workers, how many elements has it, and who frees "
	   "it?"),
	N_("Run the program under valgrind --leak-check=full: it names the line."), "free(3)",
	"02#supervisor"},
    {0},
};
