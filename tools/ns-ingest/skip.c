#include "skip.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

static const char *const names[SKIP_HEADER] = {"none", "link_type", "link_cut", "arp",
    "mpls", "pppoe", "llc", "vlan_depth", "non_ip", "no_time", "time", "address",
    "protocol", "mixed_versions"};

const char *
skip_name(int why)
{
	if (why < SKIP_HEADER)
		return names[why];
	return header_skip_name((enum header_skip)(why - SKIP_HEADER));
}

uint64_t
tally_skipped(const struct tally *t)
{
	uint64_t n = 0;
	int i;

	for (i = 0; i < SKIP_REASONS; i++)
		n += t->skipped[i];
	return n;
}

/* The most frequent reason not named yet, or -1. */
static int
next_reason(const struct tally *t, const bool done[SKIP_REASONS])
{
	int i, best = -1;

	for (i = 0; i < SKIP_REASONS; i++)
		if (!done[i] && t->skipped[i] > 0 &&
		    (best < 0 || t->skipped[i] > t->skipped[best]))
			best = i;
	return best;
}

void
tally_text(const struct tally *t, char *out, size_t cap)
{
	bool done[SKIP_REASONS] = {false};
	size_t n = 0;
	int i, w;

	out[0] = '\0';
	while ((i = next_reason(t, done)) >= 0) {
		w = snprintf(out + n, cap - n, "%s%s %" PRIu64, n > 0 ? ", " : "",
		    skip_name(i), t->skipped[i]);
		if (w < 0 || (size_t)w >= cap - n)
			return;
		n += (size_t)w;
		done[i] = true;
	}
}
