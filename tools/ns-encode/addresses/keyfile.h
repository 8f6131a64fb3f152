/* keyfile.h: the file that holds the key of the mapping. */
#ifndef ADDRESSES_KEYFILE_H
#define ADDRESSES_KEYFILE_H

#include <stdint.h>

#include "base/err.h"

#define MAP_KEY_BYTES 32

/*
 * keyfile_read: 32 bytes as they are, or 64 hexadecimal digits and perhaps a newline.
 * key is written on NS_OK alone.  Another length or digit is NS_ECORRUPT; a message
 * never tells anything of the contents but how many bytes there are.
 */
int keyfile_read(uint8_t key[MAP_KEY_BYTES], const char *path, struct ns_err *e);

#endif
