#include "model/ar/config.h"

#define INT(...) HYPER_INT(ar_config, __VA_ARGS__)
#define F64(...) HYPER_F64(ar_config, __VA_ARGS__)

static const struct hyper table[] = {
    INT(batch_size, "series at once", false, 256, 1, 65536),
    INT(window, "steps through which gradients flow", false, 16, 1, 4096),
    INT(attr_units, "units of the hidden layers of attributes", true, 128, 1, 4096),
    INT(ctx_units, "units of the context", true, 128, 1, 4096),
    INT(lstm_units, "units of the LSTM", true, 128, 1, 4096),
    INT(head_units, "units of the hidden layer of a step's symbol", true, 96, 1, 4096),
    INT(smooth, "low bits of rare addresses and ports that are drawn evenly", false, 5,
	0, 8),
    F64(lr, "learning rate at its highest", 4e-3, 0, 1),
    F64(beta1, "Adam's beta1", .9, 0, .999999),
    F64(beta2, "Adam's beta2", .999, 0, .999999),
    F64(eps, "Adam's epsilon", 1e-8, 1e-30, 1),
    F64(clip, "longest gradient", 5, 1e-9, 1e9),
    F64(dropout, "share of hidden units that drop", .3, 0, .9),
    F64(hold_out, "share of the series that judges", .1, 0, .5),
    F64(average, "decay of the average of the weights", .999, 0, .999999),
};

const struct hypers ar_hypers = {table, LEN(table), sizeof(struct ar_config)};
