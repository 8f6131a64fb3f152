/* svgpath.h: gnuplot's paths in fewer bytes: 0.1 px, and H and V where a line is level
 * or upright. */
#ifndef EVAL_SVGPATH_H
#define EVAL_SVGPATH_H

#include <stdbool.h>

#include "base/mem.h"

/* svg_put_path: path data of absolute M, L and Z; anything else is put as it is. */
void svg_put_path(struct buf *out, const char *d, size_t n);

/* svg_put_box: the four "x,y" points of an upright rectangle as path data; false, and
 * nothing is put: it is none. */
bool svg_put_box(struct buf *out, const char *points, size_t n);

#endif
