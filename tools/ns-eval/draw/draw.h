/*
 * draw.h: the figures of a report, filled from the traces and what was worked out of
 * them.  draw_reference makes the figures that the selection asks for, with the real
 * trace in them; draw_candidate adds a synthetic one to each; draw_scores adds those
 * that show scores of the finished report.
 */
#ifndef EVAL_DRAW_H
#define EVAL_DRAW_H

#include "report/report.h"

void draw_reference(struct report *r, const struct pair *p);
void draw_candidate(struct report *r, const struct pair *p, struct side *cand,
    const char *label, int role);
void draw_scores(struct report *r);

#endif
