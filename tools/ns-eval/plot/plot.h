/*
 * plot.h: a figure as a script for gnuplot 5.4.  Texts of others stand in
 * single quotes and are never taken as commands.
 */
#ifndef EVAL_PLOT_H
#define EVAL_PLOT_H

#include <stdbool.h>

#include "base/mem.h"
#include "figure/figure.h"

#define PLOT_WIDTH 480 /* px of every figure; letters are PLOT_FONT px high */
#define PLOT_FONT 14

/*
 * plot_script: a script that holds its data and writes NAME.svg and NAME.png into the
 * folder that is its first argument, or the present one.  *height: px of the figure
 * without the legend that stands below it, as the page has its own.  False, and nothing
 * is put: the figure has nothing to draw.
 */
bool plot_script(struct buf *b, const struct figure *f, int *height);

/* plot_note: a sentence on values that an axis cannot show as they are, or nothing. */
void plot_note(struct buf *b, const struct figure *f);

#endif
