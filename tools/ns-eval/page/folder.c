#include "folder.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"
#include "base/mem.h"
#include "draw/draw.h"
#include "html.h"
#include "stream/schema.h"
#include "texts.h"

#define HEADLINES 4
#define TEXT_MAX 400

/* A page with all that it points to. */
struct sheaf {
	struct page page;
	struct page_trace *traces;
	struct page_headline (*headlines)[HEADLINES];
	char (*values)[HEADLINES][24];
	char (*sentences)[TEXT_MAX];
	struct page_group groups[GROUPS];
	struct page_row *rows;    /* (n_metrics) */
	struct page_value *cells; /* (n_metrics, results) */
	char (*measures)[40];     /* (n_metrics) */
	char facts[4][TEXT_MAX];
	const char *paragraphs[4];
	char origin[2][TEXT_MAX];
	const char *provenance[2];
};

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
	case VERDICT_LEAKS:
		return PAGE_BAD;
	default:
		return PAGE_NONE;
	}
}

/* ---- The cards of the traces. ---- */

static const struct {
	const char *metric, *caption;
} headlines[HEADLINES] = {
    {"mean_jsd", "single fields, mean JSD"},
    {"mean_joint_jsd", "fields together, mean JSD"},
    {"classifier_records", "classifier, ROC-AUC"},
    {"leak_mia_auc", "membership inference, ROC-AUC"},
};

static size_t
fill_headlines(struct page_headline *h, char (*value)[24], const struct report *r,
    const struct result *x)
{
	size_t n = 0;

	for (size_t k = 0; k < HEADLINES; k++) {
		const char *name = headlines[k].metric;
		int i = metric_find(name, strlen(name));

		if (!r->show.show[i] || x->value.n[i] == 0)
			continue;
		snprintf(value[n], sizeof *value, "%.3g",
		    scores_mean(&x->value, (size_t)i));
		h[n].caption = headlines[k].caption;
		h[n].value = value[n];
		h[n].class = class_of(verdict_of(x, (size_t)i));
		n++;
	}
	return n;
}

/* How many of the tests for copying alarm. */
static void
put_leaks(char *text, size_t len, const struct report *r, const struct result *x)
{
	size_t alarms = 0, clear = 0;

	for (size_t i = 0; i < n_metrics; i++) {
		enum verdict v = verdict_of(x, i);

		if (!r->show.show[i])
			continue;
		alarms += v == VERDICT_LEAKS;
		clear += v == VERDICT_CLEAR;
	}
	if (alarms > 0)
		snprintf(text, len,
		    " %zu of %zu tests say that it copies its training data: see below "
		    "before you hand it out.",
		    alarms, alarms + clear);
	else if (clear > 0)
		snprintf(text, len,
		    " None of %zu tests says that it copies its training data.", clear);
	else
		snprintf(text, len,
		    " Whether it copies its training data cannot be told without a "
		    "hold-out.");
}

static void
fill_trace(struct page_trace *t, struct sheaf *s, const struct report *r, size_t k)
{
	const struct result *x = &r->results[k];
	char leaks[TEXT_MAX / 2] = "";

	t->label = x->name;
	t->records = x->records;
	t->flows = x->flows;
	for (size_t i = 0; i < n_metrics; i++)
		if (r->show.show[i])
			t->verdicts[class_of(verdict_of(x, i))]++;
	t->headlines = s->headlines[k];
	t->n_headlines = fill_headlines(s->headlines[k], s->values[k], r, x);
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
		if (r->results[k].value.n[i] > 0)
			return true;
	return false;
}

static void
fill_row(struct sheaf *s, const struct report *r, size_t i)
{
	const struct metric *m = &metrics[i];
	const struct result *x = &r->results[0];
	struct page_row *row = &s->rows[i];
	struct page_value *cell = s->cells + i * r->n;

	snprintf(s->measures[i], sizeof s->measures[i], "%s%s%s", m->measure,
	    m->unit[0] != '\0' ? ", " : "", m->unit);
	row->metric = m->name;
	row->measure = s->measures[i];
	row->text = m->about;
	row->values = cell;
	row->floor = scores_mean(&x->floor, i);
	row->independent = scores_mean(&x->independent, i);
	row->bootstrap = scores_mean(&x->bootstrap, i);
	for (size_t k = 0; k < r->n; k++) {
		enum verdict v = verdict_of(&r->results[k], i);

		cell[k].value = scores_mean(&r->results[k].value, i);
		cell[k].dev = scores_deviation(&r->results[k].value, i);
		cell[k].verdict = verdict_text(v);
		cell[k].class = class_of(v);
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

static void
fill_facts(struct sheaf *s, const struct report *r)
{
	size_t n = 0;

	snprintf(s->facts[n++], TEXT_MAX,
	    "The real trace is %s: %zu %s records in %zu flows (five-tuples).", r->real,
	    r->real_records, nsr_kind_name(r->kind), r->real_flows);
	if (r->hold_out != NULL)
		snprintf(s->facts[n++], TEXT_MAX,
		    "It is the half that was trained on; synthetic traces are scored "
		    "against the other half, %s, %zu records. The floor is the "
		    "training "
		    "half scored against it.",
		    r->hold_out, r->ref_records);
	else if (r->floor_records[0] > 0)
		snprintf(s->facts[n++], TEXT_MAX,
		    "The floor is one half of it scored against the other, %zu and %zu "
		    "records, split by flow. Fewer records score worse, so this floor "
		    "is generous; a hold-out gives a fair one.",
		    r->floor_records[0], r->floor_records[1]);
	else
		snprintf(s->facts[n++], TEXT_MAX,
		    "It cannot be halved by flow, so there is no floor.");
	if (r->repeats)
		snprintf(s->facts[n++], TEXT_MAX,
		    "Scores are means over repeats, with the deviation behind the "
		    "sign +/-.");
	for (size_t i = 0; i < n; i++)
		s->paragraphs[i] = s->facts[i];
	s->page.paragraphs = s->paragraphs;
	s->page.n_paragraphs = n;
	snprintf(s->origin[0], TEXT_MAX, "ns-eval %s, seed %llu, %llu repeat%s",
	    NS_VERSION, (unsigned long long)r->seed, (unsigned long long)r->seeds,
	    r->seeds == 1 ? "" : "s");
	s->provenance[0] = s->origin[0];
	s->page.provenance = s->provenance;
	s->page.n_provenance = 1;
}

static void
sheaf_init(struct sheaf *s, const struct report *r)
{
	memset(s, 0, sizeof *s);
	s->traces = xcalloc(r->n, sizeof *s->traces);
	s->headlines = xcalloc(r->n, sizeof *s->headlines);
	s->values = xcalloc(r->n, sizeof *s->values);
	s->sentences = xcalloc(r->n, sizeof *s->sentences);
	s->rows = xcalloc(n_metrics, sizeof *s->rows);
	s->cells = xcalloc(size_mul(n_metrics, r->n), sizeof *s->cells);
	s->measures = xcalloc(n_metrics, sizeof *s->measures);
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

static void
sheaf_free(struct sheaf *s)
{
	free(s->traces);
	free(s->headlines);
	free(s->values);
	free(s->sentences);
	free(s->rows);
	free(s->cells);
	free(s->measures);
}

static int
write_page(const struct report *r, const char *dir, struct ns_err *e)
{
	bool no_gnuplot = false;
	struct sheaf s;
	int rc;

	sheaf_init(&s, r);
	rc = page_write(&s.page, dir, &no_gnuplot, e);
	if (rc >= 0 && no_gnuplot)
		log_warn("gnuplot is not installed: '%s/index.html' has no plots", dir);
	sheaf_free(&s);
	return rc;
}

/* ---- The files beside it. ---- */

static int
write_figures(const struct report *r, struct out *o, struct ns_err *e)
{
	struct buf b = {0};
	int rc;

	figures_table(&b, &r->figures);
	rc = out_write(o, b.p, b.len, e);
	buf_free(&b);
	return rc;
}

static int
write_file(const struct report *r, const char *dir, const char *name,
    int (*write)(const struct report *, struct out *, struct ns_err *),
    struct ns_err *e)
{
	struct buf path = {0};
	struct out *o;
	int rc;

	buf_printf(&path, "%s/%s", dir, name);
	o = out_open((const char *)path.p, false, e);
	rc = o != NULL ? write(r, o, e) : e->code;
	if (rc < 0)
		out_abort(o);
	else
		rc = out_commit(o, e);
	buf_free(&path);
	return rc;
}

int
report_folder(struct report *r, const char *dir, struct ns_err *e)
{
	int rc;

	draw_scores(r);
	if (mkdir(dir, 0777) != 0 && errno != EEXIST)
		return ns_fail_errno(e, NS_ECREATE, "cannot make '%s'", dir);
	rc = write_file(r, dir, "scores.txt", report_text, e);
	if (rc >= 0)
		rc = write_file(r, dir, "scores.tsv", report_tsv, e);
	if (rc >= 0)
		rc = write_file(r, dir, "scores.json", report_json, e);
	if (rc >= 0)
		rc = write_file(r, dir, "figures.tsv", write_figures, e);
	if (rc >= 0)
		rc = write_page(r, dir, e);
	return rc;
}
