/* report_tsv.c: one row a metric and trace, for scripts. */
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

int
report_tsv(const struct report *r, struct out *o, struct ns_err *e)
{
	struct buf b = {0};
	int rc;

	buf_printf(&b, "metric\tvalue\tfloor\tindependent\tbootstrap\ttrace\n");
	for (size_t k = 0; k < r->n; k++) {
		const struct result *x = &r->results[k];

		for (size_t i = 0; i < n_metrics; i++) {
			if (!r->show.show[i])
				continue;
			buf_printf(&b, "%s", metrics[i].name);
			put_number(&b, x->value[i]);
			put_number(&b, r->floor[i]);
			put_number(&b, x->independent[i]);
			put_number(&b, x->bootstrap[i]);
			buf_put(&b, "\t", 1);
			put_name(&b, x->name);
			buf_put(&b, "\n", 1);
		}
	}
	rc = out_write(o, b.p, b.len, e);
	buf_free(&b);
	return rc;
}
