/*
 * What codecs that clamp say of series that may hold anything, cells of public numbers,
 * and such codecs reloaded.  Caught: an error for a value, a record that breaks a mask,
 * a fitted codec that refuses though it clamps or does not though it should, cells that
 * are wide where they are to be narrow or leave gaps, a codec that a reload changes or
 * that does not say that it is public.
 */
#include <unistd.h>

#include "base/io.h"
#include "base/rng.h"
#include "constants.h"

/* What the codec was told there is none of. */
static void
test_versions_clamped(void **state)
{
	struct case_of *k = xmalloc(sizeof *k);
	const struct series *s;
	size_t p;

	(void)state;
	for (p = 0; p < LEN(profiles); p++) {
		start(k, profiles[p], false, 4);
		set_v6(k);
		s = back(k, NULL);
		assert_true(tuple_is_v4(&s->key));
		assert_int_equal(addr_to_v4(s->key.dst_ip), 9);
		finish(k);
		start(k, profiles[p], false, 6);
		s = back(k, NULL);
		assert_false(addr_is_v4(s->key.src_ip));
		assert_memory_equal(s->key.src_ip + 12, k->s.key.src_ip + 12, 4);
		finish(k);
	}
	free(k);
}

/* A packet that may be anything, as no capture has it. */
static void
any_packet(struct packet *p, struct rng *r, int64_t t_ns, bool icmp)
{
	*p = (struct packet){.t_ns = t_ns,
	    .ip_len = rng_below(r, 2) ? rng_below(r, 70000) : rng_u32(r),
	    .ip_id = rng_below(r, 2) ? rng_below(r, 65536) : rng_u32(r),
	    .frag_off = (uint16_t)(rng_below(r, 3) ? 0 : rng_below(r, 8192)),
	    .tcp_flags = (uint16_t)rng_below(r, 512),
	    .ip_flags = (uint8_t)rng_below(r, 8),
	    .tos = (uint8_t)rng_below(r, 256),
	    .ttl = (uint8_t)rng_below(r, 256)};
	if (!icmp)
		return;
	p->icmp_type = (uint8_t)rng_below(r, 256);
	p->icmp_code = (uint8_t)rng_below(r, 256);
}

static void
any_series(struct case_of *k, struct rng *r)
{
	int64_t t = windows[0].t0_ns;
	bool icmp, v6 = rng_below(r, 2);
	uint32_t i;

	for (i = 0; i < 16 && v6; i++) {
		k->s.key.src_ip[i] = (uint8_t)(i == 0 ? 0x20 : rng_below(r, 256));
		k->s.key.dst_ip[i] = (uint8_t)(i == 0 ? 0x20 : rng_below(r, 256));
	}
	if (!v6) {
		addr_from_v4(k->s.key.src_ip, rng_u32(r));
		addr_from_v4(k->s.key.dst_ip, rng_u32(r));
	}
	k->s.key.proto =
	    (uint8_t)(rng_below(r, 2) ? rng_below(r, 256) : 6 + 11 * rng_below(r, 2));
	if (rng_below(r, 4) == 0)
		k->s.key.proto = rng_below(r, 2) ? PROTO_ICMP : PROTO_ICMP6;
	icmp = icmp_kind(k->s.key.proto) >= 0;
	k->s.key.src_port = (uint16_t)rng_below(r, 65536);
	k->s.key.dst_port = (uint16_t)rng_below(r, 65536);
	k->s.n = 1 + rng_below(r, STEPS);
	k->s.role = (uint8_t)rng_below(r, 3);
	k->s.starts = rng_below(r, 2);
	k->s.opener_steps = k->s.role == ROLE_ANSWER ? rng_u32(r) : 0;
	k->s.delay_ns = k->s.role == ROLE_ANSWER ? (int64_t)rng_u32(r) << 31 : 0;
	for (i = 0; i < k->s.n; i++) {
		t += (int64_t)rng_below(r, 1u << 30);
		any_packet(&k->packets[i], r, t, icmp);
		k->flows[i] = (struct flow){.t_start_ns = t,
		    .n_pkts = (uint64_t)rng_u32(r) << rng_below(r, 33),
		    .n_bytes = (uint64_t)rng_u32(r) << rng_below(r, 33),
		    .dur_ns = (int64_t)rng_u32(r) << rng_below(r, 31),
		    .tcp_flags = (uint16_t)rng_below(r, 512),
		    .type = (uint16_t)rng_below(r, 3)};
	}
}

/* Whatever a series holds is encoded and keeps all masks, which back asserts. */
static void
test_anything(void **state)
{
	struct case_of *k = xmalloc(sizeof *k);
	struct rng r;
	size_t p;
	int ip, flows, i;

	(void)state;
	rng_init(&r, 1, 0);
	for (p = 0; p < LEN(profiles); p++)
		for (ip = 0; ip <= 6; ip += ip == 0 ? 4 : 2)
			for (flows = 0; flows < 2; flows++) {
				start(k, profiles[p], flows, ip);
				labels_intern(&k->in, "bad");
				labels_intern(&k->in, "none such");
				for (i = 0; i < 300; i++) {
					any_series(k, &r);
					back(k, &(unsigned){0});
				}
				finish(k);
			}
	free(k);
}

/* A codec that was fitted to a small public trace, clamped, says something of any
 * series, too; without, it refuses. */
static void
test_fitted_clamped(void **state)
{
	struct case_of *k = xmalloc(sizeof *k);
	struct codec *c;
	struct ns_err e;
	struct rng r;
	size_t p;
	int flows, i, many, refused = 0;

	(void)state;
	rng_init(&r, 2, 0);
	for (p = 0; p < LEN(profiles); p++)
		for (flows = 0; flows < 2; flows++)
			for (many = 0; many < 2; many++) {
				const struct codec_config f = {.profile = profiles[p],
				    .min_count = 1};

				start(k, profiles[p], flows, 0);
				c = codec_new(&f, flows, 2, &e);
				for (i = 0; i < 1 + 40 * many; i++) {
					k->s.key.src_port = (uint16_t)(i * i);
					k->packets[0].ip_len = 60 + (uint32_t)i;
					k->flows[0].n_bytes = 100 + (uint64_t)(i * i);
					assert_int_equal(codec_fit_series(c, &k->s,
							     &windows[0], &k->in, &e),
					    NS_OK);
				}
				assert_int_equal(codec_fit_end(c, NULL, &e), NS_OK);
				codec_free(k->c);
				k->c = c;
				any_series(k, &r);
				refused += codec_encode(c, &k->s, &windows[0], &k->in,
					       &k->rec, &e) == NS_EKIND;
				codec_clamp(c);
				for (i = 0; i < 200; i++) {
					any_series(k, &r);
					back(k, &(unsigned){0});
				}
				finish(k);
			}
	assert_int_equal(refused, 8);
	free(k);
}

/* As near as a float tells places of a wide cell apart. */
static void
near_by(uint64_t got, uint64_t want, uint64_t unit)
{
	double d = (double)got - (double)want;

	assert_true((d < 0 ? -d : d) <= (double)unit + (double)want * 0x1p-22);
}

/* Cells of a number: one behind the other from 0 up to the last, each its own symbol's,
 * and narrow. */
static void
check_cells(const struct number *x, uint64_t last, uint64_t exact, double wide)
{
	uint64_t v = 0, lo, hi, end;
	uint32_t symbol, at;
	float pos;

	assert_true(x->n <= SYMBOLS_MAX);
	while (v <= last) {
		assert_true(number_encode(x, v * x->unit, &symbol, &pos));
		near_by(number_decode(x, symbol, pos), v * x->unit, x->unit);
		number_bounds(x, symbol, &lo, &hi);
		assert_true(lo <= v * x->unit && v * x->unit <= hi);
		assert_true(v > exact || lo == hi);
		assert_true((double)(hi - lo) <= wide * (double)lo);
		end = hi / x->unit;
		assert_true(number_encode(x, end * x->unit, &at, &pos));
		v = x->cell[symbol].exact ? v + 1 : end + 1;
	}
	assert_false(number_encode(x, (last + 1) * x->unit, &symbol, &pos));
	number_nearest(x, UINT64_MAX, &symbol, &pos);
	near_by(number_decode(x, symbol, pos), last * x->unit, x->unit);
}

static void
test_cells(void **state)
{
	static const uint64_t exact[] = {20, 64, 576, 1280, 1420, 1500};
	struct codec *p = constants("symbol", false, 0, NULL);
	struct codec *f = constants("symbol", true, 0, NULL);
	const struct number *len = &p->sym->f[S_IP_LEN].number;
	uint64_t lo, hi, v;
	uint32_t symbol;
	float pos;
	size_t i;

	(void)state;
	check_cells(&f->sym->f[S_N_PKTS].number, PUBLIC_PKTS_MAX, 64, .51);
	check_cells(&f->sym->f[S_DUR].number, PUBLIC_TIME_MAX - 1, 15, 1.01);
	check_cells(&p->sym->f[S_IAT].number, PUBLIC_TIME_MAX - 1, 15, 1.01);
	check_cells(&p->sym->f[S_DELAY].number, PUBLIC_TIME_MAX - 1, 15, 1.01);
	for (i = 0; i < LEN(exact); i++) {
		assert_true(number_encode(len, exact[i], &symbol, &pos));
		assert_true(len->cell[symbol].exact);
	}
	for (v = 0; v < 65576; v++) {
		assert_true(number_encode(len, v, &symbol, &pos));
		assert_int_equal(number_decode(len, symbol, pos), v);
	}
	/* below an hour, an eighth */
	for (v = 16; v < UINT64_C(1) << 32; v = hi / 1000 + 1) {
		assert_true(
		    number_encode(&p->sym->f[S_IAT].number, v * 1000, &symbol, &pos));
		number_bounds(&p->sym->f[S_IAT].number, symbol, &lo, &hi);
		assert_int_equal(lo, v * 1000);
		assert_true(hi - lo <= lo / 8);
	}
	assert_int_equal(p->sym->f[S_START].number.n, 256);
	codec_free(p);
	codec_free(f);
}

/* The codec as a stream carries it is the same, says that it is public, and differs
 * from all others by what it was asked for alone. */
static struct codec *
reloaded(const struct codec *c)
{
	const char *dir = getenv("TMPDIR");
	const struct tool tool = {.name = "test", .cmdline = ""};
	struct nsr_schema s;
	struct nsr_reader *r;
	struct nsr_writer *w;
	struct codec *got;
	struct out *o;
	struct ns_err e = {0};
	char path[4096];

	snprintf(path, sizeof path, "%s/constants-%d", dir != NULL ? dir : "/tmp",
	    (int)getpid());
	assert_non_null(o = out_open(path, true, &e));
	w = nsr_writer_new(o, 3);
	tensor_schema_to_nsr(codec_schema(c), &s);
	assert_int_equal(nsr_begin(w, &s, &e), NS_OK);
	assert_int_equal(codec_put(c, w, &e), NS_OK);
	assert_int_equal(nsr_put_prov(w, &tool, NULL, NULL, &e), NS_OK);
	assert_int_equal(nsr_end(w, &e), NS_OK);
	nsr_writer_free(w);
	assert_int_equal(out_commit(o, &e), NS_OK);
	r = nsr_reader_new(in_open(path, &e), path);
	assert_int_equal(nsr_stream(r, &e), 1);
	got = codec_load(r, &e);
	if (got == NULL)
		fail_msg("load: %s", e.msg);
	assert_true(nsr_dict(r, "codec").is_public);
	nsr_reader_free(r);
	unlink(path);
	return got;
}

static void
test_reload(void **state)
{
	static const char *const labels[] = {NULL, "a,b", "b,a,b", "a"};
	uint32_t hash[2][2][3][4];
	struct codec *c, *got;
	size_t p, f, ip, l;

	(void)state;
	for (p = 0; p < 2; p++)
		for (f = 0; f < 2; f++)
			for (ip = 0; ip < 3; ip++)
				for (l = 0; l < 4; l++) {
					c = constants(profiles[p], f,
					    (int)(ip > 0 ? 2 + 2 * ip : 0), labels[l]);
					got = reloaded(c);
					assert_true(codec_is_public(got));
					hash[p][f][ip][l] = codec_hash(c);
					assert_int_equal(codec_hash(got),
					    codec_hash(c));
					assert_int_equal(codec_masks(got)->n,
					    codec_masks(c)->n);
					codec_free(got);
					codec_free(c);
				}
	assert_int_equal(hash[0][0][0][1], hash[0][0][0][2]);
	assert_int_not_equal(hash[0][0][0][0], hash[0][0][0][1]);
	assert_int_not_equal(hash[0][0][0][0], hash[0][0][1][0]);
	assert_int_not_equal(hash[0][0][0][0], hash[0][1][0][0]);
	assert_int_not_equal(hash[0][0][0][0], hash[1][0][0][0]);
}

static void
test_bad_labels(void **state)
{
	struct codec_config f = {.profile = "symbol"};
	char many[2048] = "x", longer[300];
	struct ns_err e;
	int i;

	(void)state;
	memset(longer, 'x', sizeof longer - 1);
	longer[sizeof longer - 1] = '\0';
	for (i = 0; i < 256; i++)
		snprintf(many + strlen(many), 8, ",%d", i);
	f.labels = many;
	assert_null(codec_constants(&f, true, 1, &e));
	assert_int_equal(e.code, NS_EUSAGE);
	f.labels = longer;
	assert_null(codec_constants(&f, true, 1, &e));
	assert_int_equal(e.code, NS_EUSAGE);
	f.labels = "a\nb";
	assert_null(codec_constants(&f, false, 1, &e));
	assert_int_equal(e.code, NS_EUSAGE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_versions_clamped),
	    cmocka_unit_test(test_anything),
	    cmocka_unit_test(test_fitted_clamped),
	    cmocka_unit_test(test_cells),
	    cmocka_unit_test(test_reload),
	    cmocka_unit_test(test_bad_labels),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
