/* The table of referees. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../tools/ns-eval/rules/referees.h"
#include "base/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct referees r = {0};
	char *text = xmalloc(n + 1);
	struct ns_err e;

	if (n > 0)
		memcpy(text, p, n);
	text[n] = '\0';
	if (referees_parse(&r, "table", text, n, &e) == NS_OK)
		for (size_t i = 0; i < r.n; i++)
			if (referees_rate(&r.v[i], REFEREE_TSHARK) < 0)
				abort();
	referees_free(&r);
	free(text);
	return 0;
}
