/* battery.h: the rules as metrics: the share of the candidate's records that pass. */
#ifndef EVAL_RULES_BATTERY_H
#define EVAL_RULES_BATTERY_H

#include "data/metric.h"

/* v: one value a rule, in the order of enum rule_id. */
battery_fn rules_battery;

#endif
