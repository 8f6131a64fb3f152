#include "given.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/timetext.h"

static int
read_time(const char *option, const char *text, int64_t *t_ns, struct ns_err *e)
{
	struct ns_err why;

	if (text == NULL || time_parse(text, t_ns, &why) >= 0)
		return NS_OK;
	return ns_fail(e, NS_EUSAGE, "%s: %s", option, why.msg);
}

int
given_window(struct wishes *w, const char *from, const char *to, struct ns_err *e)
{
	int rc;

	w->windowed = from != NULL || to != NULL;
	w->from_ns = INT64_MIN;
	w->to_ns = INT64_MAX;
	if ((rc = read_time("--from", from, &w->from_ns, e)) < 0 ||
	    (rc = read_time("--to", to, &w->to_ns, e)) < 0)
		return rc;
	if (w->from_ns >= w->to_ns)
		return ns_fail(e, NS_EUSAGE, "--from must lie before --to");
	return NS_OK;
}

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
