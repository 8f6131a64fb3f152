/* What becomes of each field, once all series of a trace have been seen. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "codec/shared/tags.h"
#include "codec/symbol/clients.h"
#include "codec/symbol/fit.h"

#define OWN_MAX (ALPHABET_MAX - 1)                      /* beside "other" */
#define OWN_GROUPED_MAX (ALPHABET_MAX - 1 - GROUPS_MAX) /* and beside groups */

static void
make_const(struct sym_field *f, struct value v)
{
	f->how = SYM_CONST;
	f->value = v;
}

static int
cmp_frequent(const void *a, const void *b)
{
	const struct count *x = a, *y = b;

	if (x->n != y->n)
		return x->n > y->n ? -1 : 1;
	return value_cmp(x->v, y->v);
}

static int
cmp_number(const void *a, const void *b)
{
	const struct count *x = a, *y = b;

	return value_cmp(x->v, y->v);
}

static int
cmp_value(const void *a, const void *b)
{
	return value_cmp(*(const struct value *)a, *(const struct value *)b);
}

/* The n values of the list, in order, as the field's alphabet. */
static void
make_alphabet(struct sym_field *f, const struct count *list, uint32_t n)
{
	struct value v[ALPHABET_MAX];
	uint32_t i;

	for (i = 0; i < n; i++)
		v[i] = list[i].v;
	qsort(v, n, sizeof *v, cmp_value);
	f->how = SYM_VALUES;
	alphabet_set(&f->values, v, n);
}

/* Octets that are the same in all of the trace.  Ports are known only as far as they
 * were sampled. */
static void
make_open(struct codec *c, int id, const struct tally *t)
{
	bool sampled =
	    (id == S_SERVICE || id == S_CLIENT) && !sample_is_all(&c->sym->fit->pairs);
	struct sym_field *f = &c->sym->f[id];
	int k;

	f->open = true;
	f->octets = sym_octets(c, id);
	for (k = 0; k < f->octets; k++)
		f->fixed[k] = sampled || t->total < c->sym->min_count ||
			octet_of(t->varies, f->octets, k) != 0
		    ? -1
		    : octet_of(t->first, f->octets, k);
}

/* The n values of the list, most frequent first, as far as there is room; returns how
 * many are known. */
static uint32_t
make_known(struct codec *c, int id, struct count *list, uint32_t n)
{
	struct sym_field *f = &c->sym->f[id];
	uint32_t own = n < OWN_MAX ? n : OWN_MAX, more;

	if (n <= OWN_MAX || !sym_may_group(id)) {
		make_alphabet(f, list, own);
		return own;
	}
	own = OWN_GROUPED_MAX;
	more = n - own < GROUPED_MAX ? n - own : GROUPED_MAX;
	make_alphabet(f, list, own);
	qsort(list + own, more, sizeof *list, cmp_number);
	groups_cut(&f->groups, list + own, more);
	return own + more;
}

static void
settle_values(struct codec *c, int id, const struct tally *t)
{
	struct sym_field *f = &c->sym->f[id];
	struct count *list = tally_list(t);
	uint64_t least = sym_defs[id].kind == KIND_SEEN ? 1 : c->sym->min_count;
	uint32_t n = 0;

	qsort(list, t->used, sizeof *list, cmp_frequent);
	while (n < t->used && list[n].n >= least)
		n++;
	if (id == S_CLIENT)
		n = clients_known(list, n, t->used);
	if (!t->pruned && t->used == 1)
		make_const(f, list[0].v);
	else if (!t->pruned && n == t->used && n <= ALPHABET_MAX)
		make_alphabet(f, list, n);
	else if (make_known(c, id, list, n) < t->used || t->pruned)
		make_open(c, id, t);
	free(list);
}

/* Service and client port of each flow, now that it is known which is which. */
static void
settle_ports(struct codec *c)
{
	struct sym_fit *t = c->sym->fit;
	const struct ports *p = &c->sym->ports;
	size_t n = sample_kept(&t->pairs), i;
	struct port_pair *pair = xcalloc(n + 1, sizeof *pair);
	struct series s = {.n = 0};

	ports_rank(&c->sym->ports, t->port_count, t->min_count);
	for (i = 0; i < n; i++) {
		s.key.src_port = (uint16_t)(t->pairs.v[i] >> 16);
		s.key.dst_port = (uint16_t)t->pairs.v[i];
		tally_add(&t->tally[S_DIRECTION], sym_attr(p, &s, S_DIRECTION), 1);
		tally_add(&t->tally[S_SERVICE], sym_attr(p, &s, S_SERVICE), 1);
		pair[i].ports = (uint32_t)(sym_attr(p, &s, S_SERVICE).lo << 16 |
		    sym_attr(p, &s, S_CLIENT).lo);
		pair[i].starts = (t->pairs.v[i] & PAIR_STARTS) != 0;
	}
	clients_count(&t->tally[S_CLIENT], pair, n);
	free(pair);
	if (sample_is_all(&t->pairs))
		return;
	/* both directions may be, whatever the sample has */
	tally_add(&t->tally[S_DIRECTION], (struct value){0, 0}, 1);
	tally_add(&t->tally[S_DIRECTION], (struct value){0, 1}, 1);
	t->tally[S_SERVICE].pruned = t->tally[S_CLIENT].pruned = true;
}

static uint64_t
count_in(const struct count *list, size_t n, struct value v)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (value_cmp(list[i].v, v) == 0)
			return list[i].n;
	return 0;
}

/* Which kinds have each pair, and the commonest of each kind. */
static void
settle_icmp(struct codec *c)
{
	const struct sym_field *f = &c->sym->f[S_ICMP];
	const struct tally *t;
	struct count *list;
	uint32_t i;
	int k;

	for (k = 0; k < ICMP_KINDS; k++) {
		t = &c->sym->fit->icmp[k];
		list = tally_list(t);
		qsort(list, t->used, sizeof *list, cmp_frequent);
		if (t->used > 0)
			c->icmp_common[k] = list[0].v.lo;
		for (i = 0; i < f->values.n && !f->open; i++)
			if (count_in(list, t->used, f->values.v[i]) > 0)
				c->icmp_kinds[i] |= (uint8_t)(1u << k);
		free(list);
	}
}

static void
settle_number(struct codec *c, int id)
{
	const struct sample *s = &c->sym->fit->sample[id];
	struct sym_field *f = &c->sym->f[id];
	const struct number_rule r = {.min_count = c->sym->min_count,
	    .limit = sym_defs[id].limit,
	    .symbols = SYMBOLS_MAX - sym_offset(id),
	    .whole = id == S_START};

	if (s->n == 0 || s->min == s->max) {
		make_const(f, (struct value){0, s->n == 0 ? 0 : s->min});
		return;
	}
	f->how = SYM_NUMBER;
	if (id == S_OPENER_STEPS) /* the rarest long ones are to be told apart, too */
		number_classes(&f->number, s->max);
	else
		number_fit(&f->number, s, &c->sym->fit->tally[id], &r);
}

static void
settle_texts(struct codec *c, int id)
{
	struct texts *t = &c->sym->fit->texts[id];
	struct sym_field *f = &c->sym->f[id];

	f->how = t->n > 1 ? SYM_TEXT : SYM_CONST;
	f->is_attr = !c->sym->fit->text_varies[id];
	f->texts = *t; /* moves over */
	memset(t, 0, sizeof *t);
}

/* Tags are bits in a trace of several chunks even where they are constant: who samples
 * goes by them. */
static void
settle_tags(struct codec *c)
{
	struct sym_field *starts = &c->sym->f[S_STARTS], *in = &c->sym->f[S_CHUNKS];

	if (c->chunks > 1) {
		starts->how = in->how = SYM_BITS;
		return;
	}
	make_const(starts, (struct value){0, 1});
	in->how = SYM_CONST;
	in->tags = xmalloc(tags_bytes(c->chunks));
	memcpy(in->tags, c->sym->fit->first_tags, tags_bytes(c->chunks));
}

/* All roles as soon as there are any: who samples needs to leave one alone, too. */
static void
settle_role(struct codec *c)
{
	static const struct value all[] = {{0, ROLE_ALONE}, {0, ROLE_OPENER},
	    {0, ROLE_ANSWER}};
	struct sym_field *f = &c->sym->f[S_ROLE];

	if (c->sym->fit->sample[S_DELAY].n == 0) {
		make_const(f, all[0]);
		return;
	}
	f->how = SYM_VALUES;
	alphabet_set(&f->values, all, LEN(all));
}

static void
settle(struct codec *c, int id)
{
	struct sym_fit *t = c->sym->fit;

	c->sym->f[id].is_attr = sym_defs[id].is_attr;
	switch (sym_defs[id].kind) {
	case KIND_TEXT:
		settle_texts(c, id);
		break;
	case KIND_NUMBER:
		settle_number(c, id);
		break;
	case KIND_VALUES:
	case KIND_SEEN:
		if (id == S_ROLE) {
			settle_role(c);
			break;
		}
		settle_values(c, id,
		    id == S_IP_ID && c->sym->ids_plain ? &t->ids : &t->tally[id]);
		break;
	default: /* settle_tags */
		break;
	}
}

static bool
has_attributes(const struct codec *c)
{
	int id;

	for (id = 0; id < S_COUNT; id++)
		if (c->sym->f[id].is_attr && c->sym->f[id].how > SYM_CONST)
			return true;
	return false;
}

/* A model needs something to draw: where all else is constant the place in the chunk is
 * a symbol even if it is constant too. */
static void
settle_place(struct codec *c)
{
	struct sym_field *f = &c->sym->f[S_START];
	struct sym_fit *t = c->sym->fit;
	const struct number_rule r = {.min_count = c->sym->min_count,
	    .limit = PLACE_MAX,
	    .symbols = SYMBOLS_MAX,
	    .whole = true};

	if (!has_attributes(c)) {
		f->how = SYM_NUMBER;
		number_fit(&f->number, &t->sample[S_START], NULL, &r);
	}
	c->sym->grid = t->grid == 0 || t->grid > INT64_MAX ? 1 : t->grid;
	c->sym->phase = sym_phase(t->first_ns, c->sym->grid);
}

int
symbol_fit_end(struct codec *c, struct pool *pool, struct ns_err *e)
{
	struct sym_fit *t = c->sym->fit;
	int id;

	(void)pool;
	(void)e;
	c->sym->min_count = t->min_count;
	c->sym->ids_plain = t->ids_wide;
	settle_ports(c);
	for (id = 0; id < S_COUNT; id++)
		if (sym_in(c, id))
			settle(c, id);
	settle_tags(c);
	if (!c->of_flows)
		settle_icmp(c);
	settle_place(c);
	sym_fit_free(t);
	c->sym->fit = NULL;
	symbol_complete(c);
	return NS_OK;
}
