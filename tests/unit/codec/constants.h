/* constants.h: a series there and back by codecs of public constants. */
#ifndef TEST_CONSTANTS_H
#define TEST_CONSTANTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "codec/codec.h"
#include "codec/shared/impl.h"
#include "codec/shared/public.h"
#include "codec/symbol/impl.h"

#define STEPS 64
#define SECOND INT64_C(1000000000)

static const struct chunk_info windows[2] = {
    {.index = 0,
	.count = 2,
	.t0_ns = INT64_C(1700000000) * SECOND + 7,
	.len_ns = 3600 * SECOND},
    {.index = 1,
	.count = 2,
	.t0_ns = INT64_C(1700003600) * SECOND + 7,
	.len_ns = 3600 * SECOND},
};

/* One series and what it is encoded with. */
struct case_of {
	struct codec *c;
	struct series s;
	struct packet packets[STEPS];
	struct flow flows[STEPS];
	struct labels in, out;
	struct buf rec;
};

static struct codec *
constants(const char *profile, bool of_flows, int ip, const char *labels)
{
	const struct codec_config f = {.profile = profile,
	    .ip_version = ip,
	    .labels = labels};
	struct ns_err e;
	struct codec *c = codec_constants(&f, of_flows, 2, &e);

	assert_non_null(c);
	codec_clamp(c);
	return c;
}

static void
start(struct case_of *k, const char *profile, bool of_flows, int ip)
{
	memset(k, 0, sizeof *k);
	k->c = constants(profile, of_flows, ip, "bad,good");
	labels_init(&k->in);
	labels_init(&k->out);
	k->s.n = 1;
	k->s.starts = true;
	k->s.tags[0] = 1;
	k->s.packets = of_flows ? NULL : k->packets;
	k->s.flows = of_flows ? k->flows : NULL;
	k->packets[0].t_ns = k->flows[0].t_start_ns = windows[0].t0_ns + 5 * SECOND;
	k->packets[0].ip_len = 60;
	k->packets[0].ttl = 64;
	k->flows[0].n_pkts = 2;
	k->flows[0].n_bytes = 200;
	k->flows[0].dur_ns = SECOND;
	addr_from_v4(k->s.key.src_ip, 0x0a000001);
	addr_from_v4(k->s.key.dst_ip, 0xc0a80102);
	k->s.key.proto = PROTO_UDP;
}

static void
finish(struct case_of *k)
{
	codec_free(k->c);
	labels_free(&k->in);
	labels_free(&k->out);
	buf_free(&k->rec);
}

static void
set_v6(struct case_of *k)
{
	static const uint8_t prefix[4] = {0x20, 0x01, 0x0d, 0xb8};

	memset(k->s.key.src_ip, 0, 16);
	memcpy(k->s.key.src_ip, prefix, sizeof prefix);
	memcpy(k->s.key.dst_ip, k->s.key.src_ip, 16);
	k->s.key.dst_ip[15] = 9;
}

/* There and back: never an error, a valid record that keeps the masks, and none of the
 * decoder's repairs. */
static const struct series *
back(struct case_of *k, unsigned *mended)
{
	struct codec_mends m = {0};
	const struct series *s;
	struct ns_err e;
	uint32_t n;

	if (codec_encode(k->c, &k->s, &windows[0], &k->in, &k->rec, &e) < 0)
		fail_msg("encode: %s", e.msg);
	assert_true(
	    tensor_check(codec_schema(k->c), k->rec.p, k->rec.len, &n, &e) >= 0);
	assert_null(tensor_masks_broken(codec_masks(k->c), codec_schema(k->c), k->rec.p,
	    k->s.n));
	if (codec_decode(k->c, k->rec.p, k->rec.len, &windows[0], &k->out, &s, &m, &e) <
	    0)
		fail_msg("decode: %s", e.msg);
	assert_int_equal(s->n, k->s.n);
	if (mended != NULL)
		*mended = (unsigned)(m.clamped + m.fitted);
	else
		assert_int_equal(m.clamped + m.fitted, 0);
	return s;
}

static const char *const profiles[] = {"symbol", "netshare"};

#endif
