#include "stream/frame.h"

#include <stdlib.h>
#include <zstd.h>

#include "base/crc32c.h"
#include "base/le.h"
#include "base/mem.h"

/* One byte that is not ASCII, CR LF, and LF: damage by text modes shows at once. */
const uint8_t nsr_magic[MAGIC_LEN] = {0x8e, 'N', 'S', 'R', 0x0d, 0x0a, 0x1a, 0x0a};

void
frame_get(struct frame *f, const uint8_t p[FRAME_HEAD])
{
	f->type = get_le32(p);
	f->flags = get_le16(p + 4);
	f->sequence = get_le16(p + 6);
	f->stored = get_le32(p + 8);
	f->raw = get_le32(p + 12);
	f->rows = get_le32(p + 16);
	f->crc = get_le32(p + FRAME_CRC_AT);
}

void
frame_put(const struct frame *f, uint8_t p[FRAME_HEAD])
{
	put_le32(p, f->type);
	put_le16(p + 4, f->flags);
	put_le16(p + 6, f->sequence);
	put_le32(p + 8, f->stored);
	put_le32(p + 12, f->raw);
	put_le32(p + 16, f->rows);
	put_le32(p + FRAME_CRC_AT, f->crc);
}

bool
frame_known(uint32_t type)
{
	return type == T_SCHM || type == T_META || type == T_PROV || type == T_DICT ||
	    type == T_ROWS || type == T_TNSR || type == T_NOTE || type == T_END;
}

uint16_t
frame_critical(uint32_t type)
{
	if (type == T_SCHM || type == T_ROWS || type == T_TNSR || type == T_END)
		return FRAME_CRITICAL;
	return 0;
}

size_t
frame_pad(size_t n)
{
	return (8 - n % 8) % 8;
}

uint32_t
frame_crc(const uint8_t head[FRAME_HEAD], const uint8_t *p, size_t n)
{
	return crc32c(crc32c(0, head, FRAME_CRC_AT), p, n);
}

struct zip {
	ZSTD_CCtx *c;
	ZSTD_DCtx *d;
};

struct zip *
zip_new(void)
{
	return xcalloc(1, sizeof(struct zip));
}

void
zip_free(struct zip *z)
{
	if (z == NULL)
		return;
	ZSTD_freeCCtx(z->c);
	ZSTD_freeDCtx(z->d);
	free(z);
}

size_t
zip_pack(struct zip *z, int level, uint8_t *dst, const uint8_t *src, size_t n)
{
	size_t len;

	if (z->c == NULL)
		z->c = ZSTD_createCCtx();
	if (z->c == NULL || n == 0)
		return 0;
	len = ZSTD_compressCCtx(z->c, dst, n, src, n, level);
	return ZSTD_isError(len) || len >= n ? 0 : len;
}

bool
zip_unpack(struct zip *z, uint8_t *dst, size_t raw, const uint8_t *src, size_t n)
{
	if (z->d == NULL)
		z->d = ZSTD_createDCtx();
	if (z->d == NULL || ZSTD_findFrameCompressedSize(src, n) != n)
		return false;
	return ZSTD_decompressDCtx(z->d, dst, raw, src, n) == raw;
}
