/* Units of records by way of the feed: of chunks in any order, and where there are
 * none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/io.h"
#include "feed.h"
#include "toy.h"

enum { SERIES = 50 };

static void
read_back(const struct toy *second, const struct toy *first, struct feed *f, int rc)
{
	char path[] = "/tmp/netshare-feed.XXXXXX";
	struct nsr_reader *r;
	struct ns_err e = {0};
	struct out *o;
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	close(fd);
	assert_non_null(o = out_open(path, true, &e));
	assert_int_equal(toy_write(second, o, &e), NS_OK);
	assert_int_equal(toy_write(first, o, &e), NS_OK);
	assert_int_equal(out_commit(o, &e), NS_OK);
	r = nsr_reader_new(in_open(path, &e), path);
	assert_int_equal(feed_read(f, r, -1, NULL, &e), rc);
	nsr_reader_free(r);
	unlink(path);
}

static void
test_units(void **state)
{
	struct toy t[2] =
	    {{.chunks = 2, .index = 0, .n = SERIES, .seed = 3, .units = true},
		{.chunks = 2, .index = 1, .n = SERIES, .seed = 3, .units = true}};
	struct feed f;
	uint32_t i;
	int c;

	(void)state;
	read_back(&t[1], &t[0], &f, NS_OK);
	assert_true(f.schema.has_unit);
	for (c = 0; c < 2; c++)
		for (i = 0; i < SERIES; i++)
			assert_true(
			    feed_unit(&f, &f.chunk[c], i) == toy_unit(&t[c], i));
	feed_free(&f);
	t[0].units = t[1].units = false;
	read_back(&t[1], &t[0], &f, NS_OK);
	assert_false(f.schema.has_unit);
	assert_true(feed_unit(&f, &f.chunk[1], SERIES - 1) == 0);
	feed_free(&f);
	t[0].units = true;
	read_back(&t[1], &t[0], &f, NS_EKIND);
	feed_free(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_units)};

	return cmocka_run_group_tests_name("ns-train/feed", tests, NULL, NULL);
}
