/*
 * roles.h: which of the series that start in a chunk open a conversation, which answer
 * one and which are alone, before anything of them but their lengths is drawn.
 */
#ifndef NS_SAMPLE_AR_ROLES_H
#define NS_SAMPLE_AR_ROLES_H

#include "ar/attrs.h"
#include "ar/plan.h"

struct roles {
	struct plan of[ROLE_ANSWER + 1]; /* enum series_role */
};

/* roles_draw: each length of plan goes to a role: those of one code by systematic
 * sampling of the model's probabilities.  There are as many openers as answers: half of
 * the surplus changes from one to the other, and an odd one is alone. */
void roles_draw(struct roles *x, struct attrs *a, int chunk, const struct plan *plan,
    struct rng *r);
/* roles_left: lengths of answers that found no opener are of series that are alone. */
void roles_left(struct roles *x);
void roles_free(struct roles *x);

/* roles_balance: of role (n) alone, as roles_draw has it; for it and tests. */
void roles_balance(uint8_t *role, size_t n, struct rng *r);

#endif
