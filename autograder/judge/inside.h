/*
 * inside.h - what the files of the judge library share and a check never sees.
 *
 * settings.c reads what gabel said in the environment; arena.c keeps memory
 * until a check ends; session.c moves bytes between the judge and a trial's
 * sandbox; trial.c builds and ends trials; faults.c, await.c, clock.c, look.c,
 * ask.c are the parts of trial.h and observe.h; peer.c and peer_io.c are peer.h,
 * interleave.c is interleave.h; report.c writes to the channel; expect.c speaks;
 * judge.c runs the checks with cmocka.
 */
#ifndef GABEL_JUDGE_INSIDE_H
#define GABEL_JUDGE_INSIDE_H

#include "../keeper/wire.h"
#include "../src/base/files.h"
#include "../src/base/text.h"
#include "../src/sandbox/sandbox.h"
#include "expect.h"
#include "observe.h"
#include "trial.h"

#include <jansson.h>
#include <poll.h>

/* ---- settings.c ------------------------------------------------------------- */

struct settings {
	const char *root;   /* the kit */
	const char *lab;    /* absolute labs/NN-name */
	const char *stage;  /* where the built programs lie: stage/bin, stage/keeper */
	const char *checks; /* ids, comma separated; NULL: all */
	const char *record; /* directory for recordings, or NULL */
	bool sanitized;     /* every trial runs the build with sanitizers */
	int channel;        /* -1: none (a check run by hand) */
	uint64_t seed;
	enum isolation isolation;
	uint64_t limits[LIMIT_COUNT];
	/* Percent of what a fork takes on a usual machine, in time and CPU time; least 100. */
	unsigned slowness, cpu_slowness;
};
const struct settings *settings(void);
/* Reads the environment; a missing or malformed variable is a grader fault on stderr, exit 3. */
void settings_read(void);

/* ---- arena.c: memory that lives until the check ends ------------------------- */

void *keep(size_t n);                          /* zeroed; never NULL */
char *keep_text(const char *text);             /* a copy */
char *keep_bytes(const void *bytes, size_t n); /* a copy with a NUL after it */
char *keep_format(const char *format, ...) __attribute__((format(printf, 1, 2)));
void keep_nothing(void); /* frees all of it */

/* ---- a trial ------------------------------------------------------------------- */

enum {
	TRIAL_WORDS = 128,
	TRIAL_FAULTS = 48,
	TRIAL_FILES = 16,
	TRIAL_COLLECT = 16,
	TRIAL_PEERS = 64
};

struct input_file {
	const char *name;
	const char *bytes;
	size_t n;
	mode_t mode;
};

struct collected {
	const char *name;
	struct text bytes;
	struct collected *next;
};

struct look_list {
	uint32_t token;
	bool complete;
	struct look look;
	size_t room;
	struct look_list *next;
};

struct armed {
	struct fault fault;
	unsigned delivered;
	pid_t held; /* who was held last */
	pid_t held_thread;
	unsigned held_unseen; /* holds that await_held() has not yet handed out */
};

/* When a process was last allowed to make an access (interleave.c). */
struct release_mark {
	pid_t pid;
	size_t events;
};
enum { TRIAL_MARKS = 256 };

struct trial {
	struct trial *next;
	const char *program;
	size_t n_words, n_env, n_files, n_faults, n_collect;
	const char *words[TRIAL_WORDS + 1]; /* argv without the path */
	const char *env[TRIAL_WORDS + 1];
	const char *wrap[TRIAL_WORDS + 1]; /* words before the program, or none: see trial_wrap() */
	const char *debug_file;            /* see trial_only_debug_file() */
	const char *collect[TRIAL_COLLECT + 1];
	struct input_file files[TRIAL_FILES];
	struct armed faults[TRIAL_FAULTS];
	uint64_t limits[LIMIT_COUNT];
	uint64_t watch, ignored, blocked;
	unsigned moments;
	const char *input; /* not yet written */
	size_t input_left;
	bool open_input, untraced, sanitized, interleaved;
	bool clock;                /* its own: see trial_clock() */
	fault_id births, accesses; /* interleaved: the holds of every child, at every access */
	size_t mark;               /* events before the running schedule */
	struct release_mark marks[TRIAL_MARKS];

	bool started;
	struct sandbox sandbox;
	int in, out, err, probe; /* our ends; -1: closed */
	char *directory;         /* container: its working directory */
	struct text output, errors;
	bool overflow;

	struct event *events;
	size_t n_events, events_room;
	unsigned forks, exits, execs;
	struct look_list *looks;
	uint32_t look_token, sync_token, synced;
	bool moved;           /* bytes went in or out since the last sync */
	bool quiet;           /* and it is fresh: said after the last sync */
	bool settled;         /* the same of settled */
	bool settled_will_do; /* the running wait takes settled for quiet */
	bool at_rest;         /* the last wait found everybody quiet, and nothing was done since */
	const struct look *look_at_rest; /* what a look showed then; or NULL */
	bool fenced;                     /* the keeper's answer to the last WIRE_FENCE came */
	bool advanced;                   /* the keeper's answer to the last WIRE_ADVANCE came */
	bool delayed;                    /* ... to the last WIRE_DELAY */
	bool mapped;                     /* ... to the last WIRE_MAPS */
	bool ended;                      /* WIRE_ENDED came */
	enum end end;
	int status;
	unsigned left, unwaited;
	int wake_signal;       /* END_WAKES: the one that broke the last sleep */
	uint64_t started_us;   /* when the program began */
	uint64_t own_delay_us; /* how long this process had then waited for a processor */
	uint64_t starved_us;   /* what the keeper said last, see starved_us() there */
	unsigned shared_maps;  /* the same of shared_maps() */
	uint64_t deadline_us;  /* of the whole trial */
	struct text fetched;
	int fetch_error; /* errno of a fetch that found nothing */
	bool fetched_all;
	struct collected *collected;
	struct peer *peers; /* the newest first */
	size_t n_peers;
	int socket;       /* the one that the keeper sent last, or -1 */
	int socket_error; /* or why there is none */
	bool socketed;
	const char *asked; /* the last request, for messages */
	bool asks;         /* ask_end() waits for the probe's answer, and reads it */
	bool blocked_for_ever;
};

/* ---- session.c -------------------------------------------------------------------- */

enum outcome {
	CAME_TRUE, /* what was waited for */
	GONE,      /* the program ended, and everything it caused was heard of */
	BLOCKED,   /* everybody is blocked for ever */
	TOO_LONG,  /* the last resort: wall time */
	FLOODED    /* more output than the limit */
};

/* Hears and says whatever can be heard and said until yes(), or until it can no more come true. */
enum outcome session_until(struct trial *t, bool (*yes)(struct trial *t, void *with), void *with);
/* The same, but it can no more come true as soon as everybody has settled (clock.c). */
enum outcome session_until_settled(
    struct trial *t, bool (*yes)(struct trial *t, void *with), void *with);
/* Waits until *here; for what the keeper answers at once. */
void session_answer(struct trial *t, const bool *here);
/* Until the keeper has done all that it was asked before, and the bytes of peers have arrived. */
void session_fence(struct trial *t);
/* Hears what the keeper has said already, without waiting. */
void session_listen(struct trial *t);
/* Takes what already lies in the pipes. */
void session_drain(struct trial *t);
/* Takes and gives whatever can be had or given at once, peers' bytes too. */
void session_take(struct trial *t);
void session_send(struct trial *t, const struct wire *w);
/* The trial's time runs from now on. */
void session_begins(struct trial *t);
uint64_t clock_us(void);
uint64_t wall_us(const struct trial *t);

/* What the keeper said, one message (incoming.c). */
void incoming(struct trial *t, int type, struct wire *w);

/* ---- await.c ---------------------------------------------------------------------- */

/* For a wait until everybody rests: nothing else is waited for. */
bool never(struct trial *t, void *with);
/* How such a wait ended: at rest, or the check fails; or by itself (then false). */
void must_rest(struct trial *t, enum outcome outcome);
bool rests_or_ended(struct trial *t, enum outcome outcome);

/* ---- peer.c ----------------------------------------------------------------------- */

/* Fills in what the peers wait for, at most TRIAL_PEERS; returns how many. */
size_t peers_poll(struct trial *t, struct pollfd on[]);
/* Moves what can be moved; on is what peers_poll() filled in, after poll(). */
void peers_move(struct trial *t, const struct pollfd on[], size_t n);
void peers_close(struct trial *t);

/* ---- trial.c ---------------------------------------------------------------------- */

extern struct trial *trials;        /* of the running check */
void trials_end(const char *check); /* its id, for recordings */
/* What was run, as a student would type it. */
const char *trial_ran(const struct trial *t);

/* ---- faults.c --------------------------------------------------------------------- */

void faults_send(struct trial *t, size_t from);
/* "read() number 2 cut to 1 byte", in the reader's language. */
const char *fault_sentence(const struct fault *fault);
/* Of every trial of the check, or of the one that was made last: there it failed. */
json_t *faults_json(bool last_only);
/* Fails the check when a fault that it needs was never delivered. */
void faults_must_have_come(void);

/* ---- look.c ------------------------------------------------------------------------- */

struct look_list *look_by_token(struct trial *t, uint32_t token, bool make);
/* "process 2 (worker) is blocked in read(0)", everybody, for messages. */
const char *where_everybody_is(struct trial *t);

/* ---- record.c ----------------------------------------------------------------------- */

/* Writes the trial's events, when gabel asked for a recording. */
void record_trial(const struct trial *t, const char *check);

/* ---- report.c ----------------------------------------------------------------------- */

struct failure {
	const char *verdict; /* fixed token */
	const char *key, *expected, *seen;
	json_t *arguments; /* stolen */
};
void report_plan(const char *const ids[], size_t n);
void report_begin(const char *id);
void report_end(const struct failure *failure); /* NULL: passed */
void report_fault(const char *text);
bool report_is_open(void); /* a check has begun and not ended */
/* Any hint: the lab's, then the grader's own; NULL when nobody knows the key. */
const struct hint *hint_find(const char *key, bool *ours);
json_t *hint_json(const char *key);
/* What a student's program wrote need not be UTF-8, or harmless: it is shown with escapes. */
json_t *json_words(const char *text);

/* ---- expect.c ----------------------------------------------------------------------- */

/* Ends the check with a verdict that is not "failed". */
_Noreturn void check_ends(
    const char *verdict, const char *key, const char *expected, const char *seen);
/* Ends it for a trial that could not go on. */
_Noreturn void trial_went_wrong(struct trial *t, enum outcome outcome, const char *waited_for);
_Noreturn void trial_ended_badly(struct trial *t, enum end end);

/* The grader's own texts: another domain than the lab's. */
#define G_(text) dgettext("gabel", text)

/* ---- judge.c -------------------------------------------------------------------------- */

void seed_for(const char *check);
_Noreturn void judge_stop_check(void); /* longjmps out through cmocka */
extern const struct hint common_hints[];

#endif
