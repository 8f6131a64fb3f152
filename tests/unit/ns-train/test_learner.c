/* What any kind of model may rely on: its options, and one net for all chunks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../../../tools/ns-train/gan/learn.h"
#include "../../../tools/ns-train/options.h"
#include "../../../tools/ns-train/run.h"
#include "base/log.h"
#include "counter.h"
#include "model/dg/dg.h"
#include "toy.h"

/* ---- A learner of all chunks together, over after LAST steps ---- */

enum { LAST = 5 };

struct learn {
	struct counter *net;
	double rate;
};

/* What the learner below has seen. */
static struct {
	size_t chunks;
	int steps;
	double done[LAST];
} seen;

static int
fit(void *cfg, const struct feed *f, struct ns_err *e)
{
	(void)cfg;
	return f->schema.n_feat == 2 ? NS_OK : ns_fail(e, NS_EKIND, "not the toy");
}

static uint64_t
epoch(const struct lesson *l)
{
	(void)l;
	return 2;
}

static void *
begin(const struct lesson *l, struct ns_err *e)
{
	struct learn *s = xcalloc(1, sizeof *s);

	seen.chunks = l->n;
	s->net = counter_new(&l->feed->schema, l->config, &l->chunk->carry, e);
	s->rate = s->net->cfg.rate;
	if (l->from != NULL)
		memcpy(s->net->block, ((const struct counter *)l->from)->block,
		    s->net->params.total * sizeof(real));
	return s;
}

static int
step(void *learn, uint64_t at, const struct spent *spent, double *column,
    struct ns_err *e)
{
	struct learn *s = learn;

	(void)e;
	seen.steps++;
	seen.done[at] = spent->share;
	s->net->block[0] += (real)s->rate;
	column[0] = (double)s->net->block[0];
	return at + 1 == LAST;
}

static void
say(const double *column, struct buf *b)
{
	buf_printf(b, " count=%g", column[0]);
}

static int
save(const void *learn, struct nsr_writer *w, struct ns_err *e)
{
	const struct counter *m = ((const struct learn *)learn)->net;

	return params_put(&m->params, w, "", m->block, m->params.total, e);
}

static int
load(void *learn, struct nsr_reader *r, struct ns_err *e)
{
	struct counter *m = ((struct learn *)learn)->net;

	return params_get(&m->params, r, "", m->block, m->params.total, e);
}

static int
settle(void *learn, uint64_t steps, struct ns_err *e)
{
	(void)learn;
	(void)steps;
	(void)e;
	return NS_OK;
}

/* To tell it from the end. */
static int
snapshot(void *learn, uint64_t steps, void *net, struct ns_err *e)
{
	const struct learn *s = learn;

	(void)e;
	((struct counter *)net)->block[0] = s->net->block[0] + (real)100 * (real)steps;
	return NS_OK;
}

static void *
end(void *learn)
{
	struct learn *s = learn;
	void *net = s->net;

	free(s);
	return net;
}

static int
put_meta(const void *net, const double *column, struct nsr_writer *w, struct ns_err *e)
{
	(void)net;
	return nsr_put_meta(w, e, "train.count", "%g", column[0]);
}

static const char *const columns[] = {"count"};

static const struct learner_ops counters = {
    .kind = &counter_kind,
    .together = true,
    .epochs = 10,
    .steps_min = 1,
    .steps_max = 100,
    .columns = columns,
    .n_columns = 1,
    .fit = fit,
    .epoch = epoch,
    .begin = begin,
    .step = step,
    .say = say,
    .save = save,
    .load = load,
    .settle = settle,
    .snapshot = snapshot,
    .end = end,
    .put_meta = put_meta,
};

/* ---- A run of it ---- */

struct fixture {
	char dir[64], input[96], output[96], again[96], checkpoint[96], log[96];
	struct counter_config cfg;
	bool given[LEN(counter_table)];
	struct run_options o;
};

/* Three chunks, the first of which is empty. */
static int
set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	struct toy t = {.chunks = 3, .seed = 3};
	struct ns_err e;
	struct out *o;

	memset(&seen, 0, sizeof seen);
	snprintf(f->dir, sizeof f->dir, "%s/learner-XXXXXX",
	    getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp");
	assert_non_null(mkdtemp(f->dir));
	snprintf(f->input, sizeof f->input, "%s/input", f->dir);
	snprintf(f->output, sizeof f->output, "%s/output", f->dir);
	snprintf(f->again, sizeof f->again, "%s/again", f->dir);
	snprintf(f->checkpoint, sizeof f->checkpoint, "%s/checkpoint", f->dir);
	snprintf(f->log, sizeof f->log, "%s/log", f->dir);
	o = out_open(f->input, true, &e);
	assert_non_null(o);
	for (t.index = 0; t.index < 3; t.index++, t.n = 10)
		assert_int_equal(toy_write(&t, o, &e), NS_OK);
	assert_int_equal(out_commit(o, &e), NS_OK);
	hypers_default(&counter_hypers, &f->cfg);
	f->o = (struct run_options){.ops = &counters,
	    .config = &f->cfg,
	    .given = f->given,
	    .chunk = -1,
	    .warm_divisor = 4,
	    .threads = 1};
	*state = f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;
	char lock[112];

	snprintf(lock, sizeof lock, "%s.lock", f->checkpoint);
	unlink(f->input);
	unlink(f->output);
	unlink(f->again);
	unlink(f->checkpoint);
	unlink(f->log);
	unlink(lock);
	rmdir(f->dir);
	free(f);
	return 0;
}

static int
try_to_train(struct fixture *f, const char *output, struct ns_err *e)
{
	const struct tool t = {.name = "ns-train", .output = output};

	return run(&t, &f->o, f->input, e);
}

static void
train(struct fixture *f, const char *output)
{
	struct ns_err e;

	if (try_to_train(f, output, &e) < 0)
		fail_msg("%s", e.msg);
}

static void
next_model(struct nsr_reader *r, struct model *m)
{
	const struct model_kind *const kinds[] = {&dg_kind, &counter_kind, NULL};
	struct ns_err e;

	assert_int_equal(nsr_stream(r, &e), 1);
	assert_int_equal(model_read(m, r, kinds, &e), NS_OK);
}

/* The models in path: empty, count, the same. */
static void
check_models(const char *path, real count)
{
	struct nsr_reader *r;
	const struct counter *net;
	struct model m;
	struct ns_err e;
	uint32_t crc;

	r = nsr_reader_new(in_open(path, &e), path);
	next_model(r, &m);
	assert_true(m.carry.index == 0 && model_empty(&m));
	model_free(&m);
	next_model(r, &m);
	assert_int_equal(m.carry.index, 1);
	assert_non_null(m.net);
	net = m.net;
	assert_true(net->block[0] == count);
	crc = params_crc(&net->params, net->block);
	model_free(&m);
	next_model(r, &m);
	assert_int_equal(m.carry.index, 2);
	assert_null(m.net);
	assert_int_equal(m.same.chunk, 1);
	assert_int_equal(m.same.crc, crc);
	model_free(&m);
	assert_int_equal(nsr_stream(r, &e), 0);
	nsr_reader_free(r);
}

static void
one_net_for_all_chunks(void **state)
{
	struct fixture *f = *state;
	char line[64] = "", first[64] = "";
	FILE *log;

	f->o.log = f->log;
	train(f, f->output);
	assert_int_equal(seen.chunks, 3);
	check_models(f->output, LAST);
	log = fopen(f->log, "r");
	assert_non_null(fgets(first, sizeof first, log));
	assert_non_null(fgets(line, sizeof line, log));
	fclose(log);
	assert_string_equal(first, "chunk\tepoch\tstep\tcount\tseconds\n");
	assert_memory_equal(line, "all\t1\t2\t1.5\t", 12);
}

static void
one_chunk_by_itself(void **state)
{
	struct fixture *f = *state;
	struct nsr_reader *r;
	struct model m;
	struct ns_err e;

	f->o.chunk = 2;
	train(f, f->output);
	assert_int_equal(seen.chunks, 1);
	r = nsr_reader_new(in_open(f->output, &e), f->output);
	next_model(r, &m);
	assert_int_equal(m.carry.index, 2);
	assert_non_null(m.net);
	model_free(&m);
	nsr_reader_free(r);
}

/* Of 20 steps, or the 2 that are asked for. */
static void
a_step_knows_how_much_is_done(void **state)
{
	struct fixture *f = *state;
	int i;

	train(f, f->output);
	for (i = 0; i < LAST; i++)
		assert_true(seen.done[i] == i / 20.);
	f->o.steps = 2;
	train(f, f->output);
	assert_true(seen.done[0] == 0 && seen.done[1] == .5);
}

static void
what_is_over_stays_over(void **state)
{
	struct fixture *f = *state;
	struct ns_err e;
	char a[8192], b[8192];
	ssize_t n;
	int fd;

	f->o.checkpoint = f->checkpoint;
	f->o.steps = 3;
	train(f, f->output);
	check_models(f->output, 3);
	f->o.steps = 0;
	train(f, f->output);
	assert_int_equal(seen.steps, LAST);
	check_models(f->output, LAST);
	train(f, f->again);
	assert_int_equal(seen.steps, LAST);
	fd = in_open(f->output, &e);
	n = io_read(fd, a, sizeof a, &e);
	close(fd);
	assert_in_range(n, 1, sizeof a - 1);
	fd = in_open(f->again, &e);
	assert_int_equal(io_read(fd, b, sizeof b, &e), n);
	close(fd);
	assert_memory_equal(a, b, (size_t)n);
}

static void
starts_from_weights_and_takes_their_shape(void **state)
{
	struct fixture *f = *state;

	f->cfg.size = 4;
	train(f, f->output);
	f->cfg.size = 3;
	f->o.warm = f->output;
	f->o.steps = 8;
	train(f, f->again);
	assert_int_equal(f->cfg.size, 4);
	check_models(f->again, LAST + 8 / 4);
}

/* ---- Snapshots ---- */

/* Name of a snapshot, which is removed by forget. */
static const char *
number(const struct fixture *f, int i)
{
	static char name[112];

	snprintf(name, sizeof name, "%s.%d", f->output, i);
	return name;
}

static void
forget(const struct fixture *f)
{
	int i;

	for (i = 1; i < 10; i++)
		unlink(number(f, i));
}

static bool
is_there(const char *path)
{
	return access(path, F_OK) == 0;
}

/* The run is over at step LAST of 20, before three tenths of it are behind. */
static void
snapshots_stand_where_shares_end(void **state)
{
	struct fixture *f = *state;
	FILE *old;

	f->o.snapshots = 10;
	old = fopen(number(f, 3), "w"); /* of another run, which went on */
	assert_non_null(old);
	fclose(old);
	train(f, f->output);
	check_models(number(f, 1), 2 + 200);
	check_models(number(f, 2), 4 + 400);
	assert_false(is_there(number(f, 3)));
	check_models(f->output, LAST);
	forget(f);
}

static void
several_at_one_step(void **state)
{
	struct fixture *f = *state;

	f->o.steps = 2;
	f->o.snapshots = 5;
	train(f, f->output);
	check_models(number(f, 1), 1 + 100);
	check_models(number(f, 2), 1 + 100);
	check_models(number(f, 3), 2 + 200);
	check_models(number(f, 4), 2 + 200);
	check_models(f->output, 2);
	forget(f);
}

static void
snapshots_belong_to_the_run(void **state)
{
	struct fixture *f = *state;
	char text[320];
	struct ns_err e;

	f->o.steps = 4;
	f->o.snapshots = 4;
	f->o.checkpoint = f->checkpoint;
	train(f, f->output);
	assert_int_equal(unlink(number(f, 3)), 0);
	snprintf(text, sizeof text,
	    "checkpoint '%s' is beyond snapshot '%s', which is "
	    "missing: remove the checkpoint to begin anew",
	    f->checkpoint, number(f, 3));
	assert_int_equal(try_to_train(f, f->output, &e), NS_EKIND);
	assert_string_equal(e.msg, text);
	assert_true(is_there(number(f, 2)));
	f->o.snapshots = 2;
	assert_int_equal(try_to_train(f, f->output, &e), NS_EKIND);
	f->o.snapshots = 4;
	f->o.steps = 8;
	assert_int_equal(try_to_train(f, f->output, &e), NS_EKIND);
	forget(f);
}

static void
a_kind_may_have_none(void **state)
{
	struct fixture *f = *state;
	struct learner_ops without = counters;
	struct ns_err e;

	without.snapshot = NULL;
	f->o.ops = &without;
	f->o.snapshots = 2;
	assert_int_equal(try_to_train(f, f->output, &e), NS_EUSAGE);
	assert_string_equal(e.msg, "kind 'counter' has no --snapshots");
	assert_false(is_there(f->output));
}

/* ---- Options ---- */

static const struct learner_ops *const both[] = {&gan_learner, &counters, NULL};

static struct opt_def *
find(struct opt_def *defs, size_t n, const char *name)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(defs[i].name, name) == 0)
			return &defs[i];
	fail_msg("no option --%s", name);
	return NULL;
}

static void
each_name_once_with_the_defaults_of_all(void **state)
{
	struct opt_def defs[OPTIONS_MAX];
	struct options o;
	size_t n = options_list(&o, both, defs);

	(void)state;
	assert_int_equal(n, dg_hypers.n + 2);
	assert_string_equal(find(defs, n, "batch-size")->help,
	    "series a minibatch [doppelganger 100, counter 7]");
	assert_string_equal(find(defs, n, "rate")->help,
	    "what a step adds [counter 1]");
	n = options_list(&o, both + 1, defs);
	assert_int_equal(n, counter_hypers.n);
	assert_string_equal(find(defs, n, "rate")->help, "what a step adds [1]");
}

static void
values_go_to_the_kind_chosen(void **state)
{
	struct opt_def defs[OPTIONS_MAX];
	bool given[OPTIONS_MAX];
	struct counter_config c;
	struct dg_config d;
	struct options o;
	struct ns_err e;
	size_t n = options_list(&o, both, defs);
	struct opt_def *p = find(defs, n, "batch-size");

	(void)state;
	assert_int_equal(options_config(&o, &counter_kind, &c, given, &e), NS_OK);
	assert_true(c.batch_size == 7 && !given[0]);
	*(int *)p->var = 50;
	*p->given = true;
	assert_int_equal(options_config(&o, &counter_kind, &c, given, &e), NS_OK);
	assert_true(c.batch_size == 50 && c.size == 3 && given[0] && !given[1]);
	assert_int_equal(options_config(&o, &dg_kind, &d, given, &e), NS_OK);
	assert_int_equal(d.batch_size, 50);
	*(int *)p->var = 200;
	assert_int_equal(options_config(&o, &counter_kind, &c, given, &e), NS_EUSAGE);
	assert_string_equal(e.msg, "batch_size is 200, must be 1 to 100");
	assert_int_equal(options_config(&o, &dg_kind, &d, given, &e), NS_OK);
	p = find(defs, n, "rate");
	*(double *)p->var = .5;
	*p->given = true;
	assert_int_equal(options_config(&o, &dg_kind, &d, given, &e), NS_EUSAGE);
	assert_string_equal(e.msg,
	    "--rate is no option of a model of kind 'doppelganger'");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(one_net_for_all_chunks, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(one_chunk_by_itself, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_step_knows_how_much_is_done, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(what_is_over_stays_over, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(starts_from_weights_and_takes_their_shape,
		set_up, tear_down),
	    cmocka_unit_test_setup_teardown(snapshots_stand_where_shares_end, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(several_at_one_step, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(snapshots_belong_to_the_run, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(a_kind_may_have_none, set_up, tear_down),
	    cmocka_unit_test(each_name_once_with_the_defaults_of_all),
	    cmocka_unit_test(values_go_to_the_kind_chosen),
	};

	log_start("ns-train", 0);
	return cmocka_run_group_tests_name("learner", tests, NULL, NULL);
}
