#include "codec/codec.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crc32c.h"
#include "base/le.h"
#include "base/mem.h"
#include "codec/impl.h"

#define DICT_CODEC "codec"
#define DICT_PORTS "words.port"
#define DICT_PROTOS "words.proto"

static struct codec *
codec_alloc(void)
{
	struct codec *c = xcalloc(1, sizeof *c);

	tensor_schema_init(&c->schema);
	rules_init(&c->rules);
	return c;
}

struct codec *
codec_new(const char *profile, bool of_flows, int chunk_count, struct ns_err *e)
{
	struct codec *c;

	if (strcmp(profile, "netshare") != 0) {
		ns_fail(e, NS_EUSAGE, "no profile '%s'; there is netshare", profile);
		return NULL;
	}
	assert(chunk_count >= 1 && chunk_count <= CHUNKS_MAX);
	c = codec_alloc();
	c->of_flows = of_flows;
	c->chunks = chunk_count;
	c->fit = fit_new();
	return c;
}

void
codec_free(struct codec *c)
{
	uint32_t i;
	int id;

	if (c == NULL)
		return;
	for (id = 0; id < F_COUNT; id++) {
		for (i = 0; c->f[id].texts != NULL && i < c->f[id].shape; i++)
			free(c->f[id].texts[i]);
		free(c->f[id].texts);
		free(c->f[id].values);
		free(c->f[id].slots);
		free(c->f[id].codes);
		free(c->f[id].bytes);
	}
	word_table_free(&c->ports);
	word_table_free(&c->protos);
	free(c->port_row);
	tensor_schema_free(&c->schema);
	fit_free(c->fit);
	free(c->s.packets);
	free(c->s.flows);
	free(c);
}

const struct tensor_schema *
codec_schema(const struct codec *c)
{
	return &c->schema;
}

uint32_t
codec_max_steps(const struct codec *c)
{
	return c->max_steps;
}

uint32_t
codec_hash(const struct codec *c)
{
	return c->hash;
}

static bool
uses_ports(const struct codec *c)
{
	return c->f[F_SRC_PORT].how == HOW_WORD || c->f[F_DST_PORT].how == HOW_WORD;
}

static bool
uses_protos(const struct codec *c)
{
	return c->f[F_PROTO].how == HOW_WORD;
}

/* Tables no field uses go, so that a fitted codec and a loaded one are the same. */
static void
number_rows(struct codec *c)
{
	uint32_t i;

	if (!uses_ports(c))
		word_table_free(&c->ports);
	if (!uses_protos(c))
		word_table_free(&c->protos);
	c->port_row = xmalloc(65536 * sizeof *c->port_row);
	for (i = 0; i < 65536; i++)
		c->port_row[i] = -1;
	for (i = 0; i < 256; i++)
		c->proto_row[i] = -1;
	for (i = 0; i < c->ports.n; i++)
		c->port_row[c->ports.word[i]] = (int32_t)i;
	for (i = 0; i < c->protos.n; i++) {
		c->proto_row[c->protos.word[i]] = (int16_t)i;
		c->rules.seen[c->protos.word[i]] = true;
	}
	if (!uses_protos(c))
		c->rules.seen[c->f[F_PROTO].value & 0xff] = true;
}

static void
make_schema(struct codec *c)
{
	const struct field *f;
	const char *table;
	int id, type;

	if (uses_ports(c))
		tensor_schema_table(&c->schema, "port", c->ports.n, IP2VEC_DIM,
		    c->ports.v);
	if (uses_protos(c))
		tensor_schema_table(&c->schema, "proto", c->protos.n, IP2VEC_DIM,
		    c->protos.v);
	for (id = 0; id < F_COUNT; id++) {
		f = &c->f[id];
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

void
codec_complete(struct codec *c)
{
	struct buf b = {0};
	int id;

	for (id = 0; id < F_COUNT; id++)
		field_index(&c->f[id]);
	number_rows(c);
	make_schema(c);
	codec_text_put(c, &b);
	c->hash = crc32c(0, b.p, b.len);
	buf_free(&b);
	c->hash = hash_table(c->hash, &c->ports);
	c->hash = hash_table(c->hash, &c->protos);
}

static int
put_words(struct nsr_writer *w, const char *name, const struct word_table *t,
    struct ns_err *e)
{
	struct buf b = {0};
	int rc;

	words_bytes(t, &b);
	rc = nsr_put_dict(w, name, false, b.p, b.len, e);
	buf_free(&b);
	return rc;
}

int
codec_put(const struct codec *c, struct nsr_writer *w, struct ns_err *e)
{
	struct buf b = {0};
	int rc;

	codec_text_put(c, &b);
	rc = nsr_put_dict(w, DICT_CODEC, false, b.p, b.len, e);
	buf_free(&b);
	if (rc >= 0 && uses_ports(c))
		rc = put_words(w, DICT_PORTS, &c->ports, e);
	if (rc >= 0 && uses_protos(c))
		rc = put_words(w, DICT_PROTOS, &c->protos, e);
	return rc < 0 ? rc : tensor_put_tables(&c->schema, w, e);
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

static int
load_tables(struct codec *c, const struct nsr_reader *r, struct ns_err *e)
{
	struct nsr_schema *a = NULL, *b = NULL;
	struct tensor_schema s;
	int rc;

	rc = nsr_schema(r)->kind == NSR_TENSOR ? tensor_schema_from_reader(&s, r, e)
					       : tensor_schema_from_dict(&s, r, e);
	if (rc < 0)
		return rc;
	if (uses_ports(c) &&
	    (rc = load_words(&c->ports, r, DICT_PORTS, &s, "port", 65535, e)) < 0)
		goto out;
	if (uses_protos(c) &&
	    (rc = load_words(&c->protos, r, DICT_PROTOS, &s, "proto", 255, e)) < 0)
		goto out;
	codec_complete(c);
	a = xmalloc(sizeof *a);
	b = xmalloc(sizeof *b);
	tensor_schema_to_nsr(&s, a);
	tensor_schema_to_nsr(&c->schema, b);
	if (!nsr_schema_same(a, b))
		rc = ns_fail(e, NS_ECORRUPT,
		    "the stream's fields are not those of its codec");
out:
	free(a);
	free(b);
	tensor_schema_free(&s);
	return rc;
}

struct codec *
codec_load(const struct nsr_reader *r, struct ns_err *e)
{
	struct nsr_dict d = nsr_dict(r, DICT_CODEC);
	struct codec *c;

	if (d.data == NULL) {
		ns_fail(e, NS_EKIND, "'%s' carries no codec", nsr_name(r));
		return NULL;
	}
	c = codec_alloc();
	if (codec_text_get(c, d.data, d.len, e) < 0 || load_tables(c, r, e) < 0) {
		codec_free(c);
		return NULL;
	}
	return c;
}
