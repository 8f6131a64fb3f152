/* The external sort against a plain stable sort, with and without spilling. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/extsort.h"
#include "base/mem.h"
#include "base/rng.h"

struct rec {
	uint64_t key;
	uint32_t minor, seq;
	uint8_t filler[48];
};

static int
by_minor(const void *a, const void *b)
{
	const struct rec *x = a, *y = b;

	return (x->minor > y->minor) - (x->minor < y->minor);
}

/* Keys close together and all over 64 bits: few of them, so that the order of equals
 * matters, and many that differ in their low bits alone. */
static uint64_t
make_key(struct rng *g, size_t i, bool wide)
{
	if (!wide)
		return 1000 + rng_below(g, 100);
	if (i % 3 == 0)
		return UINT64_MAX - rng_below(g, 1000);
	return i % 3 == 1 ? rng_below(g, 1000) : rng_u64(g);
}

static void
check_after(const struct rec *last, const struct rec *p, bool by)
{
	assert_true(p->key >= last->key);
	if (p->key != last->key)
		return;
	if (by)
		assert_true(p->minor >= last->minor);
	if (!by || p->minor == last->minor)
		assert_true(p->seq > last->seq);
}

/* Every record must come back once. */
static void
sort_so(size_t n, size_t memory, bool wide, bool by, bool concurrent)
{
	struct extsort *s =
	    extsort_new(sizeof(struct rec), by ? by_minor : NULL, memory);
	uint8_t *seen = xcalloc(n, 1);
	struct rec r = {0}, last = {0};
	const struct rec *p;
	const void *v;
	struct ns_err e;
	struct rng g;
	size_t i, out = 0;

	if (concurrent)
		extsort_concurrent(s);
	rng_init(&g, n, memory);
	for (i = 0; i < n; i++) {
		r.key = make_key(&g, i, wide);
		r.minor = rng_below(&g, 3);
		r.seq = (uint32_t)i;
		r.filler[i % sizeof r.filler] ^= (uint8_t)i;
		assert_int_equal(extsort_put(s, &r, &e), NS_OK);
	}
	assert_int_equal(extsort_start(s, &e), NS_OK);
	while (extsort_next(s, &v, &e) > 0) {
		p = v;
		if (out > 0)
			check_after(&last, p, by);
		assert_int_equal(seen[p->seq]++, 0);
		last = *p;
		out++;
	}
	assert_int_equal(out, n);
	extsort_free(s);
	free(seen);
}

static void
sort_some(size_t n, size_t memory, bool wide, bool by)
{
	sort_so(n, memory, wide, by, false);
	sort_so(n, memory, wide, by, true);
}

static void
sorted_and_stable(size_t n, size_t memory)
{
	sort_some(n, memory, false, false);
	sort_some(n, memory, false, true);
	sort_some(n, memory, true, false);
	sort_some(n, memory, true, true);
}

static void
in_memory(void **state)
{
	(void)state;
	sorted_and_stable(0, 1 << 20);
	sorted_and_stable(1, 1 << 20);
	sorted_and_stable(2, 1 << 20);
	sorted_and_stable(5000, 1 << 20);
	sorted_and_stable(20001, 64 << 20);
}

static void
with_runs(void **state)
{
	(void)state;
	sorted_and_stable(14000, 1); /* just past one run */
	sorted_and_stable(100000, 1);
}

/* 1 MiB merges 64 runs at once: more than 64 runs of 13,107 records need a pass. */
static void
with_merge_passes(void **state)
{
	(void)state;
	sort_some(1100000, 1, true, true);
}

/* A record that says its own size; its bytes follow from its key. */
struct sized {
	uint64_t key;
	uint32_t bytes, seq;
	uint8_t filler[3000];
};

static void
make_sized(struct sized *r, struct rng *g, size_t i)
{
	uint32_t k;

	r->key = rng_below(g, 500);
	r->seq = (uint32_t)i;
	r->bytes = 16 + rng_below(g, rng_below(g, 10) == 0 ? 3000 : 40);
	for (k = 0; k < r->bytes - 16; k++)
		r->filler[k] = (uint8_t)(r->key + k);
}

static void
sizes_differ(size_t n, size_t memory)
{
	struct extsort *s = extsort_new(0, NULL, memory);
	struct sized *r = xcalloc(1, sizeof *r);
	const struct sized *p;
	uint64_t last = 0, bytes = 0;
	uint32_t k, last_seq = 0;
	const void *v;
	struct ns_err e;
	struct rng g;
	size_t i, out = 0;

	extsort_concurrent(s);
	rng_init(&g, n, memory);
	for (i = 0; i < n; i++) {
		make_sized(r, &g, i);
		bytes += r->bytes;
		assert_int_equal(extsort_put(s, r, &e), NS_OK);
	}
	assert_int_equal(extsort_start(s, &e), NS_OK);
	for (; extsort_next(s, &v, &e) > 0; out++) {
		p = v;
		assert_true(p->key >= last);
		assert_true(out == 0 || p->key > last || p->seq > last_seq);
		for (k = 0; k < p->bytes - 16; k++)
			if (p->filler[k] != (uint8_t)(p->key + k))
				fail();
		bytes -= p->bytes;
		last = p->key;
		last_seq = p->seq;
	}
	assert_int_equal(out, n);
	assert_true(bytes == 0);
	free(r);
	extsort_free(s);
}

static void
of_sizes_of_their_own(void **state)
{
	(void)state;
	sizes_differ(1, 1 << 20);
	sizes_differ(1000, 64 << 20);
	sizes_differ(20000, 1);
	sizes_differ(500000, 1); /* needs passes */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(in_memory),
	    cmocka_unit_test(with_runs),
	    cmocka_unit_test(with_merge_passes),
	    cmocka_unit_test(of_sizes_of_their_own),
	};

	return cmocka_run_group_tests_name("base/extsort", tests, NULL, NULL);
}
