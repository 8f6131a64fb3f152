#include "ar/lengths.h"

#include <stdlib.h>
#include <string.h>

#include "ar/balance.h"
#include "ar/draw.h"
#include "base/mem.h"

/* The lengths of the plan that have one code, and how many are not taken yet. */
struct kind {
	uint16_t code;
	size_t first, n;
};

/* Flows in a row whose codes are the same; scores are once for all of them. */
struct scoring {
	struct attrs *a;
	int chunk, first, end;
	struct kind kind[LENGTH_CODES];
	int kinds;
	const uint16_t *code;            /* (n, P) of all flows */
	uint32_t *flows;                 /* (groups) how many */
	double *score;                   /* (groups, kinds) */
	double log_factor[LENGTH_CODES]; /* of each kind */
	uint16_t *row,
	    *length; /* what is scored at once, (ATTR_ROWS, P), (ATTR_ROWS) */
};

/* Scores that are kept at once, 64 MiB. */
#define SCORES_MAX (UINT32_C(1) << 23)

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
choose(const struct scoring *s, const double *score, struct rng *r)
{
	const struct kind *k = s->kind;
	real p[LENGTH_CODES];
	double best = -1e300, d;
	int i;

	for (i = 0; i < s->kinds; i++) {
		d = score[i] + s->log_factor[i];
		if (k[i].n > 0 && d > best)
			best = d;
	}
	for (i = 0; i < s->kinds; i++)
		p[i] = (real)((double)k[i].n * exp(score[i] + s->log_factor[i] - best));
	return draw_one(p, s->kinds, r);
}

static uint32_t
take_length(struct plan *p, struct kind *k)
{
	size_t at = k->first + --k->n;
	uint32_t length = p->length[at];

	p->length[at] = 0;
	return length;
}

static bool
is_like_last(const struct scoring *s, size_t i)
{
	size_t P = (size_t)s->a->m->P;
	const uint16_t *code = s->code + i * P;

	return memcmp(code, code - P, (size_t)s->end * sizeof *code) == 0;
}

/* Groups of the flows from at on, as many as scores may be kept of; returns where they
 * end. */
static size_t
find_groups(struct scoring *s, size_t at, size_t n, size_t *groups)
{
	size_t i;

	*groups = 0;
	for (i = at; i < n; i++) {
		if (i == at || !is_like_last(s, i)) {
			if ((*groups + 1) * (size_t)s->kinds > SCORES_MAX)
				break;
			s->flows[(*groups)++] = 0;
		}
		s->flows[*groups - 1]++;
	}
	return i;
}

/* Scores of each group, of the flows from at on, with each kind. */
static void
score_groups(struct scoring *s, size_t at, size_t groups)
{
	size_t P = (size_t)s->a->m->P, g, done = 0;
	int rows = 0, k;

	for (g = 0; g < groups; at += s->flows[g++]) {
		for (k = 0; k < s->kinds; k++, rows++) {
			memcpy(s->row + (size_t)rows * P, s->code + at * P,
			    P * sizeof *s->row);
			s->length[rows] = s->kind[k].code;
		}
		if (g + 1 < groups && rows + s->kinds <= ATTR_ROWS)
			continue;
		attrs_score(s->a, s->chunk, s->length, s->row, s->first, s->end, rows,
		    s->score + done);
		done += (size_t)rows;
		rows = 0;
	}
}

/* Such that each kind is taken as often as it is there. */
static void
balance(struct scoring *s, size_t groups)
{
	float *w = xcalloc(groups * (size_t)s->kinds + 1, sizeof *w);
	double n[LENGTH_CODES], v[LENGTH_CODES], best;
	const double *score = s->score;
	size_t g;
	int k;

	for (g = 0; g < groups; g++, score += s->kinds) {
		for (best = score[0], k = 1; k < s->kinds; k++)
			best = score[k] > best ? score[k] : best;
		for (k = 0; k < s->kinds; k++)
			w[g * (size_t)s->kinds + (size_t)k] =
			    (float)exp(score[k] - best);
	}
	for (k = 0; k < s->kinds; k++)
		n[k] = (double)s->kind[k].n;
	balance_find(v, w, s->flows, groups, n, s->kinds);
	for (k = 0; k < s->kinds; k++)
		s->log_factor[k] = log(v[k]);
	free(w);
}

static void
choose_lengths(struct scoring *s, struct plan *plan, size_t n, bool all,
    uint32_t *length, struct rng *r)
{
	size_t at, end, groups, g, i;
	int k;

	for (at = 0; at < n; at = end) {
		end = find_groups(s, at, n, &groups);
		score_groups(s, at, groups);
		if (all && at == 0 && end == n)
			balance(s, groups);
		for (g = 0, i = at; g < groups; g++)
			for (; s->flows[g] > 0; s->flows[g]--) {
				k = choose(s, s->score + g * (size_t)s->kinds, r);
				length[i++] = take_length(plan, &s->kind[k]);
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

static size_t
most_scores(const struct scoring *s, size_t n)
{
	return n < SCORES_MAX / (size_t)s->kinds ? n * (size_t)s->kinds : SCORES_MAX;
}

void
lengths_take(struct attrs *a, int chunk, struct plan *plan, const struct known *f,
    bool all, uint32_t *length, struct rng *r)
{
	struct scoring *s;

	if (f->n == 0)
		return;
	s = xcalloc(1, sizeof *s);
	s->a = a;
	s->chunk = chunk;
	s->first = f->first;
	s->end = f->end;
	s->code = f->code;
	s->kinds = find_kinds(plan, s->kind);
	s->flows = xcalloc(f->n, sizeof *s->flows);
	s->score = xcalloc(most_scores(s, f->n) + ATTR_ROWS, sizeof *s->score);
	s->row = xcalloc(ATTR_ROWS, ((size_t)a->m->P + 1) * sizeof *s->row);
	s->length = xcalloc(ATTR_ROWS, sizeof *s->length);
	choose_lengths(s, plan, f->n, all, length, r);
	close_plan(plan);
	free(s->flows);
	free(s->score);
	free(s->row);
	free(s->length);
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
