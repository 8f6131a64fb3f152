/*
 * link.h: from a frame to the IP packet in it.  Link types are those of pcap files:
 * Ethernet with VLAN tags, raw IP, Linux cooked (both versions), BSD loopback.
 */
#ifndef INGEST_LINK_H
#define INGEST_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "skip.h"

#define LINK_VLAN_MAX 8 /* tags stacked in one frame */

bool link_known(uint32_t link);

/*
 * link_decode: where the IP packet begins in a frame of caplen bytes; *version is what
 * the link announces: 4, 6, or 0 where it does not say.  SKIP_NONE or the reason.
 */
enum skip link_decode(uint32_t link, const uint8_t *p, size_t caplen, size_t *at,
    int *version);

/* link_packet: frame to packet; p gets all but its time and label.  wire_len: bytes on
 * the wire.  SKIP_NONE or the reason. */
enum skip link_packet(uint32_t link, const uint8_t *frame, size_t caplen,
    uint32_t wire_len, struct packet *p);

#endif
