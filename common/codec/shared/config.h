/* config.h: what a codec is fitted with beside the trace, or made of without one. */
#ifndef CODEC_SHARED_CONFIG_H
#define CODEC_SHARED_CONFIG_H

#include <stdint.h>

struct codec_config {
	const char *profile; /* "netshare" or "symbol" */
	uint64_t seed;
	uint64_t min_count; /* symbol: least count of a value that is kept */
	/* codec_constants: the IP version that all is known to be of, 0 = either; texts
	 * of types and labels, separated by commas, NULL = none */
	int ip_version;
	const char *labels;
};

#endif
