/*
 * An attacker who sees all that private training releases, audited by one run: the
 * noisy sums of all rounds of the learners' own steps, as Adam's first moments have
 * them.
 *
 *   test_audit [RUNS]    of each kind; 1 by default
 *
 * What each test catches:
 *   ..._keeps_what_it_claims: no noise, no clipping.  Not more: half of the noise
 * passes, since what one run can prove is far from what is true
 *   ..._has_its_noise: noise of another deviation, half of it as well; sums that are
 * more than a clipped unit apart, as where the series of a unit are clipped one by one
 * or one critic is not without_noise_..._is_caught: an audit that sees nothing
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "audited.h"

#include "ar/lesson.h"
#include "ar/private.h"
#include "gan/gan.h"
#include "gan/learn.h"

static int runs = 1;

/* ---- DoppelGANger: critics of one layer, fakes that have no bit ---- */

static void
set_fakes(struct dg *m)
{
	const struct linear *l = &m->net.attr.l[m->net.attr.n - 1];
	int j;

	for (j = 0; j < CANARIES; j++) {
		l->b[2 * j] = 40;
		l->b[2 * j + 1] = -40;
	}
}

static void
dg_setup(struct dg_config *c)
{
	hypers_default(&dg_hypers, c);
	c->batch_size = 2;
	c->d_rounds = 1;
	c->attr_layers = 2;
	c->attr_units = c->lstm_units = 4;
	c->d_layers = c->attr_d_layers = 1;
	c->d_beta1 = c->attr_d_beta1 = 0;
	c->g_lr = c->d_lr = c->attr_d_lr = 0;
	c->marginal_init = 0;
	c->gp_coe = c->attr_gp_coe = 0;
	dg_config_fit(c, 1);
}

/* What a bit of its own adds to the gradients of both critics: their weights of 0 and
 * of 1 move apart. */
static void
dg_score(struct audit *a, const struct gan *g)
{
	const real *critic = g->mom + (g->m->net.critic.l[0].w - g->m->block);
	const real *aux = g->mom + (g->m->net.aux.l[0].w - g->m->block);
	int j;

	for (j = 0; j < CANARIES; j++)
		a->score[j].score += a->how.nominal / 2 *
		    (double)(critic[2 * j] - critic[2 * j + 1] + aux[2 * j] -
			aux[2 * j + 1]);
}

static struct verdict
dg_audit(double sigma, uint64_t seed)
{
	const struct spent none = {0};
	double column[LEARNER_COLUMNS_MAX];
	struct dg_config c;
	struct verdict v;
	struct audit a;
	struct ns_err e;
	struct gan *g;
	void *learn;
	uint64_t t;

	dg_setup(&c);
	audit_open(&a, true, &c, sigma, seed);
	learn = gan_learner.begin(&a.lesson, &e);
	assert_non_null(learn);
	g = *(struct gan **)learn; /* as learn.c has it: the net comes first */
	set_fakes(g->m);
	for (t = 0; t < ROUNDS; t++) {
		assert_int_equal(gan_learner.step(learn, t, &none, column, &e), NS_OK);
		dg_score(&a, g);
	}
	dg_free(gan_learner.end(learn));
	v = audit_judge(&a);
	audit_close(&a);
	return v;
}

/* ---- Autoregressive: code 0 is known to be nearly sure, so all that canaries move but
 * for their own code's output they move alike ---- */

static void
ar_setup(struct ar_config *c)
{
	hypers_default(&ar_hypers, c);
	c->batch_size = 512;
	c->attr_units = 8;
	c->ctx_units = c->lstm_units = c->head_units = 2;
	c->dropout = c->hold_out = 0;
	c->smooth = 0;
	c->beta1 = c->lr = 0;
}

static struct ar *
ar_start(const struct audit *a)
{
	struct ns_err e;
	struct ar *m = lesson_net(&a->lesson, a->lesson.config, &e);
	double *count;
	int i;

	assert_non_null(m);
	assert_int_equal(m->sym.codes, FIELDS * CODES);
	count = xcalloc((size_t)m->sym.codes, sizeof *count);
	for (i = 0; i < FIELDS; i++)
		count[i * CODES] = 1e6;
	ar_set_marginals(m, count);
	free(count);
	return m;
}

/* Row of a canary's code in the output of its field, with the bias. */
static void
own_row(const struct ar *m, int canary, const real *block, double *row)
{
	const struct linear *l = &m->net.pick[audit_field(canary)].out;
	size_t w = (size_t)(l->w - m->block) + (size_t)(audit_code(canary) * l->in);
	int k;

	for (k = 0; k < l->in; k++)
		row[k] = (double)block[w + (size_t)k];
	row[l->in] =
	    (double)block[(size_t)(l->b - m->block) + (size_t)audit_code(canary)];
}

/* What each canary alone gives there, of length 1. */
static void
ar_directions(struct audit *a, struct ar_private *all, double *direction, int n)
{
	const struct ar *m = ar_private_net(all);
	real *sum = xcalloc(m->n_train, sizeof *sum);
	double length, *d;
	uint32_t j;
	int k;

	(void)a;
	for (j = 0; j < CANARIES; j++) {
		d = direction + (size_t)j * (size_t)n;
		ar_private_sum(all, &j, 1, sum);
		own_row(m, (int)j, sum, d);
		for (length = 0, k = 0; k < n; k++)
			length += d[k] * d[k];
		assert_true(length > 0);
		for (k = 0; k < n; k++)
			d[k] /= sqrt(length);
	}
	free(sum);
}

/* The noisy sum of the last step, divided by nominal, out of the learner's state. */
static void
ar_moments(const struct ar_private *p, const struct ar *m, real *moments)
{
	const struct nsr_schema s = {.kind = NSR_MODEL, .version = 1};
	real *weights = xcalloc(m->n_all, sizeof *weights);
	struct nsr_writer *w;
	struct nsr_reader *r;
	struct ns_err e;
	struct out *o;
	char path[64];

	audit_temporary(path);
	o = out_open(path, true, &e);
	assert_non_null(o);
	w = nsr_writer_new(o, 0);
	assert_int_equal(nsr_begin(w, &s, &e), NS_OK);
	assert_int_equal(ar_private_put(p, w, &e), NS_OK);
	assert_int_equal(nsr_end(w, &e), NS_OK);
	nsr_writer_free(w);
	assert_int_equal(out_commit(o, &e), NS_OK);
	r = nsr_reader_new(in_open(path, &e), path);
	assert_int_equal(nsr_stream(r, &e), 1);
	assert_int_equal(params_get(&m->params, r, "", weights, m->n_all, &e), NS_OK);
	assert_int_equal(params_get(&m->params, r, "mean.", moments, m->n_train, &e),
	    NS_OK);
	nsr_reader_free(r);
	unlink(path);
	free(weights);
}

static void
ar_score(struct audit *a, const struct ar *m, const real *moments,
    const double *direction, int n)
{
	double row[64];
	int j, k;

	for (j = 0; j < CANARIES; j++) {
		own_row(m, j, moments, row);
		for (k = 0; k < n; k++)
			a->score[j].score +=
			    a->how.nominal * row[k] * direction[j * n + k];
	}
}

static struct verdict
ar_audit(double sigma, uint64_t seed)
{
	struct ar_private *p, *all;
	struct ar_health h;
	struct ar_config c;
	struct verdict v;
	struct audit a;
	struct ns_err e;
	struct lesson lesson;
	struct ar *from, *m;
	double *direction;
	real *moments;
	uint64_t t;
	int n;

	ar_setup(&c);
	audit_open(&a, false, &c, sigma, seed);
	from = ar_start(&a);
	a.lesson.from = from;
	lesson = a.lesson;
	lesson.units = &a.all;
	p = ar_private_begin(&a.lesson, &e);
	all = ar_private_begin(&lesson, &e);
	assert_true(p != NULL && all != NULL);
	m = ar_private_net(p);
	n = m->V + 1;
	direction = xcalloc((size_t)CANARIES * (size_t)n, sizeof *direction);
	moments = xcalloc(m->n_train, sizeof *moments);
	ar_directions(&a, all, direction, n);
	for (t = 0; t < ROUNDS; t++) {
		assert_int_equal(ar_private_step(p, t, 0, &h, &e), NS_OK);
		ar_moments(p, m, moments);
		ar_score(&a, m, moments, direction, n);
	}
	v = audit_judge(&a);
	free(direction);
	free(moments);
	ar_free(ar_private_net(all));
	ar_private_free(all);
	ar_private_free(p);
	ar_free(m);
	ar_free(from);
	audit_close(&a);
	return v;
}

/* ---- Judgement ---- */

typedef struct verdict audit_fn(double sigma, uint64_t seed);

static const struct kind {
	const char *name;
	audit_fn *audit;
	double least; /* part of a clip that its canaries reach */
} kinds[] = {{"doppelganger", dg_audit, .9}, {"autoregressive", ar_audit, .5}};

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static void
keeps_what_it_claims(const struct kind *k)
{
	double *bound = xcalloc((size_t)runs, sizeof *bound);
	struct verdict v = {0};
	int i;

	for (i = 0; i < runs; i++) {
		v = k->audit(AUDIT_SIGMA, 100 + (uint64_t)i);
		bound[i] = v.bound;
		assert_true(v.claimed > 2 && v.claimed < 4);
		if (v.bound > v.claimed)
			fail_msg("run %d: at least %g, claimed %g", i, v.bound,
			    v.claimed);
	}
	qsort(bound, (size_t)runs, sizeof *bound, by_value);
	print_message("%s: claimed %.3f at delta %g; proved %.3f (%.3f to %.3f) in %d "
		      "runs of %d canaries\n",
	    k->name, v.claimed, AUDIT_DELTA, bound[runs / 2], bound[0], bound[runs - 1],
	    runs, CANARIES);
	free(bound);
}

/* The deviation of those out is known to 1 / sqrt(2 n), the shift to what noise and the
 * sample make of it: within 4 of each. */
static void
has_its_noise(const struct kind *k)
{
	double error = 4 * sqrt(4. / CANARIES) *
	    sqrt(AUDIT_SIGMA * AUDIT_SIGMA + AUDIT_RATE * (1 - AUDIT_RATE)) /
	    (AUDIT_RATE * sqrt(ROUNDS));
	struct verdict v;
	int i;

	for (i = 0; i < runs; i++) {
		v = k->audit(AUDIT_SIGMA, 200 + (uint64_t)i);
		if (i == 0)
			print_message("%s: noise %.3f of what was claimed, units %.3f "
				      "of a clip apart (+- %.3f)\n",
			    k->name, v.noise, v.shift, error);
		assert_true(fabs(v.noise - 1) < 4 / sqrt(CANARIES));
		assert_true(v.shift < 1 + error && v.shift > k->least - error);
	}
}

static void
without_noise_it_is_caught(const struct kind *k)
{
	struct verdict v = k->audit(0, 300);

	print_message("%s without noise: %d of %d right, at least %.3f; %.4f of a clip "
		      "apart\n",
	    k->name, v.right, 2 * GUESSED, v.bound, v.shift);
	assert_true(v.bound >= 4.1);
	/* by how often a unit is sampled: 1 of its deviations is .01 */
	assert_true(v.shift < 1.04 && v.shift > k->least - .04);
}

static void
doppelganger_keeps_what_it_claims(void **state)
{
	(void)state;
	keeps_what_it_claims(&kinds[0]);
}

static void
autoregressive_keeps_what_it_claims(void **state)
{
	(void)state;
	keeps_what_it_claims(&kinds[1]);
}

static void
doppelganger_has_its_noise(void **state)
{
	(void)state;
	has_its_noise(&kinds[0]);
}

static void
autoregressive_has_its_noise(void **state)
{
	(void)state;
	has_its_noise(&kinds[1]);
}

static void
without_noise_doppelganger_is_caught(void **state)
{
	(void)state;
	without_noise_it_is_caught(&kinds[0]);
}

static void
without_noise_autoregressive_is_caught(void **state)
{
	(void)state;
	without_noise_it_is_caught(&kinds[1]);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(doppelganger_keeps_what_it_claims),
	    cmocka_unit_test(autoregressive_keeps_what_it_claims),
	    cmocka_unit_test(doppelganger_has_its_noise),
	    cmocka_unit_test(autoregressive_has_its_noise),
	    cmocka_unit_test(without_noise_doppelganger_is_caught),
	    cmocka_unit_test(without_noise_autoregressive_is_caught),
	};

	if (argc > 1)
		runs = atoi(argv[1]);
	if (runs < 1) {
		fprintf(stderr, "usage: test_audit [RUNS]\n");
		return 2;
	}
	return cmocka_run_group_tests_name("audit", tests, NULL, NULL);
}
