#include "stream/guarantee.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const guarantee_keys[] = {"privacy.guarantee", "privacy.epsilon",
    "privacy.delta", "privacy.unit", "privacy.run", "privacy.claim.", NULL};

static const struct claim nothing = {.none = true};

/* ---- Claims ---- */

static bool
same_claim(const struct claim *a, const struct claim *b)
{
	return a->none == b->none && strcmp(a->run, b->run) == 0 &&
	    strcmp(a->unit, b->unit) == 0 && strcmp(a->epsilon, b->epsilon) == 0 &&
	    strcmp(a->delta, b->delta) == 0;
}

static void
add_claim(struct guarantee *g, const struct claim *c)
{
	size_t i;

	for (i = 0; i < g->n; i++)
		if (same_claim(&g->v[i], c))
			return;
	if (g->n == CLAIMS_MAX) {
		g->v[0] = nothing;
		return;
	}
	xgrow(&g->v, &g->cap, g->n + 1, sizeof *g->v);
	g->v[g->n++] = *c;
}

/* A word that fits, without blanks. */
static bool
take_word(char *to, size_t size, const char *text)
{
	size_t n = text != NULL ? strlen(text) : 0;

	if (n == 0 || n >= size || strcspn(text, " \t") != n)
		return false;
	memcpy(to, text, n + 1);
	return true;
}

static bool
take_number(char *to, size_t size, const char *text, double most)
{
	char *end;
	double v;

	if (!take_word(to, size, text))
		return false;
	v = strtod(to, &end);
	return *end == '\0' && v >= 0 && v <= most; /* no NAN */
}

static void
take_claim(struct claim *c, const char *run, const char *unit, const char *epsilon,
    const char *delta)
{
	memset(c, 0, sizeof *c);
	if (!take_word(c->run, sizeof c->run, run) ||
	    !take_word(c->unit, sizeof c->unit, unit) ||
	    !take_number(c->epsilon, sizeof c->epsilon, epsilon, 1e6) ||
	    !take_number(c->delta, sizeof c->delta, delta, 1))
		*c = nothing;
}

/* What a stream that was made of several runs' models repeats of them. */
static void
parse_claim(struct claim *c, const char *text)
{
	char run[17], unit[16], epsilon[32], delta[32];
	int end = 0;

	if (sscanf(text, "run=%16s unit=%15s epsilon=%31s delta=%31s%n", run, unit,
		epsilon, delta, &end) != 4 ||
	    text[end] != '\0')
		*c = nothing;
	else
		take_claim(c, run, unit, epsilon, delta);
}

/* The whole of a stream, which is what its claims come to where it has some. */
static void
own_claim(struct claim *c, guarantee_get *get, const void *from)
{
	const char *text = get(from, "privacy.guarantee");

	if (text == NULL || strcmp(text, GUARANTEE_NONE) == 0)
		*c = nothing;
	else
		take_claim(c, get(from, "privacy.run"), get(from, "privacy.unit"),
		    get(from, "privacy.epsilon"), get(from, "privacy.delta"));
}

void
guarantee_add(struct guarantee *g, guarantee_get *get, const void *from)
{
	const char *text;
	struct claim c;
	char key[32];
	size_t i;

	for (i = 0; i <= CLAIMS_MAX; i++) {
		snprintf(key, sizeof key, "privacy.claim.%zu", i);
		if ((text = get(from, key)) == NULL)
			break;
		parse_claim(&c, text);
		add_claim(g, &c);
	}
	if (i > 0)
		return;
	own_claim(&c, get, from);
	add_claim(g, &c);
}

static const char *
get_meta(const void *from, const char *key)
{
	return nsr_meta(from, key);
}

void
guarantee_add_stream(struct guarantee *g, const struct nsr_reader *r)
{
	guarantee_add(g, get_meta, r);
}

void
guarantee_join(struct guarantee *g, const struct guarantee *other)
{
	size_t i;

	for (i = 0; i < other->n; i++)
		add_claim(g, &other->v[i]);
}

void
guarantee_free(struct guarantee *g)
{
	free(g->v);
	memset(g, 0, sizeof *g);
}

/* ---- Together ---- */

static double
number(const char *text)
{
	return strtod(text, NULL);
}

/* The weaker of two claims of one run, in each of its numbers. */
static void
weaken(struct claim *a, const struct claim *b)
{
	if (number(b->epsilon) > number(a->epsilon))
		memcpy(a->epsilon, b->epsilon, sizeof a->epsilon);
	if (number(b->delta) > number(a->delta))
		memcpy(a->delta, b->delta, sizeof a->delta);
}

static void
add_up(struct claim *all, const struct claim *c)
{
	double epsilon = number(all->epsilon) + number(c->epsilon);
	double delta = number(all->delta) + number(c->delta);

	/* never less than the sum; what is a sum of thousandths stays one */
	snprintf(all->epsilon, sizeof all->epsilon, "%.3f",
	    ceil(epsilon * 1000 - 1e-6) / 1000);
	snprintf(all->delta, sizeof all->delta, "%.9g", delta < 1 ? delta : 1);
	all->run[0] = '\0';
}

/* Whether claim i is the first of its run; c: the weakest of it. */
static bool
run_claim(const struct guarantee *g, size_t i, struct claim *c)
{
	size_t k;

	*c = g->v[i];
	for (k = 0; k < g->n; k++) {
		if (strcmp(g->v[k].run, c->run) != 0)
			continue;
		if (k < i)
			return false;
		weaken(c, &g->v[k]);
	}
	return true;
}

void
guarantee_all(const struct guarantee *g, struct claim *all)
{
	struct claim c;
	size_t i;

	*all = nothing;
	for (i = 0; i < g->n; i++)
		if (g->v[i].none || strcmp(g->v[i].unit, g->v[0].unit) != 0)
			return;
	for (i = 0; i < g->n; i++) {
		if (!run_claim(g, i, &c))
			continue;
		if (i == 0)
			*all = c;
		else
			add_up(all, &c);
	}
}

static void
put_text(const struct claim *c, struct buf *b)
{
	if (c->none)
		buf_printf(b, "%s", GUARANTEE_NONE);
	else
		buf_printf(b, "epsilon %s at delta %s for each %s, added or removed",
		    c->epsilon, c->delta, c->unit);
}

void
guarantee_text(const struct guarantee *g, struct buf *b)
{
	struct claim all;

	guarantee_all(g, &all);
	put_text(&all, b);
}

/* ---- META ---- */

static int
list_whole(const struct claim *all, guarantee_line *put, void *arg, struct ns_err *e)
{
	struct buf text = {0};
	int rc;

	put_text(all, &text);
	rc = put(arg, "privacy.guarantee", (const char *)text.p, e);
	buf_free(&text);
	if (rc < 0 || all->none)
		return rc;
	if ((rc = put(arg, "privacy.epsilon", all->epsilon, e)) < 0 ||
	    (rc = put(arg, "privacy.delta", all->delta, e)) < 0 ||
	    (rc = put(arg, "privacy.unit", all->unit, e)) < 0)
		return rc;
	return all->run[0] != '\0' ? put(arg, "privacy.run", all->run, e) : NS_OK;
}

static int
list_claim(const struct claim *c, size_t i, guarantee_line *put, void *arg,
    struct ns_err *e)
{
	char key[32], text[128];

	snprintf(key, sizeof key, "privacy.claim.%zu", i);
	if (c->none)
		return put(arg, key, GUARANTEE_NONE, e);
	snprintf(text, sizeof text, "run=%s unit=%s epsilon=%s delta=%s", c->run,
	    c->unit, c->epsilon, c->delta);
	return put(arg, key, text, e);
}

int
guarantee_list(const struct guarantee *g, guarantee_line *put, void *arg,
    struct ns_err *e)
{
	struct claim all;
	size_t i;
	int rc;

	guarantee_all(g, &all);
	rc = list_whole(&all, put, arg, e);
	for (i = 0; g->n > 1 && i < g->n && rc >= 0; i++)
		rc = list_claim(&g->v[i], i, put, arg, e);
	return rc;
}

static int
put_meta(void *arg, const char *key, const char *value, struct ns_err *e)
{
	return nsr_put_meta(arg, e, key, "%s", value);
}

int
guarantee_put(const struct guarantee *g, struct nsr_writer *w, struct ns_err *e)
{
	return guarantee_list(g, put_meta, w, e);
}
