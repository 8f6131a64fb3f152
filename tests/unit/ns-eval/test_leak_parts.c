/* The closest point and the bounds, each by itself, and the whole audit against the
 * values of tests/ref/leak_numpy.py. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>

#include <cmocka.h>

#include "leak/bounds.h"
#include "leak/kdtree.h"
#include "leak/leakage.h"
#include "leak_world.h"

static const char *const names[LEAK_MAX] = {"records", "flows", "ngrams", "tuples",
    "addresses", "nearest", "mia_auc", "mia_tpr", "nearest_auc", "tuples_plain",
    "records_plain"};

enum { POINTS = 1500, QUERIES = 300, D = SPACE_DIMS };

/* Points on the first dims axes, some of them in few places, forty in one; half of the
 * queries are points. */
static void
draw_points(float *x, float *q, size_t dims, uint64_t seed)
{
	struct rng r;

	rng_init(&r, seed, 0);
	for (size_t i = 0; i < POINTS * D; i++)
		x[i] = i % D >= dims ? 0
		    : i % D % 3 == 2 ? (float)rng_below(&r, 5)
				     : (float)rng_normal(&r);
	for (size_t i = 40 * D; i < 80 * D; i++)
		x[i] = x[i % D];
	for (size_t i = 0; i < QUERIES * D; i++)
		q[i] = i < QUERIES * D / 2 ? x[i]
		    : i % D < dims         ? 2 * (float)rng_normal(&r)
					   : 0;
}

static struct near
plain_search(const float *x, const float *q)
{
	double best = INFINITY;
	uint32_t id = 0;

	for (uint32_t j = 0; j < POINTS; j++) {
		double sum = 0;

		for (size_t c = 0; c < D; c++)
			sum += pow((double)x[j * D + c] - q[c], 2);
		if (sum < best) {
			best = sum;
			id = j;
		}
	}
	return (struct near){sqrt(best), id};
}

static void
closest_is_the_closest(void **state)
{
	static float x[POINTS * D], q[QUERIES * D];
	static struct near near[QUERIES];

	(void)state;
	for (size_t dims = 1; dims <= D; dims += 4) {
		float *taken = xmalloc(sizeof x);
		struct kdtree *t;

		draw_points(x, q, dims, dims);
		memcpy(taken, x, sizeof x);
		t = kdtree_new(taken, POINTS);
		kdtree_nearest(t, NULL, q, QUERIES, near);
		kdtree_free(t);
		for (size_t i = 0; i < QUERIES; i++) {
			struct near want = plain_search(x, q + i * D);

			assert_true(near[i].distance == want.distance);
			assert_int_equal(near[i].id, want.id);
		}
	}
}

static void
no_points_are_infinitely_far(void **state)
{
	static const float q[SPACE_DIMS];
	struct kdtree *t = kdtree_new(xmalloc(1), 0);
	struct near near;

	(void)state;
	kdtree_nearest(t, NULL, q, 1, &near);
	assert_true(isinf(near.distance));
	kdtree_free(t);
}

/* The bound of n heavy-tailed weights is passed at most as often as it says. */
static void
coins_keep_below_their_bound(void **state)
{
	enum { N = 60, DRAWS = 40000 };
	int64_t w[N], sorted[N];
	struct rng r;
	int above = 0;
	double bound;

	(void)state;
	rng_init(&r, 10, 0);
	for (int i = 0; i < N; i++)
		w[i] = sorted[i] = 1 + rare(&r, 1000);
	bound = sign_bound(sorted, N);
	for (int k = 0; k < DRAWS; k++) {
		int64_t sum = 0;

		for (int i = 0; i < N; i++)
			sum += rng_u32(&r) >> 31 ? w[i] : -w[i];
		above += (double)sum > bound;
	}
	assert_true(above <= .00135 * DRAWS + 3 * sqrt(.00135 * DRAWS));
	/* one that outweighs all does not hide 100 others */
	for (int i = 0; i < N; i++)
		w[i] = i == 0 ? 1000 : 1;
	assert_true(sign_bound(w, N) < 1000 + N - 1 - 30);
	assert_true(sign_bound(w, 0) == 0);
	assert_true(
	    fabs(sign_bound((int64_t[]){2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2},
		     16) -
		24) < 1e-9);
}

static void
bounds_by_hand(void **state)
{
	(void)state;
	assert_true(fabs(auc_bound(5000, 5000) - .51732137) < 1e-8);
	/* without a negative above, c members above have probability 2^-c */
	assert_true(tpr_bound(50, 50, 0) == 9 / 50.);
	assert_true(tpr_bound(50, 50, .019) == 9 / 50.);
	assert_true(tpr_bound(5, 5, 0) == 1);
	/* many: .01 + 3 sqrt(.01 .99 2 / n) */
	assert_true(
	    fabs(tpr_bound(100000, 100000, .01) - .01 - 3 * sqrt(2 * 9.9e-8)) < 1e-4);
}

static void
address(uint8_t out[16], const char *text)
{
	struct in_addr v4;

	if (inet_pton(AF_INET6, text, out) == 1)
		return;
	assert_int_equal(inet_pton(AF_INET, text, &v4), 1);
	addr_from_v4(out, ntohl(v4.s_addr));
}

static struct trace *
read_packets(const char *path, struct tables *tb)
{
	struct trace *t = trace_new(path, NSR_PACKET);
	char src[64], dst[64];
	unsigned v[11];
	long long at;
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	while (fscanf(f, "%63s %63s %u %u %u %lld %u %u %u %u %u %u %u %u", src, dst,
		   &v[0], &v[1], &v[2], &at, &v[3], &v[4], &v[5], &v[6], &v[7], &v[8],
		   &v[9], &v[10]) == 14) {
		struct packet p = {.t_ns = at, .ip_len = v[3], .ip_id = v[5]};

		address(p.key.src_ip, src);
		address(p.key.dst_ip, dst);
		p.key.src_port = (uint16_t)v[0];
		p.key.dst_port = (uint16_t)v[1];
		p.key.proto = (uint8_t)v[2];
		p.tos = (uint8_t)v[4];
		p.ip_flags = (uint8_t)v[6];
		p.frag_off = (uint16_t)v[7];
		p.ttl = (uint8_t)v[8];
		p.tcp_flags = (uint16_t)v[9];
		p.icmp_type = (uint8_t)(v[10] >> 8);
		trace_add_packet(t, tb, &p);
	}
	fclose(f);
	return t;
}

static bool
same(double a, double b)
{
	return isnan(b) ? isnan(a) : fabs(a - b) <= 1e-9 * (1 + fabs(b));
}

/* Every line of the stored values; tells which differ. */
static void
compare_values(const struct leak_detail *d)
{
	FILE *f = fopen("tests/data/eval/leak-values.tsv", "r");
	char name[64];
	double value, bound;
	int rows = 0, bad = 0;

	assert_non_null(f);
	for (; fscanf(f, "%63s %lf %lf", name, &value, &bound) == 3; rows++) {
		int k = 0;

		while (k < LEAK_MAX && strcmp(names[k], name) != 0)
			k++;
		assert_true(k < LEAK_MAX);
		if (same(d->value[k], value) && same(d->bound[k], bound))
			continue;
		print_error("%s: %.17g (%.17g), not %.17g (%.17g)\n", name, d->value[k],
		    d->bound[k], value, bound);
		bad++;
	}
	fclose(f);
	assert_int_equal(rows, LEAK_MAX);
	assert_int_equal(bad, 0);
}

static void
values_of_the_reference(void **state)
{
	static const char *const part[] = {"tests/data/eval/leak-train.tsv",
	    "tests/data/eval/leak-held.tsv", "tests/data/eval/leak-cand.tsv"};
	struct leak_detail d;
	struct world w;
	struct pair p = {.ref = &w.s[HELD],
	    .cand = &w.s[THIRD],
	    .train = &w.s[TRAIN],
	    .held_out = true,
	    .tables = &w.tb,
	    .seed = 11};
	double v[LEAK_MAX];

	(void)state;
	tables_init(&w.tb);
	for (int k = 0; k < PARTS; k++) {
		w.t[k] = read_packets(part[k], &w.tb);
		side_init(&w.s[k], w.t[k], SIDE_CAND);
	}
	leakage_battery(&p, v);
	d = *leak_detail_of(&w.s[THIRD]);
	compare_values(&d);
	world_free(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(closest_is_the_closest),
	    cmocka_unit_test(no_points_are_infinitely_far),
	    cmocka_unit_test(coins_keep_below_their_bound),
	    cmocka_unit_test(bounds_by_hand),
	    cmocka_unit_test(values_of_the_reference),
	};

	return cmocka_run_group_tests_name("eval_leak_parts", tests, NULL, NULL);
}
