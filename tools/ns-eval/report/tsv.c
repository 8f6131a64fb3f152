/* tsv.c: one row a metric and trace, for scripts. */
#include "figure/tsv.h"
#include "base/mem.h"
#include "report.h"

#define DIGITS 12

static void
put_row(struct buf *b, const struct report *r, const struct result *x, size_t i)
{
	buf_printf(b, "%s", metrics[i].name);
	tsv_number(b, result_mean(x, SCORE_VALUE, i), DIGITS);
	tsv_number(b, result_mean(x, SCORE_FLOOR, i), DIGITS);
	tsv_number(b, result_mean(x, SCORE_INDEPENDENT, i), DIGITS);
	tsv_number(b, result_mean(x, SCORE_BOOTSTRAP, i), DIGITS);
	buf_put(b, "\t", 1);
	tsv_text(b, x->name);
	if (r->repeats)
		tsv_number(b, result_deviation(x, SCORE_VALUE, i), DIGITS);
	buf_put(b, "\n", 1);
}

void
report_tsv(const struct report *r, struct buf *b)
{

	buf_printf(b, "metric\tvalue\tfloor\tindependent\tbootstrap\ttrace%s\n",
	    r->repeats ? "\tdeviation" : "");
	for (size_t k = 0; k < r->n; k++)
		for (size_t i = 0; i < n_metrics; i++)
			if (r->show.show[i])
				put_row(b, r, &r->results[k], i);
}
