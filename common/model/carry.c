#include "model/carry.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define CHUNKS_MAX 4096
#define STEPS_MAX (1 << 24)
#define DICT_PART (256u << 10)

static bool
is_carried(const char *key)
{
	static const char *const prefix[] = {"source.", "chunk.", "trace.", "codec.",
	    "privacy."};
	size_t i;

	for (i = 0; i < LEN(prefix); i++)
		if (strncmp(key, prefix[i], strlen(prefix[i])) == 0)
			return true;
	return false;
}

static void
add_meta(struct carry *c, const char *key, const char *val)
{
	xgrow(&c->meta, &c->cap_meta, c->n_meta + 1, sizeof *c->meta);
	c->meta[c->n_meta].key = xstrdup(key);
	c->meta[c->n_meta++].val = xstrdup(val);
}

static void
add_dict(struct carry *c, const struct nsr_dict *d)
{
	struct carry_dict *n;

	xgrow(&c->dict, &c->cap_dict, c->n_dict + 1, sizeof *c->dict);
	n = &c->dict[c->n_dict++];
	memset(n, 0, sizeof *n);
	n->name = xstrdup(d->name);
	n->is_public = d->is_public;
	buf_put(&n->data, d->data, d->len);
}

static int
take_numbers(struct carry *c, const struct nsr_reader *r, struct ns_err *e)
{
	int64_t index, count, series, records, steps;

	if (nsr_meta_range(r, "chunk.count", 1, CHUNKS_MAX, &count, e) < 0 ||
	    nsr_meta_range(r, "chunk.index", 0, count - 1, &index, e) < 0 ||
	    nsr_meta_range(r, "chunk.series", 0, UINT32_MAX, &series, e) < 0 ||
	    nsr_meta_range(r, "chunk.records", series, INT64_MAX, &records, e) < 0 ||
	    nsr_meta_range(r, "trace.max_steps", series > 0, STEPS_MAX, &steps, e) < 0)
		return e->code;
	if (carry_get(c, "codec.hash") == NULL)
		return ns_fail(e, NS_EKIND, "'%s': codec.hash is missing", nsr_name(r));
	c->index = (int)index;
	c->count = (int)count;
	c->n_series = (uint64_t)series;
	c->n_records = (uint64_t)records;
	c->max_steps = (uint32_t)steps;
	return NS_OK;
}

int
carry_take(struct carry *c, const struct nsr_reader *r, struct ns_err *e)
{
	const char *key, *val;
	struct nsr_dict d;
	struct ns_err why;
	size_t i;

	for (i = 0; i < nsr_meta_count(r); i++) {
		nsr_meta_at(r, i, &key, &val);
		if (is_carried(key))
			add_meta(c, key, val);
	}
	for (i = 0; i < nsr_dict_count(r); i++) {
		d = nsr_dict_at(r, i);
		if (strcmp(d.name, "tensor.schema") != 0)
			add_dict(c, &d);
	}
	return take_numbers(c, r, e != NULL ? e : &why);
}

static bool
is_one_of(const char *key, const char *const *list)
{
	while (*list != NULL && strcmp(*list, key) != 0)
		list++;
	return *list != NULL;
}

void
carry_drop_meta(struct carry *c, const char *prefix, const char *const *kept)
{
	size_t i, n = 0;

	for (i = 0; i < c->n_meta; i++) {
		if (strncmp(c->meta[i].key, prefix, strlen(prefix)) != 0 ||
		    is_one_of(c->meta[i].key, kept)) {
			c->meta[n++] = c->meta[i];
			continue;
		}
		free(c->meta[i].key);
		free(c->meta[i].val);
	}
	c->n_meta = n;
}

void
carry_drop_dicts(struct carry *c)
{
	size_t i;

	for (i = 0; i < c->n_dict; i++) {
		free(c->dict[i].name);
		buf_free(&c->dict[i].data);
	}
	free(c->dict);
	c->dict = NULL;
	c->n_dict = c->cap_dict = 0;
}

void
carry_free(struct carry *c)
{
	size_t i;

	for (i = 0; i < c->n_meta; i++) {
		free(c->meta[i].key);
		free(c->meta[i].val);
	}
	free(c->meta);
	carry_drop_dicts(c);
	memset(c, 0, sizeof *c);
}

const char *
carry_get(const struct carry *c, const char *key)
{
	size_t i;

	for (i = 0; i < c->n_meta; i++)
		if (strcmp(c->meta[i].key, key) == 0)
			return c->meta[i].val;
	return NULL;
}

int
carry_same(const struct carry *a, const struct carry *b, const char *what,
    struct ns_err *e)
{
	const char *ha = carry_get(a, "codec.hash"), *hb = carry_get(b, "codec.hash");

	if (strcmp(ha, hb) != 0)
		return ns_fail(e, NS_EKIND,
		    "%s: chunk %d has codec %s, the others have %s: not of one trace",
		    what, b->index, hb, ha);
	if (a->count != b->count)
		return ns_fail(e, NS_EKIND,
		    "%s: chunk %d is one of %d, the others are of %d", what, b->index,
		    b->count, a->count);
	if (a->max_steps != b->max_steps)
		return ns_fail(e, NS_EKIND,
		    "%s: chunk %d has trace.max_steps %u, the others have %u", what,
		    b->index, b->max_steps, a->max_steps);
	return NS_OK;
}

int
carry_same_trace(const struct carry *a, const struct carry *b, const char *what,
    struct ns_err *e)
{
	static const char *const key[] = {"trace.kind", "trace.t0_ns", "trace.len_ns",
	    "trace.records"};
	const char *va, *vb;
	size_t i;
	int rc = carry_same(a, b, what, e);

	for (i = 0; i < LEN(key) && rc >= 0; i++) {
		va = carry_get(a, key[i]);
		vb = carry_get(b, key[i]);
		if (strcmp(va != NULL ? va : "", vb != NULL ? vb : "") != 0)
			rc = ns_fail(e, NS_EKIND,
			    "%s: chunk %d has %s %s, the others have %s: not of one "
			    "trace",
			    what, b->index, key[i], vb != NULL ? vb : "none",
			    va != NULL ? va : "none");
	}
	return rc;
}

int
carry_put_meta(const struct carry *c, struct nsr_writer *w, uint64_t n_series,
    uint64_t n_records, struct ns_err *e)
{
	const char *key;
	size_t i;
	int rc;

	for (i = 0; i < c->n_meta; i++) {
		key = c->meta[i].key;
		if (strcmp(key, "chunk.series") == 0 ||
		    strcmp(key, "chunk.records") == 0)
			continue;
		rc = nsr_put_meta(w, e, key, "%s", c->meta[i].val);
		if (rc < 0)
			return rc;
	}
	rc = nsr_put_meta(w, e, "chunk.series", "%" PRIu64, n_series);
	if (rc < 0)
		return rc;
	return nsr_put_meta(w, e, "chunk.records", "%" PRIu64, n_records);
}

int
carry_put_dicts(const struct carry *c, struct nsr_writer *w, struct ns_err *e)
{
	const struct carry_dict *d;
	size_t i, at, n;
	int rc;

	for (i = 0; i < c->n_dict; i++) {
		d = &c->dict[i];
		at = 0;
		do {
			n = d->data.len - at < DICT_PART ? d->data.len - at : DICT_PART;
			rc = nsr_put_dict(w, d->name, d->is_public, d->data.p + at, n,
			    e);
			if (rc < 0)
				return rc;
			at += n;
		} while (at < d->data.len);
	}
	return NS_OK;
}
