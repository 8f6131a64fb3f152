/* distinct and entropy, worked out by hand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "metrics/metrics.h"
#include "stream/schema.h"

#define CLOSE 1e-12

struct world {
	struct tables tb;
	struct trace *t[3];
	struct side s[3]; /* reference, candidate, training */
	struct scale scale;
};

/* n packets of these source ports and protocols; all else is constant but times and
 * identifications. */
static struct trace *
packets(struct tables *tb, const int *port, const int *proto, int n)
{
	struct trace *t = trace_new("t", NSR_PACKET);

	for (int i = 0; i < n; i++) {
		struct packet p = {.t_ns = i,
		    .ip_len = 100,
		    .ip_id = (uint32_t)i,
		    .ttl = 64};

		p.key.src_port = (uint16_t)port[i];
		p.key.proto = (uint8_t)proto[i];
		trace_add_packet(t, tb, &p);
	}
	return t;
}

static void
shares(struct world *w, double *distinct, double *entropy)
{
	struct pair p = {.ref = &w->s[0],
	    .cand = &w->s[1],
	    .train = &w->s[2],
	    .held_out = true,
	    .scale = &w->scale,
	    .tables = &w->tb};
	static const enum side_role role[] = {SIDE_REF, SIDE_CAND, SIDE_TRAIN};
	struct selection sel;
	struct ns_err e;
	double v[METRICS_MAX];

	for (int k = 0; k < 3; k++)
		side_init(&w->s[k], w->t[k], role[k]);
	scale_init(&w->scale, &w->s[0]);
	assert_int_equal(select_parse(&sel, "distinct,entropy", &e), NS_OK);
	score(&p, &sel, v, NULL);
	*distinct = v[metric_find("distinct", 8)];
	*entropy = v[metric_find("entropy", 7)];
	scale_free(&w->scale);
	for (int k = 0; k < 3; k++) {
		side_free(&w->s[k]);
		trace_free(w->t[k]);
	}
	tables_free(&w->tb);
}

/* Nothing is constant in the training trace but ports and protocol; what is held out
 * has no say. */
static void
against_what_was_learnt(void **state)
{
	struct world w;
	double distinct, entropy;
	double h_port = 1.5 * log(2), h = log(4) - .75 * log(3);

	(void)state;
	tables_init(&w.tb);
	w.t[0] = packets(&w.tb, (int[]){9, 8, 7}, (int[]){1, 2, 3}, 3);
	w.t[1] = packets(&w.tb, (int[]){5, 5, 5, 6}, (int[]){6, 6, 6, 6}, 4);
	w.t[2] = packets(&w.tb, (int[]){1, 1, 2, 3}, (int[]){6, 6, 17, 17}, 4);
	shares(&w, &distinct, &entropy);
	assert_float_equal(distinct, (2. / 3 + 1. / 2) / 2, CLOSE);
	assert_float_equal(entropy, (h / h_port + 0) / 2, CLOSE);
}

/* More values than there are to be had are no merit. */
static void
at_most_one(void **state)
{
	struct world w;
	double distinct, entropy;

	(void)state;
	tables_init(&w.tb);
	w.t[0] = packets(&w.tb, (int[]){1, 2}, (int[]){6, 6}, 2);
	w.t[1] = packets(&w.tb, (int[]){1, 2, 3}, (int[]){6, 6, 6}, 3);
	w.t[2] = packets(&w.tb, (int[]){1, 1, 2}, (int[]){6, 6, 17}, 3);
	shares(&w, &distinct, &entropy);
	assert_float_equal(distinct, (1 + 1. / 2) / 2, CLOSE);
	assert_float_equal(entropy, (1 + 0.) / 2, CLOSE);
}

/* Twice as many records do not make up for values. */
static void
at_equal_numbers(void **state)
{
	int same[64], port[64], proto[64];
	struct world w;
	double distinct, entropy;

	(void)state;
	for (int i = 0; i < 64; i++) {
		same[i] = 6;
		port[i] = i;
		proto[i] = i < 32 ? 6 : 17;
	}
	tables_init(&w.tb);
	w.t[0] = packets(&w.tb, port, proto, 64);
	w.t[1] = packets(&w.tb, port, same, 64);
	w.t[2] = packets(&w.tb, port, proto, 16); /* one protocol, 16 ports */
	shares(&w, &distinct, &entropy);
	assert_float_equal(distinct, 1, CLOSE);
	assert_float_equal(entropy, 1, CLOSE);

	tables_init(&w.tb);
	w.t[0] = packets(&w.tb, port, proto, 64);
	w.t[1] = packets(&w.tb, port, same, 16);
	w.t[2] = packets(&w.tb, port, same, 64); /* 16 of 64 ports are compared */
	shares(&w, &distinct, &entropy);
	assert_float_equal(distinct, 1, CLOSE);
	assert_float_equal(entropy, 1, CLOSE);
}

static void
nothing_varies(void **state)
{
	struct world w;
	double distinct, entropy;

	(void)state;
	tables_init(&w.tb);
	for (int k = 0; k < 3; k++)
		w.t[k] = packets(&w.tb, (int[]){1, 1}, (int[]){6, 6}, 2);
	shares(&w, &distinct, &entropy);
	assert_true(isnan(distinct) && isnan(entropy));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(against_what_was_learnt),
	    cmocka_unit_test(at_most_one),
	    cmocka_unit_test(at_equal_numbers),
	    cmocka_unit_test(nothing_varies),
	};

	return cmocka_run_group_tests_name("eval_variety", tests, NULL, NULL);
}
