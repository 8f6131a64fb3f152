#include "adv/score.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define PAIR_CODES ((size_t)CHOICE_MAX * CHOICE_MAX)

void
score_init(struct score *s, const struct ar *m)
{
	int i;

	memset(s, 0, sizeof *s);
	s->m = m;
	s->symbol = xcalloc((size_t)(m->P + m->M) + 1, sizeof *s->symbol);
	for (i = 0; i < m->P + m->M; i++)
		if (!codes_spell(m, i) && m->sym.sym[i].k > 1)
			s->symbol[s->n++] = i;
	for (i = 0; i < 2; i++)
		s->count[i] = xcalloc(PAIR_CODES, sizeof *s->count[i]);
}

static void
shown_free(struct shown *v)
{
	free(v->code);
	free(v->later);
}

void
score_free(struct score *s)
{
	shown_free(&s->genuine);
	shown_free(&s->drawn);
	free(s->symbol);
	free(s->count[0]);
	free(s->count[1]);
	memset(s, 0, sizeof *s);
}

/* ---- Records ---- */

static void
add_record(struct score *s, struct shown *to, const uint16_t *attr,
    const uint16_t *step, bool later)
{
	size_t n = (size_t)s->n;
	uint16_t *code;
	int i;

	xgrow(&to->code, &to->cap, (to->records + 1) * n, sizeof *to->code);
	xgrow(&to->later, &to->cap_later, to->records + 1, sizeof *to->later);
	code = to->code + to->records * n;
	for (i = 0; i < s->n; i++)
		code[i] = s->symbol[i] < s->m->P ? attr[s->symbol[i]]
						 : step[s->symbol[i] - s->m->P];
	to->later[to->records++] = later;
}

void
score_add(struct score *s, struct shown *to, const struct codes *c, int n)
{
	int i, t;

	for (i = 0; i < n; i++)
		for (t = 0; t < (s->m->M > 0 ? c->n[i] : 1); t++)
			add_record(s, to, codes_attr(c, i), codes_step(c, i, t), t > 0);
}

/* ---- The divergence ---- */

/* Two columns of records; back > 0: the first one is of the record before. */
struct pair {
	int a, b, back;
};

static size_t
cell(const struct score *s, const struct shown *v, const struct pair *p, size_t r)
{
	size_t n = (size_t)s->n;

	return (size_t)v->code[(r - (size_t)p->back) * n + (size_t)p->a] * CHOICE_MAX +
	    v->code[r * n + (size_t)p->b];
}

static bool
counts(const struct shown *v, const struct pair *p, size_t r)
{
	return p->back == 0 || v->later[r];
}

static size_t
fill(const struct score *s, const struct shown *v, const struct pair *p,
    uint32_t *count)
{
	size_t r, n = 0;

	for (r = 0; r < v->records; r++)
		if (counts(v, p, r)) {
			count[cell(s, v, p, r)]++;
			n++;
		}
	return n;
}

static double
part(double p, double m)
{
	return p > 0 ? 0.5 * p * log2(p / m) : 0;
}

/* The cells of v's records, each once: counted cells are set to 0. */
static double
take(struct score *s, const struct shown *v, const struct pair *p, size_t n_genuine,
    size_t n_drawn)
{
	double sum = 0, a, b;
	size_t r, at;

	for (r = 0; r < v->records; r++) {
		if (!counts(v, p, r))
			continue;
		at = cell(s, v, p, r);
		if (s->count[0][at] == 0 && s->count[1][at] == 0)
			continue;
		a = (double)s->count[0][at] / (double)n_genuine;
		b = (double)s->count[1][at] / (double)n_drawn;
		sum += part(a, (a + b) / 2) + part(b, (a + b) / 2);
		s->count[0][at] = s->count[1][at] = 0;
	}
	return sum;
}

/* False: one side has no such records. */
static bool
divergence(struct score *s, const struct pair *p, double *sum)
{
	size_t n_genuine = fill(s, &s->genuine, p, s->count[0]);
	size_t n_drawn = fill(s, &s->drawn, p, s->count[1]);
	double d = take(s, &s->genuine, p, n_genuine, n_drawn);

	d += take(s, &s->drawn, p, n_genuine, n_drawn);
	if (n_genuine == 0 || n_drawn == 0)
		return false;
	*sum += d;
	return true;
}

double
score_value(struct score *s)
{
	double sum = 0;
	int n = 0, a, b;

	for (a = 0; a < s->n; a++) {
		for (b = a + 1; b < s->n; b++)
			n += divergence(s, &(struct pair){a, b, 0}, &sum);
		if (s->symbol[a] >= s->m->P)
			n += divergence(s, &(struct pair){a, a, 1}, &sum);
	}
	return n > 0 ? sum / n : 0;
}
