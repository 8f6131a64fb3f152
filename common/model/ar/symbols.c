#include "model/ar/symbols.h"

#include <stdlib.h>
#include <string.h>

#include "base/le.h"
#include "base/mem.h"

/* Wide enough to keep codes apart, narrow enough to be learnt from few. */
static int
embed_width(int k)
{
	return k <= 2 ? 2 : k <= 8 ? 4 : k <= 32 ? 8 : 16;
}

static void
add_symbol(struct symbols *s, int *width, int field, uint32_t at, int bit, int k)
{
	struct symbol *y = &s->sym[s->n_attr + s->n_step];

	y->at = at;
	y->bit = bit;
	y->field = field;
	y->k = k;
	y->first = s->codes;
	s->codes += k;
	y->e = embed_width(k);
	y->x = *width;
	*width += y->e;
	if (k > s->biggest)
		s->biggest = k;
}

/* X.N, where there is no X.N+1 behind it. */
static bool
is_last_octet(const struct tensor_field *f, int n, int i)
{
	const char *dot = strrchr(f[i].name, '.'), *d;
	size_t stem;

	if (dot == NULL || dot[1] == '\0')
		return false;
	for (d = dot + 1; *d != '\0'; d++)
		if (*d < '0' || *d > '9')
			return false;
	stem = (size_t)(dot + 1 - f[i].name);
	return i + 1 == n || strncmp(f[i + 1].name, f[i].name, stem) != 0;
}

/* The symbols of n fields, counted in *count. */
static int
add_fields(struct symbols *s, const struct tensor_field *f, int n, int first,
    int *count, int *width, struct ns_err *e)
{
	uint32_t at = 0, b;
	int i;

	for (i = 0; i < n; at += f[i].bytes, i++) {
		if (f[i].type == NSR_WORD)
			return ns_fail(e, NS_EKIND,
			    "field '%s' is a vector of words, not symbols: encode with "
			    "ns-encode -p symbol",
			    f[i].name);
		if (f[i].type == NSR_CATEGORY) {
			add_symbol(s, width, first + i, at, -1, (int)f[i].shape);
			s->sym[s->n_attr + s->n_step].octet = is_last_octet(f, n, i);
			s->sym[s->n_attr + s->n_step].ordered =
			    i + 1 < n && f[i + 1].type == NSR_REAL;
			++*count;
		}
		for (b = 0; f[i].type == NSR_BIT && b < f[i].shape; b++) {
			add_symbol(s, width, first + i, at + b / 8, (int)(b % 8), 2);
			++*count;
		}
	}
	return NS_OK;
}

static size_t
count_symbols(const struct tensor_field *f, int n)
{
	size_t total = 0;
	int i;

	for (i = 0; i < n; i++)
		total += f[i].type == NSR_BIT ? f[i].shape : 1;
	return total;
}

static int
symbol_of(const struct symbols *s, int field)
{
	int i;

	for (i = 0; i < s->n_attr + s->n_step; i++)
		if (s->sym[i].field == field && s->sym[i].bit < 0)
			return i;
	return -1;
}

static void
add_masks(struct symbols *s, const struct tensor_masks *masks)
{
	struct symbol *y;
	int i, j;

	s->mask = xcalloc((size_t)masks->n + 1, sizeof *s->mask);
	for (i = 0; i < s->n_attr + s->n_step; i++) {
		y = &s->sym[i];
		y->first_mask = s->n_masks;
		for (j = 0; j < masks->n; j++) {
			const struct tensor_mask *m = &masks->mask[j];

			if (m->of != y->field)
				continue;
			s->mask[s->n_masks].given =
			    m->given < 0 ? m->given : symbol_of(s, m->given);
			s->mask[s->n_masks++].allow = m->allow;
			y->n_masks++;
		}
	}
}

int
symbols_new(struct symbols *s, const struct tensor_schema *t, struct ns_err *e)
{
	size_t n =
	    count_symbols(t->attr, t->n_attr) + count_symbols(t->feat, t->n_feat);
	int rc;

	memset(s, 0, sizeof *s);
	s->sym = xcalloc(n + 1, sizeof *s->sym);
	rc = add_fields(s, t->attr, t->n_attr, 0, &s->n_attr, &s->attr_width, e);
	if (rc >= 0)
		rc = add_fields(s, t->feat, t->n_feat, t->n_attr, &s->n_step,
		    &s->step_width, e);
	if (rc >= 0)
		add_masks(s, &t->masks);
	return rc;
}

void
symbols_free(struct symbols *s)
{
	free(s->sym);
	free(s->mask);
	memset(s, 0, sizeof *s);
}

void
symbols_read(const struct symbol *s, int n, const uint8_t *rec, uint16_t *code)
{
	int i;

	for (i = 0; i < n; i++)
		code[i] =
		    s[i].bit < 0 ? rec[s[i].at] : rec[s[i].at] >> (7 - s[i].bit) & 1;
}

void
symbols_write(const struct symbol *s, int n, const uint16_t *code, uint8_t *rec)
{
	int i;

	for (i = 0; i < n; i++)
		if (s[i].bit < 0)
			rec[s[i].at] = (uint8_t)code[i];
		else
			rec[s[i].at] |= (uint8_t)(code[i] << (7 - s[i].bit));
}

static int
count_ones(uint64_t v)
{
	v -= v >> 1 & 0x5555555555555555;
	v = (v & 0x3333333333333333) + (v >> 2 & 0x3333333333333333);
	v = (v + (v >> 4)) & 0x0f0f0f0f0f0f0f0f;
	return (int)(v * 0x0101010101010101 >> 56);
}

static int
highest_one(uint64_t v)
{
	int i = 0, half;

	for (half = 32; half > 0; half /= 2)
		if (v >> half != 0) {
			v >>= half;
			i += half;
		}
	return i;
}

/* *only is the last of them. */
static int
count_allowed(const uint8_t allow[CHOICE_SET], int k, uint16_t *only)
{
	int n = 0, j;
	uint64_t v, last = 0;

	for (j = 0; j < k; j += 64) {
		v = get_le64(allow + j / 8);
		if (k - j < 64)
			v &= ((uint64_t)1 << (k - j)) - 1;
		n += count_ones(v);
		if (v != 0) {
			last = v;
			*only = (uint16_t)j;
		}
	}
	if (n > 0)
		*only = (uint16_t)(*only + highest_one(last));
	return n;
}

static const uint8_t *
mask_row(const struct symbols *s, const struct symbol_mask *m, const uint16_t *attr,
    const uint16_t *step, bool later)
{
	if (m->given == MASK_ALWAYS)
		return m->allow[0];
	if (m->given == MASK_STEP)
		return m->allow[later];
	return m
	    ->allow[m->given < s->n_attr ? attr[m->given] : step[m->given - s->n_attr]];
}

int
symbols_allow(const struct symbols *s, int i, const uint16_t *attr,
    const uint16_t *step, bool later, uint8_t allow[CHOICE_SET], uint16_t *only)
{
	const struct symbol *y = &s->sym[i];
	const uint8_t *row = NULL;
	int j, b, n;

	if (y->n_masks == 0) {
		memset(allow, 0xff, CHOICE_SET);
		*only = 0;
		return y->k;
	}
	for (j = 0; j < y->n_masks; j++) {
		row = mask_row(s, &s->mask[y->first_mask + j], attr, step, later);
		for (b = 0; b < CHOICE_SET; b++)
			allow[b] = j == 0 ? row[b] : allow[b] & row[b];
	}
	if ((n = count_allowed(allow, y->k, only)) > 0)
		return n;
	memcpy(allow, row, CHOICE_SET);
	return count_allowed(allow, y->k, only);
}
