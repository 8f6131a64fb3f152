/* pattern.h: the name of an output that is one file a chunk, such as chunk-%03d.ns. */
#ifndef BASE_PATTERN_H
#define BASE_PATTERN_H

#include "base/err.h"

/* pattern_check: 1 if name holds one %d (or %3d, %03d) and no other %, 0 if it holds
 * none; NS_EUSAGE for anything else. */
int pattern_check(const char *name, struct ns_err *e);
/* pattern_name: name with the chunk's number in it; the caller frees it. */
char *pattern_name(const char *name, int chunk);

#endif
