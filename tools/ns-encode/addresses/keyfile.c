#include "keyfile.h"

#include <unistd.h>

#include "base/io.h"

#define HEX_DIGITS (2 * MAP_KEY_BYTES)

static int
digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static int
from_hex(uint8_t key[MAP_KEY_BYTES], const uint8_t *text)
{
	uint8_t k[MAP_KEY_BYTES];
	int i, hi, lo;

	for (i = 0; i < MAP_KEY_BYTES; i++) {
		hi = digit(text[2 * i]);
		lo = digit(text[2 * i + 1]);
		if (hi < 0 || lo < 0)
			return -1;
		k[i] = (uint8_t)(hi << 4 | lo);
	}
	for (i = 0; i < MAP_KEY_BYTES; i++)
		key[i] = k[i];
	return 0;
}

static int
from_bytes(uint8_t key[MAP_KEY_BYTES], const uint8_t *b, size_t n, const char *path,
    struct ns_err *e)
{
	int i;

	if (n == HEX_DIGITS + 1 && b[HEX_DIGITS] == '\n')
		n--;
	if (n == HEX_DIGITS) {
		if (from_hex(key, b) < 0)
			return ns_fail(e, NS_ECORRUPT,
			    "%s: a key of %d bytes is in hexadecimal digits", path,
			    HEX_DIGITS);
		return NS_OK;
	}
	if (n != MAP_KEY_BYTES)
		return ns_fail(e, NS_ECORRUPT,
		    "%s: a key is %d bytes or %d hexadecimal digits, not %s%zu bytes",
		    path, MAP_KEY_BYTES, HEX_DIGITS, n > HEX_DIGITS ? "over " : "",
		    n > HEX_DIGITS ? (size_t)HEX_DIGITS : n);
	for (i = 0; i < MAP_KEY_BYTES; i++)
		key[i] = b[i];
	return NS_OK;
}

int
keyfile_read(uint8_t key[MAP_KEY_BYTES], const char *path, struct ns_err *e)
{
	uint8_t b[HEX_DIGITS + 2];
	int fd = in_open(path, e);
	ssize_t n;

	if (fd < 0)
		return fd;
	n = io_read(fd, b, sizeof b, e);
	close(fd);
	if (n < 0) {
		ns_fail_in(e, path);
		return (int)n;
	}
	return from_bytes(key, b, (size_t)n, path, e);
}
