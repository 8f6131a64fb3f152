/* What private training knows of its data before it begins: counts with noise. */
#include <stdlib.h>
#include <string.h>

#include "ar/private.h"
#include "ar/streams.h"
#include "base/mem.h"

/* A count below so many deviations of the noise says nothing: it is taken as none. */
#define TELLING 2.5
/* Of lengths there are hundreds, singly and in spans, and one that noise made up can
 * hold most of the records. */
#define TELLING_LENGTHS 3

/* Of the square of what a series adds, the length against all symbols: steps of
 * training put symbols right, and lengths are never learnt. */
#define LENGTH_PART 0.5

struct counting {
	const struct ar_series *series;
	const struct ar *m;
	bool symbols;  /* beside the lengths */
	double weight; /* of a length; a symbol's is 1 */
	uint16_t *attr, *step;
};

/* One for the length, and one for each symbol: of a step, divided by the steps. */
static void
add_series(void *arg, uint32_t number, double *v)
{
	struct counting *c = arg;
	const struct ar_series *s = &c->series[number];

	v[(size_t)s->chunk * LENGTH_CODES + (size_t)length_code(s->length)] +=
	    c->weight;
	if (c->symbols)
		ar_count_series(c->m, s, c->attr, c->step, 1 / (double)s->length,
		    v + (size_t)c->m->chunks * LENGTH_CODES);
}

/* Codes from .. to - 1 that nothing was told of so far. */
struct span {
	int from, to, n;
	double sum;
};

static struct span
span_of(const double *noisy, const real *lengths, int from, int to)
{
	struct span s = {from, to, 0, 0};
	int i;

	for (i = from; i < to; i++)
		if (lengths[i] <= 0) {
			s.sum += noisy[i];
			s.n++;
		}
	return s;
}

static void
spread(const struct span *s, double sum, real *lengths)
{
	int i;

	for (i = s->from; i < s->to; i++)
		if (lengths[i] <= 0)
			lengths[i] = (real)(sum / s->n);
}

/* Lengths that are too rare to tell from noise one by one may be told together: first
 * two by two, then four by four, and so on.  Where no span tells anything, a model
 * still draws series of some length: those of the span that stands out most. */
void
ar_private_lengths(const double *noisy, double deviation, uint32_t most, real *lengths)
{
	struct span s, best = {0, 1, 1, 0};
	double z, highest = 0;
	int codes = length_code(most) + 1, size, from;
	bool any = false;

	memset(lengths, 0, LENGTH_CODES * sizeof *lengths);
	for (size = 1; size < 2 * codes; size *= 2)
		for (from = 0; from < codes; from += size) {
			s = span_of(noisy, lengths, from,
			    from + size < codes ? from + size : codes);
			if (s.n == 0 || s.sum <= 0)
				continue;
			z = s.sum / sqrt(s.n);
			if (z >= TELLING_LENGTHS * deviation) {
				spread(&s, s.sum, lengths);
				any = true;
			} else if (z > highest) {
				highest = z;
				best = s;
			}
		}
	if (!any)
		spread(&best, 1, lengths);
}

static void
keep_telling(double *v, size_t n, double deviation)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (v[i] < TELLING * deviation)
			v[i] = 0;
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
	double symbols = from == NULL ? (double)(m->P + m->M) : 0;
	struct counting c = {series, m, from == NULL, 1, NULL, NULL};
	size_t lengths = (size_t)m->chunks * LENGTH_CODES;
	size_t n = lengths + (c.symbols ? (size_t)m->sym.codes : 0);
	double *sum = xcalloc(n + 1, sizeof *sum), sd;
	size_t i;

	if (symbols > 0)
		c.weight = sqrt(LENGTH_PART * symbols);
	c.attr = xcalloc((size_t)m->P + 1, sizeof *c.attr);
	c.step = xcalloc((size_t)m->M + 1, sizeof *c.step);
	sd = private_count(l->private, l->units, 1, l->private->count_sigma,
	    sqrt(c.weight * c.weight + symbols), add_series, &c, sum, n);
	for (i = 0; i < lengths; i++)
		sum[i] /= c.weight;
	for (i = 0; i < (size_t)m->chunks; i++)
		ar_private_lengths(sum + i * LENGTH_CODES, sd / c.weight,
		    l->chunk->carry.max_steps, m->lengths + i * LENGTH_CODES);
	keep_telling(sum + lengths, n - lengths, sd);
	if (from != NULL)
		memcpy(m->block, from->block, m->n_train * sizeof *m->block);
	else
		ar_set_marginals(m, sum + lengths);
	free(c.step);
	free(c.attr);
	free(sum);
}
