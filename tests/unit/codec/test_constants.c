/*
 * Codecs of public constants: all that a record can be is encoded, and comes back as
 * far as it is valid.  Caught: a field that cannot say some value, greatest values that
 * are not clamped, masks that real records break, packets that no capture can hold, a
 * service's side by counts, roundings that add up, texts that are not public.
 */
#include "constants.h"
#include "trace/header.h"

/* All ports, on either side, of all protocols that have some. */
static void
test_ports_back(void **state)
{
	static const uint8_t protos[] = {PROTO_TCP, PROTO_UDP, PROTO_SCTP, 33, 136};
	const struct series *s;
	struct case_of *k = xmalloc(sizeof *k);
	uint32_t port;
	size_t p;

	(void)state;
	for (p = 0; p < LEN(profiles); p++) {
		start(k, profiles[p], true, 0);
		for (port = 0; port < 65536; port++) {
			k->s.key.proto = protos[port % LEN(protos)];
			k->s.key.src_port = (uint16_t)port;
			k->s.key.dst_port = (uint16_t)(port * 40503u + p);
			s = back(k, NULL);
			assert_int_equal(tuple_cmp(&s->key, &k->s.key), 0);
		}
		finish(k);
	}
	free(k);
}

/* Which side the service is on depends on the two ports alone. */
static void
test_service_side(void **state)
{
	static const struct {
		uint16_t src, dst;
		bool is_src;
	} want[] = {{50000, 443, false}, {443, 50000, true}, {53, 53, false},
	    {443, 53, false}, {53, 443, true}, {30000, 30001, true},
	    {30001, 30000, false}, {2, 8080, false}};
	struct codec *c = constants("symbol", true, 0, NULL);
	size_t i;

	(void)state;
	for (i = 0; i < LEN(want); i++)
		assert_int_equal(ports_service_is_src(&c->sym->ports, want[i].src,
				     want[i].dst),
		    want[i].is_src);
	codec_free(c);
}

/* All protocols, in both versions: ports go where there are none, ICMP changes with the
 * version, all else stays. */
static void
test_protocols_back(void **state)
{
	const struct series *s;
	struct case_of *k = xmalloc(sizeof *k);
	unsigned proto, want, mended; /* the other profile says all flags */
	size_t p;
	int v;

	(void)state;
	for (p = 0; p < LEN(profiles); p++)
		for (v = 4; v <= 6; v += 2) {
			start(k, profiles[p], true, 0);
			if (v == 6)
				set_v6(k);
			for (proto = 0; proto < 256; proto++) {
				k->s.key.proto = (uint8_t)proto;
				k->s.key.src_port = 1;
				k->flows[0].tcp_flags = 27;
				s = back(k, p == 0 ? NULL : &mended);
				want = icmp_kind((uint8_t)proto) < 0 ? proto
				    : v == 4                         ? PROTO_ICMP
								     : PROTO_ICMP6;
				assert_int_equal(s->key.proto, want);
				assert_int_equal(s->key.src_port,
				    proto_has_ports((uint8_t)proto) ? 1 : 0);
				assert_memory_equal(s->key.src_ip, k->s.key.src_ip, 16);
				if (p == 0)
					assert_int_equal(s->flows[0].tcp_flags,
					    proto == PROTO_TCP ? 27 : 0);
			}
			finish(k);
		}
	free(k);
}

/* What header_parse makes of p as a capture has it. */
static struct packet
captured(const struct packet *p)
{
	uint8_t whole[256 + HEADER_MAX] = {0};
	enum header_skip why;
	struct packet got;

	assert_in_range(p->ip_len, 40, 256);
	header_build(whole, p, 0, 0);
	if (!header_parse(whole, p->ip_len, p->ip_len, &got, &why))
		fail_msg("protocol %d: %s", p->key.proto, header_skip_name(why));
	return got;
}

/* A packet of IPv6 whose protocol were an extension header could not be read from a
 * capture; flows keep such a protocol, as exporters tell it. */
static void
test_no_extension(void **state)
{
	const struct series *s;
	struct case_of *k = xmalloc(sizeof *k);
	struct packet p;
	unsigned proto, mended, want;
	size_t i;

	(void)state;
	for (i = 0; i < 2 * LEN(profiles); i++) {
		start(k, profiles[i / 2], i % 2, 0);
		set_v6(k);
		for (proto = 0; proto < 256; proto++) {
			k->s.key.proto = (uint8_t)proto;
			s = back(k, &mended);
			want = proto == PROTO_ICMP ? PROTO_ICMP6 : proto;
			if (i % 2 == 0 && header_is_extension((uint8_t)proto))
				want = PROTO_NO_NEXT;
			assert_int_equal(s->key.proto, want);
			assert_memory_equal(s->key.src_ip, k->s.key.src_ip, 16);
			if (i % 2 != 0)
				continue;
			p = captured(&s->packets[0]);
			assert_int_equal(tuple_cmp(&p.key, &s->key), 0);
		}
		finish(k);
	}
	free(k);
}

static size_t
attribute_at(const struct tensor_schema *t, const char *name)
{
	size_t at = 0;
	int i;

	for (i = 0; i < t->n_attr && strcmp(t->attr[i].name, name) != 0; i++)
		at += t->attr[i].bytes;
	assert_true(i < t->n_attr);
	return at;
}

/* Nor is it drawn: the masks leave these protocols to IPv4. */
static void
test_extension_masked(void **state)
{
	struct case_of *k = xmalloc(sizeof *k);
	const struct tensor_mask *broken;
	unsigned proto, mended;
	bool v4_alone;
	size_t at;

	(void)state;
	start(k, "symbol", false, 0);
	at = attribute_at(codec_schema(k->c), "ip_version");
	for (proto = 0; proto < 256; proto++) {
		k->s.key.proto = (uint8_t)proto;
		if (proto == PROTO_ICMP6)
			continue;
		back(k, &mended);
		assert_int_equal(k->rec.p[at], 0);
		k->rec.p[at] = 1;
		broken = tensor_masks_broken(codec_masks(k->c), codec_schema(k->c),
		    k->rec.p, 1);
		v4_alone = broken != NULL &&
		    strcmp(tensor_field_at(codec_schema(k->c), broken->of)->name,
			"ip_version") == 0;
		assert_int_equal(v4_alone,
		    proto == PROTO_ICMP || header_is_extension((uint8_t)proto));
	}
	finish(k);
	free(k);
}

/* Each value of the fields of a packet, all others being plain. */
static void
test_packet_fields_back(void **state)
{
	const struct series *s;
	struct case_of *k = xmalloc(sizeof *k);
	struct packet *q = &k->packets[0];
	uint32_t v;
	size_t p;

	(void)state;
	for (p = 0; p < LEN(profiles); p++) {
		start(k, profiles[p], false, 0);
		k->s.key.proto = PROTO_TCP;
		for (v = 40; v <= 65535; v++) {
			q->ip_len = v;
			q->ip_id = v;
			q->ttl = (uint8_t)v;
			q->tos = (uint8_t)(v / 3);
			q->tcp_flags = (uint16_t)(v % 512);
			q->ip_flags = (uint8_t)(v & 6);
			s = back(k, NULL);
			assert_int_equal(s->packets[0].ip_len, v);
			assert_int_equal(s->packets[0].ip_id, v);
			assert_int_equal(s->packets[0].ttl, q->ttl);
			assert_int_equal(s->packets[0].tos, q->tos);
			assert_int_equal(s->packets[0].tcp_flags, q->tcp_flags);
			assert_int_equal(s->packets[0].ip_flags, q->ip_flags);
		}
		finish(k);
	}
	free(k);
}

/* Fragments from all offsets, of a protocol without ports. */
static void
test_fragments_back(void **state)
{
	const struct series *s;
	struct case_of *k = xmalloc(sizeof *k);
	struct packet *q = &k->packets[0];
	uint32_t v;

	(void)state;
	start(k, "symbol", false, 0);
	k->s.key.proto = 47;
	q->ip_flags = 1;
	for (v = 0; v < 8192; v++) {
		q->frag_off = (uint16_t)v;
		q->ip_len = v < 8190 ? 28 : 21;
		q->ip_flags = v < 8190;
		s = back(k, v < 8190 ? NULL : &(unsigned){0});
		if (v < 8190)
			assert_int_equal(s->packets[0].frag_off, v);
	}
	finish(k);
	free(k);
}

/* Types and codes: those that are not assigned, too, in the profile symbol; packets of
 * other protocols have none. */
static void
check_icmp(struct case_of *k, bool is_symbol, bool v6)
{
	uint64_t pair[PUBLIC_ICMP_MAX];
	uint8_t kinds[PUBLIC_ICMP_MAX];
	size_t n = public_icmp(pair, kinds), i;
	struct packet *q = &k->packets[0];
	const struct series *s;
	unsigned v, of;

	k->s.key.proto = v6 ? PROTO_ICMP6 : PROTO_ICMP;
	q->ip_len = 1280;
	for (v = 0; v < 65536; v += v % 256 == 20 ? 236 : 1) {
		q->icmp_type = (uint8_t)(v >> 8);
		q->icmp_code = (uint8_t)v;
		for (i = 0, of = 0; i < n; i++)
			if (pair[i] == icmp_value(q->icmp_type, q->icmp_code))
				of = kinds[i];
		/* lengths of neighbour discovery are mended */
		s = back(k, &(unsigned){0});
		if ((of >> v6 & 1) || (of == 0 && is_symbol))
			assert_int_equal(s->packets[0].icmp_type << 8 |
				s->packets[0].icmp_code,
			    v);
	}
}

static void
test_icmp_back(void **state)
{
	struct case_of *k = xmalloc(sizeof *k);
	const struct series *s;
	size_t p;

	(void)state;
	for (p = 0; p < LEN(profiles); p++) {
		start(k, profiles[p], false, 0);
		s = back(k, NULL);
		assert_int_equal(s->packets[0].icmp_type | s->packets[0].icmp_code, 0);
		check_icmp(k, p == 0, false);
		set_v6(k);
		check_icmp(k, p == 0, true);
		finish(k);
	}
	free(k);
}

static double
off(uint64_t a, uint64_t b)
{
	return ((double)a - (double)b) / ((double)b + 1);
}

/* Counts and times: exact or next to it, up to their greatest, which stands for all
 * beyond. */
static void
test_amounts_back(void **state)
{
	struct case_of *k = xmalloc(sizeof *k);
	const struct series *s;
	struct flow *f = &k->flows[0];
	uint64_t want;
	size_t p;
	unsigned mended; /* one packet that lasts, in the other profile */
	int bit, add;

	(void)state;
	for (p = 0; p < LEN(profiles); p++) {
		start(k, profiles[p], true, 0);
		for (bit = 0; bit < 64; bit++)
			for (add = -1; add <= 1; add++) {
				f->n_pkts = (UINT64_C(1) << bit) + (uint64_t)add;
				f->n_bytes = f->n_pkts > UINT64_MAX / 100
				    ? UINT64_MAX
				    : f->n_pkts * 100;
				f->dur_ns = f->n_pkts > INT64_MAX ? INT64_MAX
								  : (int64_t)f->n_pkts;
				s = back(k, p == 0 ? NULL : &mended);
				want = f->n_pkts < PUBLIC_PKTS_MAX ? f->n_pkts
								   : PUBLIC_PKTS_MAX;
				assert_true(off(s->flows[0].n_pkts, want) < 1e-5);
				assert_true(off(s->flows[0].n_pkts, want) > -1e-5);
				want = f->n_bytes < PUBLIC_BYTES_MAX ? f->n_bytes
								     : PUBLIC_BYTES_MAX;
				assert_true(off(s->flows[0].n_bytes, want) < 1e-5);
				assert_true(off(s->flows[0].n_bytes, want) > -1e-5);
				want = f->n_pkts == 1 ? 0 : (uint64_t)f->dur_ns;
				if (want >= PUBLIC_TIME_MAX * PUBLIC_CLOCK_NS)
					want = PUBLIC_TIME_MAX * PUBLIC_CLOCK_NS;
				if (p == 0 && want > 0 && want < PUBLIC_CLOCK_NS)
					want = PUBLIC_CLOCK_NS;
				assert_true(
				    off((uint64_t)s->flows[0].dur_ns, want) < 1e-3 ||
				    s->flows[0].dur_ns - (int64_t)want < 1000);
				assert_true(
				    off((uint64_t)s->flows[0].dur_ns, want) > -1e-3 ||
				    (int64_t)want - s->flows[0].dur_ns < 1000);
			}
		finish(k);
	}
	free(k);
}

/* Gaps on another clock than microseconds: what they are rounded by does not add up. */
static void
test_times_back(void **state)
{
	struct case_of *k = xmalloc(sizeof *k);
	const struct series *s;
	uint32_t i;
	int64_t d;

	(void)state;
	start(k, "symbol", false, 0);
	k->s.n = STEPS;
	for (i = 1; i < STEPS; i++) {
		k->packets[i] = k->packets[0];
		k->packets[i].t_ns = k->packets[i - 1].t_ns + 333 + 777 * (i % 3);
	}
	s = back(k, NULL);
	for (i = 0; i < STEPS; i++) {
		d = s->packets[i].t_ns - k->packets[i].t_ns;
		assert_true(d <= 1000 && d >= -1000);
		assert_int_equal(s->packets[i].t_ns % 1000, 0);
	}
	/* the first and the last nanosecond of the window */
	k->s.n = 2;
	k->packets[0].t_ns = windows[0].t0_ns;
	k->packets[1].t_ns = windows[0].t0_ns + windows[0].len_ns - 1;
	s = back(k, &(unsigned){0});
	assert_true(s->packets[0].t_ns - windows[0].t0_ns < 1000);
	finish(k);
	free(k);
}

/* Texts that are public, and all others as the empty one. */
static void
test_labels_back(void **state)
{
	static const char *const say[] = {"good", "bad", "secret", ""};
	static const char *const want[] = {"good", "bad", "", ""};
	struct case_of *k = xmalloc(sizeof *k);
	const struct series *s;
	size_t p, i;

	(void)state;
	for (p = 0; p < LEN(profiles); p++) {
		start(k, profiles[p], true, 0);
		for (i = 0; i < LEN(say); i++) {
			k->flows[0].type = (uint16_t)labels_intern(&k->in, say[i]);
			s = back(k, NULL);
			assert_string_equal(labels_text(&k->out, s->flows[0].type),
			    want[i]);
		}
		finish(k);
	}
	free(k);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_ports_back),
	    cmocka_unit_test(test_service_side),
	    cmocka_unit_test(test_protocols_back),
	    cmocka_unit_test(test_no_extension),
	    cmocka_unit_test(test_extension_masked),
	    cmocka_unit_test(test_packet_fields_back),
	    cmocka_unit_test(test_fragments_back),
	    cmocka_unit_test(test_icmp_back),
	    cmocka_unit_test(test_amounts_back),
	    cmocka_unit_test(test_times_back),
	    cmocka_unit_test(test_labels_back),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
