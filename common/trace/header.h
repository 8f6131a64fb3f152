/*
 * header.h: IP packets to struct packet and back to header bytes.
 *
 * What a capture holds of a packet goes in through header_parse; header_build writes
 * the bytes of a packet that has every modelled field and a payload of zeros.
 */
#ifndef TRACE_HEADER_H
#define TRACE_HEADER_H

#include <stddef.h>
#include <stdint.h>

#include "trace/record.h"

/* Why a packet is not modelled.  The names are what counters are called. */
enum header_skip {
	HEADER_OK,
	HEADER_IP_CUT,     /* the capture ends inside the IP header or its extensions */
	HEADER_IP_VERSION, /* neither 4 nor 6, or not what the link layer announced */
	HEADER_IP_IHL,     /* IPv4 header length below 5 words */
	HEADER_IP_LEN,     /* length smaller than the headers, or not expressible */
	HEADER_IP6_CHAIN,  /* more than HEADER_CHAIN_MAX extension headers */
	HEADER_V4_MAPPED,  /* an IPv4-mapped address inside an IPv6 packet */
	HEADER_JUMBOGRAM,  /* RFC 2675 */
	HEADER_L4_CUT,     /* the capture ends before the ports or the ICMP type */
	HEADER_L4_SHORT,   /* so does the packet itself */
	HEADER_SKIPS
};

#define HEADER_CHAIN_MAX 64

/* header_skip_name: "ip_cut" ... */
const char *header_skip_name(enum header_skip why);

/*
 * header_parse: the headers of one IP packet.
 *
 *   p, caplen  what was captured, from the first byte of the IP header
 *   wire_len   bytes the packet had on the wire from there on, padding included; used
 *              only where the IP header says 0 because the network card was to cut the
 *              segment (TSO); 0 = not known
 *   out        every field but t_ns and label is written
 *
 * Returns 1 and *out, or 0 and the reason in *why.  Never reads beyond caplen.
 *
 * IPv6 extension headers (hop-by-hop, routing, destination, AH, fragment) are stepped
 * over; the protocol is that behind them.  Ports, ICMP type and code and TCP flags come
 * from first fragments only and are 0 in others.  TCP flags are 0 when the capture ends
 * between the ports and them.  Options and inner packets of tunnels are not looked at.
 */
int header_parse(const uint8_t *p, size_t caplen, uint32_t wire_len, struct packet *out,
    enum header_skip *why);

/* header_is_extension: one of the protocols that header_parse steps over in IPv6, so
 * that no packet but a later fragment has it there. */
bool header_is_extension(uint8_t proto);

/* Most bytes header_build writes: IPv6, fragment header, ICMPv6, an inner IPv6 header.
 */
#define HEADER_MAX 96

/* Largest ip_len: what the 16-bit length fields can say. */
#define HEADER_LEN_MAX_V4 65535u
#define HEADER_LEN_MAX_V6 65575u

/*
 * header_min_len: the least ip_len a well-formed packet with p's other fields has: IP
 * header, fragment header where one is needed, and the header of the protocol in full
 * (in a first fragment: as much of it as every fragment must have, 8 bytes; in later
 * ones a payload of 1 byte, or 8 when more follow).  IPv6 packets of other protocols
 * have a payload of 1 byte: 0 would announce a jumbogram, unless nothing is to follow
 * (protocol 59).  ip_len itself is not looked at.
 */
uint32_t header_min_len(const struct packet *p);
/* header_max_len: HEADER_LEN_MAX_V4 or _V6; for a fragment, no more than ends at byte
 * 65535 of the whole packet; for neighbour discovery, what one option can cover. */
uint32_t header_max_len(const struct packet *p);
/* header_len_unit: a well-formed packet has header_min_len plus a multiple of this: 8
 * in neighbour discovery (options, RFC 4861 4.6), 4 in SCTP (chunks, RFC 9260 3.2) and
 * reports of multicast listeners (RFC 3810 5.2), else 1.  1 in fragments too, where
 * only the whole packet has to obey. */
uint32_t header_len_unit(const struct packet *p);

/*
 * header_build: the headers of p, to be followed by zeros up to p->ip_len.
 *
 *   out       written; returns how many bytes, never more than p->ip_len
 *   p         ip_len at least the IP header, at most HEADER_LEN_MAX_*; both
 *             addresses of one version
 *   seq, ack  of TCP; ack is written only where the ACK flag is set
 *
 * IPv4 without options, or IPv6 with a fragment header if frag_off, MF or ip_id is not
 * 0.  Then, in first fragments and as far as ip_len allows:
 *
 *   TCP             20 bytes, window 65535
 *   UDP, UDP-Lite   8
 *   DCCP            12, a Data packet
 *   SCTP            12 and one PAD chunk over the rest
 *   ICMP, ICMPv6    8; errors go on with an IP header from receiver to sender, since
 *                   they must quote one; neighbour discovery has its options closed, a
 *                   report of multicast listeners one record
 *   IPv4, IPv6      an inner IP header over the rest
 *   others          nothing
 *
 * Checksums are those of the whole packet with a payload of zeros: zeros add nothing to
 * the ones-complement sum, so the headers alone decide it, the length in the pseudo
 * header included; the CRC of SCTP is taken over the zeros as well.  A capture that
 * holds only the headers has the same, right, checksum as one that holds the zeros too.
 * A UDP sum of 0 is sent as 0xffff.
 *
 * First fragments with more to come: the length of the whole datagram is not known. UDP
 * gets this fragment's length; its checksum is 0 (none) in IPv4.  All other checksums
 * are computed as if the fragment were the whole: readers do not check them in
 * fragments.  ICMP's is right in any case, as it has no pseudo header.
 */
size_t header_build(uint8_t out[HEADER_MAX], const struct packet *p, uint32_t seq,
    uint32_t ack);

#endif
