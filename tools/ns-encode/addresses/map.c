#include "map.h"

#include <stdlib.h>

#include "base/mem.h"
#include "cryptopan.h"
#include "prefixes.h"

/* Different addresses that places are kept for: some 140 bytes each. */
#define PLACES_MAX (1u << 24)

struct address_map {
	struct cryptopan *keyed; /* NULL = none */
	struct prefixes *own;    /* NULL = none */
	struct table placed;     /* of the trace -> own */
	size_t n_v4, n_v6;       /* in it */
	bool full;
	int next_chunk;
};

static int
open_key(struct address_map *m, const char *path, struct ns_err *e)
{
	uint8_t key[MAP_KEY_BYTES];
	int rc;

	if (cryptopan_missing() != NULL)
		return ns_fail(e, NS_EUSAGE, "option --map-key: built without %s",
		    cryptopan_missing());
	if ((rc = keyfile_read(key, path, e)) < 0)
		return rc;
	m->keyed = cryptopan_new(key, e);
	return m->keyed != NULL ? NS_OK : e->code;
}

struct address_map *
address_map_new(const struct map_opts *o, struct ns_err *e)
{
	struct address_map *m = xcalloc(1, sizeof *m);

	if (o->prefix != NULL && (m->own = prefixes_new(o->prefix, e)) == NULL)
		goto fail;
	if (o->key != NULL && open_key(m, o->key, e) < 0)
		goto fail;
	return m;
fail:
	address_map_free(m);
	return NULL;
}

void
address_map_free(struct address_map *m)
{
	if (m == NULL)
		return;
	cryptopan_free(m->keyed);
	prefixes_free(m->own);
	table_free(&m->placed);
	free(m);
}

int
address_map_chunk(struct address_map *m, const struct trace_reader *t,
    const struct chunk_info *k, struct ns_err *e)
{
	if (m == NULL || m->own == NULL)
		return NS_OK;
	if (t->units)
		return ns_fail(e, NS_EUSAGE,
		    "%s: --map-prefix takes no series with units: where an address "
		    "goes depends on those of others",
		    nsr_name(t->r));
	if (k->index != m->next_chunk)
		return ns_fail(e, NS_EKIND,
		    "%s: chunk %d where chunk %d is due: --map-prefix needs them in "
		    "order, from 0 on",
		    nsr_name(t->r), k->index, m->next_chunk);
	m->next_chunk++;
	return NS_OK;
}

/* The first time that x occurs; y is what the key makes of it. */
static int
place(struct address_map *m, struct addr x, struct addr *y, struct ns_err *e)
{
	bool v4 = addr_mapped_v4(x);

	if (prefixes_of(m->own, x)->n == 0)
		return m->keyed != NULL
		    ? NS_OK
		    : ns_fail(e, NS_EKIND,
			  "an IPv%d address, but --map-prefix has no IPv%d prefix",
			  v4 ? 4 : 6, v4 ? 4 : 6);
	if (m->placed.n == PLACES_MAX)
		return ns_fail(e, NS_EKIND,
		    "more than %u different addresses for --map-prefix", PLACES_MAX);
	if (!prefixes_place(m->own, y))
		m->full = true;
	*(v4 ? &m->n_v4 : &m->n_v6) += 1;
	table_put(&m->placed, x, *y);
	return NS_OK;
}

int
address_map_one(struct address_map *m, uint8_t a[16], struct ns_err *e)
{
	struct addr x = addr_load(a), y = x;
	const struct table_entry *known;
	int rc = NS_OK;

	known = table_find(&m->placed, x);
	if (known != NULL) {
		y = known->val;
	} else {
		if (m->keyed != NULL)
			y = cryptopan_map(m->keyed, x);
		if (m->own != NULL)
			rc = place(m, x, &y, e);
	}
	addr_store(a, y);
	return rc;
}

/* A unit's number is made of addresses of the trace.  All but the last bit of an
 * address in front, where mapping takes different ones to different ones; nothing that
 * has ones behind it is IPv4. */
static uint64_t
map_unit(struct address_map *m, uint64_t unit)
{
	struct addr x = {unit << 1, UINT64_MAX};

	return cryptopan_map(m->keyed, x).hi >> 1;
}

/* The five-tuple of a series, and of its steps. */
static int
map_series(struct address_map *m, struct trace_reader *t, struct ns_err *e)
{
	struct series *s = &t->s;
	uint32_t i;

	if (address_map_one(m, s->key.src_ip, e) < 0 ||
	    address_map_one(m, s->key.dst_ip, e) < 0)
		return ns_fail_in(e, nsr_name(t->r));
	if (t->units)
		s->unit = map_unit(m, s->unit);
	for (i = 0; i < s->n; i++)
		*(t->of_flows ? &s->flows[i].key : &s->packets[i].key) = s->key;
	return 1;
}

int
address_map_next(struct address_map *m, struct trace_reader *t, const struct series **s,
    struct ns_err *e)
{
	int rc;

	do {
		rc = trace_next_series(t, s, e);
		if (rc > 0 && m != NULL)
			rc = map_series(m, t, e);
	} while (rc > 0 && m != NULL && m->full);
	return rc;
}

int
address_map_end(const struct address_map *m, struct ns_err *e)
{
	const struct family *f;
	bool v4;

	if (m == NULL || !m->full)
		return NS_OK;
	v4 = m->n_v4 > m->own->v4.room;
	f = v4 ? &m->own->v4 : &m->own->v6;
	return ns_fail(e, NS_EKIND,
	    "--map-prefix has room for %llu IPv%d addresses, %zu different ones were "
	    "read",
	    (unsigned long long)f->room, v4 ? 4 : 6, v4 ? m->n_v4 : m->n_v6);
}
