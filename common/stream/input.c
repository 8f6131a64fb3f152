#include "stream/input.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/crc32c.h"
#include "base/le.h"
#include "base/mem.h"

#define INPUT_BUF (256u << 10)

void
input_init(struct input *in, int fd, const char *name)
{
	memset(in, 0, sizeof *in);
	in->fd = fd;
	if (name == NULL || strcmp(name, "-") == 0)
		name = "standard input";
	in->name = xstrdup(name);
	in->buf = xmalloc(INPUT_BUF);
	in->zip = zip_new();
}

void
input_free(struct input *in)
{
	if (in->fd != STDIN_FILENO) /* its number is not for another file */
		close(in->fd);
	free(in->name);
	free(in->buf);
	free(in->stored);
	free(in->raw);
	zip_free(in->zip);
}

int
input_fail(const struct input *in, struct ns_err *e, int code, const char *fmt, ...)
{
	char msg[300];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(msg, sizeof msg, fmt, ap);
	va_end(ap);
	return ns_fail(e, code, "'%s': byte %llu: %s", in->name,
	    (unsigned long long)in->at, msg);
}

/* What read(2) has, not a full buffer: a live capture must not wait for more. */
static int
fill(struct input *in, struct ns_err *e)
{
	ssize_t n;

	do
		n = read(in->fd, in->buf, INPUT_BUF);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return ns_fail_errno(e, NS_EIO, "cannot read '%s'", in->name);
	in->pos = 0;
	in->len = (size_t)n;
	return NS_OK;
}

/* Read n bytes; *got is less only at the end of the input. */
static int
take(struct input *in, uint8_t *p, size_t n, size_t *got, struct ns_err *e)
{
	size_t k;

	for (*got = 0; *got < n; *got += k) {
		if (in->pos == in->len && fill(in, e) < 0)
			return NS_EIO;
		if (in->len == 0)
			break;
		k = in->len - in->pos;
		if (k > n - *got)
			k = n - *got;
		memcpy(p + *got, in->buf + in->pos, k);
		in->pos += k;
		in->offset += k;
	}
	return NS_OK;
}

/* Not our magic: say what it may be instead. */
static int
bad_magic(const struct input *in, const uint8_t *p, size_t n, bool first,
    struct ns_err *e)
{
	if (!first)
		return input_fail(in, e, NS_ECORRUPT,
		    "there are bytes behind the stream that are not another stream");
	if (n >= 4 && memcmp(p, nsr_magic, 4) == 0)
		return input_fail(in, e, NS_ECORRUPT,
		    "line ends were changed, as by a transfer in text mode");
	return ns_fail(e, NS_EKIND,
	    "'%s' is not a netshare stream; read captures and CSV files with ns-ingest",
	    in->name);
}

int
input_prologue(struct input *in, bool first, struct ns_err *e)
{
	uint8_t p[PROLOGUE_LEN];
	size_t n, m;

	in->at = in->offset;
	if (take(in, p, sizeof p, &n, e) < 0)
		return NS_EIO;
	if (n == 0 && !first)
		return 0;
	if (n == 0)
		return ns_fail(e, NS_ETRUNC, "'%s' is empty, not a stream", in->name);
	m = n < MAGIC_LEN ? n : MAGIC_LEN;
	if (memcmp(p, nsr_magic, m) != 0)
		return bad_magic(in, p, m, first, e);
	if (n < sizeof p)
		return input_fail(in, e, NS_ETRUNC,
		    "stream is cut off in its first bytes");
	if (crc32c(0, p, 12) != get_le32(p + 12))
		return input_fail(in, e, NS_ECORRUPT,
		    "checksum of the stream's start is wrong");
	if (get_le16(p + 8) != NSR_MAJOR)
		return input_fail(in, e, NS_EVERSION,
		    "stream is of format version %u, this reads version %d",
		    get_le16(p + 8), NSR_MAJOR);
	in->frames = in->raw_bytes = 0;
	in->chain = 0;
	return 1;
}

static int
cut_off(const struct input *in, struct ns_err *e)
{
	return input_fail(in, e, NS_ETRUNC,
	    "stream ends before its END frame: it was cut off, or what wrote it "
	    "failed");
}

/* Sizes before anything is allocated for them. */
static int
check_sizes(const struct input *in, struct ns_err *e)
{
	const struct frame *f = &in->f;

	if (f->stored > NSR_FRAME_MAX || f->raw > NSR_FRAME_MAX)
		return input_fail(in, e, NS_ECORRUPT,
		    "frame of %u bytes stored, %u raw is above the limit of %u",
		    f->stored, f->raw, NSR_FRAME_MAX);
	if (f->flags & ~(FRAME_ZSTD | FRAME_CRITICAL))
		return input_fail(in, e, NS_ECORRUPT, "frame with unknown flags %#x",
		    f->flags);
	if (f->flags & FRAME_ZSTD ? f->stored >= f->raw : f->stored != f->raw)
		return input_fail(in, e, NS_ECORRUPT,
		    "frame of %u bytes stored, %u raw makes no sense", f->stored,
		    f->raw);
	return NS_OK;
}

static bool
printable(uint32_t type)
{
	for (; type != 0; type >>= 8)
		if ((type & 0xff) < 0x20 || (type & 0xff) > 0x7e)
			return false;
	return true;
}

/* The checks that follow once the checksum is known to be right. */
static int
check_frame(const struct input *in, struct ns_err *e)
{
	const struct frame *f = &in->f;
	char type[5] = {0};

	put_le32((uint8_t *)type, f->type);
	if (f->sequence != (uint16_t)in->frames)
		return input_fail(in, e, NS_ECORRUPT,
		    "frame %u where frame %u should be: frames are missing, doubled or "
		    "out of order",
		    f->sequence, (unsigned)(uint16_t)in->frames);
	if (!printable(f->type) || type[3] == '\0')
		return input_fail(in, e, NS_ECORRUPT, "frame without a type");
	if (!frame_known(f->type)) {
		if (f->flags & FRAME_CRITICAL)
			return input_fail(in, e, NS_EVERSION,
			    "frame '%s' is of a newer version that this cannot read",
			    type);
		return NS_OK;
	}
	if ((f->flags & FRAME_CRITICAL) != frame_critical(f->type))
		return input_fail(in, e, NS_ECORRUPT, "frame '%s' has wrong flags",
		    type);
	if ((f->rows != 0) != (f->type == T_ROWS))
		return input_fail(in, e, NS_ECORRUPT, "frame '%s' of %u records", type,
		    f->rows);
	return NS_OK;
}

static int
unpack(struct input *in, struct ns_err *e)
{
	in->payload = in->stored;
	if (!(in->f.flags & FRAME_ZSTD) || !frame_known(in->f.type))
		return NS_OK;
	xgrow(&in->raw, &in->cap_raw, in->f.raw, 1);
	if (!zip_unpack(in->zip, in->raw, in->f.raw, in->stored, in->f.stored))
		return input_fail(in, e, NS_ECORRUPT, "compressed data is damaged");
	in->payload = in->raw;
	return NS_OK;
}

static void
report(const struct input *in)
{
	struct nsr_frame_info i = {.offset = in->at,
	    .flags = in->f.flags,
	    .sequence = in->f.sequence,
	    .stored = in->f.stored,
	    .raw = in->f.raw,
	    .rows = in->f.rows,
	    .crc = in->f.crc};

	put_le32((uint8_t *)i.type, in->f.type);
	if (in->on_frame != NULL)
		in->on_frame(in->on_frame_arg, &i);
}

/* Totals of all frames before END, which END confirms. */
static void
count(struct input *in)
{
	uint8_t crc[4];

	put_le32(crc, in->f.crc);
	in->chain = crc32c(in->chain, crc, sizeof crc);
	in->raw_bytes += in->f.raw;
	in->frames++;
}

int
input_frame(struct input *in, struct ns_err *e)
{
	uint8_t head[FRAME_HEAD];
	size_t n, got;
	int rc;

	in->at = in->offset;
	if (take(in, head, sizeof head, &got, e) < 0)
		return NS_EIO;
	if (got < sizeof head)
		return cut_off(in, e);
	frame_get(&in->f, head);
	if ((rc = check_sizes(in, e)) < 0)
		return rc;
	n = in->f.stored + frame_pad(in->f.stored);
	xgrow(&in->stored, &in->cap_stored, n + 1, 1);
	if (take(in, in->stored, n, &got, e) < 0)
		return NS_EIO;
	if (got < n)
		return cut_off(in, e);
	if (frame_crc(head, in->stored, n) != in->f.crc)
		return input_fail(in, e, NS_ECORRUPT, "checksum of the frame is wrong");
	for (; n > in->f.stored; n--)
		if (in->stored[n - 1] != 0)
			return input_fail(in, e, NS_ECORRUPT,
			    "frame's pad is not zero");
	if ((rc = check_frame(in, e)) < 0 || (rc = unpack(in, e)) < 0)
		return rc;
	report(in);
	if (in->f.type != T_END)
		count(in);
	return NS_OK;
}
