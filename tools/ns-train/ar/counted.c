/* What private training knows of its data before it begins: counts with noise. */
#include <stdlib.h>
#include <string.h>

#include "ar/private.h"
#include "ar/spans.h"
#include "ar/streams.h"
#include "base/mem.h"

/* A count below so many deviations of the noise says nothing: it is taken as none. */
#define TELLING 2.5
/* In an order there are hundreds of codes and spans, and one far off that noise made up
 * is felt: a length can hold most of the records, a number most of the bytes.  Training
 * puts numbers right, but for what is bounded here; of lengths nothing else is known.
 */
static const struct spans_rule lengths_rule = {3, LENGTH_CODES};
static const struct spans_rule numbers_rule = {4, 16};

/* About half of the symbols of a series are a choice: an address has the octets of one
 * version of IP, and few values are spelt.  Series with more are clipped to that. */
#define CHOICES 0.5
/* Of the square of what a series adds, the length against all symbols: steps of
 * training put symbols right, and lengths are never learnt. */
#define LENGTH_PART 0.5

/* The logit of what is never drawn: training moves it by a few. */
#define NEVER (-30)

struct counting {
	const struct ar_series *series;
	const struct ar *m;
	bool symbols;  /* beside the lengths */
	double weight; /* of a length; a symbol's is 1 */
	uint16_t *attr, *step;
	double *one; /* (codes) of one series */
};

/* The codes of a symbol among those of all. */
static double *
codes_of(const struct ar *m, int symbol, double *of_all)
{
	return of_all + m->sym.sym[symbol].first;
}

static struct linear *
output_of(struct ar *m, int symbol)
{
	return symbol < m->P ? &m->net.pick[symbol].out : &m->net.head[symbol - m->P];
}

/* To v the frequencies of its codes: 1 in all, if there was a choice at all. */
static void
add_symbol(const double *one, size_t n, double *v)
{
	double all = 0;
	size_t i;

	for (i = 0; i < n; i++)
		all += one[i];
	if (all > 0)
		for (i = 0; i < n; i++)
			v[i] += one[i] / all;
}

/* Its length, and for each symbol how often it has which code. */
static void
add_series(void *arg, uint32_t number, double *v)
{
	struct counting *c = arg;
	const struct ar_series *s = &c->series[number];
	int i;

	v[(size_t)s->chunk * LENGTH_CODES + (size_t)length_code(s->length)] +=
	    c->weight;
	if (!c->symbols)
		return;
	v += (size_t)c->m->chunks * LENGTH_CODES;
	memset(c->one, 0, (size_t)c->m->sym.codes * sizeof *c->one);
	ar_count_series(c->m, s, c->attr, c->step, 1, c->one);
	for (i = 0; i < c->m->P + c->m->M; i++)
		add_symbol(codes_of(c->m, i, c->one), (size_t)c->m->sym.sym[i].k,
		    codes_of(c->m, i, v));
}

/* A model draws series of some length, whatever is told: where nothing is, one series'
 * share of what stands out most. */
void
ar_private_lengths(const double *noisy, double deviation, uint32_t most, real *lengths)
{
	double told[LENGTH_CODES] = {0}, all = 0;
	int codes = length_code(most) + 1, i;
	bool any = spans_told(noisy, (size_t)codes, deviation, lengths_rule, told);

	for (i = 0; i < codes; i++)
		all += told[i];
	for (i = 0; i < LENGTH_CODES; i++)
		lengths[i] = (real)(any || all <= 0 ? told[i] : told[i] / all);
	if (all <= 0)
		lengths[0] = 1;
}

static void
keep_telling(double *v, size_t n, double deviation)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (v[i] < TELLING * deviation)
			v[i] = 0;
}

/* Numbers below and above all that are told are not drawn: each of these bins is
 * improbable, but there are many, and the values of some are huge. */
static void
bound_number(const struct linear *l, const double *told)
{
	int i, from = 0, to = l->out;

	while (told[from] <= 0)
		from++;
	while (told[to - 1] <= 0)
		to--;
	for (i = 0; i < l->out; i++)
		if (i < from || i >= to)
			l->b[i] = NEVER;
}

void
ar_private_marginals(struct ar *m, double deviation, double *count)
{
	double *noisy = xcalloc((size_t)m->sym.codes + 1, sizeof *noisy);
	bool *told = xcalloc((size_t)(m->P + m->M) + 1, sizeof *told);
	const struct symbol *y = m->sym.sym;
	int i;

	memcpy(noisy, count, (size_t)m->sym.codes * sizeof *noisy);
	for (i = 0; i < m->P + m->M; i++)
		if (y[i].ordered)
			told[i] = spans_told(noisy + y[i].first, (size_t)y[i].k,
			    deviation, numbers_rule, count + y[i].first);
		else
			keep_telling(count + y[i].first, (size_t)y[i].k, deviation);
	ar_set_marginals(m, count);
	for (i = 0; i < m->P + m->M; i++)
		if (told[i])
			bound_number(output_of(m, i), count + y[i].first);
	free(told);
	free(noisy);
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
	double symbols = from == NULL ? CHOICES * (double)(m->P + m->M) : 0;
	struct counting c = {series, m, from == NULL, 1, NULL, NULL, NULL};
	size_t lengths = (size_t)m->chunks * LENGTH_CODES;
	size_t n = lengths + (c.symbols ? (size_t)m->sym.codes : 0);
	double *sum = xcalloc(n + 1, sizeof *sum), sd;
	size_t i;

	if (symbols > 0)
		c.weight = sqrt(LENGTH_PART * symbols);
	c.attr = xcalloc((size_t)m->P + 1, sizeof *c.attr);
	c.step = xcalloc((size_t)m->M + 1, sizeof *c.step);
	c.one = xcalloc((size_t)m->sym.codes + 1, sizeof *c.one);
	sd = private_count(l->private, l->units, 1, l->private->count_sigma,
	    sqrt(c.weight * c.weight + symbols), add_series, &c, sum, n);
	for (i = 0; i < lengths; i++)
		sum[i] /= c.weight;
	for (i = 0; i < (size_t)m->chunks; i++)
		ar_private_lengths(sum + i * LENGTH_CODES, sd / c.weight,
		    l->chunk->carry.max_steps, m->lengths + i * LENGTH_CODES);
	if (from != NULL)
		memcpy(m->block, from->block, m->n_train * sizeof *m->block);
	else
		ar_private_marginals(m, sd, sum + lengths);
	free(c.one);
	free(c.step);
	free(c.attr);
	free(sum);
}
