/*
 * fuzz_stream.c: any bytes as a stream, read by every reader of records there is, and
 * by the codec that it carries.  Each input is tried as it is and again with its
 * checksums, sequence numbers and END made right, since a fuzzer would hardly find
 * those by itself.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/crc32c.h"
#include "base/io.h"
#include "base/le.h"
#include "base/mem.h"
#include "codec/codec.h"
#include "stream/frame.h"
#include "stream/stream.h"
#include "tensor/masks.h"
#include "tensor/tensor.h"
#include "trace/rstream.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

/* A byte that depends on all of p, so that a sanitizer sees reads outside of it. */
static void
touch(const void *p, size_t n)
{
	volatile uint32_t sink = crc32c(0, p, n);

	(void)sink;
}

static void
look_up(const struct nsr_reader *r)
{
	const char *key, *val;
	struct nsr_dict d;
	struct ns_err e;
	int64_t i64;
	double f64;
	size_t i;

	for (i = 0; i < nsr_meta_count(r); i++) {
		nsr_meta_at(r, i, &key, &val);
		nsr_meta_i64(r, key, &i64, &e);
		nsr_meta_f64(r, key, &f64, &e);
	}
	for (i = 0; i < nsr_dict_count(r); i++) {
		d = nsr_dict_at(r, i);
		touch(d.data, d.len);
	}
	for (i = 0; i < nsr_prov_count(r); i++)
		touch(nsr_prov_at(r, i), strlen(nsr_prov_at(r, i)));
	for (i = 0; i < nsr_note_count(r); i++)
		touch(nsr_note_at(r, i), strlen(nsr_note_at(r, i)));
}

static void
read_trace(struct nsr_reader *r, int kind)
{
	struct trace_reader t;
	struct labels labels;
	const struct series *s;
	struct packet p;
	struct flow f;
	struct ns_err e;
	int rc;

	labels_init(&labels);
	trace_reader_init(&t, r, &labels);
	rc = trace_take(&t, 1u << kind, &e);
	while (rc > 0) {
		if (kind == NSR_PACKET)
			rc = trace_next_packet(&t, &p, &e);
		else if (kind == NSR_FLOW)
			rc = trace_next_flow(&t, &f, &e);
		else
			rc = trace_next_series(&t, &s, &e);
	}
	trace_reader_free(&t);
	labels_free(&labels);
}

static void
read_masks(const struct tensor_schema *s, const struct nsr_reader *r)
{
	struct tensor_masks m;
	struct ns_err e;

	tensor_masks_init(&m);
	if (tensor_masks_load(&m, s, r, &e) >= 0)
		tensor_masks_free(&m);
}

/* The codec of the stream, and a record of it decoded and encoded again. */
static void
decode(struct codec *c, const struct nsr_reader *r, const uint8_t *rec, size_t len)
{
	struct codec_mends mends = {0};
	struct chunk_info k;
	struct labels labels;
	const struct series *s;
	struct buf b = {0};
	struct ns_err e;

	labels_init(&labels);
	if (chunk_info_get(&k, r, &e) >= 0 &&
	    codec_decode(c, rec, len, &k, &labels, &s, &mends, &e) >= 0)
		codec_encode(c, s, &k, &labels, &b, &e);
	buf_free(&b);
	labels_free(&labels);
}

static void
read_tensors(struct nsr_reader *r)
{
	struct codec *c = NULL, *clamping = NULL;
	struct tensor_schema s;
	const uint8_t *rec;
	uint64_t unit = 0;
	struct ns_err e;
	uint32_t steps;
	size_t len;

	if (tensor_schema_from_reader(&s, r, &e) < 0)
		return;
	read_masks(&s, r);
	c = codec_load(r, &e);
	clamping = c != NULL ? codec_load(r, &e) : NULL;
	if (clamping != NULL)
		codec_clamp(clamping);
	while (nsr_next(r, &rec, &len, &e) > 0) {
		if (tensor_check(&s, rec, len, &steps, &e) >= 0)
			unit ^= tensor_unit(&s, rec, len);
		if (c != NULL && tensor_cut_unit(&s, rec, &len, &e) >= 0)
			decode(c, r, rec, len);
		if (clamping != NULL)
			decode(clamping, r, rec, len);
	}
	touch(&unit, sizeof unit);
	codec_free(c);
	codec_free(clamping);
	tensor_schema_free(&s);
}

static void
read_model(struct nsr_reader *r)
{
	struct tensor_schema s;
	struct nsr_tensor t;
	struct ns_err e;

	if (tensor_schema_from_dict(&s, r, &e) >= 0) {
		read_masks(&s, r);
		tensor_schema_free(&s);
	}
	while (nsr_next_tensor(r, &t, &e) > 0)
		touch(t.data, t.count * (t.type == NSR_F32 ? 4 : 8));
}

static void
read_stream(struct nsr_reader *r)
{
	const uint8_t *rec;
	struct ns_err e;
	size_t len;

	look_up(r);
	switch (nsr_schema(r)->kind) {
	case NSR_PACKET:
	case NSR_FLOW:
	case NSR_SERIES:
		read_trace(r, nsr_schema(r)->kind);
		break;
	case NSR_TENSOR:
		read_tensors(r);
		break;
	case NSR_MODEL:
		read_model(r);
		break;
	default:
		while (nsr_next(r, &rec, &len, &e) > 0)
			touch(rec, len);
	}
	nsr_skip(r, &e);
	look_up(r);
}

static void
read_all(const uint8_t *p, size_t n)
{
	struct nsr_reader *r;
	struct ns_err e;
	int fd = tmp_open(&e);

	if (fd < 0 || io_write(fd, p, n, &e) < 0 || lseek(fd, 0, SEEK_SET) != 0)
		abort();
	r = nsr_reader_new(fd, "input");
	while (nsr_stream(r, &e) > 0)
		read_stream(r);
	nsr_reader_free(r);
}

/* What a stream's END must say of the frames before it. */
struct totals {
	uint64_t frames, rows, raw;
	uint32_t chain;
};

static void
mend_end(uint8_t *payload, const struct frame *f, const struct totals *t)
{
	if (f->stored < END_LEN)
		return;
	put_le64(payload, t->frames);
	put_le64(payload + 8, t->rows);
	put_le64(payload + 16, t->raw);
	put_le32(payload + 24, t->chain);
}

/* One frame at p, n bytes to the end of the input.  Returns its length. */
static size_t
mend_frame(uint8_t *p, size_t n, struct totals *t)
{
	struct frame f;
	uint8_t crc[4];
	size_t len;

	frame_get(&f, p);
	if (f.stored > n - FRAME_HEAD ||
	    frame_pad(f.stored) > n - FRAME_HEAD - f.stored)
		return n;
	len = f.stored + frame_pad(f.stored);
	f.sequence = (uint16_t)t->frames;
	if (!(f.flags & FRAME_ZSTD))
		f.raw = f.stored;
	memset(p + FRAME_HEAD + f.stored, 0, frame_pad(f.stored));
	if (f.type == T_END)
		mend_end(p + FRAME_HEAD, &f, t);
	frame_put(&f, p);
	f.crc = frame_crc(p, p + FRAME_HEAD, len);
	frame_put(&f, p);
	put_le32(crc, f.crc);
	t->chain = crc32c(t->chain, crc, sizeof crc);
	t->frames++;
	t->raw += f.raw;
	t->rows += f.type == T_ROWS ? f.rows : 0;
	return FRAME_HEAD + len;
}

/* Make checksums and counts right where there is a frame, whatever it holds. */
static void
mend(uint8_t *p, size_t n)
{
	struct totals t = {0};
	size_t at = 0;

	while (n - at >= PROLOGUE_LEN) {
		if (memcmp(p + at, nsr_magic, MAGIC_LEN) == 0) {
			put_le32(p + at + 12, crc32c(0, p + at, 12));
			memset(&t, 0, sizeof t);
			at += PROLOGUE_LEN;
		} else if (at == 0 || n - at < FRAME_HEAD) {
			return;
		} else {
			at += mend_frame(p + at, n - at, &t);
		}
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	uint8_t *copy = xmalloc(n + 1);

	memcpy(copy, p, n);
	read_all(p, n);
	mend(copy, n);
	read_all(copy, n);
	free(copy);
	return 0;
}
