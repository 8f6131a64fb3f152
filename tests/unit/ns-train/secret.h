/*
 * secret.h: a small private trace in memory, of units that have one to four series
 * each, and the autoregressive kind that learns it.
 */
#ifndef TEST_SECRET_H
#define TEST_SECRET_H

#include "../../../tools/ns-train/ar/private.h"
#include "likely.h"
#include "nn/sums.h"

enum { OF_UNIT = 4, UNITS = 120, MOST_STEPS = 1000 };

struct secret {
	struct tensor_schema s;
	struct feed feed;
	struct feed_chunk chunk[2];
	uint8_t *bytes;
	struct units units;
	struct private how;
	struct ar_config cfg;
	struct lesson lesson;
	struct pool *pool;
	struct ar_private *p;
	struct ar *m;
};

/* Series of each unit: as many as its number says, the first unit all zeros, each
 * second one after that a copy of the one before. */
static inline int
secret_size(uint32_t unit)
{
	return 1 + (int)(unit / 2 % OF_UNIT);
}

static inline uint32_t
secret_length(uint32_t unit, int i)
{
	return 1 + (unit / 2 * 7 + (uint32_t)i * 5) % 20;
}

static inline size_t
secret_record(const struct tensor_schema *s, uint8_t *to, uint32_t unit, int i)
{
	uint32_t n = secret_length(unit, i);
	size_t bytes = s->attr_bytes + 4 + n * s->feat_bytes;
	const uint8_t *rec;
	struct rng r;

	rng_init(&r, 31, unit / 2 * OF_UNIT + (uint32_t)i);
	rec = likely_record(s, n, &r);
	memcpy(to, rec, bytes);
	free((void *)(uintptr_t)rec);
	if (unit < 2) {
		memset(to, 0, bytes);
		put_le32(to + s->attr_bytes, n);
	}
	return bytes;
}

/* The series of a unit alternate between the chunks. */
static inline void
secret_series(struct secret *w)
{
	uint32_t all = 0, u, *at, n[2] = {0, 0};
	size_t byte = 0;
	int i, c;

	w->bytes = xcalloc(UNITS * OF_UNIT, 64);
	w->feed.map = w->bytes;
	for (c = 0; c < 2; c++)
		w->chunk[c].at = xcalloc(UNITS * OF_UNIT, sizeof *w->chunk[c].at);
	for (u = 0; u < UNITS; u++)
		for (i = 0; i < secret_size(u); i++) {
			c = (int)(u + (uint32_t)i) % 2;
			w->chunk[c].at[w->chunk[c].n++] = byte;
			byte += secret_record(&w->s, w->bytes + byte, u, i);
			all++;
		}
	w->units = (struct units){UNITS, xcalloc(UNITS + 1, sizeof(uint32_t)),
	    xcalloc(all, sizeof(uint32_t))};
	at = w->units.series;
	for (u = 0; u < UNITS; u++) {
		for (i = 0; i < secret_size(u); i++) {
			c = (int)(u + (uint32_t)i) % 2;
			*at++ = n[c]++ + (c == 1 ? (uint32_t)w->chunk[0].n : 0);
		}
		w->units.first[u + 1] = (uint32_t)(at - w->units.series);
	}
}

static inline void
secret_begin(struct secret *w)
{
	struct ns_err e;

	w->p = ar_private_begin(&w->lesson, &e);
	assert_non_null(w->p);
	w->m = ar_private_net(w->p);
}

static inline void
secret_end(struct secret *w)
{
	ar_private_free(w->p);
	ar_free(w->m);
}

/* Rows of a tape are enough for 8 series, so that a batch takes many. */
static inline void
secret_open(struct secret *w, int threads)
{
	int c;

	gemm_start();
	memset(w, 0, sizeof *w);
	likely_schema(&w->s);
	w->feed.schema = w->s;
	secret_series(w);
	for (c = 0; c < 2; c++) {
		w->chunk[c].carry.index = c;
		w->chunk[c].carry.count = 2;
		w->chunk[c].carry.max_steps = MOST_STEPS;
	}
	likely_config(&w->cfg, &ar_hypers);
	w->cfg.dropout = 0;
	w->cfg.beta1 = 0; /* the mean of gradients is the gradient */
	w->how = (struct private){.rate = .5,
	    .nominal = 64,
	    .clip = 1,
	    .sigma = 0,
	    .max_series = OF_UNIT,
	    .count_sigma = 1};
	dp_key_insecure(&w->how.key, 5);
	w->pool = pool_new(threads);
	w->lesson = (struct lesson){.feed = &w->feed,
	    .chunk = w->chunk,
	    .n = 2,
	    .config = &w->cfg,
	    .pool = w->pool,
	    .seed = 7,
	    .private = &w->how,
	    .units = &w->units};
	secret_begin(w);
}

static inline void
secret_close(struct secret *w)
{
	int c;

	secret_end(w);
	pool_free(w->pool);
	for (c = 0; c < 2; c++)
		free(w->chunk[c].at);
	free(w->units.first);
	free(w->units.series);
	free(w->bytes);
	tensor_schema_free(&w->s);
}

/* Weights that are not at their start; blown up by so much. */
static inline void
secret_shake(struct secret *w, uint64_t seed, double by)
{
	struct rng r;
	size_t i;

	rng_init(&r, seed, 1);
	for (i = 0; i < w->m->n_train; i++)
		w->m->block[i] = (real)(by * .3 * rng_normal(&r));
}

/* The gradient of one unit by a tape that has no sink, added to to (n_train), as much
 * of it as a unit may give; returns its length. */
static inline double
secret_add(struct secret *w, uint32_t unit, double *to)
{
	struct tape *t = tape_new(w->m, OF_UNIT, 20);
	struct ar_series *series = lesson_series(&w->lesson);
	struct dropout none = {0};
	struct tape_loss loss = {0};
	struct lane lane[OF_UNIT];
	uint32_t first = w->units.first[unit], i;
	int n = (int)(w->units.first[unit + 1] - first);
	double length, part;
	size_t k;

	t->frozen = true;
	for (i = 0; i < (uint32_t)n; i++) {
		lane[i] = (struct lane){.series = &series[w->units.series[first + i]]};
		lane[i].n = lane[i].series->length;
	}
	tape_load(t, lane, n);
	tape_run(t, NULL, NULL, false, true, 1, &none, &loss);
	length = sqrt(sum_squares(t->grad_block, w->m->n_train));
	part = w->how.clip * PRIVATE_CLIPPED / length;
	for (k = 0; k < w->m->n_train; k++)
		to[k] += (part < 1 ? part : 1) * (double)t->grad_block[k];
	free(series);
	tape_free(t);
	return length;
}

/* An array of the state, by the prefix of its names: n_train numbers, for free(). */
static inline real *
secret_state(const struct secret *w, const char *prefix)
{
	static const char *const all[] = {"", "mean.", "square.", "average."};
	const struct nsr_schema s = {.kind = NSR_MODEL, .version = 1};
	real *got = xcalloc(w->m->n_all, sizeof *got);
	char path[] = "/tmp/secret-XXXXXX";
	struct nsr_writer *writer;
	struct nsr_reader *r;
	struct ns_err e;
	struct out *o;
	size_t i;

	close(mkstemp(path));
	o = out_open(path, true, &e);
	assert_non_null(o);
	writer = nsr_writer_new(o, 0);
	assert_int_equal(nsr_begin(writer, &s, &e), NS_OK);
	assert_int_equal(ar_private_put(w->p, writer, &e), NS_OK);
	assert_int_equal(nsr_end(writer, &e), NS_OK);
	nsr_writer_free(writer);
	assert_int_equal(out_commit(o, &e), NS_OK);
	r = nsr_reader_new(in_open(path, &e), path);
	assert_int_equal(nsr_stream(r, &e), 1);
	for (i = 0; i < LEN(all); i++) {
		assert_int_equal(params_get(&w->m->params, r, all[i], got,
				     i == 0 ? w->m->n_all : w->m->n_train, &e),
		    NS_OK);
		if (strcmp(all[i], prefix) == 0)
			break;
	}
	assert_true(i < LEN(all));
	nsr_reader_free(r);
	unlink(path);
	return got;
}

#endif
