/*
 * impl.h: what the files of this folder share.
 *
 * The profile symbol turns a series into symbols of alphabets of at most 256, for
 * models that draw one after another.  It is a row of fields in the order of the
 * tensor; each becomes (enum sym_how)
 *
 *   SYM_VALUES  a symbol for each value that is known; where these are many, some
 *               symbols are of groups, and the index in the group is behind; open,
 *               symbol 0 is any other value, and its octets are behind, high first,
 *               which beside a known value are those of zero
 *   SYM_NUMBER  a symbol for a value or a bin, and a position in the bin, evenly spread
 *   SYM_TEXT    a symbol for each text
 *   SYM_BITS    bits, as in the profile netshare
 */
#ifndef CODEC_SYMBOL_IMPL_H
#define CODEC_SYMBOL_IMPL_H

#include "codec/shared/impl.h"
#include "codec/symbol/alphabet.h"
#include "codec/symbol/groups.h"
#include "codec/symbol/number.h"
#include "codec/symbol/ports.h"

/* In the order of the tensor: what is drawn first is what later fields follow from. */
enum sym_id {
	S_STARTS, /* in front: who samples gives it */
	S_ROLE,   /* enum series_role; this and the two below only where some answer */
	S_LABEL,
	S_TYPE,
	S_PROTO,
	S_IP_VERSION,
	S_DIRECTION, /* 0: the service port is the destination's; 1: the source's */
	S_SERVICE,
	S_SRC_IP,
	S_DST_IP,
	S_OPENER_STEPS,
	S_CHUNKS,
	S_START,
	S_DELAY, /* behind the start, so that who draws that need not go by it */
	S_CLIENT,
	S_TCP_FLAGS,
	S_IP_FLAGS,
	S_ICMP,
	S_FRAG_OFF,
	S_TTL,
	S_TOS,
	S_N_PKTS,
	S_IP_LEN,
	S_N_BYTES,
	S_DUR,
	S_IAT,
	S_IP_ID,
	S_COUNT
};

enum sym_how { SYM_ABSENT, SYM_CONST, SYM_VALUES, SYM_NUMBER, SYM_TEXT, SYM_BITS };

struct sym_field {
	enum sym_how how;
	bool is_attr;           /* of the series, not of each step */
	bool open;              /* SYM_VALUES: 0 is any other value, octets follow */
	int octets;             /* open: how many */
	int16_t fixed[16];      /* an octet that all values have alike, else -1 */
	struct alphabet values; /* SYM_VALUES: with a symbol each */
	struct groups groups;   /* SYM_VALUES: whose symbols are behind those */
	struct number number;   /* SYM_NUMBER */
	struct texts texts;     /* SYM_TEXT, SYM_CONST of texts */
	struct value value;     /* SYM_CONST */
	uint8_t *tags;          /* SYM_CONST of S_CHUNKS */
	int at;                 /* number of its first tensor field, -1 = none */
};

struct symbol {
	struct sym_field f[S_COUNT];
	uint64_t min_count; /* 0: it was not fitted */
	struct ports ports;
	bool ids_plain; /* ip_id as it is, not as the step from the packet before */
	/* times of the trace are phase and a multiple of grid, which fits int64_t */
	uint64_t grid, phase;
	struct sym_fit *fit; /* until fit_end */
};

/* field.c: names and kinds. */
enum sym_kind {
	KIND_VALUES, /* symbols for frequent values only, unless all are */
	KIND_SEEN,   /* symbols for all values, if an alphabet can hold them */
	KIND_NUMBER,
	KIND_TEXT,
	KIND_STARTS, /* one bit */
	KIND_BITMAP  /* a bit a chunk */
};
struct sym_def {
	const char *name;
	enum sym_kind kind;
	bool in_packets, in_flows, is_attr;
	int octets;     /* that a value has at most; addresses of IPv4 have 4 */
	uint64_t limit; /* greatest value there can be, of those that fit a number */
};
extern const struct sym_def sym_defs[S_COUNT];
static inline bool
sym_in(const struct codec *c, int id)
{
	return c->of_flows ? sym_defs[id].in_flows : sym_defs[id].in_packets;
}
/* Rare values may share a symbol where they say who or what a series is of: hosts and
 * ports come again.  Values of steps that are as many, as ids, are as good as random.
 */
static inline bool
sym_may_group(int id)
{
	return sym_defs[id].kind == KIND_VALUES && sym_defs[id].is_attr;
}
static inline bool
sym_is_address(int id)
{
	return id == S_SRC_IP || id == S_DST_IP;
}
/* What only series that answer have: decoding goes without it, but what is drawn behind
 * it follows from it. */
static inline bool
sym_of_answers(int id)
{
	return id == S_OPENER_STEPS || id == S_DELAY;
}
/* What is left out altogether where no series answers another. */
static inline bool
sym_of_conversations(int id)
{
	return id == S_ROLE || sym_of_answers(id);
}
/* The first symbol of iat is that of the first step of a series, and that of what only
 * answers have is that of all other series. */
static inline uint32_t
sym_offset(int id)
{
	return id == S_IAT || sym_of_answers(id);
}
#define PLACE_MAX ((UINT64_C(1) << 53) - 1) /* a place just before the window's end */

/* sym_place: of a time in the window of its chunk; sym_time: the time since t0_ns. */
uint64_t sym_place(const struct chunk_info *k, int64_t t_ns);
double sym_time(const struct chunk_info *k, uint64_t place);
/* sym_phase: what a time is above a multiple of the grid. */
uint64_t sym_phase(int64_t t_ns, uint64_t grid);
/* sym_address: 16 bytes as a value; sym_address_bytes: back. */
struct value sym_address(const uint8_t a[16]);
void sym_address_bytes(uint8_t a[16], struct value v);
/* sym_attr: of an attribute that is a value. */
struct value sym_attr(const struct ports *p, const struct series *s, int id);
/* sym_step: of a feature of step i that is a value or number; for texts the index in
 * the labels.  Of S_IP_ID the step from the packet before, modulo 65536. */
uint64_t sym_step(const struct series *s, int id, uint32_t i);

/* octet_of: octet k, from the highest of n. */
static inline uint8_t
octet_of(struct value v, int n, int k)
{
	int low = n - 1 - k;

	return (uint8_t)(low < 8 ? v.lo >> 8 * low : v.hi >> 8 * (low - 8));
}

/* values.c: what a field of SYM_VALUES knows. */
/* sym_octets: how many octets the field has if it is open. */
int sym_octets(const struct codec *c, int id);
/* sym_symbols: how many symbols it has. */
uint32_t sym_symbols(const struct sym_field *f);
/* sym_find: the symbol of a value, and its index in the group, 0 where it has its own;
 * -1 = it is not known. */
int sym_find(const struct sym_field *f, struct value v, uint32_t *index);
/* sym_count: how many values a symbol has that is not "other". */
uint32_t sym_count(const struct sym_field *f, uint32_t symbol);
/* sym_known: back from such a symbol and an index; beyond the last it is the last. */
struct value sym_known(const struct sym_field *f, uint32_t symbol, uint32_t index);
/* sym_icmp_kinds: which kinds have what a symbol of S_ICMP stands for, bit by
 * icmp_kind; 3 = not known. */
unsigned sym_icmp_kinds(const struct codec *c, uint32_t symbol);
/* sym_zero: what the octets beside a known value are those of: 0, ::, or 0.0.0.0 for
 * IPv4, whose octets are then like those of others as far as all IPv4 has them alike.
 */
struct value sym_zero(struct value v);
/* sym_octet_at: the tensor field of octet k. */
static inline int
sym_octet_at(const struct sym_field *f, int k)
{
	return f->at + 1 + (f->groups.n > 0) + k;
}

/* schema.c: schema and masks from the fields, after a fit or a load. */
void symbol_complete(struct codec *c);
/* masks.c */
void symbol_masks(struct codec *c);

/* fit.c, settle.c */
struct sym_fit *sym_fit_new(const struct codec_config *f);
void sym_fit_free(struct sym_fit *f);
int symbol_fit_fields(struct codec *c, const struct series *s,
    const struct chunk_info *k, const struct labels *l, struct ns_err *e);
void symbol_fit_words(struct codec *c, const struct series *s);
void symbol_fit_answer(struct codec *c, uint32_t opener_steps, int64_t delay_ns);
int symbol_fit_end(struct codec *c, struct pool *pool, struct ns_err *e);

/* constants.c: the fields of a codec that knows nothing of any trace. */
int symbol_constants(struct codec *c, const struct codec_config *f, struct ns_err *e);

/* nearest.c: what a codec says of that which it cannot express. */
/* sym_nearest: of the values that a field of SYM_CONST or SYM_VALUES can say the
 * nearest in number; of addresses, that of like low bits. */
struct value sym_nearest(const struct codec *c, int id, struct value v);
/* sym_nearest_time: the nearest time on the codec's clock. */
int64_t sym_nearest_time(const struct codec *c, int64_t t_ns);
/* sym_keep_masks: the codes of a record of n steps changed, from the first to the last,
 * to the nearest ones that the masks allow behind those before. */
void sym_keep_masks(const struct codec *c, uint8_t *rec, uint32_t n);

/* encode.c, decode.c */
/* sym_put_value: the codes of a value of a field that is SYM_CONST or SYM_VALUES;
 * returns where they end, NULL where the field cannot be so. */
uint8_t *sym_put_value(const struct codec *c, int id, struct value v, uint8_t *p);
int symbol_encode(const struct codec *c, const struct series *s,
    const struct chunk_info *k, const struct labels *l, uint8_t *p, struct ns_err *e);
int symbol_decode(struct codec *c, const uint8_t *rec, const struct chunk_info *k,
    struct labels *l, struct codec_mends *m, struct ns_err *e);

/* sym_start_time: the time nearest to a place that the trace's clock can show, inside
 * of the window; it falls nowhere as places rise. */
int64_t sym_start_time(const struct codec *c, const struct chunk_info *k,
    uint64_t place);
/* starts.c */
void symbol_starts(const struct codec *c, const struct chunk_info *k, int64_t from_ns,
    int64_t to_ns, struct codec_starts *s);

/* answers.c: see codec_answer, codec_answer_start. */
bool symbol_answer(const struct codec *c, const uint8_t *opener, uint32_t steps,
    uint8_t *answer);
void symbol_answer_start(const struct codec *c, const struct chunk_info *k,
    const uint8_t *opener, const double u[2], uint8_t *answer);

/* given.c */
void symbol_tuple(const struct codec *c, const uint8_t *attr, struct tuple *k);
int symbol_given(const struct codec *c, const char *field, const char *value,
    struct tensor_masks *m, struct ns_err *e);

/* textput.c, textget.c: lines of the DICT "codec". */
void symbol_text_put(const struct codec *c, struct buf *b);
int symbol_text_get(struct codec *c, struct text *t);
/* textget_values.c: the rest of a line "field", and the lines behind it; word i as an
 * address of a version that there is. */
int symbol_get_values(struct codec *c, int id, struct text *t);
int symbol_get_open(struct codec *c, int id, struct text *t);
int symbol_get_address(const struct codec *c, struct text *t, int i, struct value *v);

#endif
