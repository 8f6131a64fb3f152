#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/le.h"
#include "copy.h"

int
stepper_open(struct stepper *s, const struct nsr_reader *r, struct ns_err *e)
{
	int kind = nsr_schema(r)->kind;

	memset(s, 0, sizeof *s);
	s->at = -1;
	if (kind == NSR_SERIES)
		s->at = field_offset(nsr_schema(r), "n_steps");
	if (kind == NSR_SERIES && s->at < 0)
		return ns_fail(e, NS_EKIND, "'%s': series without n_steps",
		    nsr_name(r));
	if (kind != NSR_TENSOR)
		return NS_OK;
	s->tensor = true;
	return tensor_schema_from_reader(&s->schema, r, e);
}

void
stepper_free(struct stepper *s)
{
	if (s->tensor)
		tensor_schema_free(&s->schema);
}

int
steps_of(const struct stepper *s, const uint8_t *rec, size_t len, uint32_t *steps,
    struct ns_err *e)
{
	*steps = 1;
	if (s->tensor)
		return tensor_check(&s->schema, rec, len, steps, e);
	if (s->at < 0)
		return NS_OK;
	if (len < (size_t)s->at + 4)
		return ns_fail(e, NS_ECORRUPT, "series of %zu bytes is too short", len);
	*steps = get_le32(rec + s->at);
	return NS_OK;
}

/* A file of u32 length and record each, which no one else sees. */
static int
spool_open(struct chosen *k, struct ns_err *e)
{
	int fd;

	memset(k, 0, sizeof *k);
	fd = tmp_open(e);
	if (fd < 0)
		return fd;
	k->file = fdopen(fd, "w+b");
	if (k->file == NULL) {
		close(fd);
		return ns_fail_errno(e, NS_EIO, "cannot use a temporary file");
	}
	return NS_OK;
}

static int
spool_put(struct chosen *k, const uint8_t *rec, size_t len, struct ns_err *e)
{
	uint8_t head[4];

	put_le32(head, (uint32_t)len);
	if (fwrite(head, 1, 4, k->file) != 4 || fwrite(rec, 1, len, k->file) != len)
		return ns_fail_errno(e, NS_EIO, "cannot write a temporary file");
	return NS_OK;
}

static int
choose(struct chosen *k, const struct request *q, const struct nsr_reader *r,
    const struct stepper *s, const uint8_t *rec, size_t len, struct ns_err *e)
{
	uint32_t steps;
	int rc = record_part(q, r, rec, len, e);

	if (rc <= 0)
		return rc;
	rc = steps_of(s, rec, len, &steps, e);
	if (rc == NS_OK)
		rc = spool_put(k, rec, len, e);
	if (rc < 0)
		return rc;
	k->records++;
	k->steps += steps;
	return 1;
}

int
chosen_read(struct chosen *k, const struct request *q, struct nsr_reader *r,
    uint64_t *left, struct ns_err *e)
{
	struct stepper s = {0};
	const uint8_t *rec;
	size_t len;
	int rc = spool_open(k, e);

	if (rc == NS_OK)
		rc = stepper_open(&s, r, e);
	while (rc >= 0 && (rc = nsr_next(r, &rec, &len, e)) > 0) {
		if (*left == 0)
			continue;
		rc = choose(k, q, r, &s, rec, len, e);
		if (rc > 0)
			*left -= *left != UINT64_MAX;
	}
	stepper_free(&s);
	return rc;
}

int
chosen_write(struct chosen *k, struct nsr_writer *w, struct ns_err *e)
{
	uint8_t head[4];
	uint64_t i;
	size_t len;
	int rc = NS_OK;

	if (fseek(k->file, 0, SEEK_SET) != 0)
		return ns_fail_errno(e, NS_EIO, "cannot write a temporary file");
	for (i = 0; i < k->records && rc == NS_OK; i++) {
		k->rec.len = 0;
		if (fread(head, 1, 4, k->file) != 4)
			return ns_fail(e, NS_EIO, "cannot read a temporary file");
		len = get_le32(head);
		if (fread(buf_room(&k->rec, len), 1, len, k->file) != len)
			return ns_fail(e, NS_EIO, "cannot read a temporary file");
		rc = nsr_put(w, k->rec.p, len, e);
	}
	return rc;
}

void
chosen_free(struct chosen *k)
{
	if (k->file != NULL)
		fclose(k->file);
	buf_free(&k->rec);
}
