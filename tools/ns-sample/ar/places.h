/*
 * places.h: where in a chunk the flows start that are wanted: the codes of flow_start,
 * each with the positions that are in the window.  Positions are drawn evenly, so a
 * code is wanted as far as they are of it.
 */
#ifndef NS_SAMPLE_AR_PLACES_H
#define NS_SAMPLE_AR_PLACES_H

#include "model/ar/ar.h"
#include "models.h"

struct places {
	bool windowed, none; /* not all is wanted; nothing of the chunk is */
	int symbol;          /* of the attributes, -1: all flows start at one place */
	long pos; /* bytes before the position in a record, -1: no code has any */
	struct codec_starts at;
};

/* places_find: of chunk i of the models, whose net is net.  Errors as codec_starts. */
int places_find(struct places *p, const struct models *m, const struct ar *net,
    size_t i, struct ns_err *e);
/* places_part: how much of a code is wanted. */
static inline real
places_part(const struct places *p, int code)
{
	return (real)p->at.n[code] / START_PLACES;
}
/* places_put: the position in rec, of a flow whose attributes are attr, which was drawn
 * among all, becomes the one that is as far among those that are wanted. */
void places_put(const struct places *p, const uint16_t *attr, uint8_t *rec);

#endif
