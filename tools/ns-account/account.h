/*
 * account.h: what ns-account is asked, reads and says.
 */
#ifndef NS_ACCOUNT_H
#define NS_ACCOUNT_H

#include "base/tool.h"
#include "dp/ledger/ledger.h"

/* What is told of delta where nobody names one. */
#define DELTA_DEFAULT 1e-5
/* Above this a guarantee says little. */
#define EPSILON_WEAK 10

struct request {
	bool tsv;
	double delta; /* 0: the greatest that entries name */
	double max;   /* 0: none; else more than this is the answer no */
	/* of calculations: one mechanism beside what ledgers hold */
	bool given;
	double q, sigma; /* sigma 0: sought */
	uint64_t steps;
	double epsilon; /* to stay within, when sigma is sought */
};

/* intake: entries of a file, or standard input, to l.  A ledger's own file is read line
 * by line; of any other text the lines "run=..." wherever they stand. */
int intake(struct dp_ledger *l, const char *path, struct ns_err *e);
/* intake_names: once all is read: entries out of a model, which call their data by the
 * run, get the name that a ledger with the same run has for it. */
void intake_names(struct dp_ledger *l);

/* spent_report: a row for each trace and unit and one for all.  NS_ENO above q->max,
 * NS_EKIND where that is asked of different units. */
int spent_report(const struct request *q, const struct dp_ledger *l, const char *output,
    struct ns_err *e);

/* calculate: one row for the given mechanism beside all entries; what it looks for is
 * filled in.  As spent_report; NS_EUSAGE where no noise will do. */
int calculate(struct request *q, const struct dp_ledger *l, const char *output,
    struct ns_err *e);

/* ---- Sums of entries, and how they are told ---- */

struct spent {
	double epsilon, rdp, order, delta;
	size_t runs;
};

/* delta_of: the request's, else the greatest of entries, else DELTA_DEFAULT. */
double delta_of(const struct request *q, const struct dp_ledger *l);
/* runs_of: how many runs the entries are of. */
size_t runs_of(const struct dp_ledger *l);
/* one_unit: NS_EKIND, with both names, if entries are of different units. */
int one_unit(const struct dp_ledger *l, struct ns_err *e);
/* spend: what n mechanisms cost at delta. */
void spend(struct spent *s, const struct dp_mechanism *m, size_t n, double delta);
/* judge: warns of a weak epsilon; NS_ENO above the request's limit. */
int judge(const struct request *q, const struct spent *s, struct ns_err *e);

/* struct table: rows of cells, all text. */
#define TABLE_COLUMNS 10
struct table {
	size_t columns;
	char (*cell)[TABLE_COLUMNS][64];
	size_t n, cap;
};
void table_begin(struct table *t, const char *names);
/* table_row: a new row; each cell is written by table_put, in order. */
void table_row(struct table *t);
void table_put(struct table *t, const char *fmt, ...) NS_PRINTF(2, 3);
/* table_put_spent: epsilon, rdp, order, delta, neighbours. */
void table_put_spent(struct table *t, const struct spent *s);
/* table_write: as the request has it, to output; frees t. */
int table_write(struct table *t, bool tsv, const char *output, struct ns_err *e);

#endif
