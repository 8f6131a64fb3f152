/* The feature net: series from hard attributes and noise, one recurrent step at a time.
 */
#include <string.h>

#include "model/dg/gen.h"
#include "nn/gemm.h"
#include "nn/layers.h"
#include "nn/normal.h"

struct series_job {
	struct dg_gen *g;
	uint64_t seed, noise, state;
};

void
dg_gen_condition(struct dg_gen *g)
{
	const struct dg *m = g->m;
	const struct lstm_params *w = &m->net.lstm;
	int G = 4 * m->H, i, j;

	gemm_nt(g->pool, g->B, G, m->A, g->hard, m->A, w->w_ih, m->in, 0, g->proj, G);
	bias_forward(g->proj, G, w->b_ih, g->B, G);
	bias_forward(g->proj, G, w->b_hh, g->B, G);
	for (i = 0; i < m->cfg.feat_noise; i++)
		for (j = 0; j < G; j++)
			g->noise_w[(size_t)i * (size_t)G + (size_t)j] =
			    w->w_ih[(size_t)j * (size_t)m->in + (size_t)(m->A + i)];
}

/* The state before the first step, and each row's own stream of noise. */
static void
begin(const struct series_job *k, struct dg_tape *t)
{
	const struct dg_gen *g = k->g;
	size_t H = (size_t)g->m->H, i;
	const struct dg_given *v = g->given;
	struct rng r;

	for (i = 0; i < (size_t)t->n; i++) {
		t->row[i] = t->first + (int)i;
		rng_init(&t->random[i], k->seed, k->noise + (uint64_t)t->row[i]);
		if (v != NULL) {
			memcpy(t->h_in + i * H, v->h0 + (size_t)t->row[i] * H,
			    H * sizeof *v->h0);
			memcpy(t->c_in + i * H, v->c0 + (size_t)t->row[i] * H,
			    H * sizeof *v->c0);
			continue;
		}
		rng_init(&r, k->seed, k->state + (uint64_t)t->row[i]);
		normal_fill(t->h_in + i * H, H, &r);
		normal_fill(t->c_in + i * H, H, &r);
	}
	t->at[0] = 0;
}

static void
draw_noise(const struct dg_gen *g, struct dg_tape *t, int step, int at, int n)
{
	size_t width = (size_t)g->m->cfg.feat_noise;
	real *z = t->noise + (size_t)at * width;
	int i;

	for (i = 0; i < n; i++, z += width) {
		if (g->given != NULL)
			memcpy(z,
			    g->given->noise +
				((size_t)step * (size_t)g->B + (size_t)t->row[at + i]) *
				    width,
			    width * sizeof *z);
		else
			normal_fill(z, width, &t->random[t->row[at + i] - t->first]);
	}
}

/* Sums of the gates before the recurrent product: a few numbers of noise a row are not
 * worth a call of BLAS. */
VECTOR_CLONES static void
fill_gates(const struct dg_gen *g, const struct dg_tape *t, int at, int n)
{
	int G = 4 * g->m->H, width = g->m->cfg.feat_noise, i, j, k;
	const real *z = t->noise + (size_t)at * (size_t)width, *w;
	real *to = t->gates + (size_t)at * (size_t)G, v;

	for (i = 0; i < n; i++, z += width, to += G) {
		memcpy(to, g->proj + (size_t)t->row[at + i] * (size_t)G,
		    (size_t)G * sizeof *to);
		for (k = 0, w = g->noise_w; k < width; k++, w += G) {
			v = z[k];
			for (j = 0; j < G; j++)
				to[j] += v * w[j];
		}
	}
}

/* The S rows that step step makes of each series. */
static void
emit_rows(struct dg_gen *g, struct dg_tape *t, int step, int at, int n)
{
	const struct dg *m = g->m;
	const struct linear *o = &m->net.out;
	size_t width = (size_t)o->out, b;
	int i;

	gemm_nt(NULL, n, o->out, m->H, t->h + (size_t)at * (size_t)m->H, m->H, o->w,
	    m->H, 0, t->logit, o->out);
	bias_forward(t->logit, o->out, o->b, n, o->out);
	dg_act_forward(&m->block_acts, t->logit, o->out, n);
	for (i = 0; i < n; i++) {
		b = (size_t)t->row[at + i];
		memcpy(g->out + b * (size_t)g->ld + (size_t)m->A + (size_t)step * width,
		    t->logit + (size_t)i * width, width * sizeof(real));
		g->live[b] = step + 1;
	}
}

/* All S rows of the step say continue. */
static bool
continues(const struct dg *m, const real *rows)
{
	int s;

	for (s = 1; s <= m->S; s++)
		if (!(rows[s * m->F1 - 2] > (real).5))
			return false;
	return true;
}

/* Rows that go on move to where the next step begins; returns how many. */
static int
keep_live(struct dg_gen *g, struct dg_tape *t, int at, int n, int next)
{
	const struct dg *m = g->m;
	size_t H = (size_t)m->H, from, to;
	int i, k = 0;

	for (i = 0; i < n; i++) {
		if (!continues(m, t->logit + (size_t)i * (size_t)m->net.out.out))
			continue;
		from = (size_t)(at + i);
		to = (size_t)(next + k++);
		t->row[to] = t->row[from];
		memcpy(t->h_in + to * H, t->h + from * H, H * sizeof *t->h);
		memcpy(t->c_in + to * H, t->c + from * H, H * sizeof *t->c);
	}
	return k;
}

static void
run_tape(void *arg, int job)
{
	const struct series_job *k = arg;
	struct dg_gen *g = k->g;
	const struct dg *m = g->m;
	struct dg_tape *t = &g->tape[job];
	size_t H = (size_t)m->H, at;
	int step, n = t->n, next;

	begin(k, t);
	for (step = 0; n > 0 && step < m->R; step++) {
		at = (size_t)t->at[step];
		next = g->keep ? t->at[step] + n : 0;
		draw_noise(g, t, step, (int)at, n);
		fill_gates(g, t, (int)at, n);
		lstm_step(t->h + at * H, t->c + at * H, t->gates + 4 * at * H,
		    t->h_in + at * H, t->c_in + at * H, m->net.lstm.w_hh, n, m->H);
		emit_rows(g, t, step, (int)at, n);
		t->at[step + 1] = next;
		n = step + 1 < m->R ? keep_live(g, t, (int)at, n, next) : 0;
	}
	t->steps = step;
}

void
dg_gen_series(struct dg_gen *g, uint64_t seed, uint64_t noise, uint64_t state)
{
	struct series_job k = {g, seed, noise, state};
	int i;

	pool_run(g->pool, run_tape, &k, g->n_tapes);
	g->steps = 0;
	for (i = 0; i < g->n_tapes; i++)
		if (g->tape[i].steps > g->steps)
			g->steps = g->tape[i].steps;
}

int
dg_gen_length(const struct dg_gen *g, int b)
{
	const struct dg *m = g->m;
	const real *flag = g->out + (size_t)b * (size_t)g->ld + m->A + m->F1 - 2;
	int n = 1;

	while (n < m->max_steps && n<g->live[b] * m->S && * flag>(real) .5) {
		flag += m->F1;
		n++;
	}
	return n;
}
