/* Joined models whose chunks share weights. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../../tools/ns-sample/models.h"
#include "../ns-train/counter.h"
#include "model/dg/dg.h"

static const struct model_kind *const kinds[] = {&dg_kind, &counter_kind, NULL};
static const struct counter_config config = {7, 4, 1};

struct fixture {
	char path[64];
	struct out *out;
	struct nsr_writer *w;
	struct tensor_schema schema;
	struct model_same same;
};

static int
set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	struct ns_err e;
	int fd;

	snprintf(f->path, sizeof f->path, "%s/models-XXXXXX",
	    getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp");
	fd = mkstemp(f->path);
	assert_true(fd >= 0);
	close(fd);
	f->out = out_open(f->path, true, &e);
	f->w = nsr_writer_new(f->out, 0);
	tensor_schema_init(&f->schema);
	tensor_schema_add(&f->schema, NSR_ATTRIBUTE, "proto", NSR_CATEGORY, 3, "");
	*state = f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	unlink(f->path);
	tensor_schema_free(&f->schema);
	free(f);
	return 0;
}

/* One of 3 chunks with weights 1, 2, 3, 4; with same those of that chunk. */
static void
put_chunk(struct fixture *f, const char *kind, const char *index,
    const struct model_same *same)
{
	struct carry_meta meta[] = {{"chunk.index", NULL}, {"chunk.count", "3"},
	    {"trace.max_steps", "7"}, {"codec.hash", "0badcafe"}};
	struct carry carry = {.meta = meta,
	    .n_meta = LEN(meta),
	    .n_series = 5,
	    .n_records = 9};
	const struct hypers *h =
	    strcmp(kind, "counter") == 0 ? &counter_hypers : &dg_hypers;
	struct model_head head = {.kind = kind,
	    .carry = &carry,
	    .dicts = &carry,
	    .schema = &f->schema,
	    .hypers = h,
	    .same = same};
	struct counter *m;
	struct ns_err e;
	int i;

	meta[0].val = xstrdup(index);
	m = counter_new(&f->schema, &config, &carry, &e);
	for (i = 0; i < 4; i++)
		m->block[i] = (real)(i + 1);
	if (same == NULL && h == &counter_hypers)
		head.config = &config;
	assert_int_equal(model_begin(f->w, &head, &e), NS_OK);
	if (head.config != NULL)
		assert_int_equal(params_put(&m->params, f->w, "", m->block, 4, &e),
		    NS_OK);
	assert_int_equal(nsr_end(f->w, &e), NS_OK);
	f->same.crc = params_crc(&m->params, m->block);
	counter_free(m);
	free(meta[0].val);
}

static int
read_all(struct fixture *f, struct models *m, struct ns_err *e)
{
	char *inputs[] = {f->path, NULL};

	nsr_writer_free(f->w);
	assert_int_equal(out_commit(f->out, e), NS_OK);
	return models_read(m, inputs, kinds, NULL, e);
}

static void
refused(struct fixture *f, const char *why)
{
	struct models m;
	struct ns_err e;

	assert_int_equal(read_all(f, &m, &e), NS_EKIND);
	assert_non_null(strstr(e.msg, why));
	models_free(&m);
}

/* All chunks load the weights of chunk 1, of which sampling needs all but one. */
static void
weights_serve_several_chunks(void **state)
{
	struct fixture *f = *state;
	const struct counter *net;
	struct models m;
	struct ns_err e;
	size_t i;

	put_chunk(f, "counter", "1", NULL);
	f->same.chunk = 1;
	put_chunk(f, "counter", "2", &f->same);
	put_chunk(f, "counter", "0", &f->same);
	if (read_all(f, &m, &e) < 0)
		fail_msg("%s", e.msg);
	assert_ptr_equal(m.kind, &counter_kind);
	for (i = 0; i < 3; i++) {
		assert_int_equal(m.chunk[i].carry.index, i);
		assert_false(m.chunk[i].empty);
		net = models_load(&m, i, &e);
		assert_non_null(net);
		assert_int_equal(net->cfg.size, 4);
		assert_true(net->block[0] == 1 && net->block[1] == 0);
		assert_true(net->block[2] == 3 && net->block[3] == 4);
		counter_free((void *)(uintptr_t)net);
	}
	models_free(&m);
}

static void
weights_of_another_training_are_refused(void **state)
{
	struct fixture *f = *state;

	put_chunk(f, "counter", "0", NULL);
	f->same.crc++;
	put_chunk(f, "counter", "1", &f->same);
	put_chunk(f, "counter", "2", &f->same);
	refused(f, "of another training than the one that is there");
}

static void
weights_that_are_not_there_are_refused(void **state)
{
	struct fixture *f = *state;

	put_chunk(f, "counter", "0", NULL);
	put_chunk(f, "counter", "1", &f->same);
	f->same.chunk = 1;
	put_chunk(f, "counter", "2", &f->same);
	refused(f, "the weights of chunk 1, which has none");
}

static void
two_kinds_are_refused(void **state)
{
	struct fixture *f = *state;

	put_chunk(f, "counter", "0", NULL);
	put_chunk(f, "doppelganger", "1", NULL);
	refused(f, "holds a model of kind 'doppelganger', not 'counter'");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(weights_serve_several_chunks, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(weights_of_another_training_are_refused,
		set_up, tear_down),
	    cmocka_unit_test_setup_teardown(weights_that_are_not_there_are_refused,
		set_up, tear_down),
	    cmocka_unit_test_setup_teardown(two_kinds_are_refused, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("models", tests, NULL, NULL);
}
