/*
 * mend.h: what any profile does to codes that no encoder wrote, so that a valid series
 * comes of them.
 */
#ifndef CODEC_SHARED_MEND_H
#define CODEC_SHARED_MEND_H

#include <stdbool.h>
#include <stdint.h>

#include "trace/rstream.h"

struct codec;

/* What codec_decode had to mend, as counts over all calls. */
struct codec_mends {
	uint64_t fitted;  /* series squeezed into their chunk's window */
	uint64_t clamped; /* fields moved into what their header allows */
};

/* The value of a pair of ICMP type and code, or that the packet is not of ICMP. */
#define ICMP_NONE 0
static inline uint64_t
icmp_value(uint8_t type, uint8_t code)
{
	return 0x10000u | (uint64_t)type << 8 | code;
}
#define ICMP_KINDS 2 /* ICMP, ICMPv6 */
/* icmp_kind: 0 for ICMP, 1 for ICMPv6, -1 for others. */
static inline int
icmp_kind(uint8_t proto)
{
	return proto == PROTO_ICMP ? 0 : proto == PROTO_ICMP6 ? 1 : -1;
}

/* mend_key: addresses of the version the series is of, ports and protocol that go
 * together; returns how many fields changed. */
unsigned mend_key(const struct codec *c, struct tuple *k, bool v4);
/* mend_tags: the flow is in its own chunk, and starts where its first tag is. */
unsigned mend_tags(struct series *s, int own, bool starts);
/* mend_icmp: type and code, which packets of ICMP have and no others, from a value as
 * decoded; kinds: those that had it, 3 = not known.  Returns whether it changed. */
unsigned mend_icmp(const struct codec *c, struct packet *p, uint64_t v, unsigned kinds);
/* mend_packet: the rules that hold in the trace, for a packet whose fields are all set.
 */
unsigned mend_packet(const struct codec *c, struct packet *p);

/* A series that ends later than its window by less than this part of it does so because
 * place and gaps are floats, not because it does not fit. */
#define FIT_SLACK 0x1p-21
/* mend_scale: by how much gaps that add up to total shrink so that all steps lie in
 * what is left of the window. */
double mend_scale(double total, double left, double window, struct codec_mends *m);

/* codec_room: c->s has room for n steps. */
void codec_room(struct codec *c, uint32_t n);
/* codec_label: the index in l of the text that a category of type (0) or label (1)
 * stands for; l may be another table at each call. */
int codec_label(struct codec *c, int which, uint8_t category, const char *text,
    struct labels *l, uint16_t *out, struct ns_err *e);

#endif
