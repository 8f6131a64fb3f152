/* Writing packet, flow and series records. */
#include <assert.h>
#include <string.h>

#include "base/le.h"
#include "trace/layout.h"
#include "trace/rstream.h"

void
trace_writer_init(struct trace_writer *t, struct nsr_writer *w, const struct labels *l)
{
	struct buf rec = {0};

	t->w = w;
	t->labels = l;
	t->labels_written = 1; /* "" is not written */
	t->rec = rec;
}

void
trace_writer_free(struct trace_writer *t)
{
	buf_free(&t->rec);
}

/* A reader must know a label before the first record that has it. */
static int
put_labels(struct trace_writer *t, uint16_t label, struct ns_err *e)
{
	struct buf b = {0};
	int rc;

	assert(label < t->labels->n);
	if (label < t->labels_written)
		return NS_OK;
	for (; t->labels_written < t->labels->n; t->labels_written++)
		buf_printf(&b, "%s\n", t->labels->text[t->labels_written]);
	rc = nsr_put_dict(t->w, "labels", false, b.p, b.len, e);
	buf_free(&b);
	return rc;
}

static int
need_labels(struct trace_writer *t, uint16_t a, uint16_t b, struct ns_err *e)
{
	uint16_t most = a > b ? a : b;

	return most < t->labels_written ? NS_OK : put_labels(t, most, e);
}

static uint8_t *
put_tuple(uint8_t *p, const struct tuple *k)
{
	memcpy(p, k->src_ip, 16);
	memcpy(p + 16, k->dst_ip, 16);
	put_le16(p + 32, k->src_port);
	put_le16(p + 34, k->dst_port);
	p[36] = k->proto;
	return p + TUPLE_BYTES;
}

static uint8_t *
put_packet_rest(uint8_t *p, const struct packet *k)
{
	put_le32(p, k->ip_len);
	put_le32(p + 4, k->ip_id);
	put_le16(p + 8, k->frag_off);
	put_le16(p + 10, k->tcp_flags);
	put_le16(p + PACKET_LABEL_AT, k->label);
	p[14] = k->ip_flags;
	p[15] = k->tos;
	p[16] = k->ttl;
	p[17] = k->icmp_type;
	p[18] = k->icmp_code;
	return p + PACKET_REST;
}

static uint8_t *
put_flow_time(uint8_t *p, const struct flow *f)
{
	put_le64(p, (uint64_t)f->t_start_ns);
	put_le64(p + 8, (uint64_t)f->dur_ns);
	return p + 16;
}

static uint8_t *
put_flow_rest(uint8_t *p, const struct flow *f)
{
	put_le64(p, f->n_pkts);
	put_le64(p + 8, f->n_bytes);
	put_le16(p + 16, f->tcp_flags);
	put_le16(p + FLOW_TYPE_AT, f->type);
	put_le16(p + FLOW_LABEL_AT, f->label);
	return p + FLOW_REST;
}

size_t
record_bytes(bool of_flows)
{
	return of_flows ? FLOW_BYTES : PACKET_BYTES;
}

void
packet_put(uint8_t *rec, const struct packet *p)
{
	put_le64(rec, (uint64_t)p->t_ns);
	put_packet_rest(put_tuple(rec + 8, &p->key), p);
}

void
flow_put(uint8_t *rec, const struct flow *f)
{
	put_flow_rest(put_tuple(put_flow_time(rec, f), &f->key), f);
}

int
trace_put_packet(struct trace_writer *t, const struct packet *p, struct ns_err *e)
{
	uint8_t rec[PACKET_BYTES];

	if (need_labels(t, p->label, 0, e) < 0)
		return e->code;
	packet_put(rec, p);
	return nsr_put(t->w, rec, sizeof rec, e);
}

int
trace_put_flow(struct trace_writer *t, const struct flow *f, struct ns_err *e)
{
	uint8_t rec[FLOW_BYTES];

	if (need_labels(t, f->type, f->label, e) < 0)
		return e->code;
	flow_put(rec, f);
	return nsr_put(t->w, rec, sizeof rec, e);
}

static size_t
tag_bytes(int chunk_count)
{
	return ((size_t)chunk_count + 7) / 8;
}

/* What a series record has behind its steps. */
static size_t
tail_bytes(bool units, int chunk_count)
{
	return (units ? UNIT_BYTES : 0) + tag_bytes(chunk_count);
}

uint32_t
series_steps_max(bool of_flows, bool units, int chunk_count)
{
	size_t room = NSR_RECORD_MAX - SERIES_HEAD - tail_bytes(units, chunk_count);

	return (uint32_t)(room / (of_flows ? FLOW_STEP : PACKET_STEP));
}

void
record_series_begin(struct buf *b, const uint8_t *rec, bool of_flows)
{
	uint8_t *p = buf_room(b, SERIES_HEAD);

	memcpy(p, record_tuple(rec, of_flows), TUPLE_BYTES);
	memset(p + TUPLE_BYTES, 0, SERIES_HEAD - TUPLE_BYTES);
}

/* A step is the record without its five-tuple. */
void
record_series_add(struct buf *b, const uint8_t *rec, bool of_flows,
    uint16_t *most_label)
{
	size_t time = of_flows ? 16 : 8, rest = of_flows ? FLOW_REST : PACKET_REST;
	const uint8_t *r = rec + time + TUPLE_BYTES;
	uint16_t label = get_le16(r + (of_flows ? FLOW_LABEL_AT : PACKET_LABEL_AT));
	uint8_t *p = buf_room(b, time + rest);

	memcpy(p, rec, time);
	memcpy(p + time, r, rest);
	if (label > *most_label)
		*most_label = label;
	if (of_flows && get_le16(r + FLOW_TYPE_AT) > *most_label)
		*most_label = get_le16(r + FLOW_TYPE_AT);
}

int
trace_put_series(struct trace_writer *t, const struct series_head *h, const uint8_t *p,
    size_t n, struct ns_err *e)
{
	size_t steps = (n - SERIES_HEAD) / (h->of_flows ? FLOW_STEP : PACKET_STEP);

	assert(n > SERIES_HEAD && h->chunk_count >= 1 && h->chunk_count <= CHUNKS_MAX);
	assert(!h->units || h->unit < UNIT_END);
	if (steps > series_steps_max(h->of_flows, h->units, h->chunk_count))
		return ns_fail(e, NS_EINTERNAL, "series of %zu steps is too long",
		    steps);
	if (need_labels(t, h->most_label, 0, e) < 0)
		return e->code;
	t->rec.len = 0;
	buf_put(&t->rec, p, n);
	t->rec.p[TUPLE_BYTES] = h->starts;
	put_le32(t->rec.p + TUPLE_BYTES + 1, (uint32_t)steps);
	if (h->units)
		put_le64(buf_room(&t->rec, UNIT_BYTES), h->unit);
	buf_put(&t->rec, h->tags, tag_bytes(h->chunk_count));
	return nsr_put(t->w, t->rec.p, t->rec.len, e);
}
