/*
 * leak_world.h: traffic of one population, split by five-tuple into what is trained on,
 * what is held out and a third part, and mixtures of the three.
 */
#ifndef TEST_LEAK_WORLD_H
#define TEST_LEAK_WORLD_H

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "data/side.h"
#include "leak/leakage.h"
#include "stream/schema.h"

enum { TRAIN, HELD, THIRD, PARTS };
enum { HOSTS = 300, SERVERS = 40, SPAN_S = 3600 };

#define START INT64_C(1500000000000000000)

struct world {
	struct tables tb;
	struct trace *t[PARTS];
	struct side s[PARTS];
};

/* Heavy-tailed, 0 .. n-1, low ones often. */
static inline uint32_t
rare(struct rng *r, uint32_t n)
{
	double v = pow(1 - rng_uniform(r), -1.2) - 1;

	return v < n ? (uint32_t)v : rng_below(r, n);
}

static inline struct tuple
draw_tuple(struct rng *r)
{
	static const uint16_t service[] = {443, 53, 80, 22, 123};
	struct tuple k = {.proto = PROTO_TCP};
	uint32_t which = rare(r, LEN(service));

	addr_from_v4(k.src_ip, 0x0a000000 + rare(r, HOSTS) * 37);
	addr_from_v4(k.dst_ip, 0xc6336400 + rare(r, SERVERS) * 1003);
	k.src_port = (uint16_t)(32768 + rng_below(r, 28000));
	k.dst_port = service[which];
	if (which == 1 || which == 4)
		k.proto = PROTO_UDP;
	return k;
}

static inline void
add_record(struct trace *t, struct tables *tb, struct rng *r, const struct tuple *k,
    int64_t at)
{
	struct packet p = {.key = *k, .t_ns = at, .ttl = 64};
	struct flow f = {.key = *k, .t_start_ns = at};

	if (t->kind == NSR_PACKET) {
		p.ip_len = rng_below(r, 3) == 0 ? 1500 : 40 + rng_below(r, 300);
		p.ip_id = rng_below(r, 65536);
		p.tcp_flags = k->proto == PROTO_TCP ? 16 : 0;
		trace_add_packet(t, tb, &p);
	} else {
		f.n_pkts = 1 + rare(r, 100000);
		f.n_bytes = f.n_pkts * (40 + rng_below(r, 1400));
		f.dur_ns = (int64_t)((double)f.n_pkts * 1e6 * rng_uniform(r));
		trace_add_flow(t, tb, &f);
	}
}

/* One flow into the part that its five-tuple hashes to. */
static inline void
add_flow(struct world *w, struct rng *r)
{
	struct tuple k = draw_tuple(r);
	struct trace *t = w->t[tuple_hash(&k) % PARTS];
	uint32_t n = 1 + rare(r, 200);
	int64_t at = START;

	at += (int64_t)(1e9 * SPAN_S * pow(rng_uniform(r), 1.3));
	for (uint32_t i = 0; i < n; i++) {
		add_record(t, &w->tb, r, &k, at);
		at += (int64_t)(-1e8 * log(1 - rng_uniform(r)));
	}
}

static inline void
world_init(struct world *w, int kind, int flows, uint64_t seed)
{
	struct rng r;

	rng_init(&r, seed, 0);
	tables_init(&w->tb);
	for (int k = 0; k < PARTS; k++)
		w->t[k] = trace_new("part", kind);
	for (int i = 0; i < flows * PARTS; i++)
		add_flow(w, &r);
	for (int k = 0; k < PARTS; k++)
		side_init(&w->s[k], w->t[k], SIDE_CAND);
}

static inline void
world_free(struct world *w)
{
	for (int k = 0; k < PARTS; k++) {
		side_free(&w->s[k]);
		trace_free(w->t[k]);
	}
	tables_free(&w->tb);
}

/* Copy one record; labels and types are not used here. */
static inline void
copy_record(struct trace *to, struct tables *tb, const struct trace *t, size_t i,
    int64_t shift)
{
	struct flow f = {.t_start_ns = t->wide[COL_TIME][i] + shift};
	struct packet p = {.t_ns = f.t_start_ns};
	struct tuple *k = to->kind == NSR_PACKET ? &p.key : &f.key;

	memcpy(k->src_ip, tb->addrs.addr[t->narrow[COL_SRC_IP][i]], 16);
	memcpy(k->dst_ip, tb->addrs.addr[t->narrow[COL_DST_IP][i]], 16);
	k->src_port = (uint16_t)t->narrow[COL_SRC_PORT][i];
	k->dst_port = (uint16_t)t->narrow[COL_DST_PORT][i];
	k->proto = (uint8_t)t->narrow[COL_PROTO][i];
	if (to->kind == NSR_PACKET) {
		p.ip_len = t->narrow[COL_IP_LEN][i];
		p.tcp_flags = t->narrow[COL_TCP_FLAGS][i] & 0xffff;
		p.ttl = (uint8_t)t->narrow[COL_TTL][i];
		trace_add_packet(to, tb, &p);
	} else {
		f.dur_ns = t->wide[COL_DUR][i];
		f.n_pkts = (uint64_t)t->wide[COL_PKTS][i];
		f.n_bytes = (uint64_t)t->wide[COL_BYTES][i];
		trace_add_flow(to, tb, &f);
	}
}

/* Add the flows of part k whose number, times 7, is below per_mille modulo 1000. */
static inline void
copy_flows(struct trace *to, struct world *w, int k, uint32_t per_mille, int64_t shift)
{
	for (size_t i = 0; i < w->t[k]->n; i++)
		if (w->s[k].f.id[i] * 7 % 1000 < per_mille)
			copy_record(to, &w->tb, w->t[k], i, shift);
}

static inline struct trace *
mixture(struct world *w, uint32_t train, uint32_t held, uint32_t third)
{
	struct trace *t = trace_new("mixture", w->t[0]->kind);

	copy_flows(t, w, TRAIN, train, 0);
	copy_flows(t, w, HELD, held, 0);
	copy_flows(t, w, THIRD, third, 0);
	return t;
}

/* overall: alarm if any value alarms, clear if any is clear. */
static inline enum leak_verdict
overall(const struct leak_detail *d)
{
	enum leak_verdict w = LEAK_UNKNOWN;

	for (int k = 0; k < LEAK_MAX; k++)
		if (d->verdict[k] > w)
			w = d->verdict[k];
	return w;
}

#endif
