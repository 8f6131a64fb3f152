/* Gradients of units by a sink, in double. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../ns-train/sunk.h"
#include "nn/gemm.h"

int
main(void)
{
	gemm_start();
	return sunk_main();
}
