#include "ar/learn.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ar/pace.h"
#include "ar/streams.h"
#include "base/huge.h"
#include "base/mem.h"
#include "nn/sums.h"

/* Numbers that go through several loops while they are in the cache. */
#define PIECE (4 * SUM_STRETCH)

/* ---- What is learnt from, and what judges ---- */

/* Codes of the symbols from .. to - 1 that had a choice: the others follow from masks,
 * and would make the first guess of a net that is never asked there. */
static void
count_choices(const struct ar *m, int from, int to, const uint16_t *attr,
    const uint16_t *step, bool later, double by, double *count)
{
	const struct symbol *y = m->sym.sym;
	uint8_t allow[CHOICE_SET];
	uint16_t only;
	int i;

	for (i = from; i < to; i++)
		if (symbols_allow(&m->sym, i, attr, step, later, allow, &only) > 1)
			count[y[i].first + (i < m->P ? attr[i] : step[i - m->P])] += by;
}

/* In double: a float stops at 2^24 when it is counted up. */
static void
count_lengths(struct ar *m, const struct ar_series *s, size_t n)
{
	size_t codes = size_mul((size_t)m->chunks, LENGTH_CODES), i;
	double *count = xcalloc(codes, sizeof *count);

	for (i = 0; i < n; i++)
		count[(size_t)s[i].chunk * LENGTH_CODES +
		    (size_t)length_code(s[i].length)]++;
	for (i = 0; i < codes; i++)
		m->lengths[i] = (real)count[i];
	free(count);
}

void
ar_count_series(const struct ar *m, const struct ar_series *s, uint16_t *attr,
    uint16_t *step, double by, double *count)
{
	const struct symbol *y = m->sym.sym;
	const uint8_t *rec = s->rec + m->schema->attr_bytes + 4;
	uint32_t t;

	symbols_read(y, m->P, s->rec, attr);
	count_choices(m, 0, m->P, attr, NULL, false, 1, count);
	for (t = 0; t < s->length; t++, rec += m->schema->feat_bytes) {
		symbols_read(y + m->P, m->M, rec, step);
		count_choices(m, m->P, m->P + m->M, attr, step, t > 0, by, count);
	}
}

/* Codes of all symbols. */
static double *
count_codes(struct ar *m, const struct ar_series *s, size_t n)
{
	uint16_t *attr = xcalloc((size_t)m->P + 1, sizeof *attr);
	uint16_t *step = xcalloc((size_t)m->M + 1, sizeof *step);
	double *count = xcalloc((size_t)m->sym.codes + 1, sizeof *count);
	size_t q;

	for (q = 0; q < n; q++)
		ar_count_series(m, &s[q], attr, step, 1, count);
	ar_set_marginals(m, count);
	free(step);
	free(attr);
	return count;
}

struct ar_learn *
ar_learn_new(struct ar *m, struct pool *pool, const struct ar_series *series, size_t n,
    uint64_t seed, const real *from)
{
	struct ar_learn *l = xcalloc(1, sizeof *l);
	size_t state = size_mul((size_t)m->cfg.batch_size, (size_t)m->H);
	int i;

	l->m = m;
	l->pool = pool;
	l->seed = seed;
	hold_out(&l->held, m, series, n, seed);
	l->shards = m->cfg.batch_size / SHARD_SERIES;
	if (l->shards < 1)
		l->shards = 1;
	if (l->shards > SHARDS_MAX)
		l->shards = SHARDS_MAX;
	lanes_init(&l->lanes, l->held.learnt, l->held.n_learnt, seed, m->cfg.batch_size,
	    m->cfg.window, l->held.share);
	for (i = 0; i < l->shards; i++)
		l->tape[i] = tape_new(m,
		    (m->cfg.batch_size + l->shards - 1) / l->shards, m->cfg.window);
	l->state_h = xcalloc(state, sizeof *l->state_h);
	l->state_c = xcalloc(state, sizeof *l->state_c);
	l->mom = huge_calloc(m->n_train, sizeof *l->mom);
	l->var = huge_calloc(m->n_train, sizeof *l->var);
	l->mean = huge_calloc(m->n_all, sizeof *l->mean);
	l->best = huge_calloc(m->n_all, sizeof *l->best);
	count_lengths(m, series, n);
	l->count = count_codes(m, series, n);
	if (from != NULL)
		memcpy(m->block, from, m->n_train * sizeof *m->block);
	memcpy(l->mean, m->block, m->n_all * sizeof *l->mean);
	l->averaged = *m;
	ar_view(m, l->mean, &l->averaged.net);
	l->judged = xcalloc((size_t)(m->P + m->M) + 1, sizeof *l->judged);
	l->weight = xcalloc((size_t)(m->P + m->M) + 1, sizeof *l->weight);
	for (i = 0; i < m->P + m->M; i++)
		l->weight[i] = 1;
	for (i = 0; i < l->shards; i++) {
		l->tape[i]->weight = l->weight;
		l->tape[i]->by_length = true;
	}
	return l;
}

void
ar_learn_free(struct ar_learn *l)
{
	int i;

	if (l == NULL)
		return;
	for (i = 0; i < l->shards; i++)
		tape_free(l->tape[i]);
	ar_view_free(&l->averaged.net);
	lanes_free(&l->lanes);
	huge_free(l->mom, l->m->n_train, sizeof *l->mom);
	huge_free(l->var, l->m->n_train, sizeof *l->var);
	huge_free(l->mean, l->m->n_all, sizeof *l->mean);
	huge_free(l->best, l->m->n_all, sizeof *l->best);
	free(l->weight);
	free(l->judged);
	free(l->count);
	hold_free(&l->held);
	free(l->state_h);
	free(l->state_c);
	free(l);
}

/* ---- One step ---- */

int
ar_learn_lane(const struct ar_learn *l, int shard)
{
	return l->lanes.count * shard / l->shards;
}

static void
shard_job(void *arg, int i)
{
	struct ar_learn *l = arg;
	struct tape *t = l->tape[i];
	int first = ar_learn_lane(l, i), n = ar_learn_lane(l, i + 1) - first;
	struct dropout d;

	memset(t->grad_block, 0, l->m->n_train * sizeof *t->grad_block);
	memset(&l->loss[i], 0, sizeof l->loss[i]);
	if (n == 0)
		return;
	dropout_init(&d, l->m->cfg.dropout, l->seed,
	    ar_stream(AR_DROP, l->step * l->shards + (uint64_t)i));
	tape_load(t, l->lanes.lane + first, n);
	tape_run(t, l->state_h + (size_t)first * (size_t)l->m->H,
	    l->state_c + (size_t)first * (size_t)l->m->H, true, true,
	    (real)1 / (real)l->lanes.count, &d, &l->loss[i]);
}

static void
range(const struct ar_learn *l, int i, size_t *from, size_t *n)
{
	size_t all = l->m->n_train;

	*from = all * (size_t)i / l->shards;
	*n = all * ((size_t)i + 1) / l->shards - *from;
}

VECTOR_CLONES static void
add_all(real *a, const real *b, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		a[i] += b[i];
}

static void
sum_job(void *arg, int i)
{
	struct ar_learn *l = arg;
	size_t from, n, piece;
	double square = 0;
	real *g;
	int k;

	range(l, i, &from, &n);
	for (; n > 0; from += piece, n -= piece) {
		piece = n < PIECE ? n : PIECE;
		g = l->tape[0]->grad_block + from;
		for (k = 1; k < l->shards; k++)
			add_all(g, l->tape[k]->grad_block + from, piece);
		square = sum_squares_on(square, g, piece);
	}
	l->square[i] = square;
}

VECTOR_CLONES static void
scale_all(real *g, real by, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		g[i] *= by;
}

static void
update(struct ar_learn *l, size_t from, size_t n)
{
	size_t piece;
	real *g;

	for (; n > 0; from += piece, n -= piece) {
		piece = n < PIECE ? n : PIECE;
		g = l->tape[0]->grad_block + from;
		if (l->clip < 1)
			scale_all(g, l->clip, piece);
		adam_move(&l->adam, l->m->block + from, l->mom + from, l->var + from, g,
		    piece);
		pace_average(l->mean + from, l->m->block + from, l->keep, piece);
	}
}

/* What of this job's range belongs to nets that are still trained. */
static void
update_job(void *arg, int job)
{
	struct ar_learn *l = arg;
	const size_t *at = l->m->net_at;
	size_t from, n, first, end;
	int i;

	range(l, job, &from, &n);
	for (i = 0; i <= l->m->P; i++) {
		first = at[i] > from ? at[i] : from;
		end = at[i + 1] < from + n ? at[i + 1] : from + n;
		if (first < end && !l->judged[i].stopped)
			update(l, first, end - first);
	}
}

static void
add_losses(const struct ar_learn *l, struct ar_health *h)
{
	struct tape_loss sum = {0};
	int i;

	for (i = 0; i < l->shards; i++) {
		sum.attr += l->loss[i].attr;
		sum.step += l->loss[i].step;
		sum.series += l->loss[i].series;
		sum.steps += l->loss[i].steps;
	}
	if (sum.series > 0)
		h->attr = sum.attr / (double)sum.series;
	if (sum.steps > 0)
		h->step = sum.step / (double)sum.steps;
}

int
ar_learn_update(struct ar_learn *l, const struct adam *a, uint64_t step,
    double *gradient, struct ns_err *e)
{
	const struct ar_config *c = &l->m->cfg;
	double square = 0;
	int i;

	pool_run(l->pool, sum_job, l, l->shards);
	for (i = 0; i < l->shards; i++)
		square += l->square[i];
	*gradient = sqrt(square);
	if (!isfinite(square))
		return ns_fail(e, NS_ENUMERIC,
		    "training broke down at step %" PRIu64
		    ": the gradient is not finite",
		    l->step);
	l->clip = *gradient > c->clip ? (real)(c->clip / *gradient) : 1;
	l->keep = pace_keep(c, step);
	adam_begin(&l->adam, a, step + 1);
	pool_run(l->pool, update_job, l, l->shards);
	return NS_OK;
}

int
ar_learn_step(struct ar_learn *l, uint64_t step, double done, struct ar_health *h,
    struct ns_err *e)
{
	const struct ar_config *c = &l->m->cfg;
	struct adam a = {c->lr, c->beta1, c->beta2, c->eps};

	l->step = step;
	lanes_next(&l->lanes);
	pool_run(l->pool, shard_job, l, l->shards);
	add_losses(l, h);
	h->rate = a.lr = pace_rate(c, step, done);
	return ar_learn_update(l, &a, step, &h->gradient, e);
}
