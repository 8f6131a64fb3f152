#include "columns.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "stream/schema.h"

#define PKT (1u << NSR_PACKET)
#define FLW (1u << NSR_FLOW)

static const struct {
	unsigned kinds;
	bool wide;
} cols[COL_MAX] = {
    [COL_TIME] = {PKT | FLW, true},
    [COL_SRC_IP] = {PKT | FLW, false},
    [COL_DST_IP] = {PKT | FLW, false},
    [COL_SRC_PORT] = {PKT | FLW, false},
    [COL_DST_PORT] = {PKT | FLW, false},
    [COL_PROTO] = {PKT | FLW, false},
    [COL_TCP_FLAGS] = {PKT | FLW, false},
    [COL_LABEL] = {PKT | FLW, false},
    [COL_IP_LEN] = {PKT, false},
    [COL_IP_ID] = {PKT, false},
    [COL_FRAG_OFF] = {PKT, false},
    [COL_IP_FLAGS] = {PKT, false},
    [COL_TOS] = {PKT, false},
    [COL_TTL] = {PKT, false},
    [COL_ICMP] = {PKT, false},
    [COL_DUR] = {FLW, true},
    [COL_PKTS] = {FLW, true},
    [COL_BYTES] = {FLW, true},
    [COL_TYPE] = {FLW, false},
};

void
tables_init(struct tables *tb)
{
	addrs_init(&tb->addrs);
	labels_init(&tb->labels);
}

void
tables_free(struct tables *tb)
{
	addrs_free(&tb->addrs);
	labels_free(&tb->labels);
}

bool
trace_has(int kind, enum col c)
{
	return (cols[c].kinds & 1u << kind) != 0;
}

struct trace *
trace_new(const char *name, int kind)
{
	struct trace *t = xcalloc(1, sizeof *t);

	assert(kind == NSR_PACKET || kind == NSR_FLOW);
	t->name = xstrdup(name);
	t->kind = kind;
	return t;
}

void
trace_free(struct trace *t)
{
	if (t == NULL)
		return;
	for (int c = 0; c < COL_MAX; c++) {
		free(t->narrow[c]);
		free(t->wide[c]);
	}
	free(t->hash);
	guarantee_free(&t->guarantee);
	free(t->name);
	free(t);
}

static void
set_capacity(struct trace *t, size_t cap)
{
	for (int c = 0; c < COL_MAX; c++) {
		if (!trace_has(t->kind, c))
			continue;
		if (cols[c].wide)
			t->wide[c] =
			    xrealloc(t->wide[c], size_mul(cap, sizeof(int64_t)));
		else
			t->narrow[c] =
			    xrealloc(t->narrow[c], size_mul(cap, sizeof(uint32_t)));
	}
	t->hash = xrealloc(t->hash, cap);
	t->cap = cap;
}

void
trace_reserve(struct trace *t, size_t n)
{
	if (n > t->cap)
		set_capacity(t, n);
	t->n = n;
}

/* Room for one more record; returns its row. */
static size_t
next_row(struct trace *t)
{
	if (t->n == t->cap)
		set_capacity(t, t->cap < 1024 ? 1024 : size_add(t->cap, t->cap / 2));
	return t->n++;
}

static void
put_key(struct trace *t, size_t i, struct tables *tb, const struct tuple *k)
{
	t->narrow[COL_SRC_IP][i] = addrs_intern(&tb->addrs, k->src_ip);
	t->narrow[COL_DST_IP][i] = addrs_intern(&tb->addrs, k->dst_ip);
	t->narrow[COL_SRC_PORT][i] = k->src_port;
	t->narrow[COL_DST_PORT][i] = k->dst_port;
	t->narrow[COL_PROTO][i] = k->proto;
	t->hash[i] = (uint8_t)tuple_hash(k);
}

void
trace_add_packet(struct trace *t, struct tables *tb, const struct packet *p)
{
	size_t i = next_row(t);

	put_key(t, i, tb, &p->key);
	t->wide[COL_TIME][i] = p->t_ns;
	t->narrow[COL_TCP_FLAGS][i] = p->tcp_flags;
	t->narrow[COL_LABEL][i] = p->label;
	t->narrow[COL_IP_LEN][i] = p->ip_len;
	t->narrow[COL_IP_ID][i] = p->ip_id;
	t->narrow[COL_FRAG_OFF][i] = p->frag_off;
	t->narrow[COL_IP_FLAGS][i] = p->ip_flags;
	t->narrow[COL_TOS][i] = p->tos;
	t->narrow[COL_TTL][i] = p->ttl;
	t->narrow[COL_ICMP][i] = (uint32_t)p->icmp_type << 8 | p->icmp_code;
}

static int64_t
saturate(uint64_t v)
{
	return v > INT64_MAX ? INT64_MAX : (int64_t)v;
}

void
trace_add_flow(struct trace *t, struct tables *tb, const struct flow *f)
{
	size_t i = next_row(t);

	put_key(t, i, tb, &f->key);
	t->wide[COL_TIME][i] = f->t_start_ns;
	t->wide[COL_DUR][i] = f->dur_ns;
	t->wide[COL_PKTS][i] = saturate(f->n_pkts);
	t->wide[COL_BYTES][i] = saturate(f->n_bytes);
	t->narrow[COL_TCP_FLAGS][i] = f->tcp_flags;
	t->narrow[COL_LABEL][i] = f->label;
	t->narrow[COL_TYPE][i] = f->type;
}

void
trace_move(struct trace *to, const struct trace *from, enum col c, const uint32_t *rows,
    size_t n)
{
	assert(to->n >= n && to->kind == from->kind && trace_has(to->kind, c));
	if (cols[c].wide)
		for (size_t i = 0; i < n; i++)
			to->wide[c][i] = from->wide[c][rows[i]];
	else
		for (size_t i = 0; i < n; i++)
			to->narrow[c][i] = from->narrow[c][rows[i]];
}

struct trace *
trace_pick(const struct trace *t, const uint32_t *rows, size_t n)
{
	struct trace *p = trace_new(t->name, t->kind);

	trace_reserve(p, n);
	for (int c = 0; c < COL_MAX; c++)
		if (trace_has(t->kind, c))
			trace_move(p, t, c, rows, n);
	for (size_t i = 0; i < n; i++)
		p->hash[i] = t->hash[rows[i]];
	return p;
}

uint32_t *
pick_rows(size_t n, size_t k, struct rng *r)
{
	uint32_t *rows = xmalloc(size_mul(k + 1, sizeof *rows));
	size_t m = 0;

	/* selection sampling: Knuth, The Art of Computer Programming 3.4.2, algorithm S
	 */
	assert(k <= n && n <= UINT32_MAX);
	for (size_t i = 0; m < k; i++)
		if (rng_uniform(r) * (double)(n - i) < (double)(k - m))
			rows[m++] = (uint32_t)i;
	return rows;
}

struct trace *
trace_thin(const struct trace *t, size_t n, struct rng *r)
{
	uint32_t *rows = pick_rows(t->n, n, r);
	struct trace *p = trace_pick(t, rows, n);

	free(rows);
	return p;
}

/* The lowest bit of the hashes that is not the same in all records; 0 if none is. */
static int
dividing_bit(const struct trace *t)
{
	uint8_t differs = 0;

	for (size_t i = 0; i < t->n; i++)
		differs |= t->hash[i] ^ t->hash[0];
	for (int b = 0; b < 8; b++)
		if (differs >> b & 1)
			return b;
	return 0;
}

struct trace *
trace_half(const struct trace *t, int half)
{
	uint32_t *rows = xmalloc(size_mul(t->n + 1, sizeof *rows));
	struct trace *p;
	int bit = dividing_bit(t);
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++)
		if ((t->hash[i] >> bit & 1) == half)
			rows[n++] = (uint32_t)i;
	p = trace_pick(t, rows, n);
	free(rows);
	return p;
}
