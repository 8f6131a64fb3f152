/* tsv.c: one row a metric and trace, for scripts. */
#include "figure/tsv.h"
#include "base/mem.h"
#include "report.h"

#define DIGITS 12

static void
put_row(struct buf *b, const struct report *r, const struct result *x, size_t i)
{
	buf_printf(b, "%s", metrics[i].name);
	tsv_number(b, scores_mean(&x->value, i), DIGITS);
	tsv_number(b, scores_mean(&x->floor, i), DIGITS);
	tsv_number(b, scores_mean(&x->independent, i), DIGITS);
	tsv_number(b, scores_mean(&x->bootstrap, i), DIGITS);
	buf_put(b, "\t", 1);
	tsv_text(b, x->name);
	if (r->repeats)
		tsv_number(b, scores_deviation(&x->value, i), DIGITS);
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
