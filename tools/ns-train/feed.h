/*
 * feed.h: the tensor records of the chunks to be learnt, as they are in the stream, in
 * one unlinked file of TMPDIR that is mapped for reading; in memory stay 8 bytes a
 * series.
 */
#ifndef NS_TRAIN_FEED_H
#define NS_TRAIN_FEED_H

#include "model/carry.h"
#include "tensor/tensor.h"

struct feed_chunk {
	struct carry carry;
	uint64_t *at; /* (n) offsets of the records in the file */
	size_t n, cap;
	uint32_t crc; /* of all records */
};

struct feed {
	struct tensor_schema schema;
	struct nsr_schema layout; /* what the schema was made of */
	struct feed_chunk *chunk;
	size_t n_chunks, cap_chunks;
	int fd;
	uint64_t bytes;
	const uint8_t *map;
	struct nsr_history *history;
};

/* feed_alike: what else a stream must have in common with the first one; name is for
 * messages. */
typedef int feed_alike(const struct carry *first, const struct carry *c,
    const char *name, struct ns_err *e);

/*
 * feed_read: all tensor streams of r; keeps the records of chunk want, or of all when
 * want is -1.  All must be alike (NULL: no more than here), of one trace, none twice,
 * and none that is wanted missing (NS_EKIND).  alike comes first: where chunks were
 * made differently it tells best why.  feed_free also after a failure.
 */
int feed_read(struct feed *f, struct nsr_reader *r, int want, feed_alike *alike,
    struct ns_err *e);
void feed_free(struct feed *f);

/* feed_record: record i of a chunk. */
const uint8_t *feed_record(const struct feed *f, const struct feed_chunk *c,
    uint32_t i);
/* feed_unit: the unit it belongs to, the same number in all chunks; 0 where the streams
 * have none (schema.has_unit). */
uint64_t feed_unit(const struct feed *f, const struct feed_chunk *c, uint32_t i);

#endif
