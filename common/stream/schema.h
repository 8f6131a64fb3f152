/*
 * schema.h: what kind of records a stream holds and how they are laid out.  The SCHM
 * frame, described in ns-stream(5).
 */
#ifndef STREAM_SCHEMA_H
#define STREAM_SCHEMA_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

enum nsr_kind {
	NSR_PACKET = 1,
	NSR_FLOW,
	NSR_SERIES,
	NSR_TENSOR,
	NSR_MODEL,
	NSR_REPORT
};

enum nsr_type {
	NSR_U8 = 1,
	NSR_U16,
	NSR_U32,
	NSR_U64,
	NSR_I64,
	NSR_F32,
	NSR_F64,
	NSR_ADDR,  /* 16 bytes, network order, IPv4 mapped */
	NSR_BYTES, /* shape bytes; 0 = the rest of the record */
	/* codes of a tensor; how many bytes they take is in tensor.h */
	NSR_BIT,      /* shape bits */
	NSR_CATEGORY, /* one of shape values */
	NSR_WORD,     /* a row of the table named in unit, shape values a row */
	NSR_REAL      /* one number */
};

enum nsr_role { NSR_PLAIN = 0, NSR_ATTRIBUTE = 1, NSR_FEATURE = 2 };

struct nsr_field {
	char name[32]; /* ns-fields(7) */
	uint8_t type;  /* enum nsr_type */
	uint8_t role;  /* enum nsr_role */
	uint32_t shape;
	char unit[32];  /* "ns", "byte", "" or a table's name (NSR_WORD) */
	uint16_t ipfix; /* information element, 0 = none */
};

#define NSR_MAX_FIELDS 256

struct nsr_schema {
	uint8_t kind;    /* enum nsr_kind */
	uint8_t version; /* of the record layout */
	uint32_t width;  /* bytes a record; 0 = variable */
	uint32_t n_fields;
	struct nsr_field fields[NSR_MAX_FIELDS];
};

/* nsr_kind_name: "packet" ...; "unknown" for others. */
const char *nsr_kind_name(int kind);
const char *nsr_type_name(int type);

/* nsr_schema_add: append a field; asserts on too many or too long a name. */
void nsr_schema_add(struct nsr_schema *s, const char *name, int type, int role,
    uint32_t shape, const char *unit, int ipfix);

/* nsr_schema_put: append the SCHM payload to b; nsr_schema_get: parse it, every value
 * checked.  Also used for a schema kept in a DICT. */
void nsr_schema_put(const struct nsr_schema *s, struct buf *b);
int nsr_schema_get(struct nsr_schema *s, const uint8_t *p, size_t n, struct ns_err *e);
/* nsr_schema_same: 1 if both describe the same records. */
int nsr_schema_same(const struct nsr_schema *a, const struct nsr_schema *b);

#endif
