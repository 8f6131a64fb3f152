/* Masks: what they allow, what breaks them, and the DICT they travel in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/le.h"
#include "base/mem.h"
#include "base/rng.h"
#include "tensor/masks.h"

/* Attributes a (3), flag, b (256); features c (9), c.pos, d (10). */
enum { A, FLAG, B, C, C_POS, D };

static void
make_schema(struct tensor_schema *s)
{
	tensor_schema_init(s);
	tensor_schema_add(s, NSR_ATTRIBUTE, "a", NSR_CATEGORY, 3, "");
	tensor_schema_add(s, NSR_ATTRIBUTE, "flag", NSR_BIT, 1, "");
	tensor_schema_add(s, NSR_ATTRIBUTE, "b", NSR_CATEGORY, 256, "");
	tensor_schema_add(s, NSR_FEATURE, "c", NSR_CATEGORY, 9, "");
	tensor_schema_add(s, NSR_FEATURE, "c.pos", NSR_REAL, 1, "");
	tensor_schema_add(s, NSR_FEATURE, "d", NSR_CATEGORY, 10, "");
}

/* b is a's square, or anything where a is 0; c is 0 in the first step and not later; d
 * is not 9, nor c, nor 3 where a is 1. */
static void
make_masks(struct tensor_masks *m, const struct tensor_schema *s)
{
	struct tensor_mask *k;
	uint32_t i;

	tensor_masks_init(m);
	k = tensor_masks_add(m, s, MASK_STEP, C);
	mask_set(k->allow[0], 0);
	mask_set_all(k->allow[1], 9);
	k->allow[1][0] &= 0xfe;
	k = tensor_masks_add(m, s, C, D);
	assert_int_equal(k->n, 9);
	for (i = 0; i < 9; i++) {
		mask_set_all(k->allow[i], 10);
		k->allow[i][i / 8] &= (uint8_t) ~(1u << i % 8);
	}
	k = tensor_masks_add(m, s, A, B);
	mask_set_all(k->allow[0], 256);
	mask_set(k->allow[1], 1);
	mask_set(k->allow[2], 4);
	k = tensor_masks_add(m, s, MASK_ALWAYS, D);
	mask_set_all(k->allow[0], 9);
	k = tensor_masks_add(m, s, A, D);
	for (i = 0; i < 3; i++)
		mask_set_all(k->allow[i], 10);
	k->allow[1][0] &= (uint8_t) ~(1u << 3);
}

static void
test_allow(void **state)
{
	struct tensor_schema s;
	struct tensor_masks m;
	uint8_t code[6] = {0}, allow[MASK_BYTES];

	(void)state;
	make_schema(&s);
	make_masks(&m, &s);
	assert_int_equal(tensor_field_find(&s, "d"), D);
	assert_int_equal(tensor_field_find(&s, "e"), -1);
	assert_string_equal(tensor_field_at(&s, C_POS)->name, "c.pos");
	assert_null(tensor_field_at(&s, 6));
	assert_null(tensor_field_at(&s, -1));

	assert_false(tensor_masks_allow(&m, A, false, code, allow));
	assert_int_equal(mask_count(allow), 256);
	assert_true(tensor_masks_allow(&m, B, false, code, allow));
	assert_int_equal(mask_count(allow), 256);
	code[A] = 2;
	tensor_masks_allow(&m, B, false, code, allow);
	assert_int_equal(mask_count(allow), 1);
	assert_true(mask_has(allow, 4));
	tensor_masks_allow(&m, C, false, code, allow);
	assert_int_equal(mask_count(allow), 1);
	tensor_masks_allow(&m, C, true, code, allow);
	assert_int_equal(mask_count(allow), 8);
	assert_false(mask_has(allow, 0));
	code[A] = 1;
	code[C] = 8;
	tensor_masks_allow(&m, D, true, code, allow);
	assert_int_equal(mask_count(allow), 7);
	assert_false(mask_has(allow, 3) || mask_has(allow, 8) || mask_has(allow, 9));
	tensor_masks_free(&m);
	tensor_schema_free(&s);
}

/* Where nothing is left the last mask alone decides; joined masks come last. */
static void
test_nothing_left(void **state)
{
	struct tensor_masks m, more;
	struct tensor_schema s;
	uint8_t code[6] = {1}, allow[MASK_BYTES];

	(void)state;
	make_schema(&s);
	make_masks(&m, &s);
	tensor_masks_init(&more);
	mask_set(tensor_masks_add(&more, &s, MASK_ALWAYS, B)->allow[0], 77);
	mask_set(tensor_masks_add(&more, &s, MASK_ALWAYS, A)->allow[0], 1);
	tensor_masks_join(&m, &more);
	tensor_masks_free(&more);
	assert_int_equal(m.n, 7);
	assert_int_equal(m.mask[0].of, A);
	assert_true(tensor_masks_allow(&m, B, false, code, allow));
	assert_int_equal(mask_count(allow), 1);
	assert_true(mask_has(allow, 77));
	code[A] = 0;
	tensor_masks_allow(&m, B, false, code, allow);
	assert_int_equal(mask_count(allow), 1);
	assert_true(mask_has(allow, 77));
	tensor_masks_free(&m);
	tensor_schema_free(&s);
}

static void
put_record(uint8_t *rec, const uint8_t *attr, const uint8_t (*step)[2], uint32_t n)
{
	uint32_t i;

	memcpy(rec, attr, 3);
	put_le32(rec + 3, n);
	for (i = 0; i < n; i++) {
		rec[7 + 6 * i] = step[i][0];
		put_lef32(rec + 8 + 6 * i, .5f);
		rec[12 + 6 * i] = step[i][1];
	}
}

static void
test_broken(void **state)
{
	static const uint8_t attr[2][3] = {{2, 0x80, 4}, {2, 0x80, 5}};
	static const uint8_t steps[4][3][2] = {
	    {{0, 1}, {3, 4}, {8, 0}},
	    {{1, 2}, {3, 4}, {8, 0}},
	    {{0, 1}, {0, 4}, {8, 0}},
	    {{0, 1}, {3, 4}, {8, 8}},
	};
	const struct tensor_mask *k;
	struct tensor_schema s;
	struct tensor_masks m;
	uint8_t rec[64];

	(void)state;
	make_schema(&s);
	make_masks(&m, &s);
	put_record(rec, attr[0], steps[0], 3);
	assert_null(tensor_masks_broken(&m, &s, rec, 3));
	put_record(rec, attr[1], steps[0], 3);
	k = tensor_masks_broken(&m, &s, rec, 3);
	assert_int_equal(k->of, B);
	put_record(rec, attr[0], steps[1], 3);
	assert_int_equal(tensor_masks_broken(&m, &s, rec, 3)->given, MASK_STEP);
	put_record(rec, attr[0], steps[2], 3);
	assert_int_equal(tensor_masks_broken(&m, &s, rec, 3)->given, MASK_STEP);
	assert_null(tensor_masks_broken(&m, &s, rec, 1));
	put_record(rec, attr[0], steps[3], 3);
	assert_int_equal(tensor_masks_broken(&m, &s, rec, 3)->given, C);
	tensor_masks_free(&m);
	tensor_schema_free(&s);
}

/* A tensor stream without records that has the bytes as its DICT "masks"; NULL = none.
 */
static int
load(struct tensor_masks *m, const struct tensor_schema *s, const struct buf *b,
    struct ns_err *e)
{
	const struct tool tool = {.name = "test", .cmdline = ""};
	const char *dir = getenv("TMPDIR");
	struct nsr_schema schema;
	struct nsr_reader *r;
	struct nsr_writer *w;
	struct out *o;
	char path[4096];
	int fd, rc;

	snprintf(path, sizeof path, "%s/masks-XXXXXX", dir != NULL ? dir : "/tmp");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	close(fd);
	o = out_open(path, true, e);
	assert_non_null(o);
	w = nsr_writer_new(o, 0);
	tensor_schema_to_nsr(s, &schema);
	assert_int_equal(nsr_begin(w, &schema, e), NS_OK);
	if (b != NULL)
		assert_int_equal(nsr_put_dict(w, "masks", false, b->p, b->len, e),
		    NS_OK);
	assert_int_equal(nsr_put_prov(w, &tool, NULL, NULL, e), NS_OK);
	assert_int_equal(nsr_end(w, e), NS_OK);
	nsr_writer_free(w);
	assert_int_equal(out_commit(o, e), NS_OK);
	r = nsr_reader_new(in_open(path, e), path);
	assert_int_equal(nsr_stream(r, e), 1);
	tensor_masks_init(m);
	rc = tensor_masks_load(m, s, r, e);
	nsr_reader_free(r);
	unlink(path);
	return rc;
}

static void
test_there_and_back(void **state)
{
	struct tensor_masks m, back;
	struct tensor_schema s;
	struct buf b = {0};
	struct ns_err e;
	int i;

	(void)state;
	make_schema(&s);
	make_masks(&m, &s);
	tensor_masks_bytes(&m, &s, &b);
	assert_int_equal(load(&back, &s, &b, &e), NS_OK);
	assert_int_equal(back.n, m.n);
	for (i = 0; i < m.n; i++) {
		assert_int_equal(back.mask[i].given, m.mask[i].given);
		assert_int_equal(back.mask[i].of, m.mask[i].of);
		assert_int_equal(back.mask[i].n, m.mask[i].n);
		assert_memory_equal(back.mask[i].allow, m.mask[i].allow,
		    m.mask[i].n * MASK_BYTES);
	}
	tensor_masks_free(&back);
	assert_int_equal(load(&back, &s, NULL, &e), NS_OK);
	assert_int_equal(back.n, 0);
	tensor_masks_free(&m);
	tensor_schema_free(&s);
	buf_free(&b);
}

/* One mask as bytes. */
static void
bytes_of(struct buf *b, int given, int of, int rows, const char *p, size_t n)
{
	b->len = 0;
	put_le32(buf_room(b, 4), 1);
	put_le16(buf_room(b, 2), (uint16_t)given);
	put_le16(buf_room(b, 2), (uint16_t)of);
	put_le16(buf_room(b, 2), (uint16_t)rows);
	buf_put(b, p, n);
}

static void
test_refused(void **state)
{
	static const struct {
		int given, of, rows;
		const char *p;
		size_t n;
	} bad[] = {
	    {A, B, 3, "\0\0\0\0", 4},         /* a byte too many */
	    {A, B, 3, "\0\0", 2},             /* a row too few */
	    {A, B, 2, "\0\0", 2},             /* not as many rows as codes */
	    {A, B, 3, "\0\0\3", 3},           /* a row of no kind */
	    {B, A, 256, "\0", 1},             /* a field before what it follows from */
	    {A, A, 3, "\0\0\0", 3},           /* itself */
	    {A, FLAG, 3, "\0\0\0", 3},        /* no category */
	    {FLAG, B, 1, "\0", 1},            /* given is none */
	    {A, C_POS, 3, "\0\0\0", 3},       /* a number */
	    {A, 6, 3, "\0\0\0", 3},           /* no field */
	    {-3, A, 1, "\0", 1},              /* nothing that can be given */
	    {MASK_STEP, B, 2, "\0\0", 2},     /* attributes have no steps */
	    {MASK_ALWAYS, A, 1, "\1\3", 2},   /* a code beyond */
	    {MASK_ALWAYS, C, 1, "\2\0\0", 3}, /* bits cut short */
	};
	struct tensor_schema s;
	struct tensor_masks m;
	struct buf b = {0};
	struct ns_err e;
	size_t i;

	(void)state;
	make_schema(&s);
	for (i = 0; i < LEN(bad); i++) {
		bytes_of(&b, bad[i].given, bad[i].of, bad[i].rows, bad[i].p, bad[i].n);
		if (load(&m, &s, &b, &e) != NS_ECORRUPT)
			fail_msg("number %zu was taken", i);
		assert_int_equal(m.n, 0);
	}
	/* A row of bits that allows nothing, and one that allows more than there is. */
	bytes_of(&b, MASK_ALWAYS, C, 1, "\2", 1);
	memset(buf_room(&b, MASK_BYTES), 0, MASK_BYTES);
	assert_int_equal(load(&m, &s, &b, &e), NS_ECORRUPT);
	b.p[b.len - MASK_BYTES] = 1;
	assert_int_equal(load(&m, &s, &b, &e), NS_OK);
	tensor_masks_free(&m);
	b.p[b.len - MASK_BYTES + 1] = 2;
	assert_int_equal(load(&m, &s, &b, &e), NS_ECORRUPT);
	tensor_schema_free(&s);
	buf_free(&b);
}

/* No part of the bytes is taken for the whole, and no changed one does harm. */
static void
test_damage(void **state)
{
	struct tensor_masks m, back;
	struct tensor_schema s;
	struct buf b = {0};
	struct ns_err e;
	struct rng r;
	size_t i, len;

	(void)state;
	make_schema(&s);
	make_masks(&m, &s);
	tensor_masks_bytes(&m, &s, &b);
	for (len = b.len, b.len = 0; b.len < len; b.len++)
		if (b.len > 0)
			assert_int_equal(load(&back, &s, &b, &e), NS_ECORRUPT);
	rng_init(&r, 1, 0);
	for (i = 0; i < 500; i++) {
		size_t at = rng_below(&r, (uint32_t)len);
		uint8_t was = b.p[at];

		b.p[at] = (uint8_t)rng_below(&r, 256);
		if (load(&back, &s, &b, &e) < 0)
			assert_int_equal(e.code, NS_ECORRUPT);
		tensor_masks_free(&back);
		b.p[at] = was;
	}
	tensor_masks_free(&m);
	tensor_schema_free(&s);
	buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_allow),
	    cmocka_unit_test(test_nothing_left),
	    cmocka_unit_test(test_broken),
	    cmocka_unit_test(test_there_and_back),
	    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_damage),
	};

	return cmocka_run_group_tests_name("tensor/masks", tests, NULL, NULL);
}
