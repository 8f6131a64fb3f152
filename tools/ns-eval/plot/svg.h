/* svg.h: what gnuplot drew, made fit to stand in the page. */
#ifndef EVAL_SVG_H
#define EVAL_SVG_H

#include "base/err.h"
#include "base/mem.h"

/*
 * svg_inline: the n bytes that gnuplot wrote as one <svg> element, without prolog and
 * identifiers, cut to width x height px from above, with title for those who do not see
 * it.  The fixed colours of ink.h become CSS variables, coordinates are rounded to
 * 0.1 px, cells of one colour of a heat map are joined into one path.  NS_ECORRUPT:
 * this is not what gnuplot writes.
 */
int svg_inline(struct buf *out, const char *svg, size_t n, const char *title, int width,
    int height, struct ns_err *e);

#endif
