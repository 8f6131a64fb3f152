#include "rules.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "checks.h"
#include "stream/schema.h"

#define PKT (1u << NSR_PACKET)
#define FLW (1u << NSR_FLOW)

static const struct rule rows[RULES] = {
    [RULE_ADDRESSES] = {"addresses", "plausible addresses", PKT | FLW,
	"The source is neither multicast (224-239.x, ff00::/8) nor broadcast (255.x), "
	"the destination is neither 0.x nor ::.",
	check_addresses},
    [RULE_SIZES] = {"sizes", "bytes against packets", FLW,
	"The bytes of a flow record are at least its packets times the headers (TCP "
	"40, "
	"UDP 28, others 20, IPv6 20 more) and at most its packets times 65,535 (IPv6: "
	"65,575).",
	check_sizes},
    [RULE_MIN_LENGTH] = {"min_length", "room for the headers", PKT,
	"A packet is as long as its headers at least: TCP 40, UDP and ICMP 28, others "
	"20, IPv6 20 more; a fragment after the first is more than its IP header.",
	check_min_length},
    [RULE_PORT_PROTO] = {"port_proto", "well-known ports", PKT | FLW,
	"A port that is in use with one of TCP and UDP only is used with that one. "
	"Ports in use with both (53, 80, 443) pass.",
	check_port_proto},
    [RULE_ICMP_PORTS] = {"icmp_ports", "no ports without ports", PKT | FLW,
	"Records of ICMP and other protocols without ports have 0 for both. A source "
	"that keeps the type and code of ICMP in the ports breaks this by itself.",
	check_icmp_ports},
    [RULE_DURATION] = {"duration", "duration against packets", FLW,
	"A flow record lasts 0 exactly if it has one packet. Real records break this "
	"where the clock of the exporter is coarse.",
	check_duration},
    [RULE_TIMES] = {"times", "inside the trace", PKT | FLW,
	"A record is no later after the first record of its own trace than the last "
	"record of the reference is after the reference's first.",
	check_times},
    [RULE_TCP_FLAGS] = {"tcp_flags", "TCP flags", PKT | FLW,
	"Only TCP has TCP flags. A TCP packet has one at least, unless no packet of "
	"the "
	"trace has any, and SYN comes with neither FIN nor RST. Of TCP flow records, "
	"whose flags are those of many packets, nothing is asked.",
	check_tcp_flags},
    [RULE_FRAGMENTS] = {"fragments", "fragments", PKT,
	"A fragment may be fragmented (not DF with MF), ends inside the 65,535 bytes "
	"of "
	"a whole packet, and carries a multiple of 8 bytes, not 0, if more follow.",
	check_fragments},
    [RULE_TTL] = {"ttl", "time to live", PKT, "The time to live is 1 at least.",
	check_ttl},
    [RULE_ALL] = {"all", "all rules", PKT | FLW,
	"The record passes every rule that applies to it.", NULL},
};

const struct rule *
rules_row(int i)
{
	assert(i >= 0 && i < RULES);
	return &rows[i];
}

/* What holds for all records of the trace. */
static void
case_init(struct rule_case *c, const struct trace *t, uint64_t ref_span)
{
	memset(c, 0, sizeof *c);
	c->t = t;
	c->ref_span = ref_span;
	c->t0 = INT64_MAX;
	for (size_t i = 0; i < t->n; i++) {
		int64_t at = t->wide[COL_TIME][i];

		c->t0 = at < c->t0 ? at : c->t0;
		c->has_flags = c->has_flags ||
		    (t->narrow[COL_PROTO][i] == PROTO_TCP &&
			t->narrow[COL_TCP_FLAGS][i] != 0);
	}
}

static void
case_at(struct rule_case *c, const struct tables *tb, size_t i)
{
	const struct trace *t = c->t;

	c->i = i;
	c->src = tb->addrs.addr[t->narrow[COL_SRC_IP][i]];
	c->dst = tb->addrs.addr[t->narrow[COL_DST_IP][i]];
	c->v4 = addr_is_v4(c->src);
	c->proto = t->narrow[COL_PROTO][i];
	c->src_port = t->narrow[COL_SRC_PORT][i];
	c->dst_port = t->narrow[COL_DST_PORT][i];
}

void
rules_share(const struct trace *t, const struct tables *tb, uint64_t ref_span,
    size_t *applies, size_t *passes)
{
	struct rule_case c;

	memset(applies, 0, RULES * sizeof *applies);
	memset(passes, 0, RULES * sizeof *passes);
	case_init(&c, t, ref_span);
	for (size_t i = 0; i < t->n; i++) {
		bool all = true;

		case_at(&c, tb, i);
		for (int k = 0; k < RULE_ALL; k++) {
			enum rule_verdict v = RULE_NO_SAY;

			if (rows[k].kinds & 1u << t->kind)
				v = rows[k].fn(&c);
			applies[k] += v != RULE_NO_SAY;
			passes[k] += v == RULE_PASS;
			all = all && v != RULE_FAIL;
		}
		passes[RULE_ALL] += all;
	}
	applies[RULE_ALL] = t->n;
}

double
rules_ratio(size_t applies, size_t passes)
{
	return applies > 0 ? (double)passes / (double)applies : NAN;
}
