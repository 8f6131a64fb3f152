#include "decode.h"

static void
report(const struct intake *in)
{
	if (in->mends.fitted > 0)
		log_info("fitted=%llu", (unsigned long long)in->mends.fitted);
	if (in->mends.clamped > 0)
		log_info("clamped=%llu", (unsigned long long)in->mends.clamped);
	log_info("records=%llu", (unsigned long long)order_count(in->order));
}

/* The output appears between the old notice and the new one, so that at no time it
 * stands beside a promise that was made of another. */
static int
publish(const struct tool *t, const struct intake *in, struct out *out,
    struct ns_err *e)
{
	struct notice n;
	int rc;

	notice_begin(&n, in->opts, t->output);
	if ((rc = notice_withdraw(&n, e)) < 0)
		out_abort(out);
	else if ((rc = out_commit(out, e)) >= 0)
		rc = notice_write(&n, t->output, in, e);
	notice_end(&n);
	return rc;
}

int
decode_run(const struct tool *t, const struct decode_opts *o, struct ns_err *e)
{
	struct intake in;
	struct out *out;
	int rc;

	if ((out = out_open(t->output, o->format != FORMAT_CSV, e)) == NULL)
		return e->code;
	intake_init(&in, o);
	if ((rc = intake_read(&in, t, e)) == NS_OK) {
		report(&in);
		rc = output_write(t, &in, out, e);
	}
	if (rc < 0)
		out_abort(out);
	else
		rc = publish(t, &in, out, e);
	intake_free(&in);
	return rc;
}
