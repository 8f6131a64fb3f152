/*
 * replay.c: run a fuzz target over files given as operands, without a fuzzer.  So every
 * build replays the seeds and the inputs that once broke something.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/io.h"
#include "base/mem.h"

#include <unistd.h>

#define INPUT_MAX (1u << 24)

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static int
replay(const char *path)
{
	struct ns_err e;
	uint8_t *p = NULL;
	ssize_t n;
	int fd;

	fd = in_open(path, &e);
	if (fd < 0)
		goto fail;
	p = xmalloc(INPUT_MAX);
	n = io_read(fd, p, INPUT_MAX, &e);
	close(fd);
	if (n < 0)
		goto fail;
	/* A block of exactly this size, so that a sanitizer sees the first byte behind.
	 */
	p = xrealloc(p, n > 0 ? (size_t)n : 1);
	LLVMFuzzerTestOneInput(p, (size_t)n);
	free(p);
	return 0;
fail:
	fprintf(stderr, "replay: %s\n", e.msg);
	free(p);
	return -1;
}

int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (replay(argv[i]) < 0)
			return 1;
	printf("%d inputs\n", argc - 1);
	return 0;
}
