#include "attack.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bounds.h"
#include "kdtree.h"
#include "stats/roc.h"

#define EPSILON 1e-6 /* distances below say the same */

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* The points of a part, as the space of the comparison has them. */
static float *
place(const struct space *sp, const struct pair *p, const struct part *part)
{
	float *x = space_raw(part, p->tables, space_origin(part->s, p->train));

	space_scale(sp, x, part->n);
	return x;
}

static void
fit(struct space *sp, const struct pair *p, const struct part *train,
    const struct part *held)
{
	float *a = space_raw(train, p->tables, p->train->t0);
	float *b = space_raw(held, p->tables, space_origin(held->s, p->train));

	space_fit(sp, a, train->n, b, held->n);
	free(a);
	free(b);
}

/* The closest of the part's flows to each of n points. */
static struct near *
closest(const struct space *sp, const struct pair *p, const struct part *part,
    const float *q, size_t n)
{
	struct near *out = xmalloc(size_mul(n + 1, sizeof *out));
	struct kdtree *t = kdtree_new(place(sp, p, part), part->n);

	kdtree_nearest(t, p->pool, q, n, out);
	kdtree_free(t);
	return out;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void
quantiles(double to[LEAK_POINTS], const struct near *near, size_t n)
{
	double *d = xmalloc(size_mul(n, sizeof *d));

	for (size_t i = 0; i < n; i++)
		d[i] = near[i].distance;
	qsort(d, n, sizeof *d, compare);
	for (size_t k = 0; k < LEAK_POINTS; k++)
		to[k] = d[k * (n - 1) / (LEAK_POINTS - 1)];
	free(d);
}

/* The share of n flows with train closer than held, and its bound. */
static void
compare_sides(struct closeness *c, const struct near *train, const struct near *held,
    size_t n, size_t n_part)
{
	int64_t *weight = xcalloc(size_mul(n_part, 2), sizeof *weight);
	double sum = 0;

	for (size_t i = 0; i < n; i++) {
		if (train[i].distance == held[i].distance)
			continue;
		if (train[i].distance < held[i].distance) {
			weight[train[i].id]++;
			sum++;
		} else {
			weight[n_part + held[i].id]++;
			sum--;
		}
	}
	c->share = .5 + .5 * sum / (double)n;
	c->bound = .5 + .5 * sign_bound(weight, 2 * n_part) / (double)n;
	free(weight);
}

void
closeness_measure(struct closeness *c, const struct pair *p, const struct part *train,
    const struct part *held)
{
	size_t n = least(p->cand->f.n, ATTACK_SYNTH);
	struct part synth = part_some(p->cand, n, p->seed, LEAK_STREAM_SYNTH);
	struct near *to_train, *to_held;
	struct space sp;
	float *q;

	fit(&sp, p, train, held);
	q = place(&sp, p, &synth);
	to_train = closest(&sp, p, train, q, n);
	to_held = closest(&sp, p, held, q, n);
	compare_sides(c, to_train, to_held, n, train->n);
	quantiles(c->to_train, to_train, n);
	quantiles(c->to_held, to_held, n);
	free(to_train);
	free(to_held);
	free(q);
	part_free(&synth);
}

/* The flows under attack: members first, then as many others. */
struct targets {
	struct part member, other, reference;
	float *x;
	uint32_t *is_member;
	size_t n; /* of both */
};

static void
choose_targets(struct targets *g, const struct space *sp, const struct pair *p,
    const struct part *train, const struct part *held)
{
	size_t m = least(held->n / 2, ATTACK_MEMBERS);
	struct part rest;
	float *other;

	part_cut(&g->member, &rest, train, m, p->seed, LEAK_STREAM_MEMBERS);
	part_free(&rest);
	part_cut(&g->other, &g->reference, held, m, p->seed, LEAK_STREAM_OTHERS);
	g->n = 2 * m;
	g->is_member = xcalloc(g->n, sizeof *g->is_member);
	for (size_t i = 0; i < m; i++)
		g->is_member[i] = 1;
	g->x = place(sp, p, &g->member);
	g->x = xrealloc(g->x, size_mul(g->n, SPACE_DIMS * sizeof *g->x));
	other = place(sp, p, &g->other);
	memcpy(g->x + m * SPACE_DIMS, other, m * SPACE_DIMS * sizeof *other);
	free(other);
}

static void
targets_free(struct targets *g)
{
	part_free(&g->member);
	part_free(&g->other);
	part_free(&g->reference);
	free(g->x);
	free(g->is_member);
}

static void
judge(struct attack *a, const struct targets *g, const struct near *synth,
    const struct near *reference)
{
	double *ratio = xmalloc(size_mul(g->n, sizeof *ratio));
	double *simple = xmalloc(size_mul(g->n, sizeof *simple));

	for (size_t i = 0; i < g->n; i++) {
		simple[i] = -synth[i].distance;
		ratio[i] = log(
		    (reference[i].distance + EPSILON) / (synth[i].distance + EPSILON));
	}
	a->auc = roc_auc(ratio, g->is_member, g->n);
	a->nearest_auc = roc_auc(simple, g->is_member, g->n);
	a->tpr = roc_tpr_at(ratio, g->is_member, g->n, ATTACK_FPR);
	for (size_t k = 0; k < LEAK_POINTS; k++)
		a->roc[k] = roc_tpr_at(ratio, g->is_member, g->n,
		    (double)k / (LEAK_POINTS - 1));
	a->auc_bound = auc_bound(g->n / 2, g->n / 2);
	a->tpr_bound = tpr_bound(g->n / 2, g->n / 2, ATTACK_FPR);
	free(ratio);
	free(simple);
}

static void
attack_undefined(struct attack *a)
{
	a->auc = a->nearest_auc = a->auc_bound = a->tpr = a->tpr_bound = NAN;
	for (size_t k = 0; k < LEAK_POINTS; k++)
		a->roc[k] = NAN;
}

void
attack_run(struct attack *a, const struct pair *p, const struct part *train,
    const struct part *held)
{
	struct part synth;
	struct near *to_synth, *to_reference;
	struct targets g;
	struct space sp;

	if (held->n < 2) {
		attack_undefined(a);
		return;
	}
	fit(&sp, p, train, held);
	choose_targets(&g, &sp, p, train, held);
	synth = part_all(p->cand);
	to_synth = closest(&sp, p, &synth, g.x, g.n);
	to_reference = closest(&sp, p, &g.reference, g.x, g.n);
	judge(a, &g, to_synth, to_reference);
	free(to_synth);
	free(to_reference);
	part_free(&synth);
	targets_free(&g);
}
