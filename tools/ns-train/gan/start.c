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

static void
move_marginals(struct dg *m, const struct feed *f, const struct feed_chunk *c,
    bool warm, uint64_t seed)
{
	struct dg_means want, have;

	dg_means_init(m, &want);
	dg_means_init(m, &have);
	batch_means(f, c, m, &want);
	if (warm)
		generated_means(m, seed, c->carry.index, &have);
	dg_set_marginals(m, &want, warm ? &have : NULL);
	dg_means_free(&want);
	dg_means_free(&have);
}

struct dg *
start_weights(const struct feed *f, const struct feed_chunk *c,
    const struct dg_config *cfg, const real *from, uint64_t seed, struct ns_err *e)
{
	struct dg *m = dg_new(&f->schema, cfg, (long)c->carry.max_steps, e);
	struct rng r;

	if (m == NULL)
		return NULL;
	if (from != NULL) {
		memcpy(m->block, from, m->n_all * sizeof *m->block);
	} else {
		rng_init(&r, seed, gan_stream(c->carry.index, GAN_INIT, 0));
		dg_init(m, &r);
	}
	if (m->cfg.marginal_init)
		move_marginals(m, f, c, from != NULL, seed);
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
