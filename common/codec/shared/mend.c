#include "codec/shared/mend.h"

#include <string.h>

#include "base/le.h"
#include "base/mem.h"
#include "codec/shared/impl.h"

static unsigned
mend_address(uint8_t a[16], bool v4)
{
	if (addr_is_v4(a) == v4)
		return 0;
	if (v4)
		addr_from_v4(a, get_be32(a + 12));
	else
		a[0] |= 0x20; /* 2000::/3, global unicast: no longer a mapped one */
	return 1;
}

unsigned
mend_key(const struct codec *c, struct tuple *k, bool v4)
{
	unsigned n = mend_address(k->src_ip, v4);

	n += mend_address(k->dst_ip, v4);
	return n + rules_mend_key(&c->rules, k);
}

unsigned
mend_tags(struct series *s, int own, bool starts)
{
	bool first = true;
	unsigned n = 0;
	int i;

	if (!series_in_chunk(s, own)) {
		s->tags[own / 8] |= (uint8_t)(1u << own % 8);
		n++;
	}
	for (i = 0; i < own; i++)
		first = first && !series_in_chunk(s, i);
	s->starts = first;
	return n + (first != starts);
}

unsigned
mend_icmp(const struct codec *c, struct packet *p, uint64_t v, unsigned kinds)
{
	int kind = icmp_kind(p->key.proto);
	uint64_t was = v;

	if (kind < 0)
		v = ICMP_NONE;
	else if (c->icmp_common[kind] != ICMP_NONE &&
	    (v == ICMP_NONE || !(kinds >> kind & 1)))
		v = c->icmp_common[kind];
	p->icmp_type = (uint8_t)(v >> 8);
	p->icmp_code = (uint8_t)v;
	return v != was;
}

unsigned
mend_packet(const struct codec *c, struct packet *p)
{
	unsigned n = 0;

	if (tuple_is_v4(&p->key) && p->ip_id > 65535) {
		p->ip_id &= 65535;
		n++;
	}
	return n + rules_mend_packet(&c->rules, p);
}

double
mend_scale(double total, double left, double window, struct codec_mends *m)
{
	if (total <= left + window * FIT_SLACK)
		return 1;
	m->fitted++;
	return left / total;
}

void
codec_room(struct codec *c, uint32_t n)
{
	if (n <= c->cap_steps)
		return;
	c->cap_steps = n;
	if (c->of_flows)
		c->s.flows = xrealloc(c->s.flows, size_mul(n, sizeof *c->s.flows));
	else
		c->s.packets =
		    xrealloc(c->s.packets, size_mul(n, sizeof *c->s.packets));
}

int
codec_label(struct codec *c, int which, uint8_t category, const char *text,
    struct labels *l, uint16_t *out, struct ns_err *e)
{
	uint16_t *known = &c->text_index[which][category];
	int i;

	if (*known >= l->n || strcmp(labels_text(l, *known), text) != 0) {
		i = labels_intern(l, text);
		if (i < 0)
			return ns_fail(e, NS_ECORRUPT, "cannot take the label '%s'",
			    text);
		*known = (uint16_t)i;
	}
	*out = *known;
	return NS_OK;
}
