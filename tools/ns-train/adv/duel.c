#include "adv/duel.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ar/streams.h"
#include "base/mem.h"

#define PATIENCE 8    /* judgements after which a generator that was warm stops */
#define SCORE_DRAWS 4 /* series drawn for each that is held out */
#define LOSS_MAX 1e12

/* ---- Begin ---- */

/* Shares of the codes of each symbol among its own. */
static real *
marginals(const struct ar_learn *l)
{
	const struct symbols *s = &l->m->sym;
	real *p = xcalloc((size_t)s->codes + 1, sizeof *p);
	const struct symbol *y;
	double sum;
	int i, j;

	for (i = 0; i < l->m->P + l->m->M; i++) {
		y = &s->sym[i];
		for (sum = 0, j = 0; j < y->k; j++)
			sum += l->count[y->first + j];
		for (j = 0; j < y->k && sum > 0; j++)
			p[y->first + j] = (real)(l->count[y->first + j] / sum);
	}
	return p;
}

/* What was learnt by likelihood is where this begins, and all of it is learnt again. */
static void
take_over(struct ar_learn *l)
{
	size_t n = l->m->n_train;
	int i;

	memset(l->mom, 0, n * sizeof *l->mom);
	memset(l->var, 0, n * sizeof *l->var);
	memcpy(l->mean, l->m->block, n * sizeof *l->mean);
	memcpy(l->best, l->m->block, n * sizeof *l->best);
	for (i = 0; i <= l->m->P + l->m->M; i++)
		l->judged[i] = (struct ar_judged){0};
	ar_learn_weigh(l);
}

struct duel *
duel_new(struct ar_learn *l, uint64_t warm)
{
	struct duel *d = xcalloc(1, sizeof *d);
	int lanes = l->lanes.count, i;
	struct rng r;

	d->l = l;
	d->warm = warm;
	d->marginal = marginals(l);
	take_over(l);
	rng_init(&r, l->seed, ar_stream(ADV_INIT, 0));
	critics_init(&d->critics, l->m, l->pool, lanes, l->m->cfg.window, &r);
	codes_init(&d->genuine, l->m, lanes, l->m->cfg.window);
	codes_init(&d->drawn, l->m, lanes, l->m->cfg.window);
	carried_on_init(&d->on, l->m, lanes);
	for (i = 0; i < l->shards; i++) {
		d->play[i] = play_new(l->m, l->tape[i], d->marginal);
		d->play[i]->floor = (real)l->m->cfg.floor;
	}
	/* windows begin anew: nothing that is drawn goes on yet */
	lanes_restart(&l->lanes);
	return d;
}

void
duel_free(struct duel *d)
{
	int i;

	if (d == NULL)
		return;
	for (i = 0; i < d->l->shards; i++)
		play_free(d->play[i]);
	critics_free(&d->critics);
	codes_free(&d->genuine);
	codes_free(&d->drawn);
	carried_on_free(&d->on);
	free(d->marginal);
	free(d);
}

/* ---- A step ---- */

static struct carried_on
of_lane(const struct duel *d, size_t first)
{
	const struct ar *m = d->l->m;

	return (struct carried_on){d->on.attr + first * (size_t)m->P,
	    d->on.last + first * (size_t)m->M, d->on.h + first * (size_t)m->H,
	    d->on.c + first * (size_t)m->H};
}

/* The likelihood of the real windows, if it is part of the loss. */
static void
add_likelihood(struct duel *d, int i, int first)
{
	struct ar_learn *l = d->l;
	size_t at = (size_t)first * (size_t)l->m->H;
	double weight = l->m->cfg.likelihood / l->lanes.count;
	struct tape_loss sum = {0};

	if (weight > 0)
		tape_run(l->tape[i], l->state_h + at, l->state_c + at, true, d->moving,
		    (real)weight, NULL, &sum);
	d->loss[i] = weight * (sum.attr + sum.step);
}

static void
draw_job(void *arg, int i)
{
	struct duel *d = arg;
	struct ar_learn *l = d->l;
	int first = ar_learn_lane(l, i), n = ar_learn_lane(l, i + 1) - first, j;
	struct carried_on on = of_lane(d, (size_t)first);
	struct tape *t = l->tape[i];
	struct rng r;

	memset(t->grad_block, 0, l->m->n_train * sizeof *t->grad_block);
	if (n == 0)
		return;
	for (j = first; j < first + n; j++)
		codes_read(&d->genuine, l->m, j, &l->lanes.lane[j]);
	tape_load(t, l->lanes.lane + first, n);
	add_likelihood(d, i, first);
	rng_init(&r, l->seed, ar_stream(ADV_PLAY, d->round * SHARDS_MAX + (uint64_t)i));
	play_draw(d->play[i], &on, &d->drawn, first, &r);
}

static void
back_job(void *arg, int i)
{
	struct duel *d = arg;
	int first = ar_learn_lane(d->l, i), n = ar_learn_lane(d->l, i + 1) - first, k;
	struct verdict v[CRITICS];

	for (k = 0; k < CRITICS; k++)
		v[k] = (struct verdict){&d->critics.of[k].sight, d->critics.of[k].row,
		    first};
	if (n > 0)
		play_back(d->play[i], v, CRITICS);
}

static double
cosine(double done)
{
	return 0.5 + 0.5 * cos(3.14159265358979323846 * (done < 1 ? done : 1));
}

static int
diverged(const struct duel *d, const struct duel_health *h, struct ns_err *e)
{
	const double loss[] = {h->critic, h->aux, h->generator};
	const char *who[] = {"critic", "critic of attributes", "generator"};
	int i;

	for (i = 0; i < 3; i++)
		if (!(fabs(loss[i]) < LOSS_MAX))
			return ns_fail(e, NS_ENUMERIC,
			    "training diverged at step %" PRIu64
			    ": the loss of the %s left +-%g; try a lower learning rate",
			    d->l->step, who[i], LOSS_MAX);
	return NS_OK;
}

static void
learn_critics(struct duel *d, double rate, struct duel_health *h)
{
	const struct one_critic *o = d->critics.of;
	struct rng alpha;

	rng_init(&alpha, d->l->seed, ar_stream(ADV_ALPHA, d->round));
	critics_learn(&d->critics, &d->genuine, &d->drawn, rate, &alpha);
	h->critic = o[CRITIC_ALL].loss;
	h->aux = o[CRITIC_ATTRIBUTES].loss;
	h->penalty = o[CRITIC_ALL].penalty;
	h->aux_penalty = o[CRITIC_ATTRIBUTES].penalty;
	h->grad_critic = o[CRITIC_ALL].gradient;
	h->grad_aux = o[CRITIC_ATTRIBUTES].gradient;
}

static double
generator_loss(struct duel *d)
{
	double loss = critics_judge(&d->critics, &d->drawn);
	int i;

	for (i = 0; i < d->l->shards; i++)
		loss += d->loss[i];
	return loss;
}

bool
duel_moves(const struct duel *d)
{
	return d->step >= (uint64_t)d->l->m->cfg.d_alone;
}

int
duel_step(struct duel *d, uint64_t step, double done, struct duel_health *h,
    struct ns_err *e)
{
	struct ar_learn *l = d->l;
	const struct ar_config *c = &l->m->cfg;
	struct adam a = {0, c->g_beta1, c->g_beta2, c->eps};
	uint64_t alone = (uint64_t)c->d_alone;
	int rc, i;

	d->step = step;
	l->step = d->warm + step;
	for (i = 0; i < c->d_rounds; i++) {
		d->round = step * (uint64_t)c->d_rounds + (uint64_t)i;
		d->moving = duel_moves(d) && i + 1 == c->d_rounds;
		lanes_next(&l->lanes);
		pool_run(l->pool, draw_job, d, l->shards);
		learn_critics(d, c->d_lr * cosine(done), h);
	}
	if (!duel_moves(d))
		return diverged(d, h, e);
	h->generator = generator_loss(d);
	if ((rc = diverged(d, h, e)) < 0)
		return rc;
	pool_run(l->pool, back_job, d, l->shards);
	h->rate = a.lr = c->g_lr * (d->warm > 0 ? c->after_warm : 1) * cosine(done);
	return ar_learn_update(l, &a, step - alone, &h->gradient, e);
}

/* ---- How good it is ---- */

/* Lanes of the first windows of n series held out, from the i'th on. */
static void
place_lanes(const struct ar_learn *l, struct lane *lane, size_t i, size_t n)
{
	uint32_t window = (uint32_t)l->m->cfg.window;
	const struct ar_series *s;
	size_t k;

	for (k = 0; k < n; k++) {
		s = &l->held.series[i + k];
		lane[k] = (struct lane){.series = s,
		    .n = s->length < window ? s->length : window};
	}
}

static void
show(struct duel *d, struct score *s, struct codes *c, struct carried_on *on,
    struct rng *r)
{
	struct ar_learn *l = d->l;
	struct tape *t = l->tape[0];
	struct lane *lane = xcalloc((size_t)t->cap, sizeof *lane);
	size_t i, n, k;
	int draws;

	for (i = 0; i < l->held.n_series; i += n) {
		n = l->held.n_series - i;
		n = n < (size_t)t->cap ? n : (size_t)t->cap;
		place_lanes(l, lane, i, n);
		for (k = 0; k < n; k++)
			codes_read(c, l->m, (int)k, &lane[k]);
		score_add(s, &s->genuine, c, (int)n);
		for (draws = 0; draws < SCORE_DRAWS; draws++) {
			tape_load(t, lane, (int)n);
			play_draw(d->play[0], on, c, 0, r);
			score_add(s, &s->drawn, c, (int)n);
		}
	}
	free(lane);
}

static double
score_of(struct duel *d)
{
	struct ar_learn *l = d->l;
	struct tape *t = l->tape[0];
	real floor = d->play[0]->floor;
	struct carried_on on;
	struct score s;
	struct codes c;
	struct rng r;
	double value;

	carried_on_init(&on, l->m, t->cap);
	score_init(&s, l->m);
	codes_init(&c, l->m, t->cap, t->window);
	/* always by the same numbers, so that chance changes least */
	rng_init(&r, l->seed, ar_stream(ADV_SCORE, 0));
	t->m = &l->averaged;
	d->play[0]->floor = 0; /* nobody draws by it later */
	show(d, &s, &c, &on, &r);
	d->play[0]->floor = floor;
	t->m = l->m;
	value = score_value(&s);
	codes_free(&c);
	score_free(&s);
	carried_on_free(&on);
	return value;
}

static bool
judges(const struct duel *d)
{
	return d->l->held.n_series > 0;
}

double
duel_judge(struct duel *d)
{
	struct ar_learn *l = d->l;
	double now;

	if (!judges(d))
		return 0;
	now = score_of(d);
	d->since++;
	if (d->best == 0 || now < d->best) {
		d->best = now;
		d->since = 0;
		memcpy(l->best, l->mean, l->m->n_train * sizeof *l->best);
	}
	return now;
}

bool
duel_over(const struct duel *d)
{
	return d->warm > 0 && d->since >= PATIENCE;
}

void
duel_snapshot(struct duel *d, struct ar *to)
{
	const struct ar_learn *l = d->l;
	const real *from = l->mean;

	if (judges(d) && d->best != 0 && score_of(d) >= d->best)
		from = l->best;
	memmove(to->block, l->m->block,
	    l->m->n_all * sizeof *to->block); /* or itself */
	memcpy(to->block, from, l->m->n_train * sizeof *to->block);
	ar_fill_lengths(to);
}

void
duel_settle(struct duel *d)
{
	duel_snapshot(d, d->l->m);
}
