/* What models, checkpoints and messages tell of a private run. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/le.h"
#include "private/privacyparts.h"

/* What a run costs a unit that is in so many sums. */
size_t
privacy_costs(const struct privacy *p, uint64_t sums,
    struct dp_mechanism m[PRIVACY_MECHANISMS])
{
	size_t n = 0;

	m[n++] = (struct dp_mechanism){1, p->budget.series, (uint64_t)p->plan.nets};
	if (p->budget.counts > 0)
		m[n++] =
		    (struct dp_mechanism){1, p->budget.counts, (uint64_t)p->plan.nets};
	m[n++] = (struct dp_mechanism){p->plan.rate, p->budget.sigma, sums};
	return n;
}

uint32_t
privacy_tag(const struct privacy *p, const void *data, size_t n)
{
	uint8_t tag[32];

	dp_hmac(p->file.byte, DP_KEY_BYTES, data, n, tag);
	return get_le32(tag);
}

void
privacy_hide_input(struct feed *f)
{
	static const char *const none[] = {NULL};
	size_t i;

	nsr_history_free(f->history);
	f->history = nsr_history_new();
	for (i = 0; i < f->n_chunks; i++)
		carry_drop_meta(&f->chunk[i].carry, "trace.records", none);
}

static int
put_guarantee(const struct privacy *p, struct nsr_writer *w, struct ns_err *e)
{
	const struct privacy_options *o = &p->o->privacy;
	struct dp_mechanism m[PRIVACY_MECHANISMS];
	size_t n = privacy_costs(p, p->plan.nets > 1 ? p->plan.sums : p->most, m);
	double epsilon = dp_round_up(dp_pld_epsilon(m, n, o->delta)), order = 0;
	double rdp = dp_round_up(dp_rdp_epsilon(m, n, o->delta, &order));
	int rc;

	if (o->insecure || !isfinite(epsilon))
		return nsr_put_meta(w, e, "privacy.guarantee", "NO PRIVACY GUARANTEE");
	if ((rc = nsr_put_meta(w, e, "privacy.guarantee",
		 "epsilon %.3f at delta %g for each %s, added or removed", epsilon,
		 o->delta, p->marks.unit)) < 0 ||
	    (rc = nsr_put_meta(w, e, "privacy.run", "%s", p->run)) < 0 ||
	    (rc = nsr_put_meta(w, e, "privacy.epsilon", "%.3f", epsilon)) < 0 ||
	    (rc = nsr_put_meta(w, e, "privacy.epsilon_rdp", "%.3f", rdp)) < 0)
		return rc;
	return nsr_put_meta(w, e, "privacy.delta", "%g", o->delta);
}

/* A later line of the same says all that an earlier one does. */
static bool
is_last(const struct dp_ledger *l, size_t at)
{
	size_t i;

	for (i = at + 1; i < l->n; i++)
		if (strcmp(l->v[i].run, l->v[at].run) == 0 &&
		    l->v[i].net == l->v[at].net &&
		    strcmp(l->v[i].what, l->v[at].what) == 0)
			return false;
	return true;
}

/* Models whose data has one name would tell that two inputs are the same, as those of
 * chunks without series are, or of a trace with and without somebody who was not in it.
 * So what is told of the data is the name of the run. */
static int
put_lines(const struct privacy *p, struct nsr_writer *w, struct ns_err *e)
{
	const struct dp_ledger *l = dp_ledger_of(p->ledger);
	struct buf b = {0};
	struct dp_entry x;
	char key[40];
	size_t i, n = 0;
	int rc = NS_OK;

	for (i = 0; i < l->n && rc >= 0; i++) {
		if (strcmp(l->v[i].run, p->run) != 0 || !is_last(l, i))
			continue;
		snprintf(key, sizeof key, "privacy.ledger.%zu", n++);
		b.len = 0;
		x = l->v[i];
		memcpy(x.data, x.run, sizeof x.data);
		dp_entry_put(&x, &b);
		rc = nsr_put_meta(w, e, key, "%.*s", (int)b.len, (const char *)b.p);
	}
	buf_free(&b);
	return rc;
}

int
privacy_put(const struct privacy *p, const struct run_options *o, struct nsr_writer *w,
    struct ns_err *e)
{
	int rc;

	if (o->privacy.is_public &&
	    (rc = nsr_put_meta(w, e, "privacy.public", "yes")) < 0)
		return rc;
	if (p == NULL)
		return nsr_put_meta(w, e, "privacy.guarantee", "NO PRIVACY GUARANTEE");
	if ((rc = put_guarantee(p, w, e)) < 0 ||
	    (rc = nsr_put_meta(w, e, "privacy.rate", "%.9g", p->plan.rate)) < 0 ||
	    (rc = nsr_put_meta(w, e, "privacy.sigma", "%.9g", p->budget.sigma)) < 0 ||
	    (rc = nsr_put_meta(w, e, "privacy.clip", "%.9g", p->private.clip)) < 0)
		return rc;
	return put_lines(p, w, e);
}
