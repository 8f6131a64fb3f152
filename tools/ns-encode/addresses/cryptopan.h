/*
 * cryptopan.h: addresses mapped by a key so that two that share their first n bits,
 * and no more, still do.
 *
 * Bit i of the result is bit i of the address, xor the first bit of what AES makes of
 * a block: the first i bits of the address and, behind them, those of a padding that is
 * itself encrypted.  IPv4 is 32 bits, IPv6 all 128.
 * Source: Xu, Fan, Ammar, Moon, "Prefix-preserving IP address anonymization", ICNP
 * 2002, section 4; key and padding as in the Crypto-PAn that they published.
 */
#ifndef ADDRESSES_CRYPTOPAN_H
#define ADDRESSES_CRYPTOPAN_H

#include "addr.h"
#include "base/err.h"
#include "keyfile.h"

/* cryptopan_missing: the library that this build lacks for it ("libnettle"), or NULL.
 */
const char *cryptopan_missing(void);

struct cryptopan;
/* cryptopan_new: of the key the first half is that of AES-128, the second the padding.
 * NULL (NS_EUSAGE) where cryptopan_missing. */
struct cryptopan *cryptopan_new(const uint8_t key[MAP_KEY_BYTES], struct ns_err *e);
void cryptopan_free(struct cryptopan *c);
/*
 * cryptopan_map: different addresses of one version become different addresses of that
 * version (an IPv6 address becomes a mapped IPv4 address with a probability of 2^-96).
 * The last ones are remembered in 2 MB.
 */
struct addr cryptopan_map(struct cryptopan *c, struct addr a);

#endif
