/*
 * rules.h: what holds in valid records, as repairs.
 *
 * A repair that would change even one record of the trace is switched off for that
 * record's protocol, so real records always come back as they were; the codec remembers
 * which are off.
 */
#ifndef CODEC_SHARED_RULES_H
#define CODEC_SHARED_RULES_H

#include <stdbool.h>
#include <stdint.h>

#include "trace/record.h"

enum rule {
	RULE_ICMP_VERSION, /* ICMP in IPv4, ICMPv6 in IPv6 */
	RULE_V6_NEXT,      /* no extension header is what an IPv6 packet carries */
	RULE_PORTS,        /* ports are 0 where the protocol has none */
	RULE_FRAG_PORTS,   /* a packet of a flow with ports has its ports: offset 0 */
	RULE_FRAG_DF,      /* no fragment says "do not fragment" */
	RULE_FRAG_END,     /* a fragment ends within 65535 bytes */
	RULE_V6_FLAGS,     /* IPv6 has no flag but MF */
	RULE_V6_ID,        /* IPv6 has an identification in fragments only */
	RULE_FRAG_L4,      /* later fragments show no TCP flags, no ICMP type */
	RULE_TCP_FLAGS,    /* TCP flags are TCP's */
	RULE_LEN_MIN,      /* ip_len holds the headers */
	RULE_LEN_MAX,      /* and fits its field */
	RULE_LEN_UNIT,     /* it holds whole options, chunks or words */
	RULE_MF_LEN,       /* all fragments but the last are of 8-byte units */
	RULE_ONE_NO_DUR,   /* a flow of one packet lasts 0 */
	RULE_MORE_DUR,     /* a flow of more lasts longer */
	RULES
};

struct rules {
	bool off[RULES][256]; /* by protocol */
	bool seen[256];       /* protocols of the trace */
	/* flows: whole numbers below and above the bytes a packet that were seen */
	uint64_t bytes_min[256], bytes_max[256];
	uint64_t dur_least; /* shortest duration above 0, 0 = none seen */
};

/* rule_name: "icmp_version" ... */
const char *rule_name(enum rule r);

/* rules_init: all on, for a fit. */
void rules_init(struct rules *r);
/* Switch off what p of the flow k, or f (with its key), does not obey. */
void rules_see_key(struct rules *r, const struct tuple *k);
void rules_see_packet(struct rules *r, const struct tuple *k, const struct packet *p);
void rules_see_flow(struct rules *r, const struct flow *f);
/* rules_see_series: all of them, for a series. */
void rules_see_series(struct rules *r, const struct series *s);

/* Repairs by the rules that are on; return how many fields changed. */
unsigned rules_mend_key(const struct rules *r, struct tuple *k);
unsigned rules_mend_packet(const struct rules *r, struct packet *p);
unsigned rules_mend_flow(const struct rules *r, struct flow *f);

#endif
