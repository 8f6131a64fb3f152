/*
 * reference.h: the small model and the records of tests/ref/ar_torch.py, made by the
 * same formulas, and how gradients are compared with its.  Behind the header of values.
 */
#ifndef TEST_REFERENCE_H
#define TEST_REFERENCE_H

#include <stdlib.h>
#include <string.h>

#include "ar/tape.h"
#include "base/le.h"
#include "base/mem.h"
#include "nn/gemm.h"

enum { LANES = 6, WINDOW = 4, H = 6, SIZES = 21 };

static const uint32_t lengths[LANES] = {3, 9, 1, 4, 7, 30};
static const uint32_t firsts[LANES] = {0, 4, 0, 0, 4, 16};

struct world {
	struct tensor_schema s;
	struct ar *m;
	struct tape *t;
	struct ar_series series[LANES];
	struct lane lane[LANES];
	real h[LANES * H], c[LANES * H];
};

/* ---- Masks and records ---- */

enum { PORT, OCTET, BITS, START, FLAGS, SIZE, GAP };

static inline void
add_fields(struct tensor_schema *s)
{
	tensor_schema_init(s);
	tensor_schema_add(s, NSR_ATTRIBUTE, "port", NSR_CATEGORY, 3, "");
	tensor_schema_add(s, NSR_ATTRIBUTE, "port.0", NSR_CATEGORY, 40, "");
	tensor_schema_add(s, NSR_ATTRIBUTE, "bits", NSR_BIT, 3, "");
	tensor_schema_add(s, NSR_ATTRIBUTE, "start", NSR_REAL, 1, "");
	tensor_schema_add(s, NSR_FEATURE, "flags", NSR_CATEGORY, 5, "");
	tensor_schema_add(s, NSR_FEATURE, "size", NSR_CATEGORY, SIZES, "");
	tensor_schema_add(s, NSR_FEATURE, "gap", NSR_CATEGORY, 3, "");
	tensor_schema_add(s, NSR_FEATURE, "gap.pos", NSR_REAL, 1, "");
}

static inline void
allow(struct tensor_mask *k, int row, int n, const uint8_t *codes)
{
	while (n-- > 0)
		mask_set(k->allow[row], codes[n]);
}

static inline void
add_masks(struct tensor_schema *s)
{
	struct tensor_masks *all = &s->masks;
	struct tensor_mask *k;
	uint32_t i, j;

	k = tensor_masks_add(all, s, PORT, OCTET);
	mask_set_all(k->allow[0], 40);
	allow(k, 1, 1, (const uint8_t[]){7});
	allow(k, 2, 2, (const uint8_t[]){14, 15});
	k = tensor_masks_add(all, s, MASK_ALWAYS, FLAGS);
	allow(k, 0, 4, (const uint8_t[]){0, 1, 2, 3});
	k = tensor_masks_add(all, s, PORT, FLAGS);
	mask_set_all(k->allow[0], 5);
	allow(k, 1, 4, (const uint8_t[]){0, 2, 3, 4});
	allow(k, 2, 1, (const uint8_t[]){2});
	k = tensor_masks_add(all, s, FLAGS, SIZE);
	for (i = 0; i < k->n; i++)
		for (j = 0; j < SIZES; j++)
			if (j % 3 != i % 3)
				mask_set(k->allow[i], j);
	k = tensor_masks_add(all, s, MASK_STEP, GAP);
	allow(k, 0, 1, (const uint8_t[]){0});
	allow(k, 1, 2, (const uint8_t[]){1, 2});
}

static inline void
put_attributes(uint32_t i, uint8_t *p)
{
	uint32_t port = i % 3;

	p[0] = (uint8_t)port;
	p[1] = (uint8_t)(port == 0 ? (11 * i + 5) % 40
				   : 7 * port + (port == 2 ? i % 2 : 0));
	p[2] = (uint8_t)((5 * i + 3) % 8 << 5);
}

static inline void
put_step(uint32_t i, uint32_t t, uint8_t *p)
{
	const uint8_t of_port_1[3] = {0, 2, 3};
	uint32_t flags = i % 3 == 0 ? (i + t) % 4
	    : i % 3 == 1            ? of_port_1[(i + 2 * t) % 3]
				    : 2;
	uint32_t size = (3 * i + 7 * t) % SIZES;

	p[0] = (uint8_t)flags;
	p[1] = (uint8_t)(size % 3 == flags % 3 ? (size + 1) % SIZES : size);
	p[2] = (uint8_t)(t == 0 ? 0 : 1 + (i + t) % 2);
}

static inline const uint8_t *
make_record(const struct tensor_schema *s, uint32_t i)
{
	size_t n = s->attr_bytes + 4 + lengths[i] * s->feat_bytes;
	uint8_t *rec = xcalloc(1, n);
	struct ns_err e;
	uint32_t t;

	put_attributes(i, rec);
	put_le32(rec + s->attr_bytes, lengths[i]);
	for (t = 0; t < lengths[i]; t++)
		put_step(i, t, rec + s->attr_bytes + 4 + t * s->feat_bytes);
	assert_int_equal(tensor_check(s, rec, n, &t, &e), NS_OK);
	assert_null(tensor_masks_broken(&s->masks, s, rec, t));
	return rec;
}

/* ---- The model ---- */

/* By name, so that the order of the arrays does not matter. */
static inline void
fill_weights(const struct params *list, real *block)
{
	const struct param *p;
	const char *c;
	unsigned seed;
	size_t j;
	int i;

	for (i = 0; i < list->n; i++) {
		p = &list->v[i];
		for (seed = 0, c = p->name; *c != '\0'; c++)
			seed = (seed * 31 + (unsigned char)*c) % 1009;
		for (j = 0; j < p->n; j++)
			block[p->off + j] = .3 * sin(.7 * (double)j + seed);
	}
}

static inline void
world_lanes(struct world *w, const uint32_t *first)
{
	uint32_t i, left;

	for (i = 0; i < LANES; i++) {
		left = lengths[i] - first[i];
		w->lane[i] = (struct lane){.series = &w->series[i],
		    .first = first[i],
		    .n = left < WINDOW ? left : WINDOW};
	}
}

/* smooth: as ar_config has it. */
static inline struct world *
world_new(int smooth)
{
	const struct ar_config cfg = {.attr_units = 7,
	    .ctx_units = 5,
	    .lstm_units = H,
	    .head_units = 8,
	    .batch_size = LANES,
	    .window = WINDOW,
	    .smooth = smooth};
	struct world *w = xcalloc(1, sizeof *w);
	struct ns_err e;
	uint32_t i;

	gemm_start();
	add_fields(&w->s);
	add_masks(&w->s);
	w->m = ar_new(&w->s, &cfg, 2, &e);
	assert_non_null(w->m);
	fill_weights(&w->m->params, w->m->block);
	w->t = tape_new(w->m, LANES, WINDOW);
	for (i = 0; i < LANES; i++)
		w->series[i] = (struct ar_series){.rec = make_record(&w->s, i),
		    .length = lengths[i],
		    .chunk = (uint16_t)(i % 2)};
	world_lanes(w, firsts);
	for (i = 0; i < LANES * H; i++) {
		w->h[i] = .5 * sin(.9 * i);
		w->c[i] = .5 * cos(.4 * i);
	}
	return w;
}

static inline void
world_free(struct world *w)
{
	int i;

	tape_free(w->t);
	ar_free(w->m);
	tensor_schema_free(&w->s);
	for (i = 0; i < LANES; i++)
		free((void *)(uintptr_t)w->series[i].rec);
	free(w);
}

#endif
