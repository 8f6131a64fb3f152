/* What the series of a trace say, gathered until every field's range is known. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "codec/netshare/fit.h"

struct texts *
fit_texts(struct fit *f, enum field_id id)
{
	return &f->texts[id == F_LABEL];
}

struct fit *
fit_new(void)
{
	struct fit *f = xcalloc(1, sizeof *f);
	int i, k;

	for (i = 0; i < F_COUNT; i++) {
		f->min[i] = UINT64_MAX;
		for (k = 0; k < FEW_RECENT; k++) /* a value that belongs elsewhere */
			f->few[i].recent[k] = (uint64_t)k + 1;
	}
	f->words = ip2vec_new();
	return f;
}

void
fit_free(struct fit *f)
{
	size_t k;

	if (f == NULL)
		return;
	for (k = 0; k < 2; k++)
		texts_free(&f->texts[k]);
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

	if (w->recent[v % FEW_RECENT] == v || w->n > FEW_MAX)
		return;
	w->recent[v % FEW_RECENT] = v;
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
see(struct fit *f, enum field_id id, const uint64_t *v, uint32_t n)
{
	uint64_t min = f->min[id], max = f->max[id];
	uint32_t i;

	for (i = 0; i < n; i++) {
		min = v[i] < min ? v[i] : min;
		max = v[i] > max ? v[i] : max;
	}
	f->min[id] = min;
	f->max[id] = max;
	if (!field_may_be_few(id))
		return;
	for (i = 0; i < n; i++)
		see_few(&f->few[id], v[i]);
}

static int
see_texts(struct fit *f, enum field_id id, const uint64_t *v, uint32_t n,
    const struct labels *l, struct ns_err *e)
{
	uint32_t i;
	int rc = NS_OK;

	for (i = 0; i < n && rc >= 0; i++)
		if (i == 0 || v[i] != v[i - 1])
			rc = texts_add(fit_texts(f, id), labels_text(l, (uint16_t)v[i]),
			    field_def(id)->name, e);
	return rc;
}

static void
see_icmp(struct fit *f, const struct series *s, const uint64_t *v, uint32_t n)
{
	int k = icmp_kind(s->key.proto);
	uint32_t i;

	if (k < 0)
		return;
	if (f->icmp_count[k] == NULL)
		f->icmp_count[k] = xcalloc(65536, sizeof *f->icmp_count[k]);
	for (i = 0; i < n; i++)
		f->icmp_count[k][v[i] & 0xffff]++;
}

static void
see_attributes(struct codec *c, const struct series *s, const struct chunk_info *k)
{
	struct fit *f = c->ns->fit;
	double place = (double)(series_time(s, 0) - k->t0_ns) / (double)k->len_ns;
	const uint8_t *ip[2] = {s->key.src_ip, s->key.dst_ip};
	size_t tags = ((size_t)c->chunks + 7) / 8;
	uint64_t v;
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
	for (i = 0; i < F_FEATURES; i++) {
		if (field_is_bytes((enum field_id)i) || i == F_START)
			continue;
		v = series_value(s, (enum field_id)i);
		see(f, (enum field_id)i, &v, 1);
	}
}

/* Steps first .. first + n - 1, one field after the other. */
static int
see_steps(struct codec *c, const struct series *s, uint32_t first, uint32_t n,
    const struct labels *l, struct ns_err *e)
{
	uint64_t v[STEP_BLOCK];
	struct fit *f = c->ns->fit;
	uint32_t i;
	int id, rc = NS_OK;

	for (id = F_FEATURES; id < F_COUNT && rc >= 0; id++) {
		if (!field_of(c, id))
			continue;
		step_column(s, (enum field_id)id, first, n, v);
		if (field_has_texts((enum field_id)id))
			rc = see_texts(f, (enum field_id)id, v, n, l, e);
		else
			see(f, (enum field_id)id, v, n);
		for (i = 0; i < n && id == F_IP_FLAGS; i++)
			f->flags_seen |= (uint8_t)(1u << (v[i] & 7));
		if (id == F_ICMP)
			see_icmp(f, s, v, n);
	}
	return rc;
}

int
netshare_fit_fields(struct codec *c, const struct series *s, const struct chunk_info *k,
    const struct labels *l, struct ns_err *e)
{
	uint32_t i, n;
	int rc;

	see_attributes(c, s, k);
	for (i = 0; i < s->n; i += n) {
		n = s->n - i < STEP_BLOCK ? s->n - i : STEP_BLOCK;
		if ((rc = see_steps(c, s, i, n, l, e)) < 0)
			return rc;
	}
	return NS_OK;
}

void
netshare_fit_words(struct codec *c, const struct series *s)
{
	ip2vec_add(c->ns->fit->words, s->key.src_port, s->key.dst_port, s->key.proto,
	    s->n);
}
