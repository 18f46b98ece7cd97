/* hints.c - what to say when a check fails: the rule, where to look, what to do. */
#include "judge.h"

const struct hint hints[] = {
    {"nothing-started", N_("A child process exists only once fork() was called for it."),
	N_("Begin with the plain case: one fork() for each child."),
	N_("In a loop over all indices call fork(). Where it returns 0 you are in the child: call "
	   "the job there and end with _exit(). Note every other return value: it is the child's "
	   "pid."),
	"fork(2)", "01#fork"},
    {"every-status",
	N_("A parent process learns how a child ended only by waiting for it, and waitpid() "
	   "stores that in one int."),
	N_("Follow one number from the return of the job to status[i]: who passes it on, and "
	   "where?"),
	N_("The child hands the job's result to _exit(). The parent calls waitpid() with that "
	   "child's pid and the address of status[i]; the stored word is left as it is. Do this "
	   "for every child."),
	"waitpid(2)", "01#wait"},
    {"status-order", N_("Children end in any order; what tells them apart is their pid."),
	N_("Which index does a status belong to when child 2 ends before child 0?"),
	N_("Note the pid of child i at index i and call waitpid() with just this pid, or look up "
	   "the index for the pid that wait() returned."),
	"waitpid(2)", "01#wait"},
    {"status-early",
	N_("A child may have ended before fork() returns in its parent process; it waits as a "
	   "zombie until somebody asks for it."),
	N_("Who takes the status of a child whose pid has not been noted yet?"),
	N_("Wait only after the pid was noted. If a SIGCHLD handler waits, block SIGCHLD from "
	   "before fork() until the pid stands in the table."),
	"fork(2)", "01#wait"},
    {"status-word",
	N_("The wait status of a child that a signal ended differs from every exit status."),
	N_("Is what you store the word that waitpid() wrote, or something that you made of it?"),
	N_("Store the status of waitpid() unchanged. waitid() delivers its parts: put together, an "
	   "exit is si_status << 8 and a death by signal is the signal's number."),
	"waitpid(2)", "01#status"},
    {"one-after-another",
	N_("Children run at the same time only if all are started before the parent process "
	   "waits."),
	N_("Where is the call that waits: inside of the loop that calls fork(), or after it?"),
	N_("Make two loops: the first starts all children and notes their pids, the second waits "
	   "for each."),
	"fork(2)", "01#fork"},
    {"zombies",
	N_("A child that has ended remains as a zombie until its parent process has waited for "
	   "it."),
	N_("Count: how often is fork() called, how often does a wait succeed?"),
	N_("Every successful fork() needs one successful waitpid() for its pid, on every way out "
	   "of the function."),
	"wait(2)", "01#zombies"},
    {"falls-through",
	N_("After fork() both processes run on at the same place; the child must not stay in the "
	   "parent's code."),
	N_("Which line does the child execute after the job has returned?"),
	N_("In the child's branch write _exit(job(i, context)): no return, break or continue "
	   "leads out of it."),
	"fork(2)", "01#fork"},
    {"exit-flush",
	N_("fork() also copies the buffers of stdio; exit() writes them out and runs the atexit "
	   "functions, in the child as well."),
	N_("How does the child end: with exit(), with return, or with _exit()?"),
	N_("End the child with _exit(). It leaves buffers and atexit functions alone; they belong "
	   "to the caller."),
	"_exit(2)", "01#exit-flush"},
    {"eintr",
	N_("A signal handler without SA_RESTART makes a call that blocks fail with EINTR; nothing "
	   "has happened then, and the call must be repeated."),
	N_("What does your code do when waitpid() returns -1 and errno is EINTR?"),
	N_("Repeat the call: do ended = waitpid(...); while (ended < 0 && errno == EINTR);"),
	"signal(7)", "01#eintr"},
    {"stopped-is-not-ended",
	N_("A stopped process goes on after SIGCONT; only WIFEXITED and WIFSIGNALED mean an end."),
	N_("Which options do you pass to waitpid(), and what do you do with what they report?"),
	N_("Call waitpid() with the options 0, without WUNTRACED: then it returns only for a child "
	   "that has ended."),
	"waitpid(2)", "01#status"},
    {"foreign-child",
	N_("wait() and waitpid(-1, ...) take any child of the process, also one that another part "
	   "of the program waits for."),
	N_("Could your waiting call also return the pid of a child that you did not start?"),
	N_("Call waitpid() with the pids that you noted yourself, one after the other."),
	"waitpid(2)", "01#wait"},
    {"lost-child",
	N_("If the caller ignores SIGCHLD, or has a handler that waits, then waitpid() fails with "
	   "ECHILD: there is no status any more."),
	N_("What happens to the other children when waitpid() fails for one?"),
	N_("Set status[i] to CHILD_LOST, remember ECHILD, and go on with the next pid. Return -1 "
	   "only when all have been dealt with."),
	"wait(2)", "01#wait"},
    {"fork-failure",
	N_("fork() returns -1 when there is no process or no memory left; then no child exists."),
	N_("fork() has three kinds of results. Which branch does -1 take in your code?"),
	N_("Ask for -1 first. Save errno, end and reap the children that already run, restore "
	   "errno and return -1."),
	"fork(2)", "01#fork-fails"},
    {"started-children",
	N_("If one child cannot be started, those that already run must not be left alone: "
	   "nobody else knows their pids."),
	N_("What becomes of children 0 to k-1 when the fork() for child k fails?"),
	N_("Send each of them SIGKILL and then wait for each. Without the signal the wait may take "
	   "for ever: they could be waiting for the child that is missing."),
	"kill(2)", "01#fork-fails"},
    {"strangers-killed",
	N_("kill() with the pid -1 reaches every process that you may send signals to."),
	N_("Which values can stand in your list of pids when a fork() has failed?"),
	N_("Send signals only to the pids of children that were really started: stop the loop "
	   "before the element that holds -1."),
	"kill(2)", "01#fork-fails"},
    {"descriptors-left", N_("What a function opened it closes again, on the way of failure too."),
	N_("Which descriptors did you open before the fork() that failed?"),
	N_("Give the function one way out that closes and frees everything, and take it in every "
	   "case."),
	"close(2)", "01#descriptors"},
    {"memory",
	N_("What a function allocated and does not hand out it frees again, and it touches only "
	   "what belongs to it."),
	N_("Which memory do you allocate for n children, how many elements has it, and who frees "
	   "it?"),
	N_("Run the program under valgrind --leak-check=full: it names the line of the "
	   "allocation."),
	"free(3)", "01#fork"},
    {"no-memory",
	N_("malloc() and calloc() return NULL when there is no memory; whoever has nothing to do "
	   "needs none."),
	N_("What does your function do with NULL, and what with n equal to 0?"),
	N_("Ask for the memory before the first fork(). If there is none, return -1 at once and "
	   "leave errno as it is: ENOMEM. With n equal to 0 return 0 before that."),
	"malloc(3)", "01#fork-fails"},
    {"runner-report",
	N_("The wait status is no exit status: WIFEXITED and WEXITSTATUS get the one out of the "
	   "other."),
	N_("Compare your line with the format RUNNER_EXITED, character by character."),
	N_("Print the command's first word and WEXITSTATUS(status) with RUNNER_EXITED, once for "
	   "each command and after you waited for it."),
	"waitpid(2)", "01#status"},
    {"runner-status", N_("runner ends as its last command did, so that scripts can go by it."),
	N_("What does main return after the last command?"),
	N_("Keep the last command's wait status and return WEXITSTATUS of it."), "exit(3)",
	"01#runner"},
    {"runner-killed",
	N_("WEXITSTATUS means something only when WIFEXITED is true; for a death by signal it is "
	   "WTERMSIG."),
	N_("Which macro do you ask before you take a status apart?"),
	N_("If WIFSIGNALED(status) is true, use RUNNER_KILLED with WTERMSIG(status) and "
	   "strsignal(); the exit status of runner is then 128 plus the signal's number."),
	"waitpid(2)", "01#status"},
    {"exec-failure",
	N_("exec returns only when it failed; then you are still in the child, and it must end."),
	N_("What does the child do on the line after execvp()?"),
	N_("Save errno, write RUNNER_FAILED to standard error and call _exit(127) for ENOENT, "
	   "otherwise _exit(126)."),
	"execvp(3)", "01#exec"},
    {"report-order",
	N_("Into a pipe or a file, printf() only fills a buffer; the command writes past it "
	   "directly."),
	N_("When does your line leave the buffer, and when does the next command write?"),
	N_("Call fflush(stdout) after each line, in any case before the next fork()."), "fflush(3)",
	"01#exit-flush"},
    {"orphans",
	N_("A process whose parent ended is an orphan; it is adopted, and nobody else has to wait "
	   "for it."),
	N_("Are you waiting for the child, or for the end of a pipe that its descendants hold open "
	   "too?"),
	N_("waitpid() for the child's pid is the end of the command. Mark the descriptors of a "
	   "pipe of your own with FD_CLOEXEC, so that no command inherits them."),
	"waitpid(2)", "01#orphans"},
    {"runner-fork", N_("Without a child there is nothing to wait for and nothing to report."),
	N_("What does runner do when fork() returns -1?"),
	N_("Write RUNNER_FAILED with \"fork\" to standard error and end with RUNNER_FAULTY, "
	   "without "
	   "running another command."),
	"fork(2)", "01#fork-fails"},
    {"runner-gives-up",
	N_("Whoever cannot learn how a command ended, or cannot write it down, says so and stops: "
	   "a report that is made up or missing looks like success."),
	N_("Which of your calls report that they failed: waitpid(), printf(), fflush()? Who asks "
	   "them?"),
	N_("When waitpid() fails (and not with EINTR), or printf() or fflush() for your line, "
	   "write RUNNER_FAILED with \"wait\" or \"write\" to standard error and end with "
	   "RUNNER_FAULTY."),
	"fflush(3)", "01#runner"},
    {"command-line",
	N_("exec gets an array of words and hands it on unchanged; only a shell would take words "
	   "apart again."),
	N_("Do words with blanks, empty words and asterisks get through your code as they are?"),
	N_("Put NULL in the place of --then and give execvp() the address of the command's first "
	   "word in argv. Look for commands that are missing before you start the first one."),
	"execvp(3)", "01#runner"},
    {"no-answer",
	N_("run_children returns to its caller, in the caller's process and nowhere else."),
	N_("Which branch does the parent process take when fork() returns -1?"),
	N_("Only a result of 0 means that you are in the child. With <= 0 or !(pid > 0) a fork() "
	   "that failed sends the parent process into the child's branch, and there it ends "
	   "itself."),
	"fork(2)", "01#fork-fails"},
    {0},
};
