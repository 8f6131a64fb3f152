/* A codec made of public constants: what each field can be, whatever the trace. */
#include "base/mem.h"
#include "codec/netshare/impl.h"
#include "codec/shared/public.h"
#include "codec/shared/tags.h"

#define PORT_BITS 16
#define PROTO_BITS 8
#define TCP_FLAG_BITS 9

/* Counts and times go by the logarithm: what is common is small, and what can be is
 * not.  Times by that of milliseconds: below, all are about as short. */
static const struct {
	enum field_id id;
	uint64_t max;
	double unit;
} counts[] = {
    {F_IAT, PUBLIC_TIME_MAX *PUBLIC_CLOCK_NS, 1e-6},
    {F_DUR, PUBLIC_TIME_MAX *PUBLIC_CLOCK_NS, 1e-6},
    {F_IP_LEN, 65575, 1},
    {F_N_PKTS, PUBLIC_PKTS_MAX, 1},
    {F_N_BYTES, PUBLIC_BYTES_MAX, 1},
};

static void
make_bits(struct field *f, uint32_t bits)
{
	f->how = HOW_BITS;
	f->shape = bits;
}

static void
make_linear(struct netshare *y, enum field_id id, uint64_t max)
{
	y->f[id].how = HOW_LINEAR;
	y->f[id].max = max;
	field_range(&y->f[id], id);
}

static void
make_counts(struct codec *c)
{
	struct field *f;
	size_t i;

	for (i = 0; i < LEN(counts); i++) {
		if (!field_of(c, counts[i].id))
			continue;
		f = &c->ns->f[counts[i].id];
		f->how = HOW_LOG1P;
		f->max = counts[i].max;
		field_scale(f, counts[i].unit);
	}
}

static void
make_values(struct field *f, const uint64_t *v, size_t n)
{
	size_t i;

	f->how = HOW_CATEGORY;
	f->shape = (uint32_t)n;
	f->values = xcalloc(n, sizeof *f->values);
	for (i = 0; i < n; i++)
		f->values[i] = v[i];
}

static void
make_version(struct codec *c)
{
	static const uint64_t both[] = {4, 6};
	struct field *f = &c->ns->f[F_IP_VERSION];

	if (c->v4 && c->v6) {
		make_values(f, both, 2);
		return;
	}
	f->how = HOW_CONST;
	f->value = c->v4 ? 4 : 6;
}

static void
make_tags(struct codec *c)
{
	struct field *starts = &c->ns->f[F_STARTS], *in = &c->ns->f[F_CHUNKS];

	if (c->chunks > 1) {
		make_bits(starts, 1);
		make_bits(in, (uint32_t)c->chunks);
		return;
	}
	starts->how = in->how = HOW_CONST;
	starts->value = 1;
	in->bytes = xcalloc(tags_bytes(c->chunks), 1);
	in->bytes[0] = 1;
}

static void
make_attributes(struct codec *c)
{
	struct field *f = c->ns->f;

	make_bits(&f[F_SRC_IP], c->v6 ? 128 : 32);
	make_bits(&f[F_DST_IP], c->v6 ? 128 : 32);
	make_bits(&f[F_SRC_PORT], PORT_BITS);
	make_bits(&f[F_DST_PORT], PORT_BITS);
	make_bits(&f[F_PROTO], PROTO_BITS);
	make_version(c);
	make_tags(c);
	make_linear(c->ns, F_START, 1);
}

static void
make_packets(struct codec *c)
{
	static const enum field_id ranges[] = {F_TOS, F_IP_ID, F_FRAG_OFF, F_TTL};
	static const uint64_t flags[] = {0, 1, 2, 3, 4, 5, 6, 7};
	uint64_t v[PUBLIC_ICMP_MAX];
	uint8_t kinds[PUBLIC_ICMP_MAX];
	size_t n = public_icmp(v, kinds), i;

	for (i = 0; i < LEN(ranges); i++)
		make_linear(c->ns, ranges[i], field_def(ranges[i])->max);
	make_values(&c->ns->f[F_IP_FLAGS], flags, LEN(flags));
	make_values(&c->ns->f[F_ICMP], v, n);
	for (i = 0; i < n; i++)
		c->icmp_kinds[i] = kinds[i];
}

static int
make_texts(struct field *f, const char *labels, struct ns_err *e)
{
	int rc = public_texts(&f->texts, labels, e);

	f->how = f->texts.n > 1 ? HOW_CATEGORY : HOW_CONST;
	f->shape = (uint32_t)f->texts.n;
	return rc;
}

int
netshare_constants(struct codec *c, const struct codec_config *f, struct ns_err *e)
{
	if (make_texts(&c->ns->f[F_LABEL], f->labels, e) < 0 ||
	    (c->of_flows && make_texts(&c->ns->f[F_TYPE], f->labels, e) < 0))
		return e->code;
	make_attributes(c);
	make_counts(c);
	make_bits(&c->ns->f[F_TCP_FLAGS], TCP_FLAG_BITS);
	if (!c->of_flows)
		make_packets(c);
	netshare_complete(c);
	return NS_OK;
}
