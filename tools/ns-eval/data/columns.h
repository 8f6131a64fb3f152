/*
 * columns.h: a trace in memory, column by column: 64 bytes and a bit a record.
 * Addresses and labels are numbers of tables that all traces of a run share, so equal
 * numbers mean equal values.
 */
#ifndef EVAL_COLUMNS_H
#define EVAL_COLUMNS_H

#include <stddef.h>
#include <stdint.h>

#include "addrs.h"
#include "base/err.h"
#include "base/rng.h"
#include "stream/guarantee.h"
#include "trace/record.h"

enum col {
	COL_TIME, /* start of the packet or flow record, ns */
	COL_SRC_IP,
	COL_DST_IP,
	COL_SRC_PORT,
	COL_DST_PORT,
	COL_PROTO,
	COL_TCP_FLAGS,
	COL_LABEL,
	COL_IP_LEN, /* packets from here */
	COL_IP_ID,
	COL_FRAG_OFF,
	COL_IP_FLAGS,
	COL_TOS,
	COL_TTL,
	COL_ICMP, /* type * 256 + code */
	COL_DUR,  /* flows from here; ns */
	COL_PKTS,
	COL_BYTES,
	COL_TYPE,
	COL_MAX
};

/* The tables that the traces of a run share. */
struct tables {
	struct addrs addrs;
	struct labels labels;
};

struct trace {
	char *name; /* as given on the command line */
	int kind;   /* NSR_PACKET or NSR_FLOW */
	size_t n, cap;
	uint32_t *narrow[COL_MAX]; /* one of the two for each column of the kind */
	int64_t *wide[COL_MAX];
	uint8_t *hash;              /* low bits of the hash of the five-tuple */
	struct guarantee guarantee; /* what its streams say of their privacy */
};

void tables_init(struct tables *tb);
void tables_free(struct tables *tb);

/* trace_new: empty; name is copied.  trace_free: NULL is allowed. */
struct trace *trace_new(const char *name, int kind);
void trace_free(struct trace *t);

/* trace_has: whether traces of the kind have the column. */
bool trace_has(int kind, enum col c);

static inline int64_t
trace_at(const struct trace *t, enum col c, size_t i)
{
	return t->wide[c] != NULL ? t->wide[c][i] : (int64_t)t->narrow[c][i];
}

/* Append one record.  Counts above INT64_MAX are taken as that. */
void trace_add_packet(struct trace *t, struct tables *tb, const struct packet *p);
void trace_add_flow(struct trace *t, struct tables *tb, const struct flow *f);

/*
 * trace_load: all records of all streams of the input path ("-" is standard input),
 * read once.  kind 0 takes packets or flows, else that kind only.  A trace without
 * records is NS_EKIND.  NULL on failure.
 */
struct trace *trace_load(const char *path, int kind, struct tables *tb,
    struct ns_err *e);

/* trace_pick: a new trace of the n rows given, in that order. */
struct trace *trace_pick(const struct trace *t, const uint32_t *rows, size_t n);
/* trace_thin: n of t's records at random, in t's order; n <= t->n. */
struct trace *trace_thin(const struct trace *t, size_t n, struct rng *r);
/*
 * trace_half: the records whose five-tuple falls into half 0 or 1, as ns-cat --part K/2
 * has it; where all fall into one, as in a trace that is such a part, by the next bit
 * of the hash.  May be empty.
 */
struct trace *trace_half(const struct trace *t, int half);
/* trace_move: gather one column: to[i] = from[rows[i]] for n rows. */
void trace_move(struct trace *to, const struct trace *from, enum col c,
    const uint32_t *rows, size_t n);
/* trace_reserve: room for n records in every column, n set. */
void trace_reserve(struct trace *t, size_t n);

/* pick_rows: k of n row numbers at random, rising; k <= n.  To be freed. */
uint32_t *pick_rows(size_t n, size_t k, struct rng *r);

#endif
