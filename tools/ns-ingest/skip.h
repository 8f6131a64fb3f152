/*
 * skip.h: why a packet or a row is not modelled, counted.  The names are those of META
 * ingest.skipped.REASON.
 */
#ifndef INGEST_SKIP_H
#define INGEST_SKIP_H

#include <stdint.h>

#include "trace/header.h"

enum skip {
	SKIP_NONE,
	SKIP_LINK_TYPE, /* of one interface of a capture that has others */
	SKIP_LINK_CUT,  /* the capture ends inside the link layer */
	SKIP_ARP,
	SKIP_MPLS,
	SKIP_PPPOE,
	SKIP_LLC, /* IEEE 802.2 */
	SKIP_VLAN_DEPTH,
	SKIP_NON_IP,   /* any other protocol on the link */
	SKIP_NO_TIME,  /* a simple packet block has no time stamp */
	SKIP_TIME,     /* beyond what 64 bits of nanoseconds hold */
	SKIP_ADDRESS,  /* a row whose address is none of IP */
	SKIP_PROTOCOL, /* a row whose protocol is none of IP */
	SKIP_VERSIONS, /* a row from IPv4 to IPv6 or back */
	SKIP_HEADER,   /* + enum header_skip */
	SKIP_REASONS = SKIP_HEADER + HEADER_SKIPS
};

/* skip_name: "arp", "ip_cut" ... */
const char *skip_name(int why);

/* What was read and what became of it. */
struct tally {
	uint64_t read;     /* packets or rows */
	uint64_t filtered; /* packets that -F left out */
	uint64_t records;  /* written */
	uint64_t no_ports; /* rows whose ports were dropped, as the protocol has none */
	uint64_t skipped[SKIP_REASONS];
};

uint64_t tally_skipped(const struct tally *t);
/* tally_text: "arp 10, mpls 2", the most frequent first. */
void tally_text(const struct tally *t, char *out, size_t cap);

#endif
