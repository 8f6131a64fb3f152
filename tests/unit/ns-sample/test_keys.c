/* Which symbols are the five-tuple, and when it is there twice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ar/keys.h"
#include "base/mem.h"
#include "nets.h"

/* A source's address with a group of four and an octet for the rest, and a client's
 * port whose second symbol says that a group follows. */
enum { STARTS, PROTO, IP, IP_I, IP_0, PLACE, CLIENT, CLIENT_I, CLIENT_0, P };

struct trial {
	struct tensor_schema s;
	struct symbols sym;
	struct keys k;
};

static void
trial_init(struct trial *t)
{
	static const struct {
		const char *name;
		uint32_t shape;
	} fields[P] = {[PROTO] = {"proto", 2},
	    [IP] = {"src_ip", 3},
	    [IP_I] = {"src_ip.i", 4},
	    [IP_0] = {"src_ip.0", 8},
	    [PLACE] = {"flow_start", 9},
	    [CLIENT] = {"client", 2},
	    [CLIENT_I] = {"client.i", 4},
	    [CLIENT_0] = {"client.0", 8}};
	struct tensor_mask *m;
	struct ns_err e;
	int i;

	tensor_schema_init(&t->s);
	tensor_schema_add(&t->s, NSR_ATTRIBUTE, "flow_starts", NSR_BIT, 1, "");
	for (i = PROTO; i < P; i++)
		tensor_schema_add(&t->s, NSR_ATTRIBUTE, fields[i].name, NSR_CATEGORY,
		    fields[i].shape, "");
	m = tensor_masks_add(&t->s.masks, &t->s, CLIENT, CLIENT_I);
	mask_row(m, 0, 1, (const uint8_t[]){0});
	mask_row(m, 1, 4, (const uint8_t[]){0, 1, 2, 3});
	m = tensor_masks_add(&t->s.masks, &t->s, CLIENT, CLIENT_0);
	mask_row(m, 0, 8, (const uint8_t[]){0, 1, 2, 3, 4, 5, 6, 7});
	mask_row(m, 1, 1, (const uint8_t[]){0});
	assert_int_equal(symbols_new(&t->sym, &t->s, &e), NS_OK);
	keys_init(&t->k, &t->s, &t->sym, NULL);
}

static void
trial_free(struct trial *t)
{
	keys_free(&t->k);
	symbols_free(&t->sym);
	tensor_schema_free(&t->s);
}

/* Symbol, index and octets all tell five-tuples apart; what is no part of it does not.
 */
static void
test_parts(void **state)
{
	static const int parts[] = {PROTO, IP, IP_I, IP_0, CLIENT, CLIENT_I, CLIENT_0};
	uint16_t attr[P] = {0};
	struct trial t;
	size_t i;

	(void)state;
	trial_init(&t);
	assert_int_equal(t.k.n, LEN(parts));
	assert_int_equal(keys_first_free(&t.k, &t.s), CLIENT);
	assert_true(keys_add(&t.k, attr));
	for (i = 0; i < LEN(parts); i++) {
		assert_int_equal(t.k.of[i], parts[i]);
		attr[parts[i]] = 1;
		assert_true(keys_add(&t.k, attr));
		assert_false(keys_add(&t.k, attr));
		attr[parts[i]] = 0;
	}
	attr[STARTS] = 1;
	attr[PLACE] = 7;
	assert_false(keys_add(&t.k, attr));
	trial_free(&t);
}

/* A known value is complete with its index, another with its octets. */
static void
test_complete(void **state)
{
	uint16_t attr[P] = {0};
	struct trial t;

	(void)state;
	trial_init(&t);
	attr[CLIENT] = 1;
	assert_false(keys_complete(&t.k, CLIENT, attr));
	attr[CLIENT_I] = 3;
	attr[CLIENT_0] = 5; /* of the row before */
	assert_true(keys_complete(&t.k, CLIENT_I, attr));
	assert_int_equal(attr[CLIENT_0], 0);
	attr[CLIENT] = 0;
	assert_false(keys_complete(&t.k, CLIENT, attr));
	assert_false(keys_complete(&t.k, CLIENT_I, attr));
	assert_true(keys_complete(&t.k, CLIENT_0, attr));
	trial_free(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_parts),
	    cmocka_unit_test(test_complete),
	};

	return cmocka_run_group_tests_name("ns-sample/keys", tests, NULL, NULL);
}
