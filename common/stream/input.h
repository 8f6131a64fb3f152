/*
 * input.h: from a descriptor to checked frames.  Used by reader.c alone.
 */
#ifndef STREAM_INPUT_H
#define STREAM_INPUT_H

#include "stream/frame.h"
#include "stream/stream.h"

struct input {
	int fd;
	char *name; /* for messages */
	uint8_t *buf;
	size_t pos, len;
	uint64_t offset; /* of the next byte to be used */
	struct zip *zip;

	/* the present frame; payload is unpacked where the type is known */
	struct frame f;
	uint64_t at; /* its offset */
	const uint8_t *payload;
	uint8_t *stored, *raw; /* NSR_FRAME_MAX and a pad each at most */
	size_t cap_stored, cap_raw;

	/* the present stream, END left out */
	uint64_t frames, raw_bytes;
	uint32_t chain;

	void (*on_frame)(void *arg, const struct nsr_frame_info *f);
	void *on_frame_arg;
};

void input_init(struct input *in, int fd, const char *name);
void input_free(struct input *in);

/* input_fail: ns_fail with the input's name and the place in front. */
int input_fail(const struct input *in, struct ns_err *e, int code, const char *fmt, ...)
    NS_PRINTF(4, 5);

/* input_prologue: 1 = read and good, 0 = the input ended here.  first: nothing was read
 * before, so that other kinds of files get a message of their own. */
int input_prologue(struct input *in, bool first, struct ns_err *e);

/* input_frame: the next frame into in->f; every check that needs no other frame but
 * the count of those before.  Frames of type END are not added to the totals. */
int input_frame(struct input *in, struct ns_err *e);

#endif
