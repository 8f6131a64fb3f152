/*
 * TNSR payload: u8 type, u8 rank, u8 length of the name, u8 0, u32 0, u64 dims[rank],
 * u64 first, u64 count, name, zero bytes to a multiple of 8, count elements.
 */
#include "stream/array.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/le.h"
#include "base/mem.h"
#include "stream/writer.h"

/* Bytes of an element; 0 for types that arrays do not have. */
static size_t
element_size(int type)
{
	if (type == NSR_F32)
		return 4;
	return type == NSR_F64 || type == NSR_U64 ? 8 : 0;
}

int
array_total(const struct nsr_tensor *t, uint64_t *total)
{
	int i;

	*total = 1;
	for (i = 0; i < t->rank; i++) {
		if (t->dims[i] != 0 && *total > UINT64_MAX / 8 / t->dims[i])
			return -1;
		*total *= t->dims[i];
	}
	return 0;
}

/* A name of n printable bytes and its zero pad. */
static int
get_name(char *name, const uint8_t *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (p[i] < 0x21 || p[i] > 0x7e)
			return -1;
	memcpy(name, p, n);
	name[n] = '\0';
	for (i = 0; i < frame_pad(n); i++)
		if (p[n + i] != 0)
			return -1;
	return 0;
}

int
array_parse(struct nsr_tensor *t, char name[ARRAY_NAME], const uint8_t *p, size_t n)
{
	size_t at, size, name_len, i;

	if (n < 8 || p[1] > 4 || p[2] == 0 || p[3] != 0 || get_le32(p + 4) != 0)
		return -1;
	memset(t, 0, sizeof *t);
	t->type = p[0];
	t->rank = p[1];
	name_len = p[2];
	size = element_size(t->type);
	at = 8 + 8 * ((size_t)t->rank + 2);
	if (size == 0 || at + name_len + frame_pad(name_len) > n)
		return -1;
	for (i = 0; i < t->rank; i++)
		t->dims[i] = get_le64(p + 8 + 8 * i);
	t->first = get_le64(p + at - 16);
	t->count = get_le64(p + at - 8);
	if (get_name(name, p + at, name_len) < 0)
		return -1;
	at += name_len + frame_pad(name_len);
	t->data = p + at;
	return t->count == (n - at) / size && (n - at) % size == 0 ? 0 : -1;
}

static void
put_head(struct buf *b, const struct nsr_tensor *t)
{
	static const uint8_t zero[8] = {0};
	size_t name_len = strlen(t->name);
	uint8_t *p = buf_room(b, 8);
	int i;

	memset(p, 0, 8);
	p[0] = t->type;
	p[1] = t->rank;
	p[2] = (uint8_t)name_len;
	for (i = 0; i < t->rank; i++)
		put_le64(buf_room(b, 8), t->dims[i]);
	put_le64(buf_room(b, 8), t->first);
	put_le64(buf_room(b, 8), t->count);
	buf_put(b, t->name, name_len);
	buf_put(b, zero, frame_pad(name_len));
}

/* Elements in the machine's order to little-endian bytes. */
static void
put_elements(uint8_t *to, const uint8_t *p, size_t size, uint64_t n)
{
	uint64_t i, u8;
	uint32_t u4;

	for (i = 0; i < n; i++, p += size, to += size) {
		if (size == 4) {
			memcpy(&u4, p, 4);
			put_le32(to, u4);
		} else {
			memcpy(&u8, p, 8);
			put_le64(to, u8);
		}
	}
}

int
nsr_put_part(struct nsr_writer *w, const struct nsr_tensor *t, struct ns_err *e)
{
	struct buf b = {0};
	int rc;

	assert(nsr_is_model(w) && t->name[0] != '\0' && strlen(t->name) < ARRAY_NAME);
	put_head(&b, t);
	if (t->count > 0)
		buf_put(&b, t->data, size_mul(element_size(t->type), t->count));
	rc = nsr_put_text(w, T_TNSR, b.p, b.len, e);
	buf_free(&b);
	return rc;
}

int
nsr_put_tensor(struct nsr_writer *w, const char *name, int type, int rank,
    const uint64_t *dims, const void *data, struct ns_err *e)
{
	struct nsr_tensor t = {.name = name,
	    .type = (uint8_t)type,
	    .rank = (uint8_t)rank};
	size_t size = element_size(type);
	uint64_t total = 1, most = NSR_ROWS_AIM / 8;
	uint8_t *part;
	int i, rc;

	assert(size != 0 && rank >= 0 && rank <= 4);
	for (i = 0; i < rank; i++) {
		t.dims[i] = dims[i];
		total = size_mul(total, dims[i]);
	}
	part = xmalloc(NSR_ROWS_AIM);
	t.data = part;
	do {
		t.count = total - t.first < most ? total - t.first : most;
		if (t.count > 0)
			put_elements(part, (const uint8_t *)data + t.first * size, size,
			    t.count);
		rc = nsr_put_part(w, &t, e);
		t.first += t.count;
	} while (rc == NS_OK && t.first < total);
	free(part);
	return rc;
}
