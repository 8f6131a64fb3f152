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

struct rule {
	const char *name;  /* "min_length" */
	const char *title; /* a few words */
	unsigned kinds;    /* 1u << NSR_PACKET, 1u << NSR_FLOW */
	const char *explanation;
	rule_fn *fn; /* NULL for RULE_ALL */
};

/* rules_row: i in 0 .. RULES - 1, an enum rule_id. */
const struct rule *rules_row(int i);

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
