/* Which values a line shows, and how each reads as text. */
#include <stdlib.h>
#include <string.h>

#include "columns.h"

static const struct known {
	const char *name;
	enum id id;
	bool quoted;
} known[] = {{"src_ip", SRC_IP, true}, {"dst_ip", DST_IP, true},
    {"src_port", SRC_PORT, false}, {"dst_port", DST_PORT, false},
    {"proto", PROTO, false}, {"t_ns", T_NS, false}, {"ip_len", IP_LEN, false},
    {"ip_id", IP_ID, false}, {"frag_off", FRAG_OFF, false},
    {"tcp_flags", TCP_FLAGS, false}, {"label", LABEL, true},
    {"ip_flags", IP_FLAGS, false}, {"tos", TOS, false}, {"ttl", TTL, false},
    {"icmp_type", ICMP_TYPE, false}, {"icmp_code", ICMP_CODE, false},
    {"t_start_ns", T_START_NS, false}, {"dur_ns", DUR_NS, false},
    {"n_pkts", N_PKTS, false}, {"n_bytes", N_BYTES, false}, {"type", TYPE, true},
    {"flow_starts", FLOW_STARTS, false}, {"flow_chunks", FLOW_CHUNKS, false},
    {"n_steps", N_STEPS, false}, {"unit", UNIT, false}};

static void
add(struct columns *c, const char *name, int id, bool quoted)
{
	struct column *x;

	xgrow(&c->v, &c->cap, c->n + 1, sizeof *c->v);
	x = &c->v[c->n++];
	memset(x, 0, sizeof *x);
	strcpy(x->name, name);
	x->id = id;
	x->quoted = quoted;
}

/* Fields of packets, flows and series, in the schema's order; role NSR_PLAIN is all. */
static int
add_known(struct columns *c, const struct nsr_schema *s, int role, struct ns_err *e)
{
	const struct nsr_field *f;
	uint32_t i;
	size_t k;

	for (i = 0; i < s->n_fields; i++) {
		f = &s->fields[i];
		if (role != NSR_PLAIN && f->role != role)
			continue;
		for (k = 0; k < LEN(known); k++)
			if (strcmp(known[k].name, f->name) == 0)
				break;
		if (k == LEN(known))
			return ns_fail(e, NS_EVERSION, "field '%s' is not known",
			    f->name);
		add(c, known[k].name, (int)known[k].id, known[k].quoted);
		c->v[c->n - 1].list = known[k].id == FLOW_CHUNKS;
	}
	return NS_OK;
}

static int
add_series(struct columns *c, const struct nsr_schema *s, struct ns_err *e)
{
	add(c, "chunk", CHUNK, false);
	if (add_known(c, s, NSR_ATTRIBUTE, e) < 0)
		return e->code;
	add(c, "step", STEP, false);
	return add_known(c, s, NSR_FEATURE, e);
}

static uint64_t
code_size(const struct nsr_field *f)
{
	switch (f->type) {
	case NSR_BIT:
		return ((uint64_t)f->shape + 7) / 8;
	case NSR_CATEGORY:
		return 1;
	case NSR_WORD:
		return 2;
	default:
		return 4;
	}
}

static void
add_codes(struct columns *c, const struct nsr_schema *s, int role)
{
	const struct nsr_field *f;
	uint64_t at = 0;
	uint32_t i;

	for (i = 0; i < s->n_fields; i++) {
		f = &s->fields[i];
		if (f->role != role)
			continue;
		add(c, f->name, role == NSR_ATTRIBUTE ? CODE_ATTR : CODE_FEAT,
		    f->type == NSR_BIT);
		c->v[c->n - 1].field = f;
		c->v[c->n - 1].at = at;
		at += code_size(f);
	}
}

/* The one field of a tensor that is no code. */
static bool
has_unit(const struct nsr_schema *s)
{
	return s->n_fields > 0 && s->fields[s->n_fields - 1].role == NSR_PLAIN;
}

static void
add_tensor(struct columns *c, const struct nsr_schema *s)
{
	add(c, "chunk", CHUNK, false);
	add(c, "series", INDEX, false);
	add_codes(c, s, NSR_ATTRIBUTE);
	add(c, "n_steps", N_STEPS, false);
	if (has_unit(s))
		add(c, "unit", TENSOR_UNIT, false);
	add(c, "step", STEP, false);
	add_codes(c, s, NSR_FEATURE);
}

static void
add_model(struct columns *c)
{
	add(c, "chunk", CHUNK, false);
	add(c, "name", ARRAY_NAME, true);
	add(c, "type", ARRAY_TYPE, true);
	add(c, "dims", ARRAY_DIMS, true);
	add(c, "count", ARRAY_COUNT, false);
	add(c, "norm", ARRAY_NORM, false);
}

static void
add_report(struct columns *c, const struct nsr_schema *s)
{
	uint64_t at = 0;
	uint32_t i;

	for (i = 0; i < s->n_fields; i++) {
		add(c, s->fields[i].name, FIELD,
		    s->fields[i].type == NSR_BYTES || s->fields[i].type == NSR_ADDR);
		c->v[c->n - 1].list =
		    s->fields[i].type != NSR_BYTES && s->fields[i].shape > 1;
		c->v[c->n - 1].field = &s->fields[i];
		c->v[c->n - 1].at = at;
		at += field_size(&s->fields[i]);
	}
}

static int
no_field(const struct columns *c, const char *name, size_t n, struct ns_err *e)
{
	struct buf b = {0};
	size_t i;

	for (i = 0; i < c->n; i++)
		buf_printf(&b, "%s%s", i > 0 ? "," : "", c->v[i].name);
	ns_fail(e, NS_EUSAGE, "there is no field '%.*s' in %.*s", n < 40 ? (int)n : 40,
	    name, (int)b.len, b.len > 0 ? (const char *)b.p : "");
	buf_free(&b);
	return NS_EUSAGE;
}

/* Put the columns that names lists in their order in place of all. */
static int
choose(struct columns *c, const char *names, struct ns_err *e)
{
	struct columns chosen = {0};
	size_t n, i;

	for (;; names++) {
		n = strcspn(names, ",");
		for (i = 0; i < c->n; i++)
			if (strlen(c->v[i].name) == n &&
			    memcmp(c->v[i].name, names, n) == 0)
				break;
		if (i == c->n) {
			free(chosen.v);
			return no_field(c, names, n, e);
		}
		xgrow(&chosen.v, &chosen.cap, chosen.n + 1, sizeof *chosen.v);
		chosen.v[chosen.n++] = c->v[i];
		names += n;
		if (*names == '\0')
			break;
	}
	free(c->v);
	*c = chosen;
	return NS_OK;
}

int
columns_open(struct columns *c, const struct nsr_schema *s, const char *names,
    struct ns_err *e)
{
	int rc = NS_OK;

	if (s->kind == NSR_PACKET || s->kind == NSR_FLOW)
		rc = add_known(c, s, NSR_PLAIN, e);
	else if (s->kind == NSR_SERIES)
		rc = add_series(c, s, e);
	else if (s->kind == NSR_TENSOR)
		add_tensor(c, s);
	else if (s->kind == NSR_MODEL)
		add_model(c);
	else
		add_report(c, s);
	if (rc == NS_OK && names != NULL)
		rc = choose(c, names, e);
	return rc;
}

void
columns_free(struct columns *c)
{
	free(c->v);
}
