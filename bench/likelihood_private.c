/*
 * likelihood_private.c: the autoregressive kind, privately, as a subject of step.c: the
 * nets of the plain one, units of one series each, a nominal batch of the same size,
 * with all of its noise.  What a chunk has too few series for is many times the same.
 */
#include <stdlib.h>

#include "ar/private.h"
#include "base/le.h"
#include "base/mem.h"
#include "subject.h"

enum { UNITS_A_BATCH = 4 };

struct bench {
	const struct feed *feed;
	struct ar_config cfg;
	struct private how;
	struct units units;
	struct lesson lesson;
	struct ar_private *p;
	uint32_t *sample;
	uint64_t step;
};

static void
make_units(struct bench *b)
{
	uint32_t i, n = (uint32_t)b->cfg.batch_size * UNITS_A_BATCH;

	b->units.n = n;
	b->units.first = xcalloc((size_t)n + 1, sizeof *b->units.first);
	b->units.series = xcalloc(n, sizeof *b->units.series);
	b->sample = xcalloc(n, sizeof *b->sample);
	for (i = 0; i < n; i++) {
		b->units.series[i] = i % (uint32_t)b->feed->chunk[0].n;
		b->units.first[i + 1] = i + 1;
	}
}

static void *
open_bench(const struct feed *f, struct pool *pool, int batch, struct ns_err *e)
{
	struct bench *b = xcalloc(1, sizeof *b);

	b->feed = f;
	hypers_default(&ar_hypers, &b->cfg);
	b->cfg.dropout = b->cfg.hold_out = 0;
	if (batch > 0)
		b->cfg.batch_size = batch;
	make_units(b);
	b->how = (struct private){.rate = 1. / UNITS_A_BATCH,
	    .nominal = b->cfg.batch_size,
	    .clip = 1,
	    .sigma = 1,
	    .max_series = 1,
	    .count_sigma = 1};
	dp_key_insecure(&b->how.key, SEED);
	b->lesson = (struct lesson){.feed = f,
	    .chunk = &f->chunk[0],
	    .n = 1,
	    .config = &b->cfg,
	    .pool = pool,
	    .seed = SEED,
	    .private = &b->how,
	    .units = &b->units};
	b->p = ar_private_begin(&b->lesson, e);
	return b->p != NULL ? b : NULL;
}

static int
step(void *bench, struct ns_err *e)
{
	struct bench *b = bench;
	struct ar_health h;

	return ar_private_step(b->p, b->step++, 0, &h, e);
}

/* Rows of the sample that was just learnt; its products are not listed. */
static double
products(const void *bench, struct products *q)
{
	const struct bench *b = bench;
	const struct feed_chunk *c = &b->feed->chunk[0];
	size_t n, i;
	double rows = 0;

	q->n = 0;
	q->needed = 0;
	n = dp_poisson(&b->how.key, b->step - 1, b->how.rate, b->units.n, b->sample);
	for (i = 0; i < n; i++)
		rows +=
		    get_le32(feed_record(b->feed, c, b->units.series[b->sample[i]]) +
			b->feed->schema.attr_bytes);
	return rows;
}

static void
close_bench(void *bench)
{
	struct bench *b = bench;
	struct ar *m = ar_private_net(b->p);

	ar_private_free(b->p);
	ar_free(m);
	free(b->units.first);
	free(b->units.series);
	free(b->sample);
	free(b);
}

const struct subject likelihood_private_subject = {
    .kind = "autoregressive-private",
    .open = open_bench,
    .step = step,
    .products = products,
    .close = close_bench,
};
