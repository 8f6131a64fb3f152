/* nets.h: small autoregressive models with weights of no training. */
#ifndef TEST_NETS_H
#define TEST_NETS_H

#include <string.h>

#include "model/ar/ar.h"

/* net_make: of units as few as they come; spread: how far the weights are from their
 * start, and so how far the probabilities are from even. */
static inline struct ar *
net_make(const struct tensor_schema *s, int chunks, double spread, uint64_t seed)
{
	struct ar_config c;
	struct ns_err e;
	struct rng r;
	struct ar *m;
	size_t i;

	hypers_default(&ar_hypers, &c);
	c.smooth = 0; /* all probabilities are those of the nets */
	c.attr_units = c.ctx_units = c.head_units = 8;
	c.lstm_units = 6;
	m = ar_new(s, &c, chunks, &e);
	assert_non_null(m);
	rng_init(&r, seed, 0);
	ar_init(m, &r);
	for (i = 0; i < m->n_train; i++)
		m->block[i] += (real)(spread * rng_normal(&r));
	return m;
}

/* net_make_even: attribute i is any of its codes alike, and no net reads it. */
static inline void
net_make_even(const struct ar *m, int i)
{
	const struct symbol *y = &m->sym.sym[i];
	const struct linear *out = &m->net.pick[i].out;
	size_t table = (size_t)(y->k * y->e) * sizeof(real);
	int j;

	memset(out->w, 0, (size_t)(out->out * out->in) * sizeof(real));
	memset(out->b, 0, (size_t)out->out * sizeof(real));
	for (j = i + 1; j < m->P; j++)
		memset(m->net.pick[j].reads.attr[i], 0, table);
	memset(m->net.reads.attr[i], 0, table);
}

static inline void
mask_row(struct tensor_mask *k, int row, int n, const uint8_t *codes)
{
	while (n-- > 0)
		mask_set(k->allow[row], codes[n]);
}

#endif
