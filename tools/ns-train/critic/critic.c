#include "critic/critic.h"

#include <string.h>

#include "nn/gemm.h"
#include "nn/layers.h"
#include "nn/sums.h"

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

/* A range of the rows: data, or between. */
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
layer_row(real *const *of, const struct critic *c, int i, int row)
{
	return of[i] + (size_t)row * (size_t)c->net->l[i].out;
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
	int *strips = c->strips + p->first, *order = c->order + p->first, r, s, n,
	    at = 0;

	memset(c->count, 0, ((size_t)c->n_strips + 1) * sizeof *c->count);
	for (r = 0; r < p->n; r++)
		c->count[ragged_strips(&c->shape,
		    columns(c, c->blocks[p->first + r]))]++;
	for (s = c->n_strips; s > 0; s--) {
		n = c->count[s];
		c->count[s] = at;
		at += n;
	}
	for (r = 0; r < p->n; r++) {
		s = ragged_strips(&c->shape, columns(c, c->blocks[p->first + r]));
		strips[c->count[s]] = s;
		order[c->count[s]++] = r;
	}
}

/* A row of so many columns to place r, with zeros to the end of its strip. */
static void
put_row(const struct part *p, int r, const real *from, int n)
{
	int end = ragged_col(&p->shape, p->shape.strips[r]);
	real *x = input_row(p, r);

	memcpy(x, from, (size_t)n * sizeof *x);
	if (n < end)
		memset(x + n, 0, (size_t)(end - n) * sizeof *x);
}

static void
take_row(const struct part *p, int r, const struct critic_rows *from, int b)
{
	put_row(p, r, from->x + (size_t)b * (size_t)from->ld,
	    columns(p->c, blocks_of(from, b)));
}

/* ---- Passes ---- */

/* W_1 x of a part, to a[0]. */
static void
first_product(const struct part *p, real *y)
{
	const struct linear *l = &p->c->net->l[0];

	ragged_nt(p->c->pool, &p->shape, y, l->out, input_row(p, 0), l->in, l->w, l->in,
	    l->out);
}

/* Outputs of all layers of rows first .. first + n - 1, from what stands in a[0]. */
static void
forward(struct critic *c, int first, int n)
{
	const struct linear *l;
	real *y;
	int i, top = c->net->n - 1;

	for (i = 0; i <= top; i++) {
		l = &c->net->l[i];
		y = layer_row(c->a, c, i, first);
		if (i > 0)
			gemm_nt(c->pool, n, l->out, l->in,
			    layer_row(c->a, c, i - 1, first), l->in, l->w, l->in, 0, y,
			    l->out);
		if (i < top)
			bias_relu_forward(y, l->out, l->b, n, l->out);
		else
			bias_forward(y, l->out, l->b, n, l->out);
	}
}

/* Gradients at the outputs of all layers, from those of the last. */
static void
backward(struct critic *c, int first, int n)
{
	const struct linear *l;
	real *d;
	int i;

	for (i = c->net->n - 1; i > 0; i--) {
		l = &c->net->l[i];
		d = layer_row(c->d, c, i - 1, first);
		gemm_nn(c->pool, n, l->in, l->out, layer_row(c->d, c, i, first), l->out,
		    l->w, l->in, 0, d, l->in);
		relu_backward(d, d, layer_row(c->a, c, i - 1, first), (long)n * l->in);
	}
}

/* dD/dx to u (n, cols), in the strips that rows have. */
static void
input_gradient(const struct part *p)
{
	struct critic *c = p->c;
	const struct linear *l = &c->net->l[0];

	ragged_nn(c->pool, &p->shape, c->u, l->in, layer_row(c->d, c, 0, p->first),
	    l->out, l->w, l->in, l->out);
}

/* t_l into the rows between of a_l; masks are read from what stands there. */
static void
tangent(const struct part *p)
{
	struct critic *c = p->c;
	const struct linear *l;
	int i;

	for (i = 0; i < c->net->n - 1; i++) {
		l = &c->net->l[i];
		if (i == 0)
			first_product(p, c->u);
		else
			gemm_nt(c->pool, p->n, l->out, l->in,
			    layer_row(c->a, c, i - 1, p->first), l->in, l->w, l->in, 0,
			    c->u, l->out);
		relu_tangent(layer_row(c->a, c, i, p->first), c->u,
		    (long)p->n * l->out);
	}
}

/* ---- A step ---- */

/* What losses are divided by. */
static double
divisor(const struct critic *c)
{
	return c->sums ? 1 : c->B;
}

/* Real and fake series in their order, and the gradient of the loss at D of each. */
static void
place_data(const struct part *p, const struct critic_rows *real_rows,
    const struct critic_rows *fake)
{
	struct critic *c = p->c;
	int r, b, is_fake, top = c->net->n - 1;

	for (r = 0; r < p->n; r++)
		c->blocks[r] = blocks_of(r < c->B ? real_rows : fake, r % c->B);
	sort_rows(p);
	for (r = 0; r < p->n; r++) {
		b = c->order[r];
		is_fake = b >= c->B;
		c->at[b] = r;
		take_row(p, r, is_fake ? fake : real_rows, b % c->B);
		c->d[top][r] = (real)(is_fake ? 1 : -1) / (real)divisor(c);
	}
}

/* y = r + a (f - r) */
VECTOR_CLONES static void
interpolate(real *restrict y, const real *restrict r, const real *restrict f, real a,
    int n)
{
	int j;

	for (j = 0; j < n; j++)
		y[j] = r[j] + a * (f[j] - r[j]);
}

/* Rows between in their order: what the first layer makes of them, D's own gradient. */
static void
place_between(const struct part *p, const struct critic_rows *real_rows,
    const struct critic_rows *fake, const real *alpha)
{
	struct critic *c = p->c;
	int r, b, f, *blocks = c->blocks + p->first, top = c->net->n - 1;

	for (r = 0; r < p->n; r++) {
		blocks[r] = blocks_of(real_rows, r);
		f = blocks_of(fake, r);
		blocks[r] = f > blocks[r] ? f : blocks[r];
	}
	sort_rows(p);
	for (r = 0; r < p->n; r++) {
		b = c->order[p->first + r];
		c->at[2 * c->B + b] = p->first + r;
		interpolate(layer_row(c->a, c, 0, p->first + r),
		    layer_row(c->a, c, 0, c->at[b]),
		    layer_row(c->a, c, 0, c->at[c->B + b]), alpha[b], c->net->l[0].out);
		c->d[top][p->first + r] = 1;
	}
}

/* The penalty, and its tangent at the input as the rows between. */
static double
penalty(const struct part *p, double coe)
{
	struct critic *c = p->c;
	double sum = 0, s, f;
	real *u;
	int r, j, n;

	for (r = 0; r < p->n; r++) {
		u = c->u + (size_t)r * (size_t)p->shape.cols;
		n = columns(c, c->blocks[p->first + c->order[p->first + r]]);
		s = sqrt(sum_squares(u, (size_t)n) + 1e-8);
		f = s - c->center;
		sum += f * f;
		f *= coe * 2 / divisor(c) / s;
		for (j = 0; j < n; j++)
			u[j] *= (real)f;
		put_row(p, r, u, n);
	}
	return sum / divisor(c);
}

void
critic_step(struct critic *c, const struct critic_rows *real_rows,
    const struct critic_rows *fake, const real *alpha, double coe)
{
	struct part data = part_of(c, 0, 2 * c->B),
		    between = part_of(c, 2 * c->B, c->B);
	const real *y = c->a[c->net->n - 1];
	int r;

	place_data(&data, real_rows, fake);
	first_product(&data, c->a[0]);
	place_between(&between, real_rows, fake, alpha);
	forward(c, 0, 3 * c->B);
	c->real_sum = c->fake_sum = 0;
	for (r = 0; r < 2 * c->B; r++)
		*(c->order[r] >= c->B ? &c->fake_sum : &c->real_sum) += (double)y[r];
	backward(c, 0, 3 * c->B);
	input_gradient(&between);
	c->penalty = penalty(&between, coe);
	tangent(&between);
}

void
critic_inputs(struct critic *c, real *dx)
{
	struct part data = part_of(c, 0, 2 * c->B);
	const struct linear *l = &c->net->l[0];

	ragged_nn(c->pool, &data.shape, dx, l->in, c->d[0], l->out, l->w, l->in,
	    l->out);
}

/* ---- Weights ---- */

/* The first layer's gradient, in runs of strips that equally many rows of data and
 * equally many between reach. */
static void
first_layer(const struct critic *c, struct update *u)
{
	const struct linear *l = &c->net->l[0];
	const int *data = c->strips, *between = c->strips + 2 * c->B;
	const struct lazy *lazy = c->sums ? NULL : &c->lazy;
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
		update_matrix(u, update_place(u, l->w) + (size_t)col, l->out,
		    ragged_col(&c->shape, end) - col, l->in, col, term, n, lazy);
		col = ragged_col(&c->shape, end);
		while (nd > 0 && data[nd - 1] <= end)
			nd--;
		while (nb > 0 && between[nb - 1] <= end)
			nb--;
	}
	if (c->sums && col < l->in)
		update_matrix(u, update_place(u, l->w) + (size_t)col, l->out,
		    l->in - col, l->in, col, NULL, 0, NULL);
}

void
critic_tiles(const struct critic *c, struct update *u)
{
	const struct linear *l;
	struct grad_term term;
	int i, n = c->B > 0 ? 1 : 0;

	if (n == 0 && !c->sums)
		return;
	first_layer(c, u);
	for (i = 0; i < c->net->n; i++) {
		l = &c->net->l[i];
		term = (struct grad_term){c->d[i], NULL, l->out, 0, 2 * c->B};
		update_vector(u, update_place(u, l->b), l->out, &term, n);
		if (i == 0)
			continue;
		term =
		    (struct grad_term){c->d[i], c->a[i - 1], l->out, l->in, 3 * c->B};
		update_matrix(u, update_place(u, l->w), l->out, l->in, l->in, 0, &term,
		    n, NULL);
	}
}

/* ---- The generator's side ---- */

double
critic_judge(struct critic *c, real *dx, int ldd, const struct critic_rows *x,
    double scale)
{
	struct part p = part_of(c, 2 * c->B, c->B);
	int r, b, top = c->net->n - 1;
	double sum = 0;

	for (r = 0; r < p.n; r++)
		c->blocks[p.first + r] = blocks_of(x, r);
	sort_rows(&p);
	for (r = 0; r < p.n; r++) {
		take_row(&p, r, x, c->order[p.first + r]);
		c->d[top][p.first + r] = (real)(scale / c->B);
	}
	first_product(&p, layer_row(c->a, c, 0, p.first));
	forward(c, p.first, p.n);
	backward(c, p.first, p.n);
	input_gradient(&p);
	for (r = 0; r < p.n; r++) {
		b = c->order[p.first + r];
		sum += (double)c->a[top][p.first + r];
		memcpy(dx + (size_t)b * (size_t)ldd,
		    c->u + (size_t)r * (size_t)p.shape.cols,
		    (size_t)columns(c, blocks_of(x, b)) * sizeof *dx);
	}
	return sum / c->B;
}
