#include "model/dgconf.h"

#include <stdio.h>

#define INT(f, help, shape, def, min, max)                                             \
	{                                                                              \
#f, help, offsetof(struct dg_config, f), true, shape, def, min, max    \
	}
#define F64(f, help, def, min, max)                                                    \
	{                                                                              \
#f, help, offsetof(struct dg_config, f), false, false, def, min, max   \
	}

static const struct dg_hyper hypers[] = {
    INT(batch_size, "series a minibatch", false, 100, 2, 65536),
    INT(d_rounds, "critic rounds a step", false, 5, 1, 1000),
    INT(g_rounds, "generator rounds a step", false, 1, 1, 1000),
    INT(sample_len, "rows a recurrent step makes, 0 = 10 or the longest series", true,
	0, 0, 10000),
    INT(attr_noise, "noise inputs of the attribute net", true, 5, 1, 4096),
    INT(feat_noise, "noise inputs of the feature net", true, 5, 1, 4096),
    INT(attr_layers, "layers of the attribute net", true, 5, 1, DG_LAYERS_MAX),
    INT(attr_units, "units a layer of the attribute net", true, 512, 1, 16384),
    INT(lstm_units, "units of the LSTM", true, 100, 1, 8192),
    INT(d_layers, "layers of the critic", true, 5, 1, DG_LAYERS_MAX),
    INT(d_units, "units a layer of the critic", true, 512, 1, 16384),
    INT(attr_d_layers, "layers of the auxiliary critic", true, 5, 1, DG_LAYERS_MAX),
    INT(attr_d_units, "units a layer of the auxiliary critic", true, 512, 1, 16384),
    F64(g_lr, "learning rate of the generator", 1e-4, 0, 1),
    F64(g_beta1, "Adam's beta1, generator", .5, 0, .999999),
    F64(g_beta2, "Adam's beta2, generator", .999, 0, .999999),
    F64(g_eps, "Adam's epsilon, generator", 1e-8, 1e-30, 1),
    F64(d_lr, "learning rate of the critic", 1e-4, 0, 1),
    F64(d_beta1, "Adam's beta1, critic", .5, 0, .999999),
    F64(d_beta2, "Adam's beta2, critic", .999, 0, .999999),
    F64(d_eps, "Adam's epsilon, critic", 1e-8, 1e-30, 1),
    F64(attr_d_lr, "learning rate of the auxiliary critic", 1e-4, 0, 1),
    F64(attr_d_beta1, "Adam's beta1, auxiliary critic", .5, 0, .999999),
    F64(attr_d_beta2, "Adam's beta2, auxiliary critic", .999, 0, .999999),
    F64(attr_d_eps, "Adam's epsilon, auxiliary critic", 1e-8, 1e-30, 1),
    F64(gp_coe, "gradient penalty of the critic", 10, 0, 1e6),
    F64(attr_gp_coe, "gradient penalty of the auxiliary critic", 10, 0, 1e6),
    F64(attr_d_coe, "weight of the auxiliary critic for the generator", 1, 0, 1e6),
    F64(bn_decay, "decay of batch normalisation's averages", .9, 0, .999999),
    INT(marginal_init, "1: outputs start at the marginals of the data", false, 1, 0, 1),
};

const struct dg_hyper *
dg_hypers(size_t *n)
{
	*n = LEN(hypers);
	return hypers;
}

static double
hyper_value(const struct dg_config *c, const struct dg_hyper *h)
{
	const char *p = (const char *)c + h->offset;

	return h->is_int ? *(const int *)(const void *)p
			 : *(const double *)(const void *)p;
}

static void
hyper_set(struct dg_config *c, const struct dg_hyper *h, double v)
{
	char *p = (char *)c + h->offset;

	if (h->is_int)
		*(int *)(void *)p = (int)v;
	else
		*(double *)(void *)p = v;
}

void
dg_config_default(struct dg_config *c)
{
	size_t i;

	for (i = 0; i < LEN(hypers); i++)
		hyper_set(c, &hypers[i], hypers[i].def);
}

int
dg_config_check(const struct dg_config *c, struct ns_err *e)
{
	const struct dg_hyper *h;
	size_t i;
	double v;

	for (i = 0; i < LEN(hypers); i++) {
		h = &hypers[i];
		v = hyper_value(c, h);
		if (!(v >= h->min && v <= h->max))
			return ns_fail(e, NS_EUSAGE, "%s is %g, must be %g to %g",
			    h->name, v, h->min, h->max);
	}
	return NS_OK;
}

void
dg_config_fit(struct dg_config *c, long max_steps)
{
	if (c->sample_len == 0)
		c->sample_len = max_steps < 10 ? (int)max_steps : 10;
	if (c->sample_len < 1)
		c->sample_len = 1;
}

const char *
dg_config_same_shape(const struct dg_config *a, const struct dg_config *b)
{
	size_t i;

	for (i = 0; i < LEN(hypers); i++) {
		if (!hypers[i].is_shape)
			continue;
		if (hyper_value(a, &hypers[i]) != hyper_value(b, &hypers[i]))
			return hypers[i].name;
	}
	return NULL;
}

void
dg_config_text(const struct dg_config *c, struct buf *b)
{
	size_t i;

	for (i = 0; i < LEN(hypers); i++)
		buf_printf(b, "%s=%.17g\n", hypers[i].name, hyper_value(c, &hypers[i]));
}

int
dg_config_put(const struct dg_config *c, struct nsr_writer *w, struct ns_err *e)
{
	char key[64];
	size_t i;
	int rc;

	for (i = 0; i < LEN(hypers); i++) {
		snprintf(key, sizeof key, "model.%s", hypers[i].name);
		rc = nsr_put_meta(w, e, key, "%.15g", hyper_value(c, &hypers[i]));
		if (rc < 0)
			return rc;
	}
	return NS_OK;
}

int
dg_config_get(struct dg_config *c, const struct nsr_reader *r, struct ns_err *e)
{
	const struct dg_hyper *h;
	char key[64];
	double v;
	size_t i;
	int rc;

	for (i = 0; i < LEN(hypers); i++) {
		h = &hypers[i];
		snprintf(key, sizeof key, "model.%s", h->name);
		rc = nsr_meta_f64(r, key, &v, e);
		if (rc < 0)
			return rc;
		if (!(v >= h->min && v <= h->max) || (h->is_int && v != (double)(int)v))
			return ns_fail(e, NS_ECORRUPT, "%s: %s is %g, must be %g to %g",
			    nsr_name(r), key, v, h->min, h->max);
		hyper_set(c, h, v);
	}
	if (c->sample_len < 1)
		return ns_fail(e, NS_ECORRUPT, "%s: model.sample_len is 0",
		    nsr_name(r));
	return NS_OK;
}
