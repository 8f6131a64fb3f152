/*
 * noise.h: secret randomness of private training: Gaussian noise and which units a step
 * samples.
 *
 * All of it comes from ChaCha20 (RFC 8439, section 2.4) as a counter generator: the key
 * is 256 secret bits, the nonce says purpose and round, the counter which element.  So
 * what is drawn depends on no order of work, number of threads or point of resumption,
 * and a run that goes on from a checkpoint with its key repeats what it drew, at no
 * further cost of privacy.  Whoever knows the key knows the noise: epsilon then means
 * nothing.
 */
#ifndef DP_NOISE_H
#define DP_NOISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum { DP_KEY_BYTES = 32 };

struct dp_key {
	uint8_t byte[DP_KEY_BYTES];
};

/* What a draw is for; each has streams of its own. */
enum dp_purpose { DP_SAMPLE, DP_GRADIENT, DP_COUNTS, DP_START, DP_FAKE };

/* dp_key_new: from the kernel's generator.  dp_key_insecure: from a seed, for tests:
 * what is drawn by it protects nothing. */
int dp_key_new(struct dp_key *k, struct ns_err *e);
void dp_key_insecure(struct dp_key *k, uint64_t seed);
/* dp_key_wipe: overwritten in a way that compilers keep. */
void dp_key_wipe(struct dp_key *k);
/* dp_key_tag: 16 hexadecimal digits and NUL that name the key and tell nothing of it.
 */
void dp_key_tag(const struct dp_key *k, char tag[17]);

/*
 * A key in a file of its own, 0600, beside the checkpoint it belongs to: one line,
 * "netshare-key 1" and 64 hexadecimal digits.  dp_key_open: reads it, or makes it where
 * there is none (*fresh): written, fsynced, then linked into place; of processes that
 * make it at a time, one does and the others read it.  NS_EPERM (exit 77) where others
 * may read or own it; NS_ECORRUPT for what is no key; NS_ECREATE, NS_EIO.
 * dp_key_remove: overwritten, fsynced, unlinked; what is no key is left alone
 * (NS_ECORRUPT), and one that is not there is removed.
 */
int dp_key_open(struct dp_key *k, const char *path, bool *fresh, struct ns_err *e);
int dp_key_remove(const char *path, struct ns_err *e);

/* dp_random: n bytes of a stream from byte at (up to 2^62) on, for seeds of what needs
 * no secrecy. */
void dp_random(const struct dp_key *k, enum dp_purpose p, uint64_t round, uint64_t at,
    void *to, size_t n);

/*
 * dp_poisson: which of units 0 .. n - 1 round number round samples, each independently
 * with probability q (exact to 2^-64); their numbers, ascending, to list (n of room).
 * Returns how many.  Whether a unit is among them depends on key, round and its number
 * alone.
 */
size_t dp_poisson(const struct dp_key *k, uint64_t round, double q, uint32_t n,
    uint32_t *list);

/*
 * dp_noise_add: to sum[0 .. n) normal numbers of deviation sd, those of elements at ..
 * at + n - 1 of a round.  Made in double, each half the sum of four, against attacks on
 * the rounding of single ones (Holohan and Braghin 2021); the sum is rounded to a
 * multiple of the greatest power of two that is at most sd / 2^20, and then to float
 * (dp_noise_add64: not).  Element i of a round is the same whatever range is asked
 * for; i is below 2^57.  sd is 0 (nothing is added or rounded) or 2^-500 .. 2^500.
 */
void dp_noise_add(const struct dp_key *k, enum dp_purpose p, uint64_t round,
    uint64_t at, double sd, float *sum, size_t n);
void dp_noise_add64(const struct dp_key *k, enum dp_purpose p, uint64_t round,
    uint64_t at, double sd, double *sum, size_t n);

/* dp_hmac: HMAC-SHA-256 (RFC 2104) of data by a secret: 32 bytes. */
void dp_hmac(const uint8_t *secret, size_t secret_len, const void *data, size_t n,
    uint8_t tag[32]);

#endif
