/*
 * decode.h: the work of ns-decode, in three steps.
 *
 *   intake_read   streams of any kind -> packets or flow records
 *   order_*      those in time order; TCP sequence numbers where a capture needs them
 *   sink_*       one output: a stream, a capture or CSV
 */
#ifndef NS_DECODE_DECODE_H
#define NS_DECODE_DECODE_H

#include "base/io.h"
#include "base/log.h"
#include "base/tool.h"
#include "codec/codec.h"
#include "stream/guarantee.h"
#include "trace/rstream.h"

enum format { FORMAT_NS, FORMAT_PCAP, FORMAT_PCAPNG, FORMAT_CSV };
/* Values are the LINKTYPE_ numbers of pcap and pcapng. */
enum link_type { LINK_ETHERNET = 1, LINK_RAW = 101 };

struct decode_opts {
	enum format format;
	enum link_type link;
	bool pad;        /* payload of zeros up to the true length */
	size_t memory;   /* bytes for the sorts */
	int level;       /* zstd, FORMAT_NS */
	int64_t unit_ns; /* of CSV times; 0 = as the input had them */
};
static inline bool
format_is_capture(enum format f)
{
	return f == FORMAT_PCAP || f == FORMAT_PCAPNG;
}

/* A record on its way to the output. */
struct item {
	uint64_t key;      /* of its time; in the sort by flow, of the five-tuple */
	uint64_t order;    /* place in the input, which decides between equal times */
	uint32_t seq, ack; /* TCP sequence numbers, after the sort by flow */
	union {
		struct packet packet;
		struct flow flow;
	} u;
};

/*
 * struct order: the records by time, equal times as they came.  With sequence numbers,
 * TCP packets are first sorted by flow, so that each flow counts its own bytes through
 * all chunks; that halves the memory of each sort.
 */
struct order;
struct order *order_new(bool of_flows, bool sequences, size_t memory);
int order_put_packet(struct order *o, const struct packet *p, struct ns_err *e);
int order_put_flow(struct order *o, const struct flow *f, struct ns_err *e);
int order_start(struct order *o, struct ns_err *e);
/* order_next: 1 = *i lends until the next call, 0 = the end. */
int order_next(struct order *o, const struct item **i, struct ns_err *e);
uint64_t order_count(const struct order *o);
void order_free(struct order *o);

/* What was read. */
struct intake {
	const struct decode_opts *opts;
	struct labels labels;
	struct nsr_history *history;
	struct order *order; /* NULL before the first stream */
	bool of_flows;
	bool has_labels; /* a record has one */
	bool synthetic;  /* made by ns-sample */
	int64_t unit_ns; /* finest source.time_unit, 0 = none was told */
	struct buf
	    meta; /* source.* and sample.* of the first stream: key NUL value NUL */
	int chunk_count; /* of series and tensors, 0 = none yet */
	uint8_t seen[CHUNKS_MAX / 8];
	struct guarantee guarantee; /* of what was made by ns-sample */
	struct codec_mends mends;
	struct progress progress;
};
void intake_init(struct intake *in, const struct decode_opts *o);
/* intake_read: all streams of all operands. */
int intake_read(struct intake *in, const struct tool *t, struct ns_err *e);
void intake_free(struct intake *in);

/* What had to be changed to make frames of packets. */
struct frame_counts {
	uint64_t raised; /* length below the IP header's: now that of all headers */
	uint64_t capped; /* padded frames longer than the snapshot length */
};
#define SNAPLEN 65535

/* One frame, as a capture wants it.  Zero-initialised before the first. */
struct frame {
	uint8_t bytes[SNAPLEN + 1];
	uint32_t captured; /* bytes */
	uint32_t original; /* length on the wire */
};

/*
 * frame_build: link header (addresses derived from the IP addresses), IP and transport
 * headers of a packet, zeros behind them with opts->pad.
 */
void frame_build(struct frame *f, const struct decode_opts *o, const struct packet *p,
    uint32_t seq, uint32_t ack, struct frame_counts *n);
/* frame_seq_first, frame_seq_len: the sequence number a flow begins with, and how far a
 * packet moves it.  frame_ack: what a flow acknowledges throughout. */
uint32_t frame_seq_first(const struct tuple *key);
uint32_t frame_ack(const struct tuple *key);
uint32_t frame_seq_len(const struct packet *p);

/* Captures: little-endian, byte by byte.  NS_EKIND for a time the format cannot hold.
 */
struct capture {
	enum format format;
	bool nano; /* pcap: nanoseconds instead of microseconds */
	uint64_t n;
};
int capture_begin(struct capture *c, struct out *o, const struct intake *in,
    struct ns_err *e);
int capture_put(struct capture *c, struct out *o, int64_t t_ns, const struct frame *f,
    struct ns_err *e);

/* CSV in NetShare's dialect. */
struct csv {
	int64_t unit_ns;
	bool label; /* there is a column for labels */
	const struct labels *labels;
};
int csv_begin(const struct csv *c, struct out *o, bool of_flows, struct ns_err *e);
int csv_put_packet(const struct csv *c, struct out *o, const struct packet *p,
    struct ns_err *e);
int csv_put_flow(const struct csv *c, struct out *o, const struct flow *f,
    struct ns_err *e);

/*
 * notice_*: what files whose format has no place for it say of their privacy:
 * FILE.privacy beside them, lines key=value.  It is there for all that ns-sample made,
 * and where one was there before, so that none speaks of another trace.
 *
 * notice_withdraw: the one that is there goes, before FILE changes.  notice_write:
 * after that.  To standard output, or to what is no plain file, a guarantee is told on
 * standard error.
 */
struct notice {
	char *path; /* NULL: none is to be written */
	bool stale; /* there was one */
};
void notice_begin(struct notice *n, const struct decode_opts *o, const char *output);
int notice_withdraw(struct notice *n, struct ns_err *e);
int notice_write(const struct notice *n, const char *output, const struct intake *in,
    struct ns_err *e);
void notice_end(struct notice *n);

/* output_write: all of in->order in the format asked for. */
int output_write(const struct tool *t, const struct intake *in, struct out *o,
    struct ns_err *e);

/* decode_run: all of it for the operands of t. */
int decode_run(const struct tool *t, const struct decode_opts *o, struct ns_err *e);

#endif
