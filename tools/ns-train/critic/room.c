/* The buffers of a critic. */
#include "critic/critic.h"

#include <stdlib.h>
#include <string.h>

#include "base/huge.h"
#include "base/mem.h"

/* Blocks are joined to strips of about so many columns: narrower products are slow. */
#define STRIP_COLS 128

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
	c->count = xcalloc((size_t)n + 1, sizeof *c->count);
}

/* Outputs and gradients of all layers stand in one block. */
static void
place_layers(struct critic *c)
{
	size_t rows = 3 * (size_t)c->room, n;
	real *at;
	int i;

	c->layer_reals = 0;
	for (i = 0; i < c->net->n; i++)
		c->layer_reals += 2 * size_mul(rows, (size_t)c->net->l[i].out);
	at = c->layers = huge_calloc(c->layer_reals, sizeof *at);
	for (i = 0; i < c->net->n; i++) {
		n = rows * (size_t)c->net->l[i].out;
		c->a[i] = at;
		c->d[i] = at + n;
		at += 2 * n;
	}
}

static void
make_room(struct critic *c, int room)
{
	const struct mlp *net = c->net;
	size_t b = (size_t)room;
	int i, wide = net->l[0].in;

	c->room = room;
	place_layers(c);
	for (i = 0; i < net->n; i++)
		wide = net->l[i].out > wide ? net->l[i].out : wide;
	c->x_reals = size_mul(3 * b, (size_t)net->l[0].in);
	c->u_reals = size_mul(b, (size_t)wide);
	c->x = huge_calloc(c->x_reals, sizeof *c->x);
	c->u = huge_calloc(c->u_reals, sizeof *c->u);
	c->at = xcalloc(3 * b, sizeof *c->at);
	c->strips = xcalloc(3 * b, sizeof *c->strips);
	c->order = xcalloc(3 * b, sizeof *c->order);
	c->blocks = xcalloc(3 * b, sizeof *c->blocks);
}

static void
free_room(struct critic *c)
{
	huge_free(c->layers, c->layer_reals, sizeof *c->layers);
	huge_free(c->x, c->x_reals, sizeof *c->x);
	huge_free(c->u, c->u_reals, sizeof *c->u);
	free(c->at);
	free(c->strips);
	free(c->order);
	free(c->blocks);
}

void
critic_init(struct critic *c, const struct mlp *net, struct pool *pool, int B, int attr,
    int block)
{
	memset(c, 0, sizeof *c);
	c->net = net;
	c->pool = pool;
	c->B = B;
	c->attr = attr;
	c->block = block;
	c->center = 1;
	if (net->n == 0)
		return;
	cut_strips(c);
	make_room(c, B);
}

void
critic_free(struct critic *c)
{
	free_room(c);
	free(c->lazy.last);
	free(c->count);
	memset(c, 0, sizeof *c);
}

void
critic_resize(struct critic *c, int B, int room)
{
	c->B = B;
	room = B > room ? B : room;
	if (c->net->n == 0 || room <= c->room)
		return;
	free_room(c);
	make_room(c, room);
}
