#include "checks.h"

#include "base/mem.h"
#include "stream/schema.h"

enum { FIN = 1, SYN = 2, RST = 4 }; /* RFC 9293 3.1 */
enum { MF = 1, DF = 2 };            /* ns-fields(7), ip_flags */
enum { V4_HEADER = 20, V6_HEADER = 40, V6_FRAGMENT = 48, WHOLE_MAX = 65535 };

static enum rule_verdict
verdict_of(bool pass)
{
	return pass ? RULE_PASS : RULE_FAIL;
}

static bool
is_zero(const uint8_t a[16])
{
	uint8_t any = 0;

	for (int i = 0; i < 16; i++)
		any |= a[i];
	return any == 0;
}

enum rule_verdict
check_addresses(const struct rule_case *c)
{
	uint8_t from = c->src[12], to = c->dst[12]; /* first byte of mapped IPv4 */

	if (c->v4)
		return verdict_of((from < 224 || from > 239) && from != 255 && to != 0);
	return verdict_of(c->src[0] != 0xff && !is_zero(c->dst));
}

static int64_t
ip_header(const struct rule_case *c)
{
	return c->v4 ? V4_HEADER : V6_HEADER;
}

/* In whole packets of least and greatest length; a product of the two numbers might
 * not fit.  Fails for no packets at all. */
enum rule_verdict
check_sizes(const struct rule_case *c)
{
	int64_t n = c->t->wide[COL_PKTS][c->i], bytes = c->t->wide[COL_BYTES][c->i];
	int64_t least = ip_header(c), most = WHOLE_MAX + (c->v4 ? 0 : V6_HEADER);

	if (c->proto == PROTO_TCP)
		least += 20;
	else if (c->proto == PROTO_UDP)
		least += 8;
	return verdict_of(bytes / least >= n && (bytes - 1) / most < n);
}

enum rule_verdict
check_min_length(const struct rule_case *c)
{
	int64_t len = c->t->narrow[COL_IP_LEN][c->i], least = ip_header(c);

	if (c->t->narrow[COL_FRAG_OFF][c->i] > 0)
		return verdict_of(len > (c->v4 ? V4_HEADER : V6_FRAGMENT));
	switch (c->proto) {
	case PROTO_TCP:
		return verdict_of(len >= least + 20);
	case PROTO_UDP:
	case PROTO_ICMP:
	case PROTO_ICMP6:
		return verdict_of(len >= least + 8);
	default:
		return verdict_of(len >= least);
	}
}

/* Which of the two a port is in use with.  IANA registers many of them for both. */
enum use { USE_TCP = 1, USE_UDP = 2, USE_BOTH = 3 };

static const struct {
	uint16_t port;
	uint8_t use;
} ports[] = {
    {21, USE_TCP},   /* ftp */
    {22, USE_TCP},   /* ssh */
    {23, USE_TCP},   /* telnet */
    {25, USE_TCP},   /* smtp */
    {53, USE_BOTH},  /* domain */
    {67, USE_UDP},   /* bootps */
    {68, USE_UDP},   /* bootpc */
    {69, USE_UDP},   /* tftp */
    {80, USE_BOTH},  /* http, and QUIC in its first years */
    {110, USE_TCP},  /* pop3 */
    {123, USE_UDP},  /* ntp */
    {143, USE_TCP},  /* imap */
    {161, USE_UDP},  /* snmp */
    {443, USE_BOTH}, /* https, QUIC */
    {445, USE_TCP},  /* microsoft-ds */
    {514, USE_UDP},  /* syslog */
    {1900, USE_UDP}, /* ssdp */
    {3389, USE_TCP}, /* ms-wbt-server */
    {5353, USE_UDP}, /* mdns */
};

/* 0 for a port that is not in the table. */
static unsigned
port_use(uint32_t port)
{
	for (size_t k = 0; k < LEN(ports); k++)
		if (ports[k].port == port)
			return ports[k].use;
	return 0;
}

enum rule_verdict
check_port_proto(const struct rule_case *c)
{
	unsigned from = port_use(c->src_port), to = port_use(c->dst_port), use;

	if (c->proto != PROTO_TCP && c->proto != PROTO_UDP)
		return RULE_NO_SAY;
	if (from == 0 && to == 0)
		return RULE_NO_SAY;
	use = c->proto == PROTO_TCP ? USE_TCP : USE_UDP;
	return verdict_of(
	    (from == 0 || (from & use) != 0) && (to == 0 || (to & use) != 0));
}

enum rule_verdict
check_icmp_ports(const struct rule_case *c)
{
	if (proto_has_ports((uint8_t)c->proto))
		return RULE_NO_SAY;
	return verdict_of(c->src_port == 0 && c->dst_port == 0);
}

enum rule_verdict
check_duration(const struct rule_case *c)
{
	bool lasts = c->t->wide[COL_DUR][c->i] != 0;

	return verdict_of(lasts == (c->t->wide[COL_PKTS][c->i] != 1));
}

enum rule_verdict
check_times(const struct rule_case *c)
{
	uint64_t after = (uint64_t)c->t->wide[COL_TIME][c->i] - (uint64_t)c->t0;

	return verdict_of(after <= c->ref_span);
}

enum rule_verdict
check_tcp_flags(const struct rule_case *c)
{
	uint32_t flags = c->t->narrow[COL_TCP_FLAGS][c->i];

	if (c->proto != PROTO_TCP)
		return verdict_of(flags == 0);
	/* a later fragment has no TCP header to see flags in */
	if (c->t->kind == NSR_FLOW || c->t->narrow[COL_FRAG_OFF][c->i] > 0)
		return RULE_NO_SAY;
	if (flags == 0)
		return c->has_flags ? RULE_FAIL : RULE_NO_SAY;
	return verdict_of((flags & SYN) == 0 || (flags & (FIN | RST)) == 0);
}

/* IP options, which a record does not know of, are taken as absent. */
enum rule_verdict
check_fragments(const struct rule_case *c)
{
	int64_t at = (int64_t)c->t->narrow[COL_FRAG_OFF][c->i] * 8;
	int64_t header = c->v4 ? V4_HEADER : V6_FRAGMENT;
	int64_t payload = (int64_t)c->t->narrow[COL_IP_LEN][c->i] - header;
	int64_t most = WHOLE_MAX - (c->v4 ? V4_HEADER : 0);
	uint32_t flags = c->t->narrow[COL_IP_FLAGS][c->i];

	if (at == 0 && (flags & MF) == 0)
		return RULE_NO_SAY;
	if (at + payload > most)
		return RULE_FAIL;
	if ((flags & MF) == 0)
		return RULE_PASS;
	return verdict_of((flags & DF) == 0 && payload > 0 && payload % 8 == 0);
}

enum rule_verdict
check_ttl(const struct rule_case *c)
{
	return verdict_of(c->t->narrow[COL_TTL][c->i] > 0);
}
