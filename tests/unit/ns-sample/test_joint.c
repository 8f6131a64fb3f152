/* Series are drawn as often as the model says: the joint distribution of all symbols of
 * small series, by asking the nets for every one of them, against a million draws. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ar/attrs.h"
#include "ar/series.h"
#include "base/le.h"
#include "base/mem.h"
#include "chi.h"
#include "nets.h"
#include "nn/embed.h"
#include "nn/gemm.h"
#include "nn/lstm.h"

/*
 * Symbols: two attributes, of which the first limits or fixes the second, and a step of
 * a size, which the second attribute limits, and a gap, which the size and being first
 * limit. Series have one or two steps; a cell is one way a series may be.
 */
enum {
	A0 = 3,
	A1 = 4,
	SIZES = 3,
	GAPS = 3,
	STEPS = SIZES * GAPS,
	ATTRS = A0 * A1,
	CELLS = ATTRS * STEPS * STEPS,
	CHUNK = 1,
	PARTS = 5, /* of the address, in worlds that have one */
	BINS = 16
};

struct world {
	struct tensor_schema s;
	struct ar *m;
	double temperature;
	double p[2][CELLS]; /* by the number of steps */
	uint64_t count[2][CELLS];
	uint64_t places[BINS]; /* of the real field */
};

/* ---- The world ---- */

static void
add_masks(struct tensor_schema *s)
{
	const int size = s->n_attr, gap = size + 1;
	struct tensor_mask *k;
	int i;

	k = tensor_masks_add(&s->masks, s, 0, 1);
	for (i = 0; i < A0; i++)
		mask_row(k, i, i == 0 ? 4 : i, (const uint8_t[]){3, 1, 0, 2});
	k = tensor_masks_add(&s->masks, s, 1, size);
	for (i = 0; i < A1; i++)
		mask_row(k, i, i == 0 ? 2 : 3, (const uint8_t[]){0, 1, 2});
	k = tensor_masks_add(&s->masks, s, MASK_STEP, gap);
	mask_row(k, 0, 2, (const uint8_t[]){0, 1});
	mask_row(k, 1, 2, (const uint8_t[]){1, 2});
	k = tensor_masks_add(&s->masks, s, size, gap);
	for (i = 0; i < SIZES; i++)
		mask_row(k, i, i == 1 ? 2 : 3, (const uint8_t[]){0, 2, 1});
}

/*
 * alone: rows are drawn one by one, as those of a client's port are, and have an
 * address behind it that makes them differ: any of 2^25, on which nothing else depends.
 */
static struct world *
world_new(bool alone, double temperature, uint64_t seed)
{
	struct world *w = xcalloc(1, sizeof *w);
	char name[16] = "src_ip.0";
	int i;

	w->temperature = temperature;
	tensor_schema_init(&w->s);
	tensor_schema_add(&w->s, NSR_ATTRIBUTE, alone ? "client.0" : "label",
	    NSR_CATEGORY, A0, "");
	tensor_schema_add(&w->s, NSR_ATTRIBUTE, alone ? "client.1" : "kind",
	    NSR_CATEGORY, A1, "");
	for (i = 0; i < PARTS && alone; i++) {
		name[7] = (char)('0' + i);
		tensor_schema_add(&w->s, NSR_ATTRIBUTE, name, NSR_CATEGORY, 32, "");
	}
	tensor_schema_add(&w->s, NSR_FEATURE, "size", NSR_CATEGORY, SIZES, "");
	tensor_schema_add(&w->s, NSR_FEATURE, "gap", NSR_CATEGORY, GAPS, "");
	tensor_schema_add(&w->s, NSR_FEATURE, "gap.pos", NSR_REAL, 1, "");
	add_masks(&w->s);
	w->m = net_make(&w->s, 2, .4, seed);
	for (i = 2; i < w->m->P; i++)
		net_make_even(w->m, i);
	return w;
}

static void
world_free(struct world *w)
{
	ar_free(w->m);
	tensor_schema_free(&w->s);
	free(w);
}

/* ---- What the model says ---- */

/* One series, as far as its symbols are decided. */
struct path {
	int length;
	double *cells; /* of this length */
	uint16_t attr[2 + PARTS], step[2];
	real x[256], gates[64], heads[64];
};

/* Logits y (k) of symbol i become the probabilities of what may follow. */
static void
decide(const struct world *w, const struct path *q, int i, bool later, real *y)
{
	int k = w->m->sym.sym[i].k, j;
	uint8_t allow[1][CHOICE_SET];
	double sum = 0;
	uint16_t only;

	symbols_allow(&w->m->sym, i, q->attr, q->step, later, allow[0], &only);
	choice_forward(y, k, allow, 1, k);
	for (j = 0; j < k; j++)
		sum += pow((double)y[j], 1 / w->temperature);
	for (j = 0; j < k; j++)
		y[j] = (real)(pow((double)y[j], 1 / w->temperature) / sum);
}

/* All ways the steps from at on can go, from a cell that is begun with probability p.
 */
static void
add_steps(const struct world *w, struct path *q, int at, const real *h, const real *c,
    double p, int cell)
{
	const struct ar *m = w->m;
	uint16_t left = (uint16_t)place_code((uint32_t)(q->length - at));
	uint16_t done = (uint16_t)place_code((uint32_t)at), prev[2], s, g;
	real in[64], gates[64], h2[6], c2[6], hid[64], emb[64], size[3], gap[3];

	if (at == q->length) {
		q->cells[cell] += p;
		return;
	}
	memcpy(prev, q->step, sizeof prev);
	ar_step_input(m, in, prev, &left, &done, 1);
	memcpy(gates, q->gates, sizeof gates);
	ar_gates(m, gates, in, 1);
	lstm_step(h2, c2, gates, h, c, m->net.w_h, 1, m->H);
	memcpy(hid, q->heads, sizeof hid);
	ar_heads(m, hid, h2, 1);
	ar_head(m, 0, hid, m->U, emb, 1, size, NULL);
	decide(w, q, m->P, at > 0, size);
	for (s = 0; s < SIZES; s++) {
		if (!(size[s] > 0))
			continue;
		q->step[0] = s; /* that the gap's mask asks for */
		embed_forward(emb, m->R, m->net.embed[0], m->sym.sym[m->P].e, &s, 1, 1);
		memcpy(hid, q->heads, sizeof hid);
		ar_heads(m, hid, h2, 1);
		ar_head(m, 1, hid + m->U, m->U, emb, 1, gap, NULL);
		decide(w, q, m->P + 1, at > 0, gap);
		for (g = 0; g < GAPS; g++) {
			q->step[1] = g;
			if (gap[g] > 0)
				add_steps(w, q, at + 1, h2, c2,
				    p * (double)size[s] * (double)gap[g],
				    (cell * SIZES + s) * GAPS + g);
		}
	}
	memcpy(q->step, prev, sizeof prev);
}

static void
add_series(const struct world *w, struct path *q, double p)
{
	const uint16_t chunk = CHUNK,
		       length = (uint16_t)length_code((uint32_t)q->length);
	const real zero[6] = {0};
	real ctx[8];

	ar_embed(w->m, &w->m->net.reads, q->x, &chunk, &length, q->attr, 1);
	ar_context(w->m, q->x, 1, ctx, q->gates, q->heads);
	add_steps(w, q, 0, zero, zero, p, q->attr[0] * A1 + q->attr[1]);
}

static void
pick(const struct world *w, struct path *q, int i, real *y)
{
	const uint16_t chunk = CHUNK,
		       length = (uint16_t)length_code((uint32_t)q->length);
	real h1[8], h2[8];

	ar_embed(w->m, &w->m->net.pick[i].reads, q->x, &chunk, &length, q->attr, 1);
	ar_pick(w->m, i, q->x, 1, h1, h2, y, NULL);
	decide(w, q, i, false, y);
}

static void
enumerate(struct world *w)
{
	real first[A0], second[A1];
	struct path q = {0};
	uint16_t a, b;

	for (q.length = 1; q.length <= 2; q.length++) {
		q.cells = w->p[q.length - 1];
		pick(w, &q, 0, first);
		for (a = 0; a < A0; a++) {
			q.attr[0] = a;
			pick(w, &q, 1, second);
			for (b = 0; b < A1; b++) {
				q.attr[1] = b;
				if (second[b] > 0)
					add_series(w, &q,
					    (double)first[a] * (double)second[b]);
			}
		}
	}
}

/* ---- What is drawn ---- */

static void
count_record(struct world *w, const uint8_t *rec, size_t len)
{
	uint32_t steps, t;
	const uint8_t *p = rec + w->s.attr_bytes + 4;
	int cell = rec[0] * A1 + rec[1];
	struct ns_err e;

	assert_int_equal(tensor_check(&w->s, rec, len, &steps, &e), NS_OK);
	assert_in_range(steps, 1, 2);
	for (t = 0; t < steps; t++, p += w->s.feat_bytes) {
		cell = (cell * SIZES + p[0]) * GAPS + p[1];
		w->places[(int)(get_lef32(p + 2) * BINS)]++;
	}
	w->count[steps - 1][cell]++;
}

/* The rows of a block of attributes, from the last, become series. */
static void
make_series(struct world *w, struct series_maker *maker, const struct attrs *a, int n,
    struct buf *rec, struct rng *r)
{
	uint32_t length[SERIES_ROWS];
	uint16_t attr[SERIES_ROWS * (2 + PARTS)];
	size_t P = (size_t)w->m->P;
	int end, rows, i;

	for (end = n; end > 0; end -= rows) {
		rows = end < SERIES_ROWS ? end : SERIES_ROWS;
		for (i = 0; i < rows; i++) {
			length[i] = a->length[end - 1 - i] + 1u;
			memcpy(attr + (size_t)i * P,
			    a->code + (size_t)(end - 1 - i) * P, P * sizeof *attr);
			rec[i].len = 0;
		}
		series_make(maker, CHUNK, length, attr, rows, rec, r);
		for (i = 0; i < rows; i++)
			count_record(w, rec[i].p, rec[i].len);
	}
}

typedef void block_fn(const struct world *w, const struct attrs *a, int n);

/* draws series, half of them of one step; check sees the attributes of every block. */
static void
draw(struct world *w, int draws, block_fn *check, uint64_t seed)
{
	struct buf rec[SERIES_ROWS];
	struct series_maker maker;
	uint16_t length[ATTR_ROWS];
	struct attrs a;
	struct rng r;
	int i, n;

	memset(rec, 0, sizeof rec);
	attrs_init(&a, w->m, NULL, NULL, w->temperature);
	series_maker_init(&maker, w->m, w->temperature);
	rng_init(&r, seed, 1);
	for (; draws > 0; draws -= n) {
		n = draws < ATTR_ROWS ? draws : ATTR_ROWS;
		for (i = 0; i < n; i++)
			length[i] = i >= n / 2;
		attrs_draw(&a, CHUNK, length, NULL, n, &r);
		check(w, &a, n);
		make_series(w, &maker, &a, n, rec, &r);
	}
	for (i = 0; i < SERIES_ROWS; i++)
		buf_free(&rec[i]);
	series_maker_free(&maker);
	attrs_free(&a);
}

/* ---- Tests ---- */

/* All five-tuples are new: the address has room for them. */
static void
all_are_added(const struct world *w, const struct attrs *a, int n)
{
	int r;

	(void)w;
	for (r = 0; r < n; r++)
		assert_int_equal(a->state[r], ATTR_ADDED);
}

/* Rows of one length: the first code as often as expected, and the second among those
 * of each first, give or take 1. */
static void
are_even(const struct world *w, const struct attrs *a, int from, int to, int steps)
{
	int count[ATTRS] = {0}, first[A0] = {0}, r, i, c;
	double p[ATTRS] = {0}, of_first[A0] = {0}, n = to - from;
	int each = steps == 1 ? STEPS : STEPS * STEPS;

	for (r = from; r < to; r++) {
		first[a->code[2 * r]]++;
		count[a->code[2 * r] * A1 + a->code[2 * r + 1]]++;
	}
	for (i = 0; i < ATTRS; i++)
		for (c = 0; c < each; c++)
			p[i] += w->p[steps - 1][i * each + c];
	for (i = 0; i < ATTRS; i++)
		of_first[i / A1] += p[i];
	for (i = 0; i < A0; i++)
		assert_true(fabs(first[i] - n * of_first[i]) < 1.01);
	for (i = 0; i < ATTRS; i++)
		assert_true(
		    fabs(count[i] - first[i / A1] * p[i] / of_first[i / A1]) < 1.01);
}

static void
blocks_are_even(const struct world *w, const struct attrs *a, int n)
{
	assert_int_equal(w->m->P, 2);
	are_even(w, a, 0, n / 2, 1);
	are_even(w, a, n / 2, n, 2);
}

static void
check(bool alone, double temperature, int draws, uint64_t seed)
{
	struct world *w = world_new(alone, temperature, seed);
	double even[BINS], z;
	int i, cells = 0;

	enumerate(w);
	draw(w, draws, alone ? all_are_added : blocks_are_even, seed);
	for (i = 0; i < CELLS; i++)
		cells += w->p[1][i] * draws / 2 > CHI_CELL;
	assert_true(cells > 80);
	for (i = 0; i < 2; i++) {
		z = chi_normal(w->count[i], w->p[i], CELLS);
		assert_true(z < CHI_RARE);
		assert_true(!alone || z > -CHI_RARE);
	}
	for (i = 0; i < BINS; i++)
		even[i] = 1;
	assert_true(fabs(chi_normal(w->places, even, BINS)) < CHI_RARE);
	world_free(w);
}

/* Probabilities of all ways a series may be sum to 1. */
static void
enumeration_is_whole(void **state)
{
	struct world *w = world_new(false, 1, 41);
	double sum[2] = {0};
	int i;

	(void)state;
	enumerate(w);
	for (i = 0; i < CELLS; i++) {
		sum[0] += w->p[0][i];
		sum[1] += w->p[1][i];
	}
	assert_true(fabs(sum[0] - 1) < 1e-5 && fabs(sum[1] - 1) < 1e-5);
	world_free(w);
}

static void
rows_drawn_one_by_one(void **state)
{
	(void)state;
	check(true, 1, 1000000, 41);
}

static void
rows_spread_evenly(void **state)
{
	(void)state;
	check(false, 1, 1000000, 42);
}

static void
temperature(void **state)
{
	(void)state;
	check(true, 1.5, 200000, 43);
	check(false, .8, 200000, 44);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(enumeration_is_whole),
	    cmocka_unit_test(rows_drawn_one_by_one),
	    cmocka_unit_test(rows_spread_evenly),
	    cmocka_unit_test(temperature),
	};

	gemm_start();
	return cmocka_run_group_tests_name("joint distribution", tests, NULL, NULL);
}
