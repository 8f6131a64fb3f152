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
	intake_free(&in);
	if (rc < 0) {
		out_abort(out);
		return rc;
	}
	return out_commit(out, e);
}
