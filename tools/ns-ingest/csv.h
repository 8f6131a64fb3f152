/*
 * csv.h: packets and flows of text files in NetShare's dialect.
 *
 *   packets  srcip,dstip,srcport,dstport,proto,ts,pkt_len,tos,id,flag,off,ttl
 *            and, where present, tcpflags, label
 *   flows    srcip,dstip,srcport,dstport,proto,ts,td,pkt,byt
 *            and, where present, type, label, tcpflags
 *
 * Columns are known by the names in the first line, in any order.
 */
#ifndef INGEST_CSV_H
#define INGEST_CSV_H

#include <stdbool.h>

#include "input.h"
#include "skip.h"

#define CSV_LINE_MAX (64u << 10)
#define CSV_FIELDS_MAX 256

/* Columns that mean something; those of one kind of record stand together. */
enum column {
	COL_SRC_IP,
	COL_DST_IP,
	COL_SRC_PORT,
	COL_DST_PORT,
	COL_PROTO,
	COL_TS,
	COL_IP_LEN,
	COL_TOS,
	COL_ID,
	COL_FLAG,
	COL_OFF,
	COL_TTL,
	COL_TD,
	COL_PKT,
	COL_BYT,
	COL_TYPE,
	COL_LABEL,
	COL_TCP_FLAGS,
	N_COLUMNS
};

enum time_unit { UNIT_AUTO, UNIT_S, UNIT_MS, UNIT_US, UNIT_NS };

/* time_unit_name: "s" ... ; time_unit_of: by name, -1 if it is none. */
const char *time_unit_name(enum time_unit u);
int time_unit_of(const char *name);

struct csv {
	struct input *in;
	struct labels *labels;
	bool of_flows;
	enum time_unit unit;  /* UNIT_AUTO until the first row */
	bool unit_unsure;     /* the first time fits no unit: unit is a guess */
	int where[N_COLUMNS]; /* place in a row, -1 = the file has no such column */
	size_t n_columns;     /* of the first line */
	char unknown[200];    /* names of columns that are not known, for a warning */
	uint64_t line_no;
	char *line;
	size_t cap_line;
	char *field[CSV_FIELDS_MAX]; /* of the present row, in line */
};

/* csv_open: read the first line.  in and labels stay the caller's. */
int csv_open(struct csv *c, struct input *in, struct labels *l, enum time_unit unit,
    struct ns_err *e);
void csv_close(struct csv *c);

/*
 * csv_next: the next row into *p or *f, as c->of_flows says.  1 = read; *why says if it
 * is to be counted instead.  *no_ports: it has ports though its protocol has none (they
 * were left out).  0 = the file ended.
 */
int csv_next(struct csv *c, struct packet *p, struct flow *f, enum skip *why,
    bool *no_ports, struct ns_err *e);

/* The lines, for csv.c: the next one, split into c->field.  Returns the number of
 * fields (empty lines are passed over), 0 at the end, negative on an error. */
int csv_row(struct csv *c, struct ns_err *e);

#endif
