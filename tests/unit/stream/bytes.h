/* bytes.h: streams as bytes in memory, for tests that make and damage them. */
#ifndef TEST_STREAM_BYTES_H
#define TEST_STREAM_BYTES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/crc32c.h"
#include "base/le.h"
#include "base/mem.h"
#include "stream/frame.h"
#include "stream/stream.h"

/* An output file whose name is of no interest. */
struct scratch {
	char path[300];
	struct out *o;
	struct nsr_writer *w;
};

static inline void
scratch_open(struct scratch *s, int level)
{
	const char *dir = getenv("TMPDIR");
	struct ns_err e;
	int fd;

	snprintf(s->path, sizeof s->path, "%s/stream.XXXXXX",
	    dir != NULL ? dir : "/tmp");
	fd = mkstemp(s->path);
	assert_true(fd >= 0);
	close(fd);
	s->o = out_open(s->path, true, &e);
	assert_non_null(s->o);
	s->w = nsr_writer_new(s->o, level);
}

/* Close, and append what was written to b. */
static inline void
scratch_close(struct scratch *s, struct buf *b)
{
	struct ns_err e;
	struct stat st;
	FILE *f;

	nsr_writer_free(s->w);
	assert_int_equal(out_commit(s->o, &e), NS_OK);
	assert_int_equal(stat(s->path, &st), 0);
	f = fopen(s->path, "rb");
	assert_non_null(f);
	assert_int_equal(fread(buf_room(b, (size_t)st.st_size), 1, (size_t)st.st_size,
			     f),
	    st.st_size);
	fclose(f);
	unlink(s->path);
}

/* A reader over bytes. */
static inline struct nsr_reader *
read_bytes(const void *p, size_t n)
{
	struct ns_err e;
	int fd = tmp_open(&e);

	assert_true(fd >= 0);
	assert_int_equal(io_write(fd, p, n, &e), NS_OK);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return nsr_reader_new(fd, "test");
}

/* Read all streams to their ends: NS_OK or the error.  *rows counts all records. */
static inline int
read_all(struct nsr_reader *r, uint64_t *rows, struct ns_err *e)
{
	int rc;

	*rows = 0;
	while ((rc = nsr_stream(r, e)) > 0) {
		rc = nsr_skip(r, e);
		if (rc < 0)
			break;
		*rows += nsr_rows(r);
	}
	nsr_reader_free(r);
	return rc;
}

static inline int
read_code(const struct buf *b)
{
	struct ns_err e;
	uint64_t rows;

	return read_all(read_bytes(b->p, b->len), &rows, &e);
}

/* Records of one u32. */
static inline void
u32_schema(struct nsr_schema *s)
{
	memset(s, 0, sizeof *s);
	s->kind = NSR_PACKET;
	s->version = 1;
	s->width = 4;
	nsr_schema_add(s, "x", NSR_U32, NSR_PLAIN, 1, "", 0);
}

/* A stream of n records with all frame types, one ROWS frame for each of frames. */
static inline void
make_stream(struct buf *b, int level, uint32_t n, int frames)
{
	struct nsr_schema schema;
	struct scratch s;
	struct ns_err e;
	uint8_t rec[4];
	uint32_t i;
	int k;

	u32_schema(&schema);
	scratch_open(&s, level);
	assert_int_equal(nsr_begin(s.w, &schema, &e), NS_OK);
	assert_int_equal(nsr_put_meta(s.w, &e, "chunk.index", "%d", 3), NS_OK);
	assert_int_equal(nsr_put_dict(s.w, "labels", false, "benign\n", 7, &e), NS_OK);
	for (k = 0; k < frames; k++) {
		for (i = 0; i < n; i++) {
			put_le32(rec, i);
			assert_int_equal(nsr_put(s.w, rec, 4, &e), NS_OK);
		}
		/* Tail metadata makes the writer flush its records. */
		assert_int_equal(nsr_put_meta(s.w, &e, "n", "%d", k), NS_OK);
	}
	assert_int_equal(nsr_put_note(s.w, "a note", &e), NS_OK);
	assert_int_equal(nsr_end(s.w, &e), NS_OK);
	scratch_close(&s, b);
}

/* ---- Surgery: a stream as a list of frames ---- */

struct piece {
	struct frame f;
	uint8_t *p; /* payload as stored */
};

struct pieces {
	struct piece v[64];
	size_t n;
};

static inline void
cut(struct pieces *c, const struct buf *b)
{
	size_t at = PROLOGUE_LEN;
	struct piece *x;

	for (c->n = 0; at < b->len; c->n++) {
		assert_true(c->n < 64);
		x = &c->v[c->n];
		frame_get(&x->f, b->p + at);
		x->p = xmalloc(x->f.stored + 1);
		memcpy(x->p, b->p + at + FRAME_HEAD, x->f.stored);
		at += FRAME_HEAD + x->f.stored + frame_pad(x->f.stored);
	}
}

static inline void
pieces_free(struct pieces *c)
{
	while (c->n > 0)
		free(c->v[--c->n].p);
}

static inline size_t
find(const struct pieces *c, uint32_t type)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (c->v[i].f.type == type)
			return i;
	fail();
	return 0;
}

static inline void
insert(struct pieces *c, size_t at, uint32_t type, uint16_t flags, uint32_t rows,
    const void *p, uint32_t n)
{
	struct piece x = {
	    .f = {.type = type, .flags = flags, .stored = n, .raw = n, .rows = rows}};

	memmove(&c->v[at + 1], &c->v[at], (c->n - at) * sizeof c->v[0]);
	x.p = xmalloc(n + 1);
	if (n > 0)
		memcpy(x.p, p, n);
	c->v[at] = x;
	c->n++;
}

/* What sew leaves as it is. */
enum { KEEP_SEQUENCE = 1, KEEP_CRC = 2, KEEP_END = 4 };

/* The pieces as a stream, with sequence, checksums and END made right again. */
static inline void
sew(struct buf *b, const struct pieces *c, uint16_t minor, unsigned keep)
{
	static const uint8_t zero[8] = {0};
	uint8_t head[FRAME_HEAD], crc[4], prologue[PROLOGUE_LEN];
	uint64_t raw = 0, rows = 0;
	uint32_t chain = 0;
	struct frame f;
	size_t i, pad;

	memcpy(prologue, nsr_magic, MAGIC_LEN);
	put_le16(prologue + 8, NSR_MAJOR);
	put_le16(prologue + 10, minor);
	put_le32(prologue + 12, crc32c(0, prologue, 12));
	buf_put(b, prologue, sizeof prologue);
	for (i = 0; i < c->n; i++) {
		f = c->v[i].f;
		pad = frame_pad(f.stored);
		if (!(keep & KEEP_SEQUENCE))
			f.sequence = (uint16_t)i;
		if (f.type == T_END && !(keep & KEEP_END)) {
			put_le64(c->v[i].p, i);
			put_le64(c->v[i].p + 8, rows);
			put_le64(c->v[i].p + 16, raw);
			put_le32(c->v[i].p + 24, chain);
		}
		frame_put(&f, head);
		if (!(keep & KEEP_CRC))
			f.crc = crc32c(frame_crc(head, c->v[i].p, f.stored), zero, pad);
		frame_put(&f, head);
		put_le32(crc, f.crc);
		chain = crc32c(chain, crc, 4);
		raw += f.raw;
		rows += f.type == T_ROWS ? f.rows : 0;
		buf_put(b, head, sizeof head);
		buf_put(b, c->v[i].p, f.stored);
		buf_put(b, zero, pad);
	}
}

#endif
