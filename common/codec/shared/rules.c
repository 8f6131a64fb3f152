#include "codec/shared/rules.h"

#include <assert.h>
#include <string.h>

#include "base/mem.h"
#include "trace/header.h"

#define RULE_KEY_FIRST RULE_ICMP_VERSION /* those of fix_key */
#define RULE_KEY_LAST RULE_PORTS
#define RULE_PACKET_FIRST RULE_FRAG_PORTS /* those of fix_packet */
#define RULE_PACKET_LAST RULE_MF_LEN
#define FLAG_MF 1
#define FLAG_DF 2
#define V4_HEADER 20
#define V6_HEADER 40
#define V6_FRAG_HEADER 8

const char *
rule_name(enum rule r)
{
	static const char *const names[RULES] = {
	    [RULE_ICMP_VERSION] = "icmp_version",
	    [RULE_V6_NEXT] = "v6_next",
	    [RULE_PORTS] = "ports",
	    [RULE_FRAG_PORTS] = "frag_ports",
	    [RULE_FRAG_DF] = "frag_df",
	    [RULE_FRAG_END] = "frag_end",
	    [RULE_V6_FLAGS] = "v6_flags",
	    [RULE_V6_ID] = "v6_id",
	    [RULE_FRAG_L4] = "frag_l4",
	    [RULE_TCP_FLAGS] = "tcp_flags",
	    [RULE_LEN_MIN] = "len_min",
	    [RULE_LEN_MAX] = "len_max",
	    [RULE_LEN_UNIT] = "len_unit",
	    [RULE_MF_LEN] = "mf_len",
	    [RULE_ONE_NO_DUR] = "one_no_dur",
	    [RULE_MORE_DUR] = "more_dur",
	};

	assert(r < RULES);
	return names[r];
}

void
rules_init(struct rules *r)
{
	int i;

	memset(r, 0, sizeof *r);
	for (i = 0; i < 256; i++)
		r->bytes_min[i] = UINT64_MAX;
}

static bool
is_fragment(const struct packet *p)
{
	return p->frag_off > 0 || (p->ip_flags & FLAG_MF) != 0;
}

/* A fragment that must carry more than its offset leaves room for moves forward. */
static void
fix_frag_end(struct packet *p)
{
	while (p->frag_off > 0 && header_min_len(p) > header_max_len(p))
		p->frag_off--;
}

static void
fix_mf_len(struct packet *p)
{
	uint32_t head = tuple_is_v4(&p->key) ? V4_HEADER : V6_HEADER + V6_FRAG_HEADER;
	uint32_t rest;

	if ((p->ip_flags & FLAG_MF) == 0 || p->ip_len < head)
		return;
	rest = (p->ip_len - head) % 8;
	p->ip_len -= rest;
	if (rest != 0 && p->ip_len < header_min_len(p))
		p->ip_len += 8;
}

static void
fix_len_min(struct packet *p)
{
	uint32_t least = header_min_len(p);

	if (p->ip_len < least)
		p->ip_len = least;
}

static void
fix_len_max(struct packet *p)
{
	uint32_t most = header_max_len(p);

	if (p->ip_len > most)
		p->ip_len = most;
}

/* Up, to cut nothing off, unless that is too long. */
static void
fix_len_unit(struct packet *p)
{
	uint32_t least = header_min_len(p), unit = header_len_unit(p), over;

	if (p->ip_len < least)
		return;
	over = (p->ip_len - least) % unit;
	if (over == 0)
		return;
	p->ip_len -= over;
	if (p->ip_len + unit <= header_max_len(p))
		p->ip_len += unit;
}

static void
fix_frag_l4(struct packet *p)
{
	if (p->frag_off > 0)
		p->tcp_flags = p->icmp_type = p->icmp_code = 0;
}

/* Make p obey one rule. */
static void
fix_packet(enum rule rule, struct packet *p)
{
	bool v4 = tuple_is_v4(&p->key);

	switch (rule) {
	case RULE_FRAG_PORTS:
		if (p->key.src_port != 0 || p->key.dst_port != 0)
			p->frag_off = 0;
		break;
	case RULE_FRAG_DF:
		if (is_fragment(p))
			p->ip_flags &= (uint8_t)~FLAG_DF;
		break;
	case RULE_FRAG_END:
		fix_frag_end(p);
		break;
	case RULE_V6_FLAGS:
		if (!v4)
			p->ip_flags &= FLAG_MF;
		break;
	case RULE_V6_ID:
		if (!v4 && !is_fragment(p))
			p->ip_id = 0;
		break;
	case RULE_FRAG_L4:
		fix_frag_l4(p);
		break;
	case RULE_TCP_FLAGS:
		if (p->key.proto != PROTO_TCP)
			p->tcp_flags = 0;
		break;
	case RULE_LEN_MIN:
		fix_len_min(p);
		break;
	case RULE_LEN_MAX:
		fix_len_max(p);
		break;
	case RULE_LEN_UNIT:
		fix_len_unit(p);
		break;
	case RULE_MF_LEN:
		fix_mf_len(p);
		break;
	default:
		break;
	}
}

static void
fix_flow(const struct rules *r, enum rule rule, struct flow *f)
{
	switch (rule) {
	case RULE_TCP_FLAGS:
		if (f->key.proto != PROTO_TCP)
			f->tcp_flags = 0;
		break;
	case RULE_ONE_NO_DUR:
		if (f->n_pkts == 1)
			f->dur_ns = 0;
		break;
	case RULE_MORE_DUR:
		if (f->n_pkts > 1 && f->dur_ns == 0)
			f->dur_ns = (int64_t)r->dur_least;
		break;
	default:
		break;
	}
}

static void
fix_key(const struct rules *r, enum rule rule, struct tuple *k)
{
	uint8_t right;

	switch (rule) {
	case RULE_PORTS:
		if (!proto_has_ports(k->proto))
			k->src_port = k->dst_port = 0;
		break;
	case RULE_ICMP_VERSION:
		right = tuple_is_v4(k) ? PROTO_ICMP : PROTO_ICMP6;
		if ((k->proto == PROTO_ICMP || k->proto == PROTO_ICMP6) &&
		    r->seen[right])
			k->proto = right;
		break;
	case RULE_V6_NEXT:
		if (!tuple_is_v4(k) && header_is_extension(k->proto))
			k->proto = PROTO_NO_NEXT;
		break;
	default:
		break;
	}
}

/* Rules about fragments or IPv6 alone let other packets be; no repair makes one of
 * those. */
enum { OF_V6 = 1, OF_FRAGMENTS = 2 };
static const uint8_t only[RULES] = {
    [RULE_FRAG_PORTS] = OF_FRAGMENTS,
    [RULE_FRAG_DF] = OF_FRAGMENTS,
    [RULE_FRAG_END] = OF_FRAGMENTS,
    [RULE_V6_FLAGS] = OF_V6,
    [RULE_V6_ID] = OF_V6,
    [RULE_FRAG_L4] = OF_FRAGMENTS,
    [RULE_MF_LEN] = OF_FRAGMENTS,
};

static unsigned
packet_is(const struct tuple *k, const struct packet *p)
{
	return (tuple_is_v4(k) ? 0 : OF_V6) | (is_fragment(p) ? OF_FRAGMENTS : 0);
}

static unsigned
packet_changes(const struct packet *a, const struct packet *b)
{
	return (unsigned)(a->ip_len != b->ip_len) + (a->ip_id != b->ip_id) +
	    (a->frag_off != b->frag_off) + (a->tcp_flags != b->tcp_flags) +
	    (a->ip_flags != b->ip_flags) +
	    (a->icmp_type != b->icmp_type || a->icmp_code != b->icmp_code);
}

static unsigned
flow_changes(const struct flow *a, const struct flow *b)
{
	return (unsigned)(a->dur_ns != b->dur_ns) + (a->tcp_flags != b->tcp_flags);
}

/* Looks at each rule as if both ICMP protocols were known: what is true of the trace
 * does not depend on which record came first. */
void
rules_see_key(struct rules *r, const struct tuple *k)
{
	const struct tuple was = *k;
	struct tuple t;
	int i;

	r->seen[k->proto] = true;
	for (i = RULE_KEY_FIRST; i <= RULE_KEY_LAST; i++) {
		t = was;
		if (i == RULE_ICMP_VERSION) {
			if (k->proto == (tuple_is_v4(k) ? PROTO_ICMP6 : PROTO_ICMP))
				r->off[i][k->proto] = true;
			continue;
		}
		fix_key(r, (enum rule)i, &t);
		if (tuple_cmp(&t, &was) != 0)
			r->off[i][k->proto] = true;
	}
}

void
rules_see_packet(struct rules *r, const struct tuple *k, const struct packet *p)
{
	unsigned is = packet_is(k, p);
	struct packet t = *p;
	int i;

	t.key = *k;
	for (i = RULE_PACKET_FIRST; i <= RULE_PACKET_LAST; i++) {
		if (r->off[i][k->proto] || (only[i] & ~is) != 0)
			continue;
		fix_packet((enum rule)i, &t);
		if (packet_changes(&t, p) == 0)
			continue;
		r->off[i][k->proto] = true;
		t = *p;
		t.key = *k;
	}
}

void
rules_see_flow(struct rules *r, const struct flow *f)
{
	uint8_t proto = f->key.proto;
	uint64_t low, high;

	if (f->tcp_flags != 0 && proto != PROTO_TCP)
		r->off[RULE_TCP_FLAGS][proto] = true;
	if (f->n_pkts == 1 && f->dur_ns != 0)
		r->off[RULE_ONE_NO_DUR][proto] = true;
	if (f->n_pkts > 1 && f->dur_ns == 0)
		r->off[RULE_MORE_DUR][proto] = true;
	if (f->dur_ns > 0 && (r->dur_least == 0 || (uint64_t)f->dur_ns < r->dur_least))
		r->dur_least = (uint64_t)f->dur_ns;
	if (f->n_pkts == 0)
		return;
	low = f->n_bytes / f->n_pkts;
	high = low + (f->n_bytes % f->n_pkts != 0);
	if (low < r->bytes_min[proto])
		r->bytes_min[proto] = low;
	if (high > r->bytes_max[proto])
		r->bytes_max[proto] = high;
}

void
rules_see_series(struct rules *r, const struct series *s)
{
	struct flow f;
	uint32_t i;

	rules_see_key(r, &s->key);
	for (i = 0; i < s->n; i++) {
		if (s->flows != NULL) {
			f = s->flows[i];
			f.key = s->key;
			rules_see_flow(r, &f);
		} else {
			rules_see_packet(r, &s->key, &s->packets[i]);
		}
	}
}

unsigned
rules_mend_key(const struct rules *r, struct tuple *k)
{
	const struct tuple was = *k;
	int i;

	for (i = RULE_KEY_FIRST; i <= RULE_KEY_LAST; i++)
		if (!r->off[i][k->proto])
			fix_key(r, (enum rule)i, k);
	return (unsigned)(was.src_port != k->src_port) + (was.dst_port != k->dst_port) +
	    (was.proto != k->proto);
}

unsigned
rules_mend_packet(const struct rules *r, struct packet *p)
{
	unsigned is = packet_is(&p->key, p);
	const struct packet was = *p;
	int i;

	for (i = RULE_PACKET_FIRST; i <= RULE_PACKET_LAST; i++)
		if (!r->off[i][p->key.proto] && (only[i] & ~is) == 0)
			fix_packet((enum rule)i, p);
	return packet_changes(&was, p);
}

/* Header bytes a packet of a flow has at least. */
static uint64_t
flow_header(const struct tuple *k)
{
	uint64_t ip = tuple_is_v4(k) ? V4_HEADER : V6_HEADER;

	switch (k->proto) {
	case PROTO_TCP:
		return ip + 20;
	case PROTO_UDP:
	case PROTO_ICMP:
	case PROTO_ICMP6:
		return ip + 8;
	default:
		return ip;
	}
}

/* Bytes between headers and the largest packets.  Counts beyond some 10^6 come back to
 * within a float's step only, so what is off by less is put right without a word. */
static unsigned
mend_bytes(const struct rules *r, struct flow *f)
{
	uint64_t least = flow_header(&f->key), most = HEADER_LEN_MAX_V4,
		 was = f->n_bytes;
	double slack;

	if (!tuple_is_v4(&f->key))
		most = HEADER_LEN_MAX_V6;
	if (r->bytes_min[f->key.proto] < least)
		least = r->bytes_min[f->key.proto];
	if (r->bytes_max[f->key.proto] > most)
		most = r->bytes_max[f->key.proto];
	if (f->n_pkts == 0 || f->n_pkts > UINT64_MAX / most)
		return 0;
	if (f->n_bytes < f->n_pkts * least)
		f->n_bytes = f->n_pkts * least;
	if (f->n_bytes > f->n_pkts * most)
		f->n_bytes = f->n_pkts * most;
	slack = 1e-5 * (double)was;
	return (double)f->n_bytes < (double)was - slack ||
	    (double)f->n_bytes > (double)was + slack;
}

unsigned
rules_mend_flow(const struct rules *r, struct flow *f)
{
	const struct flow was = *f;
	int i;

	for (i = 0; i < RULES; i++)
		if (!r->off[i][f->key.proto])
			fix_flow(r, (enum rule)i, f);
	return flow_changes(&was, f) + mend_bytes(r, f);
}
