/* The tables of ports and protocols, the schema, and what goes with them. */
#include <stdlib.h>
#include <string.h>

#include "base/crc32c.h"
#include "base/le.h"
#include "base/mem.h"
#include "codec/netshare/fit.h"

#define DICT_PORTS "words.port"
#define DICT_PROTOS "words.proto"

static bool
uses_ports(const struct codec *c)
{
	return c->ns->f[F_SRC_PORT].how == HOW_WORD ||
	    c->ns->f[F_DST_PORT].how == HOW_WORD;
}

static bool
uses_protos(const struct codec *c)
{
	return c->ns->f[F_PROTO].how == HOW_WORD;
}

/* Tables no field uses go, so that a fitted codec and a loaded one are the same. */
static void
number_rows(struct codec *c)
{
	uint32_t i;

	if (!uses_ports(c))
		word_table_free(&c->ns->ports);
	if (!uses_protos(c))
		word_table_free(&c->ns->protos);
	c->ns->port_row = xmalloc(65536 * sizeof *c->ns->port_row);
	for (i = 0; i < 65536; i++)
		c->ns->port_row[i] = -1;
	for (i = 0; i < 256; i++)
		c->ns->proto_row[i] = -1;
	for (i = 0; i < c->ns->ports.n; i++)
		c->ns->port_row[c->ns->ports.word[i]] = (int32_t)i;
	for (i = 0; i < c->ns->protos.n; i++) {
		c->ns->proto_row[c->ns->protos.word[i]] = (int16_t)i;
		c->rules.seen[c->ns->protos.word[i]] = true;
	}
	if (c->ns->f[F_PROTO].how == HOW_CONST)
		c->rules.seen[c->ns->f[F_PROTO].value & 0xff] = true;
	for (i = 0; i < 256 && c->ns->f[F_PROTO].how == HOW_BITS; i++)
		c->rules.seen[i] = true;
}

static void
make_schema(struct codec *c)
{
	const struct field *f;
	const char *table;
	int id, type;

	if (uses_ports(c))
		tensor_schema_table(&c->schema, "port", c->ns->ports.n, IP2VEC_DIM,
		    c->ns->ports.v);
	if (uses_protos(c))
		tensor_schema_table(&c->schema, "proto", c->ns->protos.n, IP2VEC_DIM,
		    c->ns->protos.v);
	for (id = 0; id < F_COUNT; id++) {
		f = &c->ns->f[id];
		if (f->how <= HOW_CONST)
			continue;
		type = f->how == HOW_BITS    ? NSR_BIT
		    : f->how == HOW_CATEGORY ? NSR_CATEGORY
		    : f->how == HOW_WORD     ? NSR_WORD
					     : NSR_REAL;
		table = f->how != HOW_WORD ? "" : id == F_PROTO ? "proto" : "port";
		tensor_schema_add(&c->schema,
		    id < F_FEATURES ? NSR_ATTRIBUTE : NSR_FEATURE,
		    field_def((enum field_id)id)->name, type,
		    type == NSR_REAL ? 1 : f->shape, table);
	}
}

static void
words_bytes(const struct word_table *t, struct buf *b)
{
	uint32_t i;

	for (i = 0; i < t->n; i++)
		put_le16(buf_room(b, 2), t->word[i]);
}

static uint32_t
hash_table(uint32_t crc, const struct word_table *t)
{
	struct buf b = {0};
	size_t i, n = (size_t)t->n * IP2VEC_DIM;

	words_bytes(t, &b);
	for (i = 0; i < n; i++)
		put_lef32(buf_room(&b, 4), t->v[i]);
	crc = crc32c(crc, b.p, b.len);
	buf_free(&b);
	return crc;
}

static int
put_words(const struct codec *c, struct nsr_writer *w, const char *name,
    const struct word_table *t, struct ns_err *e)
{
	struct buf b = {0};
	int rc;

	words_bytes(t, &b);
	rc = nsr_put_dict(w, name, c->schema.is_public, b.p, b.len, e);
	buf_free(&b);
	return rc;
}

/* Words in ascending order below most, as many as the table of the schema has rows. */
static int
load_words(struct word_table *t, const struct nsr_reader *r, const char *name,
    const struct tensor_schema *s, const char *table, uint32_t most, struct ns_err *e)
{
	struct nsr_dict d = nsr_dict(r, name);
	const struct tensor_table *v = NULL;
	uint32_t i, last = 0, w;
	int k;

	for (k = 0; k < s->n_tables; k++)
		if (strcmp(s->tables[k].name, table) == 0)
			v = &s->tables[k];
	if (d.data == NULL || v == NULL || v->dim != IP2VEC_DIM ||
	    d.len != 2 * (size_t)v->n)
		return ns_fail(e, NS_ECORRUPT,
		    "'%s' does not go with the table '%s' of the stream", name, table);
	t->n = v->n;
	t->word = xcalloc(v->n, sizeof *t->word);
	t->v = xmalloc((size_t)v->n * v->dim * sizeof *t->v);
	memcpy(t->v, v->v, (size_t)v->n * v->dim * sizeof *t->v);
	for (i = 0; i < t->n; i++) {
		w = get_le16(d.data + 2 * (size_t)i);
		if ((i > 0 && w <= last) || w > most)
			return ns_fail(e, NS_ECORRUPT, "'%s': word %u is out of order",
			    name, w);
		t->word[i] = (uint16_t)w;
		last = w;
	}
	return NS_OK;
}

void
netshare_complete(struct codec *c)
{
	int id;

	for (id = 0; id < F_COUNT; id++)
		field_index(&c->ns->f[id]);
	number_rows(c);
	make_schema(c);
}

int
netshare_put(const struct codec *c, struct nsr_writer *w, struct ns_err *e)
{
	int rc = NS_OK;

	if (uses_ports(c))
		rc = put_words(c, w, DICT_PORTS, &c->ns->ports, e);
	if (rc >= 0 && uses_protos(c))
		rc = put_words(c, w, DICT_PROTOS, &c->ns->protos, e);
	return rc < 0 ? rc : tensor_put_tables(&c->schema, w, e);
}

uint32_t
netshare_sum(const struct codec *c, uint32_t crc)
{
	crc = hash_table(crc, &c->ns->ports);
	return hash_table(crc, &c->ns->protos);
}

int
netshare_load(struct codec *c, const struct tensor_schema *s,
    const struct nsr_reader *r, struct ns_err *e)
{
	int rc = NS_OK;

	if (uses_ports(c))
		rc = load_words(&c->ns->ports, r, DICT_PORTS, s, "port", 65535, e);
	if (rc >= 0 && uses_protos(c))
		rc = load_words(&c->ns->protos, r, DICT_PROTOS, s, "proto", 255, e);
	if (rc >= 0)
		netshare_complete(c);
	return rc;
}

static void
netshare_init(struct codec *c)
{
	c->ns = xcalloc(1, sizeof *c->ns);
}

static void
netshare_free(struct codec *c)
{
	struct field *f;

	for (f = c->ns->f; f < c->ns->f + F_COUNT; f++) {
		texts_free(&f->texts);
		free(f->values);
		free(f->slots);
		free(f->codes);
		free(f->bytes);
	}
	word_table_free(&c->ns->ports);
	word_table_free(&c->ns->protos);
	free(c->ns->port_row);
	fit_free(c->ns->fit);
	free(c->ns);
}

static void
netshare_fit_begin(struct codec *c, const struct codec_config *f)
{
	c->ns->fit = fit_new();
	c->ns->fit->seed = f->seed;
}

const struct profile netshare_profile = {
    .name = "netshare",
    .init = netshare_init,
    .free = netshare_free,
    .fit_begin = netshare_fit_begin,
    .fit_fields = netshare_fit_fields,
    .fit_words = netshare_fit_words,
    .fit_end = netshare_fit_end,
    .constants = netshare_constants,
    .encode = netshare_encode,
    .decode = netshare_decode,
    .text_put = netshare_text_put,
    .text_get = netshare_text_get,
    .put = netshare_put,
    .sum = netshare_sum,
    .load = netshare_load,
};
