#include "svgpath.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* In tenths of px. */
struct point {
	long x, y;
};

static void
put_tenths(struct buf *out, long v)
{
	if (v % 10 == 0)
		buf_printf(out, "%ld", v / 10);
	else
		buf_printf(out, "%s%ld.%ld", v < 0 ? "-" : "", labs(v) / 10,
		    labs(v) % 10);
}

static void
put_to(struct buf *out, char command, struct point p)
{
	buf_put(out, &command, 1);
	put_tenths(out, p.x);
	buf_put(out, " ", 1);
	put_tenths(out, p.y);
}

/* "59.15,321.00" at *p, which moves behind it.  The attribute ends with a quote, where
 * strtod stops. */
static bool
read_point(const char **p, const char *end, struct point *q)
{
	char *after;
	double x, y;

	x = strtod(*p, &after);
	if (after == *p || after >= end || *after != ',')
		return false;
	*p = after + 1;
	y = strtod(*p, &after);
	if (after == *p || after > end || fabs(x) > 1e6 || fabs(y) > 1e6)
		return false;
	*p = after;
	q->x = lround(x * 10);
	q->y = lround(y * 10);
	return true;
}

static void
put_segment(struct buf *out, struct point from, struct point to)
{
	if (from.x == to.x && from.y == to.y)
		return;
	if (from.y == to.y) {
		buf_put(out, "H", 1);
		put_tenths(out, to.x);
	} else if (from.x == to.x) {
		buf_put(out, "V", 1);
		put_tenths(out, to.y);
	} else {
		put_to(out, 'L', to);
	}
}

static const char *
skip_blanks(const char *p, const char *end)
{
	while (p < end && strchr(" \t\n", *p) != NULL)
		p++;
	return p;
}

static bool
put_short(struct buf *out, const char *d, size_t n)
{
	const char *end = d + n, *p = skip_blanks(d, end);
	struct point at = {0, 0}, to;

	for (; p < end; p = skip_blanks(p, end)) {
		char command = *p++;

		if (command == 'Z') {
			buf_put(out, "z", 1);
			continue;
		}
		if ((command != 'M' && command != 'L') || !read_point(&p, end, &to))
			return false;
		if (command == 'M')
			put_to(out, 'M', to);
		else
			put_segment(out, at, to);
		at = to;
	}
	return true;
}

void
svg_put_path(struct buf *out, const char *d, size_t n)
{
	size_t start = out->len;

	if (put_short(out, d, n))
		return;
	out->len = start;
	buf_put(out, d, n);
}

bool
svg_put_box(struct buf *out, const char *points, size_t n)
{
	const char *end = points + n, *p = points;
	struct point q[4];

	for (int i = 0; i < 4; i++)
		if (!read_point(&p, end, &q[i]))
			return false;
	if (skip_blanks(p, end) != end || q[0].y != q[1].y || q[1].x != q[2].x ||
	    q[2].y != q[3].y || q[3].x != q[0].x)
		return false;
	put_to(out, 'M', q[0]);
	put_segment(out, q[0], q[1]);
	put_segment(out, q[1], q[2]);
	put_segment(out, q[2], q[3]);
	buf_put(out, "z", 1);
	return true;
}
