/*
 * public.h: what can be said of any trace without a look at it, from registries and
 * standards, for codecs that must know nothing of the trace they encode.
 */
#ifndef CODEC_SHARED_PUBLIC_H
#define CODEC_SHARED_PUBLIC_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "codec/shared/texts.h"

struct codec;

/* Ports that services are known to have, ascending.  Source: IANA, Service Name and
 * Transport Protocol Port Number Registry, and ports in wide use beside it. */
struct public_ports {
	size_t n;
	const uint16_t *port;
};
struct public_ports public_services(void);

/* Protocols that traffic has, ascending, with all that have ports, ICMP, or a length of
 * their own.  Source: IANA, Assigned Internet Protocol Numbers. */
struct public_protos {
	size_t n;
	const uint8_t *proto;
};
struct public_protos public_protocols(void);
/* A protocol that is none of these, and like all others that are not. */
#define PUBLIC_OTHER 255

/* public_icmp: value (ascending) and kinds (bit by icmp_kind) of the pairs of type and
 * code that there are, "no ICMP" first, of kinds 0; returns how many.  Source: IANA,
 * ICMP Parameters and ICMPv6 Parameters. */
#define PUBLIC_ICMP_MAX 128
size_t public_icmp(uint64_t value[PUBLIC_ICMP_MAX], uint8_t kinds[PUBLIC_ICMP_MAX]);

/* public_texts: the texts of a list, separated by commas, and the empty one into an
 * empty t; NS_EUSAGE where one cannot be a label. */
int public_texts(struct texts *t, const char *list, struct ns_err *e);

/* What a flow can be of; beyond, it is taken for so many.  Far greater ones would be
 * drawn now and then by a model that never saw one, and outweigh all others. */
#define PUBLIC_PKTS_MAX (UINT64_C(1) << 20)
#define PUBLIC_BYTES_MAX (UINT64_C(1) << 30)
#define PUBLIC_TIME_MAX (UINT64_C(1) << 37) /* microseconds: 38 hours */
#define PUBLIC_CLOCK_NS 1000                /* times are multiples of it */

/* public_rules: what holds in valid records, whatever they are of, as the codec's
 * rules; not, that a flow of several packets lasts: clocks of exporters are coarse. */
void public_rules(struct codec *c);

#endif
