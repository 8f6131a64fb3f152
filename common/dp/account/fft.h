/*
 * fft.h: fast Fourier transform of 2^m real numbers in double, for the accountant.
 *
 * In place: what was n real numbers becomes n / 2 + 1 complex ones, of which the first
 * and the last are real and share the first place: x[0] is frequency 0, x[1] frequency
 * n / 2, x[2k] and x[2k + 1] real and imaginary part of frequency k.
 *
 * Source: Cooley and Tukey 1965; two reals in one complex transform of half the length,
 * as in Sorensen et al., "Real-valued fast Fourier transform algorithms", IEEE ASSP
 * 1987.
 */
#ifndef DP_FFT_H
#define DP_FFT_H

#include <stddef.h>

/* struct fft: the roots of unity for one length. */
struct fft;
/* fft_new: for n real numbers, a power of two of at least 4. */
struct fft *fft_new(size_t n);
void fft_free(struct fft *f);
/* fft_forward: x(n) to frequencies, sum_j x_j e^(-2 pi i j k / n).  fft_backward: its
 * inverse, divided by n. */
void fft_forward(const struct fft *f, double *x);
void fft_backward(const struct fft *f, double *x);

#endif
