/* tags.h: the bitmap of chunks of a series as the bits of a tensor field. */
#ifndef CODEC_SHARED_TAGS_H
#define CODEC_SHARED_TAGS_H

#include <stddef.h>
#include <stdint.h>

static inline size_t
tags_bytes(int chunks)
{
	return ((size_t)chunks + 7) / 8;
}
/* tags_to_bits: chunk 0 first, high bit first, zeros behind the last. */
void tags_to_bits(uint8_t *bits, const uint8_t *tags, int chunks);
/* tags_from_bits: writes tags_bytes(chunks) bytes. */
void tags_from_bits(uint8_t *tags, const uint8_t *bits, int chunks);

#endif
