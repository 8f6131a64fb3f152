/*
 * frame.h: frames as bytes, and their compression.  Used by reader.c and writer.c
 * alone.
 */
#ifndef STREAM_FRAME_H
#define STREAM_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NSR_MAJOR 1
#define NSR_MINOR 0
#define PROLOGUE_LEN 16
#define MAGIC_LEN 8
#define FRAME_HEAD 24
#define FRAME_CRC_AT 20 /* the header's bytes that the checksum covers */
#define END_LEN 32

#define FRAME_ZSTD 1u     /* payload is one zstd frame */
#define FRAME_CRITICAL 2u /* who does not know the type must stop */

/* Four letters as they lie in the file. */
#define FRAME_TYPE(a, b, c, d)                                                         \
	((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16 | (uint32_t)(d) << 24)
#define T_SCHM FRAME_TYPE('S', 'C', 'H', 'M')
#define T_META FRAME_TYPE('M', 'E', 'T', 'A')
#define T_PROV FRAME_TYPE('P', 'R', 'O', 'V')
#define T_DICT FRAME_TYPE('D', 'I', 'C', 'T')
#define T_ROWS FRAME_TYPE('R', 'O', 'W', 'S')
#define T_TNSR FRAME_TYPE('T', 'N', 'S', 'R')
#define T_NOTE FRAME_TYPE('N', 'O', 'T', 'E')
#define T_END FRAME_TYPE('E', 'N', 'D', ' ')

extern const uint8_t nsr_magic[MAGIC_LEN];

struct frame {
	uint32_t type;
	uint16_t flags, sequence;
	uint32_t stored, raw, rows, crc;
};

void frame_get(struct frame *f, const uint8_t p[FRAME_HEAD]);
void frame_put(const struct frame *f, uint8_t p[FRAME_HEAD]);
bool frame_known(uint32_t type);
/* frame_critical: the flag that a frame of a known type must have. */
uint16_t frame_critical(uint32_t type);
/* frame_pad: zero bytes behind a payload of n bytes. */
size_t frame_pad(size_t n);
/* frame_crc: over the header's first bytes, payload as stored and pad (n bytes). */
uint32_t frame_crc(const uint8_t head[FRAME_HEAD], const uint8_t *p, size_t n);

/* struct zip: the compressor's state, kept between frames. */
struct zip;
struct zip *zip_new(void);
void zip_free(struct zip *z);
#define ZIP_LEVEL_MAX 19
/* zip_pack: compress n bytes into the n bytes at dst; 0 if the result is not smaller.
 */
size_t zip_pack(struct zip *z, int level, uint8_t *dst, const uint8_t *src, size_t n);
/* zip_unpack: true if the n bytes at src are one zstd frame of exactly raw bytes. */
bool zip_unpack(struct zip *z, uint8_t *dst, size_t raw, const uint8_t *src, size_t n);

#endif
