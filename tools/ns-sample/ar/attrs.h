/*
 * attrs.h: the attributes of some series of a chunk, symbol by symbol.
 *
 * Rows with equal codes so far are one group: the net is asked once for each, and the
 * codes of its rows are spread evenly (draw.h), so that each label, protocol or server
 * appears as often as learnt.  From the client's port on each row is drawn by itself,
 * with the five-tuples that are taken masked.
 */
#ifndef NS_SAMPLE_AR_ATTRS_H
#define NS_SAMPLE_AR_ATTRS_H

#include "ar/keys.h"
#include "ar/places.h"
#include "base/pool.h"
#include "model/ar/ar.h"

enum { ATTR_ROWS = 4096, ATTR_PART = 256 }; /* of a block, of a product */

/* Is a row's five-tuple in keys; failed: it was there before. */
enum attr_state { ATTR_OPEN, ATTR_ADDED, ATTR_FAILED };

struct attrs {
	const struct ar *m;
	struct pool *pool;
	double temperature;
	struct keys keys;
	int first_free;
	uint16_t *given; /* (P) codes of rows where they are not fixed, or ATTR_FREE */
	int counted; /* while trying, how probable that symbol's given code is weighs,
			too; -1 = none */
	const struct symbols *wanted; /* their masks are what is asked for, or NULL */
	const struct places *places;  /* where what is tried starts, or NULL */
	bool trying;                  /* five-tuples are neither looked at nor added */
	/* of a block, (ATTR_ROWS, ...) */
	uint16_t *chunk, *length, *code; /* code (P) */
	enum attr_state *state;
	double *weight; /* probability that what was drawn freely were as wanted */
	int *group, *split, groups; /* first row of each group */
	real *y;                    /* (biggest) of groups that have a choice */
	int *open;                  /* these groups */
	uint8_t (*allow)[CHOICE_SET];
	/* what the jobs of one product need */
	int symbol, n_open;
	/* of each job: what the net reads, as codes and embedded, and hidden layers */
	uint16_t *part_code;
	real *part;
	uint64_t repeats;
};

void attrs_init(struct attrs *a, const struct ar *m, const struct codec *c,
    struct pool *pool, double temperature);
void attrs_free(struct attrs *a);

/*
 * attrs_draw: codes of n series, of chunk and with the length codes given, ascending,
 * are in code (n, P) when back, and their five-tuples in keys but for those whose state
 * is ATTR_FAILED, which the chunk had before.  fixed (n, P), or NULL: codes that a row
 * has, but where they are ATTR_FREE.
 */
#define ATTR_FREE 0xffff
void attrs_draw(struct attrs *a, int chunk, const uint16_t *length,
    const uint16_t *fixed, int n, struct rng *r);
/* attrs_score: logarithms of the probabilities of the symbols of code (n, P) from first
 * up to but not with end, given the length codes and the symbols before; n at most
 * ATTR_ROWS. */
void attrs_score(struct attrs *a, int chunk, const uint16_t *length,
    const uint16_t *code, int first, int end, int n, double *score);
/* attrs_odds: probabilities p (n, codes) of symbol i, behind symbols that all have a
 * given code, for n series of these length codes. */
void attrs_odds(struct attrs *a, int chunk, const uint16_t *length, int i, int n,
    real *p);
/* attrs_find: the first symbol of a field, -1 = there is none. */
int attrs_find(const struct attrs *a, const char *field);

#endif
