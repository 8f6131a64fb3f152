/*
 * world.h: models of a made-up trace as ns-sample reads them: from a stream, of two
 * chunks, of which the second has the weights of the first.
 */
#ifndef TEST_WORLD_H
#define TEST_WORLD_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "model/mstream.h"
#include "models.h"
#include "nets.h"
#include "sampler.h"

struct world {
	struct tensor_schema s;
	struct ar *m; /* what is in the stream */
	struct models models;
};

static inline void
world_put_model(const struct world *w, struct nsr_writer *wr, int chunk)
{
	char index[2] = {(char)('0' + chunk), '\0'};
	struct carry_meta meta[] = {
	    {"chunk.index", index},
	    {"chunk.count", "2"},
	    {"trace.max_steps", "1000"},
	    {"codec.hash", "0badcafe"},
	};
	struct carry c = {.meta = meta,
	    .n_meta = LEN(meta),
	    .n_series = 10,
	    .n_records = 20};
	struct model_same same = {0, params_crc(&w->m->params, w->m->block)};
	struct model_head h = {.kind = ar_kind.name,
	    .carry = &c,
	    .dicts = &c,
	    .schema = &w->s,
	    .hypers = &ar_hypers,
	    .config = chunk == 0 ? &w->m->cfg : NULL,
	    .same = chunk == 0 ? NULL : &same};
	struct ns_err e;

	assert_int_equal(model_begin(wr, &h, &e), NS_OK);
	assert_int_equal(tensor_masks_put(&w->s.masks, &w->s, wr, &e), NS_OK);
	if (chunk == 0)
		assert_int_equal(params_put(&w->m->params, wr, "", w->m->block,
				     w->m->n_all, &e),
		    NS_OK);
	assert_int_equal(nsr_end(wr, &e), NS_OK);
}

/* world_load: w's models, from w's net by way of a stream. */
static inline void
world_load(struct world *w)
{
	const struct model_kind *const kinds[] = {&ar_kind, NULL};
	char path[64], *inputs[2] = {path, NULL};
	struct nsr_writer *wr;
	struct ns_err e;
	struct out *o;
	int fd;

	snprintf(path, sizeof path, "%s/world-XXXXXX",
	    getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	close(fd);
	o = out_open(path, true, &e);
	wr = nsr_writer_new(o, 0);
	world_put_model(w, wr, 0);
	world_put_model(w, wr, 1);
	nsr_writer_free(wr);
	assert_int_equal(out_commit(o, &e), NS_OK);
	if (models_read(&w->models, inputs, kinds, NULL, &e) < 0)
		fail_msg("%s", e.msg);
	unlink(path);
}

static inline void
world_free(struct world *w)
{
	models_free(&w->models);
	ar_free(w->m);
	tensor_schema_free(&w->s);
	free(w);
}

/* world_sample: n series of a chunk; returns what the sampler does. */
static inline int
world_sample(const struct world *w, size_t chunk, uint64_t n, int threads,
    uint64_t seed, sampler_emit *emit, void *arg)
{
	const struct sampler_ops *ops = sampler_of(&ar_kind);
	struct pool *pool = pool_new(threads);
	const struct sampler_setup u = {&w->models, pool, seed, 0, 1};
	struct target t = {OF_SERIES, n};
	struct ns_err e;
	void *s = ops->begin(&u, &e);
	int rc = ops->chunk(s, chunk, &t, emit, arg, &e);

	ops->end(s);
	pool_free(pool);
	return rc;
}

static inline int
world_by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* count_distinct: how many different numbers v (n) has; sorts it. */
static inline uint64_t
count_distinct(uint64_t *v, uint64_t n)
{
	uint64_t i, distinct = n > 0;

	qsort(v, n, sizeof *v, world_by_value);
	for (i = 1; i < n; i++)
		distinct += v[i] != v[i - 1];
	return distinct;
}

#endif
