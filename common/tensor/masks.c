#include "tensor/masks.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void
tensor_masks_init(struct tensor_masks *m)
{
	memset(m, 0, sizeof *m);
}

void
tensor_masks_free(struct tensor_masks *m)
{
	int i;

	for (i = 0; i < m->n; i++)
		free(m->mask[i].allow);
	free(m->mask);
	memset(m, 0, sizeof *m);
}

/* Room for one more mask of the field, behind those it has. */
static struct tensor_mask *
insert(struct tensor_masks *m, int given, int of, uint32_t n)
{
	size_t cap = (size_t)m->cap;
	struct tensor_mask *k;
	int i = m->n;

	xgrow(&m->mask, &cap, (size_t)m->n + 1, sizeof *m->mask);
	m->cap = (int)cap;
	while (i > 0 && m->mask[i - 1].of > of)
		i--;
	k = &m->mask[i];
	memmove(k + 1, k, (size_t)(m->n - i) * sizeof *k);
	m->n++;
	k->given = given;
	k->of = of;
	k->n = n;
	k->allow = xcalloc(n, sizeof *k->allow);
	return k;
}

struct tensor_mask *
tensor_masks_add(struct tensor_masks *m, const struct tensor_schema *s, int given,
    int of)
{
	const struct tensor_field *g = tensor_field_at(s, given);

	assert(given >= MASK_ALWAYS && given < of);
	assert(tensor_field_at(s, of)->type == NSR_CATEGORY);
	assert(given < 0 || g->type == NSR_CATEGORY);
	assert(given != MASK_STEP || of >= s->n_attr);
	return insert(m, given, of,
	    given == MASK_ALWAYS     ? 1
		: given == MASK_STEP ? 2
				     : g->shape);
}

void
tensor_masks_join(struct tensor_masks *m, const struct tensor_masks *more)
{
	const struct tensor_mask *k;
	int i;

	for (i = 0; i < more->n; i++) {
		k = &more->mask[i];
		memcpy(insert(m, k->given, k->of, k->n)->allow, k->allow,
		    k->n * sizeof *k->allow);
	}
}

void
mask_set_all(uint8_t allow[MASK_BYTES], uint32_t shape)
{
	memset(allow, 0, MASK_BYTES);
	memset(allow, 0xff, shape / 8);
	if (shape % 8 != 0)
		allow[shape / 8] = (uint8_t)((1u << shape % 8) - 1);
}

uint32_t
mask_count(const uint8_t allow[MASK_BYTES])
{
	uint32_t i, n = 0;

	for (i = 0; i < 8 * MASK_BYTES; i++)
		n += mask_has(allow, i);
	return n;
}

const struct tensor_field *
tensor_field_at(const struct tensor_schema *s, int i)
{
	if (i < 0 || i >= s->n_attr + s->n_feat)
		return NULL;
	return i < s->n_attr ? &s->attr[i] : &s->feat[i - s->n_attr];
}

int
tensor_field_find(const struct tensor_schema *s, const char *name)
{
	int i;

	for (i = 0; i < s->n_attr + s->n_feat; i++)
		if (strcmp(tensor_field_at(s, i)->name, name) == 0)
			return i;
	return -1;
}

/* The first mask of the field; m->n if there is none. */
static int
first_of(const struct tensor_masks *m, int of)
{
	int lo = 0, hi = m->n, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (m->mask[mid].of < of)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < m->n && m->mask[lo].of == of ? lo : m->n;
}

static const uint8_t *
row_of(const struct tensor_mask *k, bool later, const uint8_t *code)
{
	return k->allow[k->given == MASK_ALWAYS ? 0
		: k->given == MASK_STEP         ? later
						: code[k->given]];
}

bool
tensor_masks_allow(const struct tensor_masks *m, int of, bool later,
    const uint8_t *code, uint8_t allow[MASK_BYTES])
{
	int first = first_of(m, of), i, b;
	const uint8_t *row = NULL;
	uint8_t any = 0;

	memset(allow, 0xff, MASK_BYTES);
	for (i = first; i < m->n && m->mask[i].of == of; i++) {
		row = row_of(&m->mask[i], later, code);
		for (b = 0; b < MASK_BYTES; b++)
			allow[b] &= row[b];
	}
	if (row == NULL)
		return false;
	for (b = 0; b < MASK_BYTES; b++)
		any |= allow[b];
	if (any == 0)
		memcpy(allow, row, MASK_BYTES);
	return true;
}

/* The categories of one group of fields, from number first on. */
static void
take_codes(const struct tensor_field *f, int n, const uint8_t *p, uint8_t *code)
{
	int i;

	for (i = 0; i < n; p += f[i].bytes, i++)
		code[i] = f[i].type == NSR_CATEGORY ? p[0] : 0;
}

/* Among the masks from at on, those of fields below end. */
static const struct tensor_mask *
broken_below(const struct tensor_masks *m, int at, int end, bool later,
    const uint8_t *code)
{
	const struct tensor_mask *k;
	int i;

	for (i = at; i < m->n && m->mask[i].of < end; i++) {
		k = &m->mask[i];
		if (!mask_has(row_of(k, later, code), code[k->of]))
			return k;
	}
	return NULL;
}

const struct tensor_mask *
tensor_masks_broken(const struct tensor_masks *m, const struct tensor_schema *s,
    const uint8_t *rec, uint32_t T)
{
	int end = s->n_attr + s->n_feat, features = 0;
	const struct tensor_mask *k;
	uint8_t code[NSR_MAX_FIELDS];
	uint32_t t;

	take_codes(s->attr, s->n_attr, rec, code);
	if ((k = broken_below(m, 0, s->n_attr, false, code)) != NULL)
		return k;
	while (features < m->n && m->mask[features].of < s->n_attr)
		features++;
	rec += s->attr_bytes + 4;
	for (t = 0; t < T && k == NULL; t++, rec += s->feat_bytes) {
		take_codes(s->feat, s->n_feat, rec, code + s->n_attr);
		k = broken_below(m, features, end, t > 0, code);
	}
	return k;
}
