/* Records as symbols, there and back, and the codes that masks let follow. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/rng.h"
#include "model/ar/symbols.h"

/* Every type but words; bits that fill bytes and bits that do not. */
enum { FLAG, IP, PORT, START, TAGS, KIND, SIZE, POS, BITS, GAP, FIELDS };

static void
make_schema(struct tensor_schema *s)
{
	tensor_schema_init(s);
	tensor_schema_add(s, NSR_ATTRIBUTE, "flag", NSR_BIT, 1, "");
	tensor_schema_add(s, NSR_ATTRIBUTE, "ip", NSR_BIT, 17, "");
	tensor_schema_add(s, NSR_ATTRIBUTE, "port", NSR_CATEGORY, 256, "");
	tensor_schema_add(s, NSR_ATTRIBUTE, "start", NSR_REAL, 1, "");
	tensor_schema_add(s, NSR_ATTRIBUTE, "tags", NSR_BIT, 8, "");
	tensor_schema_add(s, NSR_ATTRIBUTE, "kind", NSR_CATEGORY, 1, "");
	tensor_schema_add(s, NSR_FEATURE, "size", NSR_CATEGORY, 21, "");
	tensor_schema_add(s, NSR_FEATURE, "pos", NSR_REAL, 1, "");
	tensor_schema_add(s, NSR_FEATURE, "bits", NSR_BIT, 3, "");
	tensor_schema_add(s, NSR_FEATURE, "gap", NSR_CATEGORY, 9, "");
}

static void
shape(void **state)
{
	const int k[] = {2, 2, 256, 1, 21, 2, 9}, e[] = {2, 2, 16, 2, 8, 2, 8};
	const int at[] = {0, 1, 18, 27, 28, 29, 32};
	struct tensor_schema t;
	struct symbols s;
	struct ns_err err;
	int i, x;
	size_t j;

	(void)state;
	make_schema(&t);
	assert_int_equal(symbols_new(&s, &t, &err), NS_OK);
	assert_int_equal(s.n_attr, 1 + 17 + 1 + 8 + 1);
	assert_int_equal(s.n_step, 1 + 3 + 1);
	assert_int_equal(s.biggest, 256);
	for (j = 0; j < LEN(k); j++) {
		assert_int_equal(s.sym[at[j]].k, k[j]);
		assert_int_equal(s.sym[at[j]].e, e[j]);
	}
	for (i = 0, x = 0; i < s.n_attr; x += s.sym[i++].e)
		assert_int_equal(s.sym[i].x, x);
	assert_int_equal(s.attr_width, x);
	for (x = 0; i < s.n_attr + s.n_step; x += s.sym[i++].e)
		assert_int_equal(s.sym[i].x, x);
	assert_int_equal(s.step_width, x);
	assert_int_equal(s.sym[18].field, PORT);
	assert_int_equal(s.sym[32].field, GAP);
	symbols_free(&s);
	tensor_schema_free(&t);
}

/* Numbers, by the place that is behind their symbol; not beyond the end of a row. */
static void
numbers_are_ordered(void **state)
{
	struct tensor_schema t;
	struct symbols s;
	struct ns_err e;
	int i;

	(void)state;
	make_schema(&t);
	tensor_schema_add(&t, NSR_FEATURE, "gap.pos", NSR_REAL, 1, "");
	assert_int_equal(symbols_new(&s, &t, &e), NS_OK);
	for (i = 0; i < s.n_attr + s.n_step; i++)
		assert_int_equal(s.sym[i].ordered,
		    s.sym[i].field == PORT || s.sym[i].field == SIZE ||
			s.sym[i].field == GAP);
	symbols_free(&s);
	tensor_schema_free(&t);
	tensor_schema_init(&t);
	tensor_schema_add(&t, NSR_ATTRIBUTE, "bit", NSR_BIT, 2, "");
	tensor_schema_add(&t, NSR_ATTRIBUTE, "real", NSR_REAL, 1, "");
	tensor_schema_add(&t, NSR_ATTRIBUTE, "value", NSR_CATEGORY, 4, "");
	tensor_schema_add(&t, NSR_ATTRIBUTE, "last", NSR_CATEGORY, 4, "");
	tensor_schema_add(&t, NSR_FEATURE, "first", NSR_REAL, 1, "");
	tensor_schema_add(&t, NSR_FEATURE, "alone", NSR_CATEGORY, 4, "");
	assert_int_equal(symbols_new(&s, &t, &e), NS_OK);
	for (i = 0; i < s.n_attr + s.n_step; i++)
		assert_false(s.sym[i].ordered);
	symbols_free(&s);
	tensor_schema_free(&t);
}

static void
words_are_refused(void **state)
{
	const float words[2] = {1, 0};
	struct tensor_schema t;
	struct symbols s;
	struct ns_err e;

	(void)state;
	tensor_schema_init(&t);
	tensor_schema_table(&t, "port", 1, 2, words);
	tensor_schema_add(&t, NSR_ATTRIBUTE, "kind", NSR_CATEGORY, 2, "");
	tensor_schema_add(&t, NSR_FEATURE, "src_port", NSR_WORD, 2, "port");
	assert_int_equal(symbols_new(&s, &t, &e), NS_EKIND);
	assert_non_null(strstr(e.msg, "'src_port'"));
	symbols_free(&s);
	tensor_schema_free(&t);
}

/* Bit 0 is the top bit of the first byte; reals are stepped over. */
static void
layout(void **state)
{
	const uint8_t attr[] = {0x80, 0x40, 0x01, 0x80, 200, 1, 2, 3, 4, 0x81, 0};
	const uint8_t step[] = {20, 5, 6, 7, 8, 0x60, 3};
	struct tensor_schema t;
	struct symbols s;
	struct ns_err e;
	uint16_t code[32];
	int i;

	(void)state;
	make_schema(&t);
	assert_int_equal(sizeof attr, t.attr_bytes);
	assert_int_equal(sizeof step, t.feat_bytes);
	assert_int_equal(symbols_new(&s, &t, &e), NS_OK);
	symbols_read(s.sym, s.n_attr, attr, code);
	assert_int_equal(code[0], 1);
	for (i = 0; i < 17; i++)
		assert_int_equal(code[1 + i], i == 1 || i == 15 || i == 16);
	assert_int_equal(code[18], 200);
	for (i = 0; i < 8; i++)
		assert_int_equal(code[19 + i], i == 0 || i == 7);
	assert_int_equal(code[27], 0);
	symbols_read(s.sym + s.n_attr, s.n_step, step, code);
	assert_int_equal(code[0], 20);
	assert_true(code[1] == 0 && code[2] == 1 && code[3] == 1);
	assert_int_equal(code[4], 3);
	symbols_free(&s);
	tensor_schema_free(&t);
}

/* Symbols written and read are what they were; nothing else is written. */
static void
round_trip(const struct symbol *s, int n, size_t bytes, struct rng *r)
{
	uint16_t code[32], back[32];
	uint8_t rec[16], again[16];
	int i;

	for (i = 0; i < n; i++)
		code[i] = (uint16_t)rng_below(r, (uint32_t)s[i].k);
	memset(rec, 0, sizeof rec);
	symbols_write(s, n, code, rec);
	symbols_read(s, n, rec, back);
	assert_memory_equal(code, back, (size_t)n * sizeof *code);
	memset(again, 0, sizeof again);
	symbols_write(s, n, back, again);
	assert_memory_equal(rec, again, sizeof rec);
	for (i = (int)bytes; i < (int)sizeof rec; i++)
		assert_int_equal(rec[i], 0);
}

static void
there_and_back(void **state)
{
	struct tensor_schema t;
	struct symbols s;
	struct ns_err e;
	uint32_t steps;
	uint16_t code[32];
	uint8_t rec[64];
	struct rng r;
	int i, j;

	(void)state;
	make_schema(&t);
	assert_int_equal(symbols_new(&s, &t, &e), NS_OK);
	rng_init(&r, 1, 0);
	for (i = 0; i < 2000; i++) {
		round_trip(s.sym, s.n_attr, t.attr_bytes, &r);
		round_trip(s.sym + s.n_attr, s.n_step, t.feat_bytes, &r);
	}
	/* all ones are a record that passes: no bit beyond a field's is set */
	memset(rec, 0, sizeof rec);
	rec[t.attr_bytes] = 1;
	for (j = 0; j < s.n_attr; j++)
		code[j] = (uint16_t)(s.sym[j].k - 1);
	symbols_write(s.sym, s.n_attr, code, rec);
	for (j = 0; j < s.n_step; j++)
		code[j] = (uint16_t)(s.sym[s.n_attr + j].k - 1);
	symbols_write(s.sym + s.n_attr, s.n_step, code, rec + t.attr_bytes + 4);
	assert_int_equal(tensor_check(&t, rec, t.attr_bytes + 4 + t.feat_bytes, &steps,
			     &e),
	    NS_OK);
	symbols_free(&s);
	tensor_schema_free(&t);
}

/* ---- What may follow ---- */

/* A mask whose rows allow about one code in every; ones that come to nothing when
 * joined are among them. */
static void
random_mask(struct tensor_schema *t, int given, int of, uint32_t every, struct rng *r)
{
	struct tensor_mask *m = tensor_masks_add(&t->masks, t, given, of);
	uint32_t i, j, shape = tensor_field_at(t, of)->shape;

	for (i = 0; i < m->n; i++) {
		mask_set(m->allow[i], rng_below(r, shape));
		for (j = 0; j < shape; j++)
			if (rng_below(r, every) == 0)
				mask_set(m->allow[i], j);
	}
}

static void
add_masks(struct tensor_schema *t, struct rng *r)
{
	random_mask(t, PORT, SIZE, 2, r);
	random_mask(t, PORT, KIND, 2, r);
	random_mask(t, MASK_STEP, SIZE, 2, r);
	random_mask(t, MASK_ALWAYS, GAP, 2, r);
	random_mask(t, SIZE, GAP, 3, r);
	random_mask(t, MASK_ALWAYS, PORT, 6, r);
	random_mask(t, KIND, GAP, 2, r);
}

/* By the definition: a code that all masks of the field allow. */
static bool
may_follow(const struct tensor_schema *t, int of, const uint8_t *code, bool later,
    uint32_t c, bool last_alone)
{
	const struct tensor_masks *m = &t->masks;
	int i, row;

	for (i = 0; i < m->n; i++) {
		if (m->mask[i].of != of)
			continue;
		if (last_alone && i + 1 < m->n && m->mask[i + 1].of == of)
			continue;
		row = m->mask[i].given == MASK_ALWAYS ? 0
		    : m->mask[i].given == MASK_STEP   ? later
						      : code[m->mask[i].given];
		if (!mask_has(m->mask[i].allow[row], c))
			return false;
	}
	return true;
}

/* Returns whether all masks together left none. */
static bool
check_allow(const struct tensor_schema *t, const struct symbols *s, int i,
    const uint16_t *code, bool later)
{
	const struct symbol *y = &s->sym[i];
	uint8_t field[FIELDS] = {0}, allow[CHOICE_SET];
	uint16_t only = 999, one = 0;
	uint32_t c;
	int j, n = 0, got;
	bool none;

	for (j = 0; j < i; j++)
		if (s->sym[j].bit < 0)
			field[s->sym[j].field] = (uint8_t)code[j];
	for (c = 0; c < (uint32_t)y->k; c++)
		n += may_follow(t, y->field, field, later, c, false);
	none = n == 0;
	got = symbols_allow(s, i, code, code + s->n_attr, later, allow, &only);
	for (n = 0, c = 0; c < (uint32_t)y->k; c++) {
		bool want = may_follow(t, y->field, field, later, c, none);

		assert_int_equal(mask_has(allow, c), want);
		n += want;
		one = want ? (uint16_t)c : one;
	}
	assert_int_equal(got, n);
	if (n == 1)
		assert_int_equal(only, one);
	return none;
}

static void
masks_say_what_may_follow(void **state)
{
	struct tensor_schema t;
	struct symbols s;
	struct ns_err e;
	uint16_t code[40];
	int i, j, none = 0;
	struct rng r;

	(void)state;
	rng_init(&r, 2, 0);
	make_schema(&t);
	add_masks(&t, &r);
	assert_int_equal(symbols_new(&s, &t, &e), NS_OK);
	for (i = 0; i < 3000; i++) {
		for (j = 0; j < s.n_attr + s.n_step; j++)
			code[j] = (uint16_t)rng_below(&r, (uint32_t)s.sym[j].k);
		for (j = 0; j < s.n_attr + s.n_step; j++)
			none += check_allow(&t, &s, j, code, i % 2);
	}
	assert_in_range(none, 100, 2900);
	symbols_free(&s);
	tensor_schema_free(&t);
}

/* Without masks all is allowed, and the only code is that of an alphabet of one. */
static void
without_masks_all_may_follow(void **state)
{
	uint8_t allow[CHOICE_SET], all[CHOICE_SET];
	struct tensor_schema t;
	struct symbols s;
	struct ns_err e;
	uint16_t only;

	(void)state;
	make_schema(&t);
	assert_int_equal(symbols_new(&s, &t, &e), NS_OK);
	memset(all, 0xff, sizeof all);
	assert_int_equal(symbols_allow(&s, 18, NULL, NULL, false, allow, &only), 256);
	assert_memory_equal(allow, all, sizeof all);
	assert_int_equal(symbols_allow(&s, 27, NULL, NULL, false, allow, &only), 1);
	assert_int_equal(only, 0);
	symbols_free(&s);
	tensor_schema_free(&t);
}

/* A mask that lets code c of a field follow and, where a set has room for it, codes
 * that its alphabet does not have. */
static void
check_only(int field, int symbol, uint32_t c)
{
	uint8_t allow[CHOICE_SET];
	struct tensor_schema t;
	struct tensor_mask *m;
	struct symbols s;
	struct ns_err e;
	uint16_t only = 999;
	uint32_t j;

	make_schema(&t);
	m = tensor_masks_add(&t.masks, &t, MASK_ALWAYS, field);
	mask_set(m->allow[0], c);
	for (j = tensor_field_at(&t, (uint32_t)field)->shape; j < CHOICE_MAX; j++)
		mask_set(m->allow[0], j);
	assert_int_equal(symbols_new(&s, &t, &e), NS_OK);
	assert_int_equal(symbols_allow(&s, symbol, NULL, NULL, false, allow, &only), 1);
	assert_int_equal(only, c);
	symbols_free(&s);
	tensor_schema_free(&t);
}

static void
the_only_code_is_found(void **state)
{
	uint32_t c;

	(void)state;
	for (c = 0; c < 256; c++)
		check_only(PORT, 18, c);
	for (c = 0; c < 21; c++)
		check_only(SIZE, 28, c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(shape),
	    cmocka_unit_test(numbers_are_ordered),
	    cmocka_unit_test(words_are_refused),
	    cmocka_unit_test(layout),
	    cmocka_unit_test(there_and_back),
	    cmocka_unit_test(masks_say_what_may_follow),
	    cmocka_unit_test(without_masks_all_may_follow),
	    cmocka_unit_test(the_only_code_is_found),
	};

	return cmocka_run_group_tests_name("symbols", tests, NULL, NULL);
}
