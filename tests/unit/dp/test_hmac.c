/* HMAC-SHA-256: the vectors of RFC 4231, section 4; a secret cut short, a block left
 * out or another hash fails each of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "dp/noise/noise.h"

struct vector {
	int key_len, key_byte; /* so many times the byte, -1: 1, 2, 3 ..., -2: text */
	int data_len, data_byte;
	const char *key, *data, *tag;
};

static const struct vector vectors[] = {
    {20, 0x0b, 0, -2, "", "Hi There",
	"b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
    {0, -2, 0, -2, "Jefe", "what do ya want for nothing?",
	"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
    {20, 0xaa, 50, 0xdd, "", "",
	"773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
    {25, -1, 50, 0xcd, "", "",
	"82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
    {20, 0x0c, 0, -2, "", "Test With Truncation", "a3b6167473100ee06e0c796c2955552b"},
    {131, 0xaa, 0, -2, "", "Test Using Larger Than Block-Size Key - Hash Key First",
	"60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
    {131, 0xaa, 0, -2, "",
	"This is a test using a larger than block-size key and a larger than "
	"block-size data. The key needs to be hashed before being used by the HMAC "
	"algorithm.",
	"9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
};

static size_t
spell(uint8_t *to, int n, int byte, const char *text)
{
	int i;

	if (byte == -2) {
		memcpy(to, text, strlen(text));
		return strlen(text);
	}
	for (i = 0; i < n; i++)
		to[i] = (uint8_t)(byte == -1 ? i + 1 : byte);
	return (size_t)n;
}

static void
known_answers(void **state)
{
	const struct vector *v;
	uint8_t key[256], data[256], tag[32];
	char hex[65];
	size_t i, j, keys, n;

	(void)state;
	for (i = 0; i < LEN(vectors); i++) {
		v = &vectors[i];
		keys = spell(key, v->key_len, v->key_byte, v->key);
		n = spell(data, v->data_len, v->data_byte, v->data);
		dp_hmac(key, keys, data, n, tag);
		for (j = 0; j < 32; j++)
			snprintf(hex + 2 * j, 3, "%02x", tag[j]);
		assert_memory_equal(hex, v->tag, strlen(v->tag));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(known_answers),
	};

	return cmocka_run_group_tests_name("dp/hmac", tests, NULL, NULL);
}
