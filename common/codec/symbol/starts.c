/* Which positions are a window of time. */
#include "codec/symbol/impl.h"

static int64_t
time_at(const struct codec *c, const struct chunk_info *k, uint32_t code, uint32_t at)
{
	const struct sym_field *f = &c->sym->f[S_START];

	if (f->how != SYM_NUMBER)
		return sym_start_time(c, k, f->value.lo);
	return sym_start_time(c, k,
	    number_decode(&f->number, code, (float)at * (1.f / START_PLACES)));
}

/* The first position that is not before t. */
static uint32_t
find(const struct codec *c, const struct chunk_info *k, uint32_t code, int64_t t)
{
	uint32_t lo = 0, hi = START_PLACES, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (time_at(c, k, code, mid) < t)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

void
symbol_starts(const struct codec *c, const struct chunk_info *k, int64_t from_ns,
    int64_t to_ns, struct codec_starts *s)
{
	const struct sym_field *f = &c->sym->f[S_START];
	uint32_t i, n = f->how == SYM_NUMBER ? f->number.n : 1;

	s->field = f->how == SYM_NUMBER ? f->at : -1;
	s->pos = f->how == SYM_NUMBER && number_has_bins(&f->number) ? f->at + 1 : -1;
	for (i = 0; i < n; i++) {
		s->first[i] = find(c, k, i, from_ns);
		s->n[i] = find(c, k, i, to_ns) - s->first[i];
	}
}
