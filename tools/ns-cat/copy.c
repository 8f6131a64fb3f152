/*
 * Copying: each stream of the inputs becomes one stream of the output, with the same
 * records, metadata and tables, and this tool's provenance behind that of its input.
 */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "copy.h"

struct copy {
	const struct request *q;
	struct nsr_writer *w;
	uint64_t left; /* records still wanted */
};

/* What a stream's own metadata and tables, the tail's too, need to be copied. */
struct carry {
	size_t *dict_len; /* bytes copied of each table */
	size_t n_dict, cap_dict;
	char **meta; /* values copied, in the reader's order */
	size_t n_meta, cap_meta;
	uint64_t size; /* nsr_head_size when last looked at */
};

static void
carry_free(struct carry *c)
{
	size_t i;

	for (i = 0; i < c->n_meta; i++)
		free(c->meta[i]);
	free(c->meta);
	free(c->dict_len);
}

static int
carry_meta(struct carry *c, const struct nsr_reader *r, struct nsr_writer *w,
    struct ns_err *e)
{
	const char *key, *val;
	size_t i;

	for (i = 0; i < nsr_meta_count(r); i++) {
		nsr_meta_at(r, i, &key, &val);
		if (i < c->n_meta && strcmp(c->meta[i], val) == 0)
			continue;
		if (nsr_put_meta(w, e, key, "%s", val) < 0)
			return e->code;
		if (i == c->n_meta) {
			xgrow(&c->meta, &c->cap_meta, i + 1, sizeof *c->meta);
			c->meta[c->n_meta++] = NULL;
		}
		free(c->meta[i]);
		c->meta[i] = xstrdup(val);
	}
	return NS_OK;
}

static int
carry_dicts(struct carry *c, const struct nsr_reader *r, struct nsr_writer *w,
    struct ns_err *e)
{
	struct nsr_dict d;
	size_t i, from;

	for (i = 0; i < nsr_dict_count(r); i++) {
		d = nsr_dict_at(r, i);
		from = i < c->n_dict ? c->dict_len[i] : 0;
		if (i < c->n_dict && from == d.len)
			continue;
		if (nsr_put_dict(w, d.name, d.is_public, d.data + from, d.len - from,
			e) < 0)
			return e->code;
		if (i == c->n_dict)
			xgrow(&c->dict_len, &c->cap_dict, ++c->n_dict,
			    sizeof *c->dict_len);
		c->dict_len[i] = d.len;
	}
	return NS_OK;
}

/* Copy what the head has gained since the last call. */
static int
carry_on(struct carry *c, const struct nsr_reader *r, struct nsr_writer *w,
    struct ns_err *e)
{
	if (c->size == nsr_head_size(r))
		return NS_OK;
	c->size = nsr_head_size(r);
	if (carry_meta(c, r, w, e) < 0 || carry_dicts(c, r, w, e) < 0)
		return e->code;
	return NS_OK;
}

/* Provenance, the note, END. */
static int
finish(struct copy *c, const struct nsr_reader *r, struct ns_err *e)
{
	struct nsr_history *h = nsr_history_new();
	int rc;

	nsr_history_add(h, r);
	rc = nsr_put_prov(c->w, c->q->tool, NULL, h, e);
	nsr_history_free(h);
	if (rc == NS_OK && c->q->note != NULL)
		rc = nsr_put_note(c->w, c->q->note, e);
	return rc < 0 ? rc : nsr_end(c->w, e);
}

/* Records one by one.  The input is read to its end even if enough was copied: only
 * then is it known to be whole. */
static int
copy_records(struct copy *c, struct nsr_reader *r, struct ns_err *e)
{
	struct carry carry = {0};
	const uint8_t *rec;
	size_t len;
	int rc = carry_on(&carry, r, c->w, e), in;

	while (rc >= 0 && (rc = nsr_next(r, &rec, &len, e)) > 0) {
		if (c->left == 0)
			continue;
		if ((rc = carry_on(&carry, r, c->w, e)) < 0)
			break;
		in = record_part(c->q, r, rec, len, e);
		rc = in;
		if (in > 0 && (rc = nsr_put(c->w, rec, len, e)) == NS_OK)
			c->left -= c->left != UINT64_MAX;
	}
	if (rc == NS_OK)
		rc = carry_on(&carry, r, c->w, e);
	carry_free(&carry);
	return rc;
}

/* Arrays part by part: they may be larger than memory. */
static int
copy_arrays(struct copy *c, struct nsr_reader *r, struct ns_err *e)
{
	struct carry carry = {0};
	struct nsr_tensor t;
	bool wanted = false;
	int rc = carry_on(&carry, r, c->w, e);

	while (rc >= 0 && (rc = nsr_next_tensor(r, &t, e)) > 0) {
		if (t.first == 0) {
			wanted = c->left > 0;
			c->left -= wanted && c->left != UINT64_MAX;
		}
		if (!wanted)
			continue;
		rc = carry_on(&carry, r, c->w, e);
		if (rc == NS_OK)
			rc = nsr_put_part(c->w, &t, e);
	}
	if (rc == NS_OK)
		rc = carry_on(&carry, r, c->w, e);
	carry_free(&carry);
	return rc;
}

static bool
filtered(const struct request *q)
{
	return q->parts != 0 || q->count != UINT64_MAX;
}

/* Series and tensors say in their head how many they are. */
static bool
counted(const struct nsr_reader *r)
{
	int kind = nsr_schema(r)->kind;

	return (kind == NSR_SERIES || kind == NSR_TENSOR) &&
	    nsr_meta(r, "chunk.series") != NULL;
}

/* The records chosen wait in a file until it is known how many they are. */
static int
copy_counted(struct copy *c, struct nsr_reader *r, struct ns_err *e)
{
	struct chosen k;
	int rc = chosen_read(&k, c->q, r, &c->left, e);

	if (rc == NS_OK)
		rc = nsr_copy_head(c->w, r, "chunk.series chunk.records", e);
	if (rc == NS_OK)
		rc = nsr_put_meta(c->w, e, "chunk.series", "%llu",
		    (unsigned long long)k.records);
	if (rc == NS_OK)
		rc = nsr_put_meta(c->w, e, "chunk.records", "%llu",
		    (unsigned long long)k.steps);
	if (rc == NS_OK)
		rc = chosen_write(&k, c->w, e);
	chosen_free(&k);
	return rc;
}

static int
copy_stream(void *arg, const struct source *s, struct ns_err *e)
{
	struct copy *c = arg;
	struct nsr_reader *r = s->r;
	int rc;

	if (c->left == 0 && !s->first)
		return 1;
	if (c->q->parts != 0 && nsr_schema(r)->kind == NSR_MODEL)
		return part_refused(r, e);
	rc = nsr_begin(c->w, nsr_schema(r), e);
	if (rc == NS_OK && nsr_schema(r)->kind == NSR_MODEL)
		rc = copy_arrays(c, r, e);
	else if (rc == NS_OK && filtered(c->q) && counted(r))
		rc = copy_counted(c, r, e);
	else if (rc == NS_OK)
		rc = copy_records(c, r, e);
	if (rc == NS_OK)
		rc = finish(c, r, e);
	if (rc == NS_OK)
		log_info("file=%s stream=%llu kind=%s records=%llu", nsr_name(r),
		    (unsigned long long)s->index, nsr_kind_name(nsr_schema(r)->kind),
		    (unsigned long long)nsr_rows(r));
	return rc;
}

int
cat_copy(const struct request *q, struct out *o, struct ns_err *e)
{
	struct copy c = {.q = q, .left = q->count};
	int rc;

	c.w = nsr_writer_new(o, q->level);
	rc = each_stream(q->tool, true, copy_stream, NULL, &c, e);
	if (rc < 0)
		nsr_end_failed(c.w, ns_exit_status(rc));
	nsr_writer_free(c.w);
	return rc;
}
