/* copy.h: records that wait for their count. */
#ifndef NS_CAT_COPY_H
#define NS_CAT_COPY_H

#include <stdio.h>

#include "cat.h"

/* Records chosen from one stream, in an unlinked file. */
struct chosen {
	uint64_t records, steps;
	struct buf rec;
	FILE *file;
};
/* chosen_read: read r's stream to its end and keep what q asks for, at most *left. */
int chosen_read(struct chosen *k, const struct request *q, struct nsr_reader *r,
    uint64_t *left, struct ns_err *e);
int chosen_write(struct chosen *k, struct nsr_writer *w, struct ns_err *e);
void chosen_free(struct chosen *k);

/* steps_of: how many steps a series or tensor record has; 1 for other kinds. */
struct stepper {
	struct tensor_schema schema;
	bool tensor;
	long at; /* series: of n_steps */
};
int stepper_open(struct stepper *s, const struct nsr_reader *r, struct ns_err *e);
int steps_of(const struct stepper *s, const uint8_t *rec, size_t len, uint32_t *steps,
    struct ns_err *e);
void stepper_free(struct stepper *s);

#endif
