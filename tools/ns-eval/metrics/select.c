/* select.c: which metrics -m asks for, and which those need. */
#include <string.h>

#include "base/mem.h"
#include "metrics/metrics.h"
#include "stream/schema.h"

/* Names for several groups. */
static const struct {
	const char *name;
	enum group first, last;
} ranges[] = {
    {"all", 0, GROUPS - 1},
    {"fidelity", GROUP_FIELDS, GROUP_CLASSIFIER},
    {"tasks", GROUP_TELEMETRY, GROUP_BOTNET},
};

static bool
equals(const char *name, const char *word, size_t len)
{
	return strlen(name) == len && memcmp(name, word, len) == 0;
}

static void
show_groups(struct selection *s, enum group first, enum group last)
{
	for (size_t i = 0; i < n_metrics; i++)
		if (metrics[i].group >= first && metrics[i].group <= last)
			s->show[i] = true;
}

static int
show_word(struct selection *s, const char *word, size_t len)
{
	int i = metric_find(word, len);

	if (i >= 0) {
		s->show[i] = s->named[metrics[i].group] = true;
		return NS_OK;
	}
	for (size_t k = 0; k < LEN(ranges); k++)
		if (equals(ranges[k].name, word, len)) {
			show_groups(s, ranges[k].first, ranges[k].last);
			return NS_OK;
		}
	for (enum group g = 0; g < GROUPS; g++)
		if (equals(metric_group_name(g), word, len)) {
			show_groups(s, g, g);
			s->named[g] = true;
			return NS_OK;
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
			    "flow, classifier, rules, leakage, compliance, telemetry, "
			    "anomaly, types, botnet; fidelity, tasks, all)",
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

void
select_add(struct selection *s, enum group g)
{
	show_groups(s, g, g);
	add_needed(s);
}

void
select_drop(struct selection *s, enum group g)
{
	for (size_t i = 0; i < n_metrics; i++)
		if (metrics[i].group == g)
			s->show[i] = s->need[i] = false;
}

bool
select_shows(const struct selection *s, enum group g)
{
	for (size_t i = 0; i < n_metrics; i++)
		if (s->show[i] && metrics[i].group == g)
			return true;
	return false;
}
