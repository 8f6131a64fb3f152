/*
 * ledger.h: what has been spent on private data: a text file to which lines are only
 * ever added, each with a checksum, and on disk before anything it pays for is.
 *
 *   netshare-ledger 1 secret=HEX64 crc=HEX8
 *   run=HEX16 data=HEX16 what=counts net=0 unit=flow q=1 sigma=5.2 clip=1 steps=1
 *       planned=1 series=2 chunks=1 delta=1e-05 crc=HEX8     (all in one line)
 *
 * A run is one key of noise: lines of one run, net and mechanism (what) tell how far it
 * has come, the greatest number of steps counts; a run that was resumed has cost
 * nothing more, one made again with another key is another run.  data names the private
 * input by a keyed hash: HMAC-SHA-256 by the ledger's secret, which stays in the file;
 * equal inputs of one ledger have equal names, and who does not have the file can
 * confirm no guess.
 */
#ifndef DP_LEDGER_H
#define DP_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"
#include "dp/account/account.h"

struct dp_entry {
	char run[17], data[17]; /* hexadecimal */
	char what[16];          /* "counts", "sgd" */
	char unit[16];          /* "flow", "src_ip" */
	int net;                /* chunk of a net that learns one, -1: all */
	double q, sigma, clip, delta;
	uint64_t steps, planned; /* noisy sums released, meant to be */
	int series, chunks;      /* of a unit at most: series in all, chunks */
};

struct dp_ledger {
	struct dp_entry *v; /* (n) lines as they stand */
	size_t n, cap;
	uint8_t secret[32];
};

/* dp_ledger_open: the file for adding, locked; made (0600) where there is none.  All
 * its lines are read and checked: NS_ECORRUPT with the line's number; a last line that
 * a crash cut short is told by *cut and taken off: what it was to pay for has not
 * begun.  NS_EAGAIN where another process has it, NS_EPERM where others may read it,
 * NS_EKIND for a file that is no ledger. */
struct dp_ledger_file;
struct dp_ledger_file *dp_ledger_open(const char *path, bool *cut, struct ns_err *e);
void dp_ledger_close(struct dp_ledger_file *f);
const struct dp_ledger *dp_ledger_of(const struct dp_ledger_file *f);
/* dp_ledger_add: the line is on disk (fsync) when it returns NS_OK; else the file is as
 * it was.  NS_EINTERNAL for an entry that dp_entry_get would not take. */
int dp_ledger_add(struct dp_ledger_file *f, const struct dp_entry *x, struct ns_err *e);
/* dp_ledger_data: names an input by the ledger's secret. */
void dp_ledger_data(const struct dp_ledger_file *f, const void *digest, size_t n,
    char data[17]);

/* dp_entry_put: a line without its newline, crc and all, as the file has it;
 * dp_entry_get: back, checked, NS_ECORRUPT. */
void dp_entry_put(const struct dp_entry *x, struct buf *b);
int dp_entry_get(struct dp_entry *x, const char *line, size_t n, struct ns_err *e);
/* dp_ledger_read: a ledger's text (head line or not: lines taken out of a model have
 * none), added to what l has.  1 where the last line is cut short, as by a crash or by
 * a writer at work; NS_ECORRUPT with the line's number, NS_EVERSION. */
int dp_ledger_read(struct dp_ledger *l, const char *text, size_t n, struct ns_err *e);
void dp_ledger_free(struct dp_ledger *l);

/*
 * dp_ledger_mechanisms: what all entries cost one unit, for the accountant: of each
 * run, net and mechanism the line with most steps; of a run's nets that learn one chunk
 * each, so many as a unit can have chunks, those with most steps (of each rate and
 * noise so many, where they are not alike).  Returns how many; *m is for free().
 */
size_t dp_ledger_mechanisms(const struct dp_ledger *l, struct dp_mechanism **m);

#endif
