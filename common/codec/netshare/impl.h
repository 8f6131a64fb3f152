/*
 * impl.h: what the files of this folder share.
 *
 * The profile netshare is a row of fields, one for each thing a series record says.
 * What becomes of a field (enum field_how) is decided when all chunks have been seen.
 * Values travel as uint64_t; addresses and the bitmap of chunks, which do not fit one,
 * as bytes.
 */
#ifndef CODEC_NETSHARE_IMPL_H
#define CODEC_NETSHARE_IMPL_H

#include "codec/netshare/ip2vec.h"
#include "codec/shared/impl.h"

/* In the order of attributes and features in a tensor record. */
enum field_id {
	F_SRC_IP,
	F_DST_IP,
	F_SRC_PORT,
	F_DST_PORT,
	F_PROTO,
	F_IP_VERSION,
	F_STARTS,
	F_CHUNKS,
	F_START,
	F_IAT,
	F_IP_LEN,
	F_TOS,
	F_IP_ID,
	F_IP_FLAGS,
	F_FRAG_OFF,
	F_TTL,
	F_DUR,
	F_N_PKTS,
	F_N_BYTES,
	F_TCP_FLAGS,
	F_ICMP,
	F_ICMP_TYPE,
	F_ICMP_CODE,
	F_TYPE,
	F_LABEL,
	F_COUNT
};
#define F_FEATURES F_IAT /* the first field that is a feature */

enum field_how {
	HOW_ABSENT,   /* the profile has no such field for this trace */
	HOW_CONST,    /* not in the tensor */
	HOW_BITS,     /* shape bits, high bit first; bitmap: chunk 0 first */
	HOW_CATEGORY, /* one of shape values or texts */
	HOW_WORD,     /* row of the table of ports or protocols */
	HOW_LINEAR,   /* (v - lo) / (hi - lo) */
	HOW_LOG1P     /* the same of log1p(v * unit) */
};

struct field {
	enum field_how how;
	uint32_t shape; /* bits, categories, dimensions of a word, values of a number */
	uint64_t min, max; /* HOW_LINEAR, HOW_LOG1P: what was seen, or the constants */
	double unit, lo, hi;
	uint64_t value; /* HOW_CONST */
	double place;   /* HOW_CONST of F_START: place in the chunk's window */
	uint8_t *bytes; /* HOW_CONST of an address (16) or of the bitmap */
	/* (shape), ascending.  HOW_CATEGORY: what the codes stand for.  Numbers: all
	 * that were seen, if they were few: a code stands for the nearest; else shape
	 * is 0 */
	uint64_t *values;
	/* where v is among values: see field_index */
	uint16_t *slots;
	float *codes;       /* (shape) of the values of a number */
	struct texts texts; /* HOW_CATEGORY and HOW_CONST of texts */
};

/* A number that took at most this many values comes back as one of them. */
#define FEW_MAX 256

struct netshare {
	struct field f[F_COUNT];
	struct word_table ports, protos;
	int32_t *port_row; /* (65536) row of a port, -1 = none */
	int16_t proto_row[256];
	struct fit *fit; /* until fit_end */
};

/* profile.c: names and kinds. */
enum field_kind {
	KIND_ADDR,
	KIND_WORD,
	KIND_VERSION, /* category 4, 6 */
	KIND_STARTS,  /* one bit */
	KIND_BITMAP,
	KIND_PLACE,  /* place in the chunk's window */
	KIND_GAP,    /* linear from 0 */
	KIND_RANGE,  /* linear, constants of the protocol */
	KIND_LINEAR, /* linear, range of the data */
	KIND_COUNT,  /* log1p, range of the data */
	KIND_FLAGS,  /* category, values seen */
	KIND_BITS,   /* 9 bits */
	KIND_ICMP,
	KIND_TEXT
};
struct field_def {
	const char *name;
	enum field_kind kind;
	bool in_packets, in_flows;
	uint64_t limit; /* most a record can say */
	uint64_t max;   /* KIND_RANGE: constant of the protocol */
	double unit;    /* KIND_COUNT: log1p(value * unit) */
};
extern const struct field_def field_defs[F_COUNT];
static inline const struct field_def *
field_def(enum field_id id)
{
	return &field_defs[id];
}
/* field_has_texts: its values are indices of labels. */
static inline bool
field_has_texts(enum field_id id)
{
	return field_def(id)->kind == KIND_TEXT;
}
/* field_of: the profile has the field for packets or flows, whichever c is of. */
static inline bool
field_of(const struct codec *c, int id)
{
	return c->of_flows ? field_defs[id].in_flows : field_defs[id].in_packets;
}
/* field_is_bytes: an address or the bitmap. */
static inline bool
field_is_bytes(enum field_id id)
{
	return field_def(id)->kind == KIND_ADDR || field_def(id)->kind == KIND_BITMAP;
}
/* step_column: of the steps first .. first + n - 1; for F_TYPE and F_LABEL the indices
 * in the labels.  Who goes through all steps does so by STEP_BLOCK, field by field. */
#define STEP_BLOCK 64
void step_column(const struct series *s, enum field_id id, uint32_t first, uint32_t n,
    uint64_t *v);
/* series_value: of an attribute that fits a number. */
uint64_t series_value(const struct series *s, enum field_id id);

/* field.c: one value to its code and back. */
void field_range(struct field *f, enum field_id id);
/* field_scale: the range of HOW_LOG1P with a unit of its own. */
void field_scale(struct field *f, double unit);
/* field_gap: the gap that a code of F_IAT stands for, in ns, not rounded. */
double field_gap(const struct field *f, float code);
/* field_bytes: of a code. */
uint32_t field_bytes(const struct field *f);
/* field_index: prepares the search for values, once they are all known. */
void field_index(struct field *f);
/* field_put: the codes of n values, the first to p, the next stride bytes on; where the
 * field cannot express one NS_EKIND or, if the codec clamps, that of the nearest. */
int field_put(const struct codec *c, enum field_id id, const uint64_t *v, uint32_t n,
    uint8_t *p, size_t stride, struct ns_err *e);
/* field_put_texts: the same for labels. */
int field_put_texts(const struct codec *c, enum field_id id, const uint64_t *v,
    uint32_t n, const struct labels *l, uint8_t *p, size_t stride, struct ns_err *e);
/* field_get: the value of a checked code (of a constant: code is not looked at); for
 * texts the category. */
uint64_t field_get(const struct codec *c, enum field_id id, const uint8_t *code);

/* tables.c: the tables of ports and protocols, and the schema. */
void netshare_complete(struct codec *c);
int netshare_put(const struct codec *c, struct nsr_writer *w, struct ns_err *e);
uint32_t netshare_sum(const struct codec *c, uint32_t crc);
int netshare_load(struct codec *c, const struct tensor_schema *s,
    const struct nsr_reader *r, struct ns_err *e);

/* fit.c, settle.c */
struct fit *fit_new(void);
void fit_free(struct fit *f);
int netshare_fit_fields(struct codec *c, const struct series *s,
    const struct chunk_info *k, const struct labels *l, struct ns_err *e);
void netshare_fit_words(struct codec *c, const struct series *s);
int netshare_fit_end(struct codec *c, struct pool *pool, struct ns_err *e);

/* constants.c */
int netshare_constants(struct codec *c, const struct codec_config *f, struct ns_err *e);

/* encode.c, decode.c */
int netshare_encode(const struct codec *c, const struct series *s,
    const struct chunk_info *k, const struct labels *l, uint8_t *p, struct ns_err *e);
int netshare_decode(struct codec *c, const uint8_t *rec, const struct chunk_info *k,
    struct labels *l, struct codec_mends *m, struct ns_err *e);

/* textput.c, textget.c: lines of the DICT "codec". */
void netshare_text_put(const struct codec *c, struct buf *b);
int netshare_text_get(struct codec *c, struct text *t);

#endif
