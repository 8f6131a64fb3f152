/*
 * goon.h: flows that go on: from an earlier chunk, with the five-tuple and the tags
 * that they were drawn with there, and into later ones.
 */
#ifndef NS_SAMPLE_AR_GOON_H
#define NS_SAMPLE_AR_GOON_H

#include "ar/attrs.h"
#include "ar/plan.h"
#include "carried.h"
#include "models.h"
#include "tags.h"

struct goon {
	const struct models *models;
	struct carried *flows;
	struct tags tags;
	int starts, chunks; /* first symbol of each field, -1 = there is none */
	uint64_t *cost;     /* (chunks) what a series there counts, see goon_count */
	uint64_t *owed;     /* (chunks) the sum of that of the flows that were put */
	uint64_t promised;  /* of those of the present chunk, in all later ones */
	/* those of the present chunk */
	size_t n;
	uint16_t *code;   /* (n, P): all but what depends on the chunk is fixed */
	uint32_t *length; /* (n) ascending */
};

void goon_init(struct goon *g, const struct models *m, size_t memory);
void goon_free(struct goon *g);

/* goon_count: from now on a series that a flow has in a later chunk counts 1, or if
 * of_records as many as one has there in the mean. */
void goon_count(struct goon *g, bool of_records);
/* goon_start: new flows of chunk i are given the tags of those that start there. */
void goon_start(struct goon *g, struct attrs *a, size_t i);
/* goon_later: what the series count that the flow of code (P), which starts in chunk i,
 * has in later ones. */
uint64_t goon_later(const struct goon *g, const uint16_t *code, size_t i);
/* goon_shorten: the flow ends before it counts more than most there; returns what is
 * left. */
uint64_t goon_shorten(const struct goon *g, uint16_t *code, size_t i, uint64_t most);

/*
 * goon_begin: the flows that chunk i gets from earlier ones.  Each takes that length of
 * the plan, and out of it, that goes best with its five-tuple: one drawn with the
 * probability p(length) p(five-tuple | length) of the model.  Then goon_start.
 */
int goon_begin(struct goon *g, struct attrs *a, size_t i, struct plan *plan,
    struct rng *r, struct ns_err *e);
void goon_end(struct goon *g);

/* goon_put: the flow of record rec of chunk i, if it goes on. */
int goon_put(struct goon *g, size_t i, const uint8_t *rec, struct ns_err *e);

#endif
