/* Flows, thinning, halves, baselines, limits and the choice of metrics. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "data/baseline.h"
#include "metrics/gate.h"
#include "report/report.h"
#include "stream/schema.h"

enum { N = 3000 };

/* N packets of some hundred five-tuples, times in disorder. */
static struct trace *
some_packets(struct tables *tb)
{
	struct trace *t = trace_new("some", NSR_PACKET);
	struct rng r;

	rng_init(&r, 5, 0);
	for (int i = 0; i < N; i++) {
		struct packet p = {0};

		addr_from_v4(p.key.src_ip, rng_below(&r, 10));
		addr_from_v4(p.key.dst_ip, 1 + rng_below(&r, 10));
		p.key.src_port = (uint16_t)rng_below(&r, 4);
		p.key.proto = PROTO_UDP;
		p.t_ns = -500 + rng_below(&r, 5000);
		p.ip_len = 28 + rng_below(&r, 100);
		p.ttl = 64;
		trace_add_packet(t, tb, &p);
	}
	return t;
}

static bool
same_flow(const struct trace *t, size_t i, size_t j)
{
	for (int c = COL_SRC_IP; c <= COL_PROTO; c++)
		if (t->narrow[c][i] != t->narrow[c][j])
			return false;
	return true;
}

/* For each record that is the first of its flow in the trace's order: size, bytes and
 * times by looking at every other record. */
static void
flows_agree_with_naive_count(void **state)
{
	struct tables tb;
	struct trace *t;
	struct side s;
	size_t k = 0;
	uint64_t alive = 0;

	(void)state;
	tables_init(&tb);
	t = some_packets(&tb);
	side_init(&s, t, SIDE_CAND);
	for (size_t i = 0; i < N; i++) {
		int64_t lo = INT64_MAX, hi = INT64_MIN, size = 0, bytes = 0;
		bool first = true;

		for (size_t j = 0; j < N; j++) {
			int64_t at = t->wide[COL_TIME][j];

			if (!same_flow(t, i, j))
				continue;
			first = first && j >= i;
			lo = at < lo ? at : lo;
			hi = at > hi ? at : hi;
			bytes += t->narrow[COL_IP_LEN][j];
			size++;
		}
		if (!first)
			continue;
		assert_int_equal(s.f.size[k], size);
		assert_int_equal(s.f.bytes[k], bytes);
		assert_int_equal(s.f.first[k], lo);
		assert_int_equal(s.f.dur[k], hi - lo);
		k++;
	}
	assert_int_equal(s.f.n, k);
	assert_int_equal(s.f.n_iat, N - k);
	for (int c = 0; c < EVAL_CHUNKS; c++)
		alive += s.f.alive[c];
	assert_int_equal(alive, k);
	side_free(&s);
	trace_free(t);
	tables_free(&tb);
}

static void
thinning_keeps_order_and_count(void **state)
{
	struct rng r;
	size_t hits = 0;

	(void)state;
	for (uint64_t seed = 0; seed < 200; seed++) {
		uint32_t *rows;

		rng_init(&r, seed, STREAM_THIN);
		rows = pick_rows(100, 30, &r);
		for (int i = 1; i < 30; i++)
			assert_true(rows[i - 1] < rows[i]);
		assert_true(rows[29] < 100);
		for (int i = 0; i < 30; i++)
			hits += rows[i] < 50;
		free(rows);
	}
	/* 3000 expected, standard deviation about 32 */
	assert_in_range(hits, 2850, 3150);
	rng_init(&r, 0, STREAM_THIN);
	free(pick_rows(5, 0, &r));
}

static void
halves_split_no_flow(void **state)
{
	struct tables tb;
	struct trace *t, *half[2];

	(void)state;
	tables_init(&tb);
	t = some_packets(&tb);
	half[0] = trace_half(t, 0);
	half[1] = trace_half(t, 1);
	assert_int_equal(half[0]->n + half[1]->n, N);
	for (size_t i = 0; i < half[0]->n; i += 7)
		for (size_t j = 0; j < half[1]->n; j++)
			for (int c = COL_SRC_IP; c <= COL_PROTO; c++) {
				if (half[0]->narrow[c][i] != half[1]->narrow[c][j])
					break;
				assert_true(c < COL_PROTO);
			}
	trace_free(half[0]);
	trace_free(half[1]);
	trace_free(t);
	tables_free(&tb);
}

/* Resampling keeps each field's distribution; only the bootstrap keeps what links them.
 */
static void
baselines_keep_what_they_should(void **state)
{
	struct tables tb;
	struct trace *t, *col, *row;
	struct side s[3];
	struct scale scale;
	struct selection all;
	struct ns_err e;
	double v[2][METRICS_MAX];
	int ports = metric_find("joint_addresses", 15), dp = metric_find("SP", 2);

	(void)state;
	tables_init(&tb);
	t = some_packets(&tb);
	for (size_t i = 0; i < N; i++) /* tie the addresses to one another */
		t->narrow[COL_DST_IP][i] = t->narrow[COL_SRC_IP][i];
	col = baseline_independent(t, 2 * N, 3);
	row = baseline_bootstrap(t, 2 * N, 3);
	assert_int_equal(col->n, 2 * N);
	side_init(&s[0], t, SIDE_CAND);
	side_init(&s[1], col, SIDE_CAND);
	side_init(&s[2], row, SIDE_CAND);
	scale_init(&scale, &s[0]);
	assert_int_equal(select_parse(&all, "joint_addresses,SP,tos", &e), NS_OK);
	for (int k = 0; k < 2; k++) {
		struct pair p = {.ref = &s[0],
		    .cand = &s[1 + k],
		    .train = &s[0],
		    .scale = &scale,
		    .tables = &tb};

		score(&p, &all, v[k], NULL);
		assert_true(v[k][dp] < .002);
		assert_true(isnan(v[k][metric_find("DP", 2)]));
	}
	assert_true(v[0][ports] > .4);
	assert_true(v[1][ports] < .01);
	scale_free(&scale);
	for (int k = 0; k < 3; k++)
		side_free(&s[k]);
	trace_free(t);
	trace_free(col);
	trace_free(row);
	tables_free(&tb);
}

static void
classes_are_of_the_real_quantiles(void **state)
{
	struct tables tb;
	struct trace *t;
	struct side s;
	struct scale sc;

	(void)state;
	tables_init(&tb);
	t = trace_new("t", NSR_FLOW);
	for (int i = 1; i <= 40; i++) {
		struct flow f = {.n_pkts = 1, .n_bytes = (uint64_t)i};

		trace_add_flow(t, &tb, &f);
	}
	side_init(&s, t, SIDE_CAND);
	scale_init(&sc, &s);
	assert_int_equal(sc.cut[SAMPLE_BYTES][0], 2);
	assert_int_equal(sc.cut[SAMPLE_BYTES][18], 38);
	assert_int_equal(scale_class(&sc, SAMPLE_BYTES, -7), 0);
	assert_int_equal(scale_class(&sc, SAMPLE_BYTES, 2), 0);
	assert_int_equal(scale_class(&sc, SAMPLE_BYTES, 3), 1);
	assert_int_equal(scale_class(&sc, SAMPLE_BYTES, INT64_MAX), 19);
	assert_true(sc.range[SAMPLE_BYTES] == 39);
	scale_free(&sc);
	side_free(&s);
	trace_free(t);
	tables_free(&tb);
}

/* The widest span and the greatest counts that a stream can hold. */
static void
extreme_values_are_scored(void **state)
{
	struct tables tb;
	struct trace *t;
	struct side s;
	struct scale scale;
	struct selection all;
	struct ns_err e;
	double v[METRICS_MAX];

	(void)state;
	tables_init(&tb);
	t = trace_new("t", NSR_FLOW);
	for (int i = 0; i < 4; i++) {
		struct flow f = {.t_start_ns = i % 2 ? INT64_MIN : INT64_MAX,
		    .dur_ns = INT64_MAX,
		    .n_pkts = UINT64_MAX,
		    .n_bytes = UINT64_MAX};

		trace_add_flow(t, &tb, &f);
	}
	side_init(&s, t, SIDE_CAND);
	scale_init(&scale, &s);
	assert_int_equal(s.f.n, 1);
	assert_int_equal(s.f.alive[1], 1);
	assert_int_equal(s.f.bytes[0], INT64_MAX);
	assert_int_equal(select_parse(&all, "fields,joint,flow", &e), NS_OK);
	score(&(struct pair){.ref = &s,
		  .cand = &s,
		  .train = &s,
		  .scale = &scale,
		  .tables = &tb},
	    &all, v, NULL);
	for (size_t i = 0; i < n_metrics; i++)
		assert_true(v[i] == 0 || !all.need[i] ||
		    !(metrics[i].kinds & 1u << NSR_FLOW) ||
		    (metrics[i].best == 1 && isnan(v[i])));
	scale_free(&scale);
	side_free(&s);
	trace_free(t);
	tables_free(&tb);
}

static void
selection_follows_needs(void **state)
{
	struct selection s;
	struct ns_err e;

	(void)state;
	assert_int_equal(select_parse(&s, "mean_emd_n", &e), NS_OK);
	assert_true(s.need[metric_find("TS_n", 4)] && s.need[metric_find("TS", 2)]);
	assert_false(s.show[metric_find("TS", 2)] || s.need[metric_find("SA", 2)]);
	assert_int_equal(select_parse(&s, "joint,SA", &e), NS_OK);
	assert_true(s.show[metric_find("joint_ports", 11)] && s.show[0]);
	assert_int_equal(select_kind(&s, NSR_PACKET, &e), NS_OK);
	assert_false(s.show[metric_find("joint_packets_bytes", 19)]);
	assert_int_equal(select_parse(&s, "SA,", &e), NS_EUSAGE);
	assert_int_equal(select_parse(&s, "sa", &e), NS_EUSAGE);
	assert_int_equal(select_parse(&s, "PS,FS", &e), NS_OK);
	assert_int_equal(select_kind(&s, NSR_FLOW, &e), NS_EUSAGE);
}

static void
limits(void **state)
{
	struct gates g = {0};
	struct selection s;
	struct ns_err e;
	double v[METRICS_MAX] = {0};

	(void)state;
	assert_int_equal(gates_add(&g, "SA=.1,DA=2e-1", true, &e), NS_OK);
	assert_int_equal(gates_add(&g, "PR=0", false, &e), NS_OK);
	assert_int_equal(g.n, 3);
	assert_int_equal(gates_add(&g, "SA", true, &e), NS_EUSAGE);
	assert_int_equal(gates_add(&g, "SA=", true, &e), NS_EUSAGE);
	assert_int_equal(gates_add(&g, "SA=1x", true, &e), NS_EUSAGE);
	assert_int_equal(gates_add(&g, "SA=nan", true, &e), NS_EUSAGE);
	assert_int_equal(gates_add(&g, "zz=1", true, &e), NS_EUSAGE);
	assert_string_equal(e.msg, "--max: no metric 'zz'");
	assert_int_equal(gates_check(&g, v, "x", &e), NS_OK);
	v[1] = .25;
	assert_int_equal(gates_check(&g, v, "x.ns", &e), NS_ENO);
	assert_string_equal(e.msg, "DA of 'x.ns' is 0.25, above --max 0.2");
	v[4] = NAN;
	assert_int_equal(gates_check(&g, v, "x.ns", &e), NS_ENO);
	assert_non_null(strstr(e.msg, ", and 1 more limit is broken"));
	v[1] = 0;
	assert_int_equal(gates_check(&g, v, "x.ns", &e), NS_ENO);
	assert_string_equal(e.msg, "PR of 'x.ns' is not defined, which breaks --min 0");
	assert_int_equal(select_parse(&s, "SA", &e), NS_OK);
	assert_int_equal(gates_check_selection(&g, &s, NSR_FLOW, &e), NS_EUSAGE);
}

static void
verdicts(void **state)
{
	const struct metric *jsd = &metrics[metric_find("SP", 2)];
	const struct metric *auc = &metrics[metric_find("classifier_records", 18)];
	const struct metric *share = &metrics[metric_find("rule_all", 8)];
	const struct metric *leak = &metrics[metric_find("leak_records", 12)];

	(void)state;
	assert_int_equal(verdict(jsd, .11, .1, .01, true), VERDICT_FLOOR);
	assert_int_equal(verdict(jsd, .2, .1, .3, true), VERDICT_BETTER);
	assert_int_equal(verdict(jsd, .4, .1, .3, true), VERDICT_WORSE);
	assert_int_equal(verdict(jsd, .3, NAN, .3, true), VERDICT_SAME);
	assert_int_equal(verdict(jsd, NAN, .1, .3, true), VERDICT_UNDEFINED);
	assert_int_equal(verdict(jsd, .3, .1, NAN, true), VERDICT_SHORT);
	assert_int_equal(verdict(jsd, .3, NAN, NAN, true), VERDICT_ALONE);
	/* distances are from the best value, which is .5 for an area, 1 for a share */
	assert_int_equal(verdict(auc, .56, .55, .9, true), VERDICT_FLOOR);
	/* far below .5 there are copies */
	assert_int_equal(verdict(auc, .47, .52, .9, true), VERDICT_FLOOR);
	assert_int_equal(verdict(auc, .3, .52, .9, true), VERDICT_BETTER);
	assert_int_equal(verdict(auc, .6, .55, .9, true), VERDICT_BETTER);
	assert_int_equal(verdict(share, .995, .99, .5, true), VERDICT_FLOOR);
	assert_int_equal(verdict(share, .7, .99, .5, true), VERDICT_BETTER);
	assert_int_equal(verdict(share, .4, .99, .5, true), VERDICT_WORSE);
	/* halves make a rough floor: above independent columns it says nothing */
	assert_int_equal(verdict(jsd, .3, .31, .01, true), VERDICT_FLOOR);
	assert_int_equal(verdict(jsd, .3, .31, .01, false), VERDICT_ROUGH);
	assert_int_equal(verdict(jsd, .4, .31, .01, false), VERDICT_WORSE);
	assert_int_equal(verdict(jsd, .005, .31, .01, false), VERDICT_FLOOR);
	assert_int_equal(verdict(jsd, 0, 0, 0, true), VERDICT_EASY);
	/* the floor of leakage is a bound */
	assert_int_equal(verdict(leak, .02, .01, .5, true), VERDICT_LEAKS);
	assert_int_equal(verdict(leak, -.02, .01, 0, true), VERDICT_CLEAR);
	assert_int_equal(verdict(leak, .9, NAN, 0, true), VERDICT_UNTOLD);
}

static void
add_runs(struct scores *s, const double *first, size_t n)
{
	double v[METRICS_MAX];

	for (size_t k = 0; k < n; k++) {
		for (size_t i = 0; i < METRICS_MAX; i++)
			v[i] = NAN;
		v[0] = first[k];
		v[1] = k == 0 ? 5 : NAN;
		scores_add(s, v);
	}
}

static void
repeats_have_mean_and_deviation(void **state)
{
	struct report r = {0};
	struct result *x = report_result(&r, "x");

	(void)state;
	add_runs(&result_run(x)->scores[SCORE_VALUE], (double[]){1, 2, 6}, 3);
	assert_true(fabs(result_mean(x, SCORE_VALUE, 0) - 3) < 1e-12);
	assert_true(fabs(result_deviation(x, SCORE_VALUE, 0) - sqrt(7)) < 1e-12);
	/* one of three repeats undefined, or all */
	assert_true(isnan(result_mean(x, SCORE_VALUE, 1)));
	assert_true(isnan(result_mean(x, SCORE_VALUE, 2)));
	/* of several traces the deviation is that of their means */
	add_runs(&result_run(x)->scores[SCORE_VALUE], (double[]){8, 12, 10}, 3);
	assert_ptr_equal(report_result(&r, "x"), x);
	assert_true(fabs(result_mean(x, SCORE_VALUE, 0) - 6.5) < 1e-12);
	assert_true(fabs(result_deviation(x, SCORE_VALUE, 0) - 3.5 * sqrt(2)) < 1e-12);
	scores_set(&x->runs[0].scores[SCORE_FLOOR], 4, 2);
	assert_true(isnan(result_mean(x, SCORE_FLOOR, 4)));
	report_free(&r);
}

/* A copy among several traces is a leak, whatever the mean. */
static void
one_copy_is_a_leak(void **state)
{
	size_t leak = (size_t)metric_find("leak_records", 12);
	static const struct {
		double value[2], bound[2];
		enum verdict verdict;
	} t[] = {
	    {{-.9, .9}, {.1, .1}, VERDICT_LEAKS},
	    {{-.9, .9}, {NAN, .1}, VERDICT_LEAKS},
	    {{-.9, .05}, {.1, .1}, VERDICT_CLEAR},
	    {{-.9, .05}, {.1, NAN}, VERDICT_UNTOLD},
	};

	(void)state;
	for (size_t k = 0; k < LEN(t); k++) {
		struct report r = {0};
		struct result *x = report_result(&r, "x");

		for (size_t i = 0; i < 2; i++) {
			struct run *run = result_run(x);

			for (size_t s = 0; s < SCORES; s++)
				run->scores[s].repeats = 1;
			scores_set(&run->scores[SCORE_VALUE], leak, t[k].value[i]);
			scores_set(&run->scores[SCORE_FLOOR], leak, t[k].bound[i]);
		}
		assert_int_equal(verdict_of(&r, x, leak), t[k].verdict);
		report_free(&r);
	}
}

/* A part of a trace, as ns-cat --part writes it, can be halved once more. */
static void
a_half_has_halves(void **state)
{
	struct tables tb;
	struct trace *t, *half, *a, *b;

	(void)state;
	tables_init(&tb);
	t = some_packets(&tb);
	half = trace_half(t, 0);
	a = trace_half(half, 0);
	b = trace_half(half, 1);
	assert_true(half->n < t->n && a->n > 0 && b->n > 0);
	assert_int_equal(a->n + b->n, half->n);
	trace_free(a);
	trace_free(b);
	trace_free(half);
	trace_free(t);
	tables_free(&tb);
}

/* Every row of a battery stands by the others, groups do not mix, names are unique. */
static void
table_is_in_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_metrics; i++) {
		const struct metric *m = &metrics[i];

		assert_int_equal(metric_find(m->name, strlen(m->name)), i);
		assert_true(strlen(m->about) > 3);
		assert_true(i == 0 || m->group >= metrics[i - 1].group);
		for (size_t k = i + 2; m->battery != NULL && k < n_metrics; k++)
			if (metrics[k].battery == m->battery)
				assert_ptr_equal(metrics[k - 1].battery, m->battery);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(flows_agree_with_naive_count),
	    cmocka_unit_test(thinning_keeps_order_and_count),
	    cmocka_unit_test(halves_split_no_flow),
	    cmocka_unit_test(baselines_keep_what_they_should),
	    cmocka_unit_test(classes_are_of_the_real_quantiles),
	    cmocka_unit_test(extreme_values_are_scored),
	    cmocka_unit_test(selection_follows_needs),
	    cmocka_unit_test(limits),
	    cmocka_unit_test(verdicts),
	    cmocka_unit_test(repeats_have_mean_and_deviation),
	    cmocka_unit_test(one_copy_is_a_leak),
	    cmocka_unit_test(a_half_has_halves),
	    cmocka_unit_test(table_is_in_order),
	};

	return cmocka_run_group_tests_name("eval_parts", tests, NULL, NULL);
}
