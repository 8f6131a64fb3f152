#include "inputs.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "stream/schema.h"

/* Loads one more trace. */
static int
load(struct trace **t, struct inputs *in, const char *path, struct ns_err *e)
{
	*t = trace_load(path, in->real != NULL ? in->real->kind : 0, &in->tables, e);
	return *t != NULL ? NS_OK : e->code;
}

/* The same of one that -n thins; fails where it is smaller. */
static int
load_counted(struct trace **t, struct inputs *in, const struct eval_conf *c,
    const char *path, struct ns_err *e)
{
	int rc = load(t, in, path, e);

	if (rc == NS_OK && c->count > (*t)->n)
		rc = ns_fail(e, NS_EUSAGE, "-n: '%s' has only %zu records, not %llu",
		    (*t)->name, (*t)->n, (unsigned long long)c->count);
	return rc;
}

/* Leave out a group that is not to be had, unless it was asked for by name. */
static int
leave_out(struct selection *s, enum group g, const char *needs, struct ns_err *e)
{
	if (s->named[g])
		return ns_fail(e, NS_EUSAGE, "-m: group %s needs %s",
		    metric_group_name(g), needs);
	select_drop(s, g);
	return NS_OK;
}

/* What the command line cannot know: the kind, and what is at hand for a group. */
static int
settle_selection(struct inputs *in, const struct eval_conf *c, struct ns_err *e)
{
	struct selection *s = &in->selection;
	int kind = in->real->kind, rc = NS_OK;

	*s = c->selection;
	if (c->benign == NULL)
		rc = leave_out(s, GROUP_BOTNET, metric_needs(GROUP_BOTNET), e);
	if (rc == NS_OK && c->referees == NULL)
		rc = leave_out(s, GROUP_COMPLIANCE, metric_needs(GROUP_COMPLIANCE), e);
	/* a flow that has lost records is no copy any more */
	if (rc == NS_OK && c->count > 0)
		rc = leave_out(s, GROUP_LEAKAGE, "whole traces: no -n", e);
	if (rc == NS_OK)
		rc = select_kind(s, kind, e);
	if (rc == NS_OK)
		rc = gates_check_selection(c->gates, s, kind, e);
	return rc;
}

/* The captures of the table are those of the operands, in their order. */
static int
load_referees(struct inputs *in, const struct eval_conf *c, struct ns_err *e)
{
	int rc = referees_read(c->referees, &in->referees, e);
	size_t n = in->referees.n;

	if (rc < 0)
		return rc;
	if (n == 0) /* none is installed */
		log_warn("'%s' is empty: no scores of compliance", c->referees);
	else if (n != 1 + (size_t)c->n_synth)
		return ns_fail(e, NS_EKIND,
		    "'%s' is about %zu captures, not about a real and %d synthetic "
		    "ones",
		    c->referees, n, c->n_synth);
	return NS_OK;
}

static int
load_all(struct inputs *in, const struct eval_conf *c, struct ns_err *e)
{
	int rc = load_counted(&in->real, in, c, c->real, e);

	if (rc == NS_OK)
		rc = settle_selection(in, c, e);
	if (rc == NS_OK && c->referees != NULL)
		rc = load_referees(in, c, e);
	if (rc == NS_OK && c->hold_out != NULL)
		rc = load_counted(&in->hold_out, in, c, c->hold_out, e);
	if (rc == NS_OK && c->benign != NULL)
		rc = load(&in->benign, in, c->benign, e);
	in->synth = xcalloc((size_t)c->n_synth, sizeof *in->synth);
	for (; rc == NS_OK && in->n_synth < c->n_synth; in->n_synth++)
		rc = load_counted(&in->synth[in->n_synth], in, c,
		    c->synth[in->n_synth].path, e);
	return rc;
}

int
inputs_load(struct inputs *in, const struct eval_conf *c, struct ns_err *e)
{
	memset(in, 0, sizeof *in);
	tables_init(&in->tables);
	return load_all(in, c, e);
}

void
inputs_free(struct inputs *in)
{
	for (int k = 0; k < in->n_synth; k++)
		trace_free(in->synth[k]);
	free(in->synth);
	referees_free(&in->referees);
	trace_free(in->benign);
	trace_free(in->hold_out);
	trace_free(in->real);
	tables_free(&in->tables);
}
