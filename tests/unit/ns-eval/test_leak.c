/* What copies its training data is told from what does not. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "leak/leakage.h"
#include "leak_world.h"

enum { SEEDS = 20 };

#define BIT(k) (1u << (k))
#define OF_SOME (BIT(LEAK_RECORDS) | BIT(LEAK_FLOWS) | BIT(LEAK_TUPLES))
#define EXCESSES (OF_SOME | BIT(LEAK_NGRAMS))
#define ATTACKS (BIT(LEAK_MIA_AUC) | BIT(LEAK_MIA_TPR) | BIT(LEAK_NEAREST_AUC))

static void
audit_with(struct leak_detail *d, struct world *w, const struct trace *cand,
    bool held_out, int threads)
{
	struct side s;
	struct pair p = {.ref = &w->s[held_out ? HELD : TRAIN],
	    .cand = &s,
	    .train = &w->s[TRAIN],
	    .held_out = held_out,
	    .tables = &w->tb,
	    .pool = pool_new(threads),
	    .seed = 5};
	double v[LEAK_MAX];

	side_init(&s, cand, SIDE_CAND);
	assert_null(leak_detail_of(&s));
	leakage_battery(&p, v);
	*d = *leak_detail_of(&s);
	assert_memory_equal(v, d->value, sizeof v);
	side_free(&s);
	pool_free(p.pool);
}

/* Takes cand. */
static void
audit(struct leak_detail *d, struct world *w, struct trace *cand)
{
	audit_with(d, w, cand, true, 1);
	trace_free(cand);
}

static unsigned
alarms(const struct leak_detail *d)
{
	unsigned set = 0;

	for (int k = 0; k < LEAK_MAX; k++)
		if (d->verdict[k] == LEAK_ALARM)
			set |= BIT(k);
	return set;
}

static void
replay_alarms(void **state)
{
	static const int kinds[] = {NSR_PACKET, NSR_FLOW};
	struct leak_detail d;
	struct world w;

	(void)state;
	for (size_t i = 0; i < LEN(kinds); i++) {
		world_init(&w, kinds[i], 900, 1);
		audit(&d, &w, mixture(&w, 1000, 0, 0));
		assert_int_equal(alarms(&d),
		    EXCESSES | ATTACKS | BIT(LEAK_ADDRESSES) | BIT(LEAK_NEAREST));
		assert_int_equal(overall(&d), LEAK_ALARM);
		assert_true(d.value[LEAK_MIA_AUC] > .99);
		assert_true(d.value[LEAK_NEAREST_AUC] > .99);
		assert_true(d.value[LEAK_MIA_TPR] > .95);
		assert_true(d.value[LEAK_RECORDS_PLAIN] == 1);
		assert_true(d.to_train[90] == 0 && d.to_held[10] > 0);
		assert_true(d.roc[100] == 1 && d.roc[1] == d.value[LEAK_MIA_TPR]);
		world_free(&w);
	}
}

static void
half_replay_alarms(void **state)
{
	struct leak_detail d;
	struct world w;

	(void)state;
	world_init(&w, NSR_PACKET, 900, 2);
	audit(&d, &w, mixture(&w, 500, 0, 500));
	assert_int_equal(alarms(&d) & EXCESSES, EXCESSES);
	assert_int_equal(alarms(&d) & ATTACKS, ATTACKS);
	assert_true(d.verdict[LEAK_NEAREST] == LEAK_ALARM);
	assert_true(fabs(d.value[LEAK_MIA_AUC] - .75) < .05);
	assert_true(fabs(d.value[LEAK_TUPLES] - .5) < .07);
	/* 50 of 900 flows, few of them long */
	audit(&d, &w, mixture(&w, 55, 0, 950));
	assert_int_equal(alarms(&d) & OF_SOME, OF_SOME);
	assert_true(d.value[LEAK_FLOWS] < .1);
	world_free(&w);
}

/* Audits of SEEDS worlds in which nothing can be learnt from the split: how often each
 * value alarms, and the mean area under the curve. */
static void
false_alarms(int kind, uint32_t per_mille_of_both, int count[LEAK_MAX], double *auc)
{
	struct leak_detail d;
	struct world w;

	*auc = 0;
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		world_init(&w, kind, 500, 100 + seed);
		audit(&d, &w, mixture(&w, per_mille_of_both, per_mille_of_both, 1000));
		for (int k = 0; k < LEAK_MAX; k++)
			count[k] += alarms(&d) >> k & 1;
		*auc += d.value[LEAK_MIA_AUC] / SEEDS;
		world_free(&w);
	}
}

/* An independent part, and one that holds copies of both parts alike. */
static void
innocence_is_clear(void **state)
{
	static const int kinds[] = {NSR_PACKET, NSR_FLOW};
	double auc;

	(void)state;
	for (size_t i = 0; i < LEN(kinds); i++) {
		for (uint32_t both = 0; both <= 400; both += 400) {
			int count[LEAK_MAX] = {0};

			false_alarms(kinds[i], both, count, &auc);
			for (int k = 0; k < LEAK_MAX; k++)
				assert_true(count[k] <= 1);
			/* 250 members, 20 times: standard error .006 */
			assert_true(fabs(auc - .5) < .02);
		}
	}
}

/* Fields drawn evenly, each by itself. */
static void
noise_is_clear(void **state)
{
	struct leak_detail d;
	struct trace *t = trace_new("noise", NSR_PACKET);
	struct world w;
	struct rng r;

	(void)state;
	world_init(&w, NSR_PACKET, 900, 3);
	rng_init(&r, 9, 0);
	for (int i = 0; i < 3000; i++) {
		struct packet p = {
		    .t_ns = START + rng_below(&r, SPAN_S) * INT64_C(1000000000)};

		addr_from_v4(p.key.src_ip, rng_u32(&r));
		addr_from_v4(p.key.dst_ip, rng_u32(&r));
		p.key.src_port = (uint16_t)rng_below(&r, 65536);
		p.key.dst_port = (uint16_t)rng_below(&r, 65536);
		p.key.proto = (uint8_t)rng_below(&r, 256);
		p.ip_len = rng_below(&r, 65536);
		trace_add_packet(t, &w.tb, &p);
	}
	audit(&d, &w, t);
	assert_int_equal(alarms(&d), 0);
	assert_int_equal(overall(&d), LEAK_CLEAR);
	assert_true(d.value[LEAK_TUPLES_PLAIN] == 0);
	world_free(&w);
}

/* A replay that starts a year later is one all the same. */
static void
shifted_replay_alarms(void **state)
{
	struct leak_detail d;
	struct trace *t = trace_new("late", NSR_FLOW);
	struct world w;

	(void)state;
	world_init(&w, NSR_FLOW, 400, 4);
	copy_flows(t, &w, TRAIN, 1000, INT64_C(31536000000000000));
	audit(&d, &w, t);
	assert_true(d.value[LEAK_MIA_AUC] > .99);
	assert_true(d.value[LEAK_RECORDS] > .99);
	world_free(&w);
}

/* Copies with every port, length and time a little off: nothing is verbatim, and the
 * attack finds them all the same. */
static void
near_copies_alarm(void **state)
{
	struct leak_detail d;
	struct trace *t;
	struct world w;

	(void)state;
	world_init(&w, NSR_PACKET, 900, 9);
	t = mixture(&w, 1000, 0, 0);
	for (size_t i = 0; i < t->n; i++) {
		t->narrow[COL_SRC_PORT][i] ^= 1;
		t->narrow[COL_IP_LEN][i] += 3;
		t->wide[COL_TIME][i] += INT64_C(500000000);
	}
	audit(&d, &w, t);
	assert_int_equal(alarms(&d) & (EXCESSES | ATTACKS), ATTACKS);
	assert_true(d.verdict[LEAK_NEAREST] == LEAK_ALARM);
	assert_true(d.value[LEAK_TUPLES_PLAIN] < .1);
	assert_true(d.value[LEAK_MIA_AUC] > .9);
	world_free(&w);
}

/* Training of three times the hold-out: it is thinned, and a copy of it still seen. */
static void
unequal_parts(void **state)
{
	struct leak_detail d;
	struct trace *both, *part;
	struct world w;

	(void)state;
	world_init(&w, NSR_PACKET, 600, 5);
	both = mixture(&w, 1000, 0, 0);
	part = mixture(&w, 0, 330, 0);
	side_free(&w.s[HELD]);
	trace_free(w.t[HELD]);
	w.t[HELD] = part;
	side_init(&w.s[HELD], part, SIDE_CAND);
	audit(&d, &w, both);
	assert_true(fabs(d.value[LEAK_TUPLES] - 1 / 3.) < .05);
	assert_true(d.value[LEAK_TUPLES_PLAIN] == 1);
	assert_true(d.value[LEAK_MIA_AUC] > .99);
	audit(&d, &w, mixture(&w, 0, 0, 1000));
	assert_int_equal(alarms(&d), 0);
	world_free(&w);
}

static void
unknown_where_nothing_can_be_told(void **state)
{
	struct leak_detail d;
	struct world w;

	(void)state;
	world_init(&w, NSR_PACKET, 300, 6);
	audit_with(&d, &w, w.t[TRAIN], false, 1);
	for (int k = 0; k < LEAK_MAX; k++) {
		assert_int_equal(d.verdict[k], LEAK_UNKNOWN);
		assert_int_equal(!isnan(d.value[k]),
		    k == LEAK_TUPLES_PLAIN || k == LEAK_RECORDS_PLAIN);
	}
	assert_true(d.value[LEAK_RECORDS_PLAIN] == 1);
	assert_int_equal(overall(&d), LEAK_UNKNOWN);
	world_free(&w);
	/* copies of so few flows that all may be in training by chance */
	world_init(&w, NSR_PACKET, 900, 6);
	audit(&d, &w, mixture(&w, 5, 0, 1000));
	assert_true(d.value[LEAK_TUPLES] > 0);
	assert_int_equal(d.verdict[LEAK_TUPLES], LEAK_UNKNOWN);
	assert_int_equal(d.verdict[LEAK_RECORDS], LEAK_UNKNOWN);
	assert_int_equal(d.verdict[LEAK_MIA_AUC], LEAK_CLEAR);
	world_free(&w);
	/* a replay of so few flows that each may be in training by chance */
	world_init(&w, NSR_PACKET, 5, 6);
	audit_with(&d, &w, w.t[TRAIN], true, 1);
	assert_true(w.s[TRAIN].f.n < 10 && w.s[HELD].f.n < 10);
	assert_int_equal(overall(&d), LEAK_UNKNOWN);
	world_free(&w);
	/* enough for the shares, but members too few for a curve */
	world_init(&w, NSR_PACKET, 14, 6);
	audit_with(&d, &w, w.t[TRAIN], true, 1);
	assert_in_range(w.s[TRAIN].f.n, 10, 13);
	assert_in_range(w.s[HELD].f.n, 10, 13);
	assert_int_equal(d.verdict[LEAK_TUPLES], LEAK_ALARM);
	audit_with(&d, &w, w.t[THIRD], true, 1);
	assert_int_equal(d.verdict[LEAK_TUPLES], LEAK_CLEAR);
	assert_int_equal(d.verdict[LEAK_MIA_AUC], LEAK_UNKNOWN);
	world_free(&w);
}

/* One flow a part, one flow without a neighbour, values at the ends of their range. */
static void
extremes(void **state)
{
	struct leak_detail d;
	struct world w;

	(void)state;
	tables_init(&w.tb);
	for (int k = 0; k < PARTS; k++) {
		struct flow f = {.t_start_ns = k == HELD ? INT64_MIN : INT64_MAX,
		    .dur_ns = INT64_MAX,
		    .n_pkts = UINT64_MAX,
		    .n_bytes = UINT64_MAX};

		w.t[k] = trace_new("one", NSR_FLOW);
		f.key.src_port = (uint16_t)k;
		trace_add_flow(w.t[k], &w.tb, &f);
		side_init(&w.s[k], w.t[k], SIDE_CAND);
	}
	audit_with(&d, &w, w.t[TRAIN], true, 1);
	assert_true(d.value[LEAK_TUPLES] == 1 && isnan(d.value[LEAK_FLOWS]));
	assert_true(d.value[LEAK_NEAREST] == 1 && isnan(d.value[LEAK_MIA_AUC]));
	assert_int_equal(overall(&d), LEAK_UNKNOWN);
	world_free(&w);
}

/* The detail is of the latest comparison. */
static void
detail_is_replaced(void **state)
{
	struct pair p;
	struct world w;
	double v[LEAK_MAX];

	(void)state;
	world_init(&w, NSR_FLOW, 100, 8);
	p = (struct pair){.ref = &w.s[HELD],
	    .cand = &w.s[THIRD],
	    .train = &w.s[TRAIN],
	    .held_out = true,
	    .tables = &w.tb};
	leakage_battery(&p, v);
	assert_int_equal(overall(leak_detail_of(p.cand)), LEAK_CLEAR);
	p.train = &w.s[THIRD];
	leakage_battery(&p, v);
	assert_int_equal(overall(leak_detail_of(p.cand)), LEAK_ALARM);
	world_free(&w);
}

static void
threads_change_nothing(void **state)
{
	struct leak_detail d[2];
	struct trace *t;
	struct world w;

	(void)state;
	world_init(&w, NSR_FLOW, 800, 7);
	t = mixture(&w, 100, 0, 900);
	audit_with(&d[0], &w, t, true, 1);
	audit_with(&d[1], &w, t, true, 2);
	assert_memory_equal(&d[0], &d[1], sizeof d[0]);
	trace_free(t);
	world_free(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(replay_alarms),
	    cmocka_unit_test(half_replay_alarms),
	    cmocka_unit_test(innocence_is_clear),
	    cmocka_unit_test(noise_is_clear),
	    cmocka_unit_test(shifted_replay_alarms),
	    cmocka_unit_test(near_copies_alarm),
	    cmocka_unit_test(unequal_parts),
	    cmocka_unit_test(unknown_where_nothing_can_be_told),
	    cmocka_unit_test(extremes),
	    cmocka_unit_test(detail_is_replaced),
	    cmocka_unit_test(threads_change_nothing),
	};

	return cmocka_run_group_tests_name("eval_leak", tests, NULL, NULL);
}
