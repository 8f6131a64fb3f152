#include "tsv.h"

#include <math.h>

void
tsv_text(struct buf *b, const char *text)
{
	for (; *text != '\0'; text++) {
		char c = (unsigned char)*text < ' ' || *text == 127 ? '?' : *text;

		buf_put(b, &c, 1);
	}
}

void
tsv_number(struct buf *b, double v, int digits)
{
	if (isnan(v))
		buf_printf(b, "\tnan");
	else
		buf_printf(b, "\t%.*g", digits, v);
}
