/*
 * dgconf.h: the hyper-parameters of a DoppelGANger as NetShare sets it up, one table of
 * them for options, META and checks alike.
 *
 * Source: Lin et al., "Using GANs for sharing networked time series data", IMC 2020;
 * Yin et al., "Practical GAN-based synthetic IP header trace generation", SIGCOMM 2022.
 */
#ifndef MODEL_DGCONF_H
#define MODEL_DGCONF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"
#include "stream/stream.h"

#define DG_LAYERS_MAX 16

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

/* One entry of the table. */
struct dg_hyper {
	const char *name; /* option and, behind "model.", META key */
	const char *help;
	size_t offset;         /* in struct dg_config */
	bool is_int, is_shape; /* is_shape: weights of another value do not fit */
	double def, min, max;
};

const struct dg_hyper *dg_hypers(size_t *n);

void dg_config_default(struct dg_config *c);
/* dg_config_check: every value in its range, else NS_EUSAGE with its name. */
int dg_config_check(const struct dg_config *c, struct ns_err *e);
/* dg_config_fit: fix what depends on the longest series. */
void dg_config_fit(struct dg_config *c, long max_steps);
/* dg_config_same_shape: NULL, or the name of the first that differs. */
const char *dg_config_same_shape(const struct dg_config *a, const struct dg_config *b);

/* dg_config_text: append "name=value\n" of all; equal texts, equal configurations. */
void dg_config_text(const struct dg_config *c, struct buf *b);
int dg_config_put(const struct dg_config *c, struct nsr_writer *w, struct ns_err *e);
/* dg_config_get: all from META of r's stream; values are checked, code NS_ECORRUPT. */
int dg_config_get(struct dg_config *c, const struct nsr_reader *r, struct ns_err *e);

#endif
