#include <string.h>

#include "chunk.h"

static int
check_steps(const struct intake *in, const struct spans *s, struct ns_err *e)
{
	uint32_t most =
	    series_steps_max(intake_of_flows(in), in->opts->unit != UNIT_NONE, s->n);

	if (in->opts->max_steps > most)
		return ns_fail(e, NS_EUSAGE,
		    "--max-steps %u: at most %u steps fit one record of %s",
		    in->opts->max_steps, most,
		    intake_of_flows(in) ? "flows" : "packets");
	return NS_OK;
}

static void
report(const struct intake *in, const struct spans *s, const struct regrouped *g)
{
	uint64_t cut = 0, series = 0;
	int i, empty = 0;

	for (i = 0; i < s->n; i++) {
		cut += g->total[i].cut;
		series += g->total[i].series;
		empty += g->total[i].records == 0;
	}
	if (in->outside > 0)
		log_warn("%llu records outside the window were left out",
		    (unsigned long long)in->outside);
	if (cut > 0)
		log_info("cut=%llu max_steps=%u", (unsigned long long)cut,
		    in->opts->max_steps);
	log_info("records=%llu series=%llu chunks=%d empty=%d longest=%u",
	    (unsigned long long)in->n, (unsigned long long)series, s->n, empty,
	    g->longest);
}

int
chunk_run(const struct tool *t, const struct chunk_opts *o, struct ns_err *e)
{
	struct regrouped g;
	struct intake in;
	struct spans s;
	int rc;

	memset(&g, 0, sizeof g);
	intake_init(&in, o);
	if ((rc = intake_read(&in, t, e)) < 0 || (rc = spans_make(&s, &in, e)) < 0)
		goto out;
	extsort_free(in.by_time);
	in.by_time = NULL;
	if ((rc = check_steps(&in, &s, e)) < 0 || (rc = regroup(&g, &in, &s, e)) < 0)
		goto out;
	extsort_free(in.by_flow);
	in.by_flow = NULL;
	if (o->unit == UNIT_NONE) /* of private traces no counts are told */
		report(&in, &s, &g);
	rc = chunks_write(t, &in, &s, &g, e);
out:
	regrouped_free(&g);
	intake_free(&in);
	return rc;
}
