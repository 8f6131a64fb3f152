#include "start.h"

#include <stdlib.h>
#include <string.h>

#include "batch.h"
#include "gan.h"
#include "model/dg/gen.h"
#include "nn/normal.h"

#define LOOK_BATCH 100 /* series a batch, batches: to see what a model generates */
#define LOOK_BATCHES 10
/* counters of the streams of GAN_INIT: 0 is that of the weights */
enum { LOOK_ATTR = 1, AVERAGES = 2, LOOK_FEAT = 1 << 20, LOOK_STATE = 1 << 21 };

static void
generated_means(const struct dg *m, uint64_t seed, int chunk, struct dg_means *t)
{
	struct dg_gen *g = dg_gen_new(m, NULL, LOOK_BATCH, false);
	real *out = xcalloc(LOOK_BATCH, size_mul((size_t)m->Din, sizeof *out));
	struct rng r;
	uint64_t i;
	int b;

	g->out = out;
	g->ld = m->Din;
	rng_init(&r, seed, gan_stream(chunk, GAN_INIT, LOOK_ATTR));
	for (i = 0; i < LOOK_BATCHES; i++) {
		normal_fill(g->z, LOOK_BATCH * (size_t)m->cfg.attr_noise, &r);
		dg_gen_attr(g, NULL);
		dg_gen_harden(g);
		dg_gen_series(g, seed,
		    gan_stream(chunk, GAN_INIT, LOOK_FEAT + i * LOOK_BATCH),
		    gan_stream(chunk, GAN_INIT, LOOK_STATE + i * LOOK_BATCH));
		for (b = 0; b < LOOK_BATCH; b++)
			dg_means_add(m, t, out + (size_t)b * (size_t)m->Din,
			    g->live[b]);
	}
	dg_means_end(m, t);
	free(out);
	dg_gen_free(g);
}

struct counting {
	const struct lesson *l;
	const struct dg *m;
	real *row; /* (Din) */
};

/* Attributes, the mean of the blocks, and that there is one more. */
static void
add_series(void *arg, uint32_t series, double *v)
{
	const struct counting *c = arg;
	const struct dg *m = c->m;
	int width = m->S * m->F1, i, j;
	int blocks = dg_expand(m, feed_record(c->l->feed, c->l->chunk, series), c->row);
	const real *row = c->row + m->A;

	for (j = 0; j < m->A; j++)
		v[j] += (double)c->row[j];
	for (i = 0; i < blocks; i++, row += width)
		for (j = 0; j < width; j++)
			v[m->A + j] += (double)row[j] / blocks;
	v[m->A + width] += 1;
}

/* batch_means, counted with noise: of each group a series has a vector of at most unit
 * length, and one more says how many series there are. */
static void
private_means(const struct lesson *l, const struct dg *m, struct dg_means *t)
{
	size_t width = (size_t)m->S * (size_t)m->F1, n = (size_t)m->A + width + 1;
	double groups = m->n_attr_groups + m->S * m->n_row_groups + 1;
	struct counting c = {l, m, xcalloc((size_t)m->Din, sizeof *c.row)};
	double *sum = xcalloc(n, sizeof *sum);

	private_count(l->private, l->units, 1, l->private->count_sigma, sqrt(groups),
	    add_series, &c, sum, n);
	memcpy(t->attr, sum, (size_t)m->A * sizeof *sum);
	memcpy(t->row, sum + m->A, width * sizeof *sum);
	t->n = t->blocks = sum[n - 1] > 1 ? sum[n - 1] : 1;
	dg_means_end(m, t);
	free(sum);
	free(c.row);
}

static void
move_marginals(struct dg *m, const struct lesson *l, bool warm)
{
	const struct feed_chunk *c = l->chunk;
	struct dg_means want, have;

	dg_means_init(m, &want);
	dg_means_init(m, &have);
	if (l->private != NULL)
		private_means(l, m, &want);
	else
		batch_means(l->feed, c, m, &want);
	if (warm)
		generated_means(m, l->seed, c->carry.index, &have);
	dg_set_marginals(m, &want, warm ? &have : NULL);
	dg_means_free(&want);
	dg_means_free(&have);
}

struct dg *
start_weights(const struct lesson *l, struct ns_err *e)
{
	const struct feed_chunk *c = l->chunk;
	struct dg *m = dg_new(&l->feed->schema, l->config, (long)c->carry.max_steps, e);
	const struct dg *from = l->from;
	struct rng r;

	if (m == NULL)
		return NULL;
	if (from != NULL) {
		memcpy(m->block, from->block, m->n_all * sizeof *m->block);
	} else {
		rng_init(&r, l->seed, gan_stream(c->carry.index, GAN_INIT, 0));
		dg_init(m, &r);
	}
	if (m->cfg.marginal_init)
		move_marginals(m, l, from != NULL);
	return m;
}

void
start_averages(struct dg *m, uint64_t seed, int chunk)
{
	enum { B = LOOK_BATCH * LOOK_BATCHES };
	struct dg_gen *g = dg_gen_new(m, NULL, B, false);
	double decay = m->cfg.bn_decay;
	struct rng r;

	g->out = xcalloc(B, size_mul((size_t)m->A + 1, sizeof *g->out));
	g->ld = m->A;
	rng_init(&r, seed, gan_stream(chunk, GAN_INIT, AVERAGES));
	normal_fill(g->z, B * (size_t)m->cfg.attr_noise, &r);
	m->cfg.bn_decay = 0; /* nothing stays of what they were */
	dg_gen_attr(g, m);
	m->cfg.bn_decay = decay;
	free(g->out);
	dg_gen_free(g);
}
