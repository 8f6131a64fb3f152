/*
 * rstream.h: packet, flow and series records in streams.  Labels travel in the DICT
 * "labels" of each stream (newline after each text) and are interned anew in one table
 * of the reader, whatever streams are joined.
 */
#ifndef TRACE_RSTREAM_H
#define TRACE_RSTREAM_H

#include "base/le.h"
#include "base/mem.h"
#include "stream/stream.h"
#include "trace/record.h"

#define PACKET_VERSION 1
#define FLOW_VERSION 1
#define SERIES_VERSION 1
#define SERIES_UNITS_VERSION 2 /* each series has its unit */

/* Where a chunk lies; META of series, tensor and model streams. */
struct chunk_info {
	int index;          /* chunk.index, 0 .. count-1 */
	int count;          /* chunk.count */
	int64_t t0_ns;      /* chunk.t0_ns */
	int64_t len_ns;     /* chunk.len_ns >= 1 */
	bool of_flows;      /* trace.kind = packet | flow */
	uint64_t n_series;  /* chunk.series */
	uint64_t n_records; /* chunk.records */
};

/* The schemas; of_flows picks what a series' steps are, units says that each has the
 * number of its unit. */
void packet_schema(struct nsr_schema *s);
void flow_schema(struct nsr_schema *s);
void series_schema(struct nsr_schema *s, bool of_flows, bool units);

/* chunk_info_get / _put: from and to META; get checks ranges (count <= CHUNKS_MAX). */
int chunk_info_get(struct chunk_info *c, const struct nsr_reader *r, struct ns_err *e);
int chunk_info_put(struct nsr_writer *w, const struct chunk_info *c, struct ns_err *e);

/*
 * Packet and flow records as the bytes that lie in a stream, for who moves them about
 * but does not look into them.
 */
#define RECORD_TUPLE 37 /* addresses, ports, protocol */
#define RECORD_MAX 75
size_t record_bytes(bool of_flows);
static inline int64_t
record_time(const uint8_t *rec)
{
	return (int64_t)get_le64(rec);
}
static inline const uint8_t *
record_tuple(const uint8_t *rec, bool of_flows)
{
	return rec + (of_flows ? 16 : 8);
}
static inline uint64_t
record_hash(const uint8_t *tuple)
{
	return quick_hash(tuple, tuple + 16,
	    get_le32(tuple + 32) | (uint64_t)tuple[36] << 32);
}
void packet_put(uint8_t *rec, const struct packet *p);
void flow_put(uint8_t *rec, const struct flow *f);

/* A series put together of such records: record_series_begin takes the five-tuple of
 * the first, record_series_add each as a step.  Both append to b, which may hold other
 * things in front; most_label becomes the highest label, and is 0 at first. */
void record_series_begin(struct buf *b, const uint8_t *rec, bool of_flows);
void record_series_add(struct buf *b, const uint8_t *rec, bool of_flows,
    uint16_t *most_label);

/*
 * Reading.  The caller owns reader r and labels l.  trace_stream is nsr_stream plus a
 * check that the kind is one of those allowed (bit 1u << NSR_PACKET ...); all streams
 * of an input must be of one kind.  1 = open, 0 = input ended.  Of tensors nothing but
 * the kind is checked; their records are read with nsr_next.
 */
struct trace_reader {
	struct nsr_reader *r;
	struct labels *labels;
	uint16_t *map; /* stream's label index -> ours */
	size_t n_map, cap_map;
	size_t dict_seen; /* bytes of the DICT "labels" interned so far */
	int kind;         /* of the present stream */
	bool of_flows;    /* series: what the steps are */
	bool units;       /* series: they have units */
	int chunk_count;  /* series: of the present stream */
	struct series s;  /* what trace_next_series lends */
	size_t cap_steps;
};
void trace_reader_init(struct trace_reader *t, struct nsr_reader *r, struct labels *l);
void trace_reader_free(struct trace_reader *t); /* not r, not the labels */
int trace_stream(struct trace_reader *t, unsigned kinds, struct ns_err *e);
/* trace_take: the same for a stream that the caller has opened with nsr_stream. */
int trace_take(struct trace_reader *t, unsigned kinds, struct ns_err *e);
/* 1 = *p set, 0 = END, negative = error.  Values are checked: lengths, bit ranges. */
int trace_next_packet(struct trace_reader *t, struct packet *p, struct ns_err *e);
int trace_next_flow(struct trace_reader *t, struct flow *f, struct ns_err *e);
/* trace_next_record: either of the two as bytes; labels are those of t->labels. */
int trace_next_record(struct trace_reader *t, uint8_t rec[RECORD_MAX],
    struct ns_err *e);
/* *s lends until the next call. */
int trace_next_series(struct trace_reader *t, const struct series **s,
    struct ns_err *e);

/* Writing: the writer w and the labels are the caller's; begin after the caller's
 * nsr_begin, put writes new labels before the first record that needs them. */
struct trace_writer {
	struct nsr_writer *w;
	const struct labels *labels;
	size_t labels_written; /* entries of labels in the DICT so far */
	struct buf rec;
};
void trace_writer_init(struct trace_writer *t, struct nsr_writer *w,
    const struct labels *l); /* also after each further nsr_begin */
void trace_writer_free(struct trace_writer *t);
int trace_put_packet(struct trace_writer *t, const struct packet *p, struct ns_err *e);
int trace_put_flow(struct trace_writer *t, const struct flow *f, struct ns_err *e);
/* What trace_put_series needs to know of a series beside its steps. */
struct series_head {
	bool of_flows, starts;
	bool units;    /* as in the stream's schema */
	uint64_t unit; /* where that is so */
	uint16_t most_label;
	int chunk_count;     /* for the bitmap's width */
	const uint8_t *tags; /* as in struct series */
};
/* trace_put_series: the n bytes that record_series_begin and record_series_add have
 * made. NS_EINTERNAL if the record would not fit a frame (see series_steps_max). */
int trace_put_series(struct trace_writer *t, const struct series_head *h,
    const uint8_t *p, size_t n, struct ns_err *e);
/* series_steps_max: most steps that fit one record. */
uint32_t series_steps_max(bool of_flows, bool units, int chunk_count);

#endif
