/* Roles of series, and lengths for flows that are known. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ar/balance.h"
#include "ar/lengths.h"
#include "ar/roles.h"
#include "base/mem.h"
#include "chi.h"
#include "nets.h"

enum { ROLE, PROTO, SERVICE, P };

struct world {
	struct tensor_schema s;
	struct ar *m;
	struct pool *pool;
	struct attrs a;
	struct rng r;
};

static struct world *
world_new(uint64_t seed, double spread)
{
	static const struct {
		const char *name;
		uint32_t shape;
	} fields[P] = {{"role", 3}, {"proto", 3}, {"service", 6}};
	struct world *w = xcalloc(1, sizeof *w);
	int i;

	tensor_schema_init(&w->s);
	for (i = 0; i < P; i++)
		tensor_schema_add(&w->s, NSR_ATTRIBUTE, fields[i].name, NSR_CATEGORY,
		    fields[i].shape, "");
	w->m = net_make(&w->s, 2, spread, seed);
	w->pool = pool_new(1);
	attrs_init(&w->a, w->m, NULL, w->pool, 1);
	rng_init(&w->r, seed, 0);
	return w;
}

static void
world_free(struct world *w)
{
	attrs_free(&w->a);
	pool_free(w->pool);
	ar_free(w->m);
	tensor_schema_free(&w->s);
	free(w);
}

static struct plan
make_plan(const uint32_t *length, size_t n)
{
	struct plan p = {.length = xcalloc(n + 1, sizeof *p.length), .n = n};

	memcpy(p.length, length, n * sizeof *length);
	return p;
}

/* ---- Roles ---- */

static void
count_roles(const uint8_t *role, size_t n, size_t count[3])
{
	size_t i;

	memset(count, 0, 3 * sizeof *count);
	for (i = 0; i < n; i++)
		count[role[i]]++;
}

/* As many answers as openers, by the fewest changes, half from one to the other. */
static void
test_balance(void **state)
{
	enum { N = 257 };
	size_t was[3], is[3], more, surplus, changed, i;
	uint8_t role[N], before[N];
	struct rng r;
	size_t n;
	int k;

	(void)state;
	rng_init(&r, 3, 0);
	for (k = 0; k < 2000; k++) {
		n = rng_below(&r, N);
		for (i = 0; i < n; i++)
			role[i] = (uint8_t)(k % 3 == 0 ? 1 + rng_below(&r, 2)
				: k % 3 == 1           ? rng_below(&r, 2) * 2
						       : rng_below(&r, 3));
		memcpy(before, role, sizeof role);
		count_roles(role, n, was);
		roles_balance(role, n, &r);
		count_roles(role, n, is);
		assert_int_equal(is[1], is[2]);
		more = was[1] > was[2] ? 1 : 2;
		surplus = was[more] - was[3 - more];
		assert_int_equal(is[0], was[0] + surplus % 2);
		assert_int_equal(is[3 - more], was[3 - more] + surplus / 2);
		for (changed = i = 0; i < n; i++) {
			if (role[i] == before[i])
				continue;
			assert_int_equal(before[i], more);
			changed++;
		}
		assert_int_equal(changed, surplus - surplus / 2);
	}
}

/* Those that change are evenly spread. */
static void
test_spread(void **state)
{
	enum { N = 1000 };
	uint64_t count[10] = {0};
	double p[10];
	uint8_t role[N];
	struct rng r;
	size_t i;
	int k;

	(void)state;
	rng_init(&r, 4, 0);
	for (k = 0; k < 500; k++) {
		memset(role, ROLE_OPENER, N);
		for (i = 0; i < N; i += 2)
			role[i] = ROLE_ANSWER;
		for (i = 0; i < N; i += 10)
			role[i] = ROLE_OPENER;
		roles_balance(role, N, &r);
		for (i = 0; i < N; i++)
			if (i % 2 == 1 && role[i] != ROLE_OPENER)
				count[i / 100]++;
	}
	for (i = 0; i < 10; i++)
		p[i] = .1;
	assert_true(chi_normal(count, p, 10) < CHI_RARE);
}

/* Every length goes to one role, by the net's probabilities. */
static void
test_roles(void **state)
{
	enum { N = 3000 };
	struct world *w = world_new(5, .4);
	uint32_t length[N];
	size_t count[4] = {0}, i, k;
	real p[2 * 3];
	const uint16_t code[2] = {(uint16_t)length_code(1), (uint16_t)length_code(200)};
	struct plan plan;
	struct roles x;
	double want;

	(void)state;
	for (i = 0; i < N; i++) /* of one code, but for the first third */
		length[i] = i < N / 3 ? 1 : 192 + (uint32_t)(i * 12 / N);
	assert_int_equal(length_code(length[N / 3]), length_code(length[N - 1]));
	plan = make_plan(length, N);
	attrs_odds(&w->a, 1, code, ROLE, 2, p);
	roles_draw(&x, &w->a, 1, &plan, &w->r);
	assert_int_equal(x.of[1].n, x.of[2].n);
	assert_int_equal(x.of[0].n + x.of[1].n + x.of[2].n, N);
	want = N / 3 * ((double)p[0] + 2 * (double)p[3]);
	assert_true(fabs((double)x.of[0].n - want) <= 3);
	for (k = 0; k < 3; k++)
		for (i = 0; i < x.of[k].n; i++) {
			assert_true(
			    i == 0 || x.of[k].length[i] >= x.of[k].length[i - 1]);
			count[k] += x.of[k].length[i];
			count[3] += x.of[k].length[i];
		}
	for (i = 0; i < N; i++)
		count[3] -= length[i];
	assert_int_equal(count[3], 0);
	/* those of one length code are mixed */
	for (k = 0; k < 3; k++)
		if (x.of[k].n > N / 10)
			assert_in_range(x.of[k].length[x.of[k].n - 1], 200, 204);
	i = x.of[0].n + x.of[2].n;
	roles_left(&x);
	assert_int_equal(x.of[0].n, i);
	assert_int_equal(x.of[2].n, 0);
	for (i = 1; i < x.of[0].n; i++)
		assert_true(x.of[0].length[i] >= x.of[0].length[i - 1]);
	roles_free(&x);
	plan_free(&plan);
	world_free(w);
}

/* ---- Probabilities ---- */

/* What is the odds of one symbol is its score. */
static void
test_odds(void **state)
{
	struct world *w = world_new(6, .4);
	uint16_t length[3] = {1, 4, 9}, same[3], code[3 * P];
	double score[3], sum;
	real p[3 * 6];
	int c, i;

	(void)state;
	w->a.given[ROLE] = 2;
	w->a.given[PROTO] = 1;
	attrs_odds(&w->a, 0, length, SERVICE, 3, p);
	for (i = 0; i < 3; i++) {
		same[i] = length[i];
		for (sum = c = 0; c < 6; c++)
			sum += (double)p[i * 6 + c];
		assert_true(fabs(sum - 1) < 1e-5);
	}
	for (c = 0; c < 6; c++) {
		for (i = 0; i < 3; i++) {
			code[i * P + ROLE] = 2;
			code[i * P + PROTO] = 1;
			code[i * P + SERVICE] = (uint16_t)c;
		}
		attrs_score(&w->a, 0, same, code, SERVICE, P, 3, score);
		for (i = 0; i < 3; i++)
			assert_true(fabs(exp(score[i]) - (double)p[i * 6 + c]) < 1e-5);
	}
	world_free(w);
}

/* ---- Lengths ---- */

/* By how many there are and how well they go with the codes. */
static void
test_choice(void **state)
{
	enum { DRAWS = 40000 };
	static const uint32_t pool[] = {1, 1, 1, 2, 5, 5, 70, 70, 70, 70};
	static const uint32_t kinds[] = {1, 2, 5, 70}, n_of[] = {3, 1, 2, 4};
	const uint16_t flow[P] = {2, 1, 3};
	const struct known f = {flow, 1, PROTO, P};
	struct world *w = world_new(7, .4);
	uint16_t code[4 * P], coded[4];
	uint64_t count[4] = {0};
	double score[4], p[4], sum = 0;
	struct plan plan;
	uint32_t length;
	int i, k;

	(void)state;
	for (i = 0; i < 4; i++) {
		memcpy(code + i * P, flow, sizeof flow);
		coded[i] = (uint16_t)length_code(kinds[i]);
	}
	attrs_score(&w->a, 1, coded, code, PROTO, P, 4, score);
	for (i = 0; i < 4; i++)
		sum += p[i] = n_of[i] * exp(score[i]);
	for (i = 0; i < 4; i++)
		p[i] /= sum;
	for (k = 0; k < DRAWS; k++) {
		plan = make_plan(pool, LEN(pool));
		lengths_take(&w->a, 1, &plan, &f, false, &length, &w->r);
		assert_int_equal(plan.n, LEN(pool) - 1);
		for (i = 0; i < 4 && kinds[i] != length;)
			i++;
		count[i]++;
		plan_free(&plan);
	}
	assert_true(fabs(chi_normal(count, p, 4)) < CHI_RARE);
	world_free(w);
}

/* Where the plan is theirs alone, by what is left to the others, too. */
static void
test_all(void **state)
{
	enum { DRAWS = 20000 };
	static const uint32_t pool[] = {1, 70, 70};
	static const uint16_t flows[3 * P] = {2, 0, 0, 2, 1, 3, 2, 2, 5};
	const struct known f = {flows, 3, PROTO, P};
	struct world *w = world_new(11, 1.2);
	uint16_t code[6 * P], coded[6];
	uint32_t length[3], m[3] = {1, 1, 1};
	double score[6], p[2], v[2], n[2] = {1, 2};
	uint64_t count[2] = {0};
	struct plan plan;
	float weight[6];
	int i;

	(void)state;
	for (i = 0; i < 6; i++) {
		memcpy(code + i * P, flows + i / 2 * P, P * sizeof *code);
		coded[i] = (uint16_t)length_code(i % 2 == 0 ? 1 : 70);
	}
	attrs_score(&w->a, 1, coded, code, PROTO, P, 6, score);
	for (i = 0; i < 6; i++)
		weight[i] = (float)exp(score[i]);
	balance_find(v, weight, m, 3, n, 2);
	for (i = 0; i < 2; i++)
		p[i] = n[i] * v[i] * (double)weight[i];
	assert_true(fabs(v[0] / v[1] - 1) > .05); /* else it were no test */
	for (i = 0; i < DRAWS; i++) {
		plan = make_plan(pool, LEN(pool));
		lengths_take(&w->a, 1, &plan, &f, true, length, &w->r);
		assert_int_equal(plan.n, 0);
		assert_int_equal(length[0] + length[1] + length[2], 141);
		count[length[0] == 70]++;
		plan_free(&plan);
	}
	assert_true(fabs(chi_normal(count, p, 2)) < CHI_RARE);
	world_free(w);
}

/* Many flows at once get what they would get one after another; in the end the plan is
 * empty. */
static void
test_exhausted(void **state)
{
	enum { N = 6000 };
	struct world *w = world_new(8, .4);
	uint16_t *code = xcalloc(N * P, sizeof *code);
	uint32_t *length = xcalloc(N, sizeof *length),
		 *taken = xcalloc(N, sizeof *taken);
	struct known f = {code, N, PROTO, P};
	struct plan all, rest;
	struct rng a, b;
	size_t i;

	(void)state;
	for (i = 0; i < N; i++) {
		length[i] = 1 + (uint32_t)(i * 40 / N);
		code[i * P + ROLE] = 2;
		code[i * P + PROTO] = (uint16_t)(i / 100 % 3); /* some in a row alike */
		code[i * P + SERVICE] = (uint16_t)(i / 7 % 6);
	}
	all = make_plan(length, N);
	rest = make_plan(length, N);
	rng_init(&a, 1, 0);
	rng_init(&b, 1, 0);
	lengths_take(&w->a, 1, &all, &f, false, taken, &a);
	for (i = 0; i < 50; i++) {
		f = (struct known){code + i * P, 1, PROTO, P};
		lengths_take(&w->a, 1, &rest, &f, false, length, &b);
		assert_int_equal(length[0], taken[i]);
	}
	assert_int_equal(all.n, 0);
	assert_int_equal(rest.n, N - 50);
	plan_free(&all);
	plan_free(&rest);
	free(code);
	free(length);
	free(taken);
	world_free(w);
}

/* Rows take columns as often as there are of them; where all weights agree with that
 * nothing changes. */
static void
test_balance_of_weights(void **state)
{
	enum { ROWS = 5, K = 4 };
	const uint32_t m[ROWS] = {7, 1, 12, 3, 9};
	double n[K] = {16, 8, 7, 1}, v[K], sum[K] = {0}, all;
	float w[ROWS * K];
	struct rng r;
	int i, j;

	(void)state;
	rng_init(&r, 9, 0);
	for (i = 0; i < ROWS * K; i++)
		w[i] = (float)exp(3 * rng_normal(&r));
	balance_find(v, w, m, ROWS, n, K);
	for (i = 0; i < ROWS; i++) {
		for (all = j = 0; j < K; j++)
			all += n[j] * v[j] * (double)w[i * K + j];
		for (j = 0; j < K; j++)
			sum[j] += m[i] * n[j] * v[j] * (double)w[i * K + j] / all;
	}
	for (j = 0; j < K; j++)
		assert_true(fabs(sum[j] - n[j]) < .02 * n[j]);
	for (i = 0; i < ROWS * K; i++)
		w[i] = i / K + 1;
	balance_find(v, w, m, ROWS, n, K);
	for (j = 1; j < K; j++)
		assert_true(fabs(v[j] - v[0]) < 1e-9 * v[0]);
	for (i = 0; i < ROWS; i++) /* what nobody can take */
		w[i * K + 2] = 0;
	balance_find(v, w, m, ROWS, n, K);
	assert_true(v[2] == 1 && v[0] > 0 && isfinite(v[0]));
}

static void
test_order(void **state)
{
	static const uint32_t length[] = {3, 1, 2, 1, 3};
	static const size_t want[] = {1, 3, 2, 0, 4};
	size_t *at = lengths_order(length, LEN(length));

	(void)state;
	assert_memory_equal(at, want, sizeof want);
	free(at);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_balance),
	    cmocka_unit_test(test_spread),
	    cmocka_unit_test(test_roles),
	    cmocka_unit_test(test_odds),
	    cmocka_unit_test(test_choice),
	    cmocka_unit_test(test_all),
	    cmocka_unit_test(test_exhausted),
	    cmocka_unit_test(test_balance_of_weights),
	    cmocka_unit_test(test_order),
	};

	return cmocka_run_group_tests_name("ns-sample/roles", tests, NULL, NULL);
}
