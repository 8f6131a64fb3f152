/*
 * Values beyond the most frequent ones: how groups are cut and searched, and what a
 * codec of many hosts makes of codes, masks, wishes and texts.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/rng.h"
#include "codec/codec.h"
#include "codec/symbol/impl.h"

/* ---- Groups alone ---- */

/* n values in order; with versions the middle third are addresses of IPv4. */
static struct count *
make_list(uint32_t n, bool versions, struct rng *r)
{
	struct count *list = xcalloc(n, sizeof *list);
	uint32_t i;

	for (i = 0; i < n; i++) {
		list[i].n = 2 + rng_below(r, 30);
		list[i].v.lo = (i == 0 ? 0 : list[i - 1].v.lo) + 1 + rng_below(r, 9);
		if (versions && i == n / 3)
			list[i].v.lo = UINT64_C(0xffff) << 32;
		if (versions && i >= n - n / 3)
			list[i].v.hi = 0x20;
	}
	return list;
}

static void
check_cut(const struct count *list, uint32_t n)
{
	struct groups g;
	uint32_t i, k, index;
	uint64_t sum, most = 0, all = 0, top = 0;
	int at;

	groups_cut(&g, list, n);
	assert_in_range(g.n, 1, GROUPS_MAX);
	assert_int_equal(g.first[0], 0);
	assert_int_equal(g.first[g.n], n);
	for (i = 0; i < g.n; i++) {
		assert_in_range(groups_size(&g, i), 1, GROUP_SIZE);
		for (k = g.first[i], sum = 0; k < g.first[i + 1]; k++) {
			sum += list[k].n;
			top = list[k].n > top ? list[k].n : top;
			assert_int_equal(value_cmp(g.v[k], list[k].v), 0);
			assert_int_equal(value_is_v4(g.v[k]),
			    value_is_v4(g.v[g.first[i]]));
			at = groups_find(&g, list[k].v, &index);
			assert_int_equal(at, i);
			assert_int_equal(g.first[i] + index, k);
		}
		all += sum;
		most = sum > most ? sum : most;
	}
	/* of like count, unless they are full */
	if (n < GROUPS_MAX * GROUP_SIZE / 4 && most > all / GROUPS_MAX + 2 * top)
		fail_msg("a group of %llu, all are %llu", (unsigned long long)most,
		    (unsigned long long)all);
	assert_int_equal(groups_find(&g, (struct value){1, 1}, &index), -1);
	assert_int_equal(groups_find(&g, (struct value){0, 0}, &index), -1);
	assert_int_equal(groups_find(&g, (struct value){UINT64_MAX, UINT64_MAX},
			     &index),
	    -1);
	groups_free(&g);
}

static void
test_groups(void **state)
{
	static const uint32_t n[] = {1, 2, 127, 128, 129, 173, 1000, 5000, 30000,
	    GROUPED_MAX - 1, GROUPED_MAX};
	struct count *list;
	struct rng r;
	size_t i;
	int versions;

	(void)state;
	rng_init(&r, 1, 0);
	for (i = 0; i < LEN(n); i++)
		for (versions = 0; versions < 2; versions++) {
			list = make_list(n[i], versions, &r);
			check_cut(list, n[i]);
			free(list);
		}
	/* the worst place for the versions to meet: both runs outside are of one */
	list = make_list(GROUPED_MAX, false, &r);
	for (i = 0; i < GROUPED_MAX; i++)
		list[i].v.lo += i > 0 ? UINT64_C(0xffff) << 32 : 0;
	list[GROUPED_MAX - 1].v.hi = 1;
	check_cut(list, GROUPED_MAX);
	free(list);
}

/* ---- A trace of many hosts ---- */

/* Hosts, each with a port of its own, few of which are near one another: FREQUENT of
 * four series, KNOWN of two, RARE of one. */
enum { FREQUENT = 100, KNOWN = 500, RARE = 50 };
enum { SERIES = 4 * FREQUENT + 2 * KNOWN + RARE };
#define OWN 127 /* values that have symbols of their own beside groups */

static const struct chunk_info window = {.count = 1,
    .t0_ns = INT64_C(1700000000000000000),
    .len_ns = INT64_C(3600000000000),
    .of_flows = true};

struct one {
	struct series s;
	struct flow f;
	struct labels l;
};

static uint32_t
host_of(uint32_t n)
{
	if (n < 4 * FREQUENT)
		return n % FREQUENT;
	n -= 4 * FREQUENT;
	return FREQUENT + (n < 2 * KNOWN ? n % KNOWN : n - KNOWN);
}

/* Each time a host is there its port goes with another service, so that it counts. */
static uint16_t
service_of(uint32_t n)
{
	return (uint16_t)(443 +
	    (n < 4 * FREQUENT ? n / FREQUENT : (n - 4 * FREQUENT) / KNOWN));
}

/* Some are of IPv6 if both. */
static void
address(uint8_t a[16], uint32_t host, bool both)
{
	static const uint8_t prefix[16] = {0x20, 0x01, 0x0d, 0xb8};

	if (!both || host % 4 != 3) {
		addr_from_v4(a, 0x0a000000u + 3 * host);
		return;
	}
	memcpy(a, prefix, 16);
	a[14] = (uint8_t)(host / 256);
	a[15] = (uint8_t)host;
}

/* Series n, from client to server. */
static void
make_series(struct one *o, uint32_t n, bool both)
{
	uint32_t host = host_of(n);
	struct flow *f = &o->f;

	memset(&o->s, 0, sizeof o->s);
	memset(f, 0, sizeof *f);
	address(o->s.key.src_ip, host, both);
	address(o->s.key.dst_ip, 9996 + host % 4, both);
	o->s.key.proto = PROTO_TCP;
	o->s.key.src_port = (uint16_t)(2000 + 97 * host);
	o->s.key.dst_port = service_of(n);
	o->s.n = 1;
	o->s.starts = true;
	o->s.tags[0] = 1;
	o->s.flows = f;
	f->key = o->s.key;
	f->t_start_ns = window.t0_ns + 1000000 * (int64_t)n;
	f->n_pkts = 1 + n % 3;
	f->n_bytes = 100 * f->n_pkts;
	f->dur_ns = f->n_pkts == 1 ? 0 : 5000;
}

static struct codec *
fitted(bool both, uint32_t series, uint64_t min_count)
{
	const struct codec_config f = {.profile = "symbol", .min_count = min_count};
	struct ns_err e;
	struct codec *c = codec_new(&f, true, 1, &e);
	struct one o;
	uint32_t n;

	labels_init(&o.l);
	for (n = 0; n < series; n++) {
		make_series(&o, n, both);
		assert_int_equal(codec_fit_series(c, &o.s, &window, &o.l, &e), NS_OK);
	}
	assert_int_equal(codec_fit_end(c, NULL, &e), NS_OK);
	labels_free(&o.l);
	return c;
}

/* Where the code of an attribute lies, by both parts of its name. */
static size_t
at(const struct codec *c, const char *field, const char *part)
{
	const struct tensor_schema *s = codec_schema(c);
	char name[32];
	size_t off = 0;
	int i, want;

	snprintf(name, sizeof name, "%s%s", field, part);
	want = tensor_field_find(s, name);
	assert_in_range(want, 0, s->n_attr - 1);
	for (i = 0; i < want; i++)
		off += s->attr[i].bytes;
	return off;
}

static void
encode(const struct codec *c, uint32_t n, bool both, struct buf *b)
{
	struct ns_err e;
	struct one o;

	labels_init(&o.l);
	make_series(&o, n, both);
	if (codec_encode(c, &o.s, &window, &o.l, b, &e) < 0)
		fail_msg("series %u: %s", n, e.msg);
	labels_free(&o.l);
}

static const struct tuple *
decode(struct codec *c, const struct buf *b)
{
	struct codec_mends m = {0};
	const struct series *s;
	struct labels l;
	struct ns_err e;

	labels_init(&l);
	if (codec_decode(c, b->p, b->len, &window, &l, &s, &m, &e) < 0)
		fail_msg("%s", e.msg);
	labels_free(&l);
	assert_int_equal(m.clamped, 0);
	return &s->key;
}

/* Known values are symbol and index beside the octets of zero. */
static void
check_codes(const struct codec *c, const struct buf *b, const char *field,
    uint32_t host)
{
	bool known = host < FREQUENT + KNOWN;
	uint8_t symbol = b->p[at(c, field, "")], index = b->p[at(c, field, ".i")];

	assert_int_equal(symbol != 0, known);
	if (host < FREQUENT)
		assert_in_range(symbol, 1, OWN);
	if (symbol <= OWN)
		assert_int_equal(index, 0);
}

/* Every value comes back. */
static void
test_codes(void **state)
{
	bool both = *state != NULL;
	struct codec *c = fitted(both, SERIES, 2);
	struct buf b = {0};
	struct one o;
	uint32_t n;
	uint8_t octet;

	for (n = 0; n < SERIES; n++) {
		make_series(&o, n, both);
		encode(c, n, both, &b);
		assert_int_equal(tuple_cmp(decode(c, &b), &o.s.key), 0);
		check_codes(c, &b, "src_ip", host_of(n));
		check_codes(c, &b, "client", host_of(n));
		octet = b.p[at(c, "client", ".0")];
		assert_int_equal(octet,
		    host_of(n) < FREQUENT + KNOWN ? 0 : o.s.key.src_port >> 8);
		if (both) /* as of an address that is nothing but IPv4 */
			assert_int_equal(b.p[at(c, "src_ip", ".10")],
			    tuple_is_v4(&o.s.key) ? 0xff : 0);
	}
	buf_free(&b);
	codec_free(c);
}

/* Where all values are known there are no octets, and another is not expressed. */
static void
test_closed(void **state)
{
	struct codec *c = fitted(true, SERIES - RARE, 2);
	struct buf b = {0};
	struct ns_err e;
	struct one o;
	uint32_t n;

	(void)state;
	assert_true(tensor_field_find(codec_schema(c), "client.i") >= 0);
	assert_int_equal(tensor_field_find(codec_schema(c), "client.0"), -1);
	labels_init(&o.l);
	for (n = 0; n < SERIES; n++) {
		make_series(&o, n, true);
		if (n < SERIES - RARE) {
			encode(c, n, true, &b);
			assert_int_equal(tuple_cmp(decode(c, &b), &o.s.key), 0);
			continue;
		}
		assert_int_equal(codec_encode(c, &o.s, &window, &o.l, &b, &e),
		    NS_EKIND);
		assert_non_null(strstr(e.msg, "the codec cannot express src_ip "));
	}
	labels_free(&o.l);
	buf_free(&b);
	codec_free(c);
}

/* Up to 255 values that occur often enough all have symbols of their own. */
static void
test_few(void **state)
{
	struct codec *c = fitted(false, SERIES, 4);

	(void)state;
	assert_int_equal(tensor_field_find(codec_schema(c), "client.i"), -1);
	assert_int_equal(c->sym->f[S_CLIENT].values.n, FREQUENT);
	codec_free(c);
}

/* ---- Codes no encoder wrote ---- */

/* An index that a group does not have is its last; beside a symbol of its own, and for
 * octets beside a known value, any code goes. */
static void
test_garbage(void **state)
{
	struct codec *c = fitted(false, SERIES, 2);
	const struct sym_field *f = &c->sym->f[S_CLIENT];
	struct buf b = {0};
	struct value last;
	uint32_t i, widest = groups_widest(&f->groups);

	(void)state;
	encode(c, 0, false, &b);
	b.p[at(c, "client", ".0")] = 77;
	for (i = 1; i < sym_symbols(f); i++) {
		b.p[at(c, "client", "")] = (uint8_t)i;
		b.p[at(c, "client", ".i")] = (uint8_t)(widest - 1);
		last = sym_known(f, i, sym_count(f, i) - 1);
		assert_int_equal(decode(c, &b)->src_port, last.lo);
	}
	b.p[at(c, "client", "")] = 0;
	b.p[at(c, "client", ".1")] = 3;
	assert_int_equal(decode(c, &b)->src_port, 77 << 8 | 3);
	buf_free(&b);
	codec_free(c);
}

/* ---- Masks ---- */

static uint32_t
allowed(const struct codec *c, const struct tensor_masks *m, const struct buf *b,
    const char *of)
{
	uint8_t code[NSR_MAX_FIELDS], allow[MASK_BYTES];
	const struct tensor_schema *s = codec_schema(c);
	const uint8_t *p = b->p;
	int i;

	for (i = 0; i < s->n_attr; p += s->attr[i].bytes, i++)
		code[i] = *p;
	return tensor_masks_allow(m, tensor_field_find(s, of), false, code, allow)
	    ? mask_count(allow)
	    : 0;
}

static void
test_masks(void **state)
{
	struct codec *c = fitted(true, SERIES, 2);
	const struct sym_field *f = &c->sym->f[S_SRC_IP];
	const struct tensor_masks *m = codec_masks(c);
	struct buf b = {0};
	uint32_t i, symbols = 0;

	(void)state;
	encode(c, 0, true, &b);
	for (i = 1; i < sym_symbols(f); i++) {
		b.p[at(c, "src_ip", "")] = (uint8_t)i;
		assert_int_equal(allowed(c, m, &b, "src_ip.i"), sym_count(f, i));
		assert_int_equal(allowed(c, m, &b, "src_ip.15"), 1);
	}
	b.p[at(c, "src_ip", "")] = 0;
	assert_int_equal(allowed(c, m, &b, "src_ip.i"), 1);
	assert_int_equal(allowed(c, m, &b, "src_ip.15"), 256);
	for (i = 0; i < 2; i++) { /* a group is of one version */
		b.p[at(c, "ip_version", "")] = (uint8_t)i;
		symbols += allowed(c, m, &b, "src_ip");
	}
	assert_int_equal(symbols, sym_symbols(f) + 1); /* "other" is of both */
	buf_free(&b);
	codec_free(c);
}

/* ---- What can be given ---- */

/* How many codes of a field are left, with the symbol of src_ip or client given. */
static uint32_t
given(const struct codec *c, const char *field, const char *value, uint32_t symbol,
    const char *of)
{
	struct tensor_masks m;
	struct buf b = {0};
	struct ns_err e;
	uint32_t n;

	tensor_masks_init(&m);
	if (codec_given(c, field, value, &m, &e) < 0)
		fail_msg("%s", e.msg);
	encode(c, 0, false, &b);
	b.p[at(c, field[4] == 'i' ? "src_ip" : "client", "")] = (uint8_t)symbol;
	n = allowed(c, &m, &b, of);
	buf_free(&b);
	tensor_masks_free(&m);
	return n;
}

/* Hosts of the trace are 3 apart; those of the groups from 10.0.1.81 on are in order.
 */
static void
test_given(void **state)
{
	struct codec *c = fitted(false, SERIES, 2);
	const struct sym_field *f = &c->sym->f[S_SRC_IP];
	uint32_t i, index, symbols = 0, hosts = 0, got;
	struct value v = {0, UINT64_C(0xffff0a000000) + 3 * 300};
	int symbol = sym_find(f, v, &index);

	(void)state;
	assert_true(symbol > OWN);
	assert_int_equal(given(c, "src_ip", "10.0.3.132", 0, "src_ip"), 1);
	got = given(c, "src_ip", "10.0.3.132", (uint32_t)symbol, "src_ip.i");
	assert_int_equal(got, sym_count(f, (uint32_t)symbol) > 1);
	assert_int_equal(given(c, "src_ip", "10.0.3.132", 0, "src_ip.3"), 0);
	/* a prefix takes what it holds, of groups in part */
	for (i = 1; i < sym_symbols(f); i++) {
		for (index = 0, got = 0; index < sym_count(f, i); index++)
			got += (sym_known(f, i, index).lo & 0xffffff00) == 0x0a000300;
		symbols += got > 0;
		hosts += got;
		if (got > 0)
			assert_int_equal(given(c, "src_ip", "10.0.3.0/24", i,
					     "src_ip.i"),
			    got);
	}
	assert_int_equal(hosts, 86);
	assert_int_equal(given(c, "src_ip", "10.0.3.0/24", 0, "src_ip"), symbols + 1);
	assert_int_equal(given(c, "src_ip", "10.0.3.0/24", 0, "src_ip.2"), 1);
	assert_int_equal(given(c, "src_ip", "10.0.3.0/24", 0, "src_ip.3"), 0);
	/* ports of clients and services */
	assert_int_equal(given(c, "src_port", "31100", 0, "client"), 1);
	assert_int_equal(given(c, "src_port", "31101", 0, "client.0"), 1);
	codec_free(c);
}

/* ---- The codec as text ---- */

/* The text with from, its first occurrence, as to. */
static void
text_with(const struct codec *c, const char *from, const char *to, struct buf *b)
{
	struct buf all = {0};
	const char *p;

	codec_text_put(c, &all);
	buf_printf(&all, "%c", '\0');
	p = strstr((char *)all.p, from);
	assert_non_null(p);
	b->len = 0;
	buf_put(b, all.p, (size_t)(p - (char *)all.p));
	buf_printf(b, "%s%s", to, p + strlen(from));
	buf_free(&all);
}

static void
refused(const struct codec *c, const char *from, const char *to, const char *msg)
{
	struct codec *d = xcalloc(1, sizeof *d);
	struct buf b = {0};
	struct ns_err e;

	text_with(c, from, to, &b);
	assert_int_equal(codec_text_get(d, b.p, b.len, &e), NS_ECORRUPT);
	if (strstr(e.msg, msg) == NULL)
		fail_msg("'%s' does not say '%s'", e.msg, msg);
	codec_free(d);
	buf_free(&b);
}

static void
test_text(void **state)
{
	struct codec *c = fitted(false, SERIES, 2), *d = xcalloc(1, sizeof *d);
	struct buf a = {0}, b = {0};
	struct ns_err e;

	(void)state;
	rules_init(&d->rules);
	codec_text_put(c, &a);
	buf_put(&b, a.p, a.len);
	assert_int_equal(codec_text_get(d, b.p, b.len, &e), NS_OK);
	b.len = 0;
	codec_text_put(d, &b);
	assert_int_equal(a.len, b.len);
	assert_memory_equal(a.p, b.p, a.len);
	buf_free(&a);
	buf_free(&b);
	codec_free(d);
	refused(c, "group 4\n", "group 0\n", "a group of nothing");
	refused(c, "group 4\n", "group 257\n", "out of range");
	refused(c, "group 4\n", "group 3\n", "not what is expected");
	refused(c, "open 127 128", "open 127 129", "out of range");
	refused(c, "open 127 128", "open 128 128", "nothing or too much");
	refused(c, "values 4 0", "values 0 0", "nothing or too much");
	/* host 127 is in the first group; 100 has a symbol of its own */
	refused(c, "ffff0a00017d\n", "ffff0a00012c\n", "a value that comes twice");
	refused(c, "ffff0a00017d\n", "ffff0a000600\n", "not in order");
	codec_free(c);
	c = fitted(true, SERIES, 2);
	refused(c, "00000000000000000000ffff0a000702",
	    "20010db8000000000000000000000001", "a group of two IP versions");
	codec_free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_groups),
	    cmocka_unit_test(test_codes),
	    {"codes_of_both_versions", test_codes, NULL, NULL, (void *)"both"},
	    cmocka_unit_test(test_closed),
	    cmocka_unit_test(test_few),
	    cmocka_unit_test(test_garbage),
	    cmocka_unit_test(test_masks),
	    cmocka_unit_test(test_given),
	    cmocka_unit_test(test_text),
	};

	return cmocka_run_group_tests_name("codec/known", tests, NULL, NULL);
}
