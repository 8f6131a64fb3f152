/* What the series of a trace say, gathered until every field's range is known. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "codec/fit.h"

struct texts *
fit_texts(struct fit *f, enum field_id id)
{
	return &f->texts[id == F_LABEL];
}

struct fit *
fit_new(void)
{
	struct fit *f = xcalloc(1, sizeof *f);
	int i;

	for (i = 0; i < F_COUNT; i++)
		f->min[i] = UINT64_MAX;
	f->words = ip2vec_new();
	return f;
}

void
fit_free(struct fit *f)
{
	size_t i, k;

	if (f == NULL)
		return;
	for (k = 0; k < 2; k++) {
		for (i = 0; i < f->texts[k].n; i++)
			free(f->texts[k].text[i]);
		free(f->texts[k].text);
	}
	for (k = 0; k < ICMP_KINDS; k++)
		free(f->icmp_count[k]);
	ip2vec_free(f->words);
	free(f);
}

bool
field_may_be_few(enum field_id id)
{
	enum field_kind kind = field_def(id)->kind;

	return kind == KIND_RANGE || kind == KIND_LINEAR || kind == KIND_COUNT;
}

static void
see_few(struct few *w, uint64_t v)
{
	uint32_t lo = 0, hi = w->n, mid;

	if (w->n > FEW_MAX)
		return;
	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (w->v[mid] < v)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo < w->n && w->v[lo] == v)
		return;
	if (w->n++ == FEW_MAX)
		return;
	memmove(w->v + lo + 1, w->v + lo, (w->n - 1 - lo) * sizeof *w->v);
	w->v[lo] = v;
}

static void
see(struct fit *f, enum field_id id, uint64_t v)
{
	if (field_may_be_few(id))
		see_few(&f->few[id], v);
	if (v < f->min[id])
		f->min[id] = v;
	if (v > f->max[id])
		f->max[id] = v;
}

static int
see_text(struct fit *f, enum field_id id, const char *text, struct ns_err *e)
{
	struct texts *t = fit_texts(f, id);
	size_t lo = 0, hi = t->n, mid;
	int d;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		d = strcmp(t->text[mid], text);
		if (d == 0)
			return NS_OK;
		if (d < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (t->n == TEXTS_MAX)
		return ns_fail(e, NS_EKIND,
		    "more than %d different texts in the field '%s'", TEXTS_MAX,
		    field_def(id)->name);
	xgrow(&t->text, &t->cap, t->n + 1, sizeof *t->text);
	memmove(t->text + lo + 1, t->text + lo, (t->n - lo) * sizeof *t->text);
	t->text[lo] = xstrdup(text);
	t->n++;
	return NS_OK;
}

static void
see_icmp(struct fit *f, const struct series *s, uint64_t v)
{
	int k = icmp_kind(s->key.proto);

	if (k < 0)
		return;
	if (f->icmp_count[k] == NULL)
		f->icmp_count[k] = xcalloc(65536, sizeof *f->icmp_count[k]);
	f->icmp_count[k][v & 0xffff]++;
}

static void
see_attributes(struct codec *c, const struct series *s, const struct chunk_info *k)
{
	struct fit *f = c->fit;
	double place = (double)(series_time(s, 0) - k->t0_ns) / (double)k->len_ns;
	const uint8_t *ip[2] = {s->key.src_ip, s->key.dst_ip};
	size_t tags = ((size_t)c->chunks + 7) / 8;
	int i;

	if (f->n_series++ == 0) {
		memcpy(f->first_ip[0], ip[0], 16);
		memcpy(f->first_ip[1], ip[1], 16);
		memcpy(f->first_tags, s->tags, tags);
		f->first_place = place;
	}
	for (i = 0; i < 2; i++)
		f->ip_varies[i] |= memcmp(f->first_ip[i], ip[i], 16) != 0;
	f->place_varies |= f->first_place != place;
	if (tuple_is_v4(&s->key))
		c->v4 = true;
	else
		c->v6 = true;
	for (i = 0; i < F_FEATURES; i++)
		if (!field_is_bytes((enum field_id)i) && i != F_START)
			see(f, (enum field_id)i, series_value(s, (enum field_id)i));
}

static int
see_step(struct codec *c, const struct series *s, uint32_t i, const struct labels *l,
    struct ns_err *e)
{
	struct fit *f = c->fit;
	uint64_t v;
	int id, rc = NS_OK;

	for (id = F_FEATURES; id < F_COUNT && rc >= 0; id++) {
		if (!field_of(c, id))
			continue;
		v = step_value(s, i, (enum field_id)id);
		if (field_has_texts((enum field_id)id))
			rc = see_text(f, (enum field_id)id, labels_text(l, (uint16_t)v),
			    e);
		else
			see(f, (enum field_id)id, v);
		if (id == F_IP_FLAGS)
			f->flags_seen |= (uint8_t)(1u << (v & 7));
		if (id == F_ICMP)
			see_icmp(f, s, v);
	}
	return rc;
}

static void
see_rules(struct codec *c, const struct series *s)
{
	struct packet p;
	struct flow w;
	uint32_t i;

	rules_see_key(&c->rules, &s->key);
	for (i = 0; i < s->n; i++) {
		if (c->of_flows) {
			w = s->flows[i];
			w.key = s->key;
			rules_see_flow(&c->rules, &w);
		} else {
			p = s->packets[i];
			p.key = s->key;
			rules_see_packet(&c->rules, &p);
		}
	}
}

int
codec_fit_series(struct codec *c, const struct series *s, const struct chunk_info *k,
    const struct labels *l, struct ns_err *e)
{
	uint32_t i;
	int rc;

	assert(c->fit != NULL);
	if ((rc = check_series(c, s, k, e)) < 0)
		return rc;
	see_attributes(c, s, k);
	for (i = 0; i < s->n; i++)
		if ((rc = see_step(c, s, i, l, e)) < 0)
			return rc;
	see_rules(c, s);
	ip2vec_add(c->fit->words, s->key.src_port, s->key.dst_port, s->key.proto, s->n);
	if (s->n > c->max_steps)
		c->max_steps = s->n;
	return NS_OK;
}
