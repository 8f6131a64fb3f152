#include "space.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/le.h"
#include "base/mem.h"

/* What the records of a flow add up to. */
struct sums {
	double log_size, log_size2; /* of log(1 + size), and its square */
	double packets;
};

static struct sums *
sums_of(const struct side *s)
{
	struct sums *sum = xcalloc(s->f.n, sizeof *sum);
	const struct trace *t = s->t;
	bool flows = t->wide[COL_PKTS] != NULL;

	/* in time order, so that a copy adds up to the last bit */
	for (size_t r = 0; r < t->n; r++) {
		size_t i = s->f.row[r];
		struct sums *k = &sum[s->f.id[i]];
		double l =
		    log1p((double)trace_at(t, flows ? COL_BYTES : COL_IP_LEN, i));

		k->log_size += l;
		k->log_size2 += l * l;
		k->packets += flows ? (double)t->wide[COL_PKTS][i] : 1;
	}
	return sum;
}

/* Two axes. */
static void
put_address(float *x, const uint8_t a[16])
{
	if (addr_is_v4(a)) {
		x[0] = (float)(addr_to_v4(a) >> 16);
		x[1] = (float)(addr_to_v4(a) & 0xffff);
	} else {
		x[0] = (float)(mix64(get_le64(a)) >> 48);
		x[1] = (float)(mix64(get_le64(a + 8)) >> 48);
	}
}

/* Four axes. */
static void
put_proto(float *x, uint32_t proto)
{
	x[0] = proto == PROTO_TCP;
	x[1] = proto == PROTO_UDP;
	x[2] = proto == PROTO_ICMP || proto == PROTO_ICMP6;
	x[3] = x[0] + x[1] + x[2] == 0;
}

static double
seconds_since(int64_t t, int64_t origin)
{
	return 1e-9 *
	    (t >= origin ? (double)since(t, origin) : -(double)since(origin, t));
}

static void
put_flow(float *x, const struct side *s, size_t k, const struct sums *sum,
    const struct tables *tb, int64_t origin)
{
	const struct trace *t = s->t;
	size_t i = s->f.head[k];
	double n = (double)s->f.size[k], mean = sum->log_size / n;
	double var = sum->log_size2 / n - mean * mean;

	put_address(x, tb->addrs.addr[t->narrow[COL_SRC_IP][i]]);
	put_address(x + 2, tb->addrs.addr[t->narrow[COL_DST_IP][i]]);
	x[4] = (float)t->narrow[COL_SRC_PORT][i];
	x[5] = (float)t->narrow[COL_DST_PORT][i];
	put_proto(x + 6, t->narrow[COL_PROTO][i]);
	x[10] = (float)log1p(n);
	x[11] = (float)log1p(sum->packets);
	x[12] = (float)log1p((double)s->f.bytes[k]);
	x[13] = (float)log1p((double)s->f.dur[k] * 1e-3);
	x[14] = (float)seconds_since(s->f.first[k], origin);
	x[15] = (float)mean;
	/* rounding must not make a deviation of equal sizes */
	x[16] = (float)(var > 1e-12 * mean * mean ? sqrt(var) : 0);
}

float *
space_raw(const struct part *p, const struct tables *tb, int64_t origin)
{
	float *x = xmalloc(size_mul(size_add(p->n, 1), SPACE_DIMS * sizeof *x));
	struct sums *sum = sums_of(p->s);

	for (size_t j = 0; j < p->n; j++)
		put_flow(x + j * SPACE_DIMS, p->s, p->flow[j], &sum[p->flow[j]], tb,
		    origin);
	free(sum);
	return x;
}

/* Add (x - mean) to the power of k, axis by axis. */
static void
add_powers(double *sum, const float *x, size_t n, const double *mean, int k)
{
	for (size_t j = 0; j < n * SPACE_DIMS; j++) {
		double d = x[j] - mean[j % SPACE_DIMS];

		sum[j % SPACE_DIMS] += k == 2 ? d * d : d;
	}
}

void
space_fit(struct space *sp, const float *a, size_t na, const float *b, size_t nb)
{
	double sum[SPACE_DIMS] = {0}, square[SPACE_DIMS] = {0}, n = (double)(na + nb);

	memset(sp, 0, sizeof *sp);
	add_powers(sum, a, na, sp->mean, 1);
	add_powers(sum, b, nb, sp->mean, 1);
	for (int c = 0; c < SPACE_DIMS; c++)
		sp->mean[c] = sum[c] / n;
	add_powers(square, a, na, sp->mean, 2);
	add_powers(square, b, nb, sp->mean, 2);
	for (int c = 0; c < SPACE_DIMS; c++) {
		double deviation = sqrt(square[c] / n);

		/* an axis that is constant but for rounding says nothing */
		if (deviation > 1e-6 * fabs(sp->mean[c]))
			sp->scale[c] = 1 / deviation;
	}
}

void
space_scale(const struct space *sp, float *x, size_t n)
{
	for (size_t j = 0; j < n * SPACE_DIMS; j++) {
		size_t c = j % SPACE_DIMS;

		x[j] = (float)((x[j] - sp->mean[c]) * sp->scale[c]);
	}
}

int64_t
space_origin(const struct side *s, const struct side *base)
{
	bool later = s->t0 > base->t0;
	uint64_t gap = later ? (uint64_t)s->t0 - (uint64_t)base->t0
			     : (uint64_t)base->t0 - (uint64_t)s->t0;

	return gap > (later ? base->span : s->span) ? s->t0 : base->t0;
}
