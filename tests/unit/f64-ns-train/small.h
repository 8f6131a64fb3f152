/* small.h: a model small enough for finite differences: every kind of output, batches
 * of 6, two rows a recurrent step. */
#ifndef TEST_SMALL_H
#define TEST_SMALL_H

#include "model/dg/dg.h"

static inline void
small_schema(struct tensor_schema *s)
{
	const float words[4 * 3] = {1, 0, 0, 0, 1, 0, 0, 0, 1, .6f, .8f, 0};

	tensor_schema_init(s);
	tensor_schema_table(s, "port", 4, 3, words);
	tensor_schema_add(s, NSR_ATTRIBUTE, "bits", NSR_BIT, 3, "");
	tensor_schema_add(s, NSR_ATTRIBUTE, "port", NSR_WORD, 3, "port");
	tensor_schema_add(s, NSR_ATTRIBUTE, "kind", NSR_CATEGORY, 3, "");
	tensor_schema_add(s, NSR_ATTRIBUTE, "start", NSR_REAL, 1, "");
	tensor_schema_add(s, NSR_FEATURE, "gap", NSR_REAL, 1, "");
	tensor_schema_add(s, NSR_FEATURE, "flag", NSR_CATEGORY, 3, "");
}

static inline struct dg *
small_model(const struct tensor_schema *s, int max_steps, struct rng *r)
{
	struct dg_config c;
	struct ns_err e;
	struct dg *m;
	size_t i;

	hypers_default(&dg_hypers, &c);
	c.batch_size = 6;
	c.sample_len = 2;
	c.attr_layers = 3;
	c.attr_units = 7;
	c.lstm_units = 5;
	c.d_layers = c.attr_d_layers = 4;
	c.d_units = 9;
	c.attr_d_units = 8;
	m = dg_new(s, &c, max_steps, &e);
	assert_non_null(m);
	dg_init(m, r);
	/* off the start's zeros, and with both flags in play */
	for (i = 0; i < m->n_train; i++)
		m->block[i] += .1 * rng_normal(r);
	return m;
}

#endif
