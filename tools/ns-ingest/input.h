/*
 * input.h: bytes of a file or pipe through a window, with their count and CRC-32C as
 * read.
 */
#ifndef INGEST_INPUT_H
#define INGEST_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* Most bytes that can be asked for in one piece. */
#define INPUT_PIECE_MAX (512u << 10)

struct input {
	int fd; /* -1: from memory */
	const char *name;
	uint8_t *buf;
	size_t cap, at, end; /* bytes at .. end-1 of buf are there to take */
	bool eof;
	size_t settled;   /* bytes of buf that the two below count */
	uint64_t n_taken; /* bytes taken, and their CRC-32C (input_settle) */
	uint32_t crc;
};

/* input_open: takes fd; name is kept.  input_mem: n bytes at p, which is lent. */
void input_open(struct input *in, int fd, const char *name);
void input_mem(struct input *in, const uint8_t *p, size_t n);
void input_close(struct input *in);

/* input_fill: make n bytes available if the input has them; NS_OK also at its end. */
int input_fill(struct input *in, size_t n, struct ns_err *e);

/*
 * input_peek: n bytes (<= INPUT_PIECE_MAX) in one piece at *p, valid until the next
 * call.  Returns 1, 0 when the input ends before, negative on a read error.
 */
static inline int
input_peek(struct input *in, size_t n, const uint8_t **p, struct ns_err *e)
{
	int rc;

	if (in->end - in->at < n && (rc = input_fill(in, n, e)) < 0)
		return rc;
	*p = in->buf + in->at;
	return in->end - in->at >= n;
}

/* input_take: be done with n bytes that were peeked at. */
static inline void
input_take(struct input *in, size_t n)
{
	in->at += n;
}

/* input_settle: bring n_taken and crc up to date.  What was read ahead but not taken is
 * left out: how much that is depends on who wrote to the pipe, and how fast. */
void input_settle(struct input *in);

/* input_skip: go n bytes on; 1, 0 when the input ends before, negative on an error. */
int input_skip(struct input *in, uint64_t n, struct ns_err *e);

#endif
