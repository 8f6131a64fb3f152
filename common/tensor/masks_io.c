/*
 * The DICT "masks": u32 how many, then of each mask i16 given, u16 of, u16 rows, and of
 * each row a byte: 0 = any code, 1 = the one in the byte that follows, 2 = the bits in
 * the 32 bytes that follow.
 */
#include <string.h>

#include "base/le.h"
#include "base/mem.h"
#include "tensor/masks.h"

#define DICT_MASKS "masks"
#define HEAD_BYTES 6

enum { ROW_ANY, ROW_ONE, ROW_BITS };

static uint32_t
first_code(const uint8_t *row)
{
	uint32_t c = 0;

	while (!mask_has(row, c))
		c++;
	return c;
}

static void
put_row(const uint8_t *row, uint32_t shape, struct buf *b)
{
	uint8_t any[MASK_BYTES], *p;

	mask_set_all(any, shape);
	if (memcmp(row, any, MASK_BYTES) == 0) {
		*buf_room(b, 1) = ROW_ANY;
	} else if (mask_count(row) == 1) {
		p = buf_room(b, 2);
		p[0] = ROW_ONE;
		p[1] = (uint8_t)first_code(row);
	} else {
		*buf_room(b, 1) = ROW_BITS;
		buf_put(b, row, MASK_BYTES);
	}
}

void
tensor_masks_bytes(const struct tensor_masks *m, const struct tensor_schema *s,
    struct buf *b)
{
	const struct tensor_mask *k;
	uint8_t *p;
	uint32_t c;
	int i;

	put_le32(buf_room(b, 4), (uint32_t)m->n);
	for (i = 0; i < m->n; i++) {
		k = &m->mask[i];
		p = buf_room(b, HEAD_BYTES);
		put_le16(p, (uint16_t)k->given);
		put_le16(p + 2, (uint16_t)k->of);
		put_le16(p + 4, (uint16_t)k->n);
		for (c = 0; c < k->n; c++)
			put_row(k->allow[c], tensor_field_at(s, k->of)->shape, b);
	}
}

int
tensor_masks_put(const struct tensor_masks *m, const struct tensor_schema *s,
    struct nsr_writer *w, struct ns_err *e)
{
	struct buf b = {0};
	int rc;

	tensor_masks_bytes(m, s, &b);
	rc = nsr_put_dict(w, DICT_MASKS, s->is_public, b.p, b.len, e);
	buf_free(&b);
	return rc;
}

/* What is left of the DICT. */
struct bytes {
	const uint8_t *p;
	size_t len;
};

static int
get_row(struct bytes *in, uint8_t row[MASK_BYTES], uint32_t shape)
{
	static const size_t need[] =
	    {[ROW_ANY] = 1, [ROW_ONE] = 2, [ROW_BITS] = 1 + MASK_BYTES};
	uint8_t any[MASK_BYTES];
	uint32_t i;

	if (in->len < 1 || in->p[0] > ROW_BITS || in->len < need[in->p[0]])
		return -1;
	mask_set_all(any, shape);
	if (in->p[0] == ROW_ANY) {
		memcpy(row, any, MASK_BYTES);
	} else if (in->p[0] == ROW_ONE) {
		if (in->p[1] >= shape)
			return -1;
		mask_set(row, in->p[1]);
	} else {
		memcpy(row, in->p + 1, MASK_BYTES);
	}
	in->len -= need[in->p[0]];
	in->p += need[in->p[0]];
	for (i = 0; i < MASK_BYTES; i++)
		if ((row[i] & ~any[i]) != 0)
			return -1;
	return mask_count(row) > 0 ? 0 : -1;
}

static bool
is_category(const struct tensor_schema *s, int field)
{
	const struct tensor_field *f = tensor_field_at(s, field);

	return f != NULL && f->type == NSR_CATEGORY;
}

static int
get_mask(struct bytes *in, struct tensor_masks *m, const struct tensor_schema *s, int i,
    struct ns_err *e)
{
	struct tensor_mask *k;
	int given, of;
	uint32_t n, c;

	if (in->len < HEAD_BYTES)
		return ns_fail(e, NS_ECORRUPT, "masks: number %d is cut short", i);
	given = (int16_t)get_le16(in->p);
	of = get_le16(in->p + 2);
	n = get_le16(in->p + 4);
	if (given < MASK_ALWAYS || given >= of || !is_category(s, of) ||
	    (given >= 0 && !is_category(s, given)) ||
	    (given == MASK_STEP && of < s->n_attr) ||
	    (m->n > 0 && of < m->mask[m->n - 1].of))
		return ns_fail(e, NS_ECORRUPT,
		    "masks: number %d is of field %d given %d, which cannot be", i, of,
		    given);
	in->p += HEAD_BYTES;
	in->len -= HEAD_BYTES;
	k = tensor_masks_add(m, s, given, of);
	if (k->n != n)
		return ns_fail(e, NS_ECORRUPT, "masks: number %d has %u rows for %u", i,
		    n, k->n);
	for (c = 0; c < n; c++)
		if (get_row(in, k->allow[c], tensor_field_at(s, of)->shape) < 0)
			return ns_fail(e, NS_ECORRUPT,
			    "masks: row %u of number %d is damaged", c, i);
	return NS_OK;
}

int
tensor_masks_load(struct tensor_masks *m, const struct tensor_schema *s,
    const struct nsr_reader *r, struct ns_err *e)
{
	struct nsr_dict d = nsr_dict(r, DICT_MASKS);
	struct bytes in = {d.data, d.len};
	uint32_t n, i;
	int rc = NS_OK;

	if (d.data == NULL)
		return NS_OK;
	if (in.len < 4 || (n = get_le32(in.p)) > MASKS_MAX)
		return ns_fail(e, NS_ECORRUPT, "masks: not a number of them");
	in.p += 4;
	in.len -= 4;
	for (i = 0; i < n && rc >= 0; i++)
		rc = get_mask(&in, m, s, (int)i, e);
	if (rc >= 0 && in.len != 0)
		rc = ns_fail(e, NS_ECORRUPT, "masks: bytes behind the last");
	if (rc < 0)
		tensor_masks_free(m);
	return rc;
}
