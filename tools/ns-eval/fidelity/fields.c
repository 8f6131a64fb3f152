/* fields.c: Jensen-Shannon divergences over the values of fields and pairs of fields.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "data/baseline.h"
#include "fidelity.h"
#include "stats/jsd.h"
#include "stream/schema.h"

static const enum col class_col[SAMPLE_MAX] = {
    [SAMPLE_TIME] = COL_TIME,
    [SAMPLE_IP_LEN] = COL_IP_LEN,
    [SAMPLE_DUR] = COL_DUR,
    [SAMPLE_PKTS] = COL_PKTS,
    [SAMPLE_BYTES] = COL_BYTES,
};

/* Bins of 256 for the 16 bits of IPv4, wider ones above for those of IPv6. */
static uint64_t
id_bin(uint32_t id)
{
	return id < 65536 ? id >> 8 : 256 + (id >> 24);
}

/* Values of all records under key, shifted left and added to what is in v. */
static void
add_keys(uint64_t *v, const struct pair *p, const struct trace *t, int key, int shift)
{
	if (key == KEY_SIZE)
		key =
		    KEY_CLASS + (t->kind == NSR_PACKET ? SAMPLE_IP_LEN : SAMPLE_BYTES);
	for (size_t i = 0; i < t->n; i++) {
		uint64_t x;

		if (key == KEY_ID_BIN) {
			x = id_bin(t->narrow[COL_IP_ID][i]);
		} else if (key == KEY_FRAGMENT) {
			x = t->narrow[COL_FRAG_OFF][i] > 0;
		} else if (key == KEY_SRC_PORT || key == KEY_DST_PORT) {
			bool dst = key == KEY_DST_PORT;

			x = p->scale->port_class[dst][t->narrow[dst ? COL_DST_PORT
								    : COL_SRC_PORT][i]];
		} else if (key >= KEY_CLASS) {
			int w = key - KEY_CLASS;

			x = (uint64_t)scale_class(p->scale, w,
			    trace_at(t, class_col[w], i));
		} else {
			x = t->narrow[key][i];
		}
		v[i] |= x << shift;
	}
}

static uint64_t *
keys_of(const struct pair *p, const struct trace *t, int a, int b)
{
	uint64_t *v = xcalloc(t->n, sizeof *v);

	add_keys(v, p, t, a, 0);
	if (b >= 0)
		add_keys(v, p, t, b, 32);
	return v;
}

static double
jsd_under(const struct pair *p, int a, int b)
{
	uint64_t *r = keys_of(p, p->ref->t, a, b), *c = keys_of(p, p->cand->t, a, b);
	double d = jsd_keys(r, p->ref->t->n, c, p->cand->t->n);

	free(r);
	free(c);
	return d;
}

double
jsd_of_values(const struct pair *p, const struct metric *m, const double *of, int n_of)
{
	(void)of;
	(void)n_of;
	return jsd_under(p, m->a, -1);
}

double
jsd_of_pairs(const struct pair *p, const struct metric *m, const double *of, int n_of)
{
	(void)of;
	(void)n_of;
	return jsd_under(p, m->a, m->b);
}

/* n of the trace's values in a column, at random where it has more. */
static uint64_t *
thinned(const struct side *s, enum col c, size_t n, uint64_t seed)
{
	const struct trace *t = s->t;
	uint64_t *v = xmalloc(size_mul(n, sizeof *v));
	uint32_t *rows;
	struct rng r;

	rng_init(&r, seed, side_stream(s, STREAM_RANK));
	rows = pick_rows(t->n, n, &r);
	for (size_t i = 0; i < n; i++)
		v[i] = t->narrow[c][rows[i]];
	free(rows);
	return v;
}

double
jsd_of_ranks(const struct pair *p, const struct metric *m, const double *of, int n_of)
{
	size_t nr = p->ref->t->n, nc = p->cand->t->n, n = nr < nc ? nr : nc;
	uint64_t *r = thinned(p->ref, m->a, n, p->seed);
	uint64_t *c = thinned(p->cand, m->a, n, p->seed);
	double d = jsd_ranks(r, n, c, n);

	(void)of;
	(void)n_of;
	free(r);
	free(c);
	return d;
}
