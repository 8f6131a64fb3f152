/* tsv.c: one row a metric and trace, for scripts. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "report.h"

/* Tabs and control characters of a name would break the rows. */
static void
put_name(struct buf *b, const char *name)
{
	for (; *name != '\0'; name++) {
		char c = (unsigned char)*name < ' ' || *name == 127 ? '?' : *name;

		buf_put(b, &c, 1);
	}
}

static void
put_number(struct buf *b, double v)
{
	if (isnan(v))
		buf_printf(b, "\tnan");
	else
		buf_printf(b, "\t%.12g", v);
}

static void
put_row(struct buf *b, const struct report *r, const struct result *x, size_t i)
{
	buf_printf(b, "%s", metrics[i].name);
	put_number(b, scores_mean(&x->value, i));
	put_number(b, scores_mean(&x->floor, i));
	put_number(b, scores_mean(&x->independent, i));
	put_number(b, scores_mean(&x->bootstrap, i));
	buf_put(b, "\t", 1);
	put_name(b, x->name);
	if (r->repeats)
		put_number(b, scores_deviation(&x->value, i));
	buf_put(b, "\n", 1);
}

int
report_tsv(const struct report *r, struct out *o, struct ns_err *e)
{
	struct buf b = {0};
	int rc;

	buf_printf(&b, "metric\tvalue\tfloor\tindependent\tbootstrap\ttrace%s\n",
	    r->repeats ? "\tdeviation" : "");
	for (size_t k = 0; k < r->n; k++)
		for (size_t i = 0; i < n_metrics; i++)
			if (r->show.show[i])
				put_row(&b, r, &r->results[k], i);
	rc = out_write(o, b.p, b.len, e);
	buf_free(&b);
	return rc;
}
