#include "critic.h"

#include <stdlib.h>
#include <string.h>

#include "nn/gemm.h"
#include "nn/layers.h"
#include "nn/sums.h"

/* Blocks are joined to strips of about so many columns: narrower products are slow. */
#define STRIP_COLS 128

static real *
reals(int n, int m)
{
	return xcalloc(size_mul((size_t)n, (size_t)m), sizeof(real));
}

static void
cut_strips(struct critic *c)
{
	int blocks = c->block > 0 ? (STRIP_COLS + c->block - 1) / c->block : 0, n;

	c->shape.width = blocks > 0 ? blocks * c->block : 1;
	c->shape.base = c->attr + blocks * c->block;
	c->shape.cols = c->net->l[0].in;
	if (c->shape.base > c->shape.cols)
		c->shape.base = c->shape.cols;
	n = c->n_strips = ragged_strips(&c->shape, c->shape.cols);
	c->lazy.base = c->shape.base;
	c->lazy.width = c->shape.width;
	c->lazy.last = xcalloc((size_t)n, sizeof *c->lazy.last);
	c->count = xcalloc(2 * ((size_t)n + 1), sizeof *c->count);
}

void
critic_init(struct critic *c, const struct dg_mlp *net, int B, int attr, int block)
{
	int i, wide = net->n > 0 ? net->l[0].in : 0;

	memset(c, 0, sizeof *c);
	c->net = net;
	c->B = B;
	c->attr = attr;
	c->block = block;
	if (net->n == 0)
		return;
	cut_strips(c);
	c->x = reals(3 * B, net->l[0].in);
	c->strips = xcalloc(3 * (size_t)B, sizeof *c->strips);
	c->order = xcalloc(3 * (size_t)B, sizeof *c->order);
	c->blocks = xcalloc(3 * (size_t)B, sizeof *c->blocks);
	for (i = 0; i < net->n; i++) {
		c->a[i] = reals(3 * B, net->l[i].out);
		c->d[i] = reals(3 * B, net->l[i].out);
		wide = net->l[i].out > wide ? net->l[i].out : wide;
	}
	c->u = reals(B, wide);
}

void
critic_free(struct critic *c)
{
	int i;

	for (i = 0; i < DG_LAYERS_MAX; i++) {
		free(c->a[i]);
		free(c->d[i]);
	}
	free(c->lazy.last);
	free(c->x);
	free(c->strips);
	free(c->order);
	free(c->blocks);
	free(c->count);
	free(c->u);
	memset(c, 0, sizeof *c);
}

/* ---- Rows ---- */

/* Columns of a series of so many blocks. */
static int
columns(const struct critic *c, int blocks)
{
	return c->attr + blocks * c->block;
}

static int
blocks_of(const struct critic_rows *r, int b)
{
	return r->blocks != NULL ? r->blocks[b] : 0;
}

/* A part of the rows: data or between. */
struct part {
	struct critic *c;
	int first, n;
	struct ragged shape;
};

static struct part
part_of(struct critic *c, int first, int n)
{
	struct part p = {c, first, n, c->shape};

	p.shape.rows = n;
	p.shape.strips = c->strips + first;
	return p;
}

static real *
layer_rows(const struct part *p, real *const *of, int i)
{
	return of[i] + (size_t)p->first * (size_t)p->c->net->l[i].out;
}

static real *
input_row(const struct part *p, int r)
{
	return p->c->x + (size_t)(p->first + r) * (size_t)p->c->shape.cols;
}

/* Where rows stand in sorted order, by strips falling: a stable counting sort of the
 * part's blocks. */
static void
sort_rows(const struct part *p)
{
	struct critic *c = p->c;
	int *strips = c->strips + p->first, *order = c->order + p->first;
	int *count = c->count + (p->first > 0 ? c->n_strips + 1 : 0), r, s, n, at = 0;

	memset(count, 0, ((size_t)c->n_strips + 1) * sizeof *count);
	for (r = 0; r < p->n; r++)
		count[ragged_strips(&c->shape, columns(c, c->blocks[p->first + r]))]++;
	for (s = c->n_strips; s > 0; s--) {
		n = count[s];
		count[s] = at;
		at += n;
	}
	for (r = 0; r < p->n; r++) {
		s = ragged_strips(&c->shape, columns(c, c->blocks[p->first + r]));
		strips[count[s]] = s;
		order[count[s]++] = r;
	}
}

/* Zeros from column n to the end of the strip. */
static void
clear_rest(const struct part *p, int r, real *x, int n)
{
	int end = ragged_col(&p->shape, p->shape.strips[r]);

	if (n < end)
		memset(x + n, 0, (size_t)(end - n) * sizeof *x);
}

/* ---- Passes ---- */

static void
forward(const struct part *p)
{
	const struct dg_linear *l;
	real *y;
	int i, top = p->c->net->n - 1;

	for (i = 0; i <= top; i++) {
		l = &p->c->net->l[i];
		y = layer_rows(p, p->c->a, i);
		if (i == 0)
			ragged_nt(&p->shape, y, l->out, input_row(p, 0), l->in, l->w,
			    l->in, l->out);
		else
			gemm_nt(NULL, p->n, l->out, l->in,
			    layer_rows(p, p->c->a, i - 1), l->in, l->w, l->in, 0, y,
			    l->out);
		if (i < top)
			bias_relu_forward(y, l->out, l->b, p->n, l->out);
		else
			bias_forward(y, l->out, l->b, p->n, l->out);
	}
}

/* Gradients at the outputs of all layers, from those of the last. */
static void
backward(const struct part *p)
{
	const struct dg_linear *l;
	real *d;
	int i;

	for (i = p->c->net->n - 1; i > 0; i--) {
		l = &p->c->net->l[i];
		d = layer_rows(p, p->c->d, i - 1);
		gemm_nn(NULL, p->n, l->in, l->out, layer_rows(p, p->c->d, i), l->out,
		    l->w, l->in, 0, d, l->in);
		relu_backward(d, d, layer_rows(p, p->c->a, i - 1), (long)p->n * l->in);
	}
}

/* dD/dx to u (n, cols), in the strips that rows have. */
static void
input_gradient(const struct part *p)
{
	const struct dg_linear *l = &p->c->net->l[0];

	ragged_nn(&p->shape, p->c->u, l->in, layer_rows(p, p->c->d, 0), l->out, l->w,
	    l->in, l->out);
}

/* t_l into the rows between of a_l; masks are read from what stands there. */
static void
tangent(const struct part *p)
{
	struct critic *c = p->c;
	const struct dg_linear *l;
	int i;

	for (i = 0; i < c->net->n - 1; i++) {
		l = &c->net->l[i];
		if (i == 0)
			ragged_nt(&p->shape, c->u, l->out, input_row(p, 0), l->in, l->w,
			    l->in, l->out);
		else
			gemm_nt(NULL, p->n, l->out, l->in, layer_rows(p, c->a, i - 1),
			    l->in, l->w, l->in, 0, c->u, l->out);
		relu_tangent(layer_rows(p, c->a, i), c->u, (long)p->n * l->out);
	}
}

/* ---- Data ---- */

static void
take_row(const struct part *p, int r, const struct critic_rows *from, int b)
{
	int n = columns(p->c, blocks_of(from, b));
	real *x = input_row(p, r);

	memcpy(x, from->x + (size_t)b * (size_t)from->ld, (size_t)n * sizeof *x);
	clear_rest(p, r, x, n);
}

void
critic_data(struct critic *c, const struct critic_rows *real_rows,
    const struct critic_rows *fake)
{
	struct part p = part_of(c, 0, 2 * c->B);
	int r, b, top = c->net->n - 1;
	bool is_fake;

	for (r = 0; r < p.n; r++)
		c->blocks[r] = blocks_of(r < c->B ? real_rows : fake, r % c->B);
	sort_rows(&p);
	for (r = 0; r < p.n; r++) {
		is_fake = c->order[r] >= c->B;
		b = c->order[r] % c->B;
		take_row(&p, r, is_fake ? fake : real_rows, b);
		c->d[top][r] = (is_fake ? (real)1 : (real)-1) / (real)c->B;
	}
	forward(&p);
	c->real_sum = c->fake_sum = 0;
	for (r = 0; r < p.n; r++)
		*(c->order[r] >= c->B ? &c->fake_sum : &c->real_sum) +=
		    (double)c->a[top][r];
	backward(&p);
}

/* ---- Between ---- */

/* x = real + a (fake - real) in n columns, of which each side may have fewer. */
static void
interpolate(real *x, const real *r, int nr, const real *f, int nf, real a)
{
	int both = nr < nf ? nr : nf, j;

	for (j = 0; j < both; j++)
		x[j] = r[j] + a * (f[j] - r[j]);
	for (; j < nr; j++)
		x[j] = r[j] - a * r[j];
	for (; j < nf; j++)
		x[j] = a * f[j];
}

/* The penalty and, in place of the rows, its tangent at the input. */
static double
penalty(const struct part *p, double coe)
{
	struct critic *c = p->c;
	double sum = 0, s, f;
	const real *u;
	real *t;
	int r, j, n;

	for (r = 0; r < p->n; r++) {
		u = c->u + (size_t)r * (size_t)p->shape.cols;
		t = input_row(p, r);
		n = columns(c, c->blocks[p->first + c->order[p->first + r]]);
		s = sqrt(sum_squares(u, (size_t)n) + 1e-8);
		sum += (s - 1) * (s - 1);
		f = coe * 2 / c->B * (s - 1) / s;
		for (j = 0; j < n; j++)
			t[j] = (real)f * u[j];
	}
	return sum / c->B;
}

static void
mix_row(const struct part *p, int r, const struct critic_rows *real_rows,
    const struct critic_rows *fake, const real *alpha)
{
	struct critic *c = p->c;
	int b = c->order[p->first + r];
	real *x = input_row(p, r);

	interpolate(x, real_rows->x + (size_t)b * (size_t)real_rows->ld,
	    columns(c, blocks_of(real_rows, b)), fake->x + (size_t)b * (size_t)fake->ld,
	    columns(c, blocks_of(fake, b)), alpha[b]);
	clear_rest(p, r, x, columns(c, c->blocks[p->first + b]));
}

void
critic_between(struct critic *c, const struct critic_rows *real_rows,
    const struct critic_rows *fake, const real *alpha, double coe)
{
	struct part p = part_of(c, 2 * c->B, c->B);
	int r, f, *blocks = c->blocks + p.first;
	real *d = layer_rows(&p, c->d, c->net->n - 1);

	for (r = 0; r < p.n; r++) {
		blocks[r] = blocks_of(real_rows, r);
		f = blocks_of(fake, r);
		blocks[r] = f > blocks[r] ? f : blocks[r];
	}
	sort_rows(&p);
	for (r = 0; r < p.n; r++) {
		mix_row(&p, r, real_rows, fake, alpha);
		d[r] = 1;
	}
	forward(&p);
	backward(&p);
	input_gradient(&p);
	c->penalty = penalty(&p, coe);
	tangent(&p);
}

/* ---- Weights ---- */

static size_t
place(const struct update *u, const real *w)
{
	return (size_t)(w - u->w);
}

/* The first layer's gradient, in runs of strips that equally many rows of data and
 * equally many between reach. */
static void
first_layer(const struct critic *c, struct update *u)
{
	const struct dg_linear *l = &c->net->l[0];
	const int *data = c->strips, *between = c->strips + 2 * c->B;
	const real *d = c->d[0], *x = c->x;
	int nd = 2 * c->B, nb = c->B, col = 0, end, n;
	size_t half = 2 * (size_t)c->B;

	while (nd > 0 || nb > 0) {
		struct grad_term term[2] = {{d, x, l->out, l->in, nd},
		    {d + half * (size_t)l->out, x + half * (size_t)l->in, l->out, l->in,
			nb}};

		n = 2;
		if (nd == 2 * c->B) { /* rows between follow at once */
			term[0].k += nb;
			n = 1;
		}
		end = nd == 0 || (nb > 0 && between[nb - 1] < data[nd - 1])
		    ? between[nb - 1]
		    : data[nd - 1];
		update_matrix(u, place(u, l->w) + (size_t)col, l->out,
		    ragged_col(&c->shape, end) - col, l->in, col, term, n, &c->lazy);
		col = ragged_col(&c->shape, end);
		while (nd > 0 && data[nd - 1] <= end)
			nd--;
		while (nb > 0 && between[nb - 1] <= end)
			nb--;
	}
}

void
critic_tiles(const struct critic *c, struct update *u)
{
	const struct dg_linear *l;
	struct grad_term term;
	int i;

	first_layer(c, u);
	for (i = 0; i < c->net->n; i++) {
		l = &c->net->l[i];
		term = (struct grad_term){c->d[i], NULL, l->out, 0, 2 * c->B};
		update_vector(u, place(u, l->b), l->out, &term, 1);
		if (i == 0)
			continue;
		term =
		    (struct grad_term){c->d[i], c->a[i - 1], l->out, l->in, 3 * c->B};
		update_matrix(u, place(u, l->w), l->out, l->in, l->in, 0, &term, 1,
		    NULL);
	}
}

/* ---- The generator's side ---- */

double
critic_judge(struct critic *c, real *dx, int ldd, const struct critic_rows *x,
    double scale)
{
	struct part p = part_of(c, 2 * c->B, c->B);
	int r, b, top = c->net->n - 1;
	real *d = layer_rows(&p, c->d, top), *y = layer_rows(&p, c->a, top);
	double sum = 0;

	for (r = 0; r < p.n; r++)
		c->blocks[p.first + r] = blocks_of(x, r);
	sort_rows(&p);
	for (r = 0; r < p.n; r++) {
		take_row(&p, r, x, c->order[p.first + r]);
		d[r] = (real)(scale / c->B);
	}
	forward(&p);
	backward(&p);
	input_gradient(&p);
	for (r = 0; r < p.n; r++) {
		b = c->order[p.first + r];
		sum += (double)y[r];
		memcpy(dx + (size_t)b * (size_t)ldd,
		    c->u + (size_t)r * (size_t)p.shape.cols,
		    (size_t)columns(c, blocks_of(x, b)) * sizeof *dx);
	}
	return sum / c->B;
}
