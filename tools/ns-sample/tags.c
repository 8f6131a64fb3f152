#include "tags.h"

#include <string.h>

static bool
is_key(const char *name)
{
	return strcmp(name, "src_ip") == 0 || strcmp(name, "dst_ip") == 0 ||
	    strcmp(name, "src_port") == 0 || strcmp(name, "dst_port") == 0 ||
	    strcmp(name, "proto") == 0;
}

void
tags_find(struct tags *t, const struct tensor_schema *s)
{
	const struct tensor_field *f;
	size_t at = 0, dims = 0;
	int i;

	memset(t, 0, sizeof *t);
	t->starts = t->chunks = -1;
	for (i = 0; i < s->n_attr; i++) {
		f = &s->attr[i];
		if (f->type == NSR_BIT && strcmp(f->name, "flow_starts") == 0)
			t->starts = (long)at;
		else if (f->type == NSR_BIT && strcmp(f->name, "flow_chunks") == 0) {
			t->chunks = (long)at;
			t->soft = dims;
		} else if (is_key(f->name) && t->n_key < 5) {
			t->key[t->n_key].at = at;
			t->key[t->n_key++].n = f->bytes;
		}
		at += f->bytes;
		dims += f->dims;
	}
}

bool
tags_starts(const struct tags *t, const uint8_t *code)
{
	return t->starts < 0 || (code[t->starts] & 0x80) != 0;
}

bool
tags_in(const struct tags *t, const uint8_t *code, int c)
{
	return t->chunks < 0 || (code[t->chunks + c / 8] & 0x80 >> c % 8) != 0;
}

void
tags_set_starts(const struct tags *t, uint8_t *code, bool starts)
{
	if (t->starts >= 0)
		code[t->starts] = starts ? 0x80 : 0;
}

void
tags_set_in(const struct tags *t, uint8_t *code, int c)
{
	if (t->chunks >= 0)
		code[t->chunks + c / 8] |= (uint8_t)(0x80 >> c % 8);
}

void
tags_draw(const struct tags *t, uint8_t *code, const real *x, int c, int chunks,
    struct rng *r)
{
	uint8_t *bits;
	int i;

	if (t->chunks < 0)
		return;
	bits = code + t->chunks;
	for (i = 0; i < chunks; i++) {
		if (i == c)
			continue;
		bits[i / 8] &= (uint8_t) ~(0x80 >> i % 8);
		if (i > c && rng_uniform(r) < (double)x[t->soft + 2 * (size_t)i + 1])
			tags_set_in(t, code, i);
	}
}

size_t
tags_key(const struct tags *t, const uint8_t *code, uint8_t *key)
{
	size_t n = 0;
	int i;

	for (i = 0; i < t->n_key; i++) {
		memcpy(key + n, code + t->key[i].at, t->key[i].n);
		n += t->key[i].n;
	}
	return n;
}
