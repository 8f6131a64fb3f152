/* What a reader has kept of a stream beside its records. */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stream/head.h"
#include "stream/stream.h"

const char *
nsr_meta(const struct nsr_reader *r, const char *key)
{
	const struct head *h = nsr_reader_head(r);
	size_t i;

	for (i = 0; i < h->n_meta; i++)
		if (strcmp(h->meta[i].key, key) == 0)
			return h->meta[i].val;
	return NULL;
}

static int
missing(const struct nsr_reader *r, const char *key, struct ns_err *e)
{
	return ns_fail(e, NS_EKIND, "'%s' lacks the metadata '%s'", nsr_name(r), key);
}

static int
mistyped(const struct nsr_reader *r, const char *key, const char *text,
    struct ns_err *e)
{
	return ns_fail(e, NS_EKIND,
	    "'%s' has the metadata '%s=%.40s', which is no number", nsr_name(r), key,
	    text);
}

int
nsr_meta_i64(const struct nsr_reader *r, const char *key, int64_t *v, struct ns_err *e)
{
	const char *s = nsr_meta(r, key);
	char *end;
	long long n;

	if (s == NULL)
		return missing(r, key, e);
	errno = 0;
	n = strtoll(s, &end, 10);
	if (end == s || *end != '\0' || errno != 0 || *s == ' ')
		return mistyped(r, key, s, e);
	*v = n;
	return NS_OK;
}

int
nsr_meta_range(const struct nsr_reader *r, const char *key, int64_t least, int64_t most,
    int64_t *v, struct ns_err *e)
{
	int rc = nsr_meta_i64(r, key, v, e);

	if (rc < 0)
		return rc;
	if (*v < least || *v > most)
		return ns_fail(e, NS_ECORRUPT, "'%s': %s is %" PRId64 ", out of range",
		    nsr_name(r), key, *v);
	return NS_OK;
}

int
nsr_meta_f64(const struct nsr_reader *r, const char *key, double *v, struct ns_err *e)
{
	const char *s = nsr_meta(r, key);
	char *end;
	double d;

	if (s == NULL)
		return missing(r, key, e);
	d = strtod(s, &end);
	if (end == s || *end != '\0' || !isfinite(d) || *s == ' ')
		return mistyped(r, key, s, e);
	*v = d;
	return NS_OK;
}

size_t
nsr_meta_count(const struct nsr_reader *r)
{
	return nsr_reader_head(r)->n_meta;
}

void
nsr_meta_at(const struct nsr_reader *r, size_t i, const char **key, const char **val)
{
	*key = nsr_reader_head(r)->meta[i].key;
	*val = nsr_reader_head(r)->meta[i].val;
}

uint64_t
nsr_head_size(const struct nsr_reader *r)
{
	return nsr_reader_head(r)->bytes;
}

size_t
nsr_dict_count(const struct nsr_reader *r)
{
	return nsr_reader_head(r)->n_dict;
}

struct nsr_dict
nsr_dict_at(const struct nsr_reader *r, size_t i)
{
	const struct head_dict *d = &nsr_reader_head(r)->dict[i];

	return (struct nsr_dict){d->name, d->is_public, d->data.p, d->data.len};
}

struct nsr_dict
nsr_dict(const struct nsr_reader *r, const char *name)
{
	size_t i;

	for (i = 0; i < nsr_dict_count(r); i++)
		if (strcmp(nsr_reader_head(r)->dict[i].name, name) == 0)
			return nsr_dict_at(r, i);
	return (struct nsr_dict){name, false, NULL, 0};
}

size_t
nsr_prov_count(const struct nsr_reader *r)
{
	return nsr_reader_head(r)->prov.n;
}

const char *
nsr_prov_at(const struct nsr_reader *r, size_t i)
{
	return (const char *)nsr_reader_head(r)->prov.v[i].p;
}

size_t
nsr_note_count(const struct nsr_reader *r)
{
	return nsr_reader_head(r)->note.n;
}

const char *
nsr_note_at(const struct nsr_reader *r, size_t i)
{
	return (const char *)nsr_reader_head(r)->note.v[i].p;
}
