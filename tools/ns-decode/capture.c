/*
 * pcap and pcapng, both written little-endian.  Sources: draft-ietf-opsawg-pcap and
 * draft-ietf-opsawg-pcapng.
 */
#include <stdio.h>
#include <string.h>

#include "base/io.h"
#include "base/le.h"
#include "base/mem.h"
#include "decode.h"

#define NS_PER_S INT64_C(1000000000)
#define PCAP_MAGIC_US 0xa1b2c3d4
#define PCAP_MAGIC_NS 0xa1b23c4d

enum { BLOCK_SECTION = 0x0a0d0d0a, BLOCK_INTERFACE = 1, BLOCK_PACKET = 6 };
enum { OPT_END = 0, OPT_COMMENT = 1, OPT_USERAPPL = 4, OPT_TSRESOL = 9 };

static void
put_u16(struct buf *b, uint32_t v)
{
	put_le16(buf_room(b, 2), (uint16_t)v);
}

static void
put_u32(struct buf *b, uint32_t v)
{
	put_le32(buf_room(b, 4), v);
}

static void
pcap_header(struct buf *b, const struct capture *c, enum link_type link)
{
	put_u32(b, c->nano ? PCAP_MAGIC_NS : PCAP_MAGIC_US);
	put_u16(b, 2);
	put_u16(b, 4);
	put_u32(b, 0);
	put_u32(b, 0);
	put_u32(b, SNAPLEN);
	put_u32(b, link);
}

static void
put_option(struct buf *b, int code, const void *p, size_t n)
{
	put_u16(b, (uint32_t)code);
	put_u16(b, (uint32_t)n);
	buf_put(b, p, n);
	while (b->len % 4 != 0)
		buf_put(b, "", 1);
}

/* A block is framed by its length in front and behind; begin returns where it starts.
 */
static size_t
block_begin(struct buf *b, uint32_t type)
{
	size_t at = b->len;

	put_u32(b, type);
	put_u32(b, 0);
	return at;
}

static void
block_end(struct buf *b, size_t at)
{
	uint32_t n = (uint32_t)(b->len + 4 - at);

	put_u32(b, n);
	put_le32(b->p + at + 4, n);
}

/* That it was not recorded, and what it may tell of those who were. */
static void
put_comments(struct buf *b, const struct guarantee *g)
{
	static const char origin[] = "synthetic, made by netshare";
	struct buf text = {0};

	put_option(b, OPT_COMMENT, origin, strlen(origin));
	buf_printf(&text, "privacy: ");
	guarantee_text(g, &text);
	put_option(b, OPT_COMMENT, text.p, text.len);
	buf_free(&text);
}

static void
section_block(struct buf *b, const struct intake *in)
{
	static const char tool[] = "ns-decode (netshare) " NS_VERSION;
	size_t at = block_begin(b, BLOCK_SECTION);

	put_u32(b, 0x1a2b3c4d);
	put_u16(b, 1);
	put_u16(b, 0);
	put_u32(b, UINT32_MAX); /* length of the section: not told */
	put_u32(b, UINT32_MAX);
	if (in->synthetic)
		put_comments(b, &in->guarantee);
	put_option(b, OPT_USERAPPL, tool, strlen(tool));
	put_option(b, OPT_END, NULL, 0);
	block_end(b, at);
}

static void
interface_block(struct buf *b, enum link_type link)
{
	static const uint8_t nanoseconds = 9;
	size_t at = block_begin(b, BLOCK_INTERFACE);

	put_u16(b, link);
	put_u16(b, 0);
	put_u32(b, SNAPLEN);
	put_option(b, OPT_TSRESOL, &nanoseconds, 1);
	put_option(b, OPT_END, NULL, 0);
	block_end(b, at);
}

int
capture_begin(struct capture *c, struct out *o, const struct intake *in,
    struct ns_err *e)
{
	struct buf b = {0};
	int rc;

	c->format = in->opts->format;
	c->nano = in->unit_ns == 1;
	c->n = 0;
	if (c->format == FORMAT_PCAP) {
		pcap_header(&b, c, in->opts->link);
	} else {
		section_block(&b, in);
		interface_block(&b, in->opts->link);
	}
	rc = out_write(o, b.p, b.len, e);
	buf_free(&b);
	return rc;
}

static int
put_pcap(const struct capture *c, struct out *o, int64_t t_ns, const struct frame *f,
    struct ns_err *e)
{
	uint8_t h[16];
	int rc;

	if (t_ns < 0 || t_ns / NS_PER_S > UINT32_MAX)
		return ns_fail(e, NS_EKIND,
		    "packet %llu: time %lld s does not fit pcap (1970 to 2106)",
		    (unsigned long long)c->n, (long long)(t_ns / NS_PER_S));
	put_le32(h, (uint32_t)(t_ns / NS_PER_S));
	put_le32(h + 4, (uint32_t)(t_ns % NS_PER_S / (c->nano ? 1 : 1000)));
	put_le32(h + 8, f->captured);
	put_le32(h + 12, f->original);
	if ((rc = out_write(o, h, sizeof h, e)) < 0)
		return rc;
	return out_write(o, f->bytes, f->captured, e);
}

static int
put_pcapng(const struct capture *c, struct out *o, int64_t t_ns, const struct frame *f,
    struct ns_err *e)
{
	static const uint8_t zeros[3];
	uint32_t pad = -f->captured & 3, n = 32 + f->captured + pad;
	uint8_t h[28], tail[4];
	int rc;

	if (t_ns < 0)
		return ns_fail(e, NS_EKIND,
		    "packet %llu: time %lld s does not fit pcapng (from 1970 on)",
		    (unsigned long long)c->n, (long long)(t_ns / NS_PER_S));
	put_le32(h, BLOCK_PACKET);
	put_le32(h + 4, n);
	put_le32(h + 8, 0);
	put_le32(h + 12, (uint32_t)((uint64_t)t_ns >> 32));
	put_le32(h + 16, (uint32_t)t_ns);
	put_le32(h + 20, f->captured);
	put_le32(h + 24, f->original);
	put_le32(tail, n);
	if ((rc = out_write(o, h, sizeof h, e)) < 0 ||
	    (rc = out_write(o, f->bytes, f->captured, e)) < 0 ||
	    (rc = out_write(o, zeros, pad, e)) < 0)
		return rc;
	return out_write(o, tail, sizeof tail, e);
}

int
capture_put(struct capture *c, struct out *o, int64_t t_ns, const struct frame *f,
    struct ns_err *e)
{
	c->n++;
	if (c->format == FORMAT_PCAP)
		return put_pcap(c, o, t_ns, f, e);
	return put_pcapng(c, o, t_ns, f, e);
}
