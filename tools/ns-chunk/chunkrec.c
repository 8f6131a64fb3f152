/* What goes into the second sort. */
#include <string.h>

#include "base/mem.h"
#include "chunk.h"

void
chunk_rec_begin(struct buf *b)
{
	b->len = 0;
	buf_room(b, offsetof(struct chunk_rec, body));
}

int
chunk_rec_put(struct extsort *to, struct buf *b, const struct visit *v, int part,
    uint16_t most_label, struct ns_err *e)
{
	struct chunk_rec head = {.t_first = v->t_first,
	    .bytes = (uint32_t)b->len,
	    .part = (uint16_t)part,
	    .most_label = most_label,
	    .order = v->order};

	memcpy(b->p, &head, offsetof(struct chunk_rec, body));
	memset(buf_room(b, 7), 0, 7); /* up to a whole word */
	return extsort_put(to, b->p, e);
}

int
chunk_tags_put(struct extsort *to, struct buf *b, const struct visit *v, int n,
    struct ns_err *e)
{
	static const uint8_t none[TAG_PART];
	uint8_t tags[CHUNKS_MAX / 8] = {0};
	int i, part, rc;

	for (i = 0; i < n; i++)
		tags[v[i].chunk / 8] |= (uint8_t)(1 << v[i].chunk % 8);
	for (part = 0; part < TAG_PARTS; part++) {
		if (memcmp(tags + part * TAG_PART, none, TAG_PART) == 0)
			continue;
		for (i = 0; i < n; i++) {
			chunk_rec_begin(b);
			buf_put(b, tags + part * TAG_PART, TAG_PART);
			if ((rc = chunk_rec_put(to, b, &v[i], part, 0, e)) < 0)
				return rc;
		}
	}
	return NS_OK;
}
