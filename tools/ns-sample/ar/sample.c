#include "ar/sample.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ar/answers.h"
#include "ar/chunk.h"
#include "ar/wanted.h"
#include "base/log.h"

/* ---- A chunk ---- */

static int
check_shares(const struct sampler *s, struct ns_err *e)
{
	return plan_possible(shares(s))
	    ? NS_OK
	    : ns_fail(e, NS_ECORRUPT,
		  "the model's shares of lengths of chunk %d are none", chunk_index(s));
}

int
make_plan(struct sampler *s, const struct target *t, struct ns_err *e)
{
	const real *share = shares(s);
	struct rng r;
	int rc = check_shares(s, e);

	if (rc < 0)
		return rc;
	start_stream(s, &r, AR_PLAN, 0);
	if (t->of == OF_RECORDS)
		plan_records(&s->plan, share, t->n, &r);
	else
		plan_series(&s->plan, share, (size_t)t->n, &r);
	return NS_OK;
}

static void
begin_chunk(struct sampler *s)
{
	int i;

	attrs_init(&s->attrs, s->m, s->models->codec, s->pool, s->temperature);
	for (i = 0; i < MAKERS; i++)
		series_maker_init(&s->maker[i], s->m, s->temperature);
	s->code = xcalloc(ATTR_ROWS, ((size_t)s->m->P + 1) * sizeof *s->code);
	s->draws = s->groups = s->repeats = s->kept = s->answered = 0;
	s->series = s->records = 0;
}

static void
end_chunk(struct sampler *s)
{
	int i;

	attrs_free(&s->attrs);
	for (i = 0; i < MAKERS; i++)
		series_maker_free(&s->maker[i]);
	free(s->code);
	plan_free(&s->plan);
	ar_free(s->m);
	s->m = NULL;
}

int
make_carried(struct sampler *s, const struct outlet *to, struct ns_err *e)
{
	struct goon *g = &s->goon;
	struct rng r;
	int rc;

	start_stream(s, &r, AR_GO_ON, 0);
	rc = goon_begin(g, &s->attrs, s->chunk, &s->plan, &r, e);
	s->went_on = g->n;
	if (rc >= 0)
		rc = make_blocks(s, g->length, g->code, g->n, to, e);
	s->series = s->records = 0;
	return rc;
}

static int
make_all(struct sampler *s, const struct target *t, const struct outlet *to,
    struct ns_err *e)
{
	int rc = make_plan(s, t, e);

	if (rc >= 0)
		rc = make_carried(s, to, e);
	if (rc >= 0)
		rc = answers_possible(s)
		    ? make_talking(s, to, e)
		    : make_blocks(s, s->plan.length, NULL, s->plan.n, to, e);
	goon_end(&s->goon);
	return rc;
}

static void
say(const struct sampler *s)
{
	log_chunk(chunk_index(s));
	log_info("new=%" PRIu64 " answers=%" PRIu64 " continued=%" PRIu64
		 " masked=%" PRIu64 " repeated=%" PRIu64,
	    s->series, s->answered, s->went_on, s->attrs.repeats, s->repeats);
	if (s->kept > 0)
		log_warn("chunk %d: %" PRIu64 " series repeat the five-tuple of "
			 "another: the model knows too few",
		    chunk_index(s), s->kept);
}

static int
chunk(void *sampler, size_t i, const struct target *t, sampler_emit *emit, void *arg,
    struct ns_err *e)
{
	const struct outlet to = {emit, arg};
	struct sampler *s = sampler;
	bool wanted = models_wished(s->models);
	int rc;

	if (t->n == 0 && !(wanted && carried_count(s->goon.flows, (int)i) > 0))
		return NS_OK;
	s->chunk = i;
	s->m = models_load(s->models, i, e);
	if (s->m == NULL)
		return e->code;
	begin_chunk(s);
	rc = places_find(&s->places, s->models, s->m, i, e);
	if (rc >= 0)
		rc = wanted ? make_wanted(s, t, &to, e) : make_all(s, t, &to, e);
	if (rc >= 0)
		say(s);
	end_chunk(s);
	return rc;
}

/* What the flows of the last try count, as far as they are as wanted. */
static double
sum_worth(const struct sampler *s, const struct wanted *w, bool of_records)
{
	const struct attrs *a = &s->attrs;
	double sum = 0;
	size_t r, P = (size_t)s->m->P;
	uint64_t n;

	for (r = 0; r < w->plan.n; r++) {
		n = of_records ? w->plan.length[r] : 1;
		n += goon_later(&s->goon, a->code + r * P, s->chunk);
		sum += a->weight[r] * (double)n;
	}
	return sum;
}

/* Of one block, the mean; negative on failure. */
static double
try_block(struct sampler *s, bool of_records, struct ns_err *e)
{
	double part = -1;
	struct wanted w;
	struct rng r;

	if (check_shares(s, e) < 0 ||
	    places_find(&s->places, s->models, s->m, s->chunk, e) < 0)
		return -1;
	if (s->places.none)
		return 0;
	s->attrs.places = s->places.windowed ? &s->places : NULL;
	start_stream(s, &r, AR_SHARE, 0);
	goon_count(&s->goon, of_records);
	goon_start(&s->goon, &s->attrs, s->chunk);
	if (wanted_init(&w, s->m, &s->models->given, &r, e) >= 0) {
		wanted_try(&w, &s->attrs, chunk_index(s), shares(s), ATTR_ROWS, &r);
		part = sum_worth(s, &w, of_records) / ATTR_ROWS;
	}
	wanted_free(&w);
	return part;
}

static double
worth(void *sampler, size_t i, bool of_records, struct ns_err *e)
{
	struct sampler *s = sampler;
	double part;

	s->chunk = i;
	s->m = models_load(s->models, i, e);
	if (s->m == NULL)
		return -1;
	begin_chunk(s);
	part = try_block(s, of_records, e);
	end_chunk(s);
	return part;
}

/* ---- All ---- */

static void *
begin(const struct sampler_setup *u, struct ns_err *e)
{
	struct sampler *s = xcalloc(1, sizeof *s);

	(void)e;
	s->models = u->models;
	s->pool = u->pool;
	s->seed = u->seed;
	s->temperature = u->temperature;
	goon_init(&s->goon, u->models, u->memory);
	s->coded = xcalloc(ATTR_ROWS, sizeof *s->coded);
	s->again = xcalloc(ATTR_ROWS, sizeof *s->again);
	return s;
}

static void
end(void *sampler)
{
	struct sampler *s = sampler;
	int i, j;

	if (s == NULL)
		return;
	for (j = 0; j < MAKERS; j++)
		for (i = 0; i < SERIES_ROWS; i++)
			buf_free(&s->rec[j][i]);
	goon_free(&s->goon);
	free(s->coded);
	free(s->again);
	free(s);
}

/* Both kinds have the same nets. */
#define OPS(k)                                                                         \
	{                                                                              \
		.kind = &(k), .begin = begin, .worth = worth, .chunk = chunk,          \
		.end = end                                                             \
	}
const struct sampler_ops ar_sampler = OPS(ar_kind);
const struct sampler_ops adversarial_sampler = OPS(adversarial_kind);
