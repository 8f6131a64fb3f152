/*
 * A frame, taken for one of every link type.  What is parsed is built again and must
 * come back the same.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "../../tools/ns-ingest/link.h"
#include "base/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void
check(int holds)
{
	if (!holds)
		abort();
}

static void
check_inverse(const struct packet *p)
{
	uint8_t bytes[HEADER_MAX];
	enum header_skip why;
	struct packet q;
	size_t n = header_build(bytes, p, 1, 2);

	check(n <= p->ip_len && n <= HEADER_MAX);
	check(header_min_len(p) <= header_max_len(p));
	if (p->ip_len < header_min_len(p))
		return;
	check(header_parse(bytes, n, p->ip_len, &q, &why));
	check(tuple_cmp(&p->key, &q.key) == 0);
	check(p->ip_len == q.ip_len && p->ip_id == q.ip_id);
	check(p->frag_off == q.frag_off && p->ip_flags == q.ip_flags);
}

/* The protocol is an IPv6 extension header: only a later fragment or IPv4 has that, and
 * a first fragment that is built from it would hold a chain of zeros. */
static int
is_chain(const struct packet *p)
{
	uint8_t x = p->key.proto;

	return !tuple_is_v4(&p->key) &&
	    (x == 0 || x == 43 || x == 44 || x == 51 || x == 60);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const uint32_t links[] = {101, 1, 113, 276, 0, 108, 228, 229, 12, 105};
	struct packet packet;
	enum skip why;
	size_t i;

	for (i = 0; i < LEN(links); i++) {
		why = link_packet(links[i], p, n, (uint32_t)n, &packet);
		if (why == SKIP_NONE && !is_chain(&packet))
			check_inverse(&packet);
	}
	return 0;
}
