/* A model written and read back, and what a reader must refuse. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "model/dg/dg.h"

struct fixture {
	struct tensor_schema s;
	struct dg *m;
	struct carry carry;
	char path[64];
};

/* Some kind whose chunks may share weights. */
static struct model_kind shared;

static struct carry_meta meta[] = {
    {"chunk.index", "1"},
    {"chunk.count", "3"},
    {"trace.max_steps", "7"},
    {"codec.hash", "0badcafe"},
    {"source.time_unit", "us"},
};

static int
set_up(void **state)
{
	const float words[4] = {1, 0, 0, 1};
	struct fixture *f = calloc(1, sizeof *f);
	struct dg_config c;
	struct ns_err e;
	struct rng r;
	int fd;

	tensor_schema_init(&f->s);
	tensor_schema_table(&f->s, "port", 2, 2, words);
	tensor_schema_add(&f->s, NSR_ATTRIBUTE, "src_ip", NSR_BIT, 9, "");
	tensor_schema_add(&f->s, NSR_ATTRIBUTE, "src_port", NSR_WORD, 2, "port");
	hypers_default(&dg_hypers, &c);
	c.attr_units = c.d_units = c.attr_d_units = 6;
	c.lstm_units = 4;
	dg_config_fit(&c, 7);
	f->m = dg_new(&f->s, &c, 7, &e);
	assert_non_null(f->m);
	rng_init(&r, 1, 2);
	dg_init(f->m, &r);
	f->carry = (struct carry){.meta = meta,
	    .n_meta = LEN(meta),
	    .n_series = 5,
	    .n_records = 9};
	shared = dg_kind;
	shared.name = "shared";
	shared.shares = true;
	snprintf(f->path, sizeof f->path, "%s/model-XXXXXX",
	    getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp");
	fd = mkstemp(f->path);
	assert_true(fd >= 0);
	close(fd);
	*state = f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	unlink(f->path);
	dg_free(f->m);
	tensor_schema_free(&f->s);
	free(f);
	return 0;
}

/* n: how many numbers of the block are written.  m NULL: another chunk's weights, or
 * none. */
static void
write_model(struct fixture *f, const char *kind, const struct dg *m,
    const struct model_same *same, size_t n)
{
	const struct model_head h = {.kind = kind,
	    .carry = &f->carry,
	    .dicts = &f->carry,
	    .schema = &f->s,
	    .hypers = &dg_hypers,
	    .config = m != NULL ? &m->cfg : NULL,
	    .same = same};
	struct ns_err e;
	struct out *o = out_open(f->path, true, &e);
	struct nsr_writer *w = nsr_writer_new(o, 3);

	assert_int_equal(model_begin(w, &h, &e), NS_OK);
	assert_int_equal(tensor_put_tables(&f->s, w, &e), NS_OK);
	if (m != NULL)
		assert_int_equal(params_put(&m->params, w, "", m->block, n, &e), NS_OK);
	assert_int_equal(nsr_end(w, &e), NS_OK);
	nsr_writer_free(w);
	assert_int_equal(out_commit(o, &e), NS_OK);
}

static int
read_model(struct fixture *f, struct model *m, struct ns_err *e)
{
	const struct model_kind *const kinds[] = {&dg_kind, &shared, NULL};
	struct nsr_reader *r = nsr_reader_new(in_open(f->path, e), "m");
	int rc = nsr_stream(r, e);

	assert_int_equal(rc, 1);
	rc = model_read(m, r, kinds, e);
	nsr_reader_free(r);
	return rc;
}

static void
comes_back_as_it_was(void **state)
{
	struct fixture *f = *state;
	const struct dg *dg;
	struct model m;
	struct ns_err e;

	write_model(f, dg_kind.name, f->m, NULL, f->m->n_all);
	assert_int_equal(read_model(f, &m, &e), NS_OK);
	assert_int_equal(m.carry.index, 1);
	assert_int_equal(m.carry.count, 3);
	assert_int_equal(m.carry.n_series, 5);
	assert_int_equal(m.carry.n_records, 9);
	assert_string_equal(carry_get(&m.carry, "source.time_unit"), "us");
	assert_int_equal(m.carry.n_dict, 1);
	assert_ptr_equal(m.kind, &dg_kind);
	assert_false(model_empty(&m));
	dg = m.net;
	assert_int_equal(dg->n_all, f->m->n_all);
	assert_memory_equal(dg->block, f->m->block, f->m->n_all * sizeof(real));
	assert_null(hypers_same_shape(&dg_hypers, &dg->cfg, &f->m->cfg));
	model_free(&m);
}

static void
empty_chunk_has_no_weights(void **state)
{
	struct fixture *f = *state;
	struct model m;
	struct ns_err e;

	write_model(f, dg_kind.name, NULL, NULL, 0);
	assert_int_equal(read_model(f, &m, &e), NS_OK);
	assert_null(m.net);
	assert_true(model_empty(&m));
	model_free(&m);
}

static void
another_chunk_s_weights(void **state)
{
	struct fixture *f = *state;
	struct model_same same = {2, params_crc(&f->m->params, f->m->block)};
	struct model m;
	struct ns_err e;

	write_model(f, "shared", NULL, &same, 0);
	assert_int_equal(read_model(f, &m, &e), NS_OK);
	assert_ptr_equal(m.kind, &shared);
	assert_null(m.net);
	assert_false(model_empty(&m));
	assert_int_equal(m.same.chunk, 2);
	assert_int_equal(m.same.crc, same.crc);
	model_free(&m);
}

static void
refused(struct fixture *f, int code, const char *why)
{
	struct model m;
	struct ns_err e;

	assert_int_equal(read_model(f, &m, &e), code);
	assert_non_null(strstr(e.msg, why));
	model_free(&m);
}

static void
others_weights_that_are_refused(void **state)
{
	struct fixture *f = *state;
	struct model_same same = {2, 7};

	write_model(f, dg_kind.name, NULL, &same, 0);
	refused(f, NS_ECORRUPT, "'doppelganger' has weights of its own");
	same.chunk = 1;
	write_model(f, "shared", NULL, &same, 0);
	refused(f, NS_ECORRUPT, "model.same_as of chunk 1 names itself");
	same.chunk = 3;
	write_model(f, "shared", NULL, &same, 0);
	refused(f, NS_ECORRUPT, "model.same_as is 3");
}

static void
bad_ones_are_refused(void **state)
{
	struct fixture *f = *state;
	struct dg_config c = f->m->cfg;

	write_model(f, "other", f->m, NULL, f->m->n_all);
	refused(f, NS_EKIND, "kind 'other', not 'doppelganger' or 'shared'");
	write_model(f, dg_kind.name, f->m, NULL, f->m->n_gen);
	refused(f, NS_ECORRUPT, "'critic.0.weight' is missing");
	f->m->block[3] = NAN;
	write_model(f, dg_kind.name, f->m, NULL, f->m->n_all);
	refused(f, NS_ECORRUPT, "'generator.attr.0.weight' holds a number that is not");
	f->m->block[3] = 0;
	f->m->cfg.lstm_units = 5;
	write_model(f, dg_kind.name, f->m, NULL, f->m->n_all);
	refused(f, NS_ECORRUPT, "not what the model's shape asks for");
	f->m->cfg.lstm_units = 8192;
	write_model(f, dg_kind.name, f->m, NULL, 0);
	refused(f, NS_ECORRUPT, "million weights");
	f->m->cfg.sample_len = 0;
	write_model(f, dg_kind.name, f->m, NULL, 0);
	refused(f, NS_ECORRUPT, "sample_len is 0");
	f->m->cfg.d_layers = 99;
	write_model(f, dg_kind.name, f->m, NULL, 0);
	refused(f, NS_ECORRUPT, "model.d_layers is 99");
	f->m->cfg = c;
	meta[0].val = "3";
	write_model(f, dg_kind.name, f->m, NULL, f->m->n_all);
	refused(f, NS_ECORRUPT, "chunk.index is 3");
	meta[0].val = "1";
}

static void
config_goes_through_text_and_checks(void **state)
{
	struct dg_config a, b;
	struct buf x = {0}, y = {0};
	struct ns_err e;

	(void)state;
	hypers_default(&dg_hypers, &a);
	b = a;
	assert_int_equal(hypers_check(&dg_hypers, &a, &e), NS_OK);
	b.d_lr = 2;
	assert_int_equal(hypers_check(&dg_hypers, &b, &e), NS_EUSAGE);
	hypers_text(&dg_hypers, &a, &x);
	hypers_text(&dg_hypers, &b, &y);
	assert_true(x.len != y.len || memcmp(x.p, y.p, x.len) != 0);
	buf_free(&x);
	buf_free(&y);
	dg_config_fit(&a, 3);
	assert_int_equal(a.sample_len, 3);
	dg_config_fit(&b, 300);
	assert_int_equal(b.sample_len, 10);
	assert_string_equal(hypers_same_shape(&dg_hypers, &a, &b), "sample_len");
}

/* Rows as critics see them: flags, zeros behind the end, the end's block filled up. */
static void
series_become_rows(void **state)
{
	struct fixture *f = *state;
	/* 9 bits 100000001, word 1, T = 2; no features: the flags are all there is */
	const uint8_t rec[] = {0x80, 0x80, 1, 0, 2, 0, 0, 0};
	struct dg_config c = f->m->cfg;
	struct ns_err e;
	struct dg *m;
	real row[64] = {0};
	int i;

	c.sample_len = 4;
	m = dg_new(&f->s, &c, 7, &e);
	assert_int_equal(m->A, 20);
	assert_int_equal(m->F1, 2);
	assert_int_equal(m->R, 2);
	assert_int_equal(m->Din, 20 + 8 * 2);
	assert_int_equal(dg_expand(m, rec, row), 1);
	for (i = 0; i < 9; i++)
		assert_true(row[2 * i + 1] == (i == 0 || i == 8));
	assert_true(row[18] == 0 && row[19] == 1);
	assert_true(row[20] == 1 && row[21] == 0);
	for (i = 1; i < 4; i++)
		assert_true(row[20 + 2 * i] == 0 && row[21 + 2 * i] == 1);
	for (i = 28; i < 36; i++)
		assert_true(row[i] == 0);
	dg_free(m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(comes_back_as_it_was, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(empty_chunk_has_no_weights, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(another_chunk_s_weights, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(others_weights_that_are_refused, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(bad_ones_are_refused, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(series_become_rows, set_up, tear_down),
	    cmocka_unit_test(config_goes_through_text_and_checks),
	};

	return cmocka_run_group_tests_name("model stream", tests, NULL, NULL);
}
