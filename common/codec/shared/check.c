#include "codec/shared/impl.h"

static int
check_steps(const struct series *s, const struct chunk_info *k, struct ns_err *e)
{
	uint32_t i;
	int64_t t, last = k->t0_ns;

	for (i = 0; i < s->n; i++) {
		t = series_time(s, i);
		/* the window may end beyond what int64 holds */
		if (t < last || (uint64_t)t - (uint64_t)k->t0_ns >= (uint64_t)k->len_ns)
			return ns_fail(e, NS_ECORRUPT,
			    "step %u of a series of chunk %d is %s", i, k->index,
			    i > 0 && t < last ? "earlier than the one before"
					      : "outside the chunk");
		last = t;
	}
	return NS_OK;
}

static int
check_values(const struct series *s, struct ns_err *e)
{
	bool icmp = icmp_kind(s->key.proto) >= 0;
	uint32_t i;

	for (i = 0; i < s->n; i++) {
		if (s->packets != NULL && !icmp &&
		    (s->packets[i].icmp_type | s->packets[i].icmp_code) != 0)
			return ns_fail(e, NS_ECORRUPT,
			    "a packet of protocol %u has an ICMP type", s->key.proto);
		if (s->flows != NULL && s->flows[i].dur_ns < 0)
			return ns_fail(e, NS_ECORRUPT, "a flow lasts %lld ns",
			    (long long)s->flows[i].dur_ns);
	}
	return NS_OK;
}

int
check_series(const struct codec *c, const struct series *s, const struct chunk_info *k,
    struct ns_err *e)
{
	int rc;

	if ((s->flows != NULL) != c->of_flows)
		return ns_fail(e, NS_EKIND,
		    "the codec is one of %s, the series are of %s",
		    c->of_flows ? "flows" : "packets",
		    s->flows != NULL ? "flows" : "packets");
	if (k->count != c->chunks)
		return ns_fail(e, NS_EKIND,
		    "the codec is of a trace of %d chunks, this one has %d", c->chunks,
		    k->count);
	if (s->n == 0)
		return ns_fail(e, NS_ECORRUPT, "a series of no steps");
	if (addr_is_v4(s->key.src_ip) != addr_is_v4(s->key.dst_ip))
		return ns_fail(e, NS_ECORRUPT,
		    "a series between an IPv4 and an IPv6 address");
	if (!series_in_chunk(s, k->index))
		return ns_fail(e, NS_ECORRUPT,
		    "a series in chunk %d is not tagged with it", k->index);
	rc = check_steps(s, k, e);
	return rc < 0 ? rc : check_values(s, e);
}
