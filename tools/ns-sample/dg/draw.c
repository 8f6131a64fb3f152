#include "draw.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/le.h"
#include "base/log.h"
#include "base/mem.h"
#include "carried.h"
#include "model/dg/gen.h"
#include "nn/normal.h"
#include "seen.h"
#include "tags.h"

/* Tags are set by hand when after this many draws fewer than 1 in TAGS_RATE pass. */
#define TAGS_DRAWS 5000
#define TAGS_RATE 100
/* Five-tuples that repeat are drawn again, this often for each series or record that is
 * asked for, and so often in any case. */
#define REPEATS_EACH 3
#define REPEATS_LEAST 1000

enum purpose { DRAW_ATTR = 8, DRAW_FEAT, DRAW_STATE, DRAW_TAGS };

struct sampler {
	const struct models *models;
	struct carried *carried;
	struct tags tags;
	struct pool *pool;
	uint64_t seed;
	/* of the present chunk */
	int chunk;
	struct target target;
	struct dg *dg;
	struct dg_gen *gen;
	struct seen seen;
	uint64_t batches; /* number random streams */
	uint8_t *pending; /* (DRAW_BATCH, attr_bytes) codes accepted, not yet series */
	int n_pending;
	struct buf rec;
	/* results of the present chunk */
	uint64_t n_series, n_records;
	uint64_t drawn, passed, repeats, kept_repeats, dropped, carried_on;
	bool forced;
};

static void *
begin(const struct sampler_setup *u, struct ns_err *e)
{
	const struct models *m = u->models;
	struct sampler *s;

	if (models_wished(m) || u->temperature != 1) {
		ns_fail(e, NS_EUSAGE,
		    "a doppelganger takes neither --given, --from and --to nor "
		    "--temperature");
		return NULL;
	}
	s = xcalloc(1, sizeof *s);
	s->models = m;
	s->pool = u->pool;
	s->seed = u->seed;
	s->carried =
	    carried_new(m->chunk[0].carry.count, m->schema.attr_bytes, u->memory);
	tags_find(&s->tags, &m->schema);
	s->pending = xcalloc(DRAW_BATCH, m->schema.attr_bytes + 1);
	return s;
}

static void
end(void *sampler)
{
	struct sampler *s = sampler;

	if (s == NULL)
		return;
	carried_free(s->carried);
	free(s->pending);
	buf_free(&s->rec);
	free(s);
}

static uint64_t
stream(const struct sampler *s, enum purpose p, uint64_t counter)
{
	return (uint64_t)s->chunk << 48 | (uint64_t)p << 44 | counter;
}

static uint8_t *
pending_at(const struct sampler *s, int i)
{
	return s->pending + (size_t)i * s->models->schema.attr_bytes;
}

/* ---- Series from attributes ---- */

static bool
complete(const struct sampler *s)
{
	return (s->target.of == OF_RECORDS ? s->n_records : s->n_series) >= s->target.n;
}

/* Later chunks that the flow occurs in get it, too; only where it starts does it say.
 */
static int
carry_on(struct sampler *s, uint8_t *code, struct ns_err *e)
{
	int c, rc;

	if (s->tags.starts < 0 || !tags_starts(&s->tags, code))
		return NS_OK;
	tags_set_starts(&s->tags, code, false);
	for (c = s->chunk + 1; c < (int)s->models->n; c++) {
		if (!tags_in(&s->tags, code, c) || s->models->chunk[c].empty)
			continue;
		if ((rc = carried_put(s->carried, c, code, e)) < 0)
			return rc;
		s->carried_on++;
	}
	return NS_OK;
}

/* The record of row b of the batch, at most the records still wanted. */
static void
make_record(struct sampler *s, int b)
{
	const struct tensor_schema *t = &s->models->schema;
	const struct dg *m = s->dg;
	const real *x = s->gen->out + (size_t)b * (size_t)s->gen->ld + m->A;
	uint32_t n = (uint32_t)dg_gen_length(s->gen, b), i;
	uint8_t *p;

	if (s->target.of == OF_RECORDS && n > s->target.n - s->n_records)
		n = (uint32_t)(s->target.n - s->n_records);
	s->rec.len = 0;
	buf_put(&s->rec, pending_at(s, b), t->attr_bytes);
	p = buf_room(&s->rec, 4 + n * t->feat_bytes);
	put_le32(p, n);
	for (i = 0, p += 4; i < n; i++, p += t->feat_bytes, x += m->F1)
		tensor_harden(t->feat, t->n_feat, t->tables, x, p);
	s->n_records += n;
	s->n_series++;
}

/* What is pending becomes series. */
static int
flush(struct sampler *s, sampler_emit *emit, void *arg, struct ns_err *e)
{
	struct dg_gen *g = s->gen;
	uint64_t batch = s->batches * DRAW_BATCH;
	int b, rc = NS_OK;

	if (s->n_pending == 0)
		return NS_OK;
	for (b = 0; b < DRAW_BATCH; b++)
		dg_expand_attr(s->dg, pending_at(s, b < s->n_pending ? b : 0),
		    g->hard + (size_t)b * (size_t)s->dg->A);
	dg_gen_condition(g);
	dg_gen_series(g, s->seed, stream(s, DRAW_FEAT, batch),
	    stream(s, DRAW_STATE, batch));
	s->batches++;
	for (b = 0; b < s->n_pending && !complete(s) && rc >= 0; b++) {
		make_record(s, b);
		rc = emit(arg, s->rec.p, s->rec.len, e);
		if (rc >= 0)
			rc = carry_on(s, pending_at(s, b), e);
	}
	s->n_pending = 0;
	return rc;
}

/* Enough codes are waiting: a whole batch, or all series that are still wanted. */
static bool
batch_ready(const struct sampler *s)
{
	return s->n_pending == DRAW_BATCH ||
	    (s->target.of != OF_RECORDS &&
		s->n_series + (uint64_t)s->n_pending >= s->target.n);
}

static bool
is_new(struct sampler *s, const uint8_t *code)
{
	uint8_t *key = xmalloc(s->models->schema.attr_bytes + 1);
	size_t n = tags_key(&s->tags, code, key);
	bool fresh = n == 0 || seen_add(&s->seen, key, n);

	free(key);
	return fresh;
}

/* ---- Flows of earlier chunks ---- */

static int
take_carried(struct sampler *s, sampler_emit *emit, void *arg, struct ns_err *e)
{
	int rc = NS_OK;

	while (!complete(s)) {
		rc = carried_next(s->carried, s->chunk, pending_at(s, s->n_pending), e);
		if (rc <= 0)
			break;
		if (!is_new(s, pending_at(s, s->n_pending))) {
			s->dropped++;
			continue;
		}
		s->n_pending++;
		if (batch_ready(s) && (rc = flush(s, emit, arg, e)) < 0)
			break;
	}
	return rc < 0 ? rc : flush(s, emit, arg, e);
}

/* ---- New flows ---- */

/* A batch of attribute codes to drawn. */
static void
draw_attributes(struct sampler *s, uint8_t *drawn)
{
	const struct tensor_schema *t = &s->models->schema;
	struct rng r, tags;
	uint8_t *code;
	const real *x;
	int b;

	rng_init(&r, s->seed, stream(s, DRAW_ATTR, s->batches));
	rng_init(&tags, s->seed, stream(s, DRAW_TAGS, s->batches));
	normal_fill(s->gen->z, DRAW_BATCH * (size_t)s->dg->cfg.attr_noise, &r);
	dg_gen_attr(s->gen, NULL);
	for (b = 0; b < DRAW_BATCH; b++) {
		code = drawn + (size_t)b * t->attr_bytes;
		x = s->gen->out + (size_t)b * (size_t)s->gen->ld;
		tensor_harden(t->attr, t->n_attr, t->tables, x, code);
		tags_draw(&s->tags, code, x, s->chunk, (int)s->models->n, &tags);
	}
	s->batches++;
}

static bool
tags_right(struct sampler *s, uint8_t *code)
{
	s->drawn++;
	if (s->forced) {
		tags_set_starts(&s->tags, code, true);
		tags_set_in(&s->tags, code, s->chunk);
		return true;
	}
	if (!tags_starts(&s->tags, code) || !tags_in(&s->tags, code, s->chunk)) {
		s->forced = s->drawn >= TAGS_DRAWS && s->passed < s->drawn / TAGS_RATE;
		return false;
	}
	s->passed++;
	return true;
}

/* A five-tuple the chunk has already: to be drawn again, unless that never ends. */
static bool
tuple_right(struct sampler *s, const uint8_t *code)
{
	if (is_new(s, code))
		return true;
	if (s->repeats >= REPEATS_EACH * s->target.n + REPEATS_LEAST) {
		s->kept_repeats++;
		return true;
	}
	s->repeats++;
	return false;
}

static int
take_new(struct sampler *s, sampler_emit *emit, void *arg, struct ns_err *e)
{
	const struct tensor_schema *t = &s->models->schema;
	uint8_t *code;
	int b, rc;
	/* drawn rows wait here, since making series uses the generator's own buffers */
	uint8_t *drawn = xmalloc(size_mul(DRAW_BATCH, t->attr_bytes + 1));

	for (rc = NS_OK; rc >= 0 && !complete(s);) {
		draw_attributes(s, drawn);
		for (b = 0; b < DRAW_BATCH && rc >= 0 && !complete(s); b++) {
			code = drawn + (size_t)b * t->attr_bytes;
			if (!tags_right(s, code) || !tuple_right(s, code))
				continue;
			memcpy(pending_at(s, s->n_pending++), code, t->attr_bytes);
			if (batch_ready(s))
				rc = flush(s, emit, arg, e);
		}
	}
	free(drawn);
	return rc;
}

/* ---- One chunk ---- */

static void
forget(struct sampler *s)
{
	s->n_series = s->n_records = s->batches = 0;
	s->drawn = s->passed = s->repeats = s->kept_repeats = s->dropped = 0;
	s->carried_on = 0;
	s->forced = false;
	s->n_pending = 0;
}

static int
make(struct sampler *s, sampler_emit *emit, void *arg, struct ns_err *e)
{
	real *out;
	int rc;

	if (s->target.n == 0)
		return NS_OK;
	s->dg = models_load(s->models, (size_t)s->chunk, e);
	if (s->dg == NULL)
		return e->code;
	s->gen = dg_gen_new(s->dg, s->pool, DRAW_BATCH, false);
	out = xcalloc(DRAW_BATCH, size_mul((size_t)s->dg->Din, sizeof *out));
	s->gen->out = out;
	s->gen->ld = s->dg->Din;
	rc = take_carried(s, emit, arg, e);
	if (rc >= 0)
		rc = take_new(s, emit, arg, e);
	free(out);
	dg_gen_free(s->gen);
	dg_free(s->dg);
	seen_free(&s->seen);
	return rc;
}

static void
say(const struct sampler *s)
{
	log_chunk(s->chunk);
	log_info("series=%" PRIu64 " records=%" PRIu64 " drawn=%" PRIu64
		 " passed=%" PRIu64 " repeated=%" PRIu64 " carried_on=%" PRIu64,
	    s->n_series, s->n_records, s->drawn, s->passed, s->repeats, s->carried_on);
	if (s->forced)
		log_warn("chunk %d: only %" PRIu64 " of the first %" PRIu64
			 " drawn flows had the tags of this chunk; tags were set by "
			 "hand, "
			 "more training would help",
		    s->chunk, s->passed, s->drawn);
	if (s->kept_repeats > 0)
		log_warn("chunk %d: %" PRIu64 " series repeat the five-tuple of "
			 "another: the model knows too few",
		    s->chunk, s->kept_repeats);
	if (s->dropped > 0)
		log_info("continued_repeats=%" PRIu64, s->dropped);
}

static int
chunk(void *sampler, size_t i, const struct target *t, sampler_emit *emit, void *arg,
    struct ns_err *e)
{
	struct sampler *s = sampler;
	int rc;

	forget(s);
	s->chunk = (int)i;
	s->target = *t;
	rc = make(s, emit, arg, e);
	if (rc >= 0)
		say(s);
	return rc;
}

const struct sampler_ops dg_sampler = {.kind = &dg_kind,
    .begin = begin,
    .chunk = chunk,
    .end = end};
