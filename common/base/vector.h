/*
 * vector.h: loops for wide vectors, without a line for any one processor.
 *
 * VECTOR_CLONES before a function: it is compiled once for each width, and the loader
 * takes what the processor has.  Products and sums are not fused (-ffp-contract=off),
 * so all of them give the same bits.  Sanitizers cannot be loaded that early.
 *
 * VECTOR_LOOP before a loop: its turns do not depend on each other, though its arrays
 * may be the same one.
 */
#ifndef BASE_VECTOR_H
#define BASE_VECTOR_H

#if defined(__x86_64__) && defined(__linux__) && defined(__GNUC__) &&                  \
    !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) &&                           \
    !defined(__SANITIZE_THREAD__)
#define VECTOR_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define VECTOR_CLONES
#endif

#ifdef __clang__
#define VECTOR_LOOP /* its own pragma warns wherever it cannot follow */
#else
#define VECTOR_LOOP _Pragma("GCC ivdep")
#endif

#endif
