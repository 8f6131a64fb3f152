/* crc32c.h: CRC-32C (Castagnoli), RFC 3720 appendix B.4. */
#ifndef BASE_CRC32C_H
#define BASE_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/* crc32c: continue crc (0 to begin) over n bytes. */
uint32_t crc32c(uint32_t crc, const void *p, size_t n);
/* crc32c_by_table: the same on any processor; what crc32c falls back on. */
uint32_t crc32c_by_table(uint32_t crc, const void *p, size_t n);

#endif
