/*
 * impl.h: what all profiles share.
 *
 * A codec is the part below, which says what holds of any encoding of a trace, and the
 * state of its profile, which says how fields become codes.  codec.c calls a profile
 * through struct profile and knows no more of it.
 */
#ifndef CODEC_SHARED_IMPL_H
#define CODEC_SHARED_IMPL_H

#include <stdbool.h>

#include "base/pool.h"
#include "codec/shared/config.h"
#include "codec/shared/lines.h"
#include "codec/shared/mend.h"
#include "codec/shared/rules.h"
#include "codec/shared/starts.h"
#include "codec/shared/texts.h"
#include "tensor/masks.h"
#include "tensor/tensor.h"
#include "trace/rstream.h"

struct codec {
	const struct profile *profile;
	bool of_flows, fitting;
	bool clamps; /* what cannot be said becomes what is nearest to it */
	int chunks;
	uint32_t max_steps;
	bool v4, v6; /* there are flows of that version */
	struct rules rules;
	/* ICMP: where pairs of type and code are a category, which kinds had each, bit
	 * by icmp_kind; and each kind's commonest pair */
	uint8_t icmp_kinds[256];
	uint64_t icmp_common[ICMP_KINDS];

	struct tensor_schema schema;
	struct tensor_masks masks;
	uint32_t hash;
	struct series s; /* what codec_decode lends */
	size_t cap_steps;
	uint16_t text_index[2][256]; /* type, label: category -> index in labels */
	/* the state of the profile; one of them is set */
	struct netshare *ns;
	struct symbol *sym;
};

/*
 * struct profile: what codec.h says of the functions of like names, for one profile.
 * init makes an empty state; what is fitted or read from text is completed (schema,
 * masks, tables) by fit_end and load.
 */
struct profile {
	const char *name;
	void (*init)(struct codec *c);
	void (*free)(struct codec *c);
	void (*fit_begin)(struct codec *c, const struct codec_config *f);
	int (*fit_fields)(struct codec *c, const struct series *s,
	    const struct chunk_info *k, const struct labels *l, struct ns_err *e);
	void (*fit_words)(struct codec *c, const struct series *s);
	/* May be NULL: series are encoded each by itself. */
	void (*fit_answer)(struct codec *c, uint32_t opener_steps, int64_t delay_ns);
	int (*fit_end)(struct codec *c, struct pool *pool, struct ns_err *e);
	/* In place of a fit; versions, rules and max_steps are set. */
	int (*constants)(struct codec *c, const struct codec_config *f,
	    struct ns_err *e);
	/* All codes to p, where the number of steps is set; the series was checked. */
	int (*encode)(const struct codec *c, const struct series *s,
	    const struct chunk_info *k, const struct labels *l, uint8_t *p,
	    struct ns_err *e);
	/* The record was checked, c->s.n is set and has room for its steps. */
	int (*decode)(struct codec *c, const uint8_t *rec, const struct chunk_info *k,
	    struct labels *l, struct codec_mends *m, struct ns_err *e);
	/* May be NULL. */
	void (*tuple)(const struct codec *c, const uint8_t *attr, struct tuple *k);
	/* NULL where fit_answer is. */
	bool (*answers)(const struct codec *c);
	bool (*answer)(const struct codec *c, const uint8_t *opener, uint32_t steps,
	    uint8_t *answer);
	void (*answer_start)(const struct codec *c, const struct chunk_info *k,
	    const uint8_t *opener, const double u[2], uint8_t *answer);
	/* May be NULL: nothing can be given. */
	int (*given)(const struct codec *c, const char *field, const char *value,
	    struct tensor_masks *m, struct ns_err *e);
	/* May be NULL: positions are not what says it.  *s is zero. */
	void (*starts)(const struct codec *c, const struct chunk_info *k,
	    int64_t from_ns, int64_t to_ns, struct codec_starts *s);
	/* The lines of the DICT "codec" between head and rules.  get reads until the
	 * line behind the last of its own, which is then the present one. */
	void (*text_put)(const struct codec *c, struct buf *b);
	int (*text_get)(struct codec *c, struct text *t);
	/* The DICTs beside it; sum goes on with a CRC-32C over them. */
	int (*put)(const struct codec *c, struct nsr_writer *w, struct ns_err *e);
	uint32_t (*sum)(const struct codec *c, uint32_t crc);
	int (*load)(struct codec *c, const struct tensor_schema *s,
	    const struct nsr_reader *r, struct ns_err *e);
};
extern const struct profile netshare_profile, symbol_profile;
/* codec.c: all of them; NULL follows the last. */
extern const struct profile *const codec_profiles[];

/* check.c: a series is what a codec of this kind takes: chunk and window, order of
 * times, addresses of one version. */
int check_series(const struct codec *c, const struct series *s,
    const struct chunk_info *k, struct ns_err *e);

/*
 * text.c: the DICT "codec": text, one line a field, then rules.  Numbers that are not
 * whole are written in hexadecimal, so they are exact.
 *
 *   codec 1
 *   profile NAME
 *   steps packets|flows
 *   chunks N
 *   max_steps N
 *   versions 4|6|4 6
 *   lines of the profile
 *   icmp_common V V
 *   off RULE PROTO...
 *   bytes PROTO MIN MAX
 *   dur_least N
 *   end
 */
void codec_text_put(const struct codec *c, struct buf *b);
/* codec_text_get: into an empty c; the profile is found by its name and initialised. */
int codec_text_get(struct codec *c, const uint8_t *p, size_t n, struct ns_err *e);
/* text_put_hex: bytes in hexadecimal. */
void text_put_hex(struct buf *b, const uint8_t *p, size_t n);

#endif
