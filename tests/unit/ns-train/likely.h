/*
 * likely.h: a small trace in memory and an autoregressive model that learns it.
 *
 * Attributes: a kind, a port and its octet, which a port other than 0 fixes or limits,
 * and one that is always the same.  A step: a size and a gap, which depend on nothing.
 */
#ifndef TEST_LIKELY_H
#define TEST_LIKELY_H

#include <stdlib.h>
#include <string.h>

#include "ar/learn.h"
#include "base/le.h"
#include "base/mem.h"
#include "nn/gemm.h"

enum { KIND, PORT, OCTET, SAME, ATTRS, SIZE = ATTRS, GAP, SYMBOLS };
enum { KINDS = 4, PORTS = 3, OCTETS = 8, SIZES = 5, GAPS = 3, WINDOW = 4 };

struct likely {
	struct tensor_schema s;
	struct ar *m;
	struct ar_series *series; /* (n) */
	size_t n;
	struct ar_learn *l;
};

static inline void
likely_schema(struct tensor_schema *s)
{
	struct tensor_mask *k;

	tensor_schema_init(s);
	tensor_schema_add(s, NSR_ATTRIBUTE, "kind", NSR_CATEGORY, KINDS, "");
	tensor_schema_add(s, NSR_ATTRIBUTE, "port", NSR_CATEGORY, PORTS, "");
	tensor_schema_add(s, NSR_ATTRIBUTE, "port.0", NSR_CATEGORY, OCTETS, "");
	tensor_schema_add(s, NSR_ATTRIBUTE, "same", NSR_CATEGORY, 1, "");
	tensor_schema_add(s, NSR_FEATURE, "size", NSR_CATEGORY, SIZES, "");
	tensor_schema_add(s, NSR_FEATURE, "gap", NSR_CATEGORY, GAPS, "");
	k = tensor_masks_add(&s->masks, s, PORT, OCTET);
	mask_set_all(k->allow[0], OCTETS);
	mask_set(k->allow[1], 5);
	mask_set(k->allow[2], 2);
	mask_set(k->allow[2], 3);
}

/* A record of length steps. */
static inline const uint8_t *
likely_record(const struct tensor_schema *s, uint32_t length, struct rng *r)
{
	uint8_t *rec = xcalloc(1, s->attr_bytes + 4 + length * s->feat_bytes), *p = rec;
	const uint8_t octet[PORTS] = {(uint8_t)rng_below(r, OCTETS), 5,
	    (uint8_t)(2 + rng_below(r, 2))};
	uint32_t i;

	p[KIND] = (uint8_t)rng_below(r, KINDS);
	p[PORT] = (uint8_t)rng_below(r, PORTS);
	p[OCTET] = octet[p[PORT]];
	put_le32(p + s->attr_bytes, length);
	p += s->attr_bytes + 4;
	for (i = 0; i < length; i++, p += s->feat_bytes) {
		p[0] = (uint8_t)rng_below(r, SIZES);
		p[1] = (uint8_t)rng_below(r, GAPS);
	}
	return rec;
}

/* Small layers; the batch is of two shards, whose parts of the weights do not end where
 * nets do. */
static inline void
likely_config(struct ar_config *c, const struct hypers *t)
{
	hypers_default(t, c);
	c->attr_units = c->ctx_units = c->head_units = c->lstm_units = 5;
	c->smooth = 0;
	c->batch_size = 256;
	c->window = WINDOW;
}

/* n series, every tenth so long that single windows of it are held out. */
static inline void
likely_open_with(struct likely *w, size_t n, const struct ar_config *c,
    struct pool *pool)
{
	struct ns_err e;
	struct rng r;
	size_t i;

	gemm_start();
	memset(w, 0, sizeof *w);
	likely_schema(&w->s);
	w->m = ar_new(&w->s, c, 2, &e);
	assert_non_null(w->m);
	rng_init(&r, 21, 0);
	ar_init(w->m, &r);
	w->n = n;
	w->series = xcalloc(n, sizeof *w->series);
	for (i = 0; i < n; i++) {
		w->series[i].length = i % 10 == 0 ? 20 : 1 + rng_below(&r, 6);
		w->series[i].rec = likely_record(&w->s, w->series[i].length, &r);
		w->series[i].number = (uint32_t)i;
		w->series[i].chunk = (uint16_t)(i % 2);
	}
	w->l = ar_learn_new(w->m, pool, w->series, n, 22, NULL);
}

static inline void
likely_open(struct likely *w, size_t n, double hold_out)
{
	struct ar_config c;

	likely_config(&c, &ar_hypers);
	c.hold_out = hold_out;
	likely_open_with(w, n, &c, NULL);
}

static inline void
likely_close(struct likely *w)
{
	size_t i;

	ar_learn_free(w->l);
	for (i = 0; i < w->n; i++)
		free((void *)(uintptr_t)w->series[i].rec);
	free(w->series);
	ar_free(w->m);
	tensor_schema_free(&w->s);
}

/* Weights (n_train) as a model has them in the end: lengths that were not counted are
 * read as others.  For free(). */
static inline real *
likely_filled(const struct ar_learn *l, const real *w)
{
	real *to = xcalloc(l->m->n_train, sizeof *to);
	struct ar like = *l->m;

	memcpy(to, w, l->m->n_train * sizeof *to);
	ar_view(l->m, to, &like.net);
	ar_fill_lengths(&like);
	ar_view_free(&like.net);
	return to;
}

/* The state of a training whose last judgement was held, as a stream of its own. */
static inline void
likely_put(const struct ar_learn *l, double held, const char *path)
{
	const struct nsr_schema s = {.kind = NSR_MODEL, .version = 1};
	struct ns_err e;
	struct out *o = out_open(path, true, &e);
	struct nsr_writer *w;

	assert_non_null(o);
	w = nsr_writer_new(o, 0);
	assert_int_equal(nsr_begin(w, &s, &e), NS_OK);
	assert_int_equal(ar_learn_put(l, held, w, &e), NS_OK);
	assert_int_equal(nsr_end(w, &e), NS_OK);
	nsr_writer_free(w);
	assert_int_equal(out_commit(o, &e), NS_OK);
}

#endif
