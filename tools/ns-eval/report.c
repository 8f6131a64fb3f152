#include "report.h"

#include <math.h>
#include <stdlib.h>

void
report_free(struct report *r)
{
	for (size_t i = 0; i < r->n; i++)
		free(r->results[i].name);
	free(r->results);
}

const char *
verdict(double value, double floor, double independent)
{
	if (isnan(value))
		return "not defined";
	if (value <= FLOOR_MARGIN * floor)
		return "at the floor";
	if (value < independent)
		return "better than independent columns";
	if (value > independent)
		return "worse than no learning";
	if (value == independent)
		return "as independent columns";
	return "no baseline";
}
