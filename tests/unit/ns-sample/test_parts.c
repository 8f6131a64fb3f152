/* Shares, five-tuples seen, tags, flows carried on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../../tools/ns-sample/carried.h"
#include "../../../tools/ns-sample/seen.h"
#include "../../../tools/ns-sample/share.h"
#include "../../../tools/ns-sample/tags.h"
#include "base/le.h"
#include "base/rng.h"

static void
shares_add_up(void **state)
{
	const uint64_t weight[5] = {1, 0, 3, 3, UINT32_MAX};
	uint64_t part[5], sum;
	struct rng r;
	uint64_t total, w[7], p[7];
	int i, j;

	(void)state;
	share_split(7, weight, part, 4);
	assert_true(part[0] == 1 && part[1] == 0 && part[2] == 3 && part[3] == 3);
	share_split(2, weight, part, 4);
	assert_true(part[0] == 0 && part[2] == 1 && part[3] == 1);
	share_split(9, weight, part, 1);
	assert_int_equal(part[0], 9);
	share_split(9, weight + 1, part, 1);
	assert_int_equal(part[0], 0);
	rng_init(&r, 4, 4);
	for (i = 0; i < 500; i++) {
		total = rng_u64(&r) >> (rng_below(&r, 40) + 12);
		for (j = 0; j < 7; j++)
			w[j] = rng_below(&r, 3) == 0 ? 0 : rng_u32(&r);
		w[3] = 1;
		share_split(total, w, p, 7);
		for (j = 0, sum = 0; j < 7; j++) {
			assert_true(w[j] > 0 || p[j] == 0);
			sum += p[j];
		}
		assert_true(sum == total);
	}
}

static void
seen_knows_what_was_there(void **state)
{
	struct seen s = {0};
	uint8_t key[13] = {0};
	uint32_t i;

	(void)state;
	for (i = 0; i < 20000; i++) {
		put_le32(key + 4, i);
		assert_true(seen_add(&s, key, sizeof key));
	}
	for (i = 0; i < 20000; i += 7) {
		put_le32(key + 4, i);
		assert_false(seen_add(&s, key, sizeof key));
	}
	seen_free(&s);
}

static void
tags_are_read_and_set(void **state)
{
	const float words[4] = {1, 0, 0, 1};
	struct tensor_schema s;
	struct tags t;
	uint8_t code[16] = {0xaa, 0xbb, 0xcc, 0xdd, 1, 0, 0x80, 0x00, 0x40}, key[16];
	int c;

	(void)state;
	tensor_schema_init(&s);
	tensor_schema_table(&s, "port", 2, 2, words);
	tensor_schema_add(&s, NSR_ATTRIBUTE, "dst_ip", NSR_BIT, 32, "");
	tensor_schema_add(&s, NSR_ATTRIBUTE, "src_port", NSR_WORD, 2, "port");
	tensor_schema_add(&s, NSR_ATTRIBUTE, "flow_starts", NSR_BIT, 1, "");
	tensor_schema_add(&s, NSR_ATTRIBUTE, "flow_chunks", NSR_BIT, 10, "");
	tags_find(&t, &s);
	assert_true(tags_starts(&t, code));
	for (c = 0; c < 10; c++)
		assert_int_equal(tags_in(&t, code, c), c == 9);
	tags_set_in(&t, code, 0);
	tags_set_starts(&t, code, false);
	assert_true(tags_in(&t, code, 0) && tags_in(&t, code, 9));
	assert_false(tags_starts(&t, code));
	assert_int_equal(tags_key(&t, code, key), 6);
	assert_memory_equal(key, code, 6);
	tensor_schema_free(&s);
	/* all constant: every flow starts and is in every chunk, no key to compare */
	tensor_schema_init(&s);
	tensor_schema_add(&s, NSR_ATTRIBUTE, "flow_start", NSR_REAL, 1, "");
	tags_find(&t, &s);
	assert_true(tags_starts(&t, code) && tags_in(&t, code, 5));
	assert_int_equal(tags_key(&t, code, key), 0);
	tensor_schema_free(&s);
}

/* A tag that three in ten flows have must appear in three of ten draws. */
static void
tags_are_drawn_as_likely_as_they_are(void **state)
{
	struct tensor_schema s;
	uint8_t code[8];
	real x[40] = {0};
	struct tags t;
	struct rng r;
	int i, c, count[4] = {0};

	(void)state;
	tensor_schema_init(&s);
	tensor_schema_add(&s, NSR_ATTRIBUTE, "flow_starts", NSR_BIT, 1, NULL);
	tensor_schema_add(&s, NSR_ATTRIBUTE, "flow_chunks", NSR_BIT, 4, NULL);
	tags_find(&t, &s);
	rng_init(&r, 1, 1);
	x[2 + 2 * 2 + 1] = (real).3; /* chunk 2 */
	x[2 + 2 * 3 + 1] = 1;        /* chunk 3 */
	for (i = 0; i < 10000; i++) {
		memset(code, 0, sizeof code);
		tags_set_in(&t, code, 0);
		tags_set_in(&t, code, 1);
		tags_draw(&t, code, x, 1, 4, &r);
		for (c = 0; c < 4; c++)
			count[c] += tags_in(&t, code, c);
	}
	assert_int_equal(count[0], 0);
	assert_int_equal(count[1], 10000);
	assert_in_range(count[2], 2860, 3140);
	assert_int_equal(count[3], 10000);
	tensor_schema_free(&s);
}

/* Chunk c gets flows from all before it, read while later ones are put. */
static void
check_carried(size_t memory)
{
	struct carried *k = carried_new(6, 8, memory);
	struct ns_err e;
	uint8_t rec[8];
	uint64_t n, from, last;
	int c, to;

	for (c = 0; c < 6; c++) {
		for (n = 0, last = 0; carried_next(k, c, rec, &e) == 1; n++) {
			from = get_le32(rec + 4);
			assert_int_equal(get_le32(rec), c * 1000 + (int)(n % 50));
			assert_true(from >= last && from < (uint64_t)c);
			last = from;
			/* a flow that goes on while its own chunk is still being read
			 */
			if (c < 5 && n == 3)
				assert_true(carried_count(k, 5) >= 1);
		}
		assert_int_equal(n, c * 50);
		for (n = 0; n < 50; n++)
			for (to = c + 1; to < 6; to++) {
				put_le32(rec, (uint32_t)(to * 1000 + (int)n));
				put_le32(rec + 4, (uint32_t)c);
				assert_int_equal(carried_put(k, to, rec, &e), NS_OK);
			}
	}
	carried_free(k);
}

static void
carried_come_back_in_order(void **state)
{
	(void)state;
	check_carried(1 << 20);
	check_carried(500);
	check_carried(0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(shares_add_up),
	    cmocka_unit_test(seen_knows_what_was_there),
	    cmocka_unit_test(tags_are_read_and_set),
	    cmocka_unit_test(tags_are_drawn_as_likely_as_they_are),
	    cmocka_unit_test(carried_come_back_in_order),
	};

	return cmocka_run_group_tests_name("parts of ns-sample", tests, NULL, NULL);
}
