/* given.h: what the user wants of all flows: as masks on the codes of the models, and
 * when they start. */
#ifndef NS_SAMPLE_GIVEN_H
#define NS_SAMPLE_GIVEN_H

#include "codec/codec.h"
#include "tensor/masks.h"

struct wishes {
	const char *given; /* FIELD=VALUE,... or NULL */
	bool windowed;
	int64_t from_ns, to_ns; /* flows start at from_ns or later, before to_ns */
};
/* given_window: the window of two texts, of which one may be NULL; of none there is
 * none.  NS_EUSAGE for what is no time, or an order that is none. */
int given_window(struct wishes *w, const char *from, const char *to, struct ns_err *e);

/* given_read: FIELD=VALUE,... by the codec c, added to masks.  NS_EUSAGE for what is no
 * such list, else as codec_given says. */
int given_read(const char *list, const struct codec *c, struct tensor_masks *masks,
    struct ns_err *e);

#endif
