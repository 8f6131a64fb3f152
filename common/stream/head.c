#include "stream/head.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* What one item costs beside its bytes: so that many small ones are bounded too. */
#define ITEM_COST 64

void
head_list_add(struct head_list *l, const void *p, size_t n)
{
	struct buf b = {0};

	xgrow(&l->v, &l->cap, l->n + 1, sizeof *l->v);
	buf_put(&b, p, n);
	buf_put(&b, "", 1);
	b.len--;
	l->v[l->n++] = b;
}

void
head_list_clear(struct head_list *l)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		buf_free(&l->v[i]);
	free(l->v);
	memset(l, 0, sizeof *l);
}

void
head_clear(struct head *h)
{
	size_t i;

	for (i = 0; i < h->n_meta; i++)
		free(h->meta[i].key);
	for (i = 0; i < h->n_dict; i++)
		buf_free(&h->dict[i].data);
	free(h->meta);
	free(h->dict);
	head_list_clear(&h->prov);
	head_list_clear(&h->note);
	head_list_clear(&h->other);
	memset(h, 0, sizeof *h);
}

static int
account(struct head *h, size_t n, struct ns_err *e)
{
	h->bytes += n + ITEM_COST;
	if (h->bytes > NSR_HEAD_MAX)
		return ns_fail(e, NS_ECORRUPT,
		    "metadata and tables take more than %u MiB", NSR_HEAD_MAX >> 20);
	return NS_OK;
}

static struct head_meta *
find_meta(struct head *h, const char *key)
{
	size_t i;

	for (i = 0; i < h->n_meta; i++)
		if (strcmp(h->meta[i].key, key) == 0)
			return &h->meta[i];
	return NULL;
}

/* One "key=value" of n bytes.  A key seen before takes the new value. */
static int
take_line(struct head *h, const char *p, size_t n, struct ns_err *e)
{
	const char *eq = memchr(p, '=', n);
	struct head_meta m, *old;

	if (eq == NULL || eq == p)
		return ns_fail(e, NS_ECORRUPT, "metadata line without key=value");
	if (account(h, n, e) < 0)
		return NS_ECORRUPT;
	m.key = xmalloc(n + 1);
	memcpy(m.key, p, n);
	m.key[n] = '\0';
	m.val = m.key + (eq - p) + 1;
	m.val[-1] = '\0';
	old = find_meta(h, m.key);
	if (old != NULL) {
		free(old->key);
		*old = m;
		return NS_OK;
	}
	if (h->n_meta == HEAD_META_MAX) {
		free(m.key);
		return ns_fail(e, NS_ECORRUPT, "more than %d metadata keys",
		    HEAD_META_MAX);
	}
	xgrow(&h->meta, &h->cap_meta, h->n_meta + 1, sizeof *h->meta);
	h->meta[h->n_meta++] = m;
	return NS_OK;
}

static int
take_meta(struct head *h, const uint8_t *payload, size_t n, struct ns_err *e)
{
	const char *p = (const char *)payload, *end = p + n, *nl;

	if (memchr(p, '\0', n) != NULL)
		return ns_fail(e, NS_ECORRUPT, "metadata holds a NUL byte");
	while (p < end) {
		nl = memchr(p, '\n', (size_t)(end - p));
		if (nl == NULL)
			return ns_fail(e, NS_ECORRUPT, "metadata line without an end");
		if (take_line(h, p, (size_t)(nl - p), e) < 0)
			return NS_ECORRUPT;
		p = nl + 1;
	}
	return NS_OK;
}

static struct head_dict *
find_dict(struct head *h, const char *name)
{
	size_t i;

	for (i = 0; i < h->n_dict; i++)
		if (strcmp(h->dict[i].name, name) == 0)
			return &h->dict[i];
	return NULL;
}

static struct head_dict *
new_dict(struct head *h, const char *name, bool is_public)
{
	struct head_dict *d;

	if (h->n_dict == HEAD_DICT_MAX)
		return NULL;
	xgrow(&h->dict, &h->cap_dict, h->n_dict + 1, sizeof *h->dict);
	d = &h->dict[h->n_dict++];
	memset(d, 0, sizeof *d);
	strcpy(d->name, name);
	d->is_public = is_public;
	/* A table of 0 bytes is there all the same: its data is not NULL. */
	buf_room(&d->data, 1);
	d->data.len = 0;
	return d;
}

/* DICT payload: u8 1 if public, u8 length and name, data, appended to what is there. */
static int
take_dict(struct head *h, const uint8_t *p, size_t n, struct ns_err *e)
{
	char name[DICT_NAME_MAX + 1];
	struct head_dict *d;
	size_t i, len;

	if (n < 2 || p[0] > 1 || p[1] == 0 || p[1] > DICT_NAME_MAX || p[1] > n - 2)
		return ns_fail(e, NS_ECORRUPT, "table without a name");
	len = p[1];
	for (i = 0; i < len; i++)
		if (p[2 + i] < 0x21 || p[2 + i] > 0x7e)
			return ns_fail(e, NS_ECORRUPT, "table with a damaged name");
	memcpy(name, p + 2, len);
	name[len] = '\0';
	if (account(h, n, e) < 0)
		return NS_ECORRUPT;
	d = find_dict(h, name);
	if (d == NULL)
		d = new_dict(h, name, p[0] == 1);
	if (d == NULL)
		return ns_fail(e, NS_ECORRUPT, "more than %d tables", HEAD_DICT_MAX);
	if (d->is_public != (p[0] == 1))
		return ns_fail(e, NS_ECORRUPT, "parts of table '%s' disagree", name);
	buf_put(&d->data, p + 2 + len, n - 2 - len);
	return NS_OK;
}

static int
take_text(struct head *h, struct head_list *l, const uint8_t *p, size_t n,
    struct ns_err *e)
{
	if (memchr(p, '\0', n) != NULL)
		return ns_fail(e, NS_ECORRUPT, "text holds a NUL byte");
	if (l->n == HEAD_LIST_MAX)
		return ns_fail(e, NS_ECORRUPT, "more than %d texts", HEAD_LIST_MAX);
	if (account(h, n, e) < 0)
		return NS_ECORRUPT;
	head_list_add(l, p, n);
	return NS_OK;
}

/* Sequence and checksum depend on the place and are made anew where the frame is copied
 * to; without them, equal frames of several streams are equal bytes. */
static int
take_other(struct head *h, const struct frame *f, const uint8_t *p, struct ns_err *e)
{
	struct frame bare = *f;
	uint8_t *whole;

	bare.sequence = 0;
	bare.crc = 0;
	if (h->other.n == HEAD_LIST_MAX)
		return ns_fail(e, NS_ECORRUPT, "more than %d unknown frames",
		    HEAD_LIST_MAX);
	if (account(h, FRAME_HEAD + f->stored, e) < 0)
		return NS_ECORRUPT;
	whole = xmalloc(FRAME_HEAD + f->stored);
	frame_put(&bare, whole);
	memcpy(whole + FRAME_HEAD, p, f->stored);
	head_list_add(&h->other, whole, FRAME_HEAD + f->stored);
	free(whole);
	return NS_OK;
}

int
head_take(struct head *h, const struct frame *f, const uint8_t *payload,
    struct ns_err *e)
{
	switch (f->type) {
	case T_META:
		return take_meta(h, payload, f->raw, e);
	case T_DICT:
		return take_dict(h, payload, f->raw, e);
	case T_PROV:
		return take_text(h, &h->prov, payload, f->raw, e);
	case T_NOTE:
		return take_text(h, &h->note, payload, f->raw, e);
	default:
		return take_other(h, f, payload, e);
	}
}
