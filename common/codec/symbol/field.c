/* Which fields the profile symbol has, and how to find their values in a series. */
#include <assert.h>
#include <math.h>

#include "codec/symbol/impl.h"

#define U32 0xffffffffu
#define PLACES 0x1p53

const struct sym_def sym_defs[S_COUNT] = {
    [S_STARTS] = {"flow_starts", KIND_STARTS, true, true, true, 0, 1},
    [S_ROLE] = {"role", KIND_SEEN, true, true, true, 1, ROLE_ANSWER},
    [S_LABEL] = {"label", KIND_TEXT, true, true, false, 0, 0},
    [S_TYPE] = {"type", KIND_TEXT, false, true, false, 0, 0},
    [S_PROTO] = {"proto", KIND_SEEN, true, true, true, 1, 255},
    [S_IP_VERSION] = {"ip_version", KIND_SEEN, true, true, true, 1, 6},
    [S_DIRECTION] = {"direction", KIND_SEEN, true, true, true, 1, 1},
    [S_SERVICE] = {"service", KIND_VALUES, true, true, true, 2, 65535},
    [S_SRC_IP] = {"src_ip", KIND_VALUES, true, true, true, 16, 0},
    [S_DST_IP] = {"dst_ip", KIND_VALUES, true, true, true, 16, 0},
    [S_OPENER_STEPS] = {"opener_steps", KIND_NUMBER, true, true, true, 0, U32},
    [S_CHUNKS] = {"flow_chunks", KIND_BITMAP, true, true, true, 0, 0},
    [S_START] = {"flow_start", KIND_NUMBER, true, true, true, 0, PLACE_MAX},
    [S_DELAY] = {"delay", KIND_NUMBER, true, true, true, 0, INT64_MAX},
    [S_CLIENT] = {"client", KIND_VALUES, true, true, true, 2, 65535},
    [S_TCP_FLAGS] = {"tcp_flags", KIND_VALUES, true, true, false, 2, 511},
    [S_IP_FLAGS] = {"ip_flags", KIND_SEEN, true, false, false, 1, 7},
    [S_ICMP] = {"icmp", KIND_SEEN, true, false, false, 3, 0x1ffff},
    [S_FRAG_OFF] = {"frag_off", KIND_VALUES, true, false, false, 2, 8191},
    [S_TTL] = {"ttl", KIND_VALUES, true, false, false, 1, 255},
    [S_TOS] = {"tos", KIND_VALUES, true, false, false, 1, 255},
    [S_N_PKTS] = {"n_pkts", KIND_NUMBER, false, true, false, 0, UINT64_MAX},
    [S_IP_LEN] = {"ip_len", KIND_NUMBER, true, false, false, 0, U32},
    [S_N_BYTES] = {"n_bytes", KIND_NUMBER, false, true, false, 0, UINT64_MAX},
    [S_DUR] = {"dur_ns", KIND_NUMBER, false, true, false, 0, INT64_MAX},
    [S_IAT] = {"iat", KIND_NUMBER, true, true, false, 0, INT64_MAX},
    [S_IP_ID] = {"ip_id", KIND_VALUES, true, false, false, 4, U32},
};

uint64_t
sym_place(const struct chunk_info *k, int64_t t_ns)
{
	double at = rint((double)(t_ns - k->t0_ns) / (double)k->len_ns * PLACES);

	return at >= (double)PLACE_MAX ? PLACE_MAX : (uint64_t)at;
}

double
sym_time(const struct chunk_info *k, uint64_t place)
{
	return (double)place / PLACES * (double)k->len_ns;
}

uint64_t
sym_phase(int64_t t_ns, uint64_t grid)
{
	int64_t over = t_ns % (int64_t)grid;

	return (uint64_t)(over < 0 ? over + (int64_t)grid : over);
}

struct value
sym_address(const uint8_t a[16])
{
	struct value v = {0, 0};
	int i;

	for (i = 0; i < 8; i++) {
		v.hi = v.hi << 8 | a[i];
		v.lo = v.lo << 8 | a[i + 8];
	}
	return v;
}

void
sym_address_bytes(uint8_t a[16], struct value v)
{
	int i;

	for (i = 0; i < 16; i++)
		a[i] = octet_of(v, 16, i);
}

struct value
sym_attr(const struct ports *p, const struct series *s, int id)
{
	const struct tuple *k = &s->key;
	bool from_src = false;

	if (id == S_DIRECTION || id == S_SERVICE || id == S_CLIENT)
		from_src = ports_service_is_src(p, k->src_port, k->dst_port);
	switch (id) {
	case S_ROLE:
		return (struct value){0, s->role};
	case S_PROTO:
		return (struct value){0, k->proto};
	case S_IP_VERSION:
		return (struct value){0, tuple_is_v4(k) ? 4 : 6};
	case S_DIRECTION:
		return (struct value){0, from_src};
	case S_SERVICE:
		return (struct value){0, from_src ? k->src_port : k->dst_port};
	case S_CLIENT:
		return (struct value){0, from_src ? k->dst_port : k->src_port};
	case S_SRC_IP:
		return sym_address(k->src_ip);
	default:
		assert(id == S_DST_IP);
		return sym_address(k->dst_ip);
	}
}

static uint64_t
packet_value(const struct packet *p, uint8_t proto, int id)
{
	switch (id) {
	case S_TCP_FLAGS:
		return p->tcp_flags;
	case S_IP_FLAGS:
		return p->ip_flags;
	case S_ICMP:
		return icmp_kind(proto) < 0 ? ICMP_NONE
					    : icmp_value(p->icmp_type, p->icmp_code);
	case S_FRAG_OFF:
		return p->frag_off;
	case S_TTL:
		return p->ttl;
	case S_TOS:
		return p->tos;
	case S_IP_LEN:
		return p->ip_len;
	default:
		assert(id == S_LABEL);
		return p->label;
	}
}

static uint64_t
flow_value(const struct flow *f, int id)
{
	switch (id) {
	case S_TCP_FLAGS:
		return f->tcp_flags;
	case S_N_PKTS:
		return f->n_pkts;
	case S_N_BYTES:
		return f->n_bytes;
	case S_DUR:
		return (uint64_t)f->dur_ns;
	case S_TYPE:
		return f->type;
	default:
		assert(id == S_LABEL);
		return f->label;
	}
}

uint64_t
sym_step(const struct series *s, int id, uint32_t i)
{
	if (id == S_IAT)
		return i == 0 ? 0
			      : (uint64_t)(series_time(s, i) - series_time(s, i - 1));
	if (id == S_IP_ID)
		return (s->packets[i].ip_id - (i == 0 ? 0 : s->packets[i - 1].ip_id)) &
		    0xffff;
	return s->packets != NULL ? packet_value(&s->packets[i], s->key.proto, id)
				  : flow_value(&s->flows[i], id);
}
