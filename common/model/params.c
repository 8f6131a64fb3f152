#include "model/params.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crc32c.h"
#include "base/le.h"
#include "base/mem.h"

enum { PART = 1 << 14 }; /* numbers that are turned into bytes at a time */

size_t
params_add(struct params *p, const char *name, int rows, int cols)
{
	struct param *a;

	assert(strlen(name) < PARAM_NAME);
	xgrow(&p->v, &p->cap, (size_t)p->n + 1, sizeof *p->v);
	a = &p->v[p->n++];
	snprintf(a->name, sizeof a->name, "%s", name);
	a->rows = rows;
	a->cols = cols;
	a->n = size_mul((size_t)rows, cols > 0 ? (size_t)cols : 1);
	a->off = p->total;
	p->total = size_add(p->total, a->n);
	return a->off;
}

void
params_free(struct params *p)
{
	free(p->v);
	memset(p, 0, sizeof *p);
}

const char *
params_name(const struct params *p, size_t at)
{
	int i = 0;

	while (i + 1 < p->n && p->v[i + 1].off <= at)
		i++;
	return p->v[i].name;
}

const char *
params_finite(const struct params *p, const real *block, size_t n)
{
	size_t j;

	for (j = 0; j < n; j++)
		if (!isfinite(block[j]))
			return params_name(p, j);
	return NULL;
}

/* The numbers as binary32, whatever this build computes with. */
static void
to_bytes(uint8_t *bytes, const real *v, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		put_lef32(bytes + 4 * i, (float)v[i]);
}

uint32_t
params_crc(const struct params *p, const real *block)
{
	uint8_t *bytes = xmalloc((size_t)PART * 4);
	uint32_t crc = 0;
	size_t i, n;

	for (i = 0; i < p->total; i += n) {
		n = p->total - i < PART ? p->total - i : PART;
		to_bytes(bytes, block + i, n);
		crc = crc32c(crc, bytes, 4 * n);
	}
	free(bytes);
	return crc;
}

static int
put_array(struct nsr_writer *w, const struct param *a, const char *name, const real *v,
    struct ns_err *e)
{
	uint64_t dims[2] = {(uint64_t)a->rows, (uint64_t)a->cols};
	uint8_t *bytes = xmalloc(size_mul(a->n, 4) + 1);
	int rc;

	to_bytes(bytes, v, a->n);
	rc = nsr_put_tensor(w, name, NSR_F32, a->cols > 0 ? 2 : 1, dims, bytes, e);
	free(bytes);
	return rc;
}

int
params_put(const struct params *p, struct nsr_writer *w, const char *prefix,
    const real *block, size_t n, struct ns_err *e)
{
	const struct param *a;
	char name[64];
	int i, rc = NS_OK;

	for (i = 0; i < p->n && rc >= 0; i++) {
		a = &p->v[i];
		if (a->off >= n)
			break;
		snprintf(name, sizeof name, "%s%s", prefix, a->name);
		rc = put_array(w, a, name, block + a->off, e);
	}
	return rc;
}

static bool
is_array(const struct nsr_tensor *t, const struct param *a, const char *name)
{
	return strcmp(t->name, name) == 0 && t->type == NSR_F32 &&
	    t->rank == (a->cols > 0 ? 2 : 1) && t->dims[0] == (uint64_t)a->rows &&
	    (a->cols == 0 || t->dims[1] == (uint64_t)a->cols);
}

static int
get_array(struct nsr_reader *r, const struct param *a, const char *name, real *v,
    struct ns_err *e)
{
	struct nsr_tensor t;
	size_t done = 0;
	uint64_t i;
	float f;
	int rc;

	while (done < a->n) {
		rc = nsr_next_tensor(r, &t, e);
		if (rc < 0)
			return rc;
		if (rc == 0)
			return ns_fail(e, NS_ECORRUPT, "'%s': array '%s' is missing",
			    nsr_name(r), name);
		if (!is_array(&t, a, name) || t.first != done || t.count > a->n - done)
			return ns_fail(e, NS_ECORRUPT,
			    "'%s': array '%s' is not what the model's shape asks for",
			    nsr_name(r), t.name);
		for (i = 0; i < t.count; i++) {
			f = get_lef32(t.data + 4 * i);
			if (!isfinite(f))
				return ns_fail(e, NS_ECORRUPT,
				    "'%s': array '%s' holds a number that is not "
				    "finite",
				    nsr_name(r), name);
			v[done++] = (real)f;
		}
	}
	return NS_OK;
}

int
params_get(const struct params *p, struct nsr_reader *r, const char *prefix,
    real *block, size_t n, struct ns_err *e)
{
	const struct param *a;
	char name[64];
	int i, rc = NS_OK;

	for (i = 0; i < p->n && rc >= 0; i++) {
		a = &p->v[i];
		if (a->off >= n)
			break;
		snprintf(name, sizeof name, "%s%s", prefix, a->name);
		rc = get_array(r, a, name, block + a->off, e);
	}
	return rc;
}
