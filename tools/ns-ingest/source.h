/*
 * source.h: one input, whatever its format, as packets or flows in its own order.
 */
#ifndef INGEST_SOURCE_H
#define INGEST_SOURCE_H

#include "capture.h"
#include "csv.h"
#include "filter.h"
#include "live.h"
#include "stream/stream.h"

enum format { FORMAT_AUTO, FORMAT_PCAP, FORMAT_CSV };

/* What holds for all inputs of a run, and what becomes of their packets. */
struct intake {
	enum format format;
	enum time_unit unit;
	bool strict;
	struct filter *filter; /* NULL = all packets */
	struct labels *labels;
	struct tally tally;
};

struct source {
	struct input in;
	struct capture capture;
	struct csv csv;
	struct live *live;
	bool is_csv;
	bool of_flows;
	uint64_t n; /* packets or rows read */
	uint64_t n_modelled_link;
	uint32_t other_link; /* a link type met that is not modelled */
	bool has_other_link;
	struct packet packet; /* the present record: one of these */
	struct flow flow;
};

/* source_open: path "-" is standard input.  On failure s is closed already. */
int source_open(struct source *s, const struct intake *k, const char *path,
    struct ns_err *e);
int source_open_live(struct source *s, const char *iface, struct ns_err *e);
void source_close(struct source *s);

/* source_next: 1 = s->packet or s->flow is the next record, 0 = the input ended. */
int source_next(struct source *s, struct intake *k, struct ns_err *e);

/* "pcap", "pcapng", "csv" or "live"; the unit of the input's time stamps. */
const char *source_format(const struct source *s);
const char *source_unit(const struct source *s);
/* Start of the present record. */
int64_t source_time(const struct source *s);

#endif
