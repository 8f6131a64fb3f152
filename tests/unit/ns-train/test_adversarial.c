/* The adversarial kind as a learner: its two phases, and a state that is all of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#include "adv/adversarial.h"
#include "likely.h"

enum { SERIES = 120, TOTAL = 40, CRITIC_COLUMN = 3, SCORE_COLUMN = 12 };
enum { RATE_COLUMN = 11 };

static const struct learner_ops *const ops = &adversarial_learner;

/* A lesson of records in memory. */
struct school {
	struct feed feed;
	struct feed_chunk chunk;
	struct ar_config cfg;
	struct lesson lesson;
	struct buf records;
	struct pool *pool;
	char path[64];
};

static void
add_record(struct school *k, struct rng *r, size_t i)
{
	const struct tensor_schema *s = &k->feed.schema;
	uint32_t length = i % 10 == 0 ? 20 : 1 + rng_below(r, 6);
	uint8_t *rec;

	/* one step, of nothing */
	length = s->n_feat > 0 ? length : 0;
	k->chunk.at[i] = k->records.len;
	rec = (uint8_t *)(uintptr_t)likely_record(s, length, r);
	put_le32(rec + s->attr_bytes, length > 0 ? length : 1);
	buf_put(&k->records, rec, s->attr_bytes + 4 + length * s->feat_bytes);
	free(rec);
}

static void
attributes_schema(struct tensor_schema *s)
{
	tensor_schema_init(s);
	tensor_schema_add(s, NSR_ATTRIBUTE, "kind", NSR_CATEGORY, KINDS, "");
	tensor_schema_add(s, NSR_ATTRIBUTE, "port", NSR_CATEGORY, PORTS, "");
	tensor_schema_add(s, NSR_ATTRIBUTE, "port.0", NSR_CATEGORY, OCTETS, "");
	tensor_schema_add(s, NSR_ATTRIBUTE, "same", NSR_CATEGORY, 1, "");
}

static void
school_open(struct school *k, bool steps, int threads)
{
	struct rng r;
	size_t i;
	int fd;

	memset(k, 0, sizeof *k);
	gemm_start();
	if (steps)
		likely_schema(&k->feed.schema);
	else
		attributes_schema(&k->feed.schema);
	likely_config(&k->cfg, ops->kind->hypers);
	k->cfg.d_units = 7;
	k->cfg.d_alone = 3;
	k->cfg.warm_share = .5;
	k->cfg.hold_out = .2;
	k->chunk.carry = (struct carry){.index = 0, .count = 1};
	k->chunk.n = SERIES;
	k->chunk.at = xcalloc(SERIES, sizeof *k->chunk.at);
	rng_init(&r, 81, 0);
	for (i = 0; i < SERIES; i++)
		add_record(k, &r, i);
	k->feed.map = k->records.p;
	k->feed.chunk = &k->chunk;
	k->feed.n_chunks = 1;
	k->pool = pool_new(threads);
	k->lesson = (struct lesson){.feed = &k->feed,
	    .chunk = &k->chunk,
	    .n = 1,
	    .config = &k->cfg,
	    .pool = k->pool,
	    .seed = 82};
	snprintf(k->path, sizeof k->path, "%s/adversarial-XXXXXX",
	    getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp");
	fd = mkstemp(k->path);
	assert_true(fd >= 0);
	close(fd);
}

static void
school_close(struct school *k)
{
	unlink(k->path);
	pool_free(k->pool);
	buf_free(&k->records);
	free(k->chunk.at);
	tensor_schema_free(&k->feed.schema);
}

static void *
begin(const struct school *k)
{
	struct ns_err e;
	void *s = ops->begin(&k->lesson, &e);

	assert_non_null(s);
	return s;
}

/* Step at; of so many in all, each of half a second. */
static int
step(void *s, uint64_t at, int total, double *column)
{
	const struct spent spent = {(double)at / total, (double)at / 2};
	struct ns_err e;
	int rc = ops->step(s, at, &spent, column, &e);

	if (rc < 0)
		fail_msg("%s", e.msg);
	return rc;
}

/* The weights in the end, for free(). */
static real *
finish(void *s, uint64_t steps, size_t *n)
{
	struct ns_err e;
	struct ar *m;
	real *w;

	assert_int_equal(ops->settle(s, steps, &e), NS_OK);
	m = ops->end(s);
	*n = m->n_all;
	w = xcalloc(*n, sizeof *w);
	memcpy(w, m->block, *n * sizeof *w);
	ops->kind->net_free(m);
	return w;
}

/* ---- Phases ---- */

/* The first step of the duel, of TOTAL; TOTAL: there is none. */
static int
begins(struct school *k)
{
	double column[LEARNER_COLUMNS_MAX];
	void *s = begin(k);
	size_t n;
	int i, at = TOTAL;

	for (i = 0; i < TOTAL; i++) {
		step(s, (uint64_t)i, TOTAL, column);
		if (column[CRITIC_COLUMN] != 0 && at == TOTAL)
			at = i;
		/* a likelihood before, a score from then on */
		assert_true((column[0] > 0 && column[1] > 0) == (at == TOTAL));
		assert_true((column[SCORE_COLUMN] > 0) == (at < TOTAL));
		assert_true((column[CRITIC_COLUMN] != 0) == (at < TOTAL));
	}
	free(finish(s, TOTAL, &n));
	return at;
}

static void
phases(void **state)
{
	struct school k;

	(void)state;
	school_open(&k, true, 1);
	assert_int_equal(begins(&k), TOTAL / 2);
	k.cfg.warm_share = .25;
	assert_int_equal(begins(&k), TOTAL / 4);
	k.cfg.warm_share = 0;
	assert_int_equal(begins(&k), 0);
	k.cfg.warm_share = 1;
	assert_int_equal(begins(&k), TOTAL);
	k.cfg.warm_up = 6.5; /* seconds, whatever the share */
	assert_int_equal(begins(&k), 13);
	k.cfg.warm_share = 0;
	assert_int_equal(begins(&k), 13);
	k.cfg.warm_up = 1e6;
	assert_int_equal(begins(&k), TOTAL);
	school_close(&k);
}

/* The rate falls from the begin of the duel to the end of the budget. */
static void
rates(void **state)
{
	double column[LEARNER_COLUMNS_MAX];
	struct school k;
	size_t n;
	void *s;
	int i;

	(void)state;
	school_open(&k, true, 1);
	k.cfg.g_lr = 1e-3;
	k.cfg.after_warm = .5;
	k.cfg.d_alone = 0;
	s = begin(&k);
	for (i = 0; i < TOTAL; i++) {
		step(s, (uint64_t)i, TOTAL, column);
		if (i == 20 || i == 30)
			assert_true(fabs(column[RATE_COLUMN] -
					(i == 20 ? 5e-4 : 2.5e-4)) < 1e-12);
	}
	assert_true(column[RATE_COLUMN] < 1e-5);
	free(finish(s, TOTAL, &n));
	school_close(&k);
}

/* The warm-up is the other kind's training, of as many steps. */
static void
warm_up_is_likelihood_training(void **state)
{
	double column[LEARNER_COLUMNS_MAX];
	real *mine, *theirs;
	const struct learner_ops *other = learner_of("autoregressive");
	const struct spent none = {0, 0};
	struct spent spent = none;
	struct school k;
	struct ns_err e;
	size_t n, i;
	struct ar *m;
	void *s;

	(void)state;
	school_open(&k, true, 1);
	k.cfg.g_lr = 0; /* the rest is no change then */
	s = begin(&k);
	for (i = 0; i < TOTAL; i++)
		step(s, i, TOTAL, column);
	mine = finish(s, TOTAL, &n);
	s = other->begin(&k.lesson, &e);
	assert_non_null(s);
	for (i = 0; i < TOTAL / 2; i++) {
		spent.share = (double)i / (TOTAL / 2.);
		assert_true(other->step(s, i, &spent, column, &e) >= 0);
	}
	assert_int_equal(other->settle(s, TOTAL / 2, &e), NS_OK);
	m = other->end(s);
	theirs = m->block;
	assert_int_equal(m->n_all, n);
	for (i = 0; i < n; i++)
		assert_true(fabs((double)(mine[i] - theirs[i])) <
		    1e-5 * (1 + fabs((double)theirs[i])));
	ar_free(m);
	free(mine);
	school_close(&k);
}

/* When likelihood has no more to say the duel begins, whatever is left of the share. */
static void
warm_up_that_ends_early(void **state)
{
	double column[LEARNER_COLUMNS_MAX];
	struct school k;
	size_t n;
	void *s;
	int i;

	(void)state;
	school_open(&k, true, 1);
	k.cfg.lr = 0;
	k.cfg.warm_share = .99;
	s = begin(&k);
	for (i = 0; i < 3000; i++) {
		step(s, (uint64_t)i, 10000, column);
		if (column[CRITIC_COLUMN] != 0)
			break;
	}
	assert_true(i > 0 && i < 3000 && i % 50 == 0);
	free(finish(s, (uint64_t)i, &n));
	school_close(&k);
}

/* Where likelihood has all of it, its end is the end. */
static void
nothing_but_likelihood(void **state)
{
	const struct spent spent = {.share = .1};
	double column[LEARNER_COLUMNS_MAX];
	struct school k;
	struct ns_err e;
	size_t n;
	void *s;
	int i, rc = NS_OK;

	(void)state;
	school_open(&k, true, 1);
	k.cfg.lr = 0;
	k.cfg.warm_share = 1;
	s = begin(&k);
	for (i = 0; i < 3000 && rc == NS_OK; i++) {
		rc = ops->step(s, (uint64_t)i, &spent, column, &e);
		assert_true(column[CRITIC_COLUMN] == 0);
	}
	assert_int_equal(rc, 1);
	free(finish(s, (uint64_t)i, &n));
	school_close(&k);
}

/* ---- The state ---- */

static void
put(const struct school *k, const void *s)
{
	const struct nsr_schema schema = {.kind = NSR_MODEL, .version = 1};
	struct ns_err e;
	struct out *o = out_open(k->path, true, &e);
	struct nsr_writer *w;

	assert_non_null(o);
	w = nsr_writer_new(o, 0);
	assert_int_equal(nsr_begin(w, &schema, &e), NS_OK);
	assert_int_equal(ops->save(s, w, &e), NS_OK);
	assert_int_equal(nsr_end(w, &e), NS_OK);
	nsr_writer_free(w);
	assert_int_equal(out_commit(o, &e), NS_OK);
}

static int
get(const struct school *k, void *s, struct ns_err *e)
{
	struct nsr_reader *r = nsr_reader_new(in_open(k->path, e), k->path);
	struct nsr_tensor t;
	int rc;

	assert_int_equal(nsr_stream(r, e), 1);
	rc = ops->load(s, r, e);
	if (rc >= 0) /* all has been read */
		assert_int_equal(nsr_next_tensor(r, &t, e), 0);
	nsr_reader_free(r);
	return rc;
}

static void
drop(void *s)
{
	ops->kind->net_free(ops->end(s));
}

/* Stopped after so many steps and gone on with by another process: the same to the last
 * bit, columns and all. */
static void
check_resumed(struct school *k, int at)
{
	double column[LEARNER_COLUMNS_MAX], again[LEARNER_COLUMNS_MAX];
	real *straight, *broken;
	struct ns_err e;
	void *a = begin(k), *b = begin(k);
	size_t n, m;
	int i;

	for (i = 0; i < at; i++)
		step(a, (uint64_t)i, TOTAL, column);
	put(k, a);
	if (get(k, b, &e) < 0)
		fail_msg("%s", e.msg);
	for (; i < TOTAL; i++) {
		step(a, (uint64_t)i, TOTAL, column);
		step(b, (uint64_t)i, TOTAL, again);
		assert_memory_equal(column, again, ops->n_columns * sizeof *column);
	}
	straight = finish(a, TOTAL, &n);
	broken = finish(b, TOTAL, &m);
	assert_int_equal(n, m);
	assert_memory_equal(straight, broken, n * sizeof *straight);
	free(straight);
	free(broken);
}

static void
resumed_in_any_phase(void **state)
{
	/* before, at and after the change, while critics learn alone, and at the end */
	const int at[] = {0, 7, 19, 20, 21, 22, 23, 33, TOTAL};
	struct school k;
	size_t i;

	(void)state;
	school_open(&k, true, 1);
	for (i = 0; i < LEN(at); i++)
		check_resumed(&k, at[i]);
	k.cfg.warm_share = 0;
	check_resumed(&k, 0);
	check_resumed(&k, 9);
	k.cfg.r1 = 1;
	k.cfg.floor = .1;
	k.cfg.likelihood = .5;
	check_resumed(&k, 9);
	school_close(&k);
}

/* Nothing but attributes: windows have no codes, the LSTM has no steps. */
static void
resumed_without_steps(void **state)
{
	struct school k;

	(void)state;
	school_open(&k, false, 1);
	check_resumed(&k, 7);
	check_resumed(&k, 30);
	school_close(&k);
}

static void
same_by_many_threads(void **state)
{
	double column[2][LEARNER_COLUMNS_MAX];
	struct school k[2];
	real *w[2];
	size_t n[2];
	void *s;
	int i, j;

	(void)state;
	for (j = 0; j < 2; j++) {
		school_open(&k[j], true, j == 0 ? 1 : 3);
		s = begin(&k[j]);
		for (i = 0; i < TOTAL; i++)
			step(s, (uint64_t)i, TOTAL, column[j]);
		w[j] = finish(s, TOTAL, &n[j]);
	}
	assert_memory_equal(column[0], column[1], ops->n_columns * sizeof **column);
	assert_memory_equal(w[0], w[1], n[0] * sizeof **w);
	for (j = 0; j < 2; j++) {
		free(w[j]);
		school_close(&k[j]);
	}
}

/* The arrays of the state, with one of them changed. */
static void
put_changed(const struct school *k, void *s, const char *array, size_t place,
    uint64_t value)
{
	const struct nsr_schema schema = {.kind = NSR_MODEL, .version = 1};
	struct ns_err e;
	char other[96];
	struct out *o;
	struct nsr_reader *r;
	struct nsr_writer *w;
	struct nsr_tensor t;
	bool found = false;

	put(k, s);
	snprintf(other, sizeof other, "%s.changed", k->path);
	o = out_open(other, true, &e);
	w = nsr_writer_new(o, 0);
	assert_int_equal(nsr_begin(w, &schema, &e), NS_OK);
	r = nsr_reader_new(in_open(k->path, &e), k->path);
	assert_int_equal(nsr_stream(r, &e), 1);
	while (nsr_next_tensor(r, &t, &e) > 0) {
		uint8_t *bytes;
		size_t n = (size_t)t.count * (t.type == NSR_U64 ? 8 : 4);

		/* small enough to come in one part */
		assert_true(t.first == 0);
		bytes = xmalloc(n + 1);
		memcpy(bytes, t.data, n);
		if (strcmp(t.name, array) == 0) {
			found = true;
			put_le64(bytes + 8 * place, value);
		}
		assert_int_equal(nsr_put_tensor(w, t.name, t.type, t.rank, t.dims,
				     bytes, &e),
		    NS_OK);
		free(bytes);
	}
	assert_true(found);
	nsr_reader_free(r);
	assert_int_equal(nsr_end(w, &e), NS_OK);
	nsr_writer_free(w);
	assert_int_equal(out_commit(o, &e), NS_OK);
	assert_int_equal(rename(other, k->path), 0);
}

static uint64_t
bits(double x)
{
	uint64_t u;

	memcpy(&u, &x, sizeof u);
	return u;
}

static void
damage_is_refused(void **state)
{
	const struct {
		const char *array;
		size_t place;
		uint64_t value;
		bool fine;
	} change[] = {
	    {"phase", 0, 1, true},
	    {"phase", 0, 2, false},
	    {"phase", 2, bits(-.1), false},
	    {"phase", 2, bits(1.1), false},
	    {"phase", 2, bits(NAN), false},
	    {"phase", 3, bits(INFINITY), false},
	    {"scores", 0, bits(.25), true},
	    {"scores", 0, bits(NAN), false},
	    {"scores", 1, 7, true},
	    {"scores", 1, (uint64_t)1 << 31, false},
	    {"drawn.attributes", 4, KINDS - 1, true},
	    {"drawn.attributes", 4, KINDS, false},
	    {"drawn.attributes", 6, 65536, false},
	    {"drawn.last", 1, GAPS - 1, true},
	    {"drawn.last", 1, GAPS, false},
	    {"drawn.last", 2, SIZES, false},
	    {"critics.seen", 0, 3, true},
	};
	double column[LEARNER_COLUMNS_MAX];
	struct school k;
	struct ns_err e;
	void *a, *b;
	size_t i;
	int rc;

	(void)state;
	school_open(&k, true, 1);
	a = begin(&k);
	for (i = 0; i < 25; i++)
		step(a, i, TOTAL, column);
	for (i = 0; i < LEN(change); i++) {
		put_changed(&k, a, change[i].array, change[i].place, change[i].value);
		b = begin(&k);
		rc = get(&k, b, &e);
		if (rc != (change[i].fine ? NS_OK : NS_ECORRUPT))
			fail_msg("change %zu of '%s': %d", i, change[i].array, rc);
		if (rc < 0 && strstr(e.msg, "is damaged") == NULL)
			fail_msg("change %zu: '%s'", i, e.msg);
		drop(b);
	}
	drop(a);
	school_close(&k);
}

/* A duel that has not become better for a while is over so much sooner. */
static void
patience_is_in_the_state(void **state)
{
	enum { LONGER = 400, JUDGED = 20 + 50 - 1, DUEL = 30 };
	double column[LEARNER_COLUMNS_MAX];
	struct school k;
	struct ns_err e;
	void *a, *b;
	uint64_t i;

	(void)state;
	school_open(&k, true, 1);
	k.cfg.warm_share = 20. / LONGER;
	k.cfg.g_lr = 1;
	a = begin(&k);
	for (i = 0; i < DUEL; i++)
		step(a, i, LONGER, column);
	put_changed(&k, a, "scores", 1, 7);
	b = begin(&k);
	assert_int_equal(get(&k, b, &e), NS_OK);
	for (; i <= JUDGED; i++) {
		assert_int_equal(step(a, i, LONGER, column), 0);
		assert_int_equal(step(b, i, LONGER, column), i == JUDGED);
	}
	drop(a);
	drop(b);
	school_close(&k);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(phases),
	    cmocka_unit_test(rates),
	    cmocka_unit_test(warm_up_is_likelihood_training),
	    cmocka_unit_test(warm_up_that_ends_early),
	    cmocka_unit_test(nothing_but_likelihood),
	    cmocka_unit_test(resumed_in_any_phase),
	    cmocka_unit_test(resumed_without_steps),
	    cmocka_unit_test(same_by_many_threads),
	    cmocka_unit_test(damage_is_refused),
	    cmocka_unit_test(patience_is_in_the_state),
	};

	return cmocka_run_group_tests_name("adversarial", tests, NULL, NULL);
}
