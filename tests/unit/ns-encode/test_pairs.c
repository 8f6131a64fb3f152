/* Which series of a chunk answer which. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "pairs.h"

enum { A = 0x0a000001, B = 0x0a000002 };

struct trial {
	struct pairing *p;
	struct pairs found;
	uint64_t n;
};

static void
add(struct trial *t, const struct tuple *k, int64_t t_ns, uint32_t steps, bool starts)
{
	struct packet first = {.t_ns = t_ns, .key = *k};
	struct series s = {.key = *k, .starts = starts, .n = steps, .packets = &first};

	pairing_add(t->p, &s);
	t->n++;
}

static struct tuple
tuple(uint32_t src, uint32_t dst, uint16_t sport, uint16_t dport)
{
	struct tuple k = {.src_port = sport, .dst_port = dport, .proto = PROTO_TCP};

	addr_from_v4(k.src_ip, src);
	addr_from_v4(k.dst_ip, dst);
	return k;
}

/* Adds a series from A to B, or the other way. */
static void
say(struct trial *t, bool back, uint16_t client, uint16_t service, int64_t t_ns,
    uint32_t steps)
{
	struct tuple k = tuple(A, B, client, service);

	if (back)
		k = tuple_reverse(&k);
	add(t, &k, t_ns, steps, true);
}

static void
begin(struct trial *t)
{
	memset(t, 0, sizeof *t);
	t->p = pairing_new(false);
}

/* Roles of all as digits. */
static void
check(struct trial *t, const char *want)
{
	char got[32] = {0};
	struct series s = {.role = 7};
	size_t at = 0, i;

	pairing_end(t->p, &t->found);
	for (i = 0; i < t->n; i++) {
		pairs_tell(&t->found, &at, i, &s);
		got[i] = (char)('0' + s.role);
		if (s.role != ROLE_ANSWER)
			assert_true(s.opener_steps == 0 && s.delay_ns == 0);
	}
	assert_string_equal(got, want);
}

static void
test_order(void **state)
{
	struct series s;
	struct trial t;
	size_t at;

	(void)state;
	begin(&t);
	say(&t, true, 1000, 80, 700, 4); /* the answer is in front in the stream */
	say(&t, false, 1001, 80, 100, 1);
	say(&t, false, 1000, 80, 200, 9);
	say(&t, true, 1002, 80, 100, 2); /* who serves may begin */
	say(&t, false, 1002, 80, 101, 3);
	check(&t, "20112");
	at = pairs_from(&t.found, 3);
	pairs_tell(&t.found, &at, 3, &s);
	assert_int_equal(s.role, ROLE_OPENER);
	pairs_tell(&t.found, &at, 4, &s);
	assert_int_equal(s.opener_steps, 2);
	assert_int_equal(s.delay_ns, 1);
	at = 0;
	pairs_tell(&t.found, &at, 0, &s);
	assert_int_equal(s.opener_steps, 9);
	assert_int_equal(s.delay_ns, 500);
	pairs_free(&t.found);
}

/* At one time: the lower destination port opens, of equal ones the lower source. */
static void
test_ties(void **state)
{
	struct trial t;

	(void)state;
	begin(&t);
	say(&t, true, 1000, 80, 5, 1);
	say(&t, false, 1000, 80, 5, 1);
	say(&t, false, 123, 123, 5, 1);
	say(&t, true, 123, 123, 5, 1);
	check(&t, "2112");
	pairs_free(&t.found);
}

static void
test_alone(void **state)
{
	struct tuple own = tuple(A, A, 99, 99), k = tuple(A, B, 1, 2),
		     other = tuple(B, A, 2, 1);
	struct trial t;

	(void)state;
	begin(&t);
	add(&t, &own, 1, 1, true); /* nobody answers to himself */
	add(&t, &own, 2, 1, true);
	add(&t, &k, 1, 1, false); /* what went on from an earlier chunk */
	add(&t, &other, 2, 1, true);
	other.proto = PROTO_UDP;
	add(&t, &other, 3, 1, true);
	k.src_port = 3;
	other = tuple_reverse(&k);
	add(&t, &k, 1, 5, true); /* cut into pieces: the first of each counts */
	add(&t, &k, 4, 5, true);
	add(&t, &other, 2, 5, true);
	add(&t, &other, 3, 5, true);
	check(&t, "000001020");
	pairs_free(&t.found);
	begin(&t);
	check(&t, "");
	pairs_free(&t.found);
}

/* More than the first table holds. */
static void
test_many(void **state)
{
	enum { N = 20000 };
	struct series s;
	struct trial t;
	size_t at = 0;
	uint32_t i;

	(void)state;
	begin(&t);
	for (i = 0; i < N; i++)
		say(&t, false, (uint16_t)(1024 + i), 80, i, i + 1);
	for (i = 0; i < N; i += 2)
		say(&t, true, (uint16_t)(1024 + i), 80, N, 1);
	pairing_end(t.p, &t.found);
	assert_int_equal(t.found.n, N);
	for (i = 0; i < N; i++) {
		pairs_tell(&t.found, &at, i, &s);
		assert_int_equal(s.role, i % 2 == 0 ? ROLE_OPENER : ROLE_ALONE);
	}
	for (i = 0; i < N; i += 2) {
		pairs_tell(&t.found, &at, N + i / 2, &s);
		assert_int_equal(s.role, ROLE_ANSWER);
		assert_int_equal(s.opener_steps, i + 1);
		assert_int_equal(s.delay_ns, N - i);
	}
	pairs_free(&t.found);
}

/* With units a pair is within one, whatever the five-tuples are; their numbers may be
 * next to each other. */
static void
test_units(void **state)
{
	static const uint64_t unit[] = {6, 7, 6, 7, 3};
	struct packet first = {.t_ns = 1};
	struct series s = {.starts = true, .n = 1, .packets = &first};
	struct trial t = {.p = pairing_new(true)};
	size_t i;

	(void)state;
	for (i = 0; i < LEN(unit); i++) {
		s.unit = unit[i];
		s.key = tuple(A, B, i % 4 < 2 ? 1000 : 1001, 80);
		if (i == 2 || i == 4)
			s.key = tuple_reverse(&s.key);
		first.t_ns++;
		pairing_add(t.p, &s);
		t.n++;
	}
	check(&t, "10200");
	pairs_free(&t.found);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_order),
	    cmocka_unit_test(test_ties),
	    cmocka_unit_test(test_alone),
	    cmocka_unit_test(test_many),
	    cmocka_unit_test(test_units),
	};

	return cmocka_run_group_tests_name("ns-encode/pairs", tests, NULL, NULL);
}
