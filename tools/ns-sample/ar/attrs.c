#include "ar/attrs.h"

#include <stdlib.h>
#include <string.h>

#include "ar/draw.h"
#include "base/mem.h"

enum { CODES = 8 * CHOICE_SET }; /* of any symbol */
enum { PARTS = (ATTR_ROWS + ATTR_PART - 1) / ATTR_PART };

static size_t
part_size(const struct ar *m)
{
	return (size_t)ATTR_PART * (size_t)(m->A + 2 * m->V);
}

/* Chunk, length and codes of each row. */
static size_t
part_codes(const struct ar *m)
{
	return (size_t)ATTR_PART * (size_t)(m->P + 2);
}

void
attrs_init(struct attrs *a, const struct ar *m, const struct codec *c,
    struct pool *pool, double temperature)
{
	size_t P = (size_t)m->P + 1;
	int i;

	memset(a, 0, sizeof *a);
	a->m = m;
	a->pool = pool;
	a->temperature = temperature;
	keys_init(&a->keys, m->schema, &m->sym, c);
	a->counted = -1;
	a->first_free = keys_first_free(&a->keys, m->schema);
	a->given = xcalloc(P, sizeof *a->given);
	for (i = 0; i < m->P; i++)
		a->given[i] = ATTR_FREE;
	a->chunk = xcalloc(ATTR_ROWS, sizeof *a->chunk);
	a->length = xcalloc(ATTR_ROWS, sizeof *a->length);
	a->code = xcalloc(ATTR_ROWS, P * sizeof *a->code);
	a->weight = xcalloc(ATTR_ROWS, sizeof *a->weight);
	a->state = xcalloc(ATTR_ROWS, sizeof *a->state);
	a->group = xcalloc(ATTR_ROWS + 1, sizeof *a->group);
	a->split = xcalloc(ATTR_ROWS + 1, sizeof *a->split);
	a->y = xcalloc(ATTR_ROWS, (size_t)(m->sym.biggest + 1) * sizeof *a->y);
	a->open = xcalloc(ATTR_ROWS, sizeof *a->open);
	a->allow = xcalloc(ATTR_ROWS, sizeof *a->allow);
	a->part = xcalloc(PARTS, part_size(m) * sizeof *a->part);
	a->part_code = xcalloc(PARTS, part_codes(m) * sizeof *a->part_code);
}

void
attrs_free(struct attrs *a)
{
	if (a->m == NULL)
		return;
	keys_free(&a->keys);
	free(a->given);
	free(a->chunk);
	free(a->length);
	free(a->code);
	free(a->weight);
	free(a->state);
	free(a->group);
	free(a->split);
	free(a->y);
	free(a->open);
	free(a->allow);
	free(a->part);
	free(a->part_code);
	memset(a, 0, sizeof *a);
}

static uint16_t *
row(const struct attrs *a, int r)
{
	return a->code + (long)r * a->m->P;
}

/* ---- Probabilities of the groups that have a choice ---- */

/* What the net reads of n open groups from first on. */
static void
read_groups(const struct attrs *a, int first, int n, uint16_t *code, real *x)
{
	const struct ar *m = a->m;
	uint16_t *length = code + ATTR_PART, *attr = length + ATTR_PART;
	int i, r;

	for (i = 0; i < n; i++) {
		r = a->group[a->open[first + i]];
		code[i] = a->chunk[r];
		length[i] = a->length[r];
		memcpy(attr + (long)i * m->P, row(a, r), (size_t)m->P * sizeof *attr);
	}
	ar_embed(m, &m->net.pick[a->symbol].reads, x, code, length, attr, n);
}

static void
probability_job(void *arg, int job)
{
	struct attrs *a = arg;
	const struct ar *m = a->m;
	int k = m->sym.sym[a->symbol].k;
	int first = job * ATTR_PART, n = a->n_open - first;
	real *x = a->part + (size_t)job * part_size(m), *h1, *h2;
	real *y = a->y + (long)first * k;

	if (n > ATTR_PART)
		n = ATTR_PART;
	h1 = x + (long)ATTR_PART * m->A;
	h2 = h1 + (long)ATTR_PART * m->V;
	read_groups(a, first, n, a->part_code + (size_t)job * part_codes(m), x);
	ar_pick(m, a->symbol, x, n, h1, h2, y, NULL);
	ar_choose(m, a->symbol, y, a->allow + first, n);
	ar_smooth(m, a->symbol, y, a->allow + first, n);
	if (a->temperature != 1)
		draw_temper(y, (long)n * k, a->temperature);
}

/* The code that symbol i of the group's rows has without a choice, or ATTR_FREE. */
static uint16_t
code_without_choice(const struct attrs *a, int i, int g, const uint16_t *fixed,
    uint8_t *allow)
{
	const struct ar *m = a->m;
	int r = a->group[g];
	uint16_t only;

	if (fixed != NULL && fixed[(long)r * m->P + i] != ATTR_FREE)
		return fixed[(long)r * m->P + i];
	if (a->given[i] != ATTR_FREE && !(a->trying && i == a->counted))
		return a->given[i];
	if (symbols_allow(&m->sym, i, row(a, r), NULL, false, allow, &only) == 1)
		return only;
	return ATTR_FREE;
}

/* How much of each code of symbol i is wanted, of rows with the codes of row r.  False:
 * all of all. */
static bool
wanted_parts(const struct attrs *a, int i, int r, real part[CODES])
{
	uint8_t allow[CHOICE_SET];
	bool windowed;
	uint16_t only;
	int j;

	if (a->wanted == NULL)
		return false;
	if (a->trying && i == a->counted) {
		memset(part, 0, CODES * sizeof *part);
		part[a->given[i]] = 1;
		return true;
	}
	windowed = a->trying && a->places != NULL && i == a->places->symbol;
	if (a->wanted->sym[i].n_masks == 0 && !windowed)
		return false;
	symbols_allow(a->wanted, i, row(a, r), NULL, false, allow, &only);
	for (j = 0; j < CODES; j++) {
		part[j] = (real)(allow[j / 8] >> j % 8 & 1);
		part[j] *= windowed ? places_part(a->places, j) : 1;
	}
	return true;
}

/* What is not wanted of the code of these rows is not of them. */
static void
weigh_code(struct attrs *a, int i, int g, uint16_t code)
{
	real part[CODES];
	int r = a->group[g];

	if (wanted_parts(a, i, r, part))
		for (; r < a->group[g + 1]; r++)
			a->weight[r] *= (double)part[code];
}

/* Groups with a choice; the others get their code at once. */
static void
find_open(struct attrs *a, int i, const uint16_t *fixed)
{
	uint16_t code;
	int g, r;

	a->n_open = 0;
	for (g = 0; g < a->groups; g++) {
		code = code_without_choice(a, i, g, fixed, a->allow[a->n_open]);
		if (code == ATTR_FREE)
			a->open[a->n_open++] = g;
		else
			weigh_code(a, i, g, code);
		for (r = a->group[g]; r < a->group[g + 1] && code != ATTR_FREE; r++)
			row(a, r)[i] = code;
	}
}

static void
ask(struct attrs *a, int i)
{
	a->symbol = i;
	pool_run(a->pool, probability_job, a, (a->n_open + ATTR_PART - 1) / ATTR_PART);
}

/* ---- Drawing ---- */

/* Codes keep what is wanted of their probabilities p, of rows that begin with r; how
 * much they were together weighs the rows.  Where there is none nothing changes but the
 * weight. */
static void
want(struct attrs *a, int i, int r, int n, real *p)
{
	real part[CODES];
	int k = a->m->sym.sym[i].k, j;
	double all = 0, wanted = 0;

	if (!wanted_parts(a, i, r, part))
		return;
	for (j = 0; j < k; j++) {
		all += (double)p[j];
		wanted += (double)p[j] * (double)part[j];
	}
	for (j = r; j < r + n; j++)
		a->weight[j] *= all > 0 ? wanted / all : 0;
	for (j = 0; j < k && wanted > 0; j++)
		p[j] *= part[j];
}

/* A code for row r that does not make a five-tuple that is there; p loses those that
 * do.  False: there is none.  A five-tuple that is decided already is not looked at by
 * the symbols behind it. */
static bool
draw_free(struct attrs *a, int i, int r, real *p, struct rng *g)
{
	int k = a->m->sym.sym[i].k, c;

	while ((c = draw_one(p, k, g)) >= 0) {
		row(a, r)[i] = (uint16_t)c;
		if (a->state[r] != ATTR_OPEN || !keys_complete(&a->keys, i, row(a, r)))
			return true;
		if (keys_add(&a->keys, row(a, r))) {
			a->state[r] = ATTR_ADDED;
			return true;
		}
		a->repeats++;
		if (a->keys.hopeless)
			return false;
		p[c] = 0;
	}
	return false;
}

static void
draw_open(struct attrs *a, int i, struct rng *g)
{
	int k = a->m->sym.sym[i].k, q, r, n;
	real *p;

	for (q = 0; q < a->n_open; q++) {
		p = a->y + (long)q * k;
		r = a->group[a->open[q]];
		n = a->group[a->open[q] + 1] - r;
		want(a, i, r, n, p);
		if (i < a->first_free || a->trying)
			draw_even(p, k, row(a, r) + i, a->m->P, n, g);
		else if (!draw_free(a, i, r, p, g))
			a->state[r] = ATTR_FAILED;
	}
}

/* Rows of a group stay together while their codes are equal; from the client's port on
 * each is by itself. */
static void
split_groups(struct attrs *a, int i)
{
	int g, r, n = 0;
	bool alone = i + 1 >= a->first_free;

	for (g = 0; g < a->groups; g++)
		for (r = a->group[g]; r < a->group[g + 1]; r++)
			if (alone || r == a->group[g] ||
			    row(a, r)[i] != row(a, r - 1)[i])
				a->split[n++] = r;
	a->split[n] = a->group[a->groups];
	a->groups = n;
	memcpy(a->group, a->split, ((size_t)n + 1) * sizeof *a->group);
}

/* Rows of one length begin as one group, unless each is alone. */
static void
begin(struct attrs *a, int chunk, const uint16_t *length, bool alone, int n)
{
	int r;

	a->groups = 0;
	for (r = 0; r < n; r++) {
		a->chunk[r] = (uint16_t)chunk;
		a->length[r] = length[r];
		a->state[r] = ATTR_OPEN;
		a->weight[r] = 1;
		if (r == 0 || alone || a->first_free == 0 || length[r] != length[r - 1])
			a->group[a->groups++] = r;
	}
	a->group[a->groups] = n;
}

void
attrs_draw(struct attrs *a, int chunk, const uint16_t *length, const uint16_t *fixed,
    int n, struct rng *g)
{
	const struct ar *m = a->m;
	int i, r;

	begin(a, chunk, length, fixed != NULL, n);
	for (i = 0; i < m->P; i++) {
		find_open(a, i, fixed);
		ask(a, i);
		draw_open(a, i, g);
		split_groups(a, i);
	}
	for (r = 0; r < n; r++)
		if (a->state[r] == ATTR_OPEN && !a->trying)
			a->state[r] =
			    keys_add(&a->keys, row(a, r)) ? ATTR_ADDED : ATTR_FAILED;
}

void
attrs_score(struct attrs *a, int chunk, const uint16_t *length, const uint16_t *code,
    int first, int end, int n, double *score)
{
	const struct ar *m = a->m;
	int i, q, r, k;
	double p;

	begin(a, chunk, length, true, n);
	memcpy(a->code, code, (size_t)n * (size_t)m->P * sizeof *code);
	memset(score, 0, (size_t)n * sizeof *score);
	for (i = first; i < end; i++) {
		find_open(a, i, NULL);
		ask(a, i);
		k = m->sym.sym[i].k;
		for (q = 0; q < a->n_open; q++) {
			r = a->open[q];
			p = (double)a->y[(long)q * k + row(a, r)[i]];
			score[r] += log(p > 1e-30 ? p : 1e-30);
		}
	}
}

void
attrs_odds(struct attrs *a, int chunk, const uint16_t *length, int i, int n, real *p)
{
	int k = a->m->sym.sym[i].k, before, q, c;

	begin(a, chunk, length, true, n);
	for (before = 0; before < i; before++)
		find_open(a, before, NULL);
	memset(p, 0, (size_t)n * (size_t)k * sizeof *p);
	find_open(a, i, NULL);
	ask(a, i);
	for (q = 0; q < n; q++) /* where there is no choice */
		if (row(a, q)[i] < k)
			p[(long)q * k + row(a, q)[i]] = 1;
	for (q = 0; q < a->n_open; q++)
		for (c = 0; c < k; c++)
			p[(long)a->open[q] * k + c] = a->y[(long)q * k + c];
}

int
attrs_find(const struct attrs *a, const char *field)
{
	const struct ar *m = a->m;
	int i;

	for (i = 0; i < m->P; i++)
		if (strcmp(m->schema->attr[m->sym.sym[i].field].name, field) == 0)
			return i;
	return -1;
}
