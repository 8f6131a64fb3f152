/* timetext.h: points in time, nanoseconds since 1970, as people write them; UTC. */
#ifndef BASE_TIMETEXT_H
#define BASE_TIMETEXT_H

#include <stdint.h>

#include "base/err.h"

/* time_parse: "1458298072.364" (seconds since 1970) or "2016-03-18T10:47:52.364Z" (time
 * and Z may be left out); UTC.  NS_EUSAGE. */
int time_parse(const char *text, int64_t *t_ns, struct ns_err *e);

/* time_text: as the latter, with no more digits of a second than there are. */
enum { TIME_TEXT = 32 };
void time_text(int64_t t_ns, char text[TIME_TEXT]);

#endif
