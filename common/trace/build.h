/*
 * build.h: what header_build and header_min_len must agree on; of this room alone.
 */
#ifndef TRACE_BUILD_H
#define TRACE_BUILD_H

#include "trace/header.h"

enum { MF = 1, MLD2_REPORT = 143 };
enum { PROTO_IPV4 = 4, PROTO_DCCP = 33, PROTO_IPV6 = 41, PROTO_UDPLITE = 136 };
enum { DISCOVERY_UNIT = 8, DISCOVERY_UNITS_MAX = 255 };

bool build_has_fragment_header(const struct packet *p);
bool build_is_icmp_error(const struct packet *p);
/* Bytes before the options of a neighbour discovery message (RFC 4861), 0 = it is none.
 */
uint32_t build_discovery_len(const struct packet *p);
uint32_t build_icmp_len(const struct packet *p);
/* Least length of what follows the IP header in a packet that is no fragment. */
uint32_t build_l4_len(const struct packet *p);

#endif
