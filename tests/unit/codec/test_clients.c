/* Which client ports are values of their own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "codec/symbol/clients.h"

#define BLOCK 40960 /* first of 256 ports that have a block to themselves */

/* Ports in the order of their counts, as they are settled. */
struct ports {
	struct count list[4096];
	size_t n;
};

static void
add(struct ports *p, uint32_t port, uint64_t n)
{
	assert_true(p->n < LEN(p->list));
	p->list[p->n++] = (struct count){{0, port}, n};
}

static int
cmp_frequent(const void *a, const void *b)
{
	const struct count *x = a, *y = b;

	if (x->n != y->n)
		return x->n > y->n ? -1 : 1;
	return value_cmp(x->v, y->v);
}

/* Known ports among those of at least so many; they are then in front. */
static uint32_t
known(struct ports *p, uint64_t least)
{
	uint32_t n = 0;

	qsort(p->list, p->n, sizeof *p->list, cmp_frequent);
	while (n < p->n && p->list[n].n >= least)
		n++;
	return clients_known(p->list, n, p->n);
}

/* ---- Counting ---- */

static uint64_t
count_of(const struct tally *t, uint32_t port)
{
	struct count *list = tally_list(t);
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < t->used; i++)
		if (list[i].v.hi == 0 && list[i].v.lo == port)
			n = list[i].n;
	free(list);
	return n;
}

/* Once for each service, and again for every eighth series with one of them. */
static void
test_count(void **state)
{
	static const struct {
		uint32_t service, client;
		size_t series;
	} of[] = {{443, 50000, 1}, {443, 50001, 7}, {443, 50002, 8}, {443, 50003, 17},
	    {443, 50004, 1}, {53, 50004, 1}, {65535, 50004, 9}, {0, 0, 2}};
	static const struct {
		uint32_t port;
		uint64_t n;
	} want[] = {{50000, 1}, {50001, 1}, {50002, 2}, {50003, 3}, {50004, 4}, {0, 1}};
	struct tally t = {0};
	uint32_t pair[64];
	size_t i, k, most, n = 0;

	(void)state;
	for (i = 0, most = 0; i < LEN(of); i++)
		most = of[i].series > most ? of[i].series : most;
	for (k = 0; k < most; k++) /* mixed */
		for (i = 0; i < LEN(of); i++)
			if (k < of[i].series)
				pair[n++] = of[i].service << 16 | of[i].client;
	clients_count(&t, pair, n);
	assert_int_equal(t.used, LEN(want));
	for (i = 0; i < LEN(want); i++)
		assert_int_equal(count_of(&t, want[i].port), want[i].n);
	tally_free(&t);
}

static void
test_none(void **state)
{
	struct ports p = {.n = 0};
	struct tally t = {0};
	uint32_t pair[1] = {0};

	(void)state;
	clients_count(&t, pair, 0);
	assert_int_equal(t.used, 0);
	assert_int_equal(t.total, 0);
	tally_free(&t);
	assert_int_equal(clients_known(p.list, 0, 0), 0);
	/* none is frequent enough: what is there is left as it is */
	add(&p, BLOCK, 1);
	assert_int_equal(known(&p, 2), 0);
	assert_int_equal(p.list[0].v.lo, BLOCK);
}

/* ---- By chance ---- */

/* The ephemeral ports of eight blocks; a flow has any of them, some come again. */
static void
add_ephemeral(struct ports *p)
{
	uint32_t i;

	for (i = 0; i < 8 * 256; i++)
		if (i % 3 != 0)
			add(p, BLOCK + i, i % 64 == 1 ? 4 : i % 8 == 1 ? 2 : 1);
}

static void
test_repeats(void **state)
{
	struct ports p = {.n = 0};

	(void)state;
	add_ephemeral(&p);
	assert_int_equal(known(&p, 1), 0);
	assert_int_equal(known(&p, 2), 0);
	assert_int_equal(known(&p, 4), 0);
}

/* A port among them that is there for a reason. */
static void
test_frequent(void **state)
{
	struct ports p = {.n = 0};

	(void)state;
	add_ephemeral(&p);
	add(&p, BLOCK + 300, 60);
	assert_int_equal(p.list[0].v.lo, BLOCK + 1);
	assert_int_equal(known(&p, 2), 1);
	assert_int_equal(p.list[0].v.lo, BLOCK + 300);
	assert_int_equal(p.list[0].n, 60);
}

/* As often as by chance, but not where ports are ephemeral. */
static void
test_system(void **state)
{
	struct ports p = {.n = 0};
	uint32_t i;

	(void)state;
	for (i = 0; i < 512; i++)
		add(&p, 768 + i, 2);
	assert_int_equal(known(&p, 2), 256);
	for (i = 0; i < 256; i++)
		assert_int_equal(p.list[i].v.lo, 768 + i);
	assert_int_equal(known(&p, 3), 0); /* it has to be frequent all the same */
}

/* What is by chance in a dense block is not in a sparse one, or at its very border. */
static void
test_blocks(void **state)
{
	struct ports p = {.n = 0};
	uint32_t i;

	(void)state;
	for (i = 0; i < 255; i++)
		add(&p, BLOCK + i, 1);
	add(&p, BLOCK + 255, 4);
	add(&p, BLOCK + 256, 4);
	add(&p, BLOCK - 1, 4);
	add(&p, 65535, 4);
	assert_int_equal(known(&p, 1), 3);
	assert_int_equal(p.list[0].v.lo, BLOCK - 1);
	assert_int_equal(p.list[1].v.lo, BLOCK + 256);
	assert_int_equal(p.list[2].v.lo, 65535);
}

/* A port that comes so often, the 255 others of its block all times together. */
static uint32_t
known_among(uint64_t n, uint64_t all)
{
	struct ports p = {.n = 0};
	uint32_t i, k, is = 0;

	for (i = 0; i < 255 && all > 0; i++)
		if (all / 255 + (i < all % 255) > 0)
			add(&p, BLOCK + 1 + i, all / 255 + (i < all % 255));
	add(&p, BLOCK, n);
	k = known(&p, 1);
	for (i = 0; i < k; i++)
		is += p.list[i].v.lo == BLOCK;
	return is;
}

/*
 * The least n with scipy.stats.poisson.sf(n - 1, all / 255) < .001, and what it is
 * there and at n - 1; of SciPy 1.10.1.
 */
static const struct {
	uint64_t all, n;
	double sf, before;
} least[] = {
    {1, 2, 7.669276905596816e-06, .003913889318792685},
    {5, 2, .00018973927737937033, .019416859675891313},
    {64, 4, .00013536875516716212, .002185438946422607},
    {255, 6, .000594184817581693, .003659846827343713},
    {1000, 12, .0007742827724847873, .0024484031468719847},
    {5000, 36, .0005712934022565989, .0010785563156565643},
    {25500, 133, .0009350463464141281, .0012677161843828164},
    {127000, 569, .0009866265182946748, .0011390637631575264},
    {127500, 572, .0008655383921660851, .0010004631080333646},
};

static void
test_chance(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < LEN(least); i++) {
		assert_true(least[i].sf < .001 && least[i].before >= .001);
		assert_int_equal(known_among(least[i].n - 1, least[i].all), 0);
		assert_int_equal(known_among(least[i].n, least[i].all), 1);
		assert_int_equal(known_among(10 * least[i].n, least[i].all), 1);
	}
	assert_int_equal(known_among(1, 0), 1); /* alone */
	assert_int_equal(known_among(UINT64_C(1) << 20, 255), 1);
}

/* Where 500 and more are expected: beyond six deviations. */
static void
test_many(void **state)
{
	(void)state;
	assert_int_equal(known_among(645, 255 * 510), 0); /* 510 + 135.5 */
	assert_int_equal(known_among(646, 255 * 510), 1);
	assert_int_equal(known_among(10600, 255 * 10000), 0);
	assert_int_equal(known_among(10601, 255 * 10000), 1);
	assert_int_equal(known_among(1, 255 * 10000), 0);
}

/* ---- Their order ---- */

static void
test_order(void **state)
{
	struct ports p = {.n = 0};
	uint64_t sum = 0, before = 0;
	uint32_t i, n;

	(void)state;
	add_ephemeral(&p);
	for (i = 0; i < 40; i++)
		add(&p, i % 2 == 0 ? BLOCK - 256 * (i + 1) : 400 + i, 2 + i % 7);
	for (i = 0; i < p.n; i++)
		before += p.list[i].n * (p.list[i].v.lo + 1);
	n = known(&p, 2);
	assert_int_equal(n, 40);
	for (i = 1; i < n; i++)
		assert_true(cmp_frequent(&p.list[i - 1], &p.list[i]) < 0);
	for (i = 0; i < p.n; i++) /* none is lost, none is there twice */
		sum += p.list[i].n * (p.list[i].v.lo + 1);
	assert_int_equal(sum, before);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_count),
	    cmocka_unit_test(test_none),
	    cmocka_unit_test(test_repeats),
	    cmocka_unit_test(test_frequent),
	    cmocka_unit_test(test_system),
	    cmocka_unit_test(test_blocks),
	    cmocka_unit_test(test_chance),
	    cmocka_unit_test(test_many),
	    cmocka_unit_test(test_order),
	};

	return cmocka_run_group_tests_name("clients", tests, NULL, NULL);
}
