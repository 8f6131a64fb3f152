#include "tensor/tensor.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/le.h"
#include "base/mem.h"
#include "base/vector.h"
#include "tensor/masks.h"

void
tensor_schema_init(struct tensor_schema *s)
{
	memset(s, 0, sizeof *s);
}

void
tensor_schema_free(struct tensor_schema *s)
{
	int i;

	for (i = 0; i < s->n_tables; i++) {
		free(s->tables[i].v);
		free(s->tables[i].lanes);
	}
	tensor_masks_free(&s->masks);
	free(s->tables);
	free(s->attr);
	free(s->feat);
	memset(s, 0, sizeof *s);
}

static int
table_find(const struct tensor_schema *s, const char *name)
{
	int i;

	for (i = 0; i < s->n_tables; i++)
		if (strcmp(s->tables[i].name, name) == 0)
			return i;
	return -1;
}

/* Rows side by side, TENSOR_LANES at a time, so that a fixed loop takes all their dot
 * products at once; the last block is filled up with zero rows. */
static float *
table_lanes(const float *v, uint32_t n, uint32_t dim)
{
	size_t blocks = ((size_t)n + TENSOR_LANES - 1) / TENSOR_LANES;
	float *lanes = xcalloc(size_mul(blocks, dim), TENSOR_LANES * sizeof *lanes);
	uint32_t i, d;

	for (i = 0; i < n; i++)
		for (d = 0; d < dim; d++)
			lanes[((size_t)(i / TENSOR_LANES) * dim + d) * TENSOR_LANES +
			    i % TENSOR_LANES] = v[(size_t)i * dim + d];
	return lanes;
}

void
tensor_schema_table(struct tensor_schema *s, const char *name, uint32_t n, uint32_t dim,
    const float *v)
{
	struct tensor_table *t;
	size_t bytes = size_mul(size_mul(n, dim), sizeof *v);

	assert(n >= 1 && n <= 65536 && dim >= 1 && dim <= TENSOR_DIM_MAX);
	assert(strlen(name) < sizeof t->name && table_find(s, name) < 0);
	s->tables = xrealloc(s->tables, (size_t)(s->n_tables + 1) * sizeof *s->tables);
	t = &s->tables[s->n_tables++];
	memset(t, 0, sizeof *t);
	strcpy(t->name, name);
	t->n = n;
	t->dim = dim;
	t->v = xmalloc(bytes);
	memcpy(t->v, v, bytes);
	t->lanes = table_lanes(v, n, dim);
}

/* Bytes of a code and expanded dims, from type and shape. */
static void
field_size(struct tensor_field *f)
{
	switch (f->type) {
	case NSR_BIT:
		f->bytes = (f->shape + 7) / 8;
		f->dims = 2 * f->shape;
		break;
	case NSR_CATEGORY:
		f->bytes = 1;
		f->dims = f->shape;
		break;
	case NSR_WORD:
		f->bytes = 2;
		f->dims = f->shape;
		break;
	default:
		f->bytes = 4;
		f->dims = 1;
		break;
	}
}

void
tensor_schema_add(struct tensor_schema *s, int role, const char *name, int type,
    uint32_t shape, const char *table)
{
	bool is_attr = role == NSR_ATTRIBUTE;
	struct tensor_field **list = is_attr ? &s->attr : &s->feat;
	int *n = is_attr ? &s->n_attr : &s->n_feat;
	struct tensor_field *f;

	assert(is_attr || role == NSR_FEATURE);
	*list = xrealloc(*list, (size_t)(*n + 1) * sizeof **list);
	f = &(*list)[(*n)++];
	memset(f, 0, sizeof *f);
	assert(strlen(name) < sizeof f->name);
	strcpy(f->name, name);
	f->type = (uint8_t)type;
	f->shape = shape;
	f->table = type == NSR_WORD ? table_find(s, table) : -1;
	assert(type != NSR_WORD || (f->table >= 0 && s->tables[f->table].dim == shape));
	field_size(f);
	if (is_attr) {
		s->attr_bytes += f->bytes;
		s->A += (int)f->dims;
	} else {
		s->feat_bytes += f->bytes;
		s->F += (int)f->dims;
	}
}

/* Every code of one group of fields; the length is right. */
static int
check_codes(const struct tensor_field *f, int n, const struct tensor_table *tables,
    const uint8_t *p, struct ns_err *e)
{
	float x;
	int i;

	for (i = 0; i < n; p += f[i].bytes, i++) {
		switch (f[i].type) {
		case NSR_BIT:
			if (f[i].shape % 8 != 0 &&
			    (p[f[i].bytes - 1] & (0xffu >> f[i].shape % 8)) != 0)
				return ns_fail(e, NS_ECORRUPT,
				    "field '%s': bits beyond its %u are set", f[i].name,
				    f[i].shape);
			break;
		case NSR_CATEGORY:
			if (p[0] >= f[i].shape)
				return ns_fail(e, NS_ECORRUPT,
				    "field '%s': category %u of %u", f[i].name, p[0],
				    f[i].shape);
			break;
		case NSR_WORD:
			if (get_le16(p) >= tables[f[i].table].n)
				return ns_fail(e, NS_ECORRUPT,
				    "field '%s': word %u of %u", f[i].name, get_le16(p),
				    tables[f[i].table].n);
			break;
		default:
			x = get_lef32(p);
			if (!(x >= 0 && x <= 1))
				return ns_fail(e, NS_ECORRUPT,
				    "field '%s': %g is not in [0, 1]", f[i].name,
				    (double)x);
			break;
		}
	}
	return NS_OK;
}

uint64_t
tensor_unit(const struct tensor_schema *s, const uint8_t *rec, size_t len)
{
	return s->has_unit ? get_le64(rec + len - TENSOR_UNIT_BYTES) : 0;
}

int
tensor_cut_unit(const struct tensor_schema *s, const uint8_t *rec, size_t *len,
    struct ns_err *e)
{
	if (!s->has_unit)
		return NS_OK;
	if (*len < TENSOR_UNIT_BYTES)
		return ns_fail(e, NS_ETRUNC, "tensor record of %zu bytes has no unit",
		    *len);
	*len -= TENSOR_UNIT_BYTES;
	if (get_le64(rec + *len) >= TENSOR_UNIT_END)
		return ns_fail(e, NS_ECORRUPT, "tensor record: unit out of range");
	return NS_OK;
}

int
tensor_check(const struct tensor_schema *s, const uint8_t *rec, size_t len,
    uint32_t *steps, struct ns_err *e)
{
	const uint8_t *p = rec;
	uint32_t T, t;
	int rc;

	if ((rc = tensor_cut_unit(s, rec, &len, e)) < 0)
		return rc;
	if (len < s->attr_bytes + 4)
		return ns_fail(e, NS_ETRUNC, "tensor record needs %zu bytes, has %zu",
		    s->attr_bytes + 4, len);
	rc = check_codes(s->attr, s->n_attr, s->tables, p, e);
	if (rc < 0)
		return rc;
	p += s->attr_bytes;
	T = get_le32(p);
	p += 4;
	len -= s->attr_bytes + 4;
	if (T < 1 || T > TENSOR_STEPS_MAX)
		return ns_fail(e, NS_ECORRUPT, "tensor record of %u steps", T);
	if (len % (s->feat_bytes + (s->feat_bytes == 0)) != 0 ||
	    len != T * s->feat_bytes)
		return ns_fail(e, NS_ECORRUPT,
		    "tensor record of %u steps of %zu bytes has %zu", T, s->feat_bytes,
		    len);
	for (t = 0; t < T; t++, p += s->feat_bytes) {
		rc = check_codes(s->feat, s->n_feat, s->tables, p, e);
		if (rc < 0)
			return rc;
	}
	*steps = T;
	return NS_OK;
}

void
tensor_expand(const struct tensor_field *f, int n, const struct tensor_table *tables,
    const uint8_t *code, float *x)
{
	const struct tensor_table *t;
	uint32_t b;
	int i, bit;

	for (i = 0; i < n; code += f[i].bytes, x += f[i].dims, i++) {
		switch (f[i].type) {
		case NSR_BIT:
			for (b = 0; b < f[i].shape; b++) {
				bit = code[b / 8] >> (7 - b % 8) & 1;
				x[2 * b] = (float)!bit;
				x[2 * b + 1] = (float)bit;
			}
			break;
		case NSR_CATEGORY:
			memset(x, 0, f[i].dims * sizeof *x);
			x[code[0]] = 1;
			break;
		case NSR_WORD:
			t = &tables[f[i].table];
			memcpy(x, t->v + (size_t)get_le16(code) * t->dim,
			    t->dim * sizeof *x);
			break;
		default:
			x[0] = get_lef32(code);
			break;
		}
	}
}

static double
dot(const float *a, const float *b, uint32_t n)
{
	double sum = 0;
	uint32_t i;

	for (i = 0; i < n; i++)
		sum += (double)a[i] * (double)b[i];
	return sum;
}

/* Dot products of x with one block of rows; returns the largest.  Sums of four times
 * eight rows stay in registers. */
typedef float eight __attribute__((vector_size(8 * sizeof(float))));

VECTOR_CLONES static float
block_dots(const float *lane, const float *x, uint32_t dim, float acc[TENSOR_LANES])
{
	eight s0, s1, s2, s3, a, b, c, d;
	const float *from;
	float top[8], most = -HUGE_VALF;
	uint32_t j, k;

	for (k = 0; k < 8; k++)
		top[k] = most;
	for (j = 0; j < TENSOR_LANES; j += 32) {
		s0 = s1 = s2 = s3 = (eight){0};
		for (k = 0, from = lane + j; k < dim; k++, from += TENSOR_LANES) {
			memcpy(&a, from, sizeof a);
			memcpy(&b, from + 8, sizeof b);
			memcpy(&c, from + 16, sizeof c);
			memcpy(&d, from + 24, sizeof d);
			s0 += x[k] * a;
			s1 += x[k] * b;
			s2 += x[k] * c;
			s3 += x[k] * d;
		}
		memcpy(acc + j, &s0, sizeof s0);
		memcpy(acc + j + 8, &s1, sizeof s1);
		memcpy(acc + j + 16, &s2, sizeof s2);
		memcpy(acc + j + 24, &s3, sizeof s3);
	}
	for (j = 0; j < TENSOR_LANES; j += 8)
		for (k = 0; k < 8; k++)
			top[k] = acc[j + k] > top[k] ? acc[j + k] : top[k];
	for (k = 0; k < 8; k++)
		most = top[k] > most ? top[k] : most;
	return most;
}

/* The row with the largest dot product, which for rows of unit length is the nearest by
 * angle.  Blocks of rows are sieved in float, whose sums are off by less than slack;
 * what comes within rounding of the best is decided in double. */
static uint16_t
nearest_row(const struct tensor_table *t, const float *x)
{
	size_t block = (size_t)t->dim * TENSOR_LANES;
	const float *lane = t->lanes;
	float acc[TENSOR_LANES], slack, limit = -HUGE_VALF, most;
	double best = -HUGE_VAL, d;
	uint32_t i, j, row = 0;

	slack = (float)(sqrt(dot(x, x, t->dim)) * 2.4e-7 * (t->dim + 4));
	for (i = 0; i < t->n; i += TENSOR_LANES, lane += block) {
		most = block_dots(lane, x, t->dim, acc);
		if (most < limit)
			continue;
		if (i + TENSOR_LANES <= t->n && most - 2 * slack > limit)
			limit = most - 2 * slack;
		for (j = 0; j < TENSOR_LANES && i + j < t->n; j++) {
			if (acc[j] < limit)
				continue;
			d = dot(x, t->v + (size_t)(i + j) * t->dim, t->dim);
			if (d > best) {
				best = d;
				if ((float)best - slack > limit)
					limit = (float)best - slack;
				row = i + j;
			}
		}
	}
	return (uint16_t)row;
}

static uint8_t
argmax(const float *x, uint32_t n)
{
	uint32_t i, best = 0;

	for (i = 1; i < n; i++)
		if (x[i] > x[best])
			best = i;
	return (uint8_t)best;
}

/* Two numbers a bit; the first bit is the highest of its byte. */
static void
harden_bits(const float *x, uint32_t n, uint8_t *code)
{
	uint32_t b, k;
	unsigned byte;

	for (b = 0; b < n; b += 8, code++) {
		for (byte = k = 0; k < 8 && b + k < n; k++, x += 2)
			byte |= (unsigned)(x[1] > x[0]) << (7 - k);
		*code = (uint8_t)byte;
	}
}

void
tensor_harden(const struct tensor_field *f, int n, const struct tensor_table *tables,
    const float *x, uint8_t *code)
{
	int i;

	for (i = 0; i < n; x += f[i].dims, code += f[i].bytes, i++) {
		switch (f[i].type) {
		case NSR_BIT:
			harden_bits(x, f[i].shape, code);
			break;
		case NSR_CATEGORY:
			code[0] = argmax(x, f[i].shape);
			break;
		case NSR_WORD:
			put_le16(code, nearest_row(&tables[f[i].table], x));
			break;
		default: /* a NaN becomes 0 */
			put_lef32(code, x[0] > 0 ? (x[0] < 1 ? x[0] : 1) : 0);
			break;
		}
	}
}
