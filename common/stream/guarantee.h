/*
 * guarantee.h: what streams say of their privacy, META privacy.* of ns-stream(5), and
 * what therefore holds for all of them together.
 *
 * A claim is what one training run says that its models cost a unit.  Those of one run
 * are about the same noise: the weakest holds for all its models.  Those of several
 * runs add up (basic composition: Dwork and Roth 2014, theorem 3.16).  Where one stream
 * claims nothing, or units differ, nothing holds.
 */
#ifndef STREAM_GUARANTEE_H
#define STREAM_GUARANTEE_H

#include <stdbool.h>

#include "base/mem.h"
#include "stream/stream.h"

#define GUARANTEE_NONE "NO PRIVACY GUARANTEE"
/* More claims than this are not kept, and nothing holds. */
#define CLAIMS_MAX 1024

struct claim {
	bool none; /* no guarantee: the rest is zero */
	char run[17], unit[16];
	char epsilon[32], delta[32]; /* as they were written; numbers from 0 on */
};

/* Zero-initialised before the first; claims differ. */
struct guarantee {
	struct claim *v; /* (n) */
	size_t n, cap;
};
void guarantee_free(struct guarantee *g);

/* guarantee_add: what one stream claims; get gives the value of a key of META, NULL
 * where there is none.  Values out of range are no claim. */
typedef const char *guarantee_get(const void *from, const char *key);
void guarantee_add(struct guarantee *g, guarantee_get *get, const void *from);
/* guarantee_add_stream: that of the present stream of r, as its head says. */
void guarantee_add_stream(struct guarantee *g, const struct nsr_reader *r);
/* guarantee_join: and what others claim. */
void guarantee_join(struct guarantee *g, const struct guarantee *other);

/* guarantee_all: what holds for all that was added; of nothing, nothing. */
void guarantee_all(const struct guarantee *g, struct claim *all);
/* guarantee_text: the same in words, appended to b: "epsilon 2.000 at delta 1e-05 for
 * each flow, added or removed", or GUARANTEE_NONE. */
void guarantee_text(const struct guarantee *g, struct buf *b);

/* guarantee_list: META of it, each key and value for put until one fails: guarantee,
 * then epsilon, delta, unit and run where one holds, then the claims where they
 * differ. */
typedef int guarantee_line(void *arg, const char *key, const char *value,
    struct ns_err *e);
int guarantee_list(const struct guarantee *g, guarantee_line *put, void *arg,
    struct ns_err *e);
/* guarantee_put: into a stream. */
int guarantee_put(const struct guarantee *g, struct nsr_writer *w, struct ns_err *e);

/* guarantee_keys: what guarantee_list writes, as prefixes of keys, ended by NULL. */
extern const char *const guarantee_keys[];

#endif
