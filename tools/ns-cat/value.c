/* How each value reads as text. */
#include <string.h>

#include "base/le.h"
#include "columns.h"

static void
put_addr(struct buf *b, const uint8_t a[16])
{
	char text[46];

	addr_text(a, text);
	buf_put(b, text, strlen(text));
}

/* The chunks a flow occurs in: "0,3,4". */
static void
put_chunks(struct buf *b, const struct line *l)
{
	const char *comma = "";
	int c;

	for (c = 0; c < l->chunk_count; c++)
		if (series_in_chunk(l->series, c)) {
			buf_put(b, comma, strlen(comma));
			put_u64(b, (uint64_t)c);
			comma = ",";
		}
}

static void
put_code(struct buf *b, const struct nsr_field *f, const uint8_t *p)
{
	uint32_t i;

	switch (f->type) {
	case NSR_BIT:
		for (i = 0; i < f->shape; i++)
			buf_put(b, p[i / 8] >> (7 - i % 8) & 1 ? "1" : "0", 1);
		break;
	case NSR_CATEGORY:
		put_u64(b, *p);
		break;
	case NSR_WORD:
		put_u64(b, get_le16(p));
		break;
	default:
		buf_printf(b, "%.9g", (double)get_lef32(p));
	}
}

static void
put_dims(struct buf *b, const struct nsr_tensor *t)
{
	int i;

	if (t->rank == 0)
		put_u64(b, 1);
	for (i = 0; i < t->rank; i++) {
		if (i > 0)
			buf_put(b, "x", 1);
		put_u64(b, t->dims[i]);
	}
}

static double
get_lef64(const uint8_t *p)
{
	uint64_t u = get_le64(p);
	double d;

	memcpy(&d, &u, sizeof d);
	return d;
}

/* One element of a report's field. */
static void
put_element(struct buf *b, int type, const uint8_t *p)
{
	switch (type) {
	case NSR_U8:
		put_u64(b, *p);
		break;
	case NSR_U16:
		put_u64(b, get_le16(p));
		break;
	case NSR_U32:
		put_u64(b, get_le32(p));
		break;
	case NSR_U64:
		put_u64(b, get_le64(p));
		break;
	case NSR_I64:
		put_i64(b, (int64_t)get_le64(p));
		break;
	case NSR_F32:
		buf_printf(b, "%.9g", (double)get_lef32(p));
		break;
	case NSR_F64:
		buf_printf(b, "%.17g", get_lef64(p));
		break;
	default:
		put_addr(b, p);
	}
}

static int
put_field(struct buf *b, const struct column *c, const struct line *l, struct ns_err *e)
{
	const struct nsr_field *f = c->field;
	uint64_t size = field_size(f), one, at;

	if (f->type > NSR_BYTES)
		return ns_fail(e, NS_EKIND,
		    "field '%s' is of a type reports do not have", f->name);
	if (f->type == NSR_BYTES && f->shape == 0 && c->at <= l->len)
		size = l->len - c->at;
	if (c->at > l->len || size > l->len - c->at)
		return ns_fail(e, NS_ECORRUPT,
		    "record %llu is too short for field '%s'",
		    (unsigned long long)l->index, f->name);
	if (f->type == NSR_BYTES) {
		buf_put(b, l->rec + c->at, size);
		return NS_OK;
	}
	one = size / (f->shape > 1 ? f->shape : 1);
	for (at = 0; at < size; at += one) {
		if (at > 0)
			buf_put(b, ",", 1);
		put_element(b, f->type, l->rec + c->at + at);
	}
	return NS_OK;
}

static void
put_label(struct buf *b, const struct line *l, uint16_t i)
{
	const char *text = labels_text(l->labels, i);

	buf_put(b, text, strlen(text));
}

static void
packet_text(int id, const struct packet *p, const struct line *l, struct buf *b)
{
	switch (id) {
	case T_NS:
		put_i64(b, p->t_ns);
		break;
	case IP_LEN:
		put_u64(b, p->ip_len);
		break;
	case IP_ID:
		put_u64(b, p->ip_id);
		break;
	case FRAG_OFF:
		put_u64(b, p->frag_off);
		break;
	case TCP_FLAGS:
		put_u64(b, p->tcp_flags);
		break;
	case LABEL:
		put_label(b, l, p->label);
		break;
	case IP_FLAGS:
		put_u64(b, p->ip_flags);
		break;
	case TOS:
		put_u64(b, p->tos);
		break;
	case TTL:
		put_u64(b, p->ttl);
		break;
	case ICMP_TYPE:
		put_u64(b, p->icmp_type);
		break;
	case ICMP_CODE:
		put_u64(b, p->icmp_code);
		break;
	}
}

static void
flow_text(int id, const struct flow *f, const struct line *l, struct buf *b)
{
	switch (id) {
	case T_START_NS:
		put_i64(b, f->t_start_ns);
		break;
	case DUR_NS:
		put_i64(b, f->dur_ns);
		break;
	case N_PKTS:
		put_u64(b, f->n_pkts);
		break;
	case N_BYTES:
		put_u64(b, f->n_bytes);
		break;
	case TCP_FLAGS:
		put_u64(b, f->tcp_flags);
		break;
	case TYPE:
		put_label(b, l, f->type);
		break;
	case LABEL:
		put_label(b, l, f->label);
		break;
	}
}

static void
array_text(int id, const struct line *l, struct buf *b)
{
	const struct nsr_tensor *t = l->array;

	switch (id) {
	case ARRAY_NAME:
		put_safe(b, t->name);
		break;
	case ARRAY_TYPE:
		buf_printf(b, "%s", nsr_type_name(t->type));
		break;
	case ARRAY_DIMS:
		put_dims(b, t);
		break;
	case ARRAY_COUNT:
		put_u64(b, l->count);
		break;
	case ARRAY_NORM:
		buf_printf(b, "%.9g", l->norm);
		break;
	}
}

int
column_text(const struct column *c, const struct line *l, struct buf *b,
    struct ns_err *e)
{
	switch (c->id) {
	case FIELD:
		return put_field(b, c, l, e);
	case CODE_ATTR:
		put_code(b, c->field, l->rec + c->at);
		break;
	case CODE_FEAT:
		put_code(b, c->field, l->row + c->at);
		break;
	case CHUNK:
		put_chunk(b, l->r);
		break;
	case INDEX:
		put_u64(b, l->index);
		break;
	case STEP:
		put_u64(b, l->step);
		break;
	case N_STEPS:
		put_u64(b, l->steps);
		break;
	case SRC_IP:
		put_addr(b, l->key->src_ip);
		break;
	case DST_IP:
		put_addr(b, l->key->dst_ip);
		break;
	case SRC_PORT:
		put_u64(b, l->key->src_port);
		break;
	case DST_PORT:
		put_u64(b, l->key->dst_port);
		break;
	case PROTO:
		put_u64(b, l->key->proto);
		break;
	case FLOW_STARTS:
		put_u64(b, l->series->starts);
		break;
	case UNIT:
		put_u64(b, l->series->unit);
		break;
	case TENSOR_UNIT:
		put_u64(b, get_le64(l->rec + l->len - TENSOR_UNIT_BYTES));
		break;
	case FLOW_CHUNKS:
		put_chunks(b, l);
		break;
	default:
		if (l->packet != NULL)
			packet_text(c->id, l->packet, l, b);
		else if (l->flow != NULL)
			flow_text(c->id, l->flow, l, b);
		else
			array_text(c->id, l, b);
	}
	return NS_OK;
}
