/* What becomes of each field, once all series of a trace have been seen. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "codec/netshare/fit.h"

#define TCP_FLAG_BITS 9

static void
make_const(struct field *f, uint64_t v)
{
	f->how = HOW_CONST;
	f->value = v;
}

static void
make_number(struct field *f, enum field_id id, enum field_how how, uint64_t min,
    uint64_t max)
{
	f->how = how;
	f->min = min;
	f->max = max;
	field_range(f, id);
}

static void
keep_few(struct codec *c, enum field_id id)
{
	const struct few *w = &c->ns->fit->few[id];
	struct field *f = &c->ns->f[id];

	if (!field_may_be_few(id) || w->n > FEW_MAX)
		return;
	f->shape = w->n;
	f->values = xcalloc(w->n, sizeof *f->values);
	memcpy(f->values, w->v, w->n * sizeof *f->values);
}

/* Addresses and the bitmap of chunks. */
static void
settle_bytes(struct codec *c, enum field_id id)
{
	struct fit *t = c->ns->fit;
	struct field *f = &c->ns->f[id];
	bool varies = id == F_CHUNKS ? c->chunks > 1 : t->ip_varies[id == F_DST_IP];
	size_t n = id == F_CHUNKS ? ((size_t)c->chunks + 7) / 8 : 16;

	if (varies) {
		f->how = HOW_BITS;
		f->shape = id == F_CHUNKS ? (uint32_t)c->chunks : c->v6 ? 128 : 32;
		return;
	}
	f->how = HOW_CONST;
	f->bytes = xmalloc(n);
	memcpy(f->bytes, id == F_CHUNKS ? t->first_tags : t->first_ip[id == F_DST_IP],
	    n);
}

static void
settle_flags(struct codec *c, enum field_id id)
{
	struct field *f = &c->ns->f[id];
	uint64_t v;

	f->how = HOW_CATEGORY;
	f->values = xcalloc(8, sizeof *f->values);
	for (v = 0; v < 8; v++)
		if (c->ns->fit->flags_seen >> v & 1)
			f->values[f->shape++] = v;
}

static void
settle_texts(struct codec *c, enum field_id id)
{
	struct texts *t = fit_texts(c->ns->fit, id);
	struct field *f = &c->ns->f[id];

	f->how = t->n > 1 ? HOW_CATEGORY : HOW_CONST;
	f->shape = (uint32_t)t->n;
	f->texts = *t; /* moves over */
	memset(t, 0, sizeof *t);
}

/* The commonest pair of each kind, and the kinds that have each pair. */
static uint8_t
icmp_pair(struct codec *c, uint32_t pair, uint64_t best[ICMP_KINDS])
{
	uint8_t kinds = 0;
	uint64_t n;
	int k;

	for (k = 0; k < ICMP_KINDS; k++) {
		n = c->ns->fit->icmp_count[k] != NULL ? c->ns->fit->icmp_count[k][pair]
						      : 0;
		if (n == 0)
			continue;
		kinds |= (uint8_t)(1u << k);
		if (n > best[k]) {
			best[k] = n;
			c->icmp_common[k] =
			    icmp_value((uint8_t)(pair >> 8), (uint8_t)pair);
		}
	}
	return kinds;
}

/* Type and code are one category of all pairs that occur; where there are too many for
 * one, two numbers. */
static void
settle_icmp(struct codec *c)
{
	struct field *f = &c->ns->f[F_ICMP];
	bool none = c->ns->fit->min[F_ICMP] == ICMP_NONE;
	uint64_t best[ICMP_KINDS] = {0};
	uint32_t pair;
	uint8_t kinds;

	f->values = xcalloc(256, sizeof *f->values);
	f->shape = none;
	for (pair = 0; pair < 65536; pair++) {
		kinds = icmp_pair(c, pair, best);
		if (kinds == 0)
			continue;
		if (f->shape == 256) {
			free(f->values);
			memset(f, 0, sizeof *f);
			make_number(&c->ns->f[F_ICMP_TYPE], F_ICMP_TYPE, HOW_LINEAR, 0,
			    255);
			make_number(&c->ns->f[F_ICMP_CODE], F_ICMP_CODE, HOW_LINEAR, 0,
			    255);
			return;
		}
		c->icmp_kinds[f->shape] = kinds;
		f->values[f->shape++] = icmp_value((uint8_t)(pair >> 8), (uint8_t)pair);
	}
	f->how = HOW_CATEGORY;
}

static void
settle_varying(struct codec *c, enum field_id id)
{
	const struct field_def *d = field_def(id);
	struct field *f = &c->ns->f[id];
	uint64_t min = c->ns->fit->min[id], max = c->ns->fit->max[id];

	switch (d->kind) {
	case KIND_WORD:
		f->how = HOW_WORD;
		f->shape = IP2VEC_DIM;
		break;
	case KIND_VERSION:
		f->how = HOW_CATEGORY;
		f->values = xcalloc(2, sizeof *f->values);
		f->values[0] = 4;
		f->values[1] = 6;
		f->shape = 2;
		break;
	case KIND_STARTS:
	case KIND_BITS:
		f->how = HOW_BITS;
		f->shape = d->kind == KIND_BITS ? TCP_FLAG_BITS : 1;
		break;
	case KIND_RANGE:
		make_number(f, id, HOW_LINEAR, 0, max > d->max ? max : d->max);
		break;
	case KIND_COUNT:
		make_number(f, id, HOW_LOG1P, min, max);
		break;
	case KIND_FLAGS:
		settle_flags(c, id);
		break;
	case KIND_ICMP:
		settle_icmp(c);
		break;
	default:
		make_number(f, id, HOW_LINEAR, d->kind == KIND_GAP ? 0 : min, max);
		break;
	}
}

/* Tags stay fields even where they are constant: who samples a trace of several chunks
 * goes by them. */
static void
settle(struct codec *c, enum field_id id)
{
	struct fit *t = c->ns->fit;

	if (field_has_texts(id))
		settle_texts(c, id);
	else if (field_is_bytes(id))
		settle_bytes(c, id);
	else if (t->min[id] == t->max[id] && !(id == F_STARTS && c->chunks > 1))
		make_const(&c->ns->f[id], t->min[id]);
	else
		settle_varying(c, id);
	if (c->ns->f[id].how == HOW_LINEAR || c->ns->f[id].how == HOW_LOG1P)
		keep_few(c, id);
}

static bool
attributes_all_const(const struct codec *c)
{
	int id;

	for (id = 0; id < F_FEATURES; id++)
		if (c->ns->f[id].how > HOW_CONST)
			return false;
	return true;
}

/* A model needs something to draw: where all else is constant the place in the chunk
 * stays a field even if it is constant too. */
static void
settle_place(struct codec *c)
{
	struct field *f = &c->ns->f[F_START];

	if (c->ns->fit->place_varies || attributes_all_const(c)) {
		make_number(f, F_START, HOW_LINEAR, 0, 1);
	} else {
		f->how = HOW_CONST;
		f->place = c->ns->fit->first_place;
	}
}

int
netshare_fit_end(struct codec *c, struct pool *pool, struct ns_err *e)
{
	int id;

	if (c->ns->fit->n_series == 0)
		return ns_fail(e, NS_EKIND, "there is no series to fit a codec to");
	for (id = 0; id < F_COUNT; id++)
		if (field_of(c, id) && id != F_START && id != F_ICMP_TYPE &&
		    id != F_ICMP_CODE)
			settle(c, (enum field_id)id);
	settle_place(c);
	ip2vec_train(c->ns->fit->words, c->ns->fit->seed, pool, &c->ns->ports,
	    &c->ns->protos);
	fit_free(c->ns->fit);
	c->ns->fit = NULL;
	netshare_complete(c);
	return NS_OK;
}
