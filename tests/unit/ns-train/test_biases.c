/* What an autoregressive net says before it has learnt: how often each code was seen
 * where there was a choice. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "likely.h"

enum { N = 300 };

static void
check(const real *b, const double *seen, int k)
{
	double total = 0;
	int j;

	for (j = 0; j < k; j++)
		total += seen[j] + .5;
	for (j = 0; j < k; j++)
		assert_true(fabs((double)b[j] - log((seen[j] + .5) / total)) < 1e-5);
}

/* The octet of port 1 is always 5: it counts where the port leaves a choice only. */
static void
forced_codes_do_not_count(void **state)
{
	double octet[OCTETS] = {0}, forced = 0;
	struct likely w;
	size_t i;

	(void)state;
	likely_open(&w, N, .2);
	for (i = 0; i < N; i++) {
		octet[w.series[i].rec[OCTET]] += w.series[i].rec[PORT] != 1;
		forced += w.series[i].rec[PORT] == 1;
	}
	assert_true(forced > N / 4. && octet[5] < N / 10.);
	check(w.m->net.pick[OCTET].out.b, octet, OCTETS);
	likely_close(&w);
}

/* A symbol of a step is forced in the first one, and counts from the second on. */
static void
forced_codes_of_steps_do_not_count(void **state)
{
	double gap[GAPS] = {0}, size[SIZES] = {0};
	struct tensor_mask *k;
	struct ar_learn *l;
	struct likely w;
	uint8_t *p;
	uint32_t t;
	size_t i;

	(void)state;
	likely_open(&w, N, .2);
	k = tensor_masks_add(&w.s.masks, &w.s, MASK_STEP, GAP);
	mask_set(k->allow[0], 0);
	mask_set_all(k->allow[1], GAPS);
	ar_learn_free(w.l);
	w.l = NULL;
	ar_free(w.m);
	w.m = ar_new(&w.s,
	    &(struct ar_config){.batch_size = 1,
		.window = WINDOW,
		.attr_units = 2,
		.ctx_units = 2,
		.lstm_units = 2,
		.head_units = 2},
	    2, &(struct ns_err){0});
	assert_non_null(w.m);
	for (i = 0; i < N; i++) {
		p = (uint8_t *)(uintptr_t)w.series[i].rec + w.s.attr_bytes + 4;
		p[1] = 0;
		for (t = 0; t < w.series[i].length; t++, p += w.s.feat_bytes) {
			size[p[0]]++;
			gap[p[1]] += t > 0;
		}
	}
	l = ar_learn_new(w.m, NULL, w.series, N, 23, NULL);
	check(w.m->net.head[SIZE - ATTRS].b, size, SIZES);
	check(w.m->net.head[GAP - ATTRS].b, gap, GAPS);
	ar_learn_free(l);
	likely_close(&w);
}

/* Weights that were learnt before bring their own. */
static void
other_weights_keep_theirs(void **state)
{
	struct likely w, from;
	size_t i;

	(void)state;
	likely_open(&from, N, .2);
	for (i = 0; i < from.m->n_train; i++)
		from.m->block[i] = (real)i;
	likely_open(&w, N / 2, .2);
	ar_learn_free(w.l);
	w.l = ar_learn_new(w.m, NULL, w.series, N / 2, 22, from.m->block);
	assert_memory_equal(w.m->block, from.m->block,
	    w.m->n_train * sizeof *w.m->block);
	assert_memory_equal(w.l->mean, from.m->block,
	    w.m->n_train * sizeof *w.m->block);
	likely_close(&w);
	likely_close(&from);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(forced_codes_do_not_count),
	    cmocka_unit_test(forced_codes_of_steps_do_not_count),
	    cmocka_unit_test(other_weights_keep_theirs),
	};

	return cmocka_run_group_tests_name("starting biases", tests, NULL, NULL);
}
