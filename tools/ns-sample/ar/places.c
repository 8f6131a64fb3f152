#include "ar/places.h"

#include <string.h>

#include "base/le.h"

static long
offset_of(const struct tensor_schema *t, int field)
{
	long at = 0;
	int i;

	for (i = 0; i < field; i++)
		at += (long)t->attr[i].bytes;
	return at;
}

static int
symbol_of(const struct ar *net, int field)
{
	int i = 0;

	while (i < net->P && net->sym.sym[i].field != field)
		i++;
	return i;
}

int
places_find(struct places *p, const struct models *m, const struct ar *net, size_t i,
    struct ns_err *e)
{
	int rc, c;

	memset(p, 0, sizeof *p);
	p->symbol = p->pos = -1;
	p->windowed = m->wishes.windowed;
	if (!p->windowed)
		return NS_OK;
	rc = codec_starts(m->codec, &m->chunk[i].info, m->wishes.from_ns,
	    m->wishes.to_ns, &p->at, e);
	if (rc < 0)
		return rc;
	p->none = true;
	for (c = 0; c < 256; c++)
		p->none = p->none && p->at.n[c] == 0;
	if (p->at.field >= 0)
		p->symbol = symbol_of(net, p->at.field);
	if (p->at.pos >= 0)
		p->pos = offset_of(net->schema, p->at.pos);
	return NS_OK;
}

void
places_put(const struct places *p, const uint16_t *attr, uint8_t *rec)
{
	uint64_t at;
	int code;

	if (p->pos < 0)
		return;
	code = attr[p->symbol];
	at = (uint64_t)(get_lef32(rec + p->pos) * (float)START_PLACES);
	at = p->at.first[code] + (at * p->at.n[code] >> 24);
	put_lef32(rec + p->pos, (float)at * (1.f / START_PLACES));
}
