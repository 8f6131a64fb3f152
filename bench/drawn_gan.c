#include "drawn.h"

/* Recurrent steps of series i. */
static int
blocks(const struct drawn *d, size_t i)
{
	const struct dg *m = d->model.net;

	return ((int)d->series[i].rows + m->S - 1) / m->S;
}

static void
add_batch(struct products *q, const struct drawn *d, size_t first, size_t n)
{
	const struct dg *m = d->model.net;
	const struct mlp *p = &m->net.attr;
	long H = m->H, live = (long)n;
	int i, step;
	size_t b;

	for (i = 0; i < p->n; i++)
		products_needed(q, NT, live, p->l[i].out, p->l[i].in, 1);
	products_needed(q, NT, live, 4 * H, m->A, 1);
	for (step = 0; live > 0; step++) {
		products_needed(q, NT, live, 4 * H, m->cfg.feat_noise, 1);
		products_needed(q, NT, live, 4 * H, H, 1);
		products_needed(q, NT, live, m->net.out.out, H, 1);
		for (b = first, live = 0; b < first + n; b++)
			live += blocks(d, b) > step + 1;
	}
}

void
drawn_by_gan(struct products *q, struct drawn *d)
{
	size_t i;

	for (i = 0; i < d->n; i += BATCH)
		add_batch(q, d, i, d->n - i < BATCH ? d->n - i : BATCH);
}
