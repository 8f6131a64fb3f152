#include "carried.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/mem.h"

/* What was written of one chunk at one time. */
struct extent {
	uint64_t at, len;
};

struct list {
	struct buf tail; /* not in the file */
	struct extent *extent;
	size_t n_extents, cap_extents;
	uint64_t count;
	/* reading */
	size_t extent_at;
	uint64_t done; /* bytes of the present extent or of the tail */
};

struct carried {
	int chunks;
	size_t size, memory, held;
	struct list *list; /* (chunks) */
	int fd;            /* -1 = not needed so far */
	uint64_t bytes;
};

struct carried *
carried_new(int chunks, size_t size, size_t memory)
{
	struct carried *c = xcalloc(1, sizeof *c);

	c->chunks = chunks;
	c->size = size;
	c->memory = memory;
	c->list = xcalloc((size_t)chunks, sizeof *c->list);
	c->fd = -1;
	return c;
}

void
carried_free(struct carried *c)
{
	int i;

	if (c == NULL)
		return;
	for (i = 0; i < c->chunks; i++) {
		buf_free(&c->list[i].tail);
		free(c->list[i].extent);
	}
	free(c->list);
	if (c->fd >= 0)
		close(c->fd);
	free(c);
}

static int
spill_list(struct carried *c, struct list *l, struct ns_err *e)
{
	struct extent x = {c->bytes, l->tail.len};
	int rc;

	if (x.len == 0)
		return NS_OK;
	rc = io_write(c->fd, l->tail.p, l->tail.len, e);
	if (rc < 0)
		return rc;
	c->bytes += x.len;
	xgrow(&l->extent, &l->cap_extents, l->n_extents + 1, sizeof *l->extent);
	l->extent[l->n_extents++] = x;
	buf_free(&l->tail);
	return NS_OK;
}

/* Lists that are being read stay as they are: nothing is put to them any more. */
static int
spill(struct carried *c, struct ns_err *e)
{
	int i, rc = NS_OK;

	if (c->fd < 0 && (c->fd = tmp_open(e)) < 0)
		return e->code;
	if (lseek(c->fd, (off_t)c->bytes, SEEK_SET) < 0)
		return ns_fail_errno(e, NS_EIO, "cannot move in a temporary file");
	for (i = 0; i < c->chunks && rc >= 0; i++)
		if (c->list[i].done == 0 && c->list[i].extent_at == 0)
			rc = spill_list(c, &c->list[i], e);
	c->held = 0;
	return rc;
}

int
carried_put(struct carried *c, int chunk, const uint8_t *rec, struct ns_err *e)
{
	struct list *l = &c->list[chunk];

	buf_put(&l->tail, rec, c->size);
	l->count++;
	c->held += c->size;
	return c->held <= c->memory ? NS_OK : spill(c, e);
}

uint64_t
carried_count(const struct carried *c, int chunk)
{
	return c->list[chunk].count;
}

static int
read_extent(struct carried *c, struct list *l, uint8_t *rec, struct ns_err *e)
{
	const struct extent *x = &l->extent[l->extent_at];

	if (lseek(c->fd, (off_t)(x->at + l->done), SEEK_SET) < 0)
		return ns_fail_errno(e, NS_EIO, "cannot move in a temporary file");
	if (io_read(c->fd, rec, c->size, e) != (ssize_t)c->size)
		return ns_fail(e, NS_EIO, "cannot read a temporary file back");
	l->done += c->size;
	if (l->done == x->len) {
		l->extent_at++;
		l->done = 0;
	}
	return 1;
}

int
carried_next(struct carried *c, int chunk, uint8_t *rec, struct ns_err *e)
{
	struct list *l = &c->list[chunk];

	if (l->extent_at < l->n_extents)
		return read_extent(c, l, rec, e);
	if (l->done < l->tail.len) {
		memcpy(rec, l->tail.p + l->done, c->size);
		l->done += c->size;
		return 1;
	}
	buf_free(&l->tail);
	return 0;
}
