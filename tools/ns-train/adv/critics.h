/*
 * critics.h: the two critics of the adversarial kind, of all that is in a window and of
 * attributes alone, each behind embeddings of its own (sight.h): Wasserstein critics
 * with a penalty, which is taken where the embeddings are the input.
 *
 * With the option minibatch a row has the mean of the attributes of its minibatch, too,
 * so that a critic sees what is drawn too seldom or too often.
 *
 * Source: Gulrajani et al., NIPS 2017 (penalty); Salimans et al., "Improved techniques
 * for training GANs", NIPS 2016, section 3.2 (statistics of a minibatch); Lin et al.,
 * IMC 2020 (a second critic, of attributes).
 */
#ifndef NS_TRAIN_ADV_CRITICS_H
#define NS_TRAIN_ADV_CRITICS_H

#include "adv/sight.h"
#include "critic/critic.h"

enum { CRITIC_ALL, CRITIC_ATTRIBUTES, CRITICS };

struct one_critic {
	struct sight sight, grad; /* tables, and their gradients */
	size_t at, n_tables, n;   /* in the block: begin, its tables, all of it */
	struct mlp net;
	struct critic critic;
	size_t reals;     /* of lanes rows of its input */
	uint64_t updates; /* that it has had: it has none where it sees nothing */
	int rows, *lane, *blocks; /* (rows) what it sees: of which lane, steps of it */
	real *x_real, *x_fake;    /* (lanes, in) */
	real *dx;                 /* (2 lanes, in) at the rows it learnt from */
	real *verdict;            /* (lanes, in) see critics_judge */
	const real **row;         /* (lanes) into verdict, NULL: not seen */
	real *alpha;
	double loss, penalty, gradient, mean; /* mean: of D of what is drawn */
};

struct critics {
	const struct ar *m; /* lent, as all the rest */
	struct pool *pool;
	const struct codes *genuine, *drawn;
	struct params params;
	real *block, *mom, *var, *grad; /* (params.total); grad: of tables only */
	struct one_critic of[CRITICS];
	struct update update;
};

void critics_init(struct critics *c, const struct ar *m, struct pool *pool, int lanes,
    int window, struct rng *r);
void critics_free(struct critics *c);

/* critics_learn: an update from windows of both kinds, at the same
 * places; alpha draws where between two the penalty is taken. */
void critics_learn(struct critics *c, const struct codes *genuine,
    const struct codes *drawn, double lr, struct rng *alpha);
/* critics_judge: the generator's loss, minus the means of what the critics say to drawn
 * windows; its gradients are in row of each. */
double critics_judge(struct critics *c, const struct codes *drawn);

#endif
