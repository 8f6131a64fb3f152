/* mlp.h: the weights of linear layers, one by one and stacked; views, owned by nobody.
 */
#ifndef NN_MLP_H
#define NN_MLP_H

#include "nn/real.h"

#define MLP_LAYERS_MAX 16

struct linear {
	real *w, *b; /* (out, in), (out) */
	int out, in;
};

struct mlp { /* linear, ReLU, ..., linear */
	int n;
	struct linear l[MLP_LAYERS_MAX];
};

#endif
