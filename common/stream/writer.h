/* writer.h: what history.c and array.c need of a writer beside stream.h. */
#ifndef STREAM_WRITER_H
#define STREAM_WRITER_H

#include "stream/frame.h"
#include "stream/stream.h"

/* nsr_is_model: the stream being written is one of arrays. */
bool nsr_is_model(const struct nsr_writer *w);

/* nsr_put_text: one frame with n bytes of payload, behind all that waits. */
int nsr_put_text(struct nsr_writer *w, uint32_t type, const void *p, size_t n,
    struct ns_err *e);

/* nsr_put_frame: a frame of a reader (header and payload as stored), whose sequence and
 * checksum are made anew. */
int nsr_put_frame(struct nsr_writer *w, const uint8_t *p, struct ns_err *e);

#endif
