/*
 * opt.h: parsing and printing of an option table (tool.h); used by tool.c alone.
 */
#ifndef BASE_OPT_H
#define BASE_OPT_H

#include <stdio.h>

#include "base/tool.h"

/* opt_value: parse text into o->var and set *o->given.  NS_EUSAGE names the option. */
int opt_value(const struct opt_def *o, const char *text, struct ns_err *e);

/* opt_find_long, opt_find_short: the table's entry or NULL.  A long name ends at '='.
 */
const struct opt_def *opt_find_long(const struct opt_def *o, size_t n,
    const char *name);
const struct opt_def *opt_find_short(const struct opt_def *o, size_t n, char letter);

/* opt_print: two columns, one option a line, in the table's order. */
void opt_print(FILE *f, const struct opt_def *o, size_t n);

#endif
