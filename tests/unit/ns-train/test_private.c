/*
 * Private training of the DoppelGANger kind, as a whole.
 *
 * What each test catches:
 *   a_round_is_its_sample: batches that are not fresh in each round, series of others,
 *     fakes that depend on how many there are or that whoever has the seed can draw
 *   rounds_larger_than_the_room: series that are cut off
 *   without_units_nothing_is_told: whatever is taken from the series but by a sample,
 *     such as starts at means; a round that is left out where nobody is sampled
 *   rounds_have_numbers_of_their_own, chunks_have_numbers_of_their_own: noise or a
 *     sample that is used twice
 *   neighbours_differ_by_a_clipped_unit: units that are clipped series by series
 *   learns_the_toy: updates in a wrong direction, fakes that are none of the
 * generator's goes_on_from_its_state, same_by_many_threads: draws that are numbered by
 * no round what_is_said: losses on private series in the log, in -v, in META
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../../../tools/ns-train/gan/gan.h"
#include "../../../tools/ns-train/gan/learn.h"
#include "nn/gemm.h"
#include "nn/normal.h"
#include "toy.h"

enum { SERIES = 600 };

struct world {
	struct feed feed;
	struct dg_config cfg;
	struct private how;
	struct units units; /* of three series each */
	struct lesson lesson;
	struct gan *g; /* of learn */
	void *learn;
};

/* As learn.c has it: the net comes first. */
static struct gan *
gan_of(void *learn)
{
	return *(struct gan **)learn;
}

static void
temporary(char path[64])
{
	int fd;

	snprintf(path, 64, "%s/private-XXXXXX",
	    getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	close(fd);
}

static void
read_toy(struct feed *f, uint64_t seed)
{
	const struct toy t = {.chunks = 1, .n = SERIES, .seed = seed};
	struct nsr_reader *r;
	struct ns_err e;
	char path[64];
	struct out *o;

	temporary(path);
	o = out_open(path, true, &e);
	assert_non_null(o);
	assert_int_equal(toy_write(&t, o, &e), NS_OK);
	assert_int_equal(out_commit(o, &e), NS_OK);
	r = nsr_reader_new(in_open(path, &e), "toy");
	assert_int_equal(feed_read(f, r, -1, NULL, &e), NS_OK);
	nsr_reader_free(r);
	unlink(path);
}

/* A series of each third of the chunk. */
static void
make_units(struct units *u)
{
	uint32_t i, k = SERIES / 3;

	u->n = k;
	u->first = xcalloc(k + 1, sizeof *u->first);
	u->series = xcalloc(SERIES, sizeof *u->series);
	for (i = 0; i < k; i++) {
		u->series[3 * i] = i;
		u->series[3 * i + 1] = k + i;
		u->series[3 * i + 2] = 2 * k + i;
		u->first[i + 1] = 3 * (i + 1);
	}
}

static void
world_open(struct world *w, uint64_t seed)
{
	memset(w, 0, sizeof *w);
	gemm_start();
	read_toy(&w->feed, seed);
	hypers_default(&dg_hypers, &w->cfg);
	w->cfg.batch_size = 20;
	w->cfg.d_rounds = 2;
	w->cfg.attr_layers = w->cfg.d_layers = w->cfg.attr_d_layers = 3;
	w->cfg.attr_units = w->cfg.d_units = w->cfg.attr_d_units = 24;
	w->cfg.lstm_units = 8;
	dg_config_fit(&w->cfg, 3);
	make_units(&w->units);
	w->how = (struct private){.rate = .1, .nominal = 20, .clip = 1, .sigma = .5};
	dp_key_insecure(&w->how.key, 9);
	w->lesson = (struct lesson){.feed = &w->feed,
	    .chunk = &w->feed.chunk[0],
	    .n = 1,
	    .config = &w->cfg,
	    .seed = 1,
	    .private = &w->how,
	    .units = &w->units};
}

static void
world_begin(struct world *w)
{
	struct ns_err e;

	w->learn = gan_learner.begin(&w->lesson, &e);
	assert_non_null(w->learn);
	w->g = gan_of(w->learn);
}

static void
world_steps(struct world *w, uint64_t from, uint64_t to)
{
	const struct spent none = {0};
	double column[LEARNER_COLUMNS_MAX];
	struct ns_err e;

	for (; from < to; from++)
		assert_int_equal(gan_learner.step(w->learn, from, &none, column, &e),
		    NS_OK);
}

/* Ends it; its weights, for free(). */
static real *
world_end(struct world *w, size_t *n)
{
	struct dg *m;
	real *block;

	m = gan_learner.end(w->learn);
	w->learn = NULL;
	*n = m->n_all;
	block = xcalloc(*n, sizeof *block);
	memcpy(block, m->block, *n * sizeof *block);
	dg_free(m);
	return block;
}

static void
world_close(struct world *w)
{
	if (w->learn != NULL)
		dg_free(gan_learner.end(w->learn));
	free(w->units.first);
	free(w->units.series);
	feed_free(&w->feed);
}

/* ---- Batches ---- */

static void
a_round_is_its_sample(void **state)
{
	uint32_t list[SERIES], last[SERIES];
	struct sampled *s, *fewer;
	size_t n, n_last = 0, i, j;
	struct units most;
	struct world w;
	real row[256];
	uint64_t round;
	int b, blocks, Din;

	(void)state;
	world_open(&w, 3);
	world_begin(&w);
	Din = w.g->m->Din;
	s = w.g->sampled;
	most = w.units;
	most.n -= 40;
	fewer = sampled_new(w.g->m, NULL, &w.how, &most, &w.feed, w.lesson.chunk);
	for (round = 0; round < 20; round++) {
		sampled_draw(s, round);
		n = dp_poisson(&w.how.key, round, w.how.rate, w.units.n, list);
		assert_int_equal(s->n_units, n);
		assert_true(n > 0);
		for (i = 0, b = 0; i < n; i++) {
			assert_int_equal(s->first[i], b);
			for (j = 0; j < 3; j++, b++) {
				blocks = dg_expand(w.g->m,
				    feed_record(&w.feed, w.lesson.chunk,
					list[i] + (uint32_t)j * w.units.n),
				    row);
				assert_int_equal(s->real_blocks[b], blocks);
				assert_memory_equal(s->real_x + b * Din, row,
				    (size_t)(w.g->m->A +
					blocks * w.g->m->S * w.g->m->F1) *
					sizeof *row);
			}
		}
		assert_int_equal(s->n, b);
		assert_true(n != n_last || memcmp(list, last, n * sizeof *list) != 0);
		memcpy(last, list, n * sizeof *list);
		n_last = n;
		/* who is there changes nothing for those before */
		sampled_draw(fewer, round);
		assert_true(fewer->n <= s->n);
		for (b = 0; b < fewer->n; b++) {
			assert_int_equal(fewer->fake_blocks[b], s->fake_blocks[b]);
			assert_memory_equal(fewer->fake_x + b * Din,
			    s->fake_x + b * Din, (size_t)w.g->m->A * sizeof *row);
			assert_true(fewer->alpha[b] == s->alpha[b]);
		}
	}
	memcpy(row, s->fake_x, (size_t)w.g->m->A * sizeof *row);
	dp_key_insecure(&w.how.key, 10);
	sampled_draw(s, round - 1);
	assert_memory_not_equal(row, s->fake_x, (size_t)w.g->m->A * sizeof *row);
	sampled_free(fewer);
	world_close(&w);
}

/* The gradient of the first round of a step, as Adam's moments have it, times what it
 * was divided by. */
static real *
first_sum(struct world *w, size_t *n)
{
	real *sum;
	size_t i;

	w->cfg.d_rounds = 1;
	world_begin(w);
	world_steps(w, 0, 1);
	*n = w->g->m->n_critic + w->g->m->n_aux;
	sum = xcalloc(*n, sizeof *sum);
	for (i = 0; i < *n; i++)
		sum[i] = w->g->mom[w->g->m->n_gen + i] * (real)(2 * w->how.nominal);
	dg_free(gan_learner.end(w->learn));
	w->learn = NULL;
	return sum;
}

static void
rounds_larger_than_the_room(void **state)
{
	struct world w;
	real *little, *much;
	size_t n, i;

	(void)state;
	world_open(&w, 3);
	w.how.rate = 1;
	w.how.sigma = 0;
	w.how.nominal = 150;
	world_begin(&w);
	assert_true(w.g->sampled->room < SERIES);
	world_steps(&w, 0, 1);
	assert_int_equal(w.g->sampled->n, SERIES);
	assert_true(w.g->sampled->room >= SERIES);
	dg_free(gan_learner.end(w.learn));
	little = first_sum(&w, &n);
	w.how.nominal = 600;
	world_begin(&w);
	assert_true(w.g->sampled->room > SERIES);
	dg_free(gan_learner.end(w.learn));
	much = first_sum(&w, &n);
	for (i = 0; i < n; i++)
		assert_true(fabs((double)(little[i] - much[i])) < 1e-4);
	free(little);
	free(much);
	world_close(&w);
}

/* The noise of all rounds of a few steps is in the moments; the batch that is left is
 * that of the last round. */
static void
rounds_have_numbers_of_their_own(void **state)
{
	enum { STEPS = 3, ROUNDS = 2 * STEPS };
	uint32_t list[SERIES];
	struct world w;
	real *noise, *want;
	size_t n, i, at, t;

	(void)state;
	world_open(&w, 3);
	world_begin(&w);
	world_steps(&w, 0, STEPS);
	n = dp_poisson(&w.how.key, ROUNDS - 1, w.how.rate, w.units.n, list);
	assert_int_equal(w.g->sampled->n_units, n);
	assert_memory_equal(w.g->sampled->unit, list, n * sizeof *list);
	dg_free(gan_learner.end(w.learn));
	w.how.rate = 0;
	world_begin(&w);
	world_steps(&w, 0, STEPS);
	at = w.g->m->n_gen;
	n = w.g->m->n_critic + w.g->m->n_aux;
	noise = xcalloc(n, sizeof *noise);
	want = xcalloc(n, sizeof *want);
	for (t = 0; t < ROUNDS; t++) {
		memset(noise, 0, n * sizeof *noise);
		dp_noise_add(&w.how.key, DP_GRADIENT, t, at, w.how.sigma * w.how.clip,
		    noise, n);
		for (i = 0; i < n; i++)
			want[i] =
			    (real).5 * want[i] + (real).5 * (noise[i] * (real).05);
	}
	for (i = 0; i < n; i++)
		assert_true(fabs((double)(want[i] - w.g->mom[at + i])) < 1e-8);
	free(noise);
	free(want);
	world_close(&w);
}

/* Nets that learn a chunk each have draws of their own, should they share a key. */
static void
chunks_have_numbers_of_their_own(void **state)
{
	struct sampled *s;
	struct world w;

	(void)state;
	world_open(&w, 3);
	world_begin(&w);
	s = w.g->sampled;
	assert_true(sampled_round(s, 7) == 7);
	w.feed.chunk[0].carry.index = 3;
	assert_true(sampled_round(s, 7) >> 32 != 0);
	assert_true(sampled_round(s, 8) == sampled_round(s, 7) + 1);
	w.feed.chunk[0].carry.index = 0;
	world_close(&w);
}

static void
without_units_nothing_is_told(void **state)
{
	real *block[3];
	struct world w;
	size_t n, i;

	(void)state;
	for (i = 0; i < 3; i++) {
		world_open(&w, i == 1 ? 3 : 4);
		w.how.rate = i == 2 ? .1 : 0;
		world_begin(&w);
		world_steps(&w, 0, 3);
		assert_null(
		    params_finite(&w.g->m->params, w.g->m->block, w.g->m->n_all));
		/* the noise is there, in all weights of the critics */
		for (n = 0; n < w.g->m->n_critic + w.g->m->n_aux; n++)
			assert_true(w.g->mom[w.g->m->n_gen + n] != 0);
		assert_int_equal(gan_learner.settle(w.learn, 3, NULL), NS_OK);
		block[i] = world_end(&w, &n);
		world_close(&w);
	}
	assert_memory_equal(block[0], block[1], n * sizeof **block);
	assert_memory_not_equal(block[0], block[2], n * sizeof **block);
	for (i = 0; i < 3; i++)
		free(block[i]);
}

static void
neighbours_differ_by_a_clipped_unit(void **state)
{
	const double clip[] = {.01, .3, 10};
	struct world w;
	real *with, *without;
	double d, sum;
	size_t n, i, k;

	(void)state;
	world_open(&w, 3);
	w.how.rate = 1;
	w.how.sigma = 0;
	w.how.nominal = 64;
	for (k = 0; k < LEN(clip); k++) {
		w.how.clip = clip[k];
		w.units.n = 40;
		with = first_sum(&w, &n);
		w.units.n = 39;
		without = first_sum(&w, &n);
		for (sum = 0, i = 0; i < n; i++) {
			d = (double)with[i] - (double)without[i];
			sum += d * d;
		}
		d = sqrt(sum) / clip[k];
		print_message("clip %g: %.6f of it\n", clip[k], d);
		assert_true(d <= 1 + 1e-6 && d > .5);
		free(with);
		free(without);
	}
	world_close(&w);
}

/* ---- The learner ---- */

/* What is generated is close to what was learnt by noisy critics alone, from a start
 * that knows nothing of it. */
static void
learns_the_toy(void **state)
{
	enum { N = 500, STEPS = 200 };
	double side = 0, bits = 0, port = 0, length = 0;
	struct dg_gen *g;
	struct world w;
	struct dg *m;
	struct rng r;
	const real *x;
	int b, one;

	(void)state;
	world_open(&w, 3);
	w.cfg.attr_units = w.cfg.d_units = w.cfg.attr_d_units = 64;
	w.cfg.lstm_units = 32;
	w.cfg.batch_size = 50;
	w.cfg.d_rounds = 5;
	w.cfg.g_lr = w.cfg.d_lr = w.cfg.attr_d_lr = 1e-3;
	w.how.rate = .25;
	w.how.nominal = 50;
	w.how.sigma = .5;
	world_begin(&w);
	world_steps(&w, 0, STEPS);
	m = gan_learner.end(w.learn);
	w.learn = NULL;
	g = dg_gen_new(m, NULL, N, false);
	g->out = xcalloc((size_t)N * (size_t)m->Din, sizeof *g->out);
	g->ld = m->Din;
	rng_init(&r, 77, 0);
	normal_fill(g->z, N * (size_t)m->cfg.attr_noise, &r);
	dg_gen_attr(g, NULL);
	dg_gen_harden(g);
	dg_gen_series(g, 77, 1000, 2000);
	for (b = 0; b < N; b++) {
		x = g->out + b * m->Din;
		one = x[1] > (real).5;
		side += one / (double)N;
		bits += (one == (x[3] > (real).5)) / (double)N;
		port += (one == (x[24] > x[25])) / (double)N;
		length += (dg_gen_length(g, b) == (one ? 1 : 3)) / (double)N;
	}
	print_message("side %.3f bits %.3f port %.3f length %.3f\n", side, bits, port,
	    length);
	/* five seeds: .65 to .69, .95, .82, .96 at least */
	assert_true(fabs(side - .7) < .2);
	assert_true(bits > .85 && port > .7 && length > .85);
	free(g->out);
	dg_gen_free(g);
	dg_free(m);
	world_close(&w);
}

static void
save(struct world *w, const char *path)
{
	const struct nsr_schema s = {.kind = NSR_MODEL, .version = 1};
	struct nsr_writer *to;
	struct ns_err e;
	struct out *o = out_open(path, true, &e);

	assert_non_null(o);
	to = nsr_writer_new(o, 0);
	assert_int_equal(nsr_begin(to, &s, &e), NS_OK);
	assert_int_equal(gan_learner.save(w->learn, to, &e), NS_OK);
	assert_int_equal(nsr_end(to, &e), NS_OK);
	nsr_writer_free(to);
	assert_int_equal(out_commit(o, &e), NS_OK);
}

static void
load(struct world *w, const char *path)
{
	struct nsr_reader *r;
	struct nsr_tensor t;
	struct ns_err e;

	r = nsr_reader_new(in_open(path, &e), path);
	assert_int_equal(nsr_stream(r, &e), 1);
	assert_int_equal(gan_learner.load(w->learn, r, &e), NS_OK);
	assert_int_equal(nsr_next_tensor(r, &t, &e), 0);
	nsr_reader_free(r);
}

static void
goes_on_from_its_state(void **state)
{
	struct world w;
	real *whole, *parts;
	char path[64];
	size_t n;

	(void)state;
	temporary(path);
	world_open(&w, 3);
	world_begin(&w);
	world_steps(&w, 0, 4);
	save(&w, path);
	world_steps(&w, 4, 7);
	whole = world_end(&w, &n);
	world_begin(&w);
	load(&w, path);
	world_steps(&w, 4, 7);
	parts = world_end(&w, &n);
	assert_memory_equal(whole, parts, n * sizeof *whole);
	unlink(path);
	free(whole);
	free(parts);
	world_close(&w);
}

static void
same_by_many_threads(void **state)
{
	struct pool *pool = pool_new(3);
	real *block[2];
	struct world w;
	size_t n;
	int i;

	(void)state;
	world_open(&w, 3);
	for (i = 0; i < 2; i++) {
		w.lesson.pool = i == 0 ? NULL : pool;
		if (i == 0)
			w.lesson.pool = pool_new(1);
		world_begin(&w);
		world_steps(&w, 0, 5);
		block[i] = world_end(&w, &n);
		if (i == 0)
			pool_free(w.lesson.pool);
	}
	assert_memory_equal(block[0], block[1], n * sizeof **block);
	free(block[0]);
	free(block[1]);
	pool_free(pool);
	world_close(&w);
}

static void
what_is_said(void **state)
{
	static const char *const mine[] = {"loss_generator", "grad_critic", "grad_aux",
	    "grad_generator"};
	const struct spent none = {0};
	double column[LEARNER_COLUMNS_MAX];
	struct buf b = {0};
	struct world w;
	struct ns_err e;
	size_t i, j;
	bool known;

	(void)state;
	world_open(&w, 3);
	assert_null(gan_learner.unprivate(&w.cfg, NULL));
	assert_int_equal(gan_learner.releases(&w.cfg), 2);
	world_begin(&w);
	assert_int_equal(gan_learner.step(w.learn, 0, &none, column, &e), NS_OK);
	for (i = 0; i < gan_learner.n_columns; i++) {
		for (known = false, j = 0; j < LEN(mine); j++)
			known |= strcmp(gan_learner.columns[i], mine[j]) == 0;
		assert_int_equal(!isnan(column[i]), known);
	}
	gan_learner.say(column, &b);
	buf_put(&b, "", 1);
	assert_null(strstr((const char *)b.p, "loss_critic"));
	assert_null(strstr((const char *)b.p, "nan"));
	assert_non_null(strstr((const char *)b.p, "loss_generator="));
	buf_free(&b);
	world_close(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_round_is_its_sample),
	    cmocka_unit_test(rounds_larger_than_the_room),
	    cmocka_unit_test(rounds_have_numbers_of_their_own),
	    cmocka_unit_test(chunks_have_numbers_of_their_own),
	    cmocka_unit_test(without_units_nothing_is_told),
	    cmocka_unit_test(neighbours_differ_by_a_clipped_unit),
	    cmocka_unit_test(learns_the_toy),
	    cmocka_unit_test(goes_on_from_its_state),
	    cmocka_unit_test(same_by_many_threads),
	    cmocka_unit_test(what_is_said),
	};

	return cmocka_run_group_tests_name("private", tests, NULL, NULL);
}
