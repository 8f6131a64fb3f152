#include "link.h"

#include "base/le.h"

enum {
	LINK_NULL = 0,
	LINK_ETHERNET = 1,
	LINK_RAW_BSD = 12, /* DLT_RAW of most systems and of OpenBSD, found in files */
	LINK_RAW_OPENBSD = 14,
	LINK_RAW = 101,
	LINK_LOOP = 108,
	LINK_SLL = 113,
	LINK_IPV4 = 228,
	LINK_IPV6 = 229,
	LINK_SLL2 = 276
};

bool
link_known(uint32_t link)
{
	switch (link) {
	case LINK_NULL:
	case LINK_ETHERNET:
	case LINK_RAW_BSD:
	case LINK_RAW_OPENBSD:
	case LINK_RAW:
	case LINK_LOOP:
	case LINK_SLL:
	case LINK_IPV4:
	case LINK_IPV6:
	case LINK_SLL2:
		return true;
	default:
		return false;
	}
}

static bool
is_vlan(uint16_t type)
{
	return type == 0x8100 || type == 0x88a8 || type == 0x9100;
}

/* *at is just behind an EtherType; tags are stepped over. */
static enum skip
by_ethertype(uint16_t type, const uint8_t *p, size_t caplen, size_t *at, int *version)
{
	int depth;

	for (depth = 0; is_vlan(type); depth++) {
		if (depth == LINK_VLAN_MAX)
			return SKIP_VLAN_DEPTH;
		if (caplen < *at + 4)
			return SKIP_LINK_CUT;
		type = get_be16(p + *at + 2);
		*at += 4;
	}
	*version = type == 0x0800 ? 4 : 6;
	if (type == 0x0800 || type == 0x86dd)
		return SKIP_NONE;
	if (type == 0x0806)
		return SKIP_ARP;
	if (type == 0x8847 || type == 0x8848)
		return SKIP_MPLS;
	if (type == 0x8863 || type == 0x8864)
		return SKIP_PPPOE;
	return type < 0x0600 ? SKIP_LLC : SKIP_NON_IP;
}

/* An address family of the host that captured, in its byte order. */
static enum skip
by_family(const uint8_t *p, int *version)
{
	uint32_t af = get_le32(p);

	if (af > 0xffff)
		af = get_be32(p);
	if (af == 2)
		*version = 4;
	else if (af == 10 || af == 24 || af == 28 || af == 30) /* Linux, BSDs, Darwin */
		*version = 6;
	else
		return SKIP_NON_IP;
	return SKIP_NONE;
}

enum skip
link_decode(uint32_t link, const uint8_t *p, size_t caplen, size_t *at, int *version)
{
	size_t head = link == LINK_ETHERNET ? 14
	    : link == LINK_SLL              ? 16
	    : link == LINK_SLL2             ? 20
					    : 4;

	*at = 0;
	*version = link == LINK_IPV4 ? 4 : link == LINK_IPV6 ? 6 : 0;
	if (link == LINK_RAW || link == LINK_RAW_BSD || link == LINK_RAW_OPENBSD ||
	    link == LINK_IPV4 || link == LINK_IPV6)
		return SKIP_NONE;
	if (!link_known(link))
		return SKIP_LINK_TYPE;
	if (caplen < head)
		return SKIP_LINK_CUT;
	*at = head;
	if (link == LINK_NULL || link == LINK_LOOP)
		return by_family(p, version);
	return by_ethertype(get_be16(link == LINK_SLL2 ? p : p + head - 2), p, caplen,
	    at, version);
}

enum skip
link_packet(uint32_t link, const uint8_t *frame, size_t caplen, uint32_t wire_len,
    struct packet *p)
{
	enum header_skip why;
	enum skip s;
	int version;
	size_t at;

	s = link_decode(link, frame, caplen, &at, &version);
	if (s != SKIP_NONE)
		return s;
	if (version != 0 && caplen > at && frame[at] >> 4 != version)
		return (enum skip)(SKIP_HEADER + HEADER_IP_VERSION);
	if (header_parse(frame + at, caplen - at,
		wire_len > at ? wire_len - (uint32_t)at : 0, p, &why))
		return SKIP_NONE;
	return (enum skip)(SKIP_HEADER + (int)why);
}
