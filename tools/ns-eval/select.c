/* select.c: which metrics -m asks for, and which those need. */
#include <string.h>

#include "metrics.h"
#include "stream/schema.h"

/* Show every metric of a group; GROUPS is all of them. */
static void
show_group(struct selection *s, enum group g)
{
	for (size_t i = 0; i < n_metrics; i++)
		if (g == GROUPS || metrics[i].group == g)
			s->show[i] = true;
}

static int
show_word(struct selection *s, const char *word, size_t len)
{
	static const char all[] = "all";
	int i = metric_find(word, len);

	if (i >= 0) {
		s->show[i] = true;
		return NS_OK;
	}
	if (len == strlen(all) && memcmp(word, all, len) == 0) {
		show_group(s, GROUPS);
		return NS_OK;
	}
	for (enum group g = 0; g < GROUPS; g++) {
		const char *name = metric_group_name(g);

		if (strlen(name) == len && memcmp(name, word, len) == 0) {
			show_group(s, g);
			return NS_OK;
		}
	}
	return NS_EUSAGE;
}

/* What a metric is worked out of stands before it in the table. */
static void
add_needed(struct selection *s)
{
	memcpy(s->need, s->show, sizeof s->need);
	for (size_t i = n_metrics; i-- > 0;) {
		const char *of = metrics[i].of;

		while (s->need[i] && of != NULL && *of != '\0') {
			size_t len = strcspn(of, " ");

			s->need[metric_find(of, len)] = true;
			of += len;
			of += strspn(of, " ");
		}
	}
}

int
select_parse(struct selection *s, const char *text, struct ns_err *e)
{
	memset(s, 0, sizeof *s);
	for (;;) {
		size_t len = strcspn(text, ",");

		if (show_word(s, text, len) < 0)
			return ns_fail(e, NS_EUSAGE,
			    "-m: no metric or group '%.*s' (groups: fields, joint, "
			    "flow, "
			    "all)",
			    (int)len, text);
		if (text[len] == '\0')
			break;
		text += len + 1;
	}
	add_needed(s);
	return NS_OK;
}

int
select_kind(struct selection *s, int kind, struct ns_err *e)
{
	bool any = false;

	for (size_t i = 0; i < n_metrics; i++) {
		if (!(metrics[i].kinds & 1u << kind))
			s->show[i] = s->need[i] = false;
		any = any || s->show[i];
	}
	if (!any)
		return ns_fail(e, NS_EUSAGE,
		    "-m: none of these metrics is of %s traces", nsr_kind_name(kind));
	return NS_OK;
}
