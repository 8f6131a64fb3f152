/*
 * head.h: all of a stream but its rows: META, DICT, PROV, NOTE and unknown frames, held
 * in memory up to NSR_HEAD_MAX.  Used by reader.c and history.c alone.
 */
#ifndef STREAM_HEAD_H
#define STREAM_HEAD_H

#include "stream/frame.h"
#include "stream/stream.h"

#define HEAD_META_MAX 8192  /* keys */
#define HEAD_DICT_MAX 1024  /* tables */
#define HEAD_LIST_MAX 65536 /* PROV, NOTE, unknown frames, each */
#define DICT_NAME_MAX 64

struct head_meta {
	char *key, *val;
};

struct head_dict {
	char name[DICT_NAME_MAX + 1];
	bool is_public;
	struct buf data;
};

/* Texts with a NUL behind them, or frames: 24 bytes of header and payload as stored. */
struct head_list {
	struct buf *v;
	size_t n, cap;
};

struct head {
	struct head_meta *meta;
	size_t n_meta, cap_meta;
	struct head_dict *dict;
	size_t n_dict, cap_dict;
	struct head_list prov, note, other;
	uint64_t bytes; /* held, with an allowance for each item */
};

void head_clear(struct head *h);
/* head_take: keep one frame; payload is unpacked where the type is known. */
int head_take(struct head *h, const struct frame *f, const uint8_t *payload,
    struct ns_err *e);

void head_list_add(struct head_list *l, const void *p, size_t n);
void head_list_clear(struct head_list *l);

/* nsr_reader_head: what r's present stream holds. */
const struct head *nsr_reader_head(const struct nsr_reader *r);

#endif
