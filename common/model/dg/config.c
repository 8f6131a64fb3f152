#include "model/dg/config.h"

#include "nn/mlp.h"

#define INT(...) HYPER_INT(dg_config, __VA_ARGS__)
#define F64(...) HYPER_F64(dg_config, __VA_ARGS__)

static const struct hyper table[] = {
    INT(batch_size, "series a minibatch", false, 100, 2, 65536),
    INT(d_rounds, "critic rounds a step", false, 5, 1, 1000),
    INT(g_rounds, "generator rounds a step", false, 1, 1, 1000),
    INT(sample_len, "rows a recurrent step makes, 0 = 10 or the longest series", true,
	0, 0, 10000),
    INT(attr_noise, "noise inputs of the attribute net", true, 5, 1, 4096),
    INT(feat_noise, "noise inputs of the feature net", true, 5, 1, 4096),
    INT(attr_layers, "layers of the attribute net", true, 5, 1, MLP_LAYERS_MAX),
    INT(attr_units, "units a layer of the attribute net", true, 512, 1, 16384),
    INT(lstm_units, "units of the LSTM", true, 100, 1, 8192),
    INT(d_layers, "layers of the critic", true, 5, 1, MLP_LAYERS_MAX),
    INT(d_units, "units a layer of the critic", true, 512, 1, 16384),
    INT(attr_d_layers, "layers of the auxiliary critic", true, 5, 1, MLP_LAYERS_MAX),
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

const struct hypers dg_hypers = {table, LEN(table), sizeof(struct dg_config)};

void
dg_config_fit(struct dg_config *c, long max_steps)
{
	if (c->sample_len == 0)
		c->sample_len = max_steps < 10 ? (int)max_steps : 10;
	if (c->sample_len < 1)
		c->sample_len = 1;
}
