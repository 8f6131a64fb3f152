/*
 * counter.h: the smallest kind of model whose chunks share weights: a net of as many
 * numbers as its configuration says.
 */
#ifndef COUNTER_H
#define COUNTER_H

#include <stdlib.h>

#include "model/mstream.h"

struct counter_config {
	int batch_size, size;
	double rate;
};

struct counter {
	struct counter_config cfg;
	struct params params;
	real *block;
};

static const struct hyper counter_table[] = {
    HYPER_INT(counter_config, batch_size, "series a batch", false, 7, 1, 100),
    HYPER_INT(counter_config, size, "numbers of the net", true, 3, 1, 100),
    HYPER_F64(counter_config, rate, "what a step adds", 1, 0, 10),
};
static const struct hypers counter_hypers = {counter_table, LEN(counter_table),
    sizeof(struct counter_config)};

static inline void *
counter_new(const struct tensor_schema *s, const void *cfg, const struct carry *c,
    struct ns_err *e)
{
	struct counter *m = xcalloc(1, sizeof *m);

	(void)s;
	(void)c;
	(void)e;
	m->cfg = *(const struct counter_config *)cfg;
	params_add(&m->params, "count", m->cfg.size, 0);
	m->block = xcalloc(m->params.total, sizeof *m->block);
	return m;
}

static inline void
counter_free(void *net)
{
	struct counter *m = net;

	if (m == NULL)
		return;
	params_free(&m->params);
	free(m->block);
	free(m);
}

static inline void
counter_view(void *net, struct model_view *v)
{
	struct counter *m = net;

	*v = (struct model_view){&m->cfg, &m->params, m->block, 1, 2};
}

static const struct model_kind counter_kind = {
    .name = "counter",
    .hypers = &counter_hypers,
    .shares = true,
    .net_new = counter_new,
    .net_free = counter_free,
    .net_view = counter_view,
};

#endif
