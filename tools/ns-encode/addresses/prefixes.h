/*
 * prefixes.h: one's own prefixes, and the places in them.
 *
 * An address keeps its host bits, the last ones that a prefix leaves open, where that
 * place is free, and gets the next free one behind it otherwise, from the last place on
 * to the first.  Which of several prefixes it goes to its first bits say, as many as
 * the shortest prefix of its version has: who shares these shares the prefix, until
 * that is full.  A prefix gets addresses in proportion to its size.
 */
#ifndef ADDRESSES_PREFIXES_H
#define ADDRESSES_PREFIXES_H

#include "base/err.h"
#include "table.h"

#define PREFIXES_MAX 64

struct own {
	struct addr base;
	int host_bits;
	uint64_t room, used;
};

/* Those of one IP version. */
struct family {
	struct own own[PREFIXES_MAX];
	size_t n;
	int host_bits;  /* the most of one of them */
	uint64_t total; /* of their weights */
	uint64_t room;  /* of all, UINT64_MAX = that or more */
};

struct prefixes {
	struct family v4, v6;
	/* Places that are taken, or not to be used; the value says how many from there
	 * on there are, at least. */
	struct table taken;
};

/* prefixes_new: text as in "192.0.2.0/24,2001:db8::/32".  NULL (NS_EUSAGE) for what is
 * no prefix, has bits behind its length, overlaps another or holds no address: of IPv4
 * the first and the last are not used, but with 31 and 32 bits. */
struct prefixes *prefixes_new(const char *text, struct ns_err *e);
void prefixes_free(struct prefixes *p);
/* prefixes_of: those of the address's version. */
struct family *prefixes_of(struct prefixes *p, struct addr a);
/* prefixes_place: a free place for *a, which it becomes; false if there is none. */
bool prefixes_place(struct prefixes *p, struct addr *a);

#endif
