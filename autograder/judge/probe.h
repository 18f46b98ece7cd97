/*
 * probe.h - a probe: a small program of the lab that calls the student's functions.
 *
 *	static void
 *	do_wait_all(void)
 *	{
 *		long n = request_int(1);
 *		...
 *		answer_put_int("result", wait_all(n, pids, status));
 *		answer_put_int("errno", errno);
 *	}
 *
 *	int
 *	main(void)
 *	{
 *		static const struct verb verbs[] = {{"wait_all", do_wait_all}, {0}};
 *		return probe_serve(verbs);
 *	}
 *
 * The probe and the student's objects are one process inside the sandbox, so
 * nothing here is trusted. Expected values never come in. Requests and answers
 * travel over one descriptor (PROBE_FD, SOCK_SEQPACKET, close-on-exec); a
 * child that the student's function made must not answer: an answer is sent
 * only by the process that took the request.
 */
#ifndef GABEL_JUDGE_PROBE_H
#define GABEL_JUDGE_PROBE_H

#define PROBE_FD 100

struct verb {
	const char *name;
	void (*serve)(void);
};

/* Serves requests until the judge closes its end; returns the exit status for main. */
int probe_serve(const struct verb *verbs);

/* Words of the request: 0 is the verb. A missing one is "" or 0. */
int request_count(void);
const char *request_word(int i);
long long request_int(int i);

/*
 * A verb for whoever wants it, {"handle", probe_handle}: from now on SIGUSR1 has
 * a handler that does nothing, so that it interrupts what this process waits in.
 * Answers "result", sigaction's.
 */
void probe_handle(void);

/* The writing end of a pipe that nobody reads any more, or -1. The caller closes it. */
int probe_pipe_to_nobody(void);

/* Fields of the answer; sent when the verb's function returns. errno is preserved. */
void answer_put_int(const char *name, long long value);
void answer_put_text(const char *name, const char *value);
/* name with an index: answer_put_at("status", 3, s) makes the field "status[3]". */
void answer_put_at(const char *name, unsigned long i, long long value);

#endif
