#include "codec/symbol/fit.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "codec/shared/tags.h"

/* Fields that only some traces have take the streams of random numbers behind the
 * others, so that what is sampled of a trace does not depend on whether it has them. */
static uint64_t
stream_of(int id)
{
	static const int late[] = {S_ROLE, S_OPENER_STEPS, S_DELAY};
	uint64_t stream = (uint64_t)id;
	size_t i;

	for (i = 0; i < LEN(late); i++)
		if (id == late[i])
			return S_COUNT - LEN(late) + 1 + i;
		else if (id > late[i])
			stream--;
	return stream;
}

struct sym_fit *
sym_fit_new(const struct codec_config *f)
{
	struct sym_fit *t = xcalloc(1, sizeof *t);
	int id;

	t->min_count = f->min_count;
	t->port_count = xcalloc(65536, sizeof *t->port_count);
	for (id = 0; id < S_COUNT; id++)
		sample_init(&t->sample[id], f->seed, stream_of(id));
	sample_init(&t->pairs, f->seed, stream_of(S_COUNT));
	return t;
}

void
sym_fit_free(struct sym_fit *t)
{
	int i;

	if (t == NULL)
		return;
	for (i = 0; i < S_COUNT; i++) {
		tally_free(&t->tally[i]);
		sample_free(&t->sample[i]);
	}
	for (i = 0; i <= S_TYPE; i++)
		texts_free(&t->texts[i]);
	for (i = 0; i < ICMP_KINDS; i++)
		tally_free(&t->icmp[i]);
	tally_free(&t->ids);
	sample_free(&t->pairs);
	free(t->port_count);
	free(t);
}

static void
see_number(struct sym_fit *t, int id, uint64_t v)
{
	sample_add(&t->sample[id], v);
	if (id != S_START) /* places are all different */
		tally_add(&t->tally[id], (struct value){0, v}, 1);
}

static void
see_start(struct codec *c, const struct series *s, const struct chunk_info *k)
{
	struct sym_fit *t = c->sym->fit;
	int64_t t_ns = series_time(s, 0);
	uint64_t since;

	if (!t->any) {
		t->any = true;
		t->first_ns = t_ns;
		memcpy(t->first_tags, s->tags, tags_bytes(c->chunks));
	}
	since = t_ns < t->first_ns ? (uint64_t)t->first_ns - (uint64_t)t_ns
				   : (uint64_t)t_ns - (uint64_t)t->first_ns;
	t->grid = gcd_u64(since, t->grid);
	see_number(t, S_START, sym_place(k, t_ns));
}

static int
see_texts(struct sym_fit *t, const struct series *s, int id, const struct labels *l,
    struct ns_err *e)
{
	uint64_t v, last = 0;
	uint32_t i;
	int rc;

	for (i = 0; i < s->n; i++, last = v) {
		v = sym_step(s, id, i);
		if (i > 0 && v == last)
			continue;
		t->text_varies[id] = t->text_varies[id] || i > 0;
		rc = texts_add(&t->texts[id], labels_text(l, (uint16_t)v),
		    sym_defs[id].name, e);
		if (rc < 0)
			return rc;
	}
	return NS_OK;
}

static void
see_ids(struct sym_fit *t, const struct series *s)
{
	uint32_t i, id;

	for (i = 0; i < s->n; i++) {
		id = s->packets[i].ip_id;
		t->ids_wide = t->ids_wide || id > 65535;
		tally_add(&t->ids, (struct value){0, id}, 1);
		tally_add(&t->tally[S_IP_ID],
		    (struct value){0, sym_step(s, S_IP_ID, i)}, 1);
	}
}

static void
see_icmp(struct sym_fit *t, const struct series *s)
{
	int kind = icmp_kind(s->key.proto);
	struct value v = {0, ICMP_NONE};
	uint32_t i;

	if (kind < 0) {
		tally_add(&t->tally[S_ICMP], v, s->n);
		return;
	}
	for (i = 0; i < s->n; i++) {
		v.lo = sym_step(s, S_ICMP, i);
		tally_add(&t->tally[S_ICMP], v, 1);
		tally_add(&t->icmp[kind], v, 1);
	}
}

/* One feature, all its steps. */
static int
see_feature(struct sym_fit *t, const struct series *s, int id, const struct labels *l,
    struct ns_err *e)
{
	uint32_t i;

	if (sym_defs[id].kind == KIND_TEXT)
		return see_texts(t, s, id, l, e);
	if (id == S_IP_ID) {
		see_ids(t, s);
	} else if (id == S_ICMP) {
		see_icmp(t, s);
	} else if (sym_defs[id].kind == KIND_NUMBER) {
		for (i = sym_offset(id); i < s->n; i++)
			see_number(t, id, sym_step(s, id, i));
	} else {
		for (i = 0; i < s->n; i++)
			tally_add(&t->tally[id], (struct value){0, sym_step(s, id, i)},
			    1);
	}
	return NS_OK;
}

void
symbol_fit_answer(struct codec *c, uint32_t opener_steps, int64_t delay_ns)
{
	see_number(c->sym->fit, S_OPENER_STEPS, opener_steps);
	see_number(c->sym->fit, S_DELAY, (uint64_t)delay_ns);
}

int
symbol_fit_fields(struct codec *c, const struct series *s, const struct chunk_info *k,
    const struct labels *l, struct ns_err *e)
{
	int id, rc = NS_OK;

	see_start(c, s, k);
	for (id = 0; id < S_COUNT && rc >= 0; id++)
		if (sym_in(c, id) && !sym_defs[id].is_attr)
			rc = see_feature(c->sym->fit, s, id, l, e);
	return rc;
}

void
symbol_fit_words(struct codec *c, const struct series *s)
{
	static const int ids[] = {S_PROTO, S_IP_VERSION, S_SRC_IP, S_DST_IP};
	struct sym_fit *t = c->sym->fit;
	size_t i;

	if (tuple_is_v4(&s->key))
		c->v4 = true;
	else
		c->v6 = true;
	for (i = 0; i < LEN(ids); i++)
		tally_add(&t->tally[ids[i]], sym_attr(NULL, s, ids[i]), 1);
	if (proto_has_ports(s->key.proto)) {
		t->port_count[s->key.src_port]++;
		t->port_count[s->key.dst_port]++;
	}
	sample_add(&t->pairs,
	    (s->starts ? PAIR_STARTS : 0) | (uint64_t)s->key.src_port << 16 |
		s->key.dst_port);
}
