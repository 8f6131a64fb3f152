/* Provenance: what earlier tools wrote is carried on, and one's own is added. */
#include <stdlib.h>
#include <string.h>

#include "base/crc32c.h"
#include "base/mem.h"
#include "stream/head.h"
#include "stream/writer.h"

struct nsr_history {
	struct head_list prov, note, other;
	uint32_t *prov_crc, *note_crc, *other_crc; /* to tell repeats quickly */
	size_t cap_prov, cap_note, cap_other;
	struct buf inputs; /* "input=..." lines */
};

struct nsr_history *
nsr_history_new(void)
{
	return xcalloc(1, sizeof(struct nsr_history));
}

void
nsr_history_free(struct nsr_history *h)
{
	if (h == NULL)
		return;
	head_list_clear(&h->prov);
	head_list_clear(&h->note);
	head_list_clear(&h->other);
	free(h->prov_crc);
	free(h->note_crc);
	free(h->other_crc);
	buf_free(&h->inputs);
	free(h);
}

static bool
same(const struct buf *a, const struct buf *b)
{
	return a->len == b->len && memcmp(a->p, b->p, a->len) == 0;
}

/* Append what is not yet in to. */
static void
merge(struct head_list *to, uint32_t **crc, size_t *cap, const struct head_list *from)
{
	uint32_t c;
	size_t i, j;

	for (i = 0; i < from->n; i++) {
		c = crc32c(0, from->v[i].p, from->v[i].len);
		for (j = 0; j < to->n; j++)
			if ((*crc)[j] == c && same(&to->v[j], &from->v[i]))
				break;
		if (j < to->n)
			continue;
		xgrow(crc, cap, to->n + 1, sizeof **crc);
		(*crc)[to->n] = c;
		head_list_add(to, from->v[i].p, from->v[i].len);
	}
}

void
nsr_history_add(struct nsr_history *h, const struct nsr_reader *r)
{
	const struct head *from = nsr_reader_head(r);

	merge(&h->prov, &h->prov_crc, &h->cap_prov, &from->prov);
	merge(&h->note, &h->note_crc, &h->cap_note, &from->note);
	merge(&h->other, &h->other_crc, &h->cap_other, &from->other);
	buf_printf(&h->inputs, "input=stream crc32c:%08x\n", (unsigned)nsr_chain(r));
}

/* A line holds no control characters. */
static void
put_line(struct buf *b, const char *key, const char *text)
{
	char c;

	buf_printf(b, "%s=", key);
	for (; *text != '\0'; text++) {
		c = (unsigned char)*text < 0x20 || *text == 0x7f ? '?' : *text;
		buf_put(b, &c, 1);
	}
	buf_put(b, "\n", 1);
}

void
nsr_history_source(struct nsr_history *h, const char *name, uint32_t crc,
    uint64_t bytes)
{
	const char *slash = strrchr(name, '/');
	struct buf text = {0};

	buf_printf(&text, "%s crc32c:%08x bytes:%llu", slash != NULL ? slash + 1 : name,
	    (unsigned)crc, (unsigned long long)bytes);
	put_line(&h->inputs, "input", (const char *)text.p);
	buf_free(&text);
}

static int
put_list(struct nsr_writer *w, uint32_t type, const struct head_list *l,
    struct ns_err *e)
{
	size_t i;
	int rc = NS_OK;

	for (i = 0; i < l->n && rc == NS_OK; i++)
		rc = nsr_put_text(w, type, l->v[i].p, l->v[i].len, e);
	return rc;
}

static int
put_history(struct nsr_writer *w, const struct nsr_history *h, struct ns_err *e)
{
	size_t i;
	int rc;

	rc = put_list(w, T_PROV, &h->prov, e);
	if (rc == NS_OK)
		rc = put_list(w, T_NOTE, &h->note, e);
	for (i = 0; i < h->other.n && rc == NS_OK; i++)
		rc = nsr_put_frame(w, h->other.v[i].p, e);
	return rc;
}

int
nsr_put_prov(struct nsr_writer *w, const struct tool *t, const uint64_t *seed,
    const struct nsr_history *h, struct ns_err *e)
{
	struct buf b = {0};
	int rc = NS_OK;

	if (h != NULL)
		rc = put_history(w, h, e);
	put_line(&b, "tool", t->name);
	put_line(&b, "version", NS_VERSION);
	if (!t->no_prov && t->cmdline != NULL)
		put_line(&b, "args", t->cmdline);
	if (seed != NULL)
		buf_printf(&b, "seed=%llu\n", (unsigned long long)*seed);
	if (h != NULL && h->inputs.len > 0)
		buf_put(&b, h->inputs.p, h->inputs.len);
	if (rc == NS_OK && b.len > NSR_FRAME_MAX)
		rc = ns_fail(e, NS_EUSAGE, "provenance of %zu bytes is above %u", b.len,
		    NSR_FRAME_MAX);
	if (rc == NS_OK)
		rc = nsr_put_text(w, T_PROV, b.p, b.len, e);
	buf_free(&b);
	return rc;
}
