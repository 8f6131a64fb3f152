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
};

extern const struct hypers ar_hypers;

#endif
