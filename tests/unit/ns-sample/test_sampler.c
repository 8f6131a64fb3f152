/* The sampler as a whole: records are what their model lets them be, for any number of
 * threads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ar/keys.h"
#include "base/le.h"
#include "base/log.h"
#include "chi.h"
#include "marked.h"
#include "nn/gemm.h"

/* ---- Five-tuples ---- */

/* A port is told by its value and its octets; labels and tags are not looked at. */
static void
tuples_are_told_by_their_parts(void **state)
{
	struct world *w = marked_world();
	uint16_t a[32] = {0}, b[32];
	const int client = symbol_of(w->m, CLIENT, 0);
	struct keys k;

	(void)state;
	keys_init(&k, &w->s, &w->m->sym, NULL);
	assert_int_equal(k.n, 10);
	assert_int_equal(keys_first_free(&k, &w->s), client);
	assert_false(keys_complete(&k, client, a));
	assert_false(keys_complete(&k, client - 1, a));
	a[client] = CLIENTS - 1; /* its low octet is one of two */
	assert_false(keys_complete(&k, client, a));
	assert_true(keys_complete(&k, client + 2, a));
	a[client] = 3;
	assert_true(keys_complete(&k, client, a));
	assert_int_equal(a[client + 1], 1);
	assert_int_equal(a[client + 2], 150);
	memcpy(b, a, sizeof b);
	assert_true(keys_add(&k, a));
	assert_false(keys_add(&k, a));
	b[client + 3] = b[symbol_of(w->m, TAGS, 1)] = 1;
	assert_false(keys_add(&k, b));
	b[symbol_of(w->m, DST, 0)] = 7;
	assert_true(keys_add(&k, b));
	b[client + 2] = 151;
	assert_true(keys_add(&k, b));
	keys_free(&k);
	world_free(w);
}

/* ---- What comes out ---- */

struct seen_records {
	const struct world *w;
	size_t chunk;
	uint64_t n, broken, untrue; /* untrue: a tag or mark is not what it says */
	uint64_t label[LABELS], length[LENGTH_CODES];
	uint64_t *tuple, *start; /* (n) */
	size_t cap, start_cap;
};

/* Where a field's code is in a record. */
static const uint8_t *
code_at(const struct tensor_schema *s, const uint8_t *rec, int field)
{
	int i;

	for (i = 0; i < field; i++)
		rec += s->attr[i].bytes;
	return rec;
}

/* A number for the codes of the five-tuple (FNV-1a): models without a codec tell them
 * apart by these. */
static uint64_t
tuple_of(const struct tensor_schema *s, const uint8_t *rec)
{
	uint64_t t = 14695981039346656037u;
	const int part[] = {PROTO, VERSION, SERVICE, SERVICE_0, SERVICE_1, SRC, DST,
	    CLIENT, CLIENT_0, CLIENT_1};
	size_t i;

	for (i = 0; i < LEN(part); i++)
		t = (t ^ *code_at(s, rec, part[i])) * 1099511628211u;
	return t;
}

static bool
says_what_it_is(const struct seen_records *v, const uint8_t *rec, uint32_t steps)
{
	const struct tensor_schema *s = &v->w->s;
	uint8_t tags = *code_at(s, rec, TAGS);
	uint32_t t;

	if (tags >> 7 != (steps == 1) || (tags >> 6 & 1) != (v->chunk == 0))
		return false;
	rec += s->attr_bytes + 4;
	for (t = 1; t <= steps; t++) /* the mark is a step's last byte */
		if (rec[t * s->feat_bytes - 1] != (v->chunk == 0))
			return false;
	return true;
}

static int
look_at(void *arg, const uint8_t *rec, size_t len, struct ns_err *e)
{
	struct seen_records *v = arg;
	const struct tensor_schema *s = &v->w->s;
	uint32_t steps;
	int rc = tensor_check(s, rec, len, &steps, e);

	if (rc < 0)
		return rc;
	v->broken += tensor_masks_broken(&s->masks, s, rec, steps) != NULL;
	v->untrue += !says_what_it_is(v, rec, steps);
	v->length[length_code(steps)]++;
	v->label[*code_at(s, rec, LABEL)]++;
	xgrow(&v->tuple, &v->cap, v->n + 1, sizeof *v->tuple);
	xgrow(&v->start, &v->start_cap, v->n + 1, sizeof *v->start);
	v->start[v->n] = get_le32(code_at(s, rec, START));
	v->tuple[v->n++] = tuple_of(s, rec);
	return NS_OK;
}

/* How many of n places of 2^24 are taken, give or take 5 standard deviations. */
static void
all_over_the_place(uint64_t *start, uint64_t n)
{
	const double places = 0x1p24;
	double taken = places * -expm1(-(double)n / places);
	double all = (double)count_distinct(start, n);

	assert_true(fabs(all - taken) < 5 * sqrt(1 + taken - taken * taken / places));
}

static void
check_world(const struct world *w, size_t chunk, uint64_t n)
{
	const real *share = w->m->lengths + chunk * LENGTH_CODES;
	struct seen_records v = {.w = w, .chunk = chunk};
	double all = 0;
	int c;

	assert_int_equal(world_sample(w, chunk, n, 2, 52, look_at, &v), NS_OK);
	assert_int_equal(v.n, n);
	assert_int_equal(v.broken, 0);
	assert_int_equal(v.untrue, 0);
	all_over_the_place(v.start, n);
	assert_int_equal(count_distinct(v.tuple, v.n), n);
	assert_true(fabs(chi_normal(v.label, label_shares, LABELS)) < CHI_RARE);
	for (c = 0; c < LENGTH_CODES; c++)
		all += (double)share[c];
	for (c = 0; c < LENGTH_CODES; c++)
		assert_true(fabs((double)v.length[c] -
				(double)n * (double)share[c] / all) < 1 + 1e-6);
	free(v.tuple);
	free(v.start);
}

/* state: how many series. */
static void
records_are_what_they_may_be(void **state)
{
	const uint64_t n = *(const uint64_t *)*state;
	struct world *w = marked_world();

	check_world(w, 0, n);
	check_world(w, 1, n / 10);
	world_free(w);
}

/* ---- Bytes ---- */

static int
keep_bytes(void *arg, const uint8_t *rec, size_t len, struct ns_err *e)
{
	(void)e;
	buf_put(arg, rec, len);
	return NS_OK;
}

static struct buf
bytes_of(const struct world *w, size_t chunk, int threads, uint64_t seed)
{
	struct buf b = {0};

	assert_int_equal(world_sample(w, chunk, 6000, threads, seed, keep_bytes, &b),
	    NS_OK);
	return b;
}

static bool
equal(const struct buf *a, const struct buf *b)
{
	return a->len == b->len && memcmp(a->p, b->p, a->len) == 0;
}

static void
bytes_follow_the_seed_alone(void **state)
{
	struct world *w = marked_world();
	struct buf one[2], more;
	int threads;
	size_t c;

	(void)state;
	for (c = 0; c < 2; c++) {
		one[c] = bytes_of(w, c, 1, 53);
		for (threads = 1; threads <= 3; threads++) {
			more = bytes_of(w, c, threads, 53);
			assert_true(equal(&one[c], &more));
			buf_free(&more);
		}
		more = bytes_of(w, c, 1, 54);
		assert_false(equal(&one[c], &more));
		buf_free(&more);
	}
	assert_false(equal(&one[0], &one[1]));
	buf_free(&one[0]);
	buf_free(&one[1]);
	world_free(w);
}

static int
refuse(void *arg, const uint8_t *rec, size_t len, struct ns_err *e)
{
	int *left = arg;

	(void)rec;
	(void)len;
	return (*left)-- > 0 ? NS_OK : ns_fail(e, NS_EIO, "no more room");
}

/* What emit returns ends the chunk. */
static void
failures_pass_through(void **state)
{
	struct world *w = marked_world();
	int left = 300;

	(void)state;
	assert_int_equal(world_sample(w, 0, 6000, 2, 55, refuse, &left), NS_EIO);
	assert_int_equal(left, -1);
	assert_int_equal(world_sample(w, 1, 0, 2, 55, refuse, &left), NS_OK);
	world_free(w);
}

/* ---- Weights that nobody trained ---- */

/* Numbers overflow and become none: what comes out are records all the same. */
static void
weights_may_be_anything(void **state)
{
	struct world *w = xcalloc(1, sizeof *w);
	struct seen_records v = {.w = w};
	size_t i;

	(void)state;
	marked_schema(&w->s);
	w->m = net_make(&w->s, 2, .3, 58);
	set_lengths(w->m);
	for (i = 0; i < w->m->n_train; i++)
		w->m->block[i] = i % 3 == 0 ? -3e38f : 3e38f;
	world_load(w);
	assert_int_equal(world_sample(w, 0, 300, 1, 59, look_at, &v), NS_OK);
	assert_int_equal(v.n, 300);
	free(v.tuple);
	free(v.start);
	world_free(w);
}

/* An argument is the number of series for the first test, which then is the only one.
 */
int
main(int argc, char **argv)
{
	uint64_t n = argc > 1 ? strtoull(argv[1], NULL, 10) : 100000;
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_prestate(records_are_what_they_may_be, &n),
	    cmocka_unit_test(tuples_are_told_by_their_parts),
	    cmocka_unit_test(bytes_follow_the_seed_alone),
	    cmocka_unit_test(failures_pass_through),
	    cmocka_unit_test(weights_may_be_anything),
	};

	gemm_start();
	log_start("test_sampler", 0);
	if (argc > 1) {
		const struct CMUnitTest first[] = {tests[0]};

		return cmocka_run_group_tests_name("sampler, long", first, NULL, NULL);
	}
	return cmocka_run_group_tests_name("sampler", tests, NULL, NULL);
}
