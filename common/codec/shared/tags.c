#include "codec/shared/tags.h"

static uint8_t
reverse_bits(uint8_t v)
{
	v = (uint8_t)(v >> 4 | v << 4);
	v = (uint8_t)((v & 0xcc) >> 2 | (v & 0x33) << 2);
	return (uint8_t)((v & 0xaa) >> 1 | (v & 0x55) << 1);
}

void
tags_to_bits(uint8_t *bits, const uint8_t *tags, int chunks)
{
	size_t n = tags_bytes(chunks), i;

	for (i = 0; i < n; i++)
		bits[i] = reverse_bits(tags[i]);
	if (chunks % 8 != 0)
		bits[n - 1] &= (uint8_t)(0xff00u >> chunks % 8);
}

void
tags_from_bits(uint8_t *tags, const uint8_t *bits, int chunks)
{
	size_t n = tags_bytes(chunks), i;

	for (i = 0; i < n; i++)
		tags[i] = reverse_bits(bits[i]);
	if (chunks % 8 != 0)
		tags[n - 1] &= (uint8_t)((1u << chunks % 8) - 1);
}
