/* Addresses mapped by a key against published values; places in prefixes against a
 * plain reading of what prefixes.h says.  The values of IPv6 are those of
 * tests/ref/cryptopan.py. */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "addresses/cryptopan.h"
#include "addresses/map.h"
#include "addresses/prefixes.h"
#include "base/mem.h"
#include "base/rng.h"

/* Of the sample that Crypto-PAn was published with. */
static const uint8_t sample_key[MAP_KEY_BYTES] = {21, 34, 23, 141, 51, 164, 207, 128,
    19, 10, 91, 22, 73, 144, 125, 16, 216, 152, 143, 131, 121, 121, 101, 39, 98, 87, 76,
    45, 42, 132, 34, 2};

static const char *const keyed[][2] = {
    /* the sample's trace */
    {"128.11.68.132", "135.242.180.132"},
    {"129.118.74.4", "134.136.186.123"},
    {"130.132.252.244", "133.68.164.234"},
    {"141.223.7.43", "141.167.8.160"},
    {"141.233.145.108", "141.129.237.235"},
    {"152.163.225.39", "151.140.114.167"},
    {"156.29.3.236", "147.225.12.42"},
    {"165.247.96.84", "162.9.99.234"},
    {"166.107.77.190", "160.132.178.185"},
    {"192.102.249.13", "252.138.62.131"},
    {"192.215.32.125", "252.43.47.189"},
    {"192.41.57.43", "252.222.221.184"},
    {"195.205.63.100", "255.186.223.5"},
    {"198.26.132.101", "249.36.123.202"},
    {"199.217.79.101", "248.38.184.213"},
    {"202.49.198.20", "245.206.7.234"},
    {"203.12.160.252", "244.248.163.4"},
    {"204.29.20.4", "243.33.20.123"},
    {"205.188.147.153", "242.96.16.101"},
    {"205.188.248.25", "242.96.88.27"},
    {"207.105.49.5", "241.118.205.138"},
    {"208.52.56.122", "227.8.63.165"},
    {"209.85.249.6", "226.170.70.6"},
    {"212.204.172.118", "228.71.195.169"},
    {"212.206.130.201", "228.69.242.193"},
    {"216.35.217.178", "235.195.157.81"},
    {"24.0.250.221", "100.15.198.226"},
    {"38.15.67.68", "64.3.66.187"},
    {"4.3.88.225", "124.60.155.63"},
    {"63.97.7.140", "95.97.9.123"},
    {"64.14.118.196", "0.255.183.58"},
    {"64.39.15.238", "0.219.7.41"},
    {"10.185.25.118", "117.161.29.118"},
    /* edges, and IPv6 */
    {"0.0.0.0", "120.255.240.1"},
    {"255.255.255.255", "206.120.97.255"},
    {"::1", "78ff:f001:9fc0:20df:8380:b1f1:704:ed"},
    {"::2", "78ff:f001:9fc0:20df:8380:b1f1:704:ef"},
    {"::ffff", "78ff:f001:9fc0:20df:8380:b1f1:704:f838"},
    {"2001:db8::1", "4401:2bc:603f:d91d:27f:ff8e:e6f1:dc1e"},
    {"2001:db8:1::5", "4401:2bc:603e:23c0:0:6fff:f0f8:c3ea"},
    {"fe80::1234:5678:9abc:def0", "cf7f:c0e:1fc3:da1c:1dab:29e7:9a23:c10c"},
};

static void
from_text(uint8_t a[16], const char *text)
{
	struct in_addr v4;

	if (inet_pton(AF_INET, text, &v4) == 1)
		addr_from_v4(a, ntohl(v4.s_addr));
	else
		assert_int_equal(inet_pton(AF_INET6, text, a), 1);
}

static void
assert_text(struct addr a, const char *want)
{
	uint8_t bytes[16];
	char got[46];

	addr_store(bytes, a);
	addr_text(bytes, got);
	assert_string_equal(got, want);
}

static struct addr
number(const char *text)
{
	uint8_t a[16];

	from_text(a, text);
	return addr_load(a);
}

static void
need_cipher(void)
{
	if (cryptopan_missing() != NULL)
		skip();
}

static void
published(void **state)
{
	struct cryptopan *c;
	struct ns_err e;
	size_t i, round;

	(void)state;
	need_cipher();
	c = cryptopan_new(sample_key, &e);
	for (round = 0; round < 2; round++) /* the second time remembered */
		for (i = 0; i < LEN(keyed); i++)
			assert_text(cryptopan_map(c, number(keyed[i][0])), keyed[i][1]);
	assert_text(cryptopan_map(c, (struct addr){0, 0}),
	    "78ff:f001:9fc0:20df:8380:b1f1:704:ec");
	cryptopan_free(c);
}

/* Bits that two numbers have in common at the front, of 128. */
static int
common(struct addr a, struct addr b)
{
	int n = 128;

	while (!addr_equal(addr_without(a, addr_host_mask(128 - n)),
	    addr_without(b, addr_host_mask(128 - n))))
		n--;
	return n;
}

static void
prefixes_kept(void **state)
{
	struct cryptopan *c;
	struct addr a, b;
	struct ns_err e;
	struct rng rng;
	int i;

	(void)state;
	need_cipher();
	c = cryptopan_new(sample_key, &e);
	rng_init(&rng, 1, 0);
	for (i = 0; i < 3000; i++) {
		a = (struct addr){0, UINT64_C(0xffff) << 32 | rng_u32(&rng)};
		b = (struct addr){0, a.lo ^ (rng_u32(&rng) >> i % 32)};
		if (i % 2)
			a.hi = b.hi = rng_u32(&rng);
		assert_int_equal(common(a, b),
		    common(cryptopan_map(c, a), cryptopan_map(c, b)));
	}
	cryptopan_free(c);
}

static void
key_files(void **state)
{
	static const char hex[] = "1522178d33a4cf80130a5b1649907D10"
				  "D8988f837979652762574c2d2a842202\n\n";
	static const struct {
		int hex; /* characters of the text above, -1: the key's own bytes */
		int bytes, status;
	} cases[] = {{64, 0, NS_OK}, {65, 0, NS_OK}, {-1, 32, NS_OK},
	    {66, 0, NS_ECORRUPT}, {63, 0, NS_ECORRUPT}, {32, 0, NS_OK},
	    {0, 0, NS_ECORRUPT}, {-1, 31, NS_ECORRUPT}};
	char path[] = "/tmp/netshare-test.XXXXXX";
	uint8_t key[MAP_KEY_BYTES];
	struct ns_err e;
	size_t i, n;
	FILE *f;

	(void)state;
	close(mkstemp(path));
	for (i = 0; i < LEN(cases); i++) {
		f = fopen(path, "wb");
		n = cases[i].hex >= 0
		    ? fwrite(hex, 1, (size_t)cases[i].hex, f)
		    : fwrite(sample_key, 1, (size_t)cases[i].bytes, f);
		assert_int_equal(n, cases[i].hex >= 0 ? cases[i].hex : cases[i].bytes);
		fclose(f);
		memset(key, 0x55, sizeof key);
		assert_int_equal(keyfile_read(key, path, &e), cases[i].status);
		if (cases[i].status == NS_OK)
			assert_memory_equal(key,
			    cases[i].hex == 32 ? (const uint8_t *)hex : sample_key,
			    sizeof key);
		else
			assert_int_equal(key[0], 0x55);
	}
	f = fopen(path, "wb");
	fprintf(f, "%.60sxyz!", hex);
	fclose(f);
	assert_int_equal(keyfile_read(key, path, &e), NS_ECORRUPT);
	assert_null(strstr(e.msg, "1522"));
	assert_null(strstr(e.msg, "xyz"));
	unlink(path);
	assert_int_equal(keyfile_read(key, path, &e), NS_EIO);
}

static void
bad_prefixes(void **state)
{
	static const char *const bad[] = {"", ",", "10.0.0.0", "10.0.0.0/",
	    "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/8x", "10.0.0.0/ 8",
	    "10.0.0/8", "10.0.0.0/8,", "10.0.0.1/8", "10.0.0.0/8,10.1.0.0/16",
	    "10.0.0.0/8/8", "10.0.0.0/99999999999999999999", "2001:db8::/129",
	    "2001:db8::1/64", "::/0", "::ffff:10.0.0.0/104", "::ffff:0:0/96",
	    "2001:db8::/32,2001::/16", "192.0.2.0/24,192.0.2.0/24",
	    "1111111111111111111111111111111111111111111111111111111111111111111/8"};
	struct prefixes *p;
	struct buf many = {0};
	struct ns_err e;
	size_t i;

	(void)state;
	for (i = 0; i < LEN(bad); i++) {
		p = prefixes_new(bad[i], &e);
		if (p != NULL)
			print_error("taken: '%s'\n", bad[i]);
		assert_null(p);
		assert_int_equal(e.code, NS_EUSAGE);
	}
	for (i = 0; i < PREFIXES_MAX; i++)
		buf_printf(&many, "%s10.%zu.0.0/16", i > 0 ? "," : "", i);
	buf_put(&many, "", 1);
	p = prefixes_new((const char *)many.p, &e);
	assert_non_null(p);
	prefixes_free(p);
	many.len--;
	buf_printf(&many, ",11.0.0.0/16");
	buf_put(&many, "", 1);
	assert_null(prefixes_new((const char *)many.p, &e));
	buf_free(&many);
}

/* from/to pairs, in order; to is NULL where there is no room. */
static void
assert_places(const char *text, const char *const pairs[][2], size_t n)
{
	struct ns_err e;
	struct prefixes *p = prefixes_new(text, &e);
	struct addr a;
	size_t i;

	assert_non_null(p);
	for (i = 0; i < n; i++) {
		a = number(pairs[i][0]);
		assert_int_equal(prefixes_place(p, &a), pairs[i][1] != NULL);
		if (pairs[i][1] != NULL)
			assert_text(a, pairs[i][1]);
	}
	prefixes_free(p);
}

static void
places(void **state)
{
	static const char *const host_bits[][2] = {{"8.8.8.8", "192.0.2.8"},
	    {"9.9.9.8", "192.0.2.9"}, {"9.9.9.9", "192.0.2.10"},
	    {"1.1.1.0", "192.0.2.1"}, {"1.1.1.255", "192.0.2.2"},
	    {"1.1.1.254", "192.0.2.254"}, {"2.1.1.254", "192.0.2.3"},
	    {"192.0.2.77", "192.0.2.77"}};
	static const char *const small[][2] = {{"8.8.8.8", "10.0.0.1"},
	    {"8.8.8.9", "10.0.0.2"}, {"8.8.8.10", NULL}};
	static const char *const two[][2] = {{"8.8.8.9", "10.0.0.1"},
	    {"8.8.8.7", "10.0.0.0"}, {"8.8.8.10", NULL}};
	static const char *const one[][2] = {{"8.8.8.9", "10.0.0.3"},
	    {"8.8.8.7", NULL}};
	static const char *const all[][2] = {{"8.8.8.9", "8.8.8.9"},
	    {"0.0.0.0", "0.0.0.1"}, {"255.255.255.255", "0.0.0.2"}};
	static const char *const v6[][2] = {{"2620:0:1::5", "2001:db8:1::5"},
	    {"2a00:0:1::5", "2001:db8:1::6"},
	    {"2a00:0:ffff:ffff:ffff:ffff:ffff:ffff",
		"2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"},
	    {"2b00:0:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db8::"},
	    {"2b00:0:0:ffff:ffff:ffff:ffff:ffff",
		"2001:db8:0:ffff:ffff:ffff:ffff:ffff"},
	    {"2c00:0:0:ffff:ffff:ffff:ffff:ffff", "2001:db8:1::"}};
	static const char *const v6_one[][2] = {{"::1", "fd00::1"}, {"::1", NULL}};

	(void)state;
	assert_places("192.0.2.0/24", host_bits, LEN(host_bits));
	assert_places("10.0.0.0/30", small, LEN(small));
	assert_places("10.0.0.0/31", two, LEN(two));
	assert_places("10.0.0.3/32", one, LEN(one));
	assert_places("0.0.0.0/0", all, LEN(all));
	assert_places("2001:db8::/32", v6, LEN(v6));
	assert_places("fd00::1/128", v6_one, LEN(v6_one));
}

/* A prefix filled to the last place, by addresses that mostly fall on one another. */
static void
filled(void **state)
{
	static bool taken[65536];
	struct ns_err e;
	struct prefixes *p = prefixes_new("172.16.0.0/16", &e);
	struct addr a;
	struct rng rng;
	uint32_t i, want, host, room = 65534;

	(void)state;
	memset(taken, 0, sizeof taken);
	taken[0] = taken[65535] = true;
	rng_init(&rng, 2, 0);
	for (i = 0; i < room; i++) {
		host = i % 3 ? rng_u32(&rng) % 65536 : rng_u32(&rng) % 50;
		for (want = host; taken[want];)
			want = (want + 1) % 65536;
		taken[want] = true;
		a = (struct addr){0, UINT64_C(0xffff) << 32 | i << 16 | host};
		assert_true(prefixes_place(p, &a));
		assert_int_equal(a.lo, UINT64_C(0xffffac100000) | want);
	}
	a = number("1.2.3.4");
	assert_false(prefixes_place(p, &a));
	prefixes_free(p);
}

/* Which of several: equal for equal first bits, by size, another one when full. */
static void
several(void **state)
{
	static const char text[] = "198.18.0.0/24,203.0.112.0/23,10.7.0.0/24,fd00::/8";
	struct ns_err e;
	struct prefixes *p = prefixes_new(text, &e);
	size_t of[3] = {0}, i, k, net;
	struct addr a;

	(void)state;
	for (net = 0; net < 200; net++) { /* 200 networks of /23, two hosts of each */
		size_t which[2];

		for (k = 0; k < 2; k++) {
			a = (struct addr){0,
			    UINT64_C(0xffff08000000) | net << 9 | k << 8 | 3};
			assert_true(prefixes_place(p, &a));
			for (i = 0; a.lo >> 9 != p->v4.own[i].base.lo >> 9;)
				i++;
			which[k] = i;
			of[i]++;
		}
		assert_int_equal(which[0], which[1]);
	}
	assert_in_range(of[0], 60, 140);
	assert_in_range(of[1], 160, 240);
	assert_in_range(of[2], 60, 140);
	assert_int_equal(p->v4.room, 254 + 510 + 254);
	for (i = 400; i < p->v4.room; i++) { /* all of one network from here on */
		a = (struct addr){0, UINT64_C(0xffff09000000) | i % 512};
		assert_true(prefixes_place(p, &a));
	}
	a = number("9.0.0.1");
	assert_false(prefixes_place(p, &a));
	a = number("2001:db8::9");
	assert_true(prefixes_place(p, &a));
	assert_text(a, "fd01:db8::9");
	prefixes_free(p);
}

static void
versions(void **state)
{
	const struct map_opts o = {.prefix = "192.0.2.0/24"};
	struct address_map *m;
	struct ns_err e;
	uint8_t a[16];
	int i;

	(void)state;
	m = address_map_new(&o, &e);
	for (i = 0; i < 2; i++) { /* the second time it is known */
		from_text(a, "1.2.3.4");
		assert_int_equal(address_map_one(m, a, &e), NS_OK);
		assert_text(addr_load(a), "192.0.2.4");
	}
	from_text(a, "::1");
	assert_int_equal(address_map_one(m, a, &e), NS_EKIND);
	assert_string_equal(e.msg,
	    "an IPv6 address, but --map-prefix has no IPv6 prefix");
	assert_int_equal(address_map_end(m, &e), NS_OK);
	address_map_free(m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(published),
	    cmocka_unit_test(prefixes_kept),
	    cmocka_unit_test(key_files),
	    cmocka_unit_test(bad_prefixes),
	    cmocka_unit_test(places),
	    cmocka_unit_test(filled),
	    cmocka_unit_test(several),
	    cmocka_unit_test(versions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
