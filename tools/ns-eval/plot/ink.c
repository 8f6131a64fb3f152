#include "ink.h"

#include <stdlib.h>

#include "figure/figure.h"

struct shade {
	const char *css, *fixed, *light, *dark;
};

static const struct shade shades[INKS] = {
    {"--plot-text", "#2a333d", "#3c4753", "#c3cbd4"},
    {"--plot-axis", "#8792a0", "#8f9aa6", "#6b7785"},
    {"--plot-grid", "#e4e8ec", "#e7eaee", "#2b343d"},
    {"--real", "#15191e", "#15191e", "#f2f5f8"},
    {"--floor", "#7d8894", "#78838f", "#97a3af"},
    {"--baseline", "#a9b3bd", "#a3adb8", "#6f7b87"},
    {"--limit", "#9aa5b1", "#9aa5b1", "#7d8995"},
    {"--s0", "#0072b2", "#0072b2", "#5ab4f0"},
    {"--s1", "#d55e00", "#d55e00", "#ff8f43"},
    {"--s2", "#009e73", "#009271", "#2fce9f"},
    {"--s3", "#cc79a7", "#c0649a", "#e79ac6"},
    {"--s4", "#e69f00", "#d08f00", "#f2bd45"},
    {"--s5", "#56b4e9", "#3fa3dd", "#8fd0f7"},
    {"--h0", "#eef3f8", "#eef3f8", "#1d2732"},
    {"--h1", "#deeaf3", "#deeaf3", "#1d3041"},
    {"--h2", "#cfe1ef", "#cfe1ef", "#1e3850"},
    {"--h3", "#bfd8ea", "#bfd8ea", "#1e415f"},
    {"--h4", "#b0cee6", "#b0cee6", "#1f496d"},
    {"--h5", "#a0c5e1", "#a0c5e1", "#1f527c"},
    {"--h6", "#8cb8da", "#8cb8da", "#265f8d"},
    {"--h7", "#78aad2", "#78aad2", "#2f6e9e"},
    {"--h8", "#639cc9", "#639cc9", "#387daf"},
    {"--h9", "#4e8ec1", "#4e8ec1", "#418cc0"},
    {"--h10", "#3980b9", "#3980b9", "#4a9bd1"},
    {"--h11", "#2b70a9", "#2b70a9", "#60acdd"},
    {"--h12", "#225d92", "#225d92", "#82bee6"},
    {"--h13", "#194b7b", "#194b7b", "#a4d1ee"},
    {"--h14", "#113864", "#113864", "#c6e3f7"},
    {"--h15", "#08264d", "#08264d", "#e8f5ff"},
};

const char *
ink_fixed(enum ink i)
{
	return shades[i].fixed;
}

const char *
ink_css(enum ink i)
{
	return shades[i].css;
}

int
ink_find(unsigned long rgb)
{
	for (int i = 0; i < INKS; i++)
		if (strtoul(shades[i].fixed + 1, NULL, 16) == rgb)
			return i;
	return -1;
}

void
put_inks(struct buf *b, bool dark)
{
	for (size_t i = 0; i < INKS; i++)
		buf_printf(b, "%s:%s;", shades[i].css,
		    dark ? shades[i].dark : shades[i].light);
	buf_printf(b, "\n");
}

/* More traces than colours: the same colours again, dashed another way each round. */
static struct pen
synthetic_pen(int k)
{
	static const char *const dash[] = {"solid", "(12,3)", "(3,3)"};
	static const char *const css[] = {"solid", "dashed", "dotted"};
	int round = k / INKS_SYNTHETIC % (int)LEN(dash);
	struct pen p = {(enum ink)(INK_SYNTHETIC + k % INKS_SYNTHETIC), 1.8,
	    dash[round], css[round]};

	return p;
}

struct pen
pen_of_role(int role)
{
	static const struct pen fixed[ROLE_SYNTHETIC] = {
	    [ROLE_REAL] = {INK_REAL, 2.4, "solid", "solid"},
	    [ROLE_FLOOR] = {INK_FLOOR, 1.6, "(7,4)", "dashed"},
	    [ROLE_BASELINE] = {INK_BASELINE, 1.6, "(2,3)", "dotted"},
	    [ROLE_LIMIT] = {INK_LIMIT, 1.2, "(9,3,2,3)", "dashed"},
	};

	if (role >= ROLE_SYNTHETIC)
		return synthetic_pen(role - ROLE_SYNTHETIC);
	return fixed[role];
}
