/* How good the averaged weights are on what is held out, and what follows from it. */
#include <stdlib.h>
#include <string.h>

#include "ar/learn.h"
#include "base/mem.h"

/* A mean has become worse when it is so much above the least it was, so many judgements
 * in all since; or it has not become better in so many. */
#define WORSE 1.01
#define WORSE_NATS 0.002
#define WORSE_OFTEN 2
#define PATIENCE 40

/* Series by their first windows, without steps by their attributes alone. */
static void
judge_series(struct tape *t, const struct ar_series *series, size_t all, bool steps,
    struct lane *lane)
{
	struct tape_loss loss = {0};
	uint32_t window = (uint32_t)t->window;
	size_t i, n, k;

	for (i = 0; i < all; i += n) {
		n = all - i < (size_t)t->cap ? all - i : (size_t)t->cap;
		for (k = 0; k < n; k++) {
			const struct ar_series *s = &series[i + k];

			lane[k] = (struct lane){.series = s,
			    .n = s->length < window ? s->length : window,
			    .held = !steps}; /* none of its rows counts */
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

/* ---- What follows ---- */

static bool
improves(const struct ar_judged *j, double mean)
{
	return j->best == 0 || mean < j->best;
}

/* Returns whether it is better than ever.  What becomes worse, or no better, stops:
 * what there is left to learn is by heart. */
static bool
judge(struct ar_judged *j, double mean)
{
	if (improves(j, mean)) {
		*j = (struct ar_judged){.best = mean};
		return true;
	}
	j->since++;
	j->worse += mean > WORSE * j->best + WORSE_NATS;
	j->stopped = j->worse >= WORSE_OFTEN || j->since >= PATIENCE;
	return false;
}

static void
copy_net(const struct ar *m, int i, real *to, const real *from)
{
	size_t at = m->net_at[i], n = m->net_at[i + 1] - at;

	memcpy(to + at, from + at, n * sizeof *to);
}

static void
stop_net(struct ar_learn *l, int i)
{
	l->judged[i].stopped = true;
	copy_net(l->m, i, l->mean, l->best);
	copy_net(l->m, i, l->m->block, l->best);
}

/* Net i has mean nats per choice, or per series. */
static void
judge_net(struct ar_learn *l, int i, double mean)
{
	if (judge(&l->judged[i], mean))
		copy_net(l->m, i, l->best, l->mean);
	if (l->judged[i].stopped)
		stop_net(l, i);
}

static double
mean_of(const struct symbol_loss *v)
{
	return v->n > 0 ? v->nats / (double)v->n : 0;
}

void
ar_learn_weigh(struct ar_learn *l)
{
	int P = l->m->P, i;

	for (i = 0; i < P; i++)
		l->weight[i] = !l->judged[i].stopped;
	for (i = P; i < P + l->m->M; i++)
		l->weight[i] = !l->judged[P].stopped && !l->judged[i + 1].stopped;
}

/* A symbol of a step that is no longer learnt leaves the others what they share; the
 * net stops when there is none left. */
static void
judge_steps(struct ar_learn *l, const struct symbol_loss *each, double nats)
{
	int P = l->m->P, i, left = 0;
	struct ar_judged *j;

	if (l->judged[P].stopped)
		return;
	for (i = P; i < P + l->m->M; i++) {
		j = &l->judged[i + 1];
		if (!j->stopped)
			judge(j, mean_of(&each[i]));
		left += !j->stopped;
	}
	judge_net(l, P, nats);
	if (left == 0 && l->m->M > 0) /* without steps there is nothing that stops */
		stop_net(l, P);
}

/* Nats of symbols from .. to - 1, per series or window that is held out. */
static double
nats_held(const struct ar_learn *l, const struct symbol_loss *each, int from, int to)
{
	double all = (double)(l->held.n_series + l->held.n_windows), nats = 0;

	for (; from < to; from++)
		nats += each[from].nats / all;
	return nats;
}

static void
end_judgement(struct ar_learn *l, const struct symbol_loss *each)
{
	int P = l->m->P, i;

	for (i = 0; i < P; i++)
		if (!l->judged[i].stopped)
			judge_net(l, i, mean_of(&each[i]));
	judge_steps(l, each, nats_held(l, each, P, P + l->m->M));
	ar_learn_weigh(l);
}

static bool
judges(const struct ar_learn *l)
{
	return l->held.n_series + l->held.n_windows > 0;
}

/* The averaged weights: losses by symbol, to be freed, and nats a held-out series. */
static struct symbol_loss *
measure(struct ar_learn *l, double *held)
{
	struct tape *t = l->tape[0];
	struct lane *lane = xcalloc((size_t)t->cap, sizeof *lane);
	struct symbol_loss *each =
	    xcalloc((size_t)(l->m->P + l->m->M) + 1, sizeof *each);

	t->m = &l->averaged;
	t->each = each;
	judge_series(t, l->held.series, l->held.n_series, true, lane);
	if (l->m->M > 0)
		judge_windows(l, t, each, lane);
	*held = nats_held(l, each, 0, l->m->P + l->m->M);
	judge_series(t, l->held.longs, l->held.n_longs, false, lane); /* are learnt */
	t->m = l->m;
	t->each = NULL;
	free(lane);
	return each;
}

double
ar_learn_judge(struct ar_learn *l)
{
	struct symbol_loss *each;
	double held;

	if (!judges(l))
		return 0;
	each = measure(l, &held);
	end_judgement(l, each);
	free(each);
	return held;
}

bool
ar_learn_ended(const struct ar_learn *l)
{
	bool ended = false;
	int i;

	for (i = 0; i <= l->m->P; i++) {
		if (!l->judged[i].stopped && l->judged[i].best != 0)
			return false;
		ended |= l->judged[i].stopped;
	}
	return ended;
}

void
ar_learn_settle(struct ar_learn *l)
{
	ar_learn_judge(l);
	memcpy(l->m->block, judges(l) ? l->best : l->mean,
	    l->m->n_train * sizeof *l->best);
	ar_fill_lengths(l->m);
}

/* As end_judgement and what it calls would have it. */
static void
take_better(const struct ar_learn *l, const struct symbol_loss *each, struct ar *to)
{
	int P = l->m->P, i;
	bool better;
	double mean;

	for (i = 0; i <= P; i++) {
		mean = i < P ? mean_of(&each[i]) : nats_held(l, each, P, P + l->m->M);
		better = !l->judged[i].stopped && improves(&l->judged[i], mean);
		copy_net(l->m, i, to->block, better ? l->mean : l->best);
	}
}

void
ar_learn_snapshot(struct ar_learn *l, struct ar *to)
{
	struct symbol_loss *each;
	double held;

	memcpy(to->block, l->m->block, l->m->n_all * sizeof *to->block);
	memcpy(to->block, l->mean, l->m->n_train * sizeof *to->block);
	if (judges(l)) {
		each = measure(l, &held);
		take_better(l, each, to);
		free(each);
	}
	ar_fill_lengths(to);
}
