/*
 * hyper.h: hyper-parameters of a kind of model: one table of them for options, META and
 * checks alike.  The values stand in a struct of the kind's own, its configuration.
 */
#ifndef MODEL_HYPER_H
#define MODEL_HYPER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"
#include "stream/stream.h"

/* One entry of the table. */
struct hyper {
	const char *name; /* option and, behind "model.", META key */
	const char *help;
	size_t offset;         /* in the configuration: of an int or a double */
	bool is_int, is_shape; /* is_shape: weights of another value do not fit */
	double def, min, max;
};

struct hypers {
	const struct hyper *v; /* (n) */
	size_t n, size;        /* size: bytes of a configuration */
};

/* Entries for the member f of a struct s. */
#define HYPER_INT(s, f, help, shape, def, min, max)                                    \
	{                                                                              \
#f, help, offsetof(struct s, f), true, shape, def, min, max            \
	}
#define HYPER_F64(s, f, help, def, min, max)                                           \
	{                                                                              \
#f, help, offsetof(struct s, f), false, false, def, min, max           \
	}

double hyper_value(const struct hyper *h, const void *cfg);
void hyper_set(const struct hyper *h, void *cfg, double v);

/* hyper_place: of the one of that name, which there is. */
size_t hyper_place(const struct hypers *t, const char *name);
/* hyper_suggest: another default: the value of the one of that name, if it was not
 * given (one flag for each of the table). */
void hyper_suggest(const struct hypers *t, void *cfg, const bool *given,
    const char *name, double v);

void hypers_default(const struct hypers *t, void *cfg);
/* hypers_check: every value in its range, else NS_EUSAGE with its name. */
int hypers_check(const struct hypers *t, const void *cfg, struct ns_err *e);
/* hypers_same_shape: NULL, or the name of the first that differs. */
const char *hypers_same_shape(const struct hypers *t, const void *a, const void *b);

/* hypers_text: append "name=value\n" of all; equal texts, equal configurations. */
void hypers_text(const struct hypers *t, const void *cfg, struct buf *b);
/* hypers_put, hypers_get: as META model.NAME.  _get: all are there, code NS_ECORRUPT
 * for a value out of range. */
int hypers_put(const struct hypers *t, const void *cfg, struct nsr_writer *w,
    struct ns_err *e);
int hypers_get(const struct hypers *t, void *cfg, const struct nsr_reader *r,
    struct ns_err *e);

#endif
