#include <string.h>

#include "base/le.h"
#include "decode.h"
#include "trace/header.h"

#define MAC_LEN 6
#define ETHER_LEN 14
#define ETHERTYPE_IP4 0x0800
#define ETHERTYPE_IP6 0x86dd
#define TCP_LEN 20
#define TCP_FIN 1
#define TCP_SYN 2
#define IP_MF 1

/* The finaliser of SplitMix64 (Steele, Lea and Flood 2014): every bit counts. */
static uint64_t
mix(uint64_t x)
{
	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

static uint64_t
addr_hash(const uint8_t a[16])
{
	uint64_t hi = (uint64_t)get_be32(a) << 32 | get_be32(a + 4);
	uint64_t lo = (uint64_t)get_be32(a + 8) << 32 | get_be32(a + 12);

	return mix(mix(hi + UINT64_C(0x9e3779b97f4a7c15)) + lo);
}

/* A locally administered unicast address, always the same for an IP address. */
static void
mac_of_host(uint8_t mac[MAC_LEN], const uint8_t a[16])
{
	uint64_t h = addr_hash(a);

	mac[0] = 0x02;
	mac[1] = (uint8_t)(h >> 32);
	put_be32(mac + 2, (uint32_t)h);
}

/* Groups have theirs by RFC 1112 section 6.4 and RFC 2464 section 7. */
static void
mac_of_destination(uint8_t mac[MAC_LEN], const uint8_t a[16])
{
	if (!addr_is_v4(a)) {
		if (a[0] != 0xff) {
			mac_of_host(mac, a);
			return;
		}
		mac[0] = mac[1] = 0x33;
		memcpy(mac + 2, a + 12, 4);
	} else if (addr_to_v4(a) == UINT32_MAX) {
		memset(mac, 0xff, MAC_LEN);
	} else if (a[12] >> 4 == 14) {
		mac[0] = 0x01;
		mac[1] = 0x00;
		mac[2] = 0x5e;
		mac[3] = a[13] & 0x7f;
		mac[4] = a[14];
		mac[5] = a[15];
	} else {
		mac_of_host(mac, a);
	}
}

static void
put_ethernet(uint8_t *h, const struct packet *p)
{
	mac_of_destination(h, p->key.dst_ip);
	mac_of_host(h + MAC_LEN, p->key.src_ip);
	put_be16(h + 12, tuple_is_v4(&p->key) ? ETHERTYPE_IP4 : ETHERTYPE_IP6);
}

/* IP header, and for IPv6 the fragment header where header_build writes one. */
static uint32_t
ip_header_len(const struct packet *p)
{
	if (tuple_is_v4(&p->key))
		return 20;
	return p->frag_off != 0 || (p->ip_flags & IP_MF) || p->ip_id != 0 ? 48 : 40;
}

uint32_t
frame_seq_first(const struct tuple *key)
{
	return (uint32_t)tuple_hash(key);
}

uint32_t
frame_seq_len(const struct packet *p)
{
	uint32_t head = ip_header_len(p) + TCP_LEN, n = 0;

	if (p->frag_off != 0)
		return 0;
	n += (p->tcp_flags & TCP_SYN) != 0;
	n += (p->tcp_flags & TCP_FIN) != 0;
	return n + (p->ip_len > head ? p->ip_len - head : 0);
}

/* What the other side sent so far is not known; its first byte is acknowledged. */
uint32_t
frame_ack(const struct tuple *key)
{
	struct tuple back;

	memcpy(back.src_ip, key->dst_ip, sizeof back.src_ip);
	memcpy(back.dst_ip, key->src_ip, sizeof back.dst_ip);
	back.src_port = key->dst_port;
	back.dst_port = key->src_port;
	back.proto = key->proto;
	return frame_seq_first(&back) + 1;
}

/* Readers check that the IP header fits; an IPv6 fragment needs its own as well. */
static void
mend_length(struct packet *p, struct frame_counts *n)
{
	if (p->ip_len >= ip_header_len(p))
		return;
	p->ip_len = header_min_len(p);
	n->raised++;
}

void
frame_build(struct frame *f, const struct decode_opts *o, const struct packet *packet,
    uint32_t seq, uint32_t ack, struct frame_counts *n)
{
	uint32_t link = o->link == LINK_ETHERNET ? ETHER_LEN : 0, len;
	struct packet p = *packet;

	mend_length(&p, n);
	if (link != 0)
		put_ethernet(f->bytes, &p);
	len = (uint32_t)header_build(f->bytes + link, &p, seq, ack);
	memset(f->bytes + link + len, 0, HEADER_MAX - len);
	f->original = link + p.ip_len;
	f->captured = o->pad ? f->original : link + len;
	if (f->captured > SNAPLEN) {
		f->captured = SNAPLEN;
		n->capped++;
	}
}
