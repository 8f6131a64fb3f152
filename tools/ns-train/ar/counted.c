/* What private training knows of its data before it begins: counts with noise. */
#include <stdlib.h>
#include <string.h>

#include "ar/private.h"
#include "ar/streams.h"
#include "base/mem.h"

/* A count below so many deviations of the noise says nothing: it is taken as none. */
#define TELLING 2.5

struct counting {
	const struct ar_series *series;
	const struct ar *m;
	bool symbols; /* beside the lengths */
	uint16_t *attr, *step;
};

/* One for the length, and one for each symbol: of a step, divided by the steps. */
static void
add_series(void *arg, uint32_t number, double *v)
{
	struct counting *c = arg;
	const struct ar_series *s = &c->series[number];

	v[(size_t)s->chunk * LENGTH_CODES + (size_t)length_code(s->length)]++;
	if (c->symbols)
		ar_count_series(c->m, s, c->attr, c->step, 1 / (double)s->length,
		    v + (size_t)c->m->chunks * LENGTH_CODES);
}

static bool
can_be(int code, uint32_t most)
{
	uint32_t lo, hi;

	length_range(code, &lo, &hi);
	return lo > 0 && lo <= most;
}

/* A model draws series of some length: where no count tells of one, of that whose count
 * is the greatest. */
static void
keep_one(const double *noisy, real *lengths, uint32_t most)
{
	int i, best = length_code(1);

	for (i = 0; i < LENGTH_CODES; i++) {
		if (lengths[i] > 0)
			return;
		if (can_be(i, most) && noisy[i] > noisy[best])
			best = i;
	}
	lengths[best] = 1;
}

static void
keep_telling(double *v, size_t n, double deviation)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (v[i] < TELLING * deviation)
			v[i] = 0;
}

/* No series is longer than what is public. */
static void
keep_lengths(const struct ar *m, double *sum, double deviation, uint32_t most)
{
	double noisy[LENGTH_CODES];
	real *of;
	int c, i;

	for (c = 0; c < m->chunks; c++, sum += LENGTH_CODES) {
		of = m->lengths + (size_t)c * LENGTH_CODES;
		memcpy(noisy, sum, sizeof noisy);
		keep_telling(sum, LENGTH_CODES, deviation);
		for (i = 0; i < LENGTH_CODES; i++)
			of[i] = can_be(i, most) ? (real)sum[i] : 0;
		keep_one(noisy, of, most);
	}
}

double
ar_private_share(bool warm)
{
	return warm ? 0.05 : 0.2;
}

void
ar_private_start(const struct lesson *l, const struct ar_series *series, struct ar *m)
{
	const struct ar *from = l->from;
	struct counting c = {series, m, from == NULL, NULL, NULL};
	size_t lengths = (size_t)m->chunks * LENGTH_CODES;
	size_t n = lengths + (c.symbols ? (size_t)m->sym.codes : 0);
	double *sum = xcalloc(n + 1, sizeof *sum), sd;

	c.attr = xcalloc((size_t)m->P + 1, sizeof *c.attr);
	c.step = xcalloc((size_t)m->M + 1, sizeof *c.step);
	sd = private_count(l->private, l->units, 1, l->private->count_sigma,
	    sqrt(1 + (c.symbols ? (double)(m->P + m->M) : 0)), add_series, &c, sum, n);
	keep_lengths(m, sum, sd, l->chunk->carry.max_steps);
	keep_telling(sum + lengths, n - lengths, sd);
	if (from != NULL)
		memcpy(m->block, from->block, m->n_train * sizeof *m->block);
	else
		ar_set_marginals(m, sum + lengths);
	free(c.step);
	free(c.attr);
	free(sum);
}
