/*
 * ip2vec.h: vectors for ports and protocols, learnt from which occur together.
 *
 * One sentence (src_port, dst_port, proto) a record; protocol words are distinct from
 * port words.  CBOW with negative sampling and the defaults of gensim 3.8.3: window 5
 * (reduced at random), mean of the context, 5 negatives by frequency to the power .75,
 * words thinned at 1e-3, rate .025 falling to 1e-4 with progress.  A small trace is
 * gone through more often than gensim's 5 times, since the thinning leaves little of
 * its frequent words: until about IP2VEC_PAIRS words were trained, within
 * IP2VEC_VISITS sentences.  Equal sentences and seed, equal vectors: one thread trains,
 * another may draw what is to be trained next.
 *
 * Memory: a sample of at most IP2VEC_SENTENCES sentences is kept; every word added is
 * in the tables all the same.
 *
 * Source: Ring et al., IP2Vec, ICDMW 2017; Mikolov et al., arXiv 1310.4546.
 */
#ifndef CODEC_NETSHARE_IP2VEC_H
#define CODEC_NETSHARE_IP2VEC_H

#include <stdint.h>

#include "base/pool.h"

#define IP2VEC_DIM 10
#define IP2VEC_SENTENCES (1u << 20)
#define IP2VEC_PAIRS 200000
#define IP2VEC_VISITS 4000000

/* Words in ascending order, each with a row of unit length; rows differ by more than
 * their rounding, so that the nearest row to a row is itself. */
struct word_table {
	uint32_t n;
	uint16_t *word; /* (n) */
	float *v;       /* (n, IP2VEC_DIM) */
};

struct ip2vec;
struct ip2vec *ip2vec_new(void);
void ip2vec_free(struct ip2vec *m);

/* ip2vec_add: the sentence of times records. */
void ip2vec_add(struct ip2vec *m, uint16_t src, uint16_t dst, uint8_t proto,
    uint32_t times);

/* ip2vec_train: writes both tables, the same for any pool (NULL: none); release with
 * word_table_free. */
void ip2vec_train(struct ip2vec *m, uint64_t seed, struct pool *pool,
    struct word_table *ports, struct word_table *protos);
void word_table_free(struct word_table *t);

#endif
