#include "inputs.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "stream/schema.h"

/* Loads one more trace; fails where it is smaller than -n asks for. */
static int
load(struct trace **t, struct inputs *in, const struct eval_conf *c, const char *path,
    struct ns_err *e)
{
	*t = trace_load(path, in->real != NULL ? in->real->kind : 0, &in->tables, e);
	if (*t == NULL)
		return e->code;
	if (c->count > (*t)->n)
		return ns_fail(e, NS_EUSAGE, "-n: '%s' has only %zu records, not %llu",
		    (*t)->name, (*t)->n, (unsigned long long)c->count);
	return NS_OK;
}

/* What the command line cannot know: the kind, and what is at hand for a group. */
static int
settle_selection(struct inputs *in, const struct eval_conf *c, struct ns_err *e)
{
	int kind = in->real->kind, rc;

	in->selection = c->selection;
	if (c->benign == NULL)
		select_drop(&in->selection, GROUP_BOTNET);
	if (c->referees == NULL)
		select_drop(&in->selection, GROUP_COMPLIANCE);
	rc = select_kind(&in->selection, kind, e);
	if (rc == NS_OK)
		rc = gates_check_selection(c->gates, &in->selection, kind, e);
	return rc;
}

static int
load_all(struct inputs *in, const struct eval_conf *c, struct ns_err *e)
{
	int rc = load(&in->real, in, c, c->real, e);

	if (rc == NS_OK)
		rc = settle_selection(in, c, e);
	if (rc == NS_OK && c->hold_out != NULL)
		rc = load(&in->hold_out, in, c, c->hold_out, e);
	if (rc == NS_OK && c->benign != NULL)
		rc = load(&in->benign, in, c, c->benign, e);
	in->synth = xcalloc((size_t)c->n_synth, sizeof *in->synth);
	for (; rc == NS_OK && in->n_synth < c->n_synth; in->n_synth++)
		rc =
		    load(&in->synth[in->n_synth], in, c, c->synth[in->n_synth].path, e);
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
	trace_free(in->benign);
	trace_free(in->hold_out);
	trace_free(in->real);
	tables_free(&in->tables);
}
