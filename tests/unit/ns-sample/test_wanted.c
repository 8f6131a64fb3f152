/* Series as they are asked for are those of the model that are so, each as often as the
 * model says: by asking its nets for all of them, against what the sampler draws. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ar/wanted.h"
#include "base/le.h"
#include "base/log.h"
#include "base/mem.h"
#include "chi.h"
#include "nn/gemm.h"
#include "world.h"

/* Three attributes that depend on each other and on the length, 1 or 2 steps; behind
 * them a client's port, any of 2^25, on which nothing depends. */
enum { LABELS = 3, KINDS = 4, MOODS = 3, ATTRS = 3, PARTS = 5, LENGTHS = 2 };
enum { ROWS = LABELS * KINDS * MOODS, CELLS = LENGTHS * ROWS, CHUNK = 0 };

struct case_of {
	struct world *w;
	struct tensor_masks *given; /* of the models */
	double p[CELLS];            /* of all series */
	double wanted;              /* how many of them are so */
	double p_wanted[CELLS];     /* of those that are */
	uint64_t count[CELLS], series, records;
};

static void
add_masks(struct tensor_schema *s)
{
	struct tensor_mask *k;
	int i;

	k = tensor_masks_add(&s->masks, s, 0, 1);
	for (i = 0; i < LABELS; i++)
		mask_row(k, i, i == 0 ? 4 : 3, (const uint8_t[]){3, 1, 0, 2});
	k = tensor_masks_add(&s->masks, s, 1, 2);
	for (i = 0; i < KINDS; i++)
		mask_row(k, i, i == 0 ? 1 : 3, (const uint8_t[]){2, 1, 0});
}

static struct world *
make_world(uint64_t seed)
{
	struct world *w = xcalloc(1, sizeof *w);
	char name[16] = "client.0";
	int i;

	tensor_schema_init(&w->s);
	tensor_schema_add(&w->s, NSR_ATTRIBUTE, "label", NSR_CATEGORY, LABELS, "");
	tensor_schema_add(&w->s, NSR_ATTRIBUTE, "kind", NSR_CATEGORY, KINDS, "");
	tensor_schema_add(&w->s, NSR_ATTRIBUTE, "mood", NSR_CATEGORY, MOODS, "");
	for (i = 0; i < PARTS; i++) {
		name[7] = (char)('0' + i);
		tensor_schema_add(&w->s, NSR_ATTRIBUTE, name, NSR_CATEGORY, 32, "");
	}
	tensor_schema_add(&w->s, NSR_FEATURE, "size", NSR_CATEGORY, 3, "");
	add_masks(&w->s);
	w->m = net_make(&w->s, 2, .3, seed);
	for (i = ATTRS; i < w->m->P; i++)
		net_make_even(w->m, i);
	for (i = 0; i < 2; i++) {
		w->m->lengths[i * LENGTH_CODES] = 3;
		w->m->lengths[i * LENGTH_CODES + 1] = 2;
	}
	world_load(w);
	return w;
}

/* ---- What the model says ---- */

/* Probabilities y of symbol i behind the codes attr. */
static void
ask(const struct ar *m, int i, uint16_t length, const uint16_t *attr, real *y)
{
	const uint16_t chunk = CHUNK;
	uint8_t allow[1][CHOICE_SET];
	real x[256], h1[8], h2[8];
	uint16_t only;

	ar_embed(m, &m->net.pick[i].reads, x, &chunk, &length, attr, 1);
	ar_pick(m, i, x, 1, h1, h2, y, NULL);
	symbols_allow(&m->sym, i, attr, NULL, false, allow[0], &only);
	choice_forward(y, m->sym.sym[i].k, allow, 1, m->sym.sym[i].k);
}

static void
enumerate(struct case_of *c)
{
	const struct ar *m = c->w->m;
	real p[ATTRS][KINDS];
	uint16_t a[ATTRS + PARTS] = {0}, n;
	int cell = 0;

	for (n = 0; n < LENGTHS; n++) {
		ask(m, 0, n, a, p[0]);
		for (a[0] = 0; a[0] < LABELS; a[0]++) {
			ask(m, 1, n, a, p[1]);
			for (a[1] = 0; a[1] < KINDS; a[1]++) {
				ask(m, 2, n, a, p[2]);
				for (a[2] = 0; a[2] < MOODS; a[2]++)
					c->p[cell++] = (n == 0 ? .6 : .4) *
					    (double)p[0][a[0]] * (double)p[1][a[1]] *
					    (double)p[2][a[2]];
			}
		}
	}
}

/* A cell's codes. */
static void
codes_of(int cell, uint8_t *code)
{
	code[2] = (uint8_t)(cell % MOODS);
	code[1] = (uint8_t)(cell / MOODS % KINDS);
	code[0] = (uint8_t)(cell / MOODS / KINDS % LABELS);
}

static bool
is_wanted(const struct tensor_masks *g, const uint8_t *code)
{
	int i, row;

	for (i = 0; i < g->n; i++) {
		row = g->mask[i].given < 0 ? 0 : code[g->mask[i].given];
		if (!mask_has(g->mask[i].allow[row], code[g->mask[i].of]))
			return false;
	}
	return true;
}

static void
find_wanted(struct case_of *c)
{
	uint8_t code[ATTRS];
	int i;

	c->wanted = 0;
	for (i = 0; i < CELLS; i++) {
		codes_of(i, code);
		c->p_wanted[i] = is_wanted(c->given, code) ? c->p[i] : 0;
		c->wanted += c->p_wanted[i];
	}
}

static void
case_init(struct case_of *c, uint64_t seed)
{
	memset(c, 0, sizeof *c);
	c->w = make_world(seed);
	c->given = &c->w->models.given;
	enumerate(c);
}

/* ---- What is wanted ---- */

static void
want_kind(struct case_of *c)
{
	struct tensor_mask *k = tensor_masks_add(c->given, &c->w->s, MASK_ALWAYS, 1);

	mask_row(k, 0, 2, (const uint8_t[]){0, 1});
	find_wanted(c);
}

static void
want_mood_by_label(struct case_of *c)
{
	struct tensor_mask *k = tensor_masks_add(c->given, &c->w->s, 0, 2);

	mask_row(k, 0, 1, (const uint8_t[]){1});
	mask_row(k, 1, 2, (const uint8_t[]){0, 1});
	mask_row(k, 2, 1, (const uint8_t[]){2});
	find_wanted(c);
}

/* Kind 0 has mood 2 alone. */
static void
want_what_never_is(struct case_of *c)
{
	struct tensor_mask *k = tensor_masks_add(c->given, &c->w->s, MASK_ALWAYS, 1);

	mask_row(k, 0, 1, (const uint8_t[]){0});
	k = tensor_masks_add(c->given, &c->w->s, MASK_ALWAYS, 2);
	mask_row(k, 0, 1, (const uint8_t[]){0});
	find_wanted(c);
}

/* ---- What is drawn ---- */

static int
count_series(void *arg, const uint8_t *rec, size_t len, struct ns_err *e)
{
	struct case_of *c = arg;
	uint32_t steps;
	int rc = tensor_check(&c->w->s, rec, len, &steps, e);

	assert_int_equal(rc, NS_OK);
	assert_in_range(steps, 1, LENGTHS);
	c->series++;
	c->records += steps;
	c->count[(((int)steps - 1) * LABELS + rec[0]) * KINDS * MOODS + rec[1] * MOODS +
	    rec[2]]++;
	return NS_OK;
}

/* One chunk for a target; counts are added to those of earlier calls. */
static int
draw(struct case_of *c, enum target_kind of, uint64_t n, uint64_t seed,
    struct ns_err *e)
{
	const struct sampler_ops *ops = sampler_of(&ar_kind);
	struct pool *pool = pool_new(1);
	const struct sampler_setup u = {&c->w->models, pool, seed, 0, 1};
	const struct target t = {of, n};
	void *s = ops->begin(&u, e);
	int rc = ops->chunk(s, CHUNK, &t, count_series, c, e);

	ops->end(s);
	pool_free(pool);
	return rc;
}

static void
draw_all(struct case_of *c, enum target_kind of, uint64_t n, uint64_t seed)
{
	struct ns_err e;

	if (draw(c, of, n, seed, &e) < 0)
		fail_msg("%s", e.msg);
}

static double
share(const struct case_of *c, uint64_t seed)
{
	const struct sampler_ops *ops = sampler_of(&ar_kind);
	struct pool *pool = pool_new(1);
	const struct sampler_setup u = {&c->w->models, pool, seed, 0, 1};
	struct ns_err e;
	void *s = ops->begin(&u, &e);
	double part = ops->worth(s, CHUNK, false, &e);

	ops->end(s);
	pool_free(pool);
	return part;
}

/* ---- Tests ---- */

typedef void want_fn(struct case_of *c);

static void
check(want_fn *want, uint64_t seed)
{
	struct case_of c;

	case_init(&c, seed);
	want(&c);
	assert_true(c.wanted > .1 && c.wanted < .9);
	draw_all(&c, OF_SERIES, 100000, seed);
	assert_int_equal(c.series, 100000);
	assert_true(chi_normal(c.count, c.p_wanted, CELLS) < CHI_RARE);
	assert_true(fabs(share(&c, seed) - c.wanted) < .005);
	world_free(c.w);
}

static void
second_is_given(void **state)
{
	(void)state;
	check(want_kind, 61);
}

static void
given_by_an_earlier_one(void **state)
{
	(void)state;
	check(want_mood_by_label, 62);
}

static void
both(struct case_of *c)
{
	want_kind(c);
	want_mood_by_label(c);
}

static void
two_are_given(void **state)
{
	(void)state;
	check(both, 63);
}

/* Draws of a few, again and again, are as those of many. */
static void
few_are_as_many(void **state)
{
	struct case_of c;
	uint64_t seed;

	(void)state;
	case_init(&c, 64);
	want_kind(&c);
	for (seed = 0; seed < 200; seed++)
		draw_all(&c, OF_SERIES, 40, seed);
	assert_int_equal(c.series, 200 * 40);
	assert_true(chi_normal(c.count, c.p_wanted, CELLS) < CHI_RARE);
	world_free(c.w);
}

/* As many as there would be among so many. */
static void
tries(void **state)
{
	struct case_of c;
	const uint64_t n = 50000;

	(void)state;
	case_init(&c, 65);
	want_mood_by_label(&c);
	draw_all(&c, OF_TRIES, n, 65);
	assert_true(fabs((double)c.series - (double)n * c.wanted) <
	    5 * sqrt((double)n * c.wanted * (1 - c.wanted)));
	assert_true(chi_normal(c.count, c.p_wanted, CELLS) < CHI_RARE);
	world_free(c.w);
}

static void
counts_are_exact(void **state)
{
	const uint64_t many[] = {0, 1, 2, 7, 4095, 4096, 4097, 10001};
	struct case_of c;
	size_t i;

	(void)state;
	case_init(&c, 66);
	want_kind(&c);
	for (i = 0; i < LEN(many); i++) {
		c.series = 0;
		draw_all(&c, OF_SERIES, many[i], i);
		assert_int_equal(c.series, many[i]);
		c.records = 0;
		draw_all(&c, OF_RECORDS, many[i], i);
		assert_int_equal(c.records, many[i]);
	}
	assert_true(isfinite(chi_normal(c.count, c.p_wanted, CELLS)));
	world_free(c.w);
}

static void
what_never_is_fails(void **state)
{
	struct case_of c;
	struct ns_err e;

	(void)state;
	case_init(&c, 67);
	want_what_never_is(&c);
	assert_true(c.wanted == 0);
	assert_true(share(&c, 67) == 0);
	assert_int_equal(draw(&c, OF_SERIES, 1, 67, &e), NS_EKIND);
	assert_non_null(strstr(e.msg, "chunk 0: of "));
	assert_int_equal(c.series, 0);
	draw_all(&c, OF_TRIES, 10000, 67);
	assert_int_equal(c.series, 0);
	world_free(c.w);
}

/* ---- Parts of codes ---- */

/* Takes of n tries of this net, where nothing is masked; the sum of their weights. */
static double
take(struct case_of *c, struct attrs *a, double step, int n)
{
	const struct tensor_masks none = {0};
	struct wanted w;
	struct ns_err e;
	struct rng r;
	double sum;
	uint8_t code[ATTRS];
	size_t i;
	int j;

	rng_init(&r, 69, 0);
	assert_int_equal(wanted_init(&w, c->w->m, &none, &r, &e), NS_OK);
	w.step = step;
	for (; n > 0; n -= ATTR_ROWS)
		wanted_try(&w, a, CHUNK, c->w->m->lengths, ATTR_ROWS, &r);
	for (i = 0; i < w.n; i++) {
		for (j = 0; j < ATTRS; j++)
			code[j] = (uint8_t)w.code[i * (size_t)c->w->m->P + (size_t)j];
		c->count[((int)(w.length[i] - 1) * LABELS + code[0]) * KINDS * MOODS +
		    code[1] * MOODS + code[2]]++;
	}
	sum = w.sum / (double)w.tried;
	c->series = w.n;
	a->wanted = NULL;
	wanted_free(&w);
	return sum;
}

/* Cells as often as their parts of kind say. */
static void
want_parts(struct case_of *c, const double *part)
{
	uint8_t code[ATTRS];
	int i;

	c->wanted = 0;
	for (i = 0; i < CELLS; i++) {
		codes_of(i, code);
		c->p_wanted[i] = c->p[i] * part[code[1]];
		c->wanted += c->p_wanted[i];
	}
}

/* Of a code that is partly in a window so much is drawn, and whatever small part all of
 * them are, enough are taken. */
static void
parts_weigh(void **state)
{
	const struct places places = {.windowed = true,
	    .symbol = 1,
	    .pos = -1,
	    .at = {.n = {START_PLACES / 4096, 0, START_PLACES / 16384,
		       START_PLACES / 2048}}};
	const double part[KINDS] = {1. / 4096, 0, 1. / 16384, 1. / 2048};
	const int tries = 50 * ATTR_ROWS;
	struct case_of c;
	struct attrs a;
	struct pool *pool = pool_new(1);

	(void)state;
	case_init(&c, 69);
	want_parts(&c, part);
	attrs_init(&a, c.w->m, NULL, pool, 1);
	a.places = &places;
	assert_true(fabs(take(&c, &a, 1, tries) / c.wanted - 1) < .02);
	assert_true(fabs((double)c.series - c.wanted * tries) < 2);
	memset(c.count, 0, sizeof c.count);
	take(&c, &a, 0, tries);
	assert_true(c.series > (uint64_t)tries / 16);
	assert_true(chi_normal(c.count, c.p_wanted, CELLS) < CHI_RARE);
	attrs_free(&a);
	pool_free(pool);
	world_free(c.w);
}

/* A code that is given weighs by its probability where that is to be counted. */
static void
given_codes_count(void **state)
{
	const double part[KINDS] = {0, 0, 1, 0};
	struct case_of c;
	struct attrs a;
	struct pool *pool = pool_new(1);

	(void)state;
	case_init(&c, 70);
	want_parts(&c, part);
	attrs_init(&a, c.w->m, NULL, pool, 1);
	a.given[1] = 2;
	assert_true(take(&c, &a, 1, ATTR_ROWS) == 1);
	a.counted = 1;
	memset(c.count, 0, sizeof c.count);
	assert_true(fabs(take(&c, &a, 1, 50 * ATTR_ROWS) / c.wanted - 1) < .02);
	assert_true(chi_normal(c.count, c.p_wanted, CELLS) < CHI_RARE);
	attrs_free(&a);
	pool_free(pool);
	world_free(c.w);
}

/* What is decided step by step cannot be asked for. */
static void
steps_cannot_be_given(void **state)
{
	struct case_of c;
	struct tensor_mask *k;
	struct ns_err e;

	(void)state;
	case_init(&c, 68);
	k = tensor_masks_add(c.given, &c.w->s, MASK_ALWAYS, c.w->s.n_attr);
	mask_row(k, 0, 1, (const uint8_t[]){1});
	assert_int_equal(draw(&c, OF_SERIES, 1, 68, &e), NS_EKIND);
	assert_non_null(strstr(e.msg, "'size' differs within a flow"));
	assert_true(share(&c, 68) < 0);
	world_free(c.w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(second_is_given),
	    cmocka_unit_test(given_by_an_earlier_one),
	    cmocka_unit_test(two_are_given),
	    cmocka_unit_test(few_are_as_many),
	    cmocka_unit_test(tries),
	    cmocka_unit_test(counts_are_exact),
	    cmocka_unit_test(what_never_is_fails),
	    cmocka_unit_test(steps_cannot_be_given),
	    cmocka_unit_test(parts_weigh),
	    cmocka_unit_test(given_codes_count),
	};

	gemm_start();
	log_start("test_wanted", 0);
	return cmocka_run_group_tests_name("wanted", tests, NULL, NULL);
}
