/* Which client ports are values of their own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/rng.h"
#include "codec/symbol/clients.h"

/* First of 256 ports, of which the 128 even ones and the 128 odd ones are a block. */
#define BLOCK 40960
enum { PORTS = 128 };

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
	struct port_pair pair[64];
	size_t i, k, most, n = 0;

	(void)state;
	for (i = 0, most = 0; i < LEN(of); i++)
		most = of[i].series > most ? of[i].series : most;
	for (k = 0; k < most; k++) /* mixed */
		for (i = 0; i < LEN(of); i++)
			if (k < of[i].series)
				pair[n++] = (struct port_pair){of[i].service << 16 |
					of[i].client,
				    true};
	clients_count(&t, pair, n);
	assert_int_equal(t.used, LEN(want));
	for (i = 0; i < LEN(want); i++)
		assert_int_equal(count_of(&t, want[i].port), want[i].n);
	tally_free(&t);
}

/* A flow is one however many chunks it is in. */
static void
test_chunks(void **state)
{
	struct port_pair pair[40];
	struct tally t = {0};
	size_t i;

	(void)state;
	for (i = 0; i < LEN(pair); i++)
		pair[i] = (struct port_pair){443 << 16 | 50000, i < 7};
	clients_count(&t, pair, LEN(pair));
	assert_int_equal(count_of(&t, 50000), 1);
	for (i = 0; i < LEN(pair); i++)
		pair[i].starts = i < 8;
	clients_count(&t, pair, LEN(pair));
	assert_int_equal(count_of(&t, 50000), 3);
	tally_free(&t);
}

static void
test_none(void **state)
{
	struct ports p = {.n = 0};
	struct tally t = {0};
	struct port_pair pair[1] = {{0, false}};

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

/* n times in all, as evenly as can be over so many ports of one parity. */
static void
spread(struct ports *p, uint32_t first, uint32_t ports, uint64_t n)
{
	uint32_t i;

	for (i = 0; i < ports; i++)
		if (n / ports + (i < n % ports) > 0)
			add(p, first + 2 * i, n / ports + (i < n % ports));
}

/* A port that comes so often, the 127 others of its block all times together. */
static uint32_t
known_among(uint64_t n, uint64_t all)
{
	struct ports p = {.n = 0};
	uint32_t i, k, is = 0;

	spread(&p, BLOCK + 2, PORTS - 1, all);
	add(&p, BLOCK, n);
	spread(&p, BLOCK + 1, PORTS, 1000000); /* of the other parity: another block */
	k = known(&p, 1);
	for (i = 0; i < k; i++)
		is += p.list[i].v.lo == BLOCK;
	return is;
}

/*
 * The least n with scipy.stats.poisson.sf(n - 1, all / 127) < .001 / different, and
 * what it is there and at n - 1; of SciPy 1.10.1.
 */
static const struct {
	uint64_t all, n;
	double sf, before;
	uint32_t different;
} least[] = {
    {1, 2, 3.0837811510518306e-05, .007843096891108091, 2},
    {5, 3, 9.87498837671556e-06, .0007549574884598854, 6},
    {64, 6, 1.4797905945555047e-05, .0001784203808358978, 65},
    {127, 9, 1.1252025979690174e-06, 1.024919667464169e-05, 128},
    {852, 21, 7.80031149704898e-06, 2.490275737882892e-05, 128},
    {1000, 24, 2.866737948606702e-06, 8.897586184870781e-06, 128},
    {1750, 33, 7.80060859489877e-06, 1.904546614492625e-05, 128},
    {5000, 70, 6.726430232796618e-06, 1.2158415815746643e-05, 128},
    {12700, 147, 6.469890560995565e-06, 9.63592020099738e-06, 128},
    {63000, 596, 7.324543529970971e-06, 8.866974301067164e-06, 128},
    {64000, 605, 6.835114201833238e-06, 8.26757551614974e-06, 128},
    {1270000, 10436, 7.60569244483989e-06, 7.953235611912303e-06, 128},
    {127000000, 1004324, 7.781802760328577e-06, 7.817095826266604e-06, 128},
};

static void
test_chance(void **state)
{
	double chance;
	size_t i;

	(void)state;
	for (i = 0; i < LEN(least); i++) {
		chance = .001 / least[i].different;
		assert_true(least[i].sf < chance && least[i].before >= chance);
		assert_int_equal(known_among(least[i].n - 1, least[i].all), 0);
		assert_int_equal(known_among(least[i].n, least[i].all), 1);
		assert_int_equal(known_among(10 * least[i].n, least[i].all), 1);
	}
	assert_int_equal(known_among(1, 0), 1); /* alone */
	assert_int_equal(known_among(1, UINT64_C(127) * 10000), 0);
	assert_int_equal(known_among(UINT64_C(1) << 40, 127), 1);
}

/* So many draws from ports of one parity. */
static void
draw(struct ports *p, uint32_t first, uint32_t ports, uint32_t n, struct rng *r)
{
	uint32_t count[8 * PORTS] = {0}, i;

	assert_true(ports <= LEN(count));
	for (i = 0; i < n; i++)
		count[rng_below(r, ports)]++;
	for (i = 0; i < ports; i++)
		if (count[i] > 0)
			add(p, first + 2 * i, count[i]);
}

/* Ranges of which all even ports are drawn and no odd one: four of a thousand should
 * have one that is too frequent, four one block with too few different ones. */
static void
test_even_range(void **state)
{
	enum { RANGES = 1000, BLOCKS = 4 };
	uint32_t i, some = 0;
	struct rng r;

	(void)state;
	rng_init(&r, 1, 0);
	for (i = 0; i < RANGES; i++) {
		struct ports p = {.n = 0};

		draw(&p, BLOCK, BLOCKS * PORTS, 2 * BLOCKS * PORTS, &r);
		some += known(&p, 1) > 0;
	}
	assert_true(some < 25);
}

/* ---- Lists ---- */

/*
 * The most different ports that make so many times a list; the exact probability of
 * these and fewer when that many are drawn from 128, and of one more and fewer, by the
 * recurrence P(n + 1, d) = P(n, d) d / 128 + P(n, d - 1) (129 - d) / 128.
 */
static const struct {
	uint64_t times;
	uint32_t most;
	double p, next;
} lists[] = {
    {16, 10, 3.183521607662977e-05, .0005731739092934913},
    {32, 20, 6.860303058183137e-06, 6.205748417541275e-05},
    {64, 38, 4.936297475179531e-06, 2.47615959384082e-05},
    {128, 65, 4.857213215598428e-06, 1.747344203211004e-05},
    {256, 96, 1.0031868792555726e-05, 3.4862816271356334e-05},
    {384, 111, 3.3230017478421595e-05, .00013857943494973346},
    {512, 118, 4.523325898842069e-05, .0002723439059828763},
    {800, 124, 8.533563070800798e-05, .0016879707614990659},
    {1024, 126, .000787016858754526, .040814761688080785},
    {2000, 126, 1.7026691179515513e-10, 1.9711008004983884e-05},
};

static double
probability(uint64_t times, uint32_t most)
{
	double p[PORTS + 1] = {1}, sum = 0;
	uint32_t d;

	for (; times > 0; times--)
		for (d = PORTS + 1; d-- > 0;)
			p[d] = p[d] * d / PORTS +
			    (d > 0 ? p[d - 1] * (PORTS + 1 - d) / PORTS : 0);
	for (d = 0; d <= most; d++)
		sum += p[d];
	return sum;
}

static bool
is_near(double a, double b)
{
	return a > b * (1 - 1e-9) && a < b * (1 + 1e-9);
}

/* All of them are known or none: no one of them is more frequent than the others. */
static void
test_lists(void **state)
{
	struct ports p;
	size_t i;

	(void)state;
	for (i = 0; i < LEN(lists); i++) {
		assert_true(lists[i].p < .002 && lists[i].next > lists[i].p);
		assert_true(
		    is_near(probability(lists[i].times, lists[i].most), lists[i].p));
		assert_true(is_near(probability(lists[i].times, lists[i].most + 1),
		    lists[i].next));
		p.n = 0;
		spread(&p, BLOCK, lists[i].most, lists[i].times);
		assert_int_equal(known(&p, 1), lists[i].most);
		p.n = 0;
		spread(&p, BLOCK, lists[i].most + 1, lists[i].times);
		assert_int_equal(known(&p, 1), 0);
	}
}

/* The ports of a scanner, among odd ones that any flow may have. */
static void
test_scanner(void **state)
{
	struct ports p = {.n = 0};
	uint32_t i;

	(void)state;
	spread(&p, BLOCK, 60, 60 * 5);
	spread(&p, BLOCK + 1, PORTS, PORTS * 5);
	spread(&p, BLOCK + 256, PORTS, PORTS * 5);
	assert_int_equal(known(&p, 2), 60);
	for (i = 0; i < 60; i++)
		assert_int_equal(p.list[i].v.lo, BLOCK + 2 * i);
	assert_int_equal(known(&p, 6), 0); /* all have to be frequent all the same */
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
	    cmocka_unit_test(test_chunks),
	    cmocka_unit_test(test_none),
	    cmocka_unit_test(test_repeats),
	    cmocka_unit_test(test_frequent),
	    cmocka_unit_test(test_system),
	    cmocka_unit_test(test_blocks),
	    cmocka_unit_test(test_chance),
	    cmocka_unit_test(test_even_range),
	    cmocka_unit_test(test_lists),
	    cmocka_unit_test(test_scanner),
	    cmocka_unit_test(test_order),
	};

	return cmocka_run_group_tests_name("clients", tests, NULL, NULL);
}
