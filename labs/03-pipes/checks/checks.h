/* checks.h - what the files of this judge share. */
#ifndef PIPES_CHECKS_H
#define PIPES_CHECKS_H

#include "answers.h"
#include "judge.h"

/* frames_checks.c */
void frame_format(void **state);
void frame_read(void **state);
void frame_in_pieces(void **state);
void frame_short_writes(void **state);
void frame_interrupted(void **state);
void frame_end_inside(void **state);
void frame_too_long(void **state);
void frame_errors(void **state);
void frame_memory(void **state);

/* talk_checks.c */
void partner_answers(void **state);
void partner_over_socket(void **state);
void partner_unused_ends(void **state);
void partner_no_deadlock(void **state);
void partner_leaves_early(void **state);
void partner_interrupted(void **state);
void partner_cannot_start(void **state);
void partner_memory(void **state);

/* plumbing_checks.c */
void pipeline_every_status(void **state);
void pipeline_data(void **state);
void pipeline_unused_ends(void **state);
void pipeline_sigpipe(void **state);
void pipeline_exec_fails(void **state);
void pipeline_cannot_start(void **state);
void pipeline_interrupted(void **state);
void pipeline_memory(void **state);

/* mailbox_checks.c */
void mailbox_late_sender(void **state);
void mailbox_late_receiver(void **state);
void mailbox_whole_messages(void **state);
void mailbox_failures(void **state);
void mailbox_memory(void **state);

/* ---- ends.c: who holds what ----------------------------------- */

/*
 * As answer_or(), for a conversation or a pipeline: a hang is put down to ends that
 * somebody holds without need, where there are any, otherwise to the key. Of
 * the caller's ends these n are needed.
 */
const struct answer *answer_of_flow(
    struct trial *t, size_t n, const long long needed[], const char *key, const char *expected);

/* Fails unless p holds nothing above 2 but these descriptors. */
void expect_no_end_but(const struct process *p, size_t n, const long long allowed[]);

/* Fails unless the first process has no children; and holds nothing above 2 either. */
void expect_no_child(struct trial *t);
void expect_nothing_left(struct trial *t);

#endif
