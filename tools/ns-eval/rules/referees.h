/*
 * referees.h: what programs that know packets better than we do have to say against
 * captures: the table that batch/referees.sh prints.
 *
 * A line is CAPTURE, REFEREE, PACKETS, COMPLAINTS with tabs between them: the name of a
 * file, "tshark" or "zeek", and two whole numbers.
 */
#ifndef EVAL_REFEREES_H
#define EVAL_REFEREES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum referee { REFEREE_TSHARK, REFEREE_ZEEK, REFEREE_MAX };

struct referee_row {
	char *capture;
	bool has[REFEREE_MAX];
	uint64_t packets[REFEREE_MAX], complaints[REFEREE_MAX];
};

struct referees {
	struct referee_row *v; /* one a capture */
	size_t n, cap;
};

/* referees_read: all lines of path ("-" is standard input) into r, to be released with
 * referees_free after any result.  A line that is none of the table's, or that says for
 * the second time what a referee makes of a capture, is NS_ECORRUPT with file and line
 * in the message; a file above 1 MiB is NS_EKIND. */
int referees_read(const char *path, struct referees *r, struct ns_err *e);
/* referees_parse: the same of len bytes of text, which are cut up and end with a 0
 * behind them; r is empty before.  path is for messages. */
int referees_parse(struct referees *r, const char *path, char *text, size_t len,
    struct ns_err *e);
void referees_free(struct referees *r);

/* referees_rate: complaints per 10,000 packets of a capture; NAN if the referee says
 * nothing of it, or it has no packets. */
double referees_rate(const struct referee_row *row, enum referee who);

#endif
