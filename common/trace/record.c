#include "trace/record.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/le.h"
#include "base/mem.h"

static const uint8_t v4_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static int
cmp_int(int a, int b)
{
	return (a > b) - (a < b);
}

int
tuple_cmp(const struct tuple *a, const struct tuple *b)
{
	int d;

	if ((d = memcmp(a->src_ip, b->src_ip, 16)) != 0)
		return d;
	if ((d = memcmp(a->dst_ip, b->dst_ip, 16)) != 0)
		return d;
	if ((d = cmp_int(a->src_port, b->src_port)) != 0)
		return d;
	if ((d = cmp_int(a->dst_port, b->dst_port)) != 0)
		return d;
	return cmp_int(a->proto, b->proto);
}

struct tuple
tuple_reverse(const struct tuple *k)
{
	struct tuple r;

	memcpy(r.src_ip, k->dst_ip, 16);
	memcpy(r.dst_ip, k->src_ip, 16);
	r.src_port = k->dst_port;
	r.dst_port = k->src_port;
	r.proto = k->proto;
	return r;
}

/* FNV-1a, 64 bits: http://www.isthe.com/chongo/tech/comp/fnv/ */
static uint64_t
fnv1a(uint64_t h, const uint8_t *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		h = (h ^ p[i]) * 0x100000001b3u;
	return h;
}

uint64_t
tuple_hash(const struct tuple *k)
{
	const uint8_t rest[5] = {(uint8_t)(k->src_port >> 8), (uint8_t)k->src_port,
	    (uint8_t)(k->dst_port >> 8), (uint8_t)k->dst_port, k->proto};
	uint64_t h = 0xcbf29ce484222325u;

	h = fnv1a(h, k->src_ip, 16);
	h = fnv1a(h, k->dst_ip, 16);
	h = fnv1a(h, rest, sizeof rest);
	/* FNV mixes its low bits badly; this is the finalizer of MurmurHash3. */
	h ^= h >> 33;
	h *= 0xff51afd7ed558ccdu;
	h ^= h >> 33;
	h *= 0xc4ceb9fe1a85ec53u;
	return h ^ h >> 33;
}

static uint64_t
quick_mix(uint64_t h, const uint8_t *p)
{
	h = (h ^ get_le64(p)) * 0x9e3779b97f4a7c15u;
	return h ^ h >> 32;
}

uint64_t
quick_hash(const uint8_t src_ip[16], const uint8_t dst_ip[16], uint64_t rest)
{
	uint64_t h = quick_mix(rest, src_ip);

	h = quick_mix(h, src_ip + 8);
	h = quick_mix(h, dst_ip);
	return quick_mix(h, dst_ip + 8);
}

void
addr_from_v4(uint8_t a[16], uint32_t host_order)
{
	memcpy(a, v4_prefix, sizeof v4_prefix);
	a[12] = (uint8_t)(host_order >> 24);
	a[13] = (uint8_t)(host_order >> 16);
	a[14] = (uint8_t)(host_order >> 8);
	a[15] = (uint8_t)host_order;
}

uint32_t
addr_to_v4(const uint8_t a[16])
{
	return (uint32_t)a[12] << 24 | (uint32_t)a[13] << 16 | (uint32_t)a[14] << 8 |
	    (uint32_t)a[15];
}

void
addr_text(const uint8_t a[16], char out[46])
{
	if (addr_is_v4(a))
		inet_ntop(AF_INET, a + 12, out, 46);
	else
		inet_ntop(AF_INET6, a, out, 46);
}

int64_t
time_unit_ns(const char *name)
{
	static const struct {
		const char *name;
		int64_t ns;
	} units[] = {{"s", 1000000000}, {"ms", 1000000}, {"us", 1000}, {"ns", 1}};
	size_t i;

	for (i = 0; i < LEN(units); i++)
		if (strcmp(units[i].name, name) == 0)
			return units[i].ns;
	return 0;
}
