#include "capture.h"

#include <stdlib.h>
#include <string.h>

#include "base/le.h"

uint16_t
capture_u16(const struct capture *c, const uint8_t *p)
{
	return c->big ? get_be16(p) : get_le16(p);
}

uint32_t
capture_u32(const struct capture *c, const uint8_t *p)
{
	return c->big ? get_be32(p) : get_le32(p);
}

int
capture_cut(const struct capture *c, struct ns_err *e)
{
	return ns_fail(e, NS_ETRUNC, "%s: cut off inside a record, after %llu packets",
	    c->in->name, (unsigned long long)c->n);
}

int
capture_damaged(const struct capture *c, const char *what, struct ns_err *e)
{
	return ns_fail(e, NS_ECORRUPT, "%s: %s, after %llu packets", c->in->name, what,
	    (unsigned long long)c->n);
}

static bool
is_pcap_magic(uint32_t m)
{
	return m == 0xa1b2c3d4 || m == 0xa1b23c4d || m == 0xa1b2cd34;
}

static bool
is_pcapng_magic(uint32_t m)
{
	return m == 0x0a0d0d0a;
}

bool
capture_is(const uint8_t p[4])
{
	return is_pcapng_magic(get_le32(p)) || is_pcap_magic(get_le32(p)) ||
	    is_pcap_magic(get_be32(p));
}

int
capture_open(struct capture *c, struct input *in, struct ns_err *e)
{
	const uint8_t *p;
	int rc;

	memset(c, 0, sizeof *c);
	c->in = in;
	rc = input_peek(in, 4, &p, e);
	if (rc < 0)
		return rc;
	if (rc == 0)
		return capture_cut(c, e);
	c->ng = is_pcapng_magic(get_le32(p));
	if (!c->ng && !capture_is(p))
		return ns_fail(e, NS_EKIND, "%s: not a capture", in->name);
	return c->ng ? pcapng_begin(c, e) : pcap_begin(c, e);
}

void
capture_close(struct capture *c)
{
	free(c->ifaces);
	c->ifaces = NULL;
}

int
capture_next(struct capture *c, struct frame *f, struct ns_err *e)
{
	int rc;

	f->why = SKIP_NONE;
	rc = c->ng ? pcapng_frame(c, f, e) : pcap_frame(c, f, e);
	c->n += rc > 0;
	return rc;
}
