#include <stdlib.h>
#include <string.h>

#include "base/extsort.h"
#include "base/mem.h"
#include "decode.h"

struct order {
	bool of_flows;
	uint64_t n;
	struct extsort *by_time;
	struct extsort *by_flow; /* NULL without sequence numbers */
	struct item item;        /* being put */
};

static int
cmp_time(const void *pa, const void *pb, const void *arg)
{
	const struct item *a = pa, *b = pb;
	bool of_flows = *(const bool *)arg;
	int64_t ta = of_flows ? a->u.flow.t_start_ns : a->u.packet.t_ns;
	int64_t tb = of_flows ? b->u.flow.t_start_ns : b->u.packet.t_ns;

	if (ta != tb)
		return ta < tb ? -1 : 1;
	return (a->order > b->order) - (a->order < b->order);
}

/* Packets of one five-tuple together, by time; the hash decides nearly always. */
static int
cmp_flow(const void *pa, const void *pb, const void *arg)
{
	const struct item *a = pa, *b = pb;
	int c;

	(void)arg;
	if (a->k.hash != b->k.hash)
		return a->k.hash < b->k.hash ? -1 : 1;
	if ((c = tuple_cmp(&a->u.packet.key, &b->u.packet.key)) != 0)
		return c;
	return (a->u.packet.t_ns > b->u.packet.t_ns) -
	    (a->u.packet.t_ns < b->u.packet.t_ns);
}

struct order *
order_new(bool of_flows, bool sequences, size_t memory)
{
	struct order *o = xcalloc(1, sizeof *o);
	size_t size = offsetof(struct item, u) +
	    (of_flows ? sizeof(struct flow) : sizeof(struct packet));

	o->of_flows = of_flows;
	if (sequences) {
		memory /= 2;
		o->by_flow = extsort_new(size, cmp_flow, NULL, memory);
	}
	o->by_time = extsort_new(size, cmp_time, &o->of_flows, memory);
	return o;
}

int
order_put_packet(struct order *o, const struct packet *p, struct ns_err *e)
{
	struct item *i = &o->item;

	i->order = o->n++;
	i->u.packet = *p;
	i->k.hash = 0;
	if (o->by_flow == NULL || p->key.proto != PROTO_TCP)
		return extsort_put(o->by_time, i, e);
	i->k.hash = tuple_hash(&p->key);
	return extsort_put(o->by_flow, i, e);
}

int
order_put_flow(struct order *o, const struct flow *f, struct ns_err *e)
{
	struct item *i = &o->item;

	i->order = o->n++;
	i->u.flow = *f;
	i->k.hash = 0;
	return extsort_put(o->by_time, i, e);
}

/* Number the bytes of each TCP flow and pass its packets on to the sort by time. */
static int
number_flows(struct order *o, struct ns_err *e)
{
	const struct item *i;
	struct tuple last;
	uint32_t seq = 0;
	bool first = true;
	const void *p;
	int rc;

	memset(&last, 0, sizeof last);
	if ((rc = extsort_start(o->by_flow, e)) < 0)
		return rc;
	while ((rc = extsort_next(o->by_flow, &p, e)) > 0) {
		i = p; /* shorter than a struct item, which has room for a flow */
		o->item.order = i->order;
		o->item.u.packet = i->u.packet;
		if (first || tuple_cmp(&o->item.u.packet.key, &last) != 0) {
			last = o->item.u.packet.key;
			seq = frame_seq_first(&last);
			first = false;
		}
		o->item.k.seq = seq;
		seq += frame_seq_len(&o->item.u.packet);
		if ((rc = extsort_put(o->by_time, &o->item, e)) < 0)
			return rc;
	}
	extsort_free(o->by_flow);
	o->by_flow = NULL;
	return rc;
}

int
order_start(struct order *o, struct ns_err *e)
{
	int rc;

	if (o->by_flow != NULL && (rc = number_flows(o, e)) < 0)
		return rc;
	return extsort_start(o->by_time, e);
}

int
order_next(struct order *o, const struct item **i, struct ns_err *e)
{
	const void *p;
	int rc = extsort_next(o->by_time, &p, e);

	if (rc > 0)
		*i = p;
	return rc;
}

uint64_t
order_count(const struct order *o)
{
	return o->n;
}

void
order_free(struct order *o)
{
	if (o == NULL)
		return;
	extsort_free(o->by_flow);
	extsort_free(o->by_time);
	free(o);
}
