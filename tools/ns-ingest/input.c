#include "input.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/crc32c.h"
#include "base/mem.h"

#define INPUT_BUF (128u << 10)

void
input_open(struct input *in, int fd, const char *name)
{
	memset(in, 0, sizeof *in);
	in->fd = fd;
	in->name = name;
	in->cap = INPUT_BUF;
	in->buf = xmalloc(in->cap);
}

void
input_mem(struct input *in, const uint8_t *p, size_t n)
{
	memset(in, 0, sizeof *in);
	in->fd = -1;
	in->name = "memory";
	in->buf = xmalloc(n > 0 ? n : 1);
	if (n > 0)
		memcpy(in->buf, p, n);
	in->cap = in->end = n;
	in->eof = true;
}

void
input_close(struct input *in)
{
	if (in->fd > STDIN_FILENO)
		close(in->fd);
	free(in->buf);
	memset(in, 0, sizeof *in);
	in->fd = -1;
}

void
input_settle(struct input *in)
{
	in->crc = crc32c(in->crc, in->buf + in->settled, in->at - in->settled);
	in->n_taken += in->at - in->settled;
	in->settled = in->at;
}

/* Room for n bytes from at on: what was taken makes way. */
static void
make_room(struct input *in, size_t n)
{
	input_settle(in);
	memmove(in->buf, in->buf + in->at, in->end - in->at);
	in->end -= in->at;
	in->at = in->settled = 0;
	if (n > in->cap)
		xgrow(&in->buf, &in->cap, n, 1);
}

int
input_fill(struct input *in, size_t n, struct ns_err *e)
{
	ssize_t r;

	assert(n <= INPUT_PIECE_MAX);
	if (in->eof)
		return NS_OK;
	make_room(in, n);
	while (in->end < n) {
		r = read(in->fd, in->buf + in->end, in->cap - in->end);
		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return ns_fail_errno(e, NS_EIO, "cannot read '%s'", in->name);
		if (r == 0) {
			in->eof = true;
			break;
		}
		in->end += (size_t)r;
	}
	return NS_OK;
}

int
input_skip(struct input *in, uint64_t n, struct ns_err *e)
{
	size_t left;

	for (;;) {
		left = in->end - in->at;
		if (n <= left) {
			in->at += (size_t)n;
			return 1;
		}
		n -= left;
		in->at = in->end;
		if (input_fill(in, 1, e) < 0)
			return e->code;
		if (in->at == in->end)
			return 0;
	}
}
