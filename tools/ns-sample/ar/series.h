/*
 * series.h: the steps of series whose attributes are drawn: some series in lockstep,
 * all symbols of a step in one pass of small products.
 */
#ifndef NS_SAMPLE_AR_SERIES_H
#define NS_SAMPLE_AR_SERIES_H

#include "ar/places.h"
#include "base/mem.h"
#include "model/ar/ar.h"

enum { SERIES_ROWS = 256 }; /* series at once */

struct series_maker {
	const struct ar *m;
	double temperature;
	const struct places *places; /* where the series start, NULL = anywhere */
	const uint8_t *ready;  /* (rows, attr_bytes) attributes with their positions,
				  NULL =  these are drawn */
	uint16_t *code, *prev; /* (rows, M) */
	uint16_t *left, *done; /* (rows) */
	real *x, *ctx, *ctx_gates, *ctx_heads;
	real *in, *gates, *h, *c, *h2, *c2, *hid, *emb, *y;
	real *open_hid, *open_emb;
	int *open;
	uint8_t (*allow)[CHOICE_SET];
	struct buf *rec; /* (rows) the records, one behind the other in all */
};

void series_maker_init(struct series_maker *s, const struct ar *m, double temperature);
void series_maker_free(struct series_maker *s);

/*
 * series_make: n series, longest first, of the lengths given, in chunk; their codes
 * attr (n, P).  Appends to rec[i] the tensor record of series i.
 */
void series_make(struct series_maker *s, uint16_t chunk, const uint32_t *length,
    const uint16_t *attr, int n, struct buf *rec, struct rng *r);

#endif
