/*
 * tape.h: what one training step does with some lanes: their symbols, forward through
 * all nets, cross-entropy, and backward.  Several tapes work side by side, each with
 * gradients of its own.
 *
 * Rows: lanes stand in the order of the lengths of their windows, longest first; row
 * off[t] + p is step t of the window of lane p, so the lanes that still go on at step t
 * are the first live[t].
 */
#ifndef NS_TRAIN_AR_TAPE_H
#define NS_TRAIN_AR_TAPE_H

#include "ar/lanes.h"
#include "ar/sink.h"
#include "model/ar/ar.h"

struct tape_loss {
	double attr, step;      /* nats, summed: of attributes in the loss, of steps */
	uint64_t series, steps; /* that are in it */
};

struct symbol_loss {
	double nats;
	uint64_t n; /* codes where there was a choice */
};

struct tape {
	const struct ar *m;
	const real *weight; /* (P + M) of each symbol in the loss, lent; NULL: 1 */
	bool
	    by_length; /* a series counts so often in the gradients of its attributes */
	bool frozen;   /* tables of embeddings are not learnt */
	struct symbol_loss *each; /* (P + M) added to, of all symbols, lent; or NULL */
	struct sink *sink;   /* where gradients go first, lent; NULL: to grad at once */
	struct ar_nets grad; /* views into a block of n_train numbers */
	real *grad_block;
	int cap, window; /* lanes, steps: of the buffers below */
	int n, rows, fresh, *off, *live;
	const struct lane **lane; /* (n) */
	int *slot;                /* (n) place of the lane's state in the states */
	int *unit, *row_unit;     /* (n), (rows) of the batch, see lanes.h */
	/* codes */
	uint16_t *chunk, *length, *attr; /* (n), (n), (n, P) */
	uint16_t *code, *prev;           /* (rows, M) */
	uint16_t *left, *done;           /* (rows) */
	/* of the lanes */
	real *x, *ctx, *ctx_gates, *ctx_heads; /* (n, A), (n, C), (n, 4H), (n, M U) */
	real *dx, *dctx, *dctx_gates, *dctx_heads;
	/* of the rows */
	real *in, *din;                /* (rows, X) */
	real *gates, *dgates;          /* (rows, 4H) */
	real *h, *c, *h_prev, *c_prev; /* (rows, H) */
	real *dh, *dc, *dh_prev;       /* (rows, H), (n, H), (n, H) */
	real *hid, *dhid;              /* (rows, M U) */
	real *emb, *demb;              /* (rows, R) */
	real *y;                       /* (rows, biggest alphabet) */
	/* of the lanes where an attribute has a choice */
	uint16_t *pick_chunk, *pick_length, *pick_attr; /* (n), (n), (n, P) */
	real *pick_x, *pick_dx;                         /* (n, A) */
	real *h1, *h2, *dh1, *dh2;                      /* (n, V) */
	/* rows whose symbol is not given by masks alone */
	int *open, *open_unit;                 /* (rows) */
	uint8_t (*allow)[CHOICE_SET];          /* (rows) */
	uint16_t *target;                      /* (rows) */
	real *open_hid, *open_dhid, *open_emb; /* (rows, U), (rows, U), (rows, R) */
};

struct tape *tape_new(const struct ar *m, int lanes, int window);
void tape_free(struct tape *t);

/*
 * tape_load: the symbols of n lanes; slot i of the states belongs to lanes[i].
 */
void tape_load(struct tape *t, const struct lane *lanes, int n);

/*
 * tape_run: forward; losses are added to *loss.  state_h, state_c (slots, H): of each
 * lane at the begin of its window, not read where its series begins; at the window's
 * end when back, unless keep is false.  With backward, gradients times scale are added
 * to grad_block.
 */
void tape_run(struct tape *t, real *state_h, real *state_c, bool keep, bool backward,
    real scale, struct dropout *d, struct tape_loss *loss);

#endif
