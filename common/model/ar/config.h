/* config.h: the hyper-parameters of the autoregressive model. */
#ifndef MODEL_AR_CONFIG_H
#define MODEL_AR_CONFIG_H

#include "model/hyper.h"

struct ar_config {
	int batch_size; /* series at once */
	int window;     /* steps of each through which gradients flow */
	int attr_units, ctx_units, lstm_units, head_units; /* V, C, H, U */
	double lr, beta1, beta2, eps;                      /* Adam */
	double clip;                                       /* longest gradient */
	double dropout;  /* of the hidden layers of attributes and heads */
	int smooth;      /* octets: so many low bits of a rare value are drawn evenly */
	double hold_out; /* share of the series that is not learnt from but judges */
	double average;  /* decay of the average of the weights, which is the model */

	/* of the adversarial kind alone: */
	double warm_share;     /* of the budget, for likelihood first */
	double warm_up;        /* seconds of it instead */
	double after_warm;     /* the generator's rate after it is so much of g_lr */
	int d_alone;           /* steps at the begin in which the critics learn alone */
	int d_rounds;          /* of the critics, for one of the generator */
	int d_layers, d_units; /* of each critic */
	double d_lr, d_beta1, d_beta2;
	double g_lr, g_beta1, g_beta2;
	double gp_coe;     /* weight of the gradient penalty */
	int minibatch;     /* critics see the mean of it, too */
	int r1;            /* of the gradient's length at real series, not between */
	double attr_d_coe; /* weight of the critic of attributes for the generator */
	double likelihood; /* weight of the likelihood in it */
	double floor;      /* share of the marginals in what is drawn to be judged */
};

extern const struct hypers ar_hypers, adversarial_hypers;

#endif
