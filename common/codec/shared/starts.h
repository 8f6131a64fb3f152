/* starts.h: codes and positions whose times are in a window, see codec_starts. */
#ifndef CODEC_SHARED_STARTS_H
#define CODEC_SHARED_STARTS_H

#include <stdint.h>

enum { START_PLACES = 1 << 24 }; /* floats tell so many apart, evenly, in [0, 1) */
struct codec_starts {
	int field, pos; /* tensor fields of the code and of the position; -1: there is
			   none, without a code all series are as code 0 says */
	uint32_t first[256], n[256];
};

#endif
