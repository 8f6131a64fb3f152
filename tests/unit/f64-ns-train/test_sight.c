/* What critics see of windows: rows of embeddings, there and back, in double. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "adv/sight.h"
#include "codes.h"
#include "reference.h"

enum { OCTET_SYMBOL = 1, WIDE = 400 };

struct view {
	struct world *w;
	struct sight s, grad;
	struct params list;
	real *block, *grad_block;
	struct codes c;
	int in;
};

static struct view *
view_new(bool steps)
{
	struct view *v = xcalloc(1, sizeof *v);
	struct rng r;
	size_t n;

	rng_init(&r, 51, 0);
	v->w = world_new(2);
	n = sight_layout(&v->s, v->w->m, steps, NULL, &v->list, "it");
	sight_free(&v->s);
	v->block = xcalloc(n, sizeof *v->block);
	v->grad_block = xcalloc(n, sizeof *v->grad_block);
	sight_layout(&v->s, v->w->m, steps, v->block, NULL, "it");
	sight_layout(&v->grad, v->w->m, steps, v->grad_block, NULL, "it");
	fill_weights(&v->list, v->block);
	v->in = v->s.attr + WINDOW * v->s.block;
	assert_true(v->in <= WIDE);
	codes_init(&v->c, v->w->m, LANES, WINDOW);
	codes_random(&v->c, v->w, &r);
	return v;
}

static void
view_free(struct view *v)
{
	codes_free(&v->c);
	sight_free(&v->s);
	sight_free(&v->grad);
	params_free(&v->list);
	free(v->block);
	free(v->grad_block);
	world_free(v->w);
	free(v);
}

/* ---- By definition ---- */

static const real *
entry(const struct view *v, const char *table, int code, int e)
{
	char name[PARAM_NAME];
	int i;

	snprintf(name, sizeof name, "it.%s", table);
	for (i = 0; i < v->list.n; i++)
		if (strcmp(v->list.v[i].name, name) == 0) {
			assert_true((size_t)((code + 1) * e) <= v->list.v[i].n);
			return v->block + v->list.v[i].off + code * e;
		}
	fail_msg("no table '%s'", name);
	return NULL;
}

static const real *
of_symbol(const struct view *v, int i, int code)
{
	static const real none[64];
	char table[32];

	if (i == OCTET_SYMBOL) /* not seen */
		return none;
	snprintf(table, sizeof table, "embed.%d", i);
	return entry(v, table, code, v->w->m->sym.sym[i].e);
}

static int
put(real *x, int at, const real *from, int n)
{
	memcpy(x + at, from, (size_t)n * sizeof *x);
	return at + n;
}

/* Returns the columns of lane i. */
static int
by_definition(const struct view *v, int i, real *x)
{
	const struct codes *c = &v->c;
	const struct ar *m = v->w->m;
	int at, j, t;

	at = put(x, 0, entry(v, "chunk", c->chunk[i], 8), 8);
	at = put(x, at, entry(v, "length", c->length[i], 16), 16);
	if (v->s.steps)
		at = put(x, at, entry(v, "first", c->first[i], 12), 12);
	for (j = 0; j < m->P; j++)
		at = put(x, at, of_symbol(v, j, codes_attr(c, i)[j]), m->sym.sym[j].e);
	for (t = 0; v->s.steps && t < c->n[i]; t++)
		for (j = 0; j < m->M; j++)
			at = put(x, at, of_symbol(v, m->P + j, codes_step(c, i, t)[j]),
			    m->sym.sym[m->P + j].e);
	return at;
}

/* ---- Tests ---- */

/* Behind the last step of a window nothing is written. */
static void
check_rows(bool steps)
{
	struct view *v = view_new(steps);
	real x[WIDE], want[WIDE];
	int i, j, n;

	for (i = 0; i < LANES; i++) {
		for (j = 0; j < WIDE; j++)
			x[j] = want[j] = 0; /* as octets are */
		n = by_definition(v, i, want);
		sight_row(&v->s, &v->c, i, x);
		assert_memory_equal(x, want, sizeof x);
		assert_int_equal(n, v->s.attr + (steps ? v->c.n[i] : 0) * v->s.block);
	}
	view_free(v);
}

static void
rows_are_embeddings(void **state)
{
	(void)state;
	check_rows(true);
	check_rows(false);
}

/* Sum over all rows of what the gradient g says of them. */
static double
said(const struct view *v, const real *g)
{
	real x[WIDE];
	double sum = 0;
	int i, j, n;

	for (i = 0; i < LANES; i++) {
		n = by_definition(v, i, x);
		for (j = 0; j < n; j++)
			sum += g[i * WIDE + j] * x[j];
	}
	return sum;
}

static void
check_tables(bool steps)
{
	static real g[LANES * WIDE], was[LANES * WIDE];
	struct view *v = view_new(steps);
	double up, down, keep;
	size_t k, moved = 0;
	struct rng r;
	int i;

	rng_init(&r, 52, 0);
	for (i = 0; i < LANES * WIDE; i++)
		g[i] = was[i] = rng_normal(&r);
	for (k = 0; k < v->list.total; k++)
		v->grad_block[k] = 2; /* added to what is there */
	for (i = 0; i < LANES; i++)
		sight_row_backward(&v->grad, &v->c, i, g + i * WIDE);
	assert_memory_equal(g, was, sizeof g);
	for (k = 0; k < v->list.total; k++) {
		keep = v->block[k];
		v->block[k] = keep + 1;
		up = said(v, g);
		v->block[k] = keep - 1;
		down = said(v, g);
		v->block[k] = keep;
		assert_true(fabs((up - down) / 2 - (v->grad_block[k] - 2)) < 1e-10);
		moved += up != down;
	}
	assert_true(moved > 100);
	view_free(v);
}

static void
tables_get_their_gradient(void **state)
{
	(void)state;
	check_tables(true);
	check_tables(false);
}

/* d[c] += <g, E[c]>, which is what a row changes by from code to code. */
static void
check_codes(const struct view *v, int i, int at)
{
	const struct ar *m = v->w->m;
	int k = m->sym.sym[i].k, e = m->sym.sym[i].e, r, c, j;
	int col = i < m->P ? v->s.attr - m->sym.attr_width + m->sym.sym[i].x
			   : v->s.attr + at * v->s.block + m->sym.sym[i].x;
	static real x[3 * WIDE], d[3 * 64], scratch[3 * 64];
	const real *const rows[3] = {x + WIDE, x, x + 2 * WIDE};
	double want;
	struct rng rng;

	assert_true(k <= 64 && e <= 64);
	rng_init(&rng, 53, (uint64_t)(i * 8 + at));
	for (j = 0; j < 3 * WIDE; j++)
		x[j] = rng_normal(&rng);
	for (j = 0; j < 3 * 64; j++)
		d[j] = j;
	sight_codes(&v->s, i, at, rows, 3, d, scratch);
	for (r = 0; r < 3; r++)
		for (c = 0; c < k; c++) {
			for (want = r * k + c, j = 0; j < e; j++)
				want += rows[r][col + j] * of_symbol(v, i, c)[j];
			assert_true(fabs(d[r * k + c] - want) < 1e-10);
		}
	for (j = 3 * k; j < 3 * 64; j++)
		assert_true(d[j] == j);
}

static void
codes_get_their_gradient(void **state)
{
	struct view *v;
	int i, t;

	(void)state;
	v = view_new(true);
	for (i = 0; i < v->w->m->P; i++)
		check_codes(v, i, 0);
	for (; i < v->w->m->P + v->w->m->M; i++)
		for (t = 0; t < WINDOW; t++)
			check_codes(v, i, t);
	view_free(v);
	v = view_new(false);
	for (i = 0; i < v->w->m->P; i++)
		check_codes(v, i, 0);
	view_free(v);
}

/* Every embedding has length 1 at the start, and none is like another. */
static void
begins_with_unit_rows(void **state)
{
	struct view *v = view_new(true);
	const struct ar *m = v->w->m;
	const struct param *p;
	struct rng r;
	double sum;
	size_t j, at;
	int i, e, rows = 0;

	(void)state;
	rng_init(&r, 54, 0);
	sight_init(&v->s, &r);
	for (i = 0; i < v->list.n; i++) {
		p = &v->list.v[i];
		e = i == 0 ? 8 : i == 1 ? 16 : i == 2 ? 12 : 0;
		if (i > 2) /* the octet has none */
			e = m->sym.sym[i - 3 + (i - 3 >= OCTET_SYMBOL)].e;
		for (at = 0; at < p->n; at += (size_t)e, rows++) {
			for (sum = 0, j = 0; j < (size_t)e; j++)
				sum += v->block[p->off + at + j] *
				    v->block[p->off + at + j];
			assert_true(fabs(sum - 1) < 1e-9);
			assert_true(at == 0 ||
			    v->block[p->off + at] != v->block[p->off + at - (size_t)e]);
		}
	}
	/* chunks, lengths, places; port, bits; flags, size, gap */
	assert_int_equal(rows, 2 + 256 + 64 + 3 + 6 + 5 + 21 + 3);
	view_free(v);
}

/* What a lane is, as codes: the record's, 0 steps where its window is held out. */
static void
codes_are_those_of_the_record(void **state)
{
	struct view *v = view_new(true);
	const struct ar *m = v->w->m;
	uint16_t want[8];
	struct lane *a;
	int i, t;

	(void)state;
	v->w->lane[4].held = true;
	for (i = 0; i < LANES; i++) {
		a = &v->w->lane[i];
		codes_read(&v->c, m, i, a);
		assert_int_equal(v->c.chunk[i], i % 2);
		assert_int_equal(v->c.length[i], length_code(lengths[i]));
		assert_int_equal(v->c.first[i], place_code(firsts[i]));
		assert_int_equal(v->c.n[i], i == 4 ? 0 : a->n);
		symbols_read(m->sym.sym, m->P, a->series->rec, want);
		assert_memory_equal(codes_attr(&v->c, i), want,
		    (size_t)m->P * sizeof *want);
		for (t = 0; t < v->c.n[i]; t++) {
			symbols_read(m->sym.sym + m->P, m->M,
			    a->series->rec + v->w->s.attr_bytes + 4 +
				(a->first + (uint32_t)t) * v->w->s.feat_bytes,
			    want);
			assert_memory_equal(codes_step(&v->c, i, t), want,
			    (size_t)m->M * sizeof *want);
		}
	}
	view_free(v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rows_are_embeddings),
	    cmocka_unit_test(tables_get_their_gradient),
	    cmocka_unit_test(codes_get_their_gradient),
	    cmocka_unit_test(begins_with_unit_rows),
	    cmocka_unit_test(codes_are_those_of_the_record),
	};

	return cmocka_run_group_tests_name("sight", tests, NULL, NULL);
}
