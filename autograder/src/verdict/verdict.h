/*
 * verdict.h - the rules by which verdicts become points.
 *
 * Only a check that passed earns its points; it earns all of them. A check
 * that met a fault of the grader's gives nothing and costs nothing: its points
 * are not counted among those that could be graded. A check is not run when a
 * check that it requires did not pass.
 */
#ifndef GABEL_VERDICT_H
#define GABEL_VERDICT_H

#include "../lab/lab.h"
#include "result.h"

/*
 * May this check run, by what became of those it requires? done holds the
 * checks judged so far. Returns PASSED when it may, NOT_REACHED when one did
 * not pass, GRADER_FAULT when one could not be judged or is not there: the
 * student must not lose points for that. *because gets the requirement's id.
 */
enum verdict verdict_of_requirements(const struct check_spec *check,
    const struct check_result *done, size_t n, const char **because);

/*
 * Gives every check of r its points and sets score, max_score and
 * points_gradable. A check with a grader fault makes the status
 * RESULT_GRADER_FAULT; otherwise the status stays as it is.
 */
void result_settle(struct result *r);

#endif
