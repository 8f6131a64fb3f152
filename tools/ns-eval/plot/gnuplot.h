/* gnuplot.h: the one place that starts another program. */
#ifndef EVAL_GNUPLOT_H
#define EVAL_GNUPLOT_H

#include "base/err.h"

/*
 * gnuplot_run: run DIR/SCRIPT, with DIR as its argument, without a shell and without
 * the user's start-up files.  Returns 1: done; 0: there is no gnuplot; NS_EINTERNAL
 * with the last line that gnuplot said: it failed.
 */
int gnuplot_run(const char *dir, const char *script, struct ns_err *e);

#endif
