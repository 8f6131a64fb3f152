#include "arrays.h"

#include <stdlib.h>
#include <string.h>

#include "base/le.h"
#include "base/mem.h"

uint64_t
arrays_bits(double x)
{
	uint64_t u;

	memcpy(&u, &x, sizeof u);
	return u;
}

double
arrays_double(uint64_t u)
{
	double x;

	memcpy(&x, &u, sizeof x);
	return x;
}

/* ---- Out ---- */

static int
put(struct nsr_writer *w, const char *name, int type, size_t n, uint8_t *bytes,
    struct ns_err *e)
{
	const uint64_t dims[1] = {n};
	int rc = nsr_put_tensor(w, name, type, 1, dims, bytes, e);

	free(bytes);
	return rc;
}

int
arrays_put_reals(struct nsr_writer *w, const char *name, const real *v, size_t n,
    struct ns_err *e)
{
	uint8_t *bytes = xmalloc(size_mul(n, 4) + 1);
	size_t i;

	for (i = 0; i < n; i++)
		put_lef32(bytes + 4 * i, (float)v[i]);
	return put(w, name, NSR_F32, n, bytes, e);
}

int
arrays_put_whole(struct nsr_writer *w, const char *name, const uint64_t *v, size_t n,
    struct ns_err *e)
{
	uint8_t *bytes = xmalloc(size_mul(n, 8) + 1);
	size_t i;

	for (i = 0; i < n; i++)
		put_le64(bytes + 8 * i, v[i]);
	return put(w, name, NSR_U64, n, bytes, e);
}

/* ---- In ---- */

int
arrays_damaged(const struct nsr_reader *r, const char *name, struct ns_err *e)
{
	return ns_fail(e, NS_ECORRUPT, "'%s': array '%s' is damaged", nsr_name(r),
	    name);
}

/* The next part of it: arrays come in parts. */
static int
next_part(struct nsr_reader *r, struct nsr_tensor *t, const char *name, int type,
    size_t done, size_t n, struct ns_err *e)
{
	int rc = nsr_next_tensor(r, t, e);

	if (rc < 0)
		return rc;
	if (rc == 0 || strcmp(t->name, name) != 0 || t->type != type || t->rank != 1 ||
	    t->dims[0] != n)
		return ns_fail(e, NS_ECORRUPT, "'%s': array '%s' is missing",
		    nsr_name(r), name);
	return t->first != done || t->count > n - done ? arrays_damaged(r, name, e)
						       : NS_OK;
}

int
arrays_get_reals(struct nsr_reader *r, const char *name, real *v, size_t n,
    struct ns_err *e)
{
	struct nsr_tensor t;
	size_t done = 0, i;
	int rc;

	do { /* an empty array has a part, too */
		if ((rc = next_part(r, &t, name, NSR_F32, done, n, e)) < 0)
			return rc;
		for (i = 0; i < t.count; i++)
			v[done + i] = (real)get_lef32(t.data + 4 * i);
		done += (size_t)t.count;
	} while (done < n);
	return NS_OK;
}

int
arrays_get_whole(struct nsr_reader *r, const char *name, uint64_t *v, size_t n,
    struct ns_err *e)
{
	struct nsr_tensor t;
	size_t done = 0, i;
	int rc;

	do { /* an empty array has a part, too */
		if ((rc = next_part(r, &t, name, NSR_U64, done, n, e)) < 0)
			return rc;
		for (i = 0; i < t.count; i++)
			v[done + i] = get_le64(t.data + 8 * i);
		done += (size_t)t.count;
	} while (done < n);
	return NS_OK;
}
