#include "cryptopan.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"

#ifdef HAVE_NETTLE

#include <nettle/aes.h>

#define BLOCK AES_BLOCK_SIZE
#define KNOWN 65536 /* a power of two */

struct cryptopan {
	struct aes128_ctx aes;
	struct addr pad;
	/* What was mapped last of those whose hash ends alike. */
	struct {
		struct addr from, to;
	} known[KNOWN];
};

/* The bits of a value at the front of a block. */
static struct addr
to_front(struct addr a, int bits)
{
	return bits == 32 ? (struct addr){a.lo << 32, 0} : a;
}

/* The blocks of all bits depend on the address alone: encrypted at once. */
static struct addr
keyed_bits(const struct cryptopan *c, struct addr front, int bits)
{
	uint8_t in[128 * BLOCK], out[128 * BLOCK];
	struct addr r = {0, 0}, rest;
	int i;

	for (i = 0; i < bits; i++) {
		rest = addr_host_mask(128 - i);
		addr_store(in + i * BLOCK,
		    addr_or(addr_without(front, rest), addr_and(c->pad, rest)));
	}
	aes128_encrypt(&c->aes, (size_t)bits * BLOCK, out, in);
	for (i = 0; i < bits; i++) {
		r.hi = r.hi << 1 | r.lo >> 63;
		r.lo = r.lo << 1 | out[i * BLOCK] >> 7;
	}
	return r;
}

static struct addr
map(const struct cryptopan *c, struct addr a)
{
	int bits = addr_mapped_v4(a) ? 32 : 128;
	struct addr r = keyed_bits(c, to_front(a, bits), bits);

	return (struct addr){a.hi ^ r.hi, a.lo ^ r.lo};
}

const char *
cryptopan_missing(void)
{
	return NULL;
}

struct cryptopan *
cryptopan_new(const uint8_t key[MAP_KEY_BYTES], struct ns_err *e)
{
	struct cryptopan *c = xcalloc(1, sizeof *c);
	struct addr none = {0, 0}, to;
	uint8_t pad[BLOCK];
	size_t i;

	(void)e;
	aes128_set_encrypt_key(&c->aes, key);
	aes128_encrypt(&c->aes, BLOCK, pad, key + AES128_KEY_SIZE);
	c->pad = addr_load(pad);
	to = map(c, none); /* all that is known at first, so each entry is true */
	for (i = 0; i < KNOWN; i++)
		c->known[i].to = to;
	return c;
}

struct addr
cryptopan_map(struct cryptopan *c, struct addr a)
{
	size_t i = (size_t)addr_hash(a) & (KNOWN - 1);

	if (!addr_equal(c->known[i].from, a)) {
		c->known[i].from = a;
		c->known[i].to = map(c, a);
	}
	return c->known[i].to;
}

#else

struct cryptopan {
	char none;
};

const char *
cryptopan_missing(void)
{
	return "libnettle";
}

struct cryptopan *
cryptopan_new(const uint8_t key[MAP_KEY_BYTES], struct ns_err *e)
{
	(void)key;
	ns_fail(e, NS_EUSAGE, "built without %s", cryptopan_missing());
	return NULL;
}

struct addr
cryptopan_map(struct cryptopan *c, struct addr a)
{
	assert(c != NULL); /* there never is one */
	return a;
}

#endif

void
cryptopan_free(struct cryptopan *c)
{
	free(c);
}
