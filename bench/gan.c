/*
 * gan.c: DoppelGANger as a subject of step.c, as it is and privately: units of one
 * series, of which a round samples a quarter, so many as the other has in a batch.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gan/batch.h"
#include "gan/start.h"
#include "iteration.h"
#include "subject.h"

struct bench {
	const struct feed *feed;
	struct dg_config cfg;
	struct dg *m;
	struct gan *g;
	struct batch_walk walk;
	struct private how;
	struct units units;
	uint64_t step;
};

enum { UNITS_A_BATCH = 4 };

static void *
open_bench(const struct feed *f, struct pool *pool, int batch, struct ns_err *e)
{
	struct bench *b = xcalloc(1, sizeof *b);
	const struct lesson l = {.feed = f,
	    .chunk = &f->chunk[0],
	    .n = 1,
	    .config = &b->cfg,
	    .seed = SEED};

	b->feed = f;
	hypers_default(&dg_hypers, &b->cfg);
	if (batch > 0)
		b->cfg.batch_size = batch;
	dg_config_fit(&b->cfg, (long)f->chunk[0].carry.max_steps);
	b->m = start_weights(&l, e);
	if (b->m == NULL) {
		free(b);
		return NULL;
	}
	b->g = gan_new(b->m, pool, SEED, 0);
	batch_walk_init(&b->walk, f, &f->chunk[0], SEED);
	return b;
}

/* A chunk that is too small is many times the same. */
static void *
open_private(const struct feed *f, struct pool *pool, int batch, double sigma,
    struct ns_err *e)
{
	struct bench *b = open_bench(f, pool, batch, e);
	uint32_t i, n;

	if (b == NULL)
		return NULL;
	n = b->units.n = (uint32_t)b->cfg.batch_size * UNITS_A_BATCH;
	b->units.first = xcalloc((size_t)n + 1, sizeof *b->units.first);
	b->units.series = xcalloc(n, sizeof *b->units.series);
	for (i = 0; i < n; i++) {
		b->units.series[i] = i % (uint32_t)f->chunk[0].n;
		b->units.first[i + 1] = i + 1;
	}
	b->how = (struct private){.rate = 1. / UNITS_A_BATCH,
	    .nominal = b->cfg.batch_size,
	    .clip = 1,
	    .sigma = sigma};
	dp_key_insecure(&b->how.key, SEED);
	start_averages(b->m, SEED, 0);
	gan_protect(b->g, sampled_new(b->m, pool, &b->how, &b->units, f, &f->chunk[0]));
	return b;
}

static void *
open_noisy(const struct feed *f, struct pool *pool, int batch, struct ns_err *e)
{
	return open_private(f, pool, batch, 1, e);
}

static void *
open_clipped(const struct feed *f, struct pool *pool, int batch, struct ns_err *e)
{
	return open_private(f, pool, batch, 0, e);
}

static int
step(void *bench, struct ns_err *e)
{
	struct bench *b = bench;
	struct gan_health h;

	if (b->g->sampled == NULL)
		batch_fill(&b->walk, b->m, b->step, b->g->real_x, b->g->real_blocks);
	return gan_step(b->g, b->step++, &h, e);
}

/* Rows of the real series of the batch, of whole recurrent steps. */
static double
products(const void *bench, struct products *q)
{
	const struct bench *b = bench;
	double rows = 0;
	const struct sampled *s = b->g->sampled;
	int i;

	/* those of the last sample, as if it had been of the nominal size */
	for (i = 0; s != NULL && s->n > 0 && i < b->cfg.batch_size; i++)
		b->g->real_blocks[i] = s->real_blocks[i % s->n];
	for (i = 0; i < b->cfg.batch_size; i++)
		rows += (double)b->g->real_blocks[i] * b->m->S;
	products_of(q, b->g);
	return rows;
}

static void
describe_groups(const char *name, const struct dg_group *g, int n)
{
	static const char *const act[] = {"softmax", "sigmoid", "tanh"};
	int i;

	printf("\"%s\":[", name);
	for (i = 0; i < n; i++)
		printf("%s[\"%s\",%d]", i > 0 ? "," : "", act[g[i].act], g[i].k);
	printf("],");
}

static void
describe(const void *bench)
{
	const struct bench *b = bench;
	const struct dg_config *c = &b->cfg;
	const struct dg *m = b->m;
	size_t i, n = b->feed->chunk[0].n;
	uint32_t rows;

	printf("{");
	describe_groups("attr", m->attr_groups, m->n_attr_groups);
	describe_groups("row", m->row_groups, m->n_row_groups);
	printf("\"steps\":%d,\"sample_len\":%d,\"batch\":%d,\"d_rounds\":%d,"
	       "\"attr_noise\":%d,\"feat_noise\":%d,\"attr_layers\":%d,\"attr_units\":%"
	       "d,"
	       "\"lstm_units\":%d,\"d_layers\":%d,\"d_units\":%d,\"attr_d_layers\":%d,"
	       "\"attr_d_units\":%d,\"lengths\":[",
	    m->R * m->S, m->S, c->batch_size, c->d_rounds, c->attr_noise, c->feat_noise,
	    c->attr_layers, c->attr_units, c->lstm_units, c->d_layers, c->d_units,
	    c->attr_d_layers, c->attr_d_units);
	for (i = 0; i < (size_t)c->batch_size; i++) {
		memcpy(&rows,
		    feed_record(b->feed, &b->feed->chunk[0], (uint32_t)(i % n)) +
			b->feed->schema.attr_bytes,
		    sizeof rows);
		printf("%s%" PRIu32, i > 0 ? "," : "", rows);
	}
	puts("]}");
}

static void
close_bench(void *bench)
{
	struct bench *b = bench;

	batch_walk_free(&b->walk);
	free(b->units.first);
	free(b->units.series);
	gan_free(b->g);
	dg_free(b->m);
	free(b);
}

const struct subject gan_subject = {
    .kind = "doppelganger",
    .open = open_bench,
    .step = step,
    .products = products,
    .describe = describe,
    .close = close_bench,
};

const struct subject private_subject = {
    .kind = "doppelganger-private",
    .open = open_noisy,
    .step = step,
    .products = products,
    .close = close_bench,
};

const struct subject clipped_subject = {
    .kind = "doppelganger-clipped",
    .open = open_clipped,
    .step = step,
    .products = products,
    .close = close_bench,
};
