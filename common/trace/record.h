/*
 * record.h: packet, flow and series, the records the suite is about.  Layouts in bytes
 * are in ns-fields(7); the field tables are in fields.c.
 *
 * Time is int64 nanoseconds since the epoch.  An address is 16 bytes in network order,
 * IPv4 mapped (RFC 4291 section 2.5.5.2).  Ports of protocols without ports are 0.
 */
#ifndef TRACE_RECORD_H
#define TRACE_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* time_unit_ns: nanoseconds of "s", "ms", "us" or "ns", the values of META
 * source.time_unit; 0 for another text. */
int64_t time_unit_ns(const char *name);

/* The five-tuple, which names a flow; direction counts. */
struct tuple {
	uint8_t src_ip[16];
	uint8_t dst_ip[16];
	uint16_t src_port;
	uint16_t dst_port;
	uint8_t proto;
};

/* A total order, field by field as listed; for sorting and equality. */
int tuple_cmp(const struct tuple *a, const struct tuple *b);
/* tuple_reverse: that of the other direction. */
struct tuple tuple_reverse(const struct tuple *k);
/* tuple_hash: FNV-1a over the 37 bytes in order (ports big-endian) and a final mix;
 * what ns-cat --part splits by, so it never changes. */
uint64_t tuple_hash(const struct tuple *k);
/* quick_hash: of a five-tuple, ports and protocol being any number that says both; for
 * grouping. */
uint64_t quick_hash(const uint8_t src_ip[16], const uint8_t dst_ip[16], uint64_t rest);
static inline bool
addr_is_v4(const uint8_t a[16])
{
	static const uint8_t prefix[12] = {[10] = 0xff, [11] = 0xff};

	return memcmp(a, prefix, sizeof prefix) == 0;
}
/* Both addresses are mapped IPv4.  Ingest lets no mixed pairs through. */
static inline bool
tuple_is_v4(const struct tuple *k)
{
	return addr_is_v4(k->src_ip) && addr_is_v4(k->dst_ip);
}
void addr_from_v4(uint8_t a[16], uint32_t host_order);
uint32_t addr_to_v4(const uint8_t a[16]);
/* addr_text: dotted or RFC 5952 text; out has room for 46 bytes. */
void addr_text(const uint8_t a[16], char out[46]);

enum {
	PROTO_ICMP = 1,
	PROTO_TCP = 6,
	PROTO_UDP = 17,
	PROTO_ICMP6 = 58,
	PROTO_NO_NEXT = 59,
	PROTO_SCTP = 132
};
/* proto_has_ports: TCP, UDP, SCTP, DCCP (33), UDP-Lite (136). */
bool proto_has_ports(uint8_t proto);
/* proto_name: "TCP", "UDP" ...; NULL for one without a common name.
 * proto_number: by name, any case, or decimal text; -1 if neither. */
const char *proto_name(uint8_t proto);
int proto_number(const char *name);

/* One IP packet's header.  64 bytes in a stream. */
struct packet {
	int64_t t_ns;
	struct tuple key;
	uint32_t ip_len; /* IPv4 total length; IPv6 payload length + 40 */
	uint32_t ip_id;  /* identification; IPv6: that of the fragment header, else 0 */
	uint16_t frag_off;  /* 8-byte units */
	uint16_t tcp_flags; /* RFC 9293 bits, FIN = 1 ... CWR = 128, AE/NS = 256 */
	uint16_t label;     /* index into struct labels, 0 = none */
	uint8_t ip_flags;   /* 3 bits: MF = 1, DF = 2, reserved = 4 */
	uint8_t tos;        /* IPv4 TOS, IPv6 traffic class */
	uint8_t ttl;        /* or hop limit */
	uint8_t icmp_type;  /* ICMP and ICMPv6, else 0 */
	uint8_t icmp_code;
};

/* One NetFlow record.  75 bytes in a stream. */
struct flow {
	int64_t t_start_ns;
	int64_t dur_ns;
	struct tuple key;
	uint64_t n_pkts;
	uint64_t n_bytes;
	uint16_t tcp_flags; /* or of all packets; 0 where the source has none */
	uint16_t type;      /* "background", "blacklist": index into struct labels */
	uint16_t label;
};

/* Labels are interned: an index stands for a text, 0 for "". */
struct labels {
	char **text; /* (n), text[0] is "" */
	size_t n, cap;
	uint32_t *slot; /* hash table: index + 1, 0 = empty */
	size_t n_slots;
};
#define LABELS_MAX 65535
#define LABEL_TEXT_MAX 255
void labels_init(struct labels *l);
void labels_free(struct labels *l);
/* labels_intern: index of text (NUL-terminated), added if new; -1 when the table is
 * full (LABELS_MAX texts besides "") or the text too long or holds a control character.
 */
int labels_intern(struct labels *l, const char *text);
const char *labels_text(const struct labels *l, uint16_t i); /* "" if out of range */

/*
 * One flow within one chunk, in time order.  Exactly one of packets and flows is set.
 * tags is a bitmap over the chunks of the trace (bit c of byte c/8, least significant
 * first): the chunks in which the flow occurs; starts says that this is the first.
 *
 * unit is whom the series belongs to where a trace is cut for private training, below
 * UNIT_END and the same in all chunks; else 0.
 */
#define UNIT_END (UINT64_C(1) << 63)
#define CHUNKS_MAX 4096
/* Two series of reverse five-tuples that both start in the chunk are a conversation:
 * the one that starts first opens it, the other answers. */
enum series_role { ROLE_ALONE, ROLE_OPENER, ROLE_ANSWER };
struct series {
	struct tuple key;
	bool starts;
	/* What is known of all series of a chunk only; not in a series record, there it
	 * is 0.  Of an answer: steps of its opener, and how much later it starts. */
	uint8_t role; /* enum series_role */
	uint32_t opener_steps;
	int64_t delay_ns;
	uint64_t unit;
	uint8_t tags[CHUNKS_MAX / 8];
	uint32_t n;
	struct packet *packets;
	struct flow *flows;
};
static inline bool
series_in_chunk(const struct series *s, int c)
{
	return s->tags[c / 8] >> c % 8 & 1;
}
/* series_time: start of step i. */
static inline int64_t
series_time(const struct series *s, uint32_t i)
{
	return s->packets != NULL ? s->packets[i].t_ns : s->flows[i].t_start_ns;
}

#endif
