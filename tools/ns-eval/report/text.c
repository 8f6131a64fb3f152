/* text.c: the report for people. */
#include <math.h>
#include <stdio.h>

#include "base/mem.h"
#include "figure/tsv.h"
#include "report.h"
#include "stream/schema.h"

static void
put_number(struct buf *b, double v)
{
	if (isnan(v))
		buf_printf(b, " %12s", "-");
	else
		buf_printf(b, " %12.4g", v);
}

static void
put_floor(struct buf *b, const struct report *r)
{
	if (r->hold_out != NULL) {
		buf_printf(b, "hold-out   ");
		tsv_text(b, r->hold_out);
		buf_printf(b,
		    ": %zu records\n"
		    "floor      the training half scored against the hold-out: what a "
		    "copy of it would get\n",
		    r->hold_out_records);
	} else if (r->floor_records[0] > 0) {
		buf_printf(b,
		    "floor      two halves of the real trace, split by flow (%zu and "
		    "%zu "
		    "records), scored against each other;\n"
		    "           fewer records score worse, so this floor is generous: "
		    "--hold-out gives a fair one\n",
		    r->floor_records[0], r->floor_records[1]);
	} else {
		buf_printf(b,
		    "floor      none: all records of the real trace fall into one "
		    "half\n");
	}
}

static void
put_head(struct buf *b, const struct report *r)
{
	buf_printf(b, "%-10s ", r->hold_out != NULL ? "training" : "real");
	tsv_text(b, r->real);
	buf_printf(b, ": %zu %s records, %zu five-tuples\n", r->real_records,
	    nsr_kind_name(r->kind), r->real_flows);
	put_floor(b, r);
	if (report_leaks(r))
		buf_printf(b, "privacy    %s\n           %s\n", leaky_report[0],
		    leaky_report[1]);
	if (r->count > 0)
		buf_printf(b,
		    "compared   at %llu records, drawn at random with seed %llu\n",
		    (unsigned long long)r->count, (unsigned long long)r->seed);
	if (r->seeds > 1)
		buf_printf(b, "repeats    means over %llu seeds from %llu\n",
		    (unsigned long long)r->seeds, (unsigned long long)r->seed);
	buf_printf(b,
	    "baselines  independent columns: each field of the %s trace resampled on "
	    "its own; bootstrap: whole records resampled\n",
	    r->hold_out != NULL ? "training" : "real");
	buf_printf(b,
	    "JSD        squared Jensen-Shannon distance, natural logarithm: 0 "
	    "(equal) to 0.693 (nothing in common)\n"
	    "EMD        first Wasserstein distance in the unit given; 0 is equal\n");
}

static void
put_row(struct buf *b, const struct report *r, const struct result *x, size_t i)
{
	const struct metric *m = &metrics[i];
	char what[40];

	snprintf(what, sizeof what, "%s%s%s", m->measure,
	    m->unit[0] != '\0' ? ", " : "", m->unit);
	buf_printf(b, "%-24s %-20s", m->name, what);
	put_number(b, result_mean(x, SCORE_VALUE, i));
	if (r->repeats)
		put_number(b, result_deviation(x, SCORE_VALUE, i));
	put_number(b, result_mean(x, SCORE_FLOOR, i));
	put_number(b, result_mean(x, SCORE_INDEPENDENT, i));
	put_number(b, result_mean(x, SCORE_BOOTSTRAP, i));
	buf_printf(b, "  %s\n", verdict_text(verdict_of(r, x, i)));
}

static void
put_columns(struct buf *b, const struct report *r, enum group g)
{
	const char *floor = g == GROUP_LEAKAGE ? "bound" : "floor";

	buf_printf(b, "\n%-24s %-20s %12s", metric_group_name(g), "measure", "value");
	if (r->repeats)
		buf_printf(b, " %12s", "deviation");
	buf_printf(b, " %12s %12s %12s  %s\n", floor, "independent", "bootstrap",
	    "verdict");
}

static void
put_group(struct buf *b, const struct report *r, const struct result *x, enum group g)
{
	if (!select_shows(&r->show, g))
		return;
	put_columns(b, r, g);
	if (!group_defined(r, x, g)) {
		buf_printf(b, "%-24s not defined: %s\n", "-", metric_group_reason(g));
		return;
	}
	for (size_t i = 0; i < n_metrics; i++)
		if (r->show.show[i] && metrics[i].group == g)
			put_row(b, r, x, i);
}

static void
put_guarantee(struct buf *b, const struct result *x)
{
	struct buf text = {0};

	if (result_guarantee(x, &text))
		buf_printf(b, "privacy    %s\n", (const char *)text.p);
	buf_free(&text);
}

static void
put_trace(struct buf *b, const struct report *r, const struct result *x)
{
	buf_printf(b, "\nsynthetic  ");
	tsv_text(b, x->name);
	buf_printf(b, ": %zu %s records, %zu five-tuples", x->runs[0].records,
	    nsr_kind_name(r->kind), x->runs[0].flows);
	if (x->n > 1)
		buf_printf(b, ", the first of %zu traces", x->n);
	buf_printf(b, "\n");
	put_guarantee(b, x);
	if (report_counts_differ(r, x))
		buf_printf(b,
		    "note       it is scored against %zu records; the floor and the "
		    "verdicts hold for equal numbers.\n"
		    "           SA and DA are compared at the lesser number.\n",
		    r->ref_records);
	for (enum group g = 0; g < GROUPS; g++)
		put_group(b, r, x, g);
}

void
report_text(const struct report *r, struct buf *b)
{

	put_head(b, r);
	for (size_t k = 0; k < r->n; k++)
		put_trace(b, r, &r->results[k]);
}
