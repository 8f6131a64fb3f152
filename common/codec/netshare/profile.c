/* The profile netshare: which fields there are and what kind each is of. */
#include <assert.h>

#include "codec/netshare/impl.h"

#define U32 0xffffffffu

/* NetShare takes durations in seconds before the logarithm. */
const struct field_def field_defs[F_COUNT] = {
    [F_SRC_IP] = {"src_ip", KIND_ADDR, true, true, 0, 0, 0},
    [F_DST_IP] = {"dst_ip", KIND_ADDR, true, true, 0, 0, 0},
    [F_SRC_PORT] = {"src_port", KIND_WORD, true, true, 65535, 0, 0},
    [F_DST_PORT] = {"dst_port", KIND_WORD, true, true, 65535, 0, 0},
    [F_PROTO] = {"proto", KIND_WORD, true, true, 255, 0, 0},
    [F_IP_VERSION] = {"ip_version", KIND_VERSION, true, true, 6, 0, 0},
    [F_STARTS] = {"flow_starts", KIND_STARTS, true, true, 1, 0, 0},
    [F_CHUNKS] = {"flow_chunks", KIND_BITMAP, true, true, 0, 0, 0},
    [F_START] = {"flow_start", KIND_PLACE, true, true, 0, 0, 0},
    [F_IAT] = {"iat", KIND_GAP, true, true, INT64_MAX, 0, 0},
    [F_IP_LEN] = {"ip_len", KIND_LINEAR, true, false, U32, 0, 0},
    [F_TOS] = {"tos", KIND_RANGE, true, false, 255, 255, 0},
    [F_IP_ID] = {"ip_id", KIND_RANGE, true, false, U32, 65535, 0},
    [F_IP_FLAGS] = {"ip_flags", KIND_FLAGS, true, false, 7, 0, 0},
    [F_FRAG_OFF] = {"frag_off", KIND_RANGE, true, false, 8191, 8191, 0},
    [F_TTL] = {"ttl", KIND_RANGE, true, false, 255, 255, 0},
    [F_DUR] = {"dur_ns", KIND_COUNT, false, true, INT64_MAX, 0, 1e-9},
    [F_N_PKTS] = {"n_pkts", KIND_COUNT, false, true, UINT64_MAX, 0, 1},
    [F_N_BYTES] = {"n_bytes", KIND_COUNT, false, true, UINT64_MAX, 0, 1},
    [F_TCP_FLAGS] = {"tcp_flags", KIND_BITS, true, true, 511, 0, 0},
    [F_ICMP] = {"icmp", KIND_ICMP, true, false, 0x1ffff, 0, 0},
    [F_ICMP_TYPE] = {"icmp_type", KIND_RANGE, true, false, 255, 255, 0},
    [F_ICMP_CODE] = {"icmp_code", KIND_RANGE, true, false, 255, 255, 0},
    [F_TYPE] = {"type", KIND_TEXT, false, true, 0, 0, 0},
    [F_LABEL] = {"label", KIND_TEXT, true, true, 0, 0, 0},
};

uint64_t
series_value(const struct series *s, enum field_id id)
{
	switch (id) {
	case F_SRC_PORT:
		return s->key.src_port;
	case F_DST_PORT:
		return s->key.dst_port;
	case F_PROTO:
		return s->key.proto;
	case F_IP_VERSION:
		return tuple_is_v4(&s->key) ? 4 : 6;
	default:
		assert(id == F_STARTS);
		return s->starts;
	}
}

/* One field of n steps.  The loops are inside so that each is one of moves alone. */
static void
packet_column(const struct packet *p, uint32_t n, uint8_t proto, enum field_id id,
    uint64_t *v)
{
	uint32_t i;

	switch (id) {
	case F_IP_LEN:
		for (i = 0; i < n; i++)
			v[i] = p[i].ip_len;
		break;
	case F_TOS:
		for (i = 0; i < n; i++)
			v[i] = p[i].tos;
		break;
	case F_IP_ID:
		for (i = 0; i < n; i++)
			v[i] = p[i].ip_id;
		break;
	case F_IP_FLAGS:
		for (i = 0; i < n; i++)
			v[i] = p[i].ip_flags;
		break;
	case F_FRAG_OFF:
		for (i = 0; i < n; i++)
			v[i] = p[i].frag_off;
		break;
	case F_TTL:
		for (i = 0; i < n; i++)
			v[i] = p[i].ttl;
		break;
	case F_TCP_FLAGS:
		for (i = 0; i < n; i++)
			v[i] = p[i].tcp_flags;
		break;
	case F_ICMP:
		for (i = 0; i < n; i++)
			v[i] = icmp_kind(proto) < 0
			    ? ICMP_NONE
			    : icmp_value(p[i].icmp_type, p[i].icmp_code);
		break;
	case F_ICMP_TYPE:
		for (i = 0; i < n; i++)
			v[i] = p[i].icmp_type;
		break;
	case F_ICMP_CODE:
		for (i = 0; i < n; i++)
			v[i] = p[i].icmp_code;
		break;
	default:
		assert(id == F_LABEL);
		for (i = 0; i < n; i++)
			v[i] = p[i].label;
		break;
	}
}

static void
flow_column(const struct flow *f, uint32_t n, enum field_id id, uint64_t *v)
{
	uint32_t i;

	switch (id) {
	case F_DUR:
		for (i = 0; i < n; i++)
			v[i] = (uint64_t)f[i].dur_ns;
		break;
	case F_N_PKTS:
		for (i = 0; i < n; i++)
			v[i] = f[i].n_pkts;
		break;
	case F_N_BYTES:
		for (i = 0; i < n; i++)
			v[i] = f[i].n_bytes;
		break;
	case F_TCP_FLAGS:
		for (i = 0; i < n; i++)
			v[i] = f[i].tcp_flags;
		break;
	case F_TYPE:
		for (i = 0; i < n; i++)
			v[i] = f[i].type;
		break;
	default:
		assert(id == F_LABEL);
		for (i = 0; i < n; i++)
			v[i] = f[i].label;
		break;
	}
}

void
step_column(const struct series *s, enum field_id id, uint32_t first, uint32_t n,
    uint64_t *v)
{
	uint32_t i;

	if (id != F_IAT && s->packets != NULL) {
		packet_column(s->packets + first, n, s->key.proto, id, v);
	} else if (id != F_IAT) {
		flow_column(s->flows + first, n, id, v);
	} else {
		for (i = first; i < first + n; i++)
			v[i - first] = i == 0
			    ? 0
			    : (uint64_t)(series_time(s, i) - series_time(s, i - 1));
	}
}
