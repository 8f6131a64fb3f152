/* The anomaly ratios, and the histograms that botnets are learnt from. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "learn/oneclass.h"
#include "netml_rows.h"
#include "stats/rank.h"
#include "stream/schema.h"
#include "task/anomaly.h"
#include "task/botnet.h"

enum { PACKETS = 600, FLOWS = 60 };

/* Packets of FLOWS flows with longer packets and pauses for larger numbers of the side.
 */
static struct trace *
some_packets(struct tables *tb, uint32_t side)
{
	struct trace *t = trace_new("some", NSR_PACKET);
	int64_t clock = 0;
	struct rng r;

	rng_init(&r, 7, side);
	for (int i = 0; i < PACKETS; i++) {
		struct packet p = {0};

		addr_from_v4(p.key.src_ip, 1);
		addr_from_v4(p.key.dst_ip, 2);
		p.key.proto = PROTO_UDP;
		p.key.src_port = (uint16_t)rng_below(&r, FLOWS);
		clock += rng_below(&r, 1000000 << side);
		p.t_ns = clock;
		p.ip_len = 28 + rng_below(&r, 400 << side);
		trace_add_packet(t, tb, &p);
	}
	return t;
}

struct fixture {
	struct tables tb;
	struct trace *t[2];
	struct side s[2];
};

static void
set_up(struct fixture *x)
{
	tables_init(&x->tb);
	for (int k = 0; k < 2; k++) {
		x->t[k] = some_packets(&x->tb, (uint32_t)k);
		side_init(&x->s[k], x->t[k], SIDE_CAND);
	}
}

static void
tear_down(struct fixture *x)
{
	for (int k = 0; k < 2; k++) {
		side_free(&x->s[k]);
		trace_free(x->t[k]);
	}
	tables_free(&x->tb);
}

static void
assert_close(double got, double want)
{
	assert_true(fabs(got - want) <= 1e-12);
}

/* What an SVM of side 0 says of side 1, against what it says of side 0. */
static double
cross_by_hand(const struct fixture *x, enum netml_mode m)
{
	struct netml_scale sc;
	double share[2];
	struct ns_err e;
	float *row[2];
	size_t n[2];

	assert_true(netml_scale_of(&sc, &x->s[0]));
	for (int k = 0; k < 2; k++)
		row[k] = all_rows(&x->s[k], m, &sc, &n[k]);
	for (int k = 0; k < 2; k++)
		assert_int_equal(oneclass_share(row[0], n[0], row[k], n[k],
				     netml_width(m, &sc), &share[k], &e),
		    NS_OK);
	free(row[0]);
	free(row[1]);
	return fabs(share[1] - share[0]) / share[0];
}

static void
battery_knows_equal_from_unlike(void **state)
{
	struct pair p = {0};
	double v[ANOMALY_VALUES], again[ANOMALY_VALUES];
	double ref[NETML_MODES], cand[NETML_MODES];
	struct fixture x;

	(void)state;
	if (oneclass_missing() != NULL)
		skip();
	set_up(&x);
	p.ref = p.cand = &x.s[0];
	anomaly_battery(&p, v);
	assert_true(v[ANOMALY_OWN_MEAN] == 0 && v[ANOMALY_CROSS_MEAN] == 0);
	p.cand = &x.s[1];
	anomaly_battery(&p, v);
	assert_true(v[ANOMALY_CROSS_MEAN] > 0);
	for (int m = 0; m < NETML_MODES; m++) {
		ref[m] = anomaly_ratios(&x.s[0], &x.s[0], 0, NULL)[m];
		cand[m] = anomaly_ratios(&x.s[1], &x.s[0], 0, NULL)[m];
		assert_true(ref[m] > .3 && ref[m] < .7);
		assert_close(v[ANOMALY_OWN + m], fabs(cand[m] - ref[m]) / ref[m]);
		assert_close(v[ANOMALY_CROSS + m], cross_by_hand(&x, m));
	}
	assert_close(v[ANOMALY_OWN_RANK], spearman(cand, ref, NETML_MODES));
	for (int k = 0; k < 2; k++) { /* what is kept goes */
		side_free(&x.s[k]);
		side_init(&x.s[k], x.t[k], SIDE_CAND);
	}
	p.pool = pool_new(2);
	anomaly_battery(&p, again);
	assert_memory_equal(v, again, sizeof v);
	pool_free(p.pool);
	tear_down(&x);
}

static void
assert_none_defined(struct side *ref, struct side *cand)
{
	struct pair p = {.ref = ref, .cand = cand};
	double v[ANOMALY_VALUES];

	anomaly_battery(&p, v);
	for (int i = 0; i < ANOMALY_VALUES; i++)
		assert_true(isnan(v[i]));
}

static void
battery_needs_flows(void **state)
{
	struct fixture x;
	struct trace *few = trace_new("few", NSR_PACKET);
	struct trace *records = trace_new("records", NSR_FLOW);
	struct side s;

	(void)state;
	set_up(&x);
	for (int i = 0; i < 14; i++) { /* seven flows of two packets */
		struct packet p = {0};

		p.key.src_port = (uint16_t)(i / 2);
		p.key.proto = PROTO_UDP;
		p.ip_len = 28;
		trace_add_packet(few, &x.tb, &p);
	}
	side_init(&s, few, SIDE_CAND);
	assert_none_defined(&s, &s);
	assert_none_defined(&x.s[0], &s);
	assert_none_defined(&s, &x.s[0]);
	side_free(&s);
	trace_add_flow(records, &x.tb, &(struct flow){.n_pkts = 1});
	side_init(&s, records, SIDE_CAND);
	assert_none_defined(&s, &s);
	side_free(&s);
	trace_free(few);
	trace_free(records);
	tear_down(&x);
}

static void
histograms_count_lengths_by_pair(void **state)
{
	static const struct {
		uint32_t src, dst, port, len;
	} in[] = {{1, 2, 5, 40}, {1, 2, 9, 63}, {2, 1, 5, 64}, {1, 2, 5, 1471},
	    {1, 3, 5, 1472}, {1, 2, 5, 1500}};
	struct trace *t = trace_new("pairs", NSR_PACKET);
	struct tables tb;
	struct side s;
	double sum = 0;
	size_t n;
	float *x;

	(void)state;
	tables_init(&tb);
	for (size_t i = 0; i < LEN(in); i++) {
		struct packet p = {0};

		addr_from_v4(p.key.src_ip, in[i].src);
		addr_from_v4(p.key.dst_ip, in[i].dst);
		p.key.src_port = (uint16_t)in[i].port;
		p.ip_len = in[i].len;
		trace_add_packet(t, &tb, &p);
	}
	side_init(&s, t, SIDE_CAND);
	x = pair_histograms(&s, &n);
	assert_int_equal(n, 2);
	assert_true(x[0] == 2 && x[22] == 1 && x[HISTOGRAM_BINS + 1] == 1);
	for (size_t i = 0; i < n * HISTOGRAM_BINS; i++)
		sum += x[i];
	assert_true(sum == 4);
	free(x);
	side_free(&s);
	trace_free(t);
	tables_free(&tb);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(battery_knows_equal_from_unlike),
	    cmocka_unit_test(battery_needs_flows),
	    cmocka_unit_test(histograms_count_lengths_by_pair),
	};

	return cmocka_run_group_tests_name("eval_anomaly", tests, NULL, NULL);
}
