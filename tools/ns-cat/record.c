/* Records by their schema, for what needs no more than a few fields. */
#include <string.h>

#include "base/le.h"
#include "cat.h"

uint64_t
field_size(const struct nsr_field *f)
{
	static const uint8_t size[] = {[NSR_U8] = 1,
	    [NSR_U16] = 2,
	    [NSR_U32] = 4,
	    [NSR_U64] = 8,
	    [NSR_I64] = 8,
	    [NSR_F32] = 4,
	    [NSR_F64] = 8,
	    [NSR_ADDR] = 16};

	if (f->type == NSR_BYTES)
		return f->shape;
	if (f->type >= LEN(size))
		return 0;
	return (uint64_t)size[f->type] * (f->shape > 1 ? f->shape : 1);
}

long
field_offset(const struct nsr_schema *s, const char *name)
{
	uint64_t at = 0;
	uint32_t i;

	for (i = 0; i < s->n_fields && at < NSR_FRAME_MAX; i++) {
		if (strcmp(s->fields[i].name, name) == 0)
			return (long)at;
		if (field_size(&s->fields[i]) == 0)
			return -1;
		at += field_size(&s->fields[i]);
	}
	return -1;
}

int
part_refused(const struct nsr_reader *r, struct ns_err *e)
{
	return ns_fail(e, NS_EKIND,
	    "'%s': --part needs packets, flows or series, not a %s stream", nsr_name(r),
	    nsr_kind_name(nsr_schema(r)->kind));
}

/* The five-tuple's fields are next to each other, as ns-fields(7) has them. */
#define TUPLE_LEN 37

int
record_part(const struct request *q, const struct nsr_reader *r, const uint8_t *rec,
    size_t len, struct ns_err *e)
{
	const struct nsr_schema *s = nsr_schema(r);
	struct tuple k;
	long at;

	if (q->parts == 0)
		return 1;
	at = field_offset(s, "src_ip");
	if (s->kind == NSR_TENSOR || at < 0 || field_offset(s, "proto") != at + 36)
		return part_refused(r, e);
	if ((size_t)at + TUPLE_LEN > len)
		return ns_fail(e, NS_ECORRUPT, "'%s': record %llu is too short",
		    nsr_name(r), (unsigned long long)nsr_rows(r));
	rec += at;
	memcpy(k.src_ip, rec, 16);
	memcpy(k.dst_ip, rec + 16, 16);
	k.src_port = get_le16(rec + 32);
	k.dst_port = get_le16(rec + 34);
	k.proto = rec[36];
	return tuple_hash(&k) % q->parts == q->part;
}
