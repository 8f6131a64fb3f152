/* Which symbols end a value that is spelt, and how far their low bits are drawn evenly.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "model/ar/ar.h"

enum { OCTETS = 256, PORTS = 21 };

static const struct {
	const char *name;
	int role, type;
	uint32_t shape;
	bool octet;
} fields[] = {
    {"client", NSR_ATTRIBUTE, NSR_CATEGORY, 5, false},
    {"client.i", NSR_ATTRIBUTE, NSR_CATEGORY, 3, false},
    {"client.0", NSR_ATTRIBUTE, NSR_CATEGORY, OCTETS, false},
    {"client.1", NSR_ATTRIBUTE, NSR_CATEGORY, OCTETS, true},
    {"client_of", NSR_ATTRIBUTE, NSR_CATEGORY, 3, false},
    {"src_ip.9", NSR_ATTRIBUTE, NSR_CATEGORY, OCTETS, false},
    {"src_ip.10", NSR_ATTRIBUTE, NSR_CATEGORY, OCTETS, false},
    {"src_ip.11", NSR_ATTRIBUTE, NSR_CATEGORY, OCTETS, true},
    {"dst_ip.3", NSR_ATTRIBUTE, NSR_CATEGORY, PORTS, true},
    {"tags.", NSR_ATTRIBUTE, NSR_CATEGORY, 2, false},
    {"v4.x", NSR_ATTRIBUTE, NSR_CATEGORY, 2, false},
    {"start.0", NSR_ATTRIBUTE, NSR_REAL, 1, false},
    {"size", NSR_FEATURE, NSR_CATEGORY, 9, false},
    {"size.pos", NSR_FEATURE, NSR_REAL, 1, false},
    {"ttl.0", NSR_FEATURE, NSR_CATEGORY, 7, true}, /* nothing is behind it */
};

static void
make_schema(struct tensor_schema *s)
{
	size_t i;

	tensor_schema_init(s);
	for (i = 0; i < LEN(fields); i++)
		tensor_schema_add(s, fields[i].role, fields[i].name, fields[i].type,
		    fields[i].shape, "");
}

static struct ar *
make_model(const struct tensor_schema *s, int smooth)
{
	struct ar_config c;
	struct ns_err e;
	struct ar *m;

	hypers_default(&ar_hypers, &c);
	c.attr_units = c.ctx_units = c.head_units = c.lstm_units = 2;
	c.smooth = smooth;
	m = ar_new(s, &c, 1, &e);
	assert_non_null(m);
	return m;
}

static void
last_octets(void **state)
{
	struct tensor_schema t;
	struct symbols s;
	struct ns_err e;
	int i, n = 0;

	(void)state;
	make_schema(&t);
	assert_int_equal(symbols_new(&s, &t, &e), NS_OK);
	for (i = 0; i < s.n_attr + s.n_step; i++) {
		assert_int_equal(s.sym[i].octet, fields[s.sym[i].field].octet);
		n += s.sym[i].octet;
	}
	assert_int_equal(n, 4);
	symbols_free(&s);
	tensor_schema_free(&t);
}

static int
symbol_named(const struct ar *m, const char *name)
{
	int i;

	for (i = 0; strcmp(fields[m->sym.sym[i].field].name, name) != 0; i++)
		assert_true(i + 1 < m->P + m->M);
	return i;
}

static void
fill(real *y, int n)
{
	int i;

	for (i = 0; i < n; i++)
		y[i] = (real)((i * 7 + 3) % 16) / 16;
}

/* Neighbours in blocks of so many are equal, and have together what they had. */
static void
is_even(const real *y, const real *was, int k, int block)
{
	int first, end, j;
	real sum, had;

	for (first = 0; first < k; first = end) {
		end = first + block < k ? first + block : k;
		for (sum = had = 0, j = first; j < end; j++) {
			assert_true(y[j] == y[first]);
			sum += y[j];
			had += was[j];
		}
		assert_true(fabs((double)(sum - had)) < 1e-5);
	}
}

static void
check_smooth(int smooth)
{
	struct tensor_schema t;
	real y[OCTETS], was[OCTETS];
	struct ar *m;
	int i, k, block;

	make_schema(&t);
	m = make_model(&t, smooth);
	for (i = 0; i < m->P + m->M; i++) {
		k = m->sym.sym[i].k;
		block = fields[m->sym.sym[i].field].octet ? 1 << smooth : 1;
		assert_int_equal(ar_block(m, i), block);
		fill(y, k);
		memcpy(was, y, sizeof was);
		ar_smooth(m, i, y, NULL, 1);
		if (block == 1)
			assert_memory_equal(y, was, (size_t)k * sizeof *y);
		else
			is_even(y, was, k, block);
	}
	ar_free(m);
	tensor_schema_free(&t);
}

static void
low_bits_are_even(void **state)
{
	(void)state;
	check_smooth(0);
	check_smooth(3);
}

/* What masks exclude stays so; of a symbol that has none the sets are not looked at. */
static void
masks_stay(void **state)
{
	uint8_t allow[1][CHOICE_SET] = {{0x83}};
	struct tensor_schema t;
	struct tensor_mask *k;
	real y[OCTETS] = {.5f, 0, 0, 0, 0, 0, 0, .25f};
	struct ar *m;
	int i;

	(void)state;
	make_schema(&t);
	k = tensor_masks_add(&t.masks, &t, 0, 3);
	for (i = 0; i < 5; i++)
		mask_set_all(k->allow[i], OCTETS);
	m = make_model(&t, 3);
	ar_smooth(m, symbol_named(m, "client.1"), y, allow, 1);
	for (i = 0; i < 8; i++)
		assert_true(y[i] == (mask_has(allow[0], (uint32_t)i) ? .25f : 0));
	fill(y, OCTETS);
	ar_smooth(m, symbol_named(m, "src_ip.11"), y, allow, 1);
	assert_true(y[2] > 0 && y[2] == y[0] && y[8] > 0);
	ar_free(m);
	tensor_schema_free(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(last_octets),
	    cmocka_unit_test(low_bits_are_even),
	    cmocka_unit_test(masks_stay),
	};

	return cmocka_run_group_tests_name("octets", tests, NULL, NULL);
}
