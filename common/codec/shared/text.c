/* The DICT "codec" but for the lines of its profile.  What is read comes from outside:
 * each value is checked. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "codec/shared/impl.h"

typedef unsigned long long ull;

void
text_put_hex(struct buf *b, const uint8_t *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		buf_printf(b, "%02x", p[i]);
}

static void
put_rules(const struct rules *r, struct buf *b)
{
	bool any;
	int i, p;

	for (i = 0; i < RULES; i++) {
		for (any = false, p = 0; p < 256; p++) {
			if (!r->off[i][p])
				continue;
			if (!any)
				buf_printf(b, "off %s", rule_name((enum rule)i));
			buf_printf(b, " %d", p);
			any = true;
		}
		if (any)
			buf_printf(b, "\n");
	}
	for (p = 0; p < 256; p++)
		if (r->bytes_min[p] <= r->bytes_max[p])
			buf_printf(b, "bytes %d %llu %llu\n", p, (ull)r->bytes_min[p],
			    (ull)r->bytes_max[p]);
	buf_printf(b, "dur_least %llu\n", (ull)r->dur_least);
}

void
codec_text_put(const struct codec *c, struct buf *b)
{
	buf_printf(b, "codec 1\nprofile %s\nsteps %s\nchunks %d\nmax_steps %u\n",
	    c->profile->name, c->of_flows ? "flows" : "packets", c->chunks,
	    c->max_steps);
	buf_printf(b, "versions%s%s\n", c->v4 ? " 4" : "", c->v6 ? " 6" : "");
	c->profile->text_put(c, b);
	buf_printf(b, "icmp_common %llu %llu\n", (ull)c->icmp_common[0],
	    (ull)c->icmp_common[1]);
	put_rules(&c->rules, b);
	buf_printf(b, "end\n");
}

static int
get_off(struct rules *r, struct text *t)
{
	uint64_t proto;
	int rule, i;

	for (rule = 0; rule < RULES; rule++)
		if (t->n >= 3 && strcmp(rule_name((enum rule)rule), t->w[1]) == 0)
			break;
	if (rule == RULES)
		return text_bad(t, "an unknown rule");
	for (i = 2; i < t->n; i++) {
		if (text_u64(t, i, 255, &proto) < 0)
			return NS_ECORRUPT;
		r->off[rule][proto] = true;
	}
	return NS_OK;
}

static int
get_bytes_rule(struct rules *r, struct text *t)
{
	uint64_t proto;

	if (t->n != 4 || text_u64(t, 1, 255, &proto) < 0 ||
	    text_u64(t, 2, UINT64_MAX, &r->bytes_min[proto]) < 0 ||
	    text_u64(t, 3, UINT64_MAX, &r->bytes_max[proto]) < 0)
		return text_bad(t, "not a range of bytes");
	return NS_OK;
}

/* From icmp_common, the present line, to end. */
static int
get_rules(struct codec *c, struct text *t)
{
	int rc;

	if (strcmp(t->w[0], "icmp_common") != 0 || t->n != 3)
		return text_bad(t, "not what is expected here");
	if (text_u64(t, 1, 0x1ffff, &c->icmp_common[0]) < 0 ||
	    text_u64(t, 2, 0x1ffff, &c->icmp_common[1]) < 0)
		return NS_ECORRUPT;
	for (;;) {
		if (text_line(t) < 0 || text_split(t) < 0)
			return NS_ECORRUPT;
		if (strcmp(t->w[0], "off") == 0)
			rc = get_off(&c->rules, t);
		else if (strcmp(t->w[0], "bytes") == 0)
			rc = get_bytes_rule(&c->rules, t);
		else
			break;
		if (rc < 0)
			return rc;
	}
	if (strcmp(t->w[0], "dur_least") != 0 || t->n != 2)
		return text_bad(t, "not what is expected here");
	return text_u64(t, 1, INT64_MAX, &c->rules.dur_least);
}

static int
get_head(struct codec *c, struct text *t)
{
	const struct profile *const *p = codec_profiles;
	uint64_t v;
	int i;

	if (text_words(t, "codec", 2) < 0 || text_u64(t, 1, UINT64_MAX, &v) < 0)
		return NS_ECORRUPT;
	if (v != 1)
		return ns_fail(t->e, NS_EVERSION, "the codec is of version %s",
		    t->w[1]);
	if (text_words(t, "profile", 2) < 0)
		return NS_ECORRUPT;
	while (*p != NULL && strcmp(t->w[1], (*p)->name) != 0)
		p++;
	if (*p == NULL)
		return ns_fail(t->e, NS_EVERSION, "the codec's profile is '%s'",
		    t->w[1]);
	c->profile = *p;
	if (text_words(t, "steps", 2) < 0)
		return NS_ECORRUPT;
	c->of_flows = strcmp(t->w[1], "flows") == 0;
	if (!c->of_flows && strcmp(t->w[1], "packets") != 0)
		return text_bad(t, "steps are packets or flows");
	if (text_words(t, "chunks", 2) < 0 || text_u64(t, 1, CHUNKS_MAX, &v) < 0)
		return NS_ECORRUPT;
	c->chunks = (int)v;
	if (text_words(t, "max_steps", 2) < 0 ||
	    text_u64(t, 1, TENSOR_STEPS_MAX, &v) < 0)
		return NS_ECORRUPT;
	c->max_steps = (uint32_t)v;
	if (c->chunks == 0 || v == 0 || text_words(t, "versions", 0) < 0)
		return text_bad(t, "no chunks, no steps or no versions");
	for (i = 1; i < t->n; i++) {
		c->v4 = c->v4 || strcmp(t->w[i], "4") == 0;
		c->v6 = c->v6 || strcmp(t->w[i], "6") == 0;
	}
	return c->v4 || c->v6 ? NS_OK : text_bad(t, "no IP version");
}

int
codec_text_get(struct codec *c, const uint8_t *p, size_t n, struct ns_err *e)
{
	struct text *t = xcalloc(1, sizeof *t);
	char *copy = xmalloc(n + 1);
	int rc;

	memcpy(copy, p, n);
	copy[n] = '\0';
	t->next = copy;
	t->end = copy + n;
	t->e = e;
	if (memchr(copy, '\0', n) != NULL) {
		rc = ns_fail(e, NS_ECORRUPT, "the codec is no text");
	} else {
		rc = get_head(c, t);
		if (rc >= 0)
			c->profile->init(c);
		if (rc >= 0)
			rc = c->profile->text_get(c, t);
		if (rc >= 0)
			rc = get_rules(c, t);
		if (rc >= 0)
			rc = text_words(t, "end", 1);
		if (rc >= 0 && t->next != t->end)
			rc = text_bad(t, "something follows the end");
	}
	free(copy);
	free(t);
	return rc;
}
