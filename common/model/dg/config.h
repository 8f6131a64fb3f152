/*
 * config.h: the hyper-parameters of a DoppelGANger as NetShare sets it up.
 *
 * Source: Lin et al., "Using GANs for sharing networked time series data", IMC 2020;
 * Yin et al., "Practical GAN-based synthetic IP header trace generation", SIGCOMM 2022.
 */
#ifndef MODEL_DG_CONFIG_H
#define MODEL_DG_CONFIG_H

#include "model/hyper.h"

struct dg_config {
	int batch_size, d_rounds, g_rounds;
	int sample_len; /* steps a recurrent step makes; 0 = chosen by dg_config_fit */
	int attr_noise, feat_noise;  /* inputs of N(0, 1) */
	int attr_layers, attr_units; /* attribute net; the last layer is the output */
	int lstm_units;              /* feature net */
	int d_layers, d_units;       /* critic */
	int attr_d_layers, attr_d_units; /* auxiliary critic */
	double g_lr, g_beta1, g_beta2, g_eps;
	double d_lr, d_beta1, d_beta2, d_eps;
	double attr_d_lr, attr_d_beta1, attr_d_beta2, attr_d_eps;
	double gp_coe, attr_gp_coe; /* gradient penalties */
	double attr_d_coe; /* weight of the auxiliary critic in the generator's loss */
	double bn_decay;
	int marginal_init; /* 1: output biases start at the marginals of the data */
};

extern const struct hypers dg_hypers;

/* dg_config_fit: fix what depends on the longest series. */
void dg_config_fit(struct dg_config *c, long max_steps);

#endif
