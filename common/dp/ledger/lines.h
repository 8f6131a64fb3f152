/* lines.h: the text of a ledger, for the ledger's own files. */
#ifndef DP_LINES_H
#define DP_LINES_H

#include <stdio.h>

#include "dp/ledger/ledger.h"

/* " crc=" and eight digits, of all of the line before them. */
#define LINE_CRC 13

/* line_put_crc: of what b holds from there on.  line_check_crc: at the end of a line of
 * n bytes; *body, how many are before it. */
void line_put_crc(struct buf *b, size_t from);
int line_check_crc(const char *line, size_t n, size_t *body, struct ns_err *e);

/* line_put_head: the first line of a ledger's file, without its newline. */
void line_put_head(const uint8_t secret[32], struct buf *b);

/* What lines_read found beside entries. */
struct lines {
	size_t heads;
	bool first;   /* the first line is a head, or the beginning of one */
	bool cut;     /* the last line is cut short */
	bool open;    /* the last line is whole but for its newline */
	size_t whole; /* bytes of all lines that are whole */
};

/* lines_read: entries and the secret of a head to l; NS_ECORRUPT, NS_EVERSION. */
int lines_read(struct dp_ledger *l, const char *text, size_t n, struct lines *of,
    struct ns_err *e);

#endif
