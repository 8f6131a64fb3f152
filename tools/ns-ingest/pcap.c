/* The classic pcap file: magic, versions 2.x, and records with a header of 16 bytes (24
 * in the variant of a patched libpcap, magic a1b2cd34). */
#include "base/le.h"
#include "capture.h"

int
pcap_begin(struct capture *c, struct ns_err *e)
{
	const uint8_t *p;
	uint32_t magic, major;
	int rc = input_peek(c->in, 24, &p, e);

	if (rc <= 0)
		return rc < 0 ? rc : capture_cut(c, e);
	magic = get_le32(p);
	c->big = magic >> 24 != 0xa1;
	magic = capture_u32(c, p);
	c->nano = magic == 0xa1b23c4d;
	c->frac_ns = c->nano ? 1 : 1000;
	c->head = magic == 0xa1b2cd34 ? 24 : 16;
	major = capture_u16(c, p + 4);
	c->minor = capture_u16(c, p + 6);
	if (major != 2)
		return ns_fail(e, NS_EVERSION, "%s: pcap version %u.%d is not known",
		    c->in->name, major, c->minor);
	/* The upper bits say how long the frame check sequence is. */
	c->link = capture_u32(c, p + 20) & 0x03ffffff;
	input_take(c->in, 24);
	return NS_OK;
}

/* Before 2.3 the two lengths stood the other way round, in 2.3 either way. */
static void
order_lengths(const struct capture *c, struct frame *f)
{
	uint32_t caplen = f->caplen;

	if (c->minor < 3 || (c->minor == 3 && caplen > f->wire_len)) {
		f->caplen = f->wire_len;
		f->wire_len = caplen;
	}
}

int
pcap_frame(struct capture *c, struct frame *f, struct ns_err *e)
{
	const uint8_t *p;
	int rc = input_peek(c->in, c->head, &p, e);

	if (rc < 0)
		return rc;
	if (rc == 0)
		return c->in->at == c->in->end ? 0 : capture_cut(c, e);
	/* Seconds are unsigned: until 2106.  A fraction of a second or more carries. */
	f->t_ns = (int64_t)capture_u32(c, p) * 1000000000 +
	    (int64_t)capture_u32(c, p + 4) * c->frac_ns;
	f->caplen = capture_u32(c, p + 8);
	f->wire_len = capture_u32(c, p + 12);
	f->link = c->link;
	order_lengths(c, f);
	if (f->caplen > CAPTURE_FRAME_MAX)
		return capture_damaged(c, "packet of more than 262144 bytes", e);
	input_take(c->in, c->head);
	rc = input_peek(c->in, f->caplen, &f->p, e);
	if (rc <= 0)
		return rc < 0 ? rc : capture_cut(c, e);
	input_take(c->in, f->caplen);
	return 1;
}
