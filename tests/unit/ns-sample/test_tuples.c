/* Chunks of few five-tuples, and of no lengths. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/log.h"
#include "nn/gemm.h"
#include "world.h"

struct tuples {
	const struct world *w;
	uint64_t n, *tuple; /* (n) */
	size_t cap;
};

enum { PORTS = 24 };

/* protos of PORTS clients each; labels stand behind. */
static struct world *
small_world(int protos)
{
	struct world *w = xcalloc(1, sizeof *w);

	tensor_schema_init(&w->s);
	if (protos > 1)
		tensor_schema_add(&w->s, NSR_ATTRIBUTE, "proto", NSR_CATEGORY,
		    (uint32_t)protos, "");
	tensor_schema_add(&w->s, NSR_ATTRIBUTE, "client.0", NSR_CATEGORY, PORTS, "");
	tensor_schema_add(&w->s, NSR_ATTRIBUTE, "label", NSR_CATEGORY, 3, "");
	tensor_schema_add(&w->s, NSR_FEATURE, "size", NSR_CATEGORY, 5, "");
	w->m = net_make(&w->s, 2, .2, 56);
	w->m->lengths[0] = w->m->lengths[LENGTH_CODES + 2] = 1;
	world_load(w);
	return w;
}

static int
note_tuple(void *arg, const uint8_t *rec, size_t len, struct ns_err *e)
{
	struct tuples *v = arg;
	int protos = v->w->s.n_attr - 2;

	(void)len;
	(void)e;
	xgrow(&v->tuple, &v->cap, v->n + 1, sizeof *v->tuple);
	v->tuple[v->n++] =
	    protos == 0 ? rec[0] : (uint64_t)rec[0] * PORTS + (uint64_t)rec[1];
	return NS_OK;
}

/* All that are asked for come, and are different as long as there are different ones.
 */
static void
check_small(int protos, uint64_t n, uint64_t distinct)
{
	struct world *w = small_world(protos);
	struct tuples v = {.w = w};
	size_t chunk;

	for (chunk = 0; chunk < 2; chunk++) {
		v.n = 0;
		assert_int_equal(world_sample(w, chunk, n, 1, 57, note_tuple, &v),
		    NS_OK);
		assert_int_equal(v.n, n);
		assert_int_equal(count_distinct(v.tuple, v.n), distinct);
	}
	free(v.tuple);
	world_free(w);
}

static void
tuples_run_out(void **state)
{
	(void)state;
	check_small(1, 1, 1);
	check_small(1, PORTS - 1, PORTS - 1);
	check_small(1, PORTS, PORTS);
	check_small(1, PORTS + 1, PORTS);
	check_small(1, 5000, PORTS);
	check_small(2, 2 * PORTS - 1, 2 * PORTS - 1);
	check_small(2, 2 * PORTS, 2 * PORTS);
	check_small(2, 3 * PORTS, 2 * PORTS);
}

static void
lengths_must_be_there(void **state)
{
	struct world *w = small_world(1);
	struct tuples v = {.w = w};

	(void)state;
	models_free(&w->models);
	w->m->lengths[LENGTH_CODES + 2] = 0;
	world_load(w);
	assert_int_equal(world_sample(w, 0, 9, 1, 60, note_tuple, &v), NS_OK);
	assert_int_equal(world_sample(w, 1, 9, 1, 60, note_tuple, &v), NS_ECORRUPT);
	assert_int_equal(v.n, 9);
	free(v.tuple);
	world_free(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(tuples_run_out),
	    cmocka_unit_test(lengths_must_be_there),
	};

	gemm_start();
	log_start("test_tuples", 0);
	return cmocka_run_group_tests_name("five-tuples", tests, NULL, NULL);
}
