#include "codec/codec.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/crc32c.h"
#include "base/le.h"
#include "base/mem.h"
#include "codec/shared/impl.h"
#include "codec/shared/public.h"

#define DICT_CODEC "codec"

const struct profile *const codec_profiles[] = {&netshare_profile, &symbol_profile,
    NULL};

static struct codec *
codec_alloc(void)
{
	struct codec *c = xcalloc(1, sizeof *c);

	tensor_schema_init(&c->schema);
	tensor_masks_init(&c->masks);
	rules_init(&c->rules);
	return c;
}

bool
codec_has_profile(const char *name)
{
	const struct profile *const *p = codec_profiles;

	while (*p != NULL && strcmp((*p)->name, name) != 0)
		p++;
	return *p != NULL;
}

/* An empty codec of the profile that f names. */
static struct codec *
codec_begin(const struct codec_config *f, bool of_flows, int chunk_count,
    struct ns_err *e)
{
	const struct profile *const *p = codec_profiles;
	struct codec *c;

	while (*p != NULL && strcmp((*p)->name, f->profile) != 0)
		p++;
	if (*p == NULL) {
		ns_fail(e, NS_EUSAGE, "no profile '%s'; there are netshare and symbol",
		    f->profile);
		return NULL;
	}
	assert(chunk_count >= 1 && chunk_count <= CHUNKS_MAX);
	c = codec_alloc();
	c->profile = *p;
	c->of_flows = of_flows;
	c->chunks = chunk_count;
	c->profile->init(c);
	return c;
}

struct codec *
codec_new(const struct codec_config *f, bool of_flows, int chunk_count,
    struct ns_err *e)
{
	struct codec *c = codec_begin(f, of_flows, chunk_count, e);

	if (c == NULL)
		return NULL;
	c->fitting = true;
	c->profile->fit_begin(c, f);
	return c;
}

void
codec_free(struct codec *c)
{
	if (c == NULL)
		return;
	if (c->ns != NULL || c->sym != NULL)
		c->profile->free(c);
	tensor_schema_free(&c->schema);
	tensor_masks_free(&c->masks);
	free(c->s.packets);
	free(c->s.flows);
	free(c);
}

const struct tensor_schema *
codec_schema(const struct codec *c)
{
	return &c->schema;
}

const struct tensor_masks *
codec_masks(const struct codec *c)
{
	return &c->masks;
}

const char *
codec_profile(const struct codec *c)
{
	return c->profile->name;
}

uint32_t
codec_max_steps(const struct codec *c)
{
	return c->max_steps;
}

uint32_t
codec_hash(const struct codec *c)
{
	return c->hash;
}

int
codec_fit_fields(struct codec *c, const struct series *s, const struct chunk_info *k,
    const struct labels *l, struct ns_err *e)
{
	int rc;

	assert(c->fitting);
	if ((rc = check_series(c, s, k, e)) < 0 ||
	    (rc = c->profile->fit_fields(c, s, k, l, e)) < 0)
		return rc;
	if (s->n > c->max_steps)
		c->max_steps = s->n;
	return NS_OK;
}

void
codec_fit_words(struct codec *c, const struct series *s)
{
	rules_see_series(&c->rules, s);
	c->profile->fit_words(c, s);
}

void
codec_fit_answer(struct codec *c, uint32_t opener_steps, int64_t delay_ns)
{
	assert(c->fitting);
	c->profile->fit_answer(c, opener_steps, delay_ns);
}

bool
codec_pairs(const struct codec *c)
{
	return c->fitting ? c->profile->fit_answer != NULL
			  : c->profile->answers != NULL && c->profile->answers(c);
}

int
codec_fit_series(struct codec *c, const struct series *s, const struct chunk_info *k,
    const struct labels *l, struct ns_err *e)
{
	int rc = codec_fit_fields(c, s, k, l, e);

	if (rc >= 0)
		codec_fit_words(c, s);
	return rc;
}

/* What other models of the trace have to agree on. */
static void
sum_up(struct codec *c)
{
	struct buf b = {0};

	codec_text_put(c, &b);
	c->hash = c->profile->sum(c, crc32c(0, b.p, b.len));
	buf_free(&b);
}

int
codec_fit_end(struct codec *c, struct pool *pool, struct ns_err *e)
{
	int rc;

	assert(c->fitting);
	if (c->max_steps == 0)
		return ns_fail(e, NS_EKIND, "there is no series to fit a codec to");
	if ((rc = c->profile->fit_end(c, pool, e)) < 0)
		return rc;
	c->fitting = false;
	sum_up(c);
	return NS_OK;
}

struct codec *
codec_constants(const struct codec_config *f, bool of_flows, int chunk_count,
    struct ns_err *e)
{
	struct codec *c = codec_begin(f, of_flows, chunk_count, e);

	if (c == NULL)
		return NULL;
	c->max_steps = TENSOR_STEPS_MAX;
	c->v4 = f->ip_version != 6;
	c->v6 = f->ip_version != 4;
	c->schema.is_public = true;
	public_rules(c);
	if (c->profile->constants(c, f, e) < 0) {
		codec_free(c);
		return NULL;
	}
	sum_up(c);
	return c;
}

void
codec_declare_public(struct codec *c)
{
	c->schema.is_public = true;
}

bool
codec_is_public(const struct codec *c)
{
	return c->schema.is_public;
}

void
codec_clamp(struct codec *c)
{
	c->clamps = true;
}

int
codec_encode(const struct codec *c, const struct series *s, const struct chunk_info *k,
    const struct labels *l, struct buf *b, struct ns_err *e)
{
	const struct tensor_schema *t = &c->schema;
	uint8_t *p;
	int rc;

	assert(!c->fitting);
	b->len = 0;
	if ((rc = check_series(c, s, k, e)) < 0)
		return rc;
	if (s->n > TENSOR_STEPS_MAX ||
	    t->attr_bytes + 4 + s->n * t->feat_bytes > NSR_RECORD_MAX)
		return ns_fail(e, NS_EKIND,
		    "a series of %u steps does not fit a tensor record; "
		    "cut flows with ns-chunk --max-steps=%zu",
		    s->n,
		    (NSR_RECORD_MAX - 4 - t->attr_bytes) /
			(t->feat_bytes + (t->feat_bytes == 0)));
	p = buf_room(b, t->attr_bytes + 4 + s->n * t->feat_bytes);
	put_le32(p + t->attr_bytes, s->n);
	return c->profile->encode(c, s, k, l, p, e);
}

static int
check_chunk(const struct codec *c, const struct chunk_info *k, struct ns_err *e)
{
	if (k->count != c->chunks || k->index < 0 || k->index >= c->chunks ||
	    k->len_ns < 1 || k->t0_ns > INT64_MAX - k->len_ns)
		return ns_fail(e, NS_ECORRUPT,
		    "chunk %d of %d does not go with a codec of %d chunks", k->index,
		    k->count, c->chunks);
	return NS_OK;
}

int
codec_decode(struct codec *c, const uint8_t *rec, size_t len,
    const struct chunk_info *k, struct labels *l, const struct series **s,
    struct codec_mends *m, struct ns_err *e)
{
	uint32_t n;
	int rc;

	assert(!c->fitting);
	if ((rc = check_chunk(c, k, e)) < 0)
		return rc;
	rc = tensor_check(&c->schema, rec, len, &n, e);
	if (rc < 0)
		return rc;
	codec_room(c, n);
	c->s.n = n;
	if ((rc = c->profile->decode(c, rec, k, l, m, e)) < 0)
		return rc;
	*s = &c->s;
	return NS_OK;
}

bool
codec_tuple(const struct codec *c, const uint8_t *attr, struct tuple *k)
{
	if (c->profile->tuple == NULL)
		return false;
	c->profile->tuple(c, attr, k);
	return true;
}

bool
codec_answer(const struct codec *c, const uint8_t *opener, uint32_t steps,
    uint8_t *answer)
{
	return codec_pairs(c) && c->profile->answer(c, opener, steps, answer);
}

void
codec_answer_start(const struct codec *c, const struct chunk_info *k,
    const uint8_t *opener, const double u[2], uint8_t *answer)
{
	c->profile->answer_start(c, k, opener, u, answer);
}

int
codec_given(const struct codec *c, const char *field, const char *value,
    struct tensor_masks *extra, struct ns_err *e)
{
	struct tensor_masks m;
	int rc;

	if (c->profile->given == NULL)
		return ns_fail(e, NS_EUSAGE,
		    "in the profile %s nothing can be given; it takes -p symbol",
		    c->profile->name);
	tensor_masks_init(&m);
	if ((rc = c->profile->given(c, field, value, &m, e)) >= 0)
		tensor_masks_join(extra, &m);
	tensor_masks_free(&m);
	return rc;
}

int
codec_starts(const struct codec *c, const struct chunk_info *k, int64_t from_ns,
    int64_t to_ns, struct codec_starts *s, struct ns_err *e)
{
	int rc = check_chunk(c, k, e);

	if (rc < 0)
		return rc;
	if (c->profile->starts == NULL)
		return ns_fail(e, NS_EUSAGE,
		    "in the profile %s no window of time can be given; it takes -p "
		    "symbol",
		    c->profile->name);
	memset(s, 0, sizeof *s);
	c->profile->starts(c, k, from_ns, to_ns, s);
	return NS_OK;
}

int
codec_put(const struct codec *c, struct nsr_writer *w, struct ns_err *e)
{
	struct buf b = {0};
	int rc;

	codec_text_put(c, &b);
	rc = nsr_put_dict(w, DICT_CODEC, c->schema.is_public, b.p, b.len, e);
	buf_free(&b);
	return rc < 0 ? rc : c->profile->put(c, w, e);
}

/* What the profile keeps outside of the text, and whether the fields are the stream's.
 */
static int
load_rest(struct codec *c, const struct nsr_reader *r, struct ns_err *e)
{
	struct nsr_schema *a, *b;
	struct tensor_schema s;
	int rc;

	rc = nsr_schema(r)->kind == NSR_TENSOR ? tensor_schema_from_reader(&s, r, e)
					       : tensor_schema_from_dict(&s, r, e);
	if (rc < 0)
		return rc;
	a = xmalloc(sizeof *a);
	b = xmalloc(sizeof *b);
	if ((rc = c->profile->load(c, &s, r, e)) < 0)
		goto out;
	sum_up(c);
	s.has_unit = false; /* of the records, no matter of the codec */
	tensor_schema_to_nsr(&s, a);
	tensor_schema_to_nsr(&c->schema, b);
	if (!nsr_schema_same(a, b))
		rc = ns_fail(e, NS_ECORRUPT,
		    "the stream's fields are not those of its codec");
out:
	free(a);
	free(b);
	tensor_schema_free(&s);
	return rc;
}

struct codec *
codec_load(const struct nsr_reader *r, struct ns_err *e)
{
	struct nsr_dict d = nsr_dict(r, DICT_CODEC);
	struct codec *c;

	if (d.data == NULL) {
		ns_fail(e, NS_EKIND, "'%s' carries no codec", nsr_name(r));
		return NULL;
	}
	c = codec_alloc();
	c->schema.is_public = d.is_public;
	if (codec_text_get(c, d.data, d.len, e) < 0 || load_rest(c, r, e) < 0) {
		codec_free(c);
		return NULL;
	}
	return c;
}
