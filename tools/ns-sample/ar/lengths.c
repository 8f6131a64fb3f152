#include "ar/lengths.h"

#include <stdlib.h>
#include <string.h>

#include "ar/draw.h"
#include "base/mem.h"

/* The lengths of the plan that have one code, and how many are not taken yet. */
struct kind {
	uint16_t code;
	size_t first, n;
};

/* Some flows at once, each with every kind, in so many rows of attrs. */
struct scoring {
	struct attrs *a;
	int chunk, first, end;
	struct kind kind[LENGTH_CODES];
	int kinds;
	uint16_t *code, *length; /* (ATTR_ROWS, P), (ATTR_ROWS) */
	double *score;           /* (ATTR_ROWS) */
};

static int
find_kinds(const struct plan *p, struct kind *k)
{
	int n = 0;
	size_t i;

	for (i = 0; i < p->n; i++) {
		uint16_t code = (uint16_t)length_code(p->length[i]);

		if (n == 0 || k[n - 1].code != code)
			k[n++] = (struct kind){code, i, 0};
		k[n - 1].n++;
	}
	return n;
}

/* One of the kinds for a flow, by the scores of each. */
static int
choose(const struct kind *k, int n, const double *score, struct rng *r)
{
	real p[LENGTH_CODES];
	double best = -1e300;
	int i;

	for (i = 0; i < n; i++)
		if (k[i].n > 0 && score[i] > best)
			best = score[i];
	for (i = 0; i < n; i++)
		p[i] = (real)((double)k[i].n * exp(score[i] - best));
	return draw_one(p, n, r);
}

static uint32_t
take_length(struct plan *p, struct kind *k)
{
	size_t at = k->first + --k->n;
	uint32_t length = p->length[at];

	p->length[at] = 0;
	return length;
}

/* Flows whose codes are those of the one before have its scores. */
static bool
is_like_last(const struct scoring *s, const uint16_t *code, size_t i)
{
	size_t P = (size_t)s->a->m->P;

	return i > 0 &&
	    memcmp(code + i * P, code + (i - 1) * P, (size_t)s->end * sizeof *code) ==
	    0;
}

/* The scores of as many flows from at on as there is room for; returns where they end.
 */
static size_t
score_some(struct scoring *s, const uint16_t *code, size_t at, size_t n)
{
	size_t P = (size_t)s->a->m->P, i;
	int rows = 0, k;

	for (i = at; i < n; i++) {
		if (i > at && is_like_last(s, code, i))
			continue;
		if (rows + s->kinds > ATTR_ROWS)
			break;
		for (k = 0; k < s->kinds; k++, rows++) {
			memcpy(s->code + (size_t)rows * P, code + i * P,
			    P * sizeof *code);
			s->length[rows] = s->kind[k].code;
		}
	}
	attrs_score(s->a, s->chunk, s->length, s->code, s->first, s->end, rows,
	    s->score);
	return i;
}

static void
choose_lengths(struct scoring *s, struct plan *plan, const uint16_t *code, size_t n,
    uint32_t *length, struct rng *r)
{
	const double *score = s->score;
	size_t at, i, end;
	int k;

	for (at = 0; at < n; at = end) {
		end = score_some(s, code, at, n);
		for (i = at; i < end; i++) {
			if (i == at)
				score = s->score;
			else if (!is_like_last(s, code, i))
				score += s->kinds;
			k = choose(s->kind, s->kinds, score, r);
			length[i] = take_length(plan, &s->kind[k]);
		}
	}
}

/* The lengths that are left. */
static void
close_plan(struct plan *p)
{
	size_t i, n = 0;

	for (i = 0; i < p->n; i++)
		if (p->length[i] > 0)
			p->length[n++] = p->length[i];
	p->n = n;
}

void
lengths_take(struct attrs *a, int chunk, struct plan *plan, const uint16_t *code,
    int first, int end, size_t n, uint32_t *length, struct rng *r)
{
	struct scoring *s = xcalloc(1, sizeof *s);

	s->a = a;
	s->chunk = chunk;
	s->first = first;
	s->end = end;
	s->kinds = find_kinds(plan, s->kind);
	s->code = xcalloc(ATTR_ROWS, ((size_t)a->m->P + 1) * sizeof *s->code);
	s->length = xcalloc(ATTR_ROWS, sizeof *s->length);
	s->score = xcalloc(ATTR_ROWS, sizeof *s->score);
	choose_lengths(s, plan, code, n, length, r);
	close_plan(plan);
	free(s->code);
	free(s->length);
	free(s->score);
	free(s);
}

struct order {
	uint32_t length;
	size_t at;
};

static int
ascending(const void *a, const void *b)
{
	const struct order *x = a, *y = b;

	if (x->length != y->length)
		return x->length < y->length ? -1 : 1;
	return (x->at > y->at) - (x->at < y->at);
}

size_t *
lengths_order(const uint32_t *length, size_t n)
{
	struct order *o = xcalloc(n + 1, sizeof *o);
	size_t *at = xcalloc(n + 1, sizeof *at), i;

	for (i = 0; i < n; i++)
		o[i] = (struct order){length[i], i};
	qsort(o, n, sizeof *o, ascending);
	for (i = 0; i < n; i++)
		at[i] = o[i].at;
	free(o);
	return at;
}
