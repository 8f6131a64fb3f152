/*
 * codes.h: windows of series as codes, one a lane: what the critics are shown, of real
 * series and of those that are drawn beside them.
 */
#ifndef NS_TRAIN_ADV_CODES_H
#define NS_TRAIN_ADV_CODES_H

#include "ar/lanes.h"
#include "model/ar/ar.h"

struct codes {
	int lanes, window, P, M;
	/* (lanes) first: steps before the window; n: in it, 0 where it is held out */
	uint16_t *chunk, *length, *first;
	int *n;
	uint16_t *attr; /* (lanes, P) */
	uint16_t *step; /* (lanes, window, M) */
};

void codes_init(struct codes *c, const struct ar *m, int lanes, int window);
void codes_free(struct codes *c);
/* codes_place: lane i is a window such as a is, what is in it aside. */
void codes_place(struct codes *c, int i, const struct lane *a);
/* codes_read: lane i is the window a. */
void codes_read(struct codes *c, const struct ar *m, int i, const struct lane *a);

/* codes_spell: symbol i of m is an octet of a value that has no symbol of its own. What
 * is rare is spelt: critics and score do without. */
bool codes_spell(const struct ar *m, int i);

static inline uint16_t *
codes_attr(const struct codes *c, int i)
{
	return c->attr + (size_t)i * (size_t)c->P;
}
static inline uint16_t *
codes_step(const struct codes *c, int i, int step)
{
	return c->step + ((size_t)i * (size_t)c->window + (size_t)step) * (size_t)c->M;
}

#endif
