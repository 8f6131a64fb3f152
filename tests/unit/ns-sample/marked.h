/*
 * marked.h: a world with masks of every kind, of which some symbols say what their
 * series is, whatever the others are.
 */
#ifndef TEST_MARKED_H
#define TEST_MARKED_H

#include <string.h>

#include "world.h"

/* Attributes stand before, among and behind the five-tuple's parts. */
enum {
	PROTO,
	VERSION,
	SERVICE,
	SERVICE_0,
	SERVICE_1,
	SRC,
	DST,
	TAGS,
	CLIENT,
	CLIENT_0,
	CLIENT_1,
	LABEL,
	START,
	FLAGS,
	SIZE,
	SIZE_POS,
	GAP,
	TTL,
	MARK
};
enum { SERVICES = 6, CLIENTS = 5, LABELS = 4, LENGTHS = 5 };

static const struct {
	const char *name;
	int role, type;
	uint32_t shape;
} fields[] = {
    {"proto", NSR_ATTRIBUTE, NSR_CATEGORY, 3},
    {"ip_version", NSR_ATTRIBUTE, NSR_CATEGORY, 2},
    {"service", NSR_ATTRIBUTE, NSR_CATEGORY, SERVICES},
    {"service.0", NSR_ATTRIBUTE, NSR_CATEGORY, 256},
    {"service.1", NSR_ATTRIBUTE, NSR_CATEGORY, 256},
    {"src_ip.0", NSR_ATTRIBUTE, NSR_CATEGORY, 40},
    {"dst_ip.0", NSR_ATTRIBUTE, NSR_CATEGORY, 30},
    {"tags", NSR_ATTRIBUTE, NSR_BIT, 3},
    {"client", NSR_ATTRIBUTE, NSR_CATEGORY, CLIENTS},
    {"client.0", NSR_ATTRIBUTE, NSR_CATEGORY, 256},
    {"client.1", NSR_ATTRIBUTE, NSR_CATEGORY, 256},
    {"label", NSR_ATTRIBUTE, NSR_CATEGORY, LABELS},
    {"start", NSR_ATTRIBUTE, NSR_REAL, 1},
    {"flags", NSR_FEATURE, NSR_CATEGORY, 6},
    {"size", NSR_FEATURE, NSR_CATEGORY, 30},
    {"size.pos", NSR_FEATURE, NSR_REAL, 1},
    {"gap", NSR_FEATURE, NSR_CATEGORY, 4},
    {"ttl", NSR_FEATURE, NSR_CATEGORY, 3},
    {"mark", NSR_FEATURE, NSR_CATEGORY, 2},
};

/* Code 0 may always follow, and about one in every of the others. */
static inline void
some_follow(struct tensor_schema *s, int given, int of, uint32_t every, struct rng *r)
{
	struct tensor_mask *k = tensor_masks_add(&s->masks, s, given, of);
	uint32_t i, j;

	for (i = 0; i < k->n; i++)
		for (j = 0; j < tensor_field_at(s, of)->shape; j++)
			if (j == 0 || rng_below(r, every) == 0)
				mask_set(k->allow[i], j);
}

/* A value's two octets: of value 0, which is any other, all; else those of the value.
 */
static inline void
octets_follow(struct tensor_schema *s, int value, uint32_t n)
{
	struct tensor_mask *high = tensor_masks_add(&s->masks, s, value, value + 1);
	struct tensor_mask *low = tensor_masks_add(&s->masks, s, value, value + 2);
	uint32_t i;

	mask_set_all(high->allow[0], 256);
	mask_set_all(low->allow[0], 256);
	for (i = 1; i < n; i++) {
		mask_set(high->allow[i], i / 3);
		mask_set(low->allow[i], 50 * i);
	}
	mask_set(low->allow[n - 1], 50 * n - 49);
}

static inline void
add_masks(struct tensor_schema *s)
{
	struct tensor_mask *k;
	struct rng r;

	rng_init(&r, 50, 0);
	octets_follow(s, SERVICE, SERVICES);
	octets_follow(s, CLIENT, CLIENTS);
	some_follow(s, PROTO, SERVICE, 2, &r);
	some_follow(s, VERSION, SRC, 2, &r);
	some_follow(s, SRC, DST, 2, &r);
	some_follow(s, PROTO, FLAGS, 2, &r);
	some_follow(s, MASK_ALWAYS, FLAGS, 2, &r);
	some_follow(s, FLAGS, SIZE, 3, &r);
	some_follow(s, LABEL, TTL, 3, &r);
	some_follow(s, SIZE, TTL, 2, &r);
	k = tensor_masks_add(&s->masks, s, MASK_STEP, GAP);
	mask_row(k, 0, 1, (const uint8_t[]){0});
	mask_row(k, 1, 3, (const uint8_t[]){1, 2, 3});
}

/* Lengths 1, 2, 3, 8 and 96 .. 101, of the second chunk others. */
static inline void
set_lengths(struct ar *m)
{
	const int code[2][LENGTHS] = {{0, 1, 2, 7, 95}, {0, 3, 4, 5, 40}};
	const real share[LENGTHS] = {60, 25, 10, 4, .1f};
	int c, i;

	for (c = 0; c < 2; c++)
		for (i = 0; i < LENGTHS; i++)
			m->lengths[c * LENGTH_CODES + code[c][i]] = share[i];
}

/* ---- Symbols that say what their series is ---- */

static inline int
symbol_of(const struct ar *m, int field, int nth)
{
	int i;

	for (i = 0; m->sym.sym[i].field != field; i++)
		assert_true(i + 1 < m->P + m->M);
	return i + nth;
}

static inline void
zero(real *w, int rows, int cols)
{
	memset(w, 0, (size_t)(rows * cols) * sizeof *w);
}

/* No inputs but those from the same unit, 0 or 1; where the layer is the last, those
 * decide: code 1 by unit 0, code 0 by unit 1. */
static inline void
pass_on(const struct linear *l, bool last)
{
	zero(l->w, l->out, l->in);
	zero(l->b, l->out, 1);
	l->w[last ? l->in : 0] = l->w[last ? 1 : l->in + 1] = last ? 40 : 1;
}

/* Unit 0 is what input column is, unit 1 its opposite. */
static inline void
look_at_column(const struct linear *l, int column)
{
	zero(l->w, 2, l->in);
	zero(l->b, 2, 1);
	l->w[column] = 1;
	l->w[l->in + column] = -1;
}

/* The nth tag is 1 if that column of the embeddings is 1, 0 if it is -1. */
static inline void
set_tag(const struct ar *m, int nth, int column)
{
	const struct ar_pick *p = &m->net.pick[symbol_of(m, TAGS, nth)];

	zero(p->l1.w, p->l1.out, p->l1.in);
	zero(p->l1.b, p->l1.out, 1);
	look_at_column(&p->l1, column);
	pass_on(&p->l2, false);
	pass_on(&p->out, true);
}

/* The mark of every step is 1 in the first chunk, 0 in the second. */
static inline void
set_mark(const struct ar *m)
{
	const int j = symbol_of(m, MARK, 0) - m->P, U = m->U;
	real *from_context = m->net.head_c + j * U * m->C;

	look_at_column(&m->net.context, 0);
	zero(from_context, U, m->C);
	from_context[0] = from_context[m->C + 1] = 1;
	zero(m->net.head_h + j * U * m->H, U, m->H);
	zero(m->net.head_b + j * U, U, 1);
	zero(m->net.head_e[j], U, m->sym.sym[m->P + j].x);
	pass_on(&m->net.head[j], true);
}

/* What a net reads first of a series: is it of chunk 0; and of its length: is it 1. */
static inline void
mark_reads(const struct ar_reads *t)
{
	int i;

	for (i = 0; i < LENGTH_CODES; i++)
		t->length[i * LENGTH_E] = i == 0 ? 1 : -1;
	t->chunk[0] = 1;
	t->chunk[CHUNK_E] = -1;
}

/* The first tag: is the series of one step; the second and the mark: is it of chunk 0.
 */
static inline void
set_marks(const struct ar *m)
{
	mark_reads(&m->net.pick[symbol_of(m, TAGS, 0)].reads);
	mark_reads(&m->net.pick[symbol_of(m, TAGS, 1)].reads);
	mark_reads(&m->net.reads);
	set_tag(m, 0, CHUNK_E);
	set_tag(m, 1, 0);
	set_mark(m);
}

/* Labels do not depend on anything, so that how often they occur is known. */
static const double label_shares[LABELS] = {.5, .3, .15, .05};

static inline void
set_labels(const struct ar *m)
{
	const struct linear *out = &m->net.pick[symbol_of(m, LABEL, 0)].out;
	int i;

	zero(out->w, out->out, out->in);
	for (i = 0; i < LABELS; i++)
		out->b[i] = (real)log(label_shares[i]);
}

static inline void
marked_schema(struct tensor_schema *s)
{
	size_t i;

	tensor_schema_init(s);
	for (i = 0; i < LEN(fields); i++)
		tensor_schema_add(s, fields[i].role, fields[i].name, fields[i].type,
		    fields[i].shape, "");
	add_masks(s);
}

static inline struct world *
marked_world(void)
{
	struct world *w = xcalloc(1, sizeof *w);

	marked_schema(&w->s);
	w->m = net_make(&w->s, 2, .3, 51);
	set_lengths(w->m);
	set_labels(w->m);
	/* of two five-tuples only: rare, or rows would be drawn again and again */
	w->m->net.pick[symbol_of(w->m, CLIENT, 0)].out.b[CLIENTS - 1] -= 5;
	set_marks(w->m);
	world_load(w);
	return w;
}

#endif
