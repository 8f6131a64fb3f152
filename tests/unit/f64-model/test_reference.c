/* The generator's forward pass against PyTorch, in double; values in torch.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/dg/gen.h"
#include "nn/gemm.h"
#include "torch.h"

enum { B = 4 };

struct fixture {
	struct tensor_schema s;
	struct dg *m;
	struct dg_gen *g;
	struct dg_given given;
	real h0[B * 5], c0[B * 5], noise[3 * B * 5];
	real *out;
};

static void
fill_weights(struct dg *m)
{
	const struct param *p;
	real *v;
	size_t j;
	int i, n = 0;

	for (i = 0; i < m->params.n; i++) {
		p = &m->params.v[i];
		v = m->block + p->off;
		if (strncmp(p->name, "generator.", 10) != 0)
			continue;
		for (j = 0; j < p->n; j++)
			if (strstr(p->name, "running_mean") != NULL)
				v[j] = .1 * sin((double)j);
			else if (strstr(p->name, "running_var") != NULL)
				v[j] = 1 + .5 * sin((double)j) * sin((double)j);
			else
				v[j] = .3 * sin(.7 * (double)j + n);
		n++;
	}
	for (i = 0; i < m->S; i++)
		m->net.out.b[i * m->F1 + m->F1 - 2] += .3;
}

static int
set_up(void **state)
{
	const float words[3] = {1, 0, 0};
	struct fixture *f = calloc(1, sizeof *f);
	struct dg_config c;
	struct ns_err e;
	int i;

	gemm_start();
	tensor_schema_init(&f->s);
	tensor_schema_table(&f->s, "port", 1, 3, words);
	tensor_schema_add(&f->s, NSR_ATTRIBUTE, "bits", NSR_BIT, 3, "");
	tensor_schema_add(&f->s, NSR_ATTRIBUTE, "port", NSR_WORD, 3, "port");
	tensor_schema_add(&f->s, NSR_ATTRIBUTE, "kind", NSR_CATEGORY, 3, "");
	tensor_schema_add(&f->s, NSR_ATTRIBUTE, "start", NSR_REAL, 1, "");
	tensor_schema_add(&f->s, NSR_FEATURE, "gap", NSR_REAL, 1, "");
	tensor_schema_add(&f->s, NSR_FEATURE, "flag", NSR_CATEGORY, 3, "");
	hypers_default(&dg_hypers, &c);
	c.sample_len = 2;
	c.attr_layers = 3;
	c.attr_units = 7;
	c.lstm_units = 5;
	f->m = dg_new(&f->s, &c, 5, &e);
	assert_non_null(f->m);
	fill_weights(f->m);
	f->g = dg_gen_new(f->m, NULL, B, true);
	f->out = calloc((size_t)B * (size_t)f->m->Din, sizeof *f->out);
	f->g->out = f->out;
	f->g->ld = f->m->Din;
	for (i = 0; i < B * 5; i++) {
		f->g->z[i] = cos(1.3 * i);
		f->h0[i] = sin(.9 * i);
		f->c0[i] = cos(.4 * i);
	}
	for (i = 0; i < 3 * B * 5; i++)
		f->noise[i] = cos(.3 * i);
	f->given = (struct dg_given){f->h0, f->c0, f->noise};
	f->g->given = &f->given;
	*state = f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	dg_gen_free(f->g);
	dg_free(f->m);
	free(f->out);
	tensor_schema_free(&f->s);
	free(f);
	return 0;
}

static void
near(const real *got, const double *want, int n)
{
	int i;

	for (i = 0; i < n; i++)
		assert_true(fabs(got[i] - want[i]) < 1e-12);
}

static void
attributes_with_running_averages(void **state)
{
	struct fixture *f = *state;
	int b;

	dg_gen_attr(f->g, NULL);
	for (b = 0; b < B; b++)
		near(f->out + b * f->m->Din, eval_attr + b * f->m->A, f->m->A);
}

static void
series_from_hard_attributes(void **state)
{
	struct fixture *f = *state;
	const struct dg *m = f->m;
	int b, n = m->S * m->F1;

	dg_gen_attr(f->g, f->m);
	for (b = 0; b < B; b++)
		near(f->out + b * m->Din, train_attr + b * m->A, m->A);
	near(f->m->run_mean[0], train_mean, 7);
	near(f->m->run_var[0], train_var, 7);
	dg_gen_harden(f->g);
	dg_gen_series(f->g, 0, 0, 0);
	assert_int_equal(f->g->steps, 3);
	/* the reference has zeros behind the end; here nothing is written there */
	for (b = 0; b < B; b++)
		near(f->out + b * m->Din + m->A, series + b * (m->Din - m->A),
		    f->g->live[b] * n);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(attributes_with_running_averages, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(series_from_hard_attributes, set_up,
		tear_down),
	};

	return cmocka_run_group_tests_name("generator reference", tests, NULL, NULL);
}
