/* How good the averaged weights are on what is held out, and what follows from it. */
#include <stdlib.h>
#include <string.h>

#include "ar/learn.h"
#include "base/mem.h"

/* A symbol has become worse when its nats are so much above the least they were, so
 * many judgements in all since. */
#define WORSE 1.01
#define WORSE_NATS 0.002
#define WORSE_OFTEN 2

/* Whole series, by their first windows. */
static void
judge_series(struct ar_learn *l, struct tape *t, struct lane *lane)
{
	const struct held *h = &l->held;
	struct tape_loss loss = {0};
	uint32_t window = (uint32_t)t->window;
	size_t i, n, k;

	for (i = 0; i < h->n_series; i += n) {
		n = h->n_series - i < (size_t)t->cap ? h->n_series - i : (size_t)t->cap;
		for (k = 0; k < n; k++) {
			const struct ar_series *s = &h->series[i + k];

			lane[k] = (struct lane){.series = s,
			    .n = s->length < window ? s->length : window};
		}
		tape_load(t, lane, (int)n);
		tape_run(t, NULL, NULL, false, false, 0, NULL, &loss);
	}
}

/* Windows, behind the one before each, which brings the states near to what they are
 * there. */
static void
judge_windows(struct ar_learn *l, struct tape *t, struct symbol_loss *each,
    struct lane *lane)
{
	const struct held *h = &l->held;
	size_t state = size_mul((size_t)t->cap, (size_t)l->m->H), i, n, k;
	real *s_h = xcalloc(state, sizeof *s_h), *s_c = xcalloc(state, sizeof *s_c);
	struct tape_loss loss = {0};

	for (i = 0; i < h->n_windows; i += n) {
		n = h->n_windows - i < (size_t)t->cap ? h->n_windows - i
						      : (size_t)t->cap;
		memset(s_h, 0, state * sizeof *s_h);
		memset(s_c, 0, state * sizeof *s_c);
		for (k = 0; k < n; k++) {
			lane[k] = h->windows[i + k];
			lane[k].n = (uint32_t)t->window;
			lane[k].first -= lane[k].n;
		}
		t->each = NULL;
		tape_load(t, lane, (int)n);
		tape_run(t, s_h, s_c, true, false, 0, NULL, &loss);
		memcpy(lane, h->windows + i, n * sizeof *lane);
		t->each = each;
		tape_load(t, lane, (int)n);
		tape_run(t, s_h, s_c, false, false, 0, NULL, &loss);
	}
	free(s_h);
	free(s_c);
}

/* A symbol that becomes worse is no longer learnt: what there is left to learn of it is
 * by heart. */
static void
stop_symbol(struct ar_learn *l, int i, const struct symbol_loss *v)
{
	double mean = v->n > 0 ? v->nats / (double)v->n : 0;
	struct ar_symbol_state *s = &l->symbol[i];

	if (s->best == 0 || mean < s->best) {
		s->best = mean;
		s->worse = 0;
	} else if (mean > WORSE * s->best + WORSE_NATS) {
		s->worse++;
	}
	if (s->worse >= WORSE_OFTEN)
		l->weight[i] = 0;
}

static double
end_judgement(struct ar_learn *l, const struct symbol_loss *each)
{
	double nats = 0;
	int i;

	for (i = 0; i < l->m->P + l->m->M; i++) {
		nats += each[i].nats;
		stop_symbol(l, i, &each[i]);
	}
	return nats / (double)(l->held.n_series + l->held.n_windows);
}

static void
keep_best(struct ar_learn *l, double held)
{
	l->worse++;
	if (l->best_held != 0 && held >= l->best_held)
		return;
	l->best_held = held;
	l->worse = 0;
	memcpy(l->best, l->mean, l->m->n_train * sizeof *l->best);
}

double
ar_learn_judge(struct ar_learn *l)
{
	struct tape *t = l->tape[0];
	struct symbol_loss *each;
	struct lane *lane;
	double held;

	if (l->held.n_series + l->held.n_windows == 0)
		return 0;
	lane = xcalloc((size_t)t->cap, sizeof *lane);
	each = xcalloc((size_t)(l->m->P + l->m->M) + 1, sizeof *each);
	t->m = &l->averaged;
	t->each = each;
	judge_series(l, t, lane);
	if (l->m->M > 0)
		judge_windows(l, t, each, lane);
	t->m = l->m;
	t->each = NULL;
	held = end_judgement(l, each);
	free(lane);
	free(each);
	keep_best(l, held);
	return held;
}

void
ar_learn_settle(struct ar_learn *l)
{
	ar_learn_judge(l);
	if (l->held.n_series + l->held.n_windows == 0) {
		memcpy(l->m->block, l->mean, l->m->n_train * sizeof *l->mean);
		return;
	}
	memcpy(l->m->block, l->best, l->m->n_train * sizeof *l->best);
}
