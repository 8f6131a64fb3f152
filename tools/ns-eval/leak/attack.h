/*
 * attack.h: how close the candidate's flows are to what it was learnt from, and how
 * well an attacker who has only the candidate tells members of the training trace from
 * flows that are not.
 */
#ifndef EVAL_LEAK_ATTACK_H
#define EVAL_LEAK_ATTACK_H

#include "leakage.h"
#include "part.h"

#define ATTACK_MEMBERS 5000 /* and as many that are not, at most */
#define ATTACK_SYNTH 10000  /* of the candidate's flows that look for the closest */
#define ATTACK_FPR .01

/*
 * struct closeness: share of up to ATTACK_SYNTH of the candidate's flows that are
 * closer to training than to the hold-out.  Under the null each real flow has its coin
 * (bounds.h), and weighs as much as flows find it the closest.
 */
struct closeness {
	double share, bound;
	double to_train[LEAK_POINTS], to_held[LEAK_POINTS];
};

/*
 * struct attack: on m = min(ATTACK_MEMBERS, half the hold-out) flows of training and
 * m of the hold-out; the rest of the hold-out is the attacker's reference.  A flow's
 * score is log((r + 1e-6) / (s + 1e-6)), r its distance to the closest reference flow
 * and s to the closest flow of the whole candidate, which is the log ratio of densities
 * by the nearest neighbour, up to a factor; the simple attack scores -s.  One
 * neighbour, since a copy is one.  All NAN if a part has less than two flows. Source:
 * van Breugel et al., "Membership inference attacks against synthetic data through
 * overfitting detection" (DOMIAS), AISTATS 2023, eq. 2, with densities by neighbours:
 * Loftsgaarden and Quesenberry, Ann. Math. Stat. 36 (1965).
 */
struct attack {
	double auc, nearest_auc, auc_bound;
	double tpr, tpr_bound; /* at ATTACK_FPR */
	double roc[LEAK_POINTS];
};

/* train and held have as many flows; neither is empty. */
void closeness_measure(struct closeness *c, const struct pair *p,
    const struct part *train, const struct part *held);
void attack_run(struct attack *a, const struct pair *p, const struct part *train,
    const struct part *held);

#endif
