/*
 * trouble.h - what can fail inside of a step of session 0, and when.
 *
 * A function may get along without the call that has failed. So each is asked for one of two
 * answers: the failure, with the errno of this call; or what it would have said without it.
 */
#ifndef LOCKSET_TROUBLE_H
#define LOCKSET_TROUBLE_H

#include "checks.h"

/* EACH: a trouble comes at most so often to a step. */
enum { EACH = 7, TROUBLES = 11 };

/*
 * What fails: the k-th such call, 0 for every one; the k-th allocation; or every descriptor from
 * the k-th on.
 */
enum lack { LACK_CALL, LACK_MEMORY, LACK_DESCRIPTORS };

struct trouble {
	enum lack lack;
	enum call call;
	enum fd_kind fd;
	int error;
	unsigned k;
};

extern const struct trouble troubles[TROUBLES];

/* How often each of them can come to a step: so many calls it makes when nothing fails. */
struct chances {
	unsigned most[TROUBLES];
};

/* A directory in whose trial there is room for troubles: has_room() says whether for one more. */
struct trial *roomy_directory(void);
bool has_room(void);

/* Session 0 begins, with the name my_name(); who was killed has another one afterwards. */
void begin_as_me(struct trial *t);
const char *my_name(void);

struct chances calls_by_now(struct trial *t);
/* What came between these two counts, in a step that has answered a. */
struct chances chances_of(const struct chances *before, struct chances now, const struct answer *a);
/* The first k of a trouble that comes at most so often. */
unsigned first_of(const struct trouble *what, unsigned most);

/* It concerns locks of the kernel's: perhaps an unlocking has failed, and somebody is stuck. */
bool is_locking(const struct trouble *what);
const char *in_words(const struct trouble *what);

/* Session 0 has this trouble in its next step. 0: it is no fault of the eye's. */
fault_id begins(struct trial *t, const struct trouble *what);
/* It comes to nobody any more. Has it come? */
bool disarm(struct trial *t, fault_id fault);
/*
 * It is over; the step has answered a. Did it come so far? That there was room enough is only seen
 * by a success.
 */
bool is_over(struct trial *t, const struct trouble *what, fault_id fault, const struct answer *a);

/* The trouble has come, and the step has succeeded all the same: it was no lock that was lost. */
void expect_loss_told(struct trial *t, const struct trouble *what, const char *verb);
/* No more descriptors are open than before, but for those that stay when nothing fails. */
void expect_closed(struct trial *t, int usual, size_t open_before, const char *trouble);
/* A step that fails again and again, for want of this: the session's memory does not grow. */
void keeps_nothing(const char *verb, const struct trouble *what);

#endif
