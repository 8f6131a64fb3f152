/*
 * golden.h: set-ups of the sampled Gaussian with epsilons that other accountants tell:
 * TensorFlow Privacy, Opacus and dp-accounting in their tests and documents; those of
 * privacy loss distributions from one grid of distance 1e-4.
 */
#ifndef TEST_DP_GOLDEN_H
#define TEST_DP_GOLDEN_H

#include <stdint.h>

static const struct golden {
	double q, sigma;
	uint64_t steps;
	double delta;
	double rdp; /* 0: not told; unsigned series where the best order is not whole */
	double pld;
	double prv; /* upper estimate of prv_accountant, 0: not told */
} golden[] = {
    {150.0 / 60000, 1.3, 6000, 1e-5, 0.7242234026, 0.640111, 0},
    {0.001, 1, 30000, 1e-7, 1.4154988495, 1.098199, 0},
    {0.01, 0.7, 120, 1e-5, 3.2392676, 2.4612381, 0},
    {1, 0.7, 2, 1e-5, 10.8602036, 10.1224946, 0},
    {0.04, 1.5, 2250, 1e-5, 7.329335, 6.768787, 0},
    {0.01, 4, 10000, 1e-5, 1.035490, 0.946999, 0},
    {256.0 / 60000, 1.1, 14062, 1e-5, 2.596556, 2.381686, 0},
    {0.001, 1, 10000, 1e-6, 0.979542, 0.555392, 0},
    {0.001, 0.6, 10000, 1e-6, 3.999186, 3.152227, 0},
    {0.01, 1, 10000, 1e-6, 7.414101, 6.907419, 0},
    {0.005, 2, 40000, 1e-7, 2.859533, 2.687366, 0},
    {0.1, 5, 1000, 1e-5, 2.879585, 2.650683, 0},
    {0.0001, 0.5, 100000, 1e-7, 4.695247, 3.688058, 0},
    {1, 50, 1000, 1e-5, 2.813653, 2.594384, 0},
    {0.001, 0.8, 100, 1e-6, 0, 0.26034, 0.27040},
    {0.05, 1.5, 100, 1e-6, 0, 1.94374, 1.95385},
    {0.2, 0.8, 100, 1e-6, 0, 24.32262, 24.33366},
    {0.05, 1.5, 1000, 1e-6, 0, 6.19970, 6.20997},
    {0.05, 3, 1000, 1e-6, 0, 2.51746, 2.52757},
    {0.001, 1.5, 20000, 1e-6, 0, 0.42762, 0.43701},
    {0.05, 2, 20000, 1e-6, 0, 24.41097, 24.42172},
    {0.001, 2, 50000, 1e-6, 0, 0.48280, 0.49135},
    {0.05, 3, 50000, 1e-6, 0, 24.93131, 24.94201},
    {1, 1, 1, 1e-5, 0, 4.37717810, 0},
};

#endif
