/*
 * plan.h: how long the series of a chunk are, before anything else of them is drawn.
 *
 * Lengths are not drawn one by one but by systematic sampling (Madow and Madow, Annals
 * of Mathematical Statistics 15, 1944): each length occurs as often as was counted, to
 * the nearest whole number, so that where few series hold most steps they neither
 * vanish nor multiply.
 */
#ifndef NS_SAMPLE_AR_PLAN_H
#define NS_SAMPLE_AR_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/rng.h"
#include "nn/real.h"

struct plan {
	uint32_t *length; /* (n), ascending */
	size_t n;
};

/* plan_possible: share (LENGTH_CODES) are weights of the codes: none is below 0, one is
 * above, and codes that no length has have none.  The others take such alone. */
bool plan_possible(const real *share);
/* plan_series: n series. */
void plan_series(struct plan *p, const real *share, size_t n, struct rng *r);
/* plan_records: series of total steps in all, exactly. */
void plan_records(struct plan *p, const real *share, uint64_t total, struct rng *r);
/* plan_sum: steps of all series.  plan_total: the series, at most total, get so many
 * steps in all: long ones first within their codes, then the longest less or the
 * shortest more. */
uint64_t plan_sum(const struct plan *p);
void plan_total(struct plan *p, uint64_t total);
void plan_free(struct plan *p);

#endif
