#include "rules.h"

#include <math.h>
#include <string.h>

#include "checks.h"
#include "stream/schema.h"

#define PKT (1u << NSR_PACKET)
#define FLW (1u << NSR_FLOW)

static const struct {
	unsigned kinds;
	rule_fn *fn; /* NULL: every rule that applies */
} rows[RULES] = {
    [RULE_ADDRESSES] = {PKT | FLW, check_addresses},
    [RULE_SIZES] = {FLW, check_sizes},
    [RULE_MIN_LENGTH] = {PKT, check_min_length},
    [RULE_PORT_PROTO] = {PKT | FLW, check_port_proto},
    [RULE_ICMP_PORTS] = {PKT | FLW, check_icmp_ports},
    [RULE_DURATION] = {FLW, check_duration},
    [RULE_TIMES] = {PKT | FLW, check_times},
    [RULE_TCP_FLAGS] = {PKT | FLW, check_tcp_flags},
    [RULE_FRAGMENTS] = {PKT, check_fragments},
    [RULE_TTL] = {PKT, check_ttl},
    [RULE_ALL] = {PKT | FLW, NULL},
};

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
