/* The profile as codec.c sees it, and its tensor fields. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crc32c.h"
#include "base/mem.h"
#include "codec/symbol/fit.h"

static void
add_field(struct codec *c, int id, const char *suffix, int type, uint32_t shape)
{
	char name[32];

	snprintf(name, sizeof name, "%s%s", sym_defs[id].name, suffix);
	tensor_schema_add(&c->schema,
	    c->sym->f[id].is_attr ? NSR_ATTRIBUTE : NSR_FEATURE, name, type, shape, "");
}

static void
add_values(struct codec *c, int id)
{
	const struct sym_field *f = &c->sym->f[id];
	char suffix[16];
	int k;

	add_field(c, id, "", NSR_CATEGORY, sym_symbols(f));
	if (f->groups.n > 0)
		add_field(c, id, ".i", NSR_CATEGORY, groups_widest(&f->groups));
	for (k = 0; k < f->octets; k++) {
		snprintf(suffix, sizeof suffix, ".%d", k);
		add_field(c, id, suffix, NSR_CATEGORY, 256);
	}
}

static void
add_number(struct codec *c, int id)
{
	const struct number *x = &c->sym->f[id].number;

	add_field(c, id, "", NSR_CATEGORY, x->n + sym_offset(id));
	if (number_has_bins(x))
		add_field(c, id, ".pos", NSR_REAL, 1);
}

static void
add(struct codec *c, int id)
{
	struct sym_field *f = &c->sym->f[id];

	f->at = f->how <= SYM_CONST ? -1 : c->schema.n_attr + c->schema.n_feat;
	switch (f->how) {
	case SYM_VALUES:
		add_values(c, id);
		break;
	case SYM_NUMBER:
		add_number(c, id);
		break;
	case SYM_TEXT:
		add_field(c, id, "", NSR_CATEGORY, (uint32_t)f->texts.n);
		break;
	case SYM_BITS:
		add_field(c, id, "", NSR_BIT, id == S_CHUNKS ? (uint32_t)c->chunks : 1);
		break;
	default:
		break;
	}
}

/* The rules go by which protocols there are. */
static void
see_protocols(struct codec *c)
{
	const struct sym_field *f = &c->sym->f[S_PROTO];
	uint32_t i;

	if (f->how == SYM_CONST)
		c->rules.seen[f->value.lo] = true;
	for (i = 0; i < 256 && f->open; i++)
		c->rules.seen[i] = true;
	for (i = 0; i < f->values.n; i++)
		c->rules.seen[f->values.v[i].lo] = true;
}

void
symbol_complete(struct codec *c)
{
	int id;

	see_protocols(c);
	for (id = 0; id < S_COUNT; id++)
		if (c->sym->f[id].is_attr)
			add(c, id);
	for (id = 0; id < S_COUNT; id++)
		if (!c->sym->f[id].is_attr)
			add(c, id);
	symbol_masks(c);
}

static void
symbol_init(struct codec *c)
{
	int id;

	c->sym = xcalloc(1, sizeof *c->sym);
	for (id = 0; id < S_COUNT; id++)
		c->sym->f[id].is_attr = sym_defs[id].is_attr;
}

static void
symbol_free(struct codec *c)
{
	struct sym_field *f;

	for (f = c->sym->f; f < c->sym->f + S_COUNT; f++) {
		alphabet_free(&f->values);
		groups_free(&f->groups);
		number_free(&f->number);
		texts_free(&f->texts);
		free(f->tags);
	}
	sym_fit_free(c->sym->fit);
	free(c->sym);
}

static void
symbol_fit_begin(struct codec *c, const struct codec_config *f)
{
	c->sym->fit = sym_fit_new(f);
}

static int
symbol_put(const struct codec *c, struct nsr_writer *w, struct ns_err *e)
{
	return tensor_masks_put(&c->masks, &c->schema, w, e);
}

static uint32_t
symbol_sum(const struct codec *c, uint32_t crc)
{
	struct buf b = {0};

	tensor_masks_bytes(&c->masks, &c->schema, &b);
	crc = crc32c(crc, b.p, b.len);
	buf_free(&b);
	return crc;
}

/* Masks follow from the text: those of the stream are for who cannot read it. */
static int
symbol_load(struct codec *c, const struct tensor_schema *s, const struct nsr_reader *r,
    struct ns_err *e)
{
	(void)s;
	(void)r;
	(void)e;
	symbol_complete(c);
	return NS_OK;
}

static bool
symbol_answers(const struct codec *c)
{
	return c->sym->f[S_ROLE].how == SYM_VALUES;
}

const struct profile symbol_profile = {
    .name = "symbol",
    .init = symbol_init,
    .free = symbol_free,
    .fit_begin = symbol_fit_begin,
    .fit_fields = symbol_fit_fields,
    .fit_words = symbol_fit_words,
    .fit_answer = symbol_fit_answer,
    .fit_end = symbol_fit_end,
    .constants = symbol_constants,
    .encode = symbol_encode,
    .decode = symbol_decode,
    .tuple = symbol_tuple,
    .answers = symbol_answers,
    .answer = symbol_answer,
    .answer_start = symbol_answer_start,
    .given = symbol_given,
    .starts = symbol_starts,
    .text_put = symbol_text_put,
    .text_get = symbol_text_get,
    .put = symbol_put,
    .sum = symbol_sum,
    .load = symbol_load,
};
