/* given.h: what the user wants of all series, as masks on the codes of the models. */
#ifndef NS_SAMPLE_GIVEN_H
#define NS_SAMPLE_GIVEN_H

#include "codec/codec.h"
#include "tensor/masks.h"

/* given_read: FIELD=VALUE,... by the codec c, added to masks.  NS_EUSAGE for what is no
 * such list, else as codec_given says. */
int given_read(const char *list, const struct codec *c, struct tensor_masks *masks,
    struct ns_err *e);

#endif
