#include "battery.h"

#include "rules.h"

void
rules_battery(const struct pair *p, double *v)
{
	size_t applies[RULES], passes[RULES];

	rules_share(p->cand->t, p->tables, p->ref->span, applies, passes);
	for (int i = 0; i < RULES; i++)
		v[i] = rules_ratio(applies[i], passes[i]);
}
