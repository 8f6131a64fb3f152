/* Gradients of units by a sink, in float, as it trains. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "nn/gemm.h"
#include "sunk.h"

int
main(void)
{
	gemm_start();
	return sunk_main();
}
