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

/* Of equal times. */
static int
cmp_order(const void *pa, const void *pb)
{
	const struct item *a = pa, *b = pb;

	return (a->order > b->order) - (a->order < b->order);
}

/* Of equal hashes: packets of one five-tuple together, by time. */
static int
cmp_flow(const void *pa, const void *pb)
{
	const struct item *a = pa, *b = pb;
	int c;

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
		o->by_flow = extsort_new(size, cmp_flow, memory);
	}
	o->by_time = extsort_new(size, cmp_order, memory);
	return o;
}

int
order_put_packet(struct order *o, const struct packet *p, struct ns_err *e)
{
	struct item *i = &o->item;

	i->order = o->n++;
	i->u.packet = *p;
	if (o->by_flow != NULL && p->key.proto == PROTO_TCP) {
		i->key = quick_hash(p->key.src_ip, p->key.dst_ip,
		    (uint32_t)p->key.src_port << 16 | p->key.dst_port);
		return extsort_put(o->by_flow, i, e);
	}
	i->key = extsort_key_i64(p->t_ns);
	return extsort_put(o->by_time, i, e);
}

int
order_put_flow(struct order *o, const struct flow *f, struct ns_err *e)
{
	struct item *i = &o->item;

	i->order = o->n++;
	i->u.flow = *f;
	i->key = extsort_key_i64(f->t_start_ns);
	return extsort_put(o->by_time, i, e);
}

/* Number the bytes of each TCP flow and pass its packets on to the sort by time. */
static int
number_flows(struct order *o, struct ns_err *e)
{
	struct item *put = &o->item;
	const struct item *i;
	struct tuple last;
	bool first = true;
	const void *p;
	int rc;

	memset(&last, 0, sizeof last);
	if ((rc = extsort_start(o->by_flow, e)) < 0)
		return rc;
	while ((rc = extsort_next(o->by_flow, &p, e)) > 0) {
		i = p; /* shorter than a struct item, which has room for a flow */
		put->order = i->order;
		put->u.packet = i->u.packet;
		if (first || tuple_cmp(&put->u.packet.key, &last) != 0) {
			last = put->u.packet.key;
			put->seq = frame_seq_first(&last);
			put->ack = frame_ack(&last);
			first = false;
		}
		put->key = extsort_key_i64(put->u.packet.t_ns);
		if ((rc = extsort_put(o->by_time, put, e)) < 0)
			return rc;
		put->seq += frame_seq_len(&put->u.packet);
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
