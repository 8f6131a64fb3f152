/*
 * capture.h: the frames of a pcap or pcapng file, of any byte order and resolution.
 * Files are taken as they come from outside: every length is checked against what is
 * left, and nothing that a file says makes this allocate more than INPUT_PIECE_MAX.
 *
 * Sources: draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng.
 */
#ifndef INGEST_CAPTURE_H
#define INGEST_CAPTURE_H

#include <stdbool.h>
#include <stdint.h>

#include "input.h"
#include "skip.h"

/* Most bytes of one frame; more means damage. */
#define CAPTURE_FRAME_MAX (256u << 10)
/* Most interfaces of one section. */
#define CAPTURE_IFACES_MAX 65536

struct iface {
	int64_t offset_s;
	uint32_t link;
	uint8_t resolution; /* if_tsresol */
};

struct capture {
	struct input *in;
	bool ng, big; /* pcapng, big-endian */
	bool nano;    /* time stamps finer than microseconds */
	/* pcap */
	uint32_t link;
	uint32_t frac_ns; /* of one unit of the fraction */
	size_t head;      /* bytes of a record header */
	int minor;
	/* pcapng */
	struct iface *ifaces;
	size_t n_ifaces, cap_ifaces;
	uint64_t n; /* frames so far */
};

struct frame {
	int64_t t_ns;
	const uint8_t *p; /* valid until the next call */
	uint32_t caplen, wire_len;
	uint32_t link;
	enum skip why; /* SKIP_NO_TIME, SKIP_TIME: t_ns is not set */
};

/* capture_is: do these first 4 bytes begin a capture? */
bool capture_is(const uint8_t p[4]);

/* capture_open: read the file header.  in stays the caller's. */
int capture_open(struct capture *c, struct input *in, struct ns_err *e);
void capture_close(struct capture *c);

/* capture_next: 1 = *f set, 0 = the file ended after a whole record, or an error. */
int capture_next(struct capture *c, struct frame *f, struct ns_err *e);

/* The two formats, behind capture_*. */
int pcap_begin(struct capture *c, struct ns_err *e);
int pcap_frame(struct capture *c, struct frame *f, struct ns_err *e);
int pcapng_begin(struct capture *c, struct ns_err *e);
int pcapng_frame(struct capture *c, struct frame *f, struct ns_err *e);

/* capture_cut: the error of a file that ends inside a record. */
int capture_cut(const struct capture *c, struct ns_err *e);
int capture_damaged(const struct capture *c, const char *what, struct ns_err *e);
uint16_t capture_u16(const struct capture *c, const uint8_t *p);
uint32_t capture_u32(const struct capture *c, const uint8_t *p);

#endif
