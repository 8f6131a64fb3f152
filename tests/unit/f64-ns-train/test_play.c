/* Draws that gradients go through, and these gradients, against PyTorch, in double;
 * values in drawn.h, which tests/ref/adversarial_torch.py made from the same noise. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "drawn.h"

#include "adv/play.h"
#include "compare.h"
#include "reference.h"

enum { CRITICS = 2, WINDOWS = 2, SMOOTH = 2 /* blocks of 4 codes */ };

static const uint32_t second[LANES] = {0, 8, 0, 0, 0, 20};

/* ---- What critics say: a formula ---- */

struct said {
	struct sight sight;
	struct params list;
	real *block, *x; /* tables; (LANES, in) */
	const real *row[LANES];
	int in;
};

static void
said_new(struct said *s, const struct ar *m, const char *name, bool steps)
{
	size_t n = sight_layout(&s->sight, m, steps, NULL, &s->list, name);

	s->block = xcalloc(n, sizeof *s->block);
	sight_free(&s->sight);
	assert_int_equal(sight_layout(&s->sight, m, steps, s->block, NULL, name), n);
	assert_int_equal(s->list.total, n);
	fill_weights(&s->list, s->block);
	s->in = s->sight.attr + WINDOW * s->sight.block;
	s->x = xcalloc((size_t)(LANES * s->in), sizeof *s->x);
}

static void
said_free(struct said *s)
{
	sight_free(&s->sight);
	params_free(&s->list);
	free(s->block);
	free(s->x);
}

/* As the script has it, and nothing finite where a row has no columns. */
static void
say(struct said *s, const struct world *w, int window)
{
	int i, c, n, steps = s->sight.steps;
	bool seen;

	for (i = 0; i < LANES; i++) {
		seen = steps ? i != 0 && !w->lane[i].held : w->lane[i].first == 0;
		s->row[i] = seen ? s->x + i * s->in : NULL;
		n = s->sight.attr + (int)w->lane[i].n * s->sight.block;
		for (c = 0; c < s->in; c++)
			s->x[i * s->in + c] = c >= n || !seen ? NAN
			    : steps ? sin(.3 * c + 1.1 * i + window)
				    : cos(.5 * c + .7 * i + window);
	}
}

/* ---- The game ---- */

struct game {
	struct world *w;
	struct play *y;
	struct carried_on on;
	struct codes out;
	struct said said[CRITICS];
	real *marginal;
	struct rng r;
};

/* Shares that are none of every fifth code. */
static real *
make_marginals(const struct ar *m)
{
	real *p = xcalloc((size_t)m->sym.codes, sizeof *p);
	const struct symbol *y;
	int i, j;

	for (i = 0; i < m->P + m->M; i++)
		for (y = &m->sym.sym[i], j = 0; j < y->k; j++)
			p[y->first + j] =
			    (j + i) % 5 == 4 ? 0 : .01 * ((j * 7 + i) % 9 + 1);
	return p;
}

/* What goes on are the records of the series, the states a formula. */
static void
begin_middle(struct game *g)
{
	const struct ar *m = g->w->m;
	size_t i, M = (size_t)m->M;

	memcpy(g->on.h, g->w->h, sizeof g->w->h);
	memcpy(g->on.c, g->w->c, sizeof g->w->c);
	for (i = 0; i < LANES; i++) {
		const uint8_t *rec = g->w->series[i].rec;

		symbols_read(m->sym.sym, m->P, rec, g->on.attr + i * (size_t)m->P);
		if (firsts[i] > 0)
			symbols_read(m->sym.sym + m->P, m->M,
			    rec + g->w->s.attr_bytes + 4 +
				(firsts[i] - 1) * g->w->s.feat_bytes,
			    g->on.last + i * M);
	}
}

static int
set_up(void **state)
{
	struct game *g = xcalloc(1, sizeof *g);
	const struct ar *m;

	g->w = world_new(SMOOTH);
	m = g->w->m;
	g->marginal = make_marginals(m);
	g->y = play_new(m, g->w->t, g->marginal);
	g->y->floor = .125;
	carried_on_init(&g->on, m, LANES);
	codes_init(&g->out, m, LANES, WINDOW);
	said_new(&g->said[0], m, "critic", true);
	said_new(&g->said[1], m, "aux", false);
	begin_middle(g);
	rng_init(&g->r, 77, 5);
	*state = g;
	return 0;
}

static int
tear_down(void **state)
{
	struct game *g = *state;
	int i;

	for (i = 0; i < CRITICS; i++)
		said_free(&g->said[i]);
	codes_free(&g->out);
	carried_on_free(&g->on);
	play_free(g->y);
	free(g->marginal);
	world_free(g->w);
	free(g);
	return 0;
}

static void
draw_window(struct game *g, int window)
{
	world_lanes(g->w, window == 0 ? firsts : second);
	g->w->lane[4].held = window == 0;
	tape_load(g->w->t, g->w->lane, LANES);
	play_draw(g->y, &g->on, &g->out, 0, &g->r);
}

static void
back(struct game *g, int window)
{
	struct verdict v[CRITICS];
	int i;

	for (i = 0; i < CRITICS; i++) {
		say(&g->said[i], g->w, window);
		v[i] = (struct verdict){&g->said[i].sight, g->said[i].row, 0};
	}
	play_back(g->y, v, CRITICS);
}

/* ---- Tests ---- */

static void
check_codes(const struct game *g, const uint16_t *attr, const uint16_t *step)
{
	const struct codes *c = &g->out;
	const struct lane *a;
	int i, t;

	for (i = 0; i < LANES; i++) {
		a = &g->w->lane[i];
		assert_memory_equal(codes_attr(c, i), attr,
		    (size_t)c->P * sizeof *attr);
		attr += c->P;
		for (t = 0; t < (int)a->n; t++, step += c->M)
			assert_memory_equal(codes_step(c, i, t), step,
			    (size_t)c->M * sizeof *step);
		assert_int_equal(c->n[i], a->held ? 0 : a->n);
		assert_int_equal(c->chunk[i], i % 2);
		assert_int_equal(c->length[i], length_code(a->series->length));
		assert_int_equal(c->first[i], place_code(a->first));
		assert_memory_equal(g->on.attr + i * c->P, attr - c->P,
		    (size_t)c->P * sizeof *attr);
		assert_memory_equal(g->on.last + i * c->M, step - c->M,
		    (size_t)c->M * sizeof *step);
	}
}

static void
codes_and_states(void **state)
{
	struct game *g = *state;
	int i;

	draw_window(g, 0);
	check_codes(g, attr_0, step_0);
	draw_window(g, 1);
	check_codes(g, attr_1, step_1);
	for (i = 0; i < LANES * H; i++) {
		near(g->on.h[i], state_h[i]);
		near(g->on.c[i], state_c[i]);
	}
}

/* Of two windows; they are added to what is there. */
static void
gradients_of_all(void **state)
{
	struct game *g = *state;
	const struct ar *m = g->w->m;
	real *grad = g->w->t->grad_block;
	size_t i, total = 0;

	for (i = 0; i < m->n_train; i++)
		grad[i] = .25;
	for (i = 0; i < WINDOWS; i++) {
		draw_window(g, (int)i);
		back(g, (int)i);
	}
	for (i = 0; i < m->n_train; i++)
		grad[i] -= .25;
	for (i = 0; i < LEN(gradients); i++) {
		const struct param *p = find(&m->params, gradients[i].name);

		assert_int_equal(p->n, gradients[i].n);
		assert_true(gradients[i].norm > 1e-6);
		check_gradient(&gradients[i], grad + p->off);
		total += p->n;
	}
	assert_int_equal(total, m->n_train);
}

/* ---- By differences ---- */

/* What the gradients at the logits say of the logarithms of the probabilities, where
 * the series that go on are as before and the same codes are drawn: as a row of
 * gradients sums to 0, a shift of its logits is nothing. */
static double
surrogate(struct game *g, const struct game *as, real *const *at_logits)
{
	const struct ar *m = g->w->m;
	const struct drawn *d;
	size_t P = (size_t)m->P, M = (size_t)m->M;
	double sum = 0;
	long j, n;
	int i;

	memcpy(g->on.attr, as->on.attr, LANES * P * sizeof *g->on.attr);
	memcpy(g->on.last, as->on.last, LANES * M * sizeof *g->on.last);
	memcpy(g->on.h, as->on.h, sizeof g->w->h);
	memcpy(g->on.c, as->on.c, sizeof g->w->c);
	g->r = as->r;
	draw_window(g, 1);
	for (i = 0; i < m->P + m->M; i++) {
		d = &g->y->of[i];
		n = (long)d->n * m->sym.sym[i].k;
		for (j = 0; j < n; j++)
			if (d->p[j] > 0)
				sum += at_logits[i][j] * log(d->p[j]);
	}
	return sum;
}

/* The gradients at the logits of all draws, from which those of the weights follow. */
static void
keep_logits(const struct game *g, real **to)
{
	const struct ar *m = g->w->m;
	const struct drawn *d;
	size_t n;
	int i;

	for (i = 0; i < m->P + m->M; i++) {
		d = &g->y->of[i];
		n = (size_t)d->n * (size_t)m->sym.sym[i].k;
		to[i] = xcalloc(n + 1, sizeof **to);
		memcpy(to[i], d->d, n * sizeof **to);
	}
}

/* In a window where some series begin and others go on. */
static void
gradients_match_differences(void **state)
{
	const double step = 1e-6;
	struct game *g = *state, *as;
	const struct ar *m = g->w->m;
	real *at_logits[8], *grad = g->w->t->grad_block, *w = m->block, was;
	double up, down, diff;
	size_t i, checked = 0;
	void *other;

	set_up(&other);
	as = other;
	draw_window(g, 0);
	draw_window(as, 0);
	draw_window(g, 1);
	memset(grad, 0, m->n_train * sizeof *grad);
	back(g, 1);
	keep_logits(g, at_logits);
	for (i = 0; i < m->n_train; i++) {
		if (grad[i] == 0 && i % 101 != 0)
			continue; /* most lengths have no series */
		was = w[i];
		w[i] = was + step;
		up = surrogate(g, as, at_logits);
		w[i] = was - step;
		down = surrogate(g, as, at_logits);
		w[i] = was;
		diff = (up - down) / (2 * step);
		if (!(fabs(diff - grad[i]) < 1e-7 * (1 + fabs(diff))))
			fail_msg("'%s': %.9g, difference %.9g",
			    params_name(&m->params, i), grad[i], diff);
		checked += grad[i] != 0;
	}
	assert_true(checked > 2000);
	for (i = 0; i < (size_t)(m->P + m->M); i++)
		free(at_logits[i]);
	tear_down(&other);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(codes_and_states, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(gradients_of_all, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(gradients_match_differences, set_up,
		tear_down),
	};

	return cmocka_run_group_tests_name("play reference", tests, NULL, NULL);
}
