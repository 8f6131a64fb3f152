#include "ar/wanted.h"

#include <stdlib.h>
#include <string.h>

#include "ar/lengths.h"
#include "base/mem.h"

int
wanted_init(struct wanted *w, const struct ar *m, const struct tensor_masks *masks,
    struct rng *r, struct ns_err *e)
{
	int i;

	memset(w, 0, sizeof *w);
	for (i = 0; i < masks->n; i++)
		if (masks->mask[i].of >= m->schema->n_attr)
			return ns_fail(e, NS_EKIND,
			    "'%s' differs within a flow of this trace: it cannot be "
			    "given",
			    m->schema->feat[masks->mask[i].of - m->schema->n_attr]
				.name);
	w->schema = *m->schema; /* lent, but for the masks */
	w->schema.masks = *masks;
	w->mark = rng_uniform(r);
	w->step = 1;
	return symbols_new(&w->sym, &w->schema, e);
}

void
wanted_free(struct wanted *w)
{
	symbols_free(&w->sym);
	plan_free(&w->plan);
	free(w->length);
	free(w->code);
	memset(w, 0, sizeof *w);
}

static void
take(struct wanted *w, const struct attrs *a, uint32_t length, int r)
{
	size_t P = (size_t)a->m->P, i;
	uint16_t *code;

	xgrow(&w->length, &w->cap_length, w->n + 1, sizeof *w->length);
	xgrow(&w->code, &w->cap_code, (w->n + 1) * P + 1, sizeof *w->code);
	code = w->code + w->n * P;
	memcpy(code, a->code + (size_t)r * P, P * sizeof *code);
	for (i = (size_t)a->first_free; i < P; i++)
		code[i] = ATTR_FREE;
	w->length[w->n++] = length;
}

static void
choose_step(struct wanted *w, const double *weight, int n)
{
	int i;

	for (i = 0; i < n; i++)
		if (weight[i] > w->step)
			w->step = weight[i];
	if (w->step > 0)
		w->mark *= w->step;
}

void
wanted_try(struct wanted *w, struct attrs *a, int chunk, const real *share, int n,
    struct rng *r)
{
	uint16_t *coded = xcalloc(ATTR_ROWS, sizeof *coded);
	struct plan *p = &w->plan;
	int i;

	plan_free(p);
	plan_series(p, share, (size_t)n, r);
	for (i = 0; i < n; i++)
		coded[i] = (uint16_t)length_code(p->length[i]);
	a->wanted = &w->sym;
	a->trying = true;
	attrs_draw(a, chunk, coded, NULL, n, r);
	a->trying = false;
	if (w->step == 0)
		choose_step(w, a->weight, n);
	for (i = 0; i < n; i++) {
		w->sum += a->weight[i];
		for (; w->mark < w->sum; w->mark += w->step)
			take(w, a, p->length[i], i);
	}
	w->tried += (uint64_t)n;
	free(coded);
}

/* Those that are taken, in the order from (n). */
static void
arrange(struct wanted *w, int P, const size_t *from)
{
	size_t width = (size_t)P, i;
	uint16_t *code = xcalloc(w->n * width + 1, sizeof *code);
	uint32_t *length = xcalloc(w->n + 1, sizeof *length);

	for (i = 0; i < w->n; i++) {
		length[i] = w->length[from[i]];
		memcpy(code + i * width, w->code + from[i] * width,
		    width * sizeof *code);
	}
	free(w->length);
	free(w->code);
	w->length = length;
	w->code = code;
	w->cap_length = w->n + 1;
	w->cap_code = w->n * width + 1;
}

void
wanted_shuffle(struct wanted *w, int P, struct rng *r)
{
	uint32_t *mixed = xcalloc(w->n + 1, sizeof *mixed), i;
	size_t *from = xcalloc(w->n + 1, sizeof *from);

	for (i = 0; i < w->n; i++)
		mixed[i] = i;
	rng_shuffle(r, mixed, w->n);
	for (i = 0; i < w->n; i++)
		from[i] = mixed[i];
	arrange(w, P, from);
	free(mixed);
	free(from);
}

void
wanted_order(struct wanted *w, int P)
{
	size_t *from = lengths_order(w->length, w->n);

	arrange(w, P, from);
	free(from);
}
