#include "codec/shared/public.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "codec/shared/impl.h"
#include "trace/header.h"

static const uint16_t services[] = {0, 1, 7, 9, 13, 17, 19, 20, 21, 22, 23, 25, 26, 37,
    42, 43, 49, 53, 67, 68, 69, 70, 79, 80, 81, 82, 83, 84, 85, 88, 102, 110, 111, 113,
    119, 123, 135, 137, 138, 139, 143, 161, 162, 177, 179, 194, 389, 427, 443, 444, 445,
    464, 465, 500, 502, 512, 513, 514, 515, 520, 521, 523, 546, 547, 548, 554, 587, 593,
    623, 631, 636, 646, 666, 749, 853, 873, 902, 989, 990, 992, 993, 995, 1025, 1026,
    1027, 1080, 1099, 1194, 1433, 1434, 1521, 1645, 1646, 1701, 1720, 1723, 1812, 1813,
    1883, 1900, 1935, 1985, 2000, 2049, 2055, 2082, 2083, 2086, 2087, 2123, 2152, 2181,
    2222, 2323, 2375, 2376, 2404, 2483, 3000, 3128, 3260, 3268, 3269, 3306, 3389, 3478,
    3544, 3690, 3702, 4000, 4369, 4443, 4444, 4500, 4567, 4739, 4786, 4789, 5000, 5001,
    5004, 5038, 5060, 5061, 5222, 5223, 5228, 5269, 5351, 5353, 5355, 5357, 5432, 5555,
    5601, 5631, 5671, 5672, 5683, 5684, 5800, 5900, 5901, 5902, 5984, 5985, 5986, 6000,
    6343, 6346, 6379, 6443, 6660, 6666, 6667, 6697, 6881, 7000, 7001, 7070, 7547, 7680,
    7777, 8000, 8001, 8008, 8009, 8080, 8081, 8083, 8086, 8088, 8090, 8123, 8291, 8333,
    8443, 8554, 8728, 8880, 8883, 8888, 9000, 9001, 9042, 9090, 9092, 9100, 9200, 9300,
    9418, 9443, 9600, 9999, 10000, 10001, 10050, 10051, 11211, 17500, 19132, 20000,
    20547, 25565, 27015, 27017, 30303, 32400, 32764, 34567, 37215, 37777, 44818, 47808,
    49152, 50070, 51413, 51820, 52869, 60001, 64738};

static const uint8_t protocols[] = {0, PROTO_ICMP, 2, 4, PROTO_TCP, 8, 9, PROTO_UDP, 33,
    41, 43, 44, 46, 47, 50, 51, PROTO_ICMP6, 59, 60, 88, 89, 97, 103, 108, 112, 115,
    PROTO_SCTP, 135, 136, 137};

/* Types of messages, with codes from 0 to the last. */
struct icmp_type {
	uint8_t type, last;
};
static const struct icmp_type icmp4[] = {{0, 0}, {3, 15}, {4, 0}, {5, 3}, {8, 0},
    {9, 0}, {10, 0}, {11, 1}, {12, 2}, {13, 0}, {14, 0}, {15, 0}, {16, 0}, {17, 0},
    {18, 0}, {30, 0}, {40, 5}, {42, 0}, {43, 4}};
static const struct icmp_type icmp6[] = {{1, 7}, {2, 0}, {3, 1}, {4, 3}, {128, 0},
    {129, 0}, {130, 0}, {131, 0}, {132, 0}, {133, 0}, {134, 0}, {135, 0}, {136, 0},
    {137, 0}, {138, 1}, {139, 2}, {140, 2}, {141, 0}, {142, 0}, {143, 0}, {144, 0},
    {145, 0}, {146, 0}, {147, 0}, {148, 0}, {149, 0}, {151, 0}, {152, 0}, {153, 0},
    {155, 0}, {160, 0}, {161, 0}};

struct public_ports
public_services(void)
{
	return (struct public_ports){LEN(services), services};
}

struct public_protos
public_protocols(void)
{
	return (struct public_protos){LEN(protocols), protocols};
}

static bool
has_pair(const struct icmp_type *t, size_t n, unsigned type, unsigned code)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (t[i].type == type)
			return code <= t[i].last;
	return false;
}

size_t
public_icmp(uint64_t value[PUBLIC_ICMP_MAX], uint8_t kinds[PUBLIC_ICMP_MAX])
{
	unsigned type, code, k;
	size_t n = 1;

	value[0] = ICMP_NONE;
	kinds[0] = 0;
	for (type = 0; type < 256; type++)
		for (code = 0; code < 16; code++) {
			k = has_pair(icmp4, LEN(icmp4), type, code);
			k |= 2u * has_pair(icmp6, LEN(icmp6), type, code);
			if (k == 0)
				continue;
			value[n] = icmp_value((uint8_t)type, (uint8_t)code);
			kinds[n++] = (uint8_t)k;
		}
	return n;
}

static int
add_text(struct texts *t, const char *text, struct ns_err *e)
{
	struct ns_err why;
	size_t i, n = strlen(text);

	for (i = 0; i < n; i++)
		if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
			return ns_fail(e, NS_EUSAGE,
			    "a label holds a control character");
	if (n > LABEL_TEXT_MAX)
		return ns_fail(e, NS_EUSAGE, "a label is longer than %d bytes",
		    LABEL_TEXT_MAX);
	if (texts_add(t, text, "labels", &why) < 0)
		return ns_fail(e, NS_EUSAGE, "more than %d labels", TEXTS_MAX - 1);
	return NS_OK;
}

int
public_texts(struct texts *t, const char *list, struct ns_err *e)
{
	char *copy = xstrdup(list != NULL ? list : ""), *p = copy, *comma;
	int rc = add_text(t, "", e);

	while (p != NULL && rc >= 0) {
		comma = strchr(p, ',');
		if (comma != NULL)
			*comma = '\0';
		rc = add_text(t, p, e);
		p = comma != NULL ? comma + 1 : NULL;
	}
	free(copy);
	return rc;
}

/* Header bytes of a packet of the protocol, in the IP version that has the shorter. */
static uint64_t
least_bytes(const struct codec *c, int proto)
{
	uint64_t ip = c->v4 ? 20 : 40;

	switch (proto) {
	case PROTO_TCP:
		return ip + 20;
	case PROTO_UDP:
	case PROTO_ICMP:
	case PROTO_ICMP6:
		return ip + 8;
	default:
		return ip;
	}
}

void
public_rules(struct codec *c)
{
	int p;

	for (p = 0; p < 256; p++) {
		c->rules.seen[p] = true;
		c->rules.off[RULE_MORE_DUR][p] = true;
		/* exporters of flows may tell the first header */
		c->rules.off[RULE_V6_NEXT][p] =
		    c->of_flows && header_is_extension((uint8_t)p);
		c->rules.bytes_min[p] = least_bytes(c, p);
		c->rules.bytes_max[p] = c->v6 ? 65575 : 65535;
	}
	c->icmp_common[0] = icmp_value(8, 0);
	c->icmp_common[1] = icmp_value(128, 0);
}
