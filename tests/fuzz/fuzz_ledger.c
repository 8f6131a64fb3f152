/* Ledgers of privacy: their text, and what the lines cost. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "dp/ledger/ledger.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

/* What was read is written as it was; a mechanism is of an entry. */
int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct dp_ledger l = {0};
	struct dp_mechanism *m;
	struct dp_entry x;
	struct buf b = {0};
	struct ns_err e;
	size_t i;

	if (dp_ledger_read(&l, (const char *)p, n, &e) >= 0) {
		for (i = 0; i < l.n; i++) {
			b.len = 0;
			dp_entry_put(&l.v[i], &b);
			if (dp_entry_get(&x, (const char *)b.p, b.len, &e) < 0)
				abort();
		}
		if (dp_ledger_mechanisms(&l, &m) > l.n)
			abort();
		free(m);
	}
	buf_free(&b);
	dp_ledger_free(&l);
	return 0;
}
