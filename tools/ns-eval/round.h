/* round.h: all scores of a run at one seed. */
#ifndef EVAL_ROUND_H
#define EVAL_ROUND_H

#include "base/pool.h"
#include "inputs.h"
#include "report/report.h"

/* How many comparisons one round makes. */
uint64_t round_comparisons(const struct inputs *in);

/* operand_run: the run of the k-th synthetic trace; valid as long as the report has no
 * further results. */
struct run *operand_run(struct report *r, const struct eval_conf *c, int k);

/* round_run: score everything at the seed and add it to the report; draw fills the
 * report's figures too. */
void round_run(const struct inputs *in, const struct eval_conf *c, uint64_t seed,
    bool draw, struct pool *pool, struct report *r, struct meter *t);

#endif
