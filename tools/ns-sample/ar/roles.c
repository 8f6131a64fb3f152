#include "ar/roles.h"

#include <stdlib.h>
#include <string.h>

#include "ar/draw.h"
#include "base/mem.h"

enum { ROLES = ROLE_ANSWER + 1 };

/* The length codes that the plan has, ascending. */
static int
find_codes(const struct plan *p, uint16_t code[LENGTH_CODES])
{
	int n = 0;
	size_t i;

	for (i = 0; i < p->n; i++) {
		uint16_t c = (uint16_t)length_code(p->length[i]);

		if (n == 0 || code[n - 1] != c)
			code[n++] = c;
	}
	return n;
}

/* Lengths of one code are in order, and their roles are to be as chance has it. */
static void
shuffle(uint16_t *role, size_t n, struct rng *r)
{
	uint16_t swap;
	size_t i, j;

	for (i = n; i > 1; i--) {
		j = rng_below(r, (uint32_t)i);
		swap = role[i - 1];
		role[i - 1] = role[j];
		role[j] = swap;
	}
}

/* Roles of n series of one length code. */
static void
draw_some(const real *p, uint8_t *role, size_t n, struct rng *r)
{
	uint16_t *drawn = xcalloc(n + 1, sizeof *drawn);
	size_t i;

	draw_even(p, ROLES, drawn, 1, (int)n, r);
	shuffle(drawn, n, r);
	for (i = 0; i < n; i++)
		role[i] = (uint8_t)drawn[i];
	free(drawn);
}

static void
draw_roles(struct attrs *a, int chunk, const struct plan *plan, uint8_t *role,
    struct rng *r)
{
	real p[LENGTH_CODES * ROLES];
	uint16_t code[LENGTH_CODES];
	int n = find_codes(plan, code), c;
	size_t first = 0, end;

	attrs_odds(a, chunk, code, attrs_find(a, "role"), n, p);
	for (c = 0; c < n; c++, first = end) {
		for (end = first + 1;
		     end < plan->n && length_code(plan->length[end]) == code[c];)
			end++;
		draw_some(p + (long)c * ROLES, role + first, end - first, r);
	}
}

static size_t
count(const uint8_t *role, size_t n, uint8_t which)
{
	size_t i, sum = 0;

	for (i = 0; i < n; i++)
		sum += role[i] == which;
	return sum;
}

/* Of those of a role, which are all in number, change some, evenly spread: to another
 * one, or the last of them, if it is odd, to none. */
static void
change(uint8_t *role, size_t n, uint8_t from, size_t all, size_t surplus, struct rng *r)
{
	size_t some = surplus - surplus / 2, done = 0, seen = 0, i;
	uint8_t to = from == ROLE_OPENER ? ROLE_ANSWER : ROLE_OPENER;
	double u = rng_uniform(r);

	for (i = 0; i < n && done < some; i++) {
		if (role[i] != from)
			continue;
		/* the marks u, u + 1, ... on the axis of all of them */
		if ((double)++seen / (double)all * (double)some <= (double)done + u &&
		    all - seen >= some - done)
			continue;
		done++;
		role[i] = done == some && surplus % 2 == 1 ? ROLE_ALONE : to;
	}
}

void
roles_balance(uint8_t *role, size_t n, struct rng *r)
{
	size_t open = count(role, n, ROLE_OPENER), answer = count(role, n, ROLE_ANSWER);

	if (open > answer)
		change(role, n, ROLE_OPENER, open, open - answer, r);
	else if (answer > open)
		change(role, n, ROLE_ANSWER, answer, answer - open, r);
}

void
roles_draw(struct roles *x, struct attrs *a, int chunk, const struct plan *plan,
    struct rng *r)
{
	uint8_t *role = xcalloc(plan->n + 1, sizeof *role);
	struct plan *p;
	size_t i;

	memset(x, 0, sizeof *x);
	draw_roles(a, chunk, plan, role, r);
	roles_balance(role, plan->n, r);
	for (i = 0; i < ROLES; i++)
		x->of[i].length = xcalloc(count(role, plan->n, (uint8_t)i) + 1,
		    sizeof *x->of[i].length);
	for (i = 0; i < plan->n; i++) {
		p = &x->of[role[i]];
		p->length[p->n++] = plan->length[i];
	}
	free(role);
}

static int
ascending(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

void
roles_left(struct roles *x)
{
	struct plan *alone = &x->of[ROLE_ALONE], *left = &x->of[ROLE_ANSWER];

	alone->length =
	    xrealloc(alone->length, (alone->n + left->n + 1) * sizeof *alone->length);
	memcpy(alone->length + alone->n, left->length, left->n * sizeof *left->length);
	alone->n += left->n;
	left->n = 0;
	qsort(alone->length, alone->n, sizeof *alone->length, ascending);
}

void
roles_free(struct roles *x)
{
	int i;

	for (i = 0; i < ROLES; i++)
		plan_free(&x->of[i]);
}
