/*
 * audited.h: canaries for an audit of private training: a trace of which every unit has
 * an attribute that nobody else has, and so a direction of the gradient of its own.
 */
#ifndef AUDITED_H
#define AUDITED_H

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../dp/audit.h"
#include "base/le.h"
#include "base/rng.h"
#include "dp/account/account.h"
#include "feed.h"
#include "learner.h"
#include "nn/gemm.h"
#include "private.h"

enum {
	CANARIES = 1000,
	TWICE = 2,     /* series of each: what they give must be clipped together */
	GUESSED = 100, /* to be in, and as many not to be */
	ROUNDS = 16,
	FIELDS = 4,
	CODES = CANARIES / FIELDS + 1
};

#define AUDIT_DELTA 1e-5
/* An epsilon of about 3.6; what is counted beside gradients costs nearly nothing. */
#define AUDIT_SIGMA 2.6
#define AUDIT_RATE .5
#define COUNT_SIGMA 100

struct audit {
	struct feed feed;
	struct private how;
	struct units in, all; /* who takes part; all canaries */
	struct lesson lesson; /* of those who take part */
	bool is_in[CANARIES];
	struct audit_score score[CANARIES];
};

/* What became of it; the noise and the shift of scores in those that were claimed. */
struct verdict {
	double claimed, bound, noise, shift;
	int right;
};

static inline void
audit_temporary(char path[64])
{
	int fd;

	snprintf(path, 64, "%s/audit-XXXXXX",
	    getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	close(fd);
}

/* Bits, of which each canary has one; or codes, each canary's in one field and 0 in the
 * others. */
static inline void
audit_schema(struct tensor_schema *s, bool bits)
{
	char name[16];
	int i;

	tensor_schema_init(s);
	if (bits)
		tensor_schema_add(s, NSR_ATTRIBUTE, "bits", NSR_BIT, CANARIES, "");
	for (i = 0; i < FIELDS && !bits; i++) {
		snprintf(name, sizeof name, "field%d", i);
		tensor_schema_add(s, NSR_ATTRIBUTE, name, NSR_CATEGORY, CODES, "");
	}
}

static inline int
audit_field(int canary)
{
	return canary % FIELDS;
}

static inline int
audit_code(int canary)
{
	return 1 + canary / FIELDS;
}

static inline void
audit_records(const struct tensor_schema *s, bool bits, struct nsr_writer *w,
    struct ns_err *e)
{
	size_t n = s->attr_bytes + 4;
	uint8_t *rec = xcalloc(n, 1);
	int i, j;

	for (j = 0; j < CANARIES; j++) {
		memset(rec, 0, n);
		if (bits)
			rec[j / 8] = (uint8_t)(0x80 >> j % 8);
		else
			rec[audit_field(j)] = (uint8_t)audit_code(j);
		put_le32(rec + s->attr_bytes, 1);
		for (i = 0; i < TWICE; i++)
			assert_int_equal(nsr_put(w, rec, n, e), NS_OK);
	}
	free(rec);
}

static inline void
audit_write(const char *path, bool bits)
{
	struct tensor_schema s;
	struct nsr_schema head;
	struct nsr_writer *w;
	struct ns_err e;
	struct out *o = out_open(path, true, &e);

	assert_non_null(o);
	audit_schema(&s, bits);
	tensor_schema_to_nsr(&s, &head);
	w = nsr_writer_new(o, 0);
	assert_int_equal(nsr_begin(w, &head, &e), NS_OK);
	nsr_put_meta(w, &e, "trace.kind", "flow");
	nsr_put_meta(w, &e, "chunk.count", "1");
	nsr_put_meta(w, &e, "chunk.index", "0");
	nsr_put_meta(w, &e, "chunk.series", "%d", TWICE * CANARIES);
	nsr_put_meta(w, &e, "chunk.records", "%d", TWICE * CANARIES);
	nsr_put_meta(w, &e, "trace.max_steps", "1");
	nsr_put_meta(w, &e, "codec.hash", "0badcafe");
	assert_true(tensor_put_tables(&s, w, &e) >= 0);
	audit_records(&s, bits, w, &e);
	assert_int_equal(nsr_end(w, &e), NS_OK);
	nsr_writer_free(w);
	assert_int_equal(out_commit(o, &e), NS_OK);
	tensor_schema_free(&s);
}

static inline void
audit_units(struct units *u, const bool *in)
{
	uint32_t i;
	int j;

	u->first = xcalloc(CANARIES + 1, sizeof *u->first);
	u->series = xcalloc(TWICE * CANARIES, sizeof *u->series);
	u->n = 0;
	for (j = 0; j < CANARIES; j++) {
		if (in != NULL && !in[j])
			continue;
		u->first[u->n + 1] = u->first[u->n] + TWICE;
		for (i = 0; i < TWICE; i++)
			u->series[u->first[u->n] + i] = (uint32_t)(TWICE * j) + i;
		u->n++;
	}
}

/* config: of the kind; lent. */
static inline void
audit_open(struct audit *a, bool bits, const void *config, double sigma, uint64_t seed)
{
	struct nsr_reader *r;
	struct ns_err e;
	struct rng coin;
	char path[64];
	int j;

	memset(a, 0, sizeof *a);
	gemm_start();
	audit_temporary(path);
	audit_write(path, bits);
	r = nsr_reader_new(in_open(path, &e), "canaries");
	assert_int_equal(feed_read(&a->feed, r, -1, NULL, &e), NS_OK);
	nsr_reader_free(r);
	unlink(path);
	rng_init(&coin, seed, 1);
	for (j = 0; j < CANARIES; j++) {
		a->is_in[j] = rng_uniform(&coin) < .5;
		a->score[j].in = a->is_in[j];
	}
	audit_units(&a->in, a->is_in);
	audit_units(&a->all, NULL);
	a->how = (struct private){.rate = AUDIT_RATE,
	    .nominal = CANARIES * AUDIT_RATE / 2,
	    .clip = 1,
	    .sigma = sigma,
	    .max_series = TWICE,
	    .count_sigma = COUNT_SIGMA};
	dp_key_insecure(&a->how.key, seed);
	a->lesson = (struct lesson){.feed = &a->feed,
	    .chunk = &a->feed.chunk[0],
	    .n = 1,
	    .config = config,
	    .seed = 1,
	    .private = &a->how,
	    .units = &a->in};
}

static inline void
audit_close(struct audit *a)
{
	free(a->in.first);
	free(a->in.series);
	free(a->all.first);
	free(a->all.series);
	feed_free(&a->feed);
}

/* Mean and deviation of the scores of those in or of those out. */
static inline void
audit_side(const struct audit *a, bool in, double *mean, double *deviation, int *n)
{
	double sum = 0, square = 0;
	int j;

	*n = 0;
	for (j = 0; j < CANARIES; j++)
		if (a->score[j].in == in) {
			sum += a->score[j].score;
			square += a->score[j].score * a->score[j].score;
			++*n;
		}
	*mean = sum / *n;
	*deviation = sqrt(square / *n - *mean * *mean);
}

static inline struct verdict
audit_judge(struct audit *a)
{
	const struct dp_mechanism spent[] = {{a->how.rate, a->how.sigma, ROUNDS},
	    {1, a->how.count_sigma, 1}};
	double mean[2], deviation[2];
	struct verdict v;
	int n[2];

	audit_side(a, false, &mean[0], &deviation[0], &n[0]);
	audit_side(a, true, &mean[1], &deviation[1], &n[1]);
	v.noise = deviation[0] / (a->how.sigma * a->how.clip * sqrt(ROUNDS));
	v.shift = (mean[1] - mean[0]) / (a->how.clip * a->how.rate * ROUNDS);
	v.claimed = a->how.sigma > 0 ? dp_pld_epsilon(spent, 2, AUDIT_DELTA) : INFINITY;
	v.right = audit_right(a->score, CANARIES, GUESSED);
	v.bound = audit_bound(CANARIES, 2 * GUESSED, v.right, AUDIT_DELTA);
	return v;
}

#endif
