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
	put_le16(p + 12, k->label);
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
	put_le16(p + 18, f->type);
	put_le16(p + 20, f->label);
	return p + FLOW_REST;
}

int
trace_put_packet(struct trace_writer *t, const struct packet *p, struct ns_err *e)
{
	uint8_t rec[PACKET_BYTES];

	if (need_labels(t, p->label, 0, e) < 0)
		return e->code;
	put_le64(rec, (uint64_t)p->t_ns);
	put_packet_rest(put_tuple(rec + 8, &p->key), p);
	return nsr_put(t->w, rec, sizeof rec, e);
}

int
trace_put_flow(struct trace_writer *t, const struct flow *f, struct ns_err *e)
{
	uint8_t rec[FLOW_BYTES];

	if (need_labels(t, f->type, f->label, e) < 0)
		return e->code;
	put_flow_rest(put_tuple(put_flow_time(rec, f), &f->key), f);
	return nsr_put(t->w, rec, sizeof rec, e);
}

static size_t
tag_bytes(int chunk_count)
{
	return ((size_t)chunk_count + 7) / 8;
}

uint32_t
series_steps_max(bool of_flows, int chunk_count)
{
	size_t room = NSR_RECORD_MAX - SERIES_HEAD - tag_bytes(chunk_count);

	return (uint32_t)(room / (of_flows ? FLOW_STEP : PACKET_STEP));
}

static int
step_labels(struct trace_writer *t, const struct series *s, uint32_t i,
    struct ns_err *e)
{
	if (s->packets != NULL)
		return need_labels(t, s->packets[i].label, 0, e);
	return need_labels(t, s->flows[i].type, s->flows[i].label, e);
}

static uint8_t *
put_step(uint8_t *p, const struct series *s, uint32_t i)
{
	if (s->packets != NULL) {
		put_le64(p, (uint64_t)s->packets[i].t_ns);
		return put_packet_rest(p + 8, &s->packets[i]);
	}
	return put_flow_rest(put_flow_time(p, &s->flows[i]), &s->flows[i]);
}

int
trace_put_series(struct trace_writer *t, const struct series *s, int chunk_count,
    struct ns_err *e)
{
	bool of_flows = s->flows != NULL;
	size_t step = of_flows ? FLOW_STEP : PACKET_STEP, n;
	uint8_t *p;
	uint32_t i;

	assert((s->packets != NULL) != of_flows);
	assert(chunk_count >= 1 && chunk_count <= CHUNKS_MAX);
	if (s->n > series_steps_max(of_flows, chunk_count))
		return ns_fail(e, NS_EINTERNAL, "series of %u steps is too long", s->n);
	n = SERIES_HEAD + s->n * step + tag_bytes(chunk_count);
	t->rec.len = 0;
	p = put_tuple(buf_room(&t->rec, n), &s->key);
	p[0] = s->starts;
	put_le32(p + 1, s->n);
	p += 5;
	for (i = 0; i < s->n; i++) {
		if (step_labels(t, s, i, e) < 0)
			return e->code;
		p = put_step(p, s, i);
	}
	memcpy(p, s->tags, tag_bytes(chunk_count));
	return nsr_put(t->w, t->rec.p, n, e);
}
