#include "model/ar/config.h"

#include "nn/mlp.h"

#define INT(...) HYPER_INT(ar_config, __VA_ARGS__)
#define F64(...) HYPER_F64(ar_config, __VA_ARGS__)

/* What both kinds have. */
#define COMMON                                                                         \
	INT(batch_size, "series at once", false, 256, 1, 65536),                       \
	    INT(window, "steps through which gradients flow", false, 16, 1, 4096),     \
	    INT(attr_units, "units of the hidden layers of attributes", true, 128, 1,  \
		4096),                                                                 \
	    INT(ctx_units, "units of the context", true, 128, 1, 4096),                \
	    INT(lstm_units, "units of the LSTM", true, 128, 1, 4096),                  \
	    INT(head_units, "units of the hidden layer of a step's symbol", true, 96,  \
		1, 4096),                                                              \
	    INT(smooth, "low bits of rare addresses and ports that are drawn evenly",  \
		false, 5, 0, 8),                                                       \
	    F64(lr, "learning rate at its highest", 4e-3, 0, 1),                       \
	    F64(beta1, "Adam's beta1", .9, 0, .999999),                                \
	    F64(beta2, "Adam's beta2", .999, 0, .999999),                              \
	    F64(eps, "Adam's epsilon", 1e-8, 1e-30, 1),                                \
	    F64(clip, "longest gradient; in private training of a unit, 1", 5, 1e-9,   \
		1e9),                                                                  \
	    F64(dropout, "share of hidden units that drop", .3, 0, .9),                \
	    F64(hold_out, "share of the series that judges", .1, 0, .5),               \
	    F64(average, "decay of the average of the weights", .999, 0, .999999)

static const struct hyper table[] = {COMMON};
static const struct hyper adversarial[] = {
    COMMON,
    F64(warm_share, "share of the budget for likelihood training first", .7, 0, 1),
    F64(warm_up, "seconds of it instead, 0 = by share", 0, 0, 1e9),
    F64(after_warm, "part of the generator's rate that is used after it", .3, 0, 1),
    INT(d_alone, "steps at the begin in which the critics learn alone", false, 100, 0,
	1000000),
    INT(d_rounds, "critic rounds a step", false, 1, 1, 1000),
    INT(d_layers, "layers of a critic", false, 3, 1, MLP_LAYERS_MAX),
    INT(d_units, "units of a critic's layers", false, 256, 1, 4096),
    F64(d_lr, "learning rate of the critics", 1e-3, 0, 1),
    F64(d_beta1, "Adam's beta1 of the critics", .5, 0, .999999),
    F64(d_beta2, "Adam's beta2 of the critics", .999, 0, .999999),
    F64(g_lr, "learning rate of the generator", 1e-4, 0, 1),
    F64(g_beta1, "Adam's beta1 of the generator", .5, 0, .999999),
    F64(g_beta2, "Adam's beta2 of the generator", .999, 0, .999999),
    F64(gp_coe, "weight of the gradient penalty", 1, 0, 1e9),
    INT(r1, "1: penalty at real series, 0: between real and drawn", false, 0, 0, 1),
    INT(minibatch, "1: critics see the mean of the minibatch, too", false, 0, 0, 1),
    F64(attr_d_coe, "weight of the critic of attributes", 1, 0, 1e9),
    F64(likelihood, "weight of the likelihood in the generator's loss", 0, 0, 1e9),
    F64(floor, "share of the marginals in what is drawn to be judged", 0, 0, .5),
};

const struct hypers ar_hypers = {table, LEN(table), sizeof(struct ar_config)};
const struct hypers adversarial_hypers = {adversarial, LEN(adversarial),
    sizeof(struct ar_config)};
