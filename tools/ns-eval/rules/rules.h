/*
 * rules.h: rules that every record of real traffic keeps to, and the share of records
 * that do.
 *
 * A rule looks at one record by itself.  It may have nothing to say about it, as one on
 * TCP has not about UDP: then the rule does not apply.
 *
 * Source: Ring et al., "Flow-based network traffic generation using generative
 * adversarial networks", Computers & Security 82 (2019), domain knowledge checks, as
 * NetShare's appendix takes them up (Yin et al., SIGCOMM 2022); the lengths of headers
 * are those of RFC 791, 768, 792, 8200 and 9293.
 */
#ifndef EVAL_RULES_H
#define EVAL_RULES_H

#include "data/columns.h"

/*
 * ADDRESSES   the source is neither multicast (224-239.x, ff00::/8) nor broadcast
 *             (255.x), the destination neither 0.x nor ::
 * SIZES       flows: bytes from packets times the headers (TCP 40, UDP and ICMP 28,
 *             others 20, IPv6 20 more) to packets times 65,535 (IPv6: 65,575)
 * MIN_LENGTH  packets: room for those headers; a later fragment has more than its own
 * PORT_PROTO  a port in use with one of TCP and UDP only is used with that one; ports
 * in use with both (53, 80, 443) pass ICMP_PORTS  both ports are 0 where the protocol
 * has none; a source that keeps the type and code of ICMP in the ports breaks this by
 * itself DURATION    flows: 0 exactly if there is one packet; clocks of exporters may
 * be coarse TIMES       no later after its trace's first record than the reference is
 * long TCP_FLAGS   with TCP only; a TCP packet has one at least, unless no packet of
 * the trace has any; SYN comes with neither FIN nor RST; flow records, whose flags are
 *             those of many packets, may have any
 * FRAGMENTS   not DF with MF; ends inside the 65,535 bytes of a whole packet; carries a
 *             multiple of 8 bytes, not 0, if more follow
 * TTL         1 at least
 */
enum rule_id {
	RULE_ADDRESSES,
	RULE_SIZES,
	RULE_MIN_LENGTH,
	RULE_PORT_PROTO,
	RULE_ICMP_PORTS,
	RULE_DURATION,
	RULE_TIMES,
	RULE_TCP_FLAGS,
	RULE_FRAGMENTS,
	RULE_TTL,
	RULE_ALL, /* every rule that applies to the record */
	RULES
};

enum rule_verdict { RULE_NO_SAY, RULE_PASS, RULE_FAIL };

/* One record as a rule sees it. */
struct rule_case {
	const struct trace *t;
	size_t i; /* its row */
	const uint8_t *src, *dst;
	uint32_t proto, src_port, dst_port;
	bool v4;
	int64_t t0;        /* first time of the trace */
	uint64_t ref_span; /* see rules_share */
	bool has_flags;    /* some TCP record of the trace has flags */
};
typedef enum rule_verdict rule_fn(const struct rule_case *c);

/*
 * rules_share: to how many records of t each rule applies, and how many of those pass.
 *
 *   applies, passes  (RULES)  written
 *   ref_span  last less first time of the reference trace, ns
 *
 * One pass over the records.  The row of RULE_ALL counts the records that pass every
 * rule that applies to them.
 */
void rules_share(const struct trace *t, const struct tables *tb, uint64_t ref_span,
    size_t *applies, size_t *passes);

/* rules_ratio: passes / applies; NAN where a rule applies to no record. */
double rules_ratio(size_t applies, size_t passes);

#endif
