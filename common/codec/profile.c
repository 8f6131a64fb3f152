/* The profile netshare: which fields there are and what kind each is of. */
#include <assert.h>

#include "codec/impl.h"

#define U32 0xffffffffu

const struct field_def *
field_def(enum field_id id)
{
	/* NetShare takes durations in seconds before the logarithm */
	static const struct field_def defs[F_COUNT] = {
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

	assert(id < F_COUNT);
	return &defs[id];
}

bool
field_has_texts(enum field_id id)
{
	return field_def(id)->kind == KIND_TEXT;
}

bool
field_is_bytes(enum field_id id)
{
	return field_def(id)->kind == KIND_ADDR || field_def(id)->kind == KIND_BITMAP;
}

bool
field_of(const struct codec *c, int id)
{
	return c->of_flows ? field_def((enum field_id)id)->in_flows
			   : field_def((enum field_id)id)->in_packets;
}

int
icmp_kind(uint8_t proto)
{
	return proto == PROTO_ICMP ? 0 : proto == PROTO_ICMP6 ? 1 : -1;
}

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

static uint64_t
packet_value(const struct packet *p, uint8_t proto, enum field_id id)
{
	switch (id) {
	case F_IP_LEN:
		return p->ip_len;
	case F_TOS:
		return p->tos;
	case F_IP_ID:
		return p->ip_id;
	case F_IP_FLAGS:
		return p->ip_flags;
	case F_FRAG_OFF:
		return p->frag_off;
	case F_TTL:
		return p->ttl;
	case F_TCP_FLAGS:
		return p->tcp_flags;
	case F_ICMP:
		return icmp_kind(proto) < 0 ? ICMP_NONE
					    : icmp_value(p->icmp_type, p->icmp_code);
	case F_ICMP_TYPE:
		return p->icmp_type;
	case F_ICMP_CODE:
		return p->icmp_code;
	default:
		assert(id == F_LABEL);
		return p->label;
	}
}

static uint64_t
flow_value(const struct flow *f, enum field_id id)
{
	switch (id) {
	case F_DUR:
		return (uint64_t)f->dur_ns;
	case F_N_PKTS:
		return f->n_pkts;
	case F_N_BYTES:
		return f->n_bytes;
	case F_TCP_FLAGS:
		return f->tcp_flags;
	case F_TYPE:
		return f->type;
	default:
		assert(id == F_LABEL);
		return f->label;
	}
}

uint64_t
step_value(const struct series *s, uint32_t i, enum field_id id)
{
	if (id == F_IAT)
		return i == 0 ? 0
			      : (uint64_t)(series_time(s, i) - series_time(s, i - 1));
	return s->packets != NULL ? packet_value(&s->packets[i], s->key.proto, id)
				  : flow_value(&s->flows[i], id);
}
