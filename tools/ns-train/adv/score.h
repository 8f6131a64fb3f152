/*
 * score.h: how far what is drawn is from what is held out, by pairs of symbols: the
 * mean Jensen-Shannon divergence (base 2) of the codes of two symbols of one record, or
 * of one symbol in two records that follow each other.  Octets, which spell what is
 * rare, are left out.
 *
 * Source: Lin, "Divergence measures based on the Shannon entropy", 1991, equation 4.1.
 */
#ifndef NS_TRAIN_ADV_SCORE_H
#define NS_TRAIN_ADV_SCORE_H

#include "adv/codes.h"

struct score {
	const struct ar *m; /* lent */
	int *symbol, n;     /* (n) that are compared, attributes first */
	/* records, one behind the other: their codes (n), and whether one is before */
	struct shown {
		uint16_t *code;
		bool *later;
		size_t records, cap, cap_later;
	} genuine, drawn;
	uint32_t *count[2]; /* (codes of any pair) scratch */
};

void score_init(struct score *s, const struct ar *m);
void score_free(struct score *s);
/* score_add: the records of lanes 0 .. n - 1 of c to those held out, or drawn. */
void score_add(struct score *s, struct shown *to, const struct codes *c, int n);
/* score_value: 0 (alike) to 1; 0 where there is nothing to compare. */
double score_value(struct score *s);

#endif
