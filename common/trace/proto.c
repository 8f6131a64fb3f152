/* Names of IP protocols: IANA's registry of assigned protocol numbers. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "trace/record.h"

/* The first name of a number is the one that proto_name gives. */
static const struct {
	uint8_t number;
	const char *name;
} names[] = {{PROTO_TCP, "TCP"}, {PROTO_UDP, "UDP"}, {PROTO_ICMP, "ICMP"},
    {PROTO_ICMP6, "IPV6-ICMP"}, {PROTO_ICMP6, "ICMPV6"}, {PROTO_ICMP6, "ICMP6"},
    {0, "HOPOPT"}, {2, "IGMP"}, {3, "GGP"}, {4, "IPIP"}, {4, "IPV4"}, {4, "IP-IN-IP"},
    {5, "ST"}, {5, "ST2"}, {7, "CBT"}, {8, "EGP"}, {9, "IGP"}, {11, "NVP"}, {12, "PUP"},
    {16, "CHAOS"}, {20, "HMP"}, {22, "XNS-IDP"}, {27, "RDP"}, {28, "IRTP"},
    {29, "ISO-TP4"}, {33, "DCCP"}, {35, "IDPR"}, {37, "DDP"}, {41, "IPV6"},
    {43, "IPV6-ROUTE"}, {44, "IPV6-FRAG"}, {45, "IDRP"}, {46, "RSVP"}, {47, "GRE"},
    {48, "DSR"}, {50, "ESP"}, {51, "AH"}, {53, "SWIPE"}, {54, "NARP"}, {55, "MOBILE"},
    {57, "SKIP"}, {59, "IPV6-NONXT"}, {59, "IPV6-NO"}, {60, "IPV6-OPTS"}, {70, "VISA"},
    {77, "SUN-ND"}, {80, "ISO-IP"}, {83, "VINES"}, {88, "EIGRP"}, {89, "OSPF"},
    {89, "OSPFIGP"}, {94, "IPIP-OLD"}, {97, "ETHERIP"}, {98, "ENCAP"}, {103, "PIM"},
    {108, "IPCOMP"}, {111, "IPX-IN-IP"}, {112, "VRRP"}, {113, "PGM"}, {115, "L2TP"},
    {118, "STP"}, {121, "SMP"}, {124, "ISIS"}, {132, "SCTP"}, {133, "FC"},
    {135, "MOBILITY"}, {136, "UDPLITE"}, {136, "UDP-LITE"}, {137, "MPLS-IN-IP"},
    {138, "MANET"}, {139, "HIP"}, {140, "SHIM6"}, {141, "WESP"}, {142, "ROHC"},
    {143, "ETHERNET"}};

bool
proto_has_ports(uint8_t proto)
{
	return proto == PROTO_TCP || proto == PROTO_UDP || proto == PROTO_SCTP ||
	    proto == 33 || proto == 136;
}

const char *
proto_name(uint8_t proto)
{
	size_t i;

	for (i = 0; i < LEN(names); i++)
		if (names[i].number == proto)
			return names[i].name;
	return NULL;
}

int
proto_number(const char *name)
{
	size_t i, digits = strspn(name, "0123456789");
	int n;

	if (digits > 0 && digits <= 3 && name[digits] == '\0') {
		n = atoi(name);
		return n <= 255 ? n : -1;
	}
	for (i = 0; i < LEN(names); i++)
		if (strcasecmp(names[i].name, name) == 0)
			return names[i].number;
	return -1;
}
