/* json.c: the whole report as one JSON object; members are in ns-eval(1). */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "report.h"
#include "stream/schema.h"

static void
put_text(struct buf *b, const char *text)
{
	json_string(b, text, strlen(text));
}

static void
put_number(struct buf *b, const char *name, double v)
{
	if (isnan(v))
		buf_printf(b, ", \"%s\": null", name);
	else
		buf_printf(b, ", \"%s\": %.17g", name, v);
}

/* The mean, and with repeats the deviation beside it. */
static void
put_scores(struct buf *b, const struct report *r, const char *name,
    const struct result *x, enum score which, size_t i)
{
	char deviation[64];

	put_number(b, name, result_mean(x, which, i));
	if (!r->repeats)
		return;
	snprintf(deviation, sizeof deviation, "%s_deviation", name);
	put_number(b, deviation, result_deviation(x, which, i));
}

static void
put_metric(struct buf *b, const struct report *r, const struct result *x, size_t i)
{
	const struct metric *m = &metrics[i];

	buf_printf(b,
	    "      {\"metric\": \"%s\", \"group\": \"%s\", \"measure\": \"%s\", "
	    "\"unit\": \"%s\", \"best\": %g, \"higher_is_better\": %s",
	    m->name, metric_group_name(m->group), m->measure, m->unit, m->best,
	    m->higher ? "true" : "false");
	put_scores(b, r, "value", x, SCORE_VALUE, i);
	put_scores(b, r, "floor", x, SCORE_FLOOR, i);
	put_scores(b, r, "independent", x, SCORE_INDEPENDENT, i);
	put_scores(b, r, "bootstrap", x, SCORE_BOOTSTRAP, i);
	buf_printf(b, ", \"verdict\": \"%s\"}", verdict_text(verdict_of(r, x, i)));
}

static void
put_guarantee(struct buf *b, const struct result *x)
{
	struct buf text = {0};

	if (result_guarantee(x, &text)) {
		buf_printf(b, ", \"privacy\": ");
		put_text(b, (const char *)text.p);
	}
	buf_free(&text);
}

static void
put_trace(struct buf *b, const struct report *r, const struct result *x)
{
	const char *sep = "";

	buf_printf(b, "    {\"name\": ");
	put_text(b, x->name);
	put_guarantee(b, x);
	buf_printf(b,
	    ", \"traces\": %zu, \"records\": %zu, \"flows\": %zu, \"metrics\": [\n",
	    x->n, x->runs[0].records, x->runs[0].flows);
	for (size_t i = 0; i < n_metrics; i++) {
		if (!r->show.show[i])
			continue;
		buf_printf(b, "%s", sep);
		put_metric(b, r, x, i);
		sep = ",\n";
	}
	buf_printf(b, "\n    ]}");
}

static void
put_floor(struct buf *b, const struct report *r)
{
	if (r->hold_out != NULL) {
		buf_printf(b,
		    "  \"floor\": \"hold-out\",\n  \"hold_out\": {\"name\": ");
		put_text(b, r->hold_out);
		buf_printf(b, ", \"records\": %zu},\n", r->hold_out_records);
	} else if (r->floor_records[0] > 0) {
		buf_printf(b, "  \"floor\": \"halves\",\n  \"halves\": [%zu, %zu],\n",
		    r->floor_records[0], r->floor_records[1]);
	} else {
		buf_printf(b, "  \"floor\": null,\n");
	}
}

void
report_json(const struct report *r, struct buf *b)
{

	buf_printf(b,
	    "{\n  \"kind\": \"%s\",\n  \"real\": {\"name\": ", nsr_kind_name(r->kind));
	put_text(b, r->real);
	buf_printf(b, ", \"records\": %zu, \"flows\": %zu},\n", r->real_records,
	    r->real_flows);
	put_floor(b, r);
	if (report_leaks(r))
		buf_printf(b, "  \"leaky_report\": \"%s %s\",\n", leaky_report[0],
		    leaky_report[1]);
	buf_printf(b, "  \"jsd\": {\"logarithm\": \"natural\", \"max\": %.17g},\n",
	    log(2));
	if (r->count > 0)
		buf_printf(b, "  \"compared_at\": %llu,\n",
		    (unsigned long long)r->count);
	buf_printf(b, "  \"seed\": %llu,\n  \"seeds\": %llu,\n  \"traces\": [\n",
	    (unsigned long long)r->seed, (unsigned long long)r->seeds);
	for (size_t k = 0; k < r->n; k++) {
		put_trace(b, r, &r->results[k]);
		buf_printf(b, "%s", k + 1 < r->n ? ",\n" : "\n");
	}
	buf_printf(b, "  ]\n}\n");
}
