/* A toy distribution that must be learnt, and how minibatches are fed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../../../tools/ns-train/gan/batch.h"
#include "../../../tools/ns-train/gan/gan.h"
#include "../../../tools/ns-train/gan/start.h"
#include "nn/gemm.h"
#include "nn/init.h"
#include "nn/normal.h"
#include "toy.h"

struct fixture {
	struct feed feed;
	char path[64];
};

static void
open_feed(struct fixture *f, const struct toy *t, int chunks, int want)
{
	struct ns_err e;
	struct out *o;
	struct nsr_reader *r;
	struct toy one = *t;
	int i, fd;

	gemm_start();
	snprintf(f->path, sizeof f->path, "%s/toy-XXXXXX",
	    getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp");
	fd = mkstemp(f->path);
	assert_true(fd >= 0);
	close(fd);
	o = out_open(f->path, true, &e);
	assert_non_null(o);
	/* last chunk first: the order must not matter */
	for (i = chunks - 1; i >= 0; i--) {
		one.index = i;
		assert_int_equal(toy_write(&one, o, &e), NS_OK);
	}
	assert_int_equal(out_commit(o, &e), NS_OK);
	r = nsr_reader_new(in_open(f->path, &e), "toy");
	assert_int_equal(feed_read(&f->feed, r, want, NULL, &e), NS_OK);
	nsr_reader_free(r);
}

static void
close_feed(struct fixture *f)
{
	feed_free(&f->feed);
	unlink(f->path);
}

static struct dg *
toy_model(const struct fixture *f, int batch, int marginal_init)
{
	struct dg_config c;
	const struct lesson l = {.feed = &f->feed,
	    .chunk = &f->feed.chunk[0],
	    .n = 1,
	    .config = &c,
	    .seed = 1};
	struct ns_err e;
	struct dg *m;

	hypers_default(&dg_hypers, &c);
	c.batch_size = batch;
	c.attr_layers = c.d_layers = c.attr_d_layers = 3;
	c.attr_units = c.d_units = c.attr_d_units = 64;
	c.lstm_units = 32;
	c.g_lr = c.d_lr = c.attr_d_lr = 1e-3;
	c.marginal_init = marginal_init;
	dg_config_fit(&c, 3);
	m = start_weights(&l, &e);
	assert_non_null(m);
	return m;
}

static void
train(struct gan *g, const struct fixture *f, uint64_t steps)
{
	struct gan_health h;
	struct batch_walk w;
	struct ns_err e;
	uint64_t i;

	batch_walk_init(&w, &f->feed, &f->feed.chunk[0], g->seed);
	for (i = 0; i < steps; i++) {
		batch_fill(&w, g->m, i, g->real_x, g->real_blocks);
		assert_int_equal(gan_step(g, i, &h, &e), NS_OK);
	}
	batch_walk_free(&w);
}

/* Shares among generated series, with running averages, as ns-sample makes them. */
struct seen_shares {
	double side, bits_agree, port_agrees, length_agrees, feature_off;
};

static void
look(const struct dg *m, struct seen_shares *s)
{
	enum { N = 500 };
	struct dg_gen *g = dg_gen_new(m, NULL, N, false);
	struct rng r;
	const real *x;
	int b, side, n;

	memset(s, 0, sizeof *s);
	g->out = calloc((size_t)N * (size_t)m->Din, sizeof *g->out);
	g->ld = m->Din;
	rng_init(&r, 77, 0);
	normal_fill(g->z, N * (size_t)m->cfg.attr_noise, &r);
	dg_gen_attr(g, NULL);
	dg_gen_harden(g);
	dg_gen_series(g, 77, 1000, 2000);
	for (b = 0; b < N; b++) {
		x = g->out + b * m->Din;
		side = x[1] > (real).5;
		n = dg_gen_length(g, b);
		s->side += side / (double)N;
		s->bits_agree += (side == (x[3] > (real).5)) / (double)N;
		s->port_agrees += (side == (x[24] > x[25])) / (double)N;
		s->length_agrees += (n == (side ? 1 : 3)) / (double)N;
		s->feature_off += fabs((double)x[m->A] - (side ? .2 : .8)) / N;
	}
	free(g->out);
	dg_gen_free(g);
}

static void
learns_the_toy(void **state)
{
	const struct toy t = {.chunks = 1, .n = 600, .seed = 3};
	struct fixture f;
	struct seen_shares s;
	struct dg *m;
	struct gan *g;

	(void)state;
	open_feed(&f, &t, 1, -1);
	m = toy_model(&f, 50, 0);
	g = gan_new(m, NULL, 1, 0);
	train(g, &f, 400);
	look(m, &s);
	print_message("side %.3f bits %.3f port %.3f length %.3f feature %.3f\n",
	    s.side, s.bits_agree, s.port_agrees, s.length_agrees, s.feature_off);
	assert_true(fabs(s.side - .7) < .15);
	assert_true(s.bits_agree > .85);
	assert_true(s.port_agrees > .85);
	assert_true(s.length_agrees > .85);
	assert_true(s.feature_off < .15);
	gan_free(g);
	dg_free(m);
	close_feed(&f);
}

static void
starts_at_the_marginals(void **state)
{
	const struct toy t = {.chunks = 1, .n = 600, .seed = 3};
	struct fixture f;
	struct dg_means want;
	struct dg *m;
	real *row;
	double got = 0;
	struct dg_gen *g;
	struct rng r;
	int b;

	(void)state;
	open_feed(&f, &t, 1, -1);
	m = toy_model(&f, 50, 1);
	dg_means_init(m, &want);
	batch_means(&f.feed, &f.feed.chunk[0], m, &want);
	g = dg_gen_new(m, NULL, 200, false);
	g->out = row = calloc(200 * (size_t)m->Din, sizeof *row);
	g->ld = m->Din;
	rng_init(&r, 5, 5);
	normal_fill(g->z, 200 * 5, &r);
	dg_gen_attr(g, NULL);
	for (b = 0; b < 200; b++)
		got += (double)row[b * m->Din + 1] / 200;
	assert_true(fabs(want.attr[1] - .7) < .06);
	assert_true(fabs(got - want.attr[1]) < .06);
	free(row);
	dg_gen_free(g);
	dg_means_free(&want);
	dg_free(m);
	close_feed(&f);
}

static void
epochs_visit_every_series_once(void **state)
{
	const struct toy t = {.chunks = 2, .n = 30, .seed = 9};
	struct fixture f;
	struct batch_walk w;
	struct dg *m;
	real *rows;
	double sum[2] = {0}, want = 0;
	int i, b, blocks[12];

	(void)state;
	open_feed(&f, &t, 2, 0);
	assert_int_equal(f.feed.n_chunks, 1 + 1);
	assert_int_equal(f.feed.chunk[0].carry.index, 0);
	assert_int_equal(f.feed.chunk[0].n, 30);
	assert_int_equal(f.feed.chunk[1].n, 0);
	m = toy_model(&f, 12, 0);
	rows = calloc(12 * (size_t)m->Din, sizeof *rows);
	/* 5 batches of 12 are two epochs of 30; the place in the chunk tells series
	 * apart */
	batch_walk_init(&w, &f.feed, &f.feed.chunk[0], 4);
	for (i = 0; i < 60; i++) {
		if (i % 12 == 0)
			batch_fill(&w, m, (uint64_t)i / 12, rows, blocks);
		sum[i / 30] += (double)rows[i % 12 * m->Din + m->A - 1];
	}
	for (b = 0; b < 30; b++) {
		dg_expand_attr(m, feed_record(&f.feed, &f.feed.chunk[0], (uint32_t)b),
		    rows);
		want += (double)rows[m->A - 1];
	}
	assert_true(fabs(sum[0] - want) < 1e-4 && fabs(sum[1] - want) < 1e-4);
	batch_walk_free(&w);
	free(rows);
	dg_free(m);
	close_feed(&f);
}

/* A trace of one series over and over trains without a number going wrong. */
static void
constant_data_stays_finite(void **state)
{
	const struct toy t = {.chunks = 1, .n = 1, .seed = 3, .one_value = true};
	struct fixture f;
	struct dg *m;
	struct gan *g;

	(void)state;
	open_feed(&f, &t, 1, -1);
	m = toy_model(&f, 10, 1);
	g = gan_new(m, NULL, 1, 0);
	batch_constants(&f.feed, &f.feed.chunk[0], m, g->constant);
	assert_int_equal(g->constant[0], 1);
	train(g, &f, 60);
	assert_null(params_finite(&m->params, m->block, m->n_all));
	gan_free(g);
	dg_free(m);
	close_feed(&f);
}

static real *
copy(const real *w, size_t n)
{
	real *to = calloc(n, sizeof *to);

	assert_non_null(to);
	memcpy(to, w, n * sizeof *to);
	return to;
}

/* A model under way is what settling would give then, and goes on as if nothing were:
 * here where all columns of the critic's first layer have waited for a while. */
static void
snapshots_leave_all_as_it_is(void **state)
{
	const struct toy t = {.chunks = 1, .n = 60, .seed = 3};
	real *block, *mom, *var;
	struct fixture f;
	struct dg *m, *to;
	struct gan *g;
	size_t n;

	(void)state;
	open_feed(&f, &t, 1, -1);
	m = toy_model(&f, 10, 1);
	to = toy_model(&f, 10, 0);
	n = m->n_train;
	g = gan_new(m, NULL, 1, 0);
	train(g, &f, 5);
	block = copy(m->block, m->n_all);
	mom = copy(g->mom, n);
	var = copy(g->var, n);
	gan_snapshot(g, 12, to);
	assert_memory_equal(m->block, block, m->n_all * sizeof *block);
	assert_memory_equal(g->mom, mom, n * sizeof *mom);
	assert_memory_equal(g->var, var, n * sizeof *var);
	assert_int_equal(g->critic.lazy.last[0], 5 * m->cfg.d_rounds);
	gan_settle(g, 12);
	assert_memory_not_equal(m->block, block, m->n_all * sizeof *block);
	assert_memory_equal(m->block, to->block, m->n_all * sizeof *block);
	free(block);
	free(mom);
	free(var);
	gan_free(g);
	dg_free(m);
	dg_free(to);
	close_feed(&f);
}

/* Gradients that are finite while their squares are not end the run, too. */
static void
long_gradients_stop_the_run(void **state)
{
	const struct toy t = {.chunks = 1, .n = 20, .seed = 3};
	struct fixture f;
	struct gan_health h;
	struct ns_err e;
	struct mlp *c;
	struct dg *m;
	struct gan *g;
	size_t i;

	(void)state;
	open_feed(&f, &t, 1, -1);
	m = toy_model(&f, 10, 1);
	g = gan_new(m, NULL, 1, 0);
	c = &m->net.critic;
	for (i = 0; i < (size_t)c->l[0].out * (size_t)c->l[0].in; i++)
		c->l[0].w[i] *= (real)1e30;
	init_constant(c->l[c->n - 1].w, c->l[c->n - 1].in, 0);
	assert_int_equal(gan_step(g, 0, &h, &e), NS_ENUMERIC);
	assert_string_equal(e.msg,
	    "training broke down at step 1: the gradient of the critic is too long; "
	    "try a lower learning rate");
	gan_free(g);
	dg_free(m);
	close_feed(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(learns_the_toy),
	    cmocka_unit_test(starts_at_the_marginals),
	    cmocka_unit_test(epochs_visit_every_series_once),
	    cmocka_unit_test(constant_data_stays_finite),
	    cmocka_unit_test(snapshots_leave_all_as_it_is),
	    cmocka_unit_test(long_gradients_stop_the_run),
	};

	return cmocka_run_group_tests_name("learning", tests, NULL, NULL);
}
