/* json.h: text in JSON, RFC 8259 section 7. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stddef.h>

#include "base/mem.h"

/* json_string: n bytes as a string in quotes, appended to b.  JSON is UTF-8: a byte
 * that is not becomes U+FFFD. */
void json_string(struct buf *b, const void *p, size_t n);

#endif
