/* The pcapng file: sections of blocks, each section in a byte order of its own. */
#include <stdlib.h>

#include "base/le.h"
#include "base/mem.h"
#include "capture.h"

enum {
	BLOCK_SECTION = 0x0a0d0d0a,
	BLOCK_INTERFACE = 1,
	BLOCK_PACKET = 2, /* obsolete, still found */
	BLOCK_SIMPLE = 3,
	BLOCK_ENHANCED = 6
};

enum { OPT_TSRESOL = 9, OPT_TSOFFSET = 14 };

#define NS_PER_S INT64_C(1000000000)

/* Go over a block of len bytes, whose length stands at both ends. */
static int
skip_block(struct capture *c, uint32_t len, struct ns_err *e)
{
	const uint8_t *p;
	int rc;

	if (len < 12 || len % 4 != 0)
		return capture_damaged(c, "block of impossible length", e);
	if ((rc = input_skip(c->in, len - 4, e)) <= 0 ||
	    (rc = input_peek(c->in, 4, &p, e)) <= 0)
		return rc < 0 ? rc : capture_cut(c, e);
	if (capture_u32(c, p) != len)
		return capture_damaged(c, "the two lengths of a block differ", e);
	input_take(c->in, 4);
	return NS_OK;
}

/* A section header at the front of the input: byte order, version, length. */
static int
begin_section(struct capture *c, struct ns_err *e)
{
	const uint8_t *p;
	uint32_t len;
	int rc = input_peek(c->in, 16, &p, e);

	if (rc <= 0)
		return rc < 0 ? rc : capture_cut(c, e);
	if (get_le32(p + 8) == 0x1a2b3c4d)
		c->big = false;
	else if (get_be32(p + 8) == 0x1a2b3c4d)
		c->big = true;
	else
		return capture_damaged(c, "section without byte-order magic", e);
	if (capture_u16(c, p + 12) != 1)
		return ns_fail(e, NS_EVERSION, "%s: pcapng version %u.%u is not known",
		    c->in->name, capture_u16(c, p + 12), capture_u16(c, p + 14));
	len = capture_u32(c, p + 4);
	if (len < 28)
		return capture_damaged(c, "section header of impossible length", e);
	c->n_ifaces = 0;
	return skip_block(c, len, e);
}

int
pcapng_begin(struct capture *c, struct ns_err *e)
{
	return begin_section(c, e);
}

static int
take_option(struct capture *c, struct iface *f, int code, const uint8_t *p, size_t n,
    struct ns_err *e)
{
	uint64_t lo, hi;

	if (code == OPT_TSRESOL && n == 1) {
		f->resolution = p[0];
	} else if (code == OPT_TSOFFSET && n == 8) {
		lo = capture_u32(c, c->big ? p + 4 : p);
		hi = capture_u32(c, c->big ? p : p + 4);
		f->offset_s = (int64_t)(hi << 32 | lo);
	} else if (code == OPT_TSRESOL || code == OPT_TSOFFSET) {
		return capture_damaged(c, "interface option of wrong length", e);
	}
	return NS_OK;
}

static int
take_options(struct capture *c, struct iface *f, const uint8_t *p, size_t n,
    struct ns_err *e)
{
	size_t len;
	int code;

	while (n >= 4) {
		code = capture_u16(c, p);
		len = capture_u16(c, p + 2);
		if (code == 0)
			return NS_OK;
		if (len > n - 4)
			return capture_damaged(c, "option longer than its block", e);
		if (take_option(c, f, code, p + 4, len, e) < 0)
			return e->code;
		len = (len + 3) & ~(size_t)3;
		if (len > n - 4)
			return NS_OK;
		p += 4 + len;
		n -= 4 + len;
	}
	return NS_OK;
}

/* body: the n bytes between the two lengths. */
static int
take_interface(struct capture *c, const uint8_t *body, size_t n, struct ns_err *e)
{
	struct iface f = {0, 0, 6};

	if (n < 8)
		return capture_damaged(c, "interface block too short", e);
	if (c->n_ifaces == CAPTURE_IFACES_MAX)
		return capture_damaged(c, "more than 65536 interfaces", e);
	f.link = capture_u16(c, body);
	if (take_options(c, &f, body + 8, n - 8, e) < 0)
		return e->code;
	c->nano = c->nano ||
	    (f.resolution & 0x80 ? (f.resolution & 0x7f) > 19 : f.resolution > 6);
	xgrow(&c->ifaces, &c->cap_ifaces, c->n_ifaces + 1, sizeof *c->ifaces);
	c->ifaces[c->n_ifaces++] = f;
	return NS_OK;
}

/* t in units of 10^-n seconds, or 2^-n with the top bit of resolution set: to seconds
 * and nanoseconds, cut to whole nanoseconds. */
static void
split_time(uint64_t t, uint8_t resolution, uint64_t *s, uint64_t *ns)
{
	unsigned n = resolution & 0x7f;
	uint64_t unit = 1;

	if (resolution & 0x80) {
		*s = n < 64 ? t >> n : 0;
		*ns = n < 64 && n > 0 ? t & (UINT64_MAX >> (64 - n)) : n > 0 ? t : 0;
		/* 30 bits of 10^9 and 34 of the fraction fit into 64. */
		if (n > 34) {
			*ns = n - 34 < 64 ? *ns >> (n - 34) : 0;
			n = 34;
		}
		*ns = *ns * (uint64_t)NS_PER_S >> n;
		return;
	}
	for (; n > 9; n--) /* finer than nanoseconds */
		t /= 10;
	for (; n > 0; n--)
		unit *= 10;
	*s = t / unit;
	*ns = t % unit * ((uint64_t)NS_PER_S / unit);
}

static enum skip
set_time(struct frame *f, const struct iface *i, uint64_t t)
{
	const int64_t most = INT64_MAX / NS_PER_S - 1;
	uint64_t s, ns;

	split_time(t, i->resolution, &s, &ns);
	if (s > (uint64_t)most || i->offset_s > most || i->offset_s < -most ||
	    i->offset_s > most - (int64_t)s)
		return SKIP_TIME;
	f->t_ns = ((int64_t)s + i->offset_s) * NS_PER_S + (int64_t)ns;
	return SKIP_NONE;
}

/* A packet block of either kind, the first 28 or 20 of whose n bytes are at p. */
static int
take_packet(struct capture *c, uint32_t type, const uint8_t *p, size_t n,
    struct frame *f, struct ns_err *e)
{
	uint64_t t = (uint64_t)capture_u32(c, p + 4) << 32 | capture_u32(c, p + 8);
	uint32_t i = type == BLOCK_ENHANCED ? capture_u32(c, p) : capture_u16(c, p);

	f->caplen = capture_u32(c, p + 12);
	f->wire_len = capture_u32(c, p + 16);
	if (i >= c->n_ifaces)
		return capture_damaged(c, "packet of an interface not described", e);
	if (f->caplen > n - 20)
		return capture_damaged(c, "packet longer than its block", e);
	f->link = c->ifaces[i].link;
	f->why = set_time(f, &c->ifaces[i], t);
	f->p = p + 20;
	return 1;
}

static int
take_simple(struct capture *c, const uint8_t *p, size_t n, struct frame *f,
    struct ns_err *e)
{
	if (c->n_ifaces == 0)
		return capture_damaged(c, "packet of an interface not described", e);
	f->wire_len = capture_u32(c, p);
	f->caplen = f->wire_len < n - 4 ? f->wire_len : (uint32_t)(n - 4);
	f->link = c->ifaces[0].link;
	f->why = SKIP_NO_TIME;
	f->p = p + 4;
	return 1;
}

/* A block that matters, whole at p: len bytes with its type and both lengths. */
static int
take_block(struct capture *c, uint32_t type, const uint8_t *p, uint32_t len,
    struct frame *f, struct ns_err *e)
{
	size_t n = len - 12;

	if (capture_u32(c, p + len - 4) != len)
		return capture_damaged(c, "the two lengths of a block differ", e);
	p += 8;
	if (type == BLOCK_INTERFACE)
		return take_interface(c, p, n, e);
	if (n < (type == BLOCK_SIMPLE ? 4 : 20))
		return capture_damaged(c, "packet block too short", e);
	if (type == BLOCK_SIMPLE)
		return take_simple(c, p, n, f, e);
	return take_packet(c, type, p, n, f, e);
}

/* One block.  1 = it was a packet, 0 = it was not, negative = error. */
static int
next_block(struct capture *c, const uint8_t *head, struct frame *f, struct ns_err *e)
{
	uint32_t type = capture_u32(c, head), len = capture_u32(c, head + 4);
	const uint8_t *p;
	int rc;

	if (type == BLOCK_SECTION)
		return begin_section(c, e);
	if (type != BLOCK_INTERFACE && type != BLOCK_PACKET && type != BLOCK_SIMPLE &&
	    type != BLOCK_ENHANCED)
		return skip_block(c, len, e);
	if (len < 12 || len % 4 != 0)
		return capture_damaged(c, "block of impossible length", e);
	if (len > INPUT_PIECE_MAX)
		return capture_damaged(c, "block of more than 524288 bytes", e);
	rc = input_peek(c->in, len, &p, e);
	if (rc <= 0)
		return rc < 0 ? rc : capture_cut(c, e);
	input_take(c->in, len);
	return take_block(c, type, p, len, f, e);
}

int
pcapng_frame(struct capture *c, struct frame *f, struct ns_err *e)
{
	const uint8_t *p;
	int rc;

	do {
		rc = input_peek(c->in, 8, &p, e);
		if (rc < 0)
			return rc;
		if (rc == 0)
			return c->in->at == c->in->end ? 0 : capture_cut(c, e);
		rc = next_block(c, p, f, e);
	} while (rc == 0);
	return rc;
}
