/*
 * fit.h: what the series of a trace say, gathered (fit.c) until every field's range is
 * known (settle.c).
 */
#ifndef CODEC_NETSHARE_FIT_H
#define CODEC_NETSHARE_FIT_H

#include "codec/netshare/impl.h"

#define FEW_RECENT 64

struct few {
	uint64_t v[FEW_MAX];         /* (n), ascending */
	uint32_t n;                  /* FEW_MAX + 1: there were more */
	uint64_t recent[FEW_RECENT]; /* by v % FEW_RECENT: seen already */
};

struct fit {
	uint64_t seed;
	uint64_t n_series;
	uint64_t min[F_COUNT], max[F_COUNT];
	struct few few[F_COUNT]; /* of the numbers that field_may_be_few names */
	uint8_t first_ip[2][16], first_tags[CHUNKS_MAX / 8];
	bool ip_varies[2], place_varies;
	double first_place;
	uint8_t flags_seen;               /* bit v: ip_flags v occurs */
	uint64_t *icmp_count[ICMP_KINDS]; /* (65536) by type << 8 | code */
	struct texts texts[2];            /* type, label */
	struct ip2vec *words;
};

/* field_may_be_few: a number of the header, not a time. */
bool field_may_be_few(enum field_id id);
struct texts *fit_texts(struct fit *f, enum field_id id);

#endif
