/* Private gradients of critics, in float, as it trains. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "clipped.h"
#include "nn/gemm.h"

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lengths_are_those_of_written_gradients),
	    cmocka_unit_test(sums_are_those_of_clipped_units),
	    cmocka_unit_test(neighbours_differ_by_a_clipped_unit),
	    cmocka_unit_test(noise_is_added_once),
	    cmocka_unit_test(all_columns_have_noise),
	    cmocka_unit_test(no_column_waits),
	};

	gemm_start();
	return cmocka_run_group_tests_name("clipping", tests, NULL, NULL);
}
