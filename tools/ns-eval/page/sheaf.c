#include "sheaf.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "stream/schema.h"
#include "texts.h"

static enum page_class
class_of(enum verdict v)
{
	switch (v) {
	case VERDICT_FLOOR:
	case VERDICT_CLEAR:
		return PAGE_GOOD;
	case VERDICT_BETTER:
		return PAGE_FAIR;
	case VERDICT_SAME:
	case VERDICT_WORSE:
	case VERDICT_SHORT:
	case VERDICT_LEAKS:
		return PAGE_BAD;
	default:
		return PAGE_NONE;
	}
}

/* ---- The cards of the traces. ---- */

static const struct {
	const char *metric, *caption;
} headlines[HEADLINES - 1] = {
    {"mean_jsd", "single fields, mean JSD"},
    {"mean_joint_jsd", "fields together, mean JSD"},
    {"classifier_records", "a classifier tells it, ROC-AUC; .5 is best"},
};

/* One number with what it is held against. */
static void
put_headline(struct page_headline *h, struct headline_text *text, const char *caption,
    const struct report *r, const struct result *x, size_t i)
{
	snprintf(text->value, sizeof text->value, "%.3g",
	    result_mean(x, SCORE_VALUE, i));
	snprintf(text->caption, sizeof text->caption,
	    "%s (floor %.3g, no learning %.3g)", caption,
	    result_mean(x, SCORE_FLOOR, i), result_mean(x, SCORE_INDEPENDENT, i));
	h->caption = text->caption;
	h->value = text->value;
	h->class = class_of(verdict_of(r, x, i));
}

/* How many of the tests for copying alarm, of how many that can tell. */
static size_t
count_leaks(const struct report *r, const struct result *x, size_t *tests)
{
	size_t alarms = 0;

	*tests = 0;
	for (size_t i = 0; i < n_metrics; i++) {
		enum verdict v = verdict_of(r, x, i);

		if (!r->show.show[i])
			continue;
		alarms += v == VERDICT_LEAKS;
		*tests += v == VERDICT_LEAKS || v == VERDICT_CLEAR;
	}
	return alarms;
}

static size_t
fill_headlines(struct page_headline *h, struct headline_text *text,
    const struct report *r, const struct result *x)
{
	size_t n = 0, tests, alarms = count_leaks(r, x, &tests);

	for (size_t k = 0; k < HEADLINES - 1; k++) {
		const char *name = headlines[k].metric;
		int i = metric_find(name, strlen(name));

		if (!r->show.show[i] || isnan(result_mean(x, SCORE_VALUE, (size_t)i)))
			continue;
		put_headline(&h[n], &text[n], headlines[k].caption, r, x, (size_t)i);
		n++;
	}
	if (tests == 0)
		return n;
	snprintf(text[n].value, sizeof text[n].value, "%zu of %zu", alarms, tests);
	h[n].caption = "tests say that it copies its training data";
	h[n].value = text[n].value;
	h[n].class = alarms > 0 ? PAGE_BAD : PAGE_GOOD;
	return n + 1;
}

/* What the tests for copying say, in a sentence. */
static void
put_leaks(char *text, size_t len, const struct report *r, const struct result *x)
{
	size_t tests, alarms = count_leaks(r, x, &tests);

	if (alarms > 0)
		snprintf(text, len,
		    " %zu of %zu tests say that it copies its training data: see below "
		    "before you hand it out.",
		    alarms, tests);
	else if (tests > 0)
		snprintf(text, len,
		    " None of %zu tests says that it copies its training data.", tests);
	else
		snprintf(text, len,
		    " Whether it copies its training data cannot be told%s.",
		    r->hold_out == NULL ? " without a hold-out"
					: ": there are too few flows, or the hold-out "
					  "was learnt too");
}

static void
fill_trace(struct page_trace *t, struct sheaf *s, const struct report *r, size_t k)
{
	const struct result *x = &r->results[k];
	char leaks[TEXT_MAX / 2] = "";

	t->label = x->name;
	t->records = x->runs[0].records;
	t->flows = x->runs[0].flows;
	if (result_guarantee(x, &s->guarantees[k]))
		t->guarantee = (const char *)s->guarantees[k].p;
	for (size_t i = 0; i < n_metrics; i++) {
		enum verdict v = verdict_of(r, x, i);

		/* copying has a sentence of its own: it is not a question of quality */
		if (r->show.show[i] && metrics[i].group != GROUP_LEAKAGE &&
		    v != VERDICT_UNDEFINED)
			t->verdicts[class_of(v)]++;
	}
	t->headlines = s->headlines[k];
	t->n_headlines = fill_headlines(s->headlines[k], s->texts[k], r, x);
	if (select_shows(&r->show, GROUP_LEAKAGE))
		put_leaks(leaks, sizeof leaks, r, x);
	snprintf(s->sentences[k], TEXT_MAX,
	    "Of %zu scores %zu are as good as it gets, %zu better than resampled "
	    "columns "
	    "and %zu no better than no learning.%s",
	    t->verdicts[PAGE_GOOD] + t->verdicts[PAGE_FAIR] + t->verdicts[PAGE_BAD],
	    t->verdicts[PAGE_GOOD], t->verdicts[PAGE_FAIR], t->verdicts[PAGE_BAD],
	    leaks);
	t->sentence = s->sentences[k];
}

/* ---- The tables. ---- */

static bool
row_defined(const struct report *r, size_t i)
{
	for (size_t k = 0; k < r->n; k++)
		if (!isnan(result_mean(&r->results[k], SCORE_VALUE, i)))
			return true;
	return false;
}

/* The verdict; of copying with the bound that it is judged by, which is not the same
 * for all traces. */
static void
put_verdict(char text[VERDICT_TEXT], const struct report *r, const struct result *x,
    size_t i)
{
	double bound = result_mean(x, SCORE_FLOOR, i);
	const char *verdict = verdict_text(verdict_of(r, x, i));

	if (metrics[i].group == GROUP_LEAKAGE && !isnan(bound))
		snprintf(text, VERDICT_TEXT, "%s, bound %.3g", verdict, bound);
	else
		snprintf(text, VERDICT_TEXT, "%s", verdict);
}

static void
fill_row(struct sheaf *s, const struct report *r, size_t i)
{
	const struct metric *m = &metrics[i];
	const struct result *x = &r->results[0];
	struct page_row *row = &s->rows[i];
	struct page_value *cell = s->cells + i * r->n;

	snprintf(s->measures[i], sizeof s->measures[i], "%s%s%s%s", m->measure,
	    m->unit[0] != '\0' ? ", " : "", m->unit,
	    m->higher ? "; more is better" : "");
	row->metric = m->name;
	row->measure = s->measures[i];
	row->text = m->about;
	row->values = cell;
	row->floor = m->group != GROUP_LEAKAGE ? result_mean(x, SCORE_FLOOR, i) : NAN;
	row->independent = result_mean(x, SCORE_INDEPENDENT, i);
	row->bootstrap = result_mean(x, SCORE_BOOTSTRAP, i);
	for (size_t k = 0; k < r->n; k++) {
		const struct result *y = &r->results[k];

		cell[k].value = result_mean(y, SCORE_VALUE, i);
		cell[k].dev = result_deviation(y, SCORE_VALUE, i);
		put_verdict(s->verdicts[i * r->n + k], r, y, i);
		cell[k].verdict = s->verdicts[i * r->n + k];
		cell[k].class = class_of(verdict_of(r, y, i));
	}
}

/* Rows of a group are neighbours; those without any value close up. */
static void
fill_groups(struct sheaf *s, const struct report *r)
{
	size_t n = 0, at = 0;

	for (enum group g = 0; g < GROUPS; g++) {
		struct page_group *group = &s->groups[n];
		size_t first = at;

		for (size_t i = 0; i < n_metrics; i++) {
			if (metrics[i].group != g || !r->show.show[i] ||
			    !row_defined(r, i))
				continue;
			fill_row(s, r, i);
			s->rows[at++] = s->rows[i];
		}
		if (at == first)
			continue;
		group->name = metric_group_name(g);
		group->title = metric_group_title(g);
		group->explanation = text_of_group(g);
		group->rows = s->rows + first;
		group->n_rows = at - first;
		n++;
	}
	s->page.groups = s->groups;
	s->page.n_groups = n;
}

/* ---- What the page says of itself. ---- */

/* One more paragraph. */
static void NS_PRINTF(2, 3) add_fact(struct sheaf *s, const char *fmt, ...)
{
	char *fact = s->facts[s->page.n_paragraphs];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(fact, TEXT_MAX, fmt, ap);
	va_end(ap);
	s->paragraphs[s->page.n_paragraphs++] = fact;
}

static void
add_floor_fact(struct sheaf *s, const struct report *r)
{
	if (r->hold_out != NULL)
		add_fact(s,
		    "All that follows compares with %s, %zu records of the same real "
		    "trace that were held out. The floor is what was learnt scored "
		    "against them.",
		    r->hold_out, r->hold_out_records);
	else if (r->floor_records[0] > 0)
		add_fact(s,
		    "The floor is one half of it scored against the other, %zu and %zu "
		    "records, split by flow. Fewer records score worse, so this floor "
		    "is generous; a hold-out gives a fair one.",
		    r->floor_records[0], r->floor_records[1]);
	else
		add_fact(s, "It cannot be halved by flow, so there is no floor.");
}

static void
fill_facts(struct sheaf *s, const struct report *r)
{
	bool differ = false;

	s->page.paragraphs = s->paragraphs;
	if (report_leaks(r))
		add_fact(s, "%s %s", leaky_report[0], leaky_report[1]);
	add_fact(s, "%s %s: %zu %s records in %zu flows (five-tuples).",
	    r->hold_out != NULL ? "The generator learnt" : "The real trace is", r->real,
	    r->real_records, nsr_kind_name(r->kind), r->real_flows);
	add_floor_fact(s, r);
	if (r->count > 0)
		add_fact(s, "All are compared at %llu records, drawn at random.",
		    (unsigned long long)r->count);
	for (size_t k = 0; k < r->n; k++)
		differ = differ || report_counts_differ(r, &r->results[k]);
	if (differ)
		add_fact(s,
		    "Not all traces have as many records as what they are scored "
		    "against; the floor and the verdicts hold for equal numbers.");
	if (r->benign != NULL)
		add_fact(s, "Benign traffic, for botnet detection, is %s.", r->benign);
	if (r->repeats)
		add_fact(s,
		    "Scores are means over repeats, with the deviation behind the "
		    "sign +/-.");
	snprintf(s->origin, TEXT_MAX, "ns-eval %s, seed %llu, %llu repeat%s",
	    NS_VERSION, (unsigned long long)r->seed, (unsigned long long)r->seeds,
	    r->seeds == 1 ? "" : "s");
	s->provenance[0] = s->origin;
	s->page.provenance = s->provenance;
	s->page.n_provenance = 1;
}

void
sheaf_init(struct sheaf *s, const struct report *r)
{
	memset(s, 0, sizeof *s);
	s->traces = xcalloc(r->n, sizeof *s->traces);
	s->headlines = xcalloc(r->n, sizeof *s->headlines);
	s->texts = xcalloc(r->n, sizeof *s->texts);
	s->sentences = xcalloc(r->n, sizeof *s->sentences);
	s->guarantees = xcalloc(r->n, sizeof *s->guarantees);
	s->rows = xcalloc(n_metrics, sizeof *s->rows);
	s->cells = xcalloc(size_mul(n_metrics, r->n), sizeof *s->cells);
	s->measures = xcalloc(n_metrics, sizeof *s->measures);
	s->verdicts = xcalloc(size_mul(n_metrics, r->n), sizeof *s->verdicts);
	for (size_t k = 0; k < r->n; k++)
		fill_trace(&s->traces[k], s, r, k);
	fill_groups(s, r);
	fill_facts(s, r);
	s->page.title = "How good is the synthetic trace?";
	s->page.kind = nsr_kind_name(r->kind);
	s->page.class_name[PAGE_GOOD] = "as good as it gets";
	s->page.class_name[PAGE_FAIR] = "better than resampled columns";
	s->page.class_name[PAGE_BAD] = "no better than no learning";
	s->page.class_name[PAGE_NONE] = "not to be judged";
	s->page.traces = s->traces;
	s->page.n_traces = r->n;
	s->page.terms = page_terms;
	s->page.n_terms = n_page_terms;
	s->page.figures = &r->figures;
}

void
sheaf_free(struct sheaf *s)
{
	for (size_t k = 0; k < s->page.n_traces; k++)
		buf_free(&s->guarantees[k]);
	free(s->guarantees);
	free(s->traces);
	free(s->headlines);
	free(s->texts);
	free(s->sentences);
	free(s->rows);
	free(s->cells);
	free(s->measures);
	free(s->verdicts);
}
