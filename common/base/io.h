/*
 * io.h: whole reads, whole writes, inputs by name, and outputs that appear under their
 * final name only when complete.
 */
#ifndef BASE_IO_H
#define BASE_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"

/* in_open: open path for reading, "-" or NULL is standard input.  A directory is
 * refused (NS_EKIND), a missing file is NS_EIO.  Returns a descriptor or < 0. */
int in_open(const char *path, struct ns_err *e);

/* io_read: read until n bytes or end of file; EINTR is retried.  Returns the bytes
 * read (fewer than n only at the end of the file) or a negative status. */
ssize_t io_read(int fd, void *buf, size_t n, struct ns_err *e);

/* io_write: write all n bytes.  A broken pipe restores the default action of SIGPIPE
 * and raises it, so that the process dies as others do. */
int io_write(int fd, const void *buf, size_t n, struct ns_err *e);

/*
 * struct out: one output, buffered.  A path is written through a temporary file in the
 * same folder (umask applies) and renamed by out_commit; NULL or "-" is standard
 * output. SIGINT and SIGTERM remove the temporary file (sig.h).
 */
struct out;

/* out_open: refuses binary data on a terminal (NS_EUSAGE).  Returns NULL on failure. */
struct out *out_open(const char *path, bool binary, struct ns_err *e);
int out_write(struct out *o, const void *p, size_t n, struct ns_err *e);
int out_printf(struct out *o, struct ns_err *e, const char *fmt, ...) NS_PRINTF(3, 4);
int out_flush(struct out *o, struct ns_err *e);

/* out_commit: flush, fsync and rename (a path) or flush and close (standard output);
 * every failure, that of close included, is reported.  Frees o in any case. */
int out_commit(struct out *o, struct ns_err *e);

/* out_abort: forget the output and remove its temporary file.  NULL is allowed. */
void out_abort(struct out *o);

/* out_whole: n bytes as one output. */
int out_whole(const char *path, const void *p, size_t n, struct ns_err *e);

/* folder_make: the folder is there after it; NS_ECREATE. */
int folder_make(const char *path, struct ns_err *e);

/* tmp_open: an unlinked file in TMPDIR (or /tmp), mode 0600; descriptor or < 0. */
int tmp_open(struct ns_err *e);

#endif
