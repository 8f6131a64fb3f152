#include "given.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static int
read_one(const struct codec *c, char *one, struct tensor_masks *masks, struct ns_err *e)
{
	char *value = strchr(one, '=');

	if (value == NULL || value == one || value[1] == '\0')
		return ns_fail(e, NS_EUSAGE, "--given: '%s' is not FIELD=VALUE", one);
	*value++ = '\0';
	return codec_given(c, one, value, masks, e);
}

int
given_read(const char *list, const struct codec *c, struct tensor_masks *masks,
    struct ns_err *e)
{
	char *copy = xstrdup(list), *one = copy, *comma;
	int rc = NS_OK;

	while (rc >= 0 && one != NULL) {
		if ((comma = strchr(one, ',')) != NULL)
			*comma++ = '\0';
		rc = read_one(c, one, masks, e);
		one = comma;
	}
	free(copy);
	return rc;
}
