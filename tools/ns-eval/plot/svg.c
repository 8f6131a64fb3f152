#include "svg.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "ink.h"
#include "markup.h"
#include "svgpath.h"

#define DEPTH_MAX 32
#define WHITE 0xffffffUL
#define NO_COLOUR ULONG_MAX

/* A piece of the input that is not its own. */
struct part {
	const char *p;
	size_t n;
};

struct tag {
	struct part name, attributes;
	bool closes, empty; /* </a>, <a/> */
};

struct svg {
	struct buf *out;
	const char *p, *end;
	struct buf cell[INKS_HEAT]; /* paths of the heat map's cells gathered so far */
	size_t before[DEPTH_MAX], after[DEPTH_MAX]; /* of each open <g> in out */
	size_t depth;
};

static bool
is(struct part a, const char *text)
{
	return a.n == strlen(text) && memcmp(a.p, text, a.n) == 0;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The next attribute of *rest; false at the end. */
static bool
next_attribute(struct part *rest, struct part *name, struct part *value)
{
	const char *p = rest->p, *end = rest->p + rest->n, *close;

	while (p < end && is_space(*p))
		p++;
	name->p = p;
	while (p < end && *p != '=' && !is_space(*p))
		p++;
	name->n = (size_t)(p - name->p);
	while (p < end && (is_space(*p) || *p == '='))
		p++;
	if (p >= end || (*p != '"' && *p != '\''))
		return false;
	close = memchr(p + 1, *p, (size_t)(end - p - 1));
	if (close == NULL)
		return false;
	value->p = p + 1;
	value->n = (size_t)(close - p - 1);
	rest->p = close + 1;
	rest->n = (size_t)(end - rest->p);
	return true;
}

static struct part
attribute(const struct tag *t, const char *name)
{
	struct part rest = t->attributes, n, v;

	while (next_attribute(&rest, &n, &v))
		if (is(n, name))
			return v;
	return (struct part){"", 0};
}

/* "rgb( 21, 25, 30)" or "#15191E" as a number. */
static unsigned long
colour_of(struct part v)
{
	unsigned long rgb = 0;
	const char *p = v.p + 4;
	char *end;

	if (v.n == 7 && v.p[0] == '#')
		return strtoul(v.p + 1, NULL, 16);
	if (v.n < 5 || memcmp(v.p, "rgb(", 4) != 0)
		return NO_COLOUR;
	for (int i = 0; i < 3; i++) {
		if (p >= v.p + v.n)
			return NO_COLOUR;
		rgb = rgb << 8 | (strtoul(p, &end, 10) & 0xff);
		p = end + 1;
	}
	return rgb;
}

static void
put_colour(struct buf *out, struct part v)
{
	unsigned long rgb = colour_of(v);
	int ink = rgb == NO_COLOUR ? -1 : ink_find(rgb);

	if (ink >= 0)
		buf_printf(out, "var(%s)", ink_css((enum ink)ink));
	else if (is(v, "black"))
		put_line(out, "currentColor");
	else
		buf_put(out, v.p, v.n);
}

/* Names, fonts and the colour of the background are the page's matter. */
static bool
is_dropped(struct part name)
{
	return is(name, "id") || is(name, "color") || is(name, "font-family") ||
	    is(name, "stroke-linecap");
}

static void
put_tag(struct buf *out, const struct tag *t)
{
	struct part rest = t->attributes, name, value;

	buf_printf(out, "<%.*s", (int)t->name.n, t->name.p);
	while (next_attribute(&rest, &name, &value)) {
		if (is_dropped(name))
			continue;
		buf_printf(out, " %.*s=\"", (int)name.n, name.p);
		if (is(name, "stroke") || is(name, "fill"))
			put_colour(out, value);
		else if (is(name, "d"))
			svg_put_path(out, value.p, value.n);
		else
			buf_put(out, value.p, value.n);
		put_line(out, "\"");
	}
	put_line(out, t->empty ? "/>" : ">");
}

/* All points of our plots are gnuplot's type 7, a filled circle. */
static void
put_marker(struct buf *out, const struct tag *t)
{
	struct part at = attribute(t, "transform"), colour = attribute(t, "color");

	if (colour_of(colour) == WHITE)
		return;
	put_line(out, "<circle r=\"1\" stroke=\"none\" fill=\"");
	put_colour(out, colour);
	buf_printf(out, "\" transform=\"%.*s\"/>", (int)at.n, at.p);
}

/* True if the polygon is a cell of a heat map, which then waits for its like. */
static bool
take_cell(struct svg *s, const struct tag *t)
{
	struct part points = attribute(t, "points");
	int ink = ink_find(colour_of(attribute(t, "fill")));

	return ink >= INK_HEAT &&
	    svg_put_box(&s->cell[ink - INK_HEAT], points.p, points.n);
}

static void
flush_cells(struct svg *s)
{
	for (int i = 0; i < INKS_HEAT; i++) {
		struct buf *b = &s->cell[i];

		if (b->len == 0)
			continue;
		buf_printf(s->out, "<path fill=\"var(%s)\" d=\"%.*s\"/>",
		    ink_css((enum ink)(INK_HEAT + i)), (int)b->len, (char *)b->p);
		b->len = 0;
	}
}

static bool
open_group(struct svg *s, const struct tag *t)
{
	if (s->depth == DEPTH_MAX)
		return false;
	s->before[s->depth] = s->out->len;
	put_tag(s->out, t);
	s->after[s->depth++] = s->out->len;
	return true;
}

/* Gnuplot leaves many groups empty. */
static bool
close_group(struct svg *s)
{
	if (s->depth == 0)
		return false;
	s->depth--;
	if (s->out->len == s->after[s->depth])
		s->out->len = s->before[s->depth];
	else
		put_line(s->out, "</g>");
	return true;
}

/* Read the tag at s->p, which is a '<'. */
static bool
read_tag(struct svg *s, struct tag *t)
{
	const char *close = memchr(s->p, '>', (size_t)(s->end - s->p)), *p = s->p + 1;

	if (close == NULL)
		return false;
	s->p = close + 1;
	t->closes = *p == '/';
	t->empty = close[-1] == '/';
	p += t->closes;
	t->name.p = p;
	while (p < close && !is_space(*p) && *p != '/')
		p++;
	t->name.n = (size_t)(p - t->name.p);
	t->attributes.p = p;
	t->attributes.n = (size_t)(close - t->empty - p);
	if (p > close - t->empty)
		t->attributes.n = 0;
	return true;
}

/* Skip what stands in the element just opened, and its end. */
static bool
skip_element(struct svg *s, struct part name)
{
	struct tag t;

	while ((s->p = memchr(s->p, '<', (size_t)(s->end - s->p))) != NULL) {
		if (!read_tag(s, &t))
			return false;
		if (t.closes && t.name.n == name.n &&
		    memcmp(t.name.p, name.p, name.n) == 0)
			return true;
	}
	return false;
}

/* The element <text>, with what stands in it as it is. */
static bool
put_text(struct svg *s, const struct tag *t)
{
	const char *close = memchr(s->p, '<', (size_t)(s->end - s->p));

	if (close == NULL)
		return false;
	put_tag(s->out, t);
	while (s->p < close && *s->p == ' ')
		s->p++;
	buf_put(s->out, s->p, (size_t)(close - s->p));
	put_line(s->out, "</text>");
	s->p = close;
	return true;
}

static bool
put_element(struct svg *s, const struct tag *t)
{
	if (is(t->name, "polygon") && take_cell(s, t))
		return true;
	flush_cells(s);
	if (is(t->name, "g"))
		return t->closes ? close_group(s) : open_group(s, t);
	if (is(t->name, "text"))
		return t->closes || put_text(s, t);
	if (is(t->name, "title") || is(t->name, "desc") || is(t->name, "defs"))
		return t->empty || skip_element(s, t->name);
	if (is(t->name, "use"))
		put_marker(s->out, t);
	else if (is(t->name, "path") || is(t->name, "polygon"))
		put_tag(s->out, t);
	return true; /* the background, and anything else, stays out */
}

static bool
put_content(struct svg *s)
{
	struct tag t;

	while ((s->p = memchr(s->p, '<', (size_t)(s->end - s->p))) != NULL) {
		if (!read_tag(s, &t))
			return false;
		if (is(t.name, "svg") && t.closes)
			return s->depth == 0;
		if (!put_element(s, &t))
			return false;
	}
	return false;
}

/* Behind the opening tag of the root. */
static bool
find_root(struct svg *s)
{
	struct tag t;

	while ((s->p = memchr(s->p, '<', (size_t)(s->end - s->p))) != NULL) {
		if (!read_tag(s, &t))
			return false;
		if (is(t.name, "svg"))
			return true;
	}
	return false;
}

int
svg_inline(struct buf *out, const char *svg, size_t n, const char *title, int width,
    int height, struct ns_err *e)
{
	struct svg s = {.out = out, .p = svg, .end = svg + n};
	size_t start = out->len;
	bool good;

	buf_printf(out,
	    "<svg class=\"plot\" role=\"img\" viewBox=\"0 0 %d %d\"><title>", width,
	    height);
	put_html(out, title);
	put_line(out, "</title>");
	good = find_root(&s) && put_content(&s);
	flush_cells(&s);
	for (int i = 0; i < INKS_HEAT; i++)
		buf_free(&s.cell[i]);
	put_line(out, "</svg>\n");
	if (good)
		return NS_OK;
	out->len = start;
	return ns_fail(e, NS_ECORRUPT, "gnuplot's drawing of '%s' is not as expected",
	    title);
}
