/*
 * ink.h: the colours of the plots.  Files that gnuplot writes have the fixed colours,
 * which read well on white; the page has a CSS variable in place of each, so that they
 * follow light and dark.  The colours of the traces are those of Okabe and Ito, "Color
 * universal design", 2008, which people with colour vision deficiencies tell apart.
 */
#ifndef EVAL_INK_H
#define EVAL_INK_H

#include <stdbool.h>

#include "base/mem.h"

enum ink {
	INK_TEXT,
	INK_AXIS,
	INK_GRID,
	INK_REAL,
	INK_FLOOR,
	INK_BASELINE,
	INK_LIMIT,
	INK_SYNTHETIC,
	INK_HEAT = INK_SYNTHETIC + 6,
	INKS = INK_HEAT + 16
};
#define INKS_SYNTHETIC (INK_HEAT - INK_SYNTHETIC)
#define INKS_HEAT (INKS - INK_HEAT)

/* How the series of a role (enum figure_role) is drawn. */
struct pen {
	enum ink ink;
	double width;     /* px */
	const char *dash; /* gnuplot's dash type */
	const char *css;  /* border style of the legend */
};
struct pen pen_of_role(int role);

/* ink_fixed: "#0072b2".  ink_css: the name of the variable, "--s0". */
const char *ink_fixed(enum ink i);
const char *ink_css(enum ink i);
/* ink_find: the ink of that fixed colour 0xRRGGBB, or -1. */
int ink_find(unsigned long rgb);

/* put_inks: style sheet lines that set all variables, for light or for dark. */
void put_inks(struct buf *b, bool dark);

#endif
