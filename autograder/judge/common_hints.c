/*
 * common_hints.c - hints for what can go wrong in any lab. A lab that knows
 * more defines the same key in its own table, which is asked first.
 */
#include "inside.h"

const struct hint common_hints[] = {
    {"blocked-for-ever",
	N_("A process that waits for something that can no longer happen never ends."),
	N_("Look at the call it is blocked in: what is it waiting for, and who should bring it?"),
	N_("Ask for each blocked call: is every writer of this pipe gone, is there still a child "
	   "to "
	   "wait for, can the signal still come? One of these answers is no."),
	NULL, NULL},
    {"ended-too-early", N_("The program must go on until its work is done."),
	N_("It ended before what the check was waiting for."),
	N_("Look for a return or an exit that is reached too soon, for instance after a call that "
	   "failed or was interrupted."),
	NULL, NULL},
    {"crashed", N_("A signal such as SIGSEGV ends a program that touches what is not its own."),
	N_("Run the same trial under a debugger or valgrind: they name the line."),
	N_("Typical causes: a NULL pointer, an array index too large, a buffer on a stack frame "
	   "that is gone."),
	"signal(7)", NULL},
    {"cpu-time", N_("A program that waits must block, not ask again and again."),
	N_("Look for a loop that never ends or that does not sleep."),
	N_("Replace the busy loop by a call that blocks until the event comes (waitpid, read, "
	   "sigsuspend, poll), and check how the loop ends."),
	NULL, NULL},
    {"out-of-memory", N_("Memory that is never given back runs out."),
	N_("Look for memory taken in a loop."),
	N_("Give each block back when it is no longer needed, and do not take more than the task "
	   "asks for."),
	NULL, NULL},
    {"too-many-processes", N_("Every fork() doubles the processes that run the code after it."),
	N_("Does the child leave the loop in which it was made?"),
	N_("A child must end with _exit() or exec before the parent's loop goes on; otherwise "
	   "children make children."),
	"fork(2)", "01#fork"},
    {"too-much-output", N_("A program writes what the task asks for, no more."),
	N_("Look for a loop that writes and does not end."),
	N_("Check the condition of the loop around the write, and what happens at end of file."),
	NULL, NULL},
    {"no-end", N_("The program must come to its end."),
	N_("It kept running, or slept for a short while again and again, without ending."),
	N_("Look for a loop whose condition can no longer change, or one that looks again and "
	   "again in place of a sleep that ends when something comes."),
	NULL, NULL},
    {"woken-in-vain", N_("A signal only wakes a program; the program itself must see what came."),
	N_("It sleeps, a signal wakes it, and it sleeps again, without end."),
	N_("Look at the condition of the loop around the sleep: what should make it false, and who "
	   "sets it? A timer that is no longer needed must be disarmed."),
	"setitimer(2)", NULL},
    {"refused", N_("A server listens before its clients come, and as long as it lives."),
	N_("Nobody listened at the address any more when a client connected."),
	N_("Look where the listening socket is closed, and whether the program had ended."),
	"listen(2)", NULL},
    {"not-exercised", N_("This check needs the program to do the work first."),
	N_("The program never made the call that this check looks at."),
	N_("First make the plain case work; then this check can ask its question."), NULL, NULL},
    {"no-answer", N_("The function must return to its caller."),
	N_("The function never came back to the code that called it."),
	N_("Look for exit(), _exit(), exec or an endless wait inside of the function."), NULL,
	NULL},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};
