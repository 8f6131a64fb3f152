/* How long the headers of a packet are. */
#include "trace/build.h"

bool
build_has_fragment_header(const struct packet *p)
{
	return p->frag_off != 0 || (p->ip_flags & MF) != 0 || p->ip_id != 0;
}

static uint32_t
ip_header_len(const struct packet *p)
{
	if (tuple_is_v4(&p->key))
		return 20;
	return build_has_fragment_header(p) ? 48 : 40;
}

bool
build_is_icmp_error(const struct packet *p)
{
	if (p->key.proto == PROTO_ICMP6)
		return p->icmp_type >= 1 && p->icmp_type <= 4;
	return p->key.proto == PROTO_ICMP &&
	    (p->icmp_type == 3 || p->icmp_type == 4 || p->icmp_type == 5 ||
		p->icmp_type == 11 || p->icmp_type == 12);
}

uint32_t
build_discovery_len(const struct packet *p)
{
	if (p->key.proto != PROTO_ICMP6)
		return 0;
	switch (p->icmp_type) {
	case 133:
		return 8;
	case 134:
		return 16;
	case 135:
	case 136:
		return 24;
	case 137:
		return 40;
	default:
		return 0;
	}
}

/* Fixed part of the other messages. */
static uint32_t
message_len(const struct packet *p)
{
	if (p->key.proto == PROTO_ICMP) {
		if (p->icmp_type == 13 || p->icmp_type == 14)
			return 20; /* times, RFC 792 */
		return p->icmp_type == 17 || p->icmp_type == 18 ? 12 : 8; /* RFC 950 */
	}
	switch (p->icmp_type) {
	case 130:
	case 131:
	case 132:
		return 24; /* RFC 2710 */
	case 139:
	case 140:
		return 16; /* RFC 4620 */
	case MLD2_REPORT:
		return 28; /* with one record, RFC 3810 5.2 */
	default:
		return 8;
	}
}

uint32_t
build_icmp_len(const struct packet *p)
{
	if (build_is_icmp_error(p))
		return 8 + (tuple_is_v4(&p->key) ? 20 : 40);
	return build_discovery_len(p) > 8 ? build_discovery_len(p) : message_len(p);
}

uint32_t
build_l4_len(const struct packet *p)
{
	switch (p->key.proto) {
	case PROTO_TCP:
		return 20;
	case PROTO_UDP:
	case PROTO_UDPLITE:
		return 8;
	case PROTO_DCCP:
	case PROTO_SCTP:
		return 12;
	case PROTO_ICMP:
	case PROTO_ICMP6:
		return build_icmp_len(p);
	case PROTO_IPV4:
		return 20;
	case PROTO_IPV6:
		return 40;
	default:
		return 0;
	}
}

/* A payload length of 0 is that of jumbograms (RFC 2675) and of packets that end there
 * (RFC 8200 4.7). */
static uint32_t
other_len(const struct packet *p)
{
	if (tuple_is_v4(&p->key) || build_has_fragment_header(p))
		return 0;
	return p->key.proto != PROTO_NO_NEXT;
}

uint32_t
header_min_len(const struct packet *p)
{
	uint32_t ip = ip_header_len(p), l4;

	if (p->ip_flags & MF)
		return ip + 8;
	if (p->frag_off != 0)
		return ip + 1;
	l4 = build_l4_len(p);
	return ip + (l4 != 0 ? l4 : other_len(p));
}

uint32_t
header_max_len(const struct packet *p)
{
	uint32_t ip = ip_header_len(p), discovery, most, fragment;

	most = ip == 20 ? HEADER_LEN_MAX_V4 : HEADER_LEN_MAX_V6;
	fragment = (uint32_t)p->frag_off * 8;
	discovery = build_discovery_len(p);
	if (fragment == 0 && discovery != 0)
		return ip + discovery + DISCOVERY_UNIT * DISCOVERY_UNITS_MAX;
	if (fragment == 0)
		return most;
	/* IPv4 counts its header into the 65535 of the whole, IPv6 does not. */
	most = fragment < 65535 ? 65535 - fragment + (ip == 20 ? 0 : ip) : 0;
	return most > header_min_len(p) ? most : header_min_len(p);
}

uint32_t
header_len_unit(const struct packet *p)
{
	if (p->frag_off != 0 || (p->ip_flags & MF) != 0)
		return 1;
	if (build_discovery_len(p) != 0)
		return DISCOVERY_UNIT;
	if (p->key.proto == PROTO_SCTP)
		return 4;
	return p->key.proto == PROTO_ICMP6 && p->icmp_type == MLD2_REPORT ? 4 : 1;
}
