#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crc32c.h"
#include "base/le.h"
#include "base/mem.h"
#include "stream/head.h"
#include "stream/writer.h"

struct nsr_writer {
	struct out *o;
	int level;
	struct zip *zip;
	uint8_t *packed; /* NSR_FRAME_MAX, allocated on first use */
	bool open;
	bool failed; /* nsr_end_failed has said so */
	struct nsr_schema schema;

	/* not yet written: records, and one frame of META or DICT that goes before them
	 */
	struct buf rows;
	uint32_t n_rows;
	struct buf head;
	uint32_t head_type; /* T_META, T_DICT or 0 */
	char dict[DICT_NAME_MAX + 1];

	uint64_t frames, total, raw_bytes;
	uint32_t chain;
};

struct nsr_writer *
nsr_writer_new(struct out *o, int level)
{
	struct nsr_writer *w = xcalloc(1, sizeof *w);

	w->o = o;
	w->level = level;
	w->zip = zip_new();
	return w;
}

void
nsr_writer_free(struct nsr_writer *w)
{
	if (w == NULL)
		return;
	zip_free(w->zip);
	free(w->packed);
	buf_free(&w->rows);
	buf_free(&w->head);
	free(w);
}

/* Header, payload and pad; p is what is stored. */
static int
put_frame(struct nsr_writer *w, struct frame *f, const uint8_t *p, struct ns_err *e)
{
	static const uint8_t zero[8] = {0};
	uint8_t head[FRAME_HEAD], crc[4];
	size_t pad = frame_pad(f->stored);

	f->sequence = (uint16_t)w->frames;
	frame_put(f, head);
	f->crc = crc32c(frame_crc(head, p, f->stored), zero, pad);
	frame_put(f, head);
	if (f->type != T_END) {
		put_le32(crc, f->crc);
		w->chain = crc32c(w->chain, crc, sizeof crc);
		w->frames++;
		w->raw_bytes += f->raw;
	}
	if (out_write(w->o, head, sizeof head, e) < 0 ||
	    out_write(w->o, p, f->stored, e) < 0 || out_write(w->o, zero, pad, e) < 0)
		return NS_EIO;
	return NS_OK;
}

/* One frame of n raw bytes, compressed where that makes it smaller. */
static int
put_raw(struct nsr_writer *w, uint32_t type, uint32_t rows, const uint8_t *p, size_t n,
    struct ns_err *e)
{
	struct frame f = {.type = type, .flags = frame_critical(type), .rows = rows};
	size_t len = 0;

	assert(n <= NSR_FRAME_MAX);
	f.raw = f.stored = (uint32_t)n;
	if (w->level > 0 && w->packed == NULL)
		w->packed = xmalloc(NSR_FRAME_MAX);
	if (w->level > 0)
		len = zip_pack(w->zip, w->level, w->packed, p, n);
	if (len > 0) {
		f.flags |= FRAME_ZSTD;
		f.stored = (uint32_t)len;
		p = w->packed;
	}
	return put_frame(w, &f, p, e);
}

static int
flush_head(struct nsr_writer *w, struct ns_err *e)
{
	uint32_t type = w->head_type;
	int rc = NS_OK;

	if (type != 0)
		rc = put_raw(w, type, 0, w->head.p, w->head.len, e);
	w->head_type = 0;
	w->head.len = 0;
	return rc;
}

static int
flush_rows(struct nsr_writer *w, struct ns_err *e)
{
	int rc = flush_head(w, e);

	if (rc == NS_OK && w->n_rows > 0) {
		w->total += w->n_rows;
		rc = put_raw(w, T_ROWS, w->n_rows, w->rows.p, w->rows.len, e);
	}
	w->rows.len = 0;
	w->n_rows = 0;
	return rc;
}

static int
put_prologue(struct nsr_writer *w, struct ns_err *e)
{
	uint8_t p[PROLOGUE_LEN];

	memcpy(p, nsr_magic, MAGIC_LEN);
	put_le16(p + 8, NSR_MAJOR);
	put_le16(p + 10, NSR_MINOR);
	put_le32(p + 12, crc32c(0, p, 12));
	return out_write(w->o, p, sizeof p, e);
}

int
nsr_begin(struct nsr_writer *w, const struct nsr_schema *s, struct ns_err *e)
{
	struct buf b = {0};
	int rc;

	assert(!w->open);
	if (w->level < 0 || w->level > ZIP_LEVEL_MAX)
		return ns_fail(e, NS_EUSAGE, "compression level %d is not in 0 .. %d",
		    w->level, ZIP_LEVEL_MAX);
	w->open = true;
	w->schema = *s;
	w->frames = w->total = w->raw_bytes = 0;
	w->chain = 0;
	nsr_schema_put(s, &b);
	rc = put_prologue(w, e);
	if (rc == NS_OK)
		rc = put_raw(w, T_SCHM, 0, b.p, b.len, e);
	buf_free(&b);
	return rc;
}

static int
add_meta(struct nsr_writer *w, const char *key, const char *val, struct ns_err *e)
{
	size_t n = strlen(key) + strlen(val) + 2;
	int rc;

	if (key[0] == '\0' || strpbrk(key, "=\n") != NULL ||
	    strchr(val, '\n') != NULL || n > NSR_ROWS_AIM)
		return ns_fail(e, NS_EINTERNAL, "metadata '%.40s' cannot be written",
		    key);
	if (w->head_type != T_META || w->head.len + n > NSR_ROWS_AIM || w->n_rows > 0) {
		rc = flush_rows(w, e);
		if (rc < 0)
			return rc;
	}
	w->head_type = T_META;
	buf_printf(&w->head, "%s=%s\n", key, val);
	return NS_OK;
}

int
nsr_put_meta(struct nsr_writer *w, struct ns_err *e, const char *key, const char *fmt,
    ...)
{
	struct buf val = {0};
	char text[512];
	va_list ap;
	int n, rc;

	assert(w->open);
	va_start(ap, fmt);
	n = vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	assert(n >= 0);
	if ((size_t)n < sizeof text)
		return add_meta(w, key, text, e);
	va_start(ap, fmt);
	vsnprintf((char *)buf_room(&val, (size_t)n + 1), (size_t)n + 1, fmt, ap);
	va_end(ap);
	rc = add_meta(w, key, (const char *)val.p, e);
	buf_free(&val);
	return rc;
}

/* Begin a DICT frame for the table, unless the present one is its and has room. */
static int
begin_dict(struct nsr_writer *w, const char *name, bool is_public, struct ns_err *e)
{
	uint8_t head[2] = {is_public, (uint8_t)strlen(name)};
	int rc;

	if (w->head_type == T_DICT && strcmp(w->dict, name) == 0 &&
	    w->head.len < NSR_ROWS_AIM && w->head.p[0] == is_public)
		return NS_OK;
	rc = flush_head(w, e);
	if (rc < 0)
		return rc;
	w->head_type = T_DICT;
	strcpy(w->dict, name);
	buf_put(&w->head, head, sizeof head);
	buf_put(&w->head, name, head[1]);
	return NS_OK;
}

int
nsr_put_dict(struct nsr_writer *w, const char *name, bool is_public, const void *p,
    size_t n, struct ns_err *e)
{
	const uint8_t *data = p;
	size_t part;
	int rc;

	assert(w->open);
	assert(name[0] != '\0' && strlen(name) <= DICT_NAME_MAX);
	do {
		rc = begin_dict(w, name, is_public, e);
		if (rc < 0)
			return rc;
		part = n < NSR_ROWS_AIM ? n : NSR_ROWS_AIM;
		if (part > 0)
			buf_put(&w->head, data, part);
		data += part;
		n -= part;
	} while (n > 0);
	return NS_OK;
}

/* Does key begin with one of the prefixes, which blanks separate? */
static bool
has_prefix(const char *key, const char *prefixes)
{
	size_t n;

	for (; prefixes != NULL && *prefixes != '\0'; prefixes += n) {
		prefixes += strspn(prefixes, " ");
		n = strcspn(prefixes, " ");
		if (n > 0 && strncmp(key, prefixes, n) == 0)
			return true;
	}
	return false;
}

int
nsr_copy_head(struct nsr_writer *w, const struct nsr_reader *r, const char *skip,
    struct ns_err *e)
{
	const char *key, *val;
	struct nsr_dict d;
	size_t i;
	int rc;

	for (i = 0; i < nsr_meta_count(r); i++) {
		nsr_meta_at(r, i, &key, &val);
		if (has_prefix(key, skip))
			continue;
		if ((rc = add_meta(w, key, val, e)) < 0)
			return rc;
	}
	for (i = 0; i < nsr_dict_count(r); i++) {
		d = nsr_dict_at(r, i);
		rc = nsr_put_dict(w, d.name, d.is_public, d.data, d.len, e);
		if (rc < 0)
			return rc;
	}
	return NS_OK;
}

int
nsr_put(struct nsr_writer *w, const void *rec, size_t len, struct ns_err *e)
{
	size_t before = w->schema.width == 0 ? 4 : 0;
	uint8_t *p;
	int rc;

	assert(w->open && w->schema.kind != NSR_MODEL);
	assert(w->schema.width == 0 || len == w->schema.width);
	if (len > NSR_RECORD_MAX)
		return ns_fail(e, NS_EINTERNAL, "record of %zu bytes is above %u", len,
		    NSR_RECORD_MAX);
	if (w->n_rows > 0 && w->rows.len + before + len > NSR_ROWS_AIM &&
	    (rc = flush_rows(w, e)) < 0)
		return rc;
	p = buf_room(&w->rows, before + len);
	if (before > 0)
		put_le32(p, (uint32_t)len);
	memcpy(p + before, rec, len);
	w->n_rows++;
	return NS_OK;
}

bool
nsr_is_model(const struct nsr_writer *w)
{
	return w->open && w->schema.kind == NSR_MODEL;
}

int
nsr_put_text(struct nsr_writer *w, uint32_t type, const void *p, size_t n,
    struct ns_err *e)
{
	int rc = flush_rows(w, e);

	assert(w->open);
	return rc < 0 ? rc : put_raw(w, type, 0, p, n, e);
}

int
nsr_put_note(struct nsr_writer *w, const char *text, struct ns_err *e)
{
	size_t n = strlen(text);

	if (n > NSR_ROWS_AIM)
		return ns_fail(e, NS_EUSAGE, "note of %zu bytes is above %u", n,
		    NSR_ROWS_AIM);
	return nsr_put_text(w, T_NOTE, text, n, e);
}

int
nsr_put_frame(struct nsr_writer *w, const uint8_t *p, struct ns_err *e)
{
	struct frame f;
	int rc = flush_rows(w, e);

	assert(w->open);
	frame_get(&f, p);
	return rc < 0 ? rc : put_frame(w, &f, p + FRAME_HEAD, e);
}

static int
put_end(struct nsr_writer *w, uint32_t status, struct ns_err *e)
{
	struct frame f = {.type = T_END,
	    .flags = FRAME_CRITICAL,
	    .stored = END_LEN,
	    .raw = END_LEN};
	uint8_t p[END_LEN];

	put_le64(p, w->frames);
	put_le64(p + 8, w->total);
	put_le64(p + 16, w->raw_bytes);
	put_le32(p + 24, w->chain);
	put_le32(p + 28, status);
	w->open = false;
	return put_frame(w, &f, p, e);
}

int
nsr_end(struct nsr_writer *w, struct ns_err *e)
{
	int rc;

	assert(w->open);
	rc = flush_rows(w, e);
	return rc < 0 ? rc : put_end(w, 0, e);
}

/* The records not yet written stay so: the stream is no good anyway.  Between streams
 * the failure takes a stream of its own, or what was written would pass for all. */
void
nsr_end_failed(struct nsr_writer *w, int exit_status)
{
	assert(exit_status != 0);
	if (w == NULL || w->failed)
		return;
	w->failed = true;
	w->rows.len = w->head.len = 0;
	w->n_rows = w->head_type = 0;
	if (!w->open) {
		w->frames = w->total = w->raw_bytes = 0;
		w->chain = 0;
		if (put_prologue(w, NULL) < 0)
			return;
	}
	if (put_end(w, (uint32_t)exit_status, NULL) == NS_OK)
		out_flush(w->o, NULL);
}

int
nsr_finish(struct nsr_writer *w, struct out *o, int rc, struct ns_err *e)
{
	if (rc < 0)
		nsr_end_failed(w, ns_exit_status(rc));
	nsr_writer_free(w);
	if (rc < 0) {
		out_abort(o);
		return rc;
	}
	return out_commit(o, e);
}
