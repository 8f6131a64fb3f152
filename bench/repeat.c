/*
 * repeat.c: repeat [-k] COUNT FILE: a capture of COUNT packets on standard output, made
 * of the IPv4 packets of the Ethernet capture FILE, over and over.  Each copy starts
 * where the one before ends and has addresses of its own, so its flows are new; with -k
 * addresses are kept, so flows go on.
 *
 * The header's checksum follows the addresses (RFC 1624, equation 3); those of TCP and
 * UDP do not, since captures are cut off too early for anyone to check them.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_HEAD 24
#define RECORD_HEAD 16
#define ETHERNET_HEAD 14
#define IP_HEAD 20
#define LINK_ETHERNET 1

/* Of packets that are neither cut to nothing nor anything but IPv4, in one block. */
struct capture {
	uint8_t *bytes, *end;
	uint64_t first_us, span_us;
};

static void
die(const char *what, const char *name)
{
	fprintf(stderr, "repeat: %s '%s'\n", what, name);
	exit(65);
}

/* Classic captures are in the byte order of the machine that wrote them: ours, or the
 * magic number is another. */
static uint32_t
get32(const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, 4);
	return v;
}

static void
put32(uint8_t *p, uint32_t v)
{
	memcpy(p, &v, 4);
}

static uint32_t
get_be(const uint8_t *p, int n)
{
	uint32_t v = 0;

	while (n-- > 0)
		v = v << 8 | *p++;
	return v;
}

static void
put_be(uint8_t *p, int n, uint32_t v)
{
	while (n-- > 0) {
		p[n] = (uint8_t)v;
		v >>= 8;
	}
}

static uint64_t
record_us(const uint8_t *r)
{
	return get32(r) * (uint64_t)1000000 + get32(r + 4);
}

static uint8_t *
read_whole(const char *name, size_t *len)
{
	FILE *f = fopen(name, "rb");
	uint8_t *p;
	long n;

	if (f == NULL || fseek(f, 0, SEEK_END) != 0 || (n = ftell(f)) < 0)
		die("cannot read", name);
	rewind(f);
	p = malloc((size_t)n + 1);
	if (p == NULL || fread(p, 1, (size_t)n, f) != (size_t)n)
		die("cannot read", name);
	fclose(f);
	*len = (size_t)n;
	return p;
}

static bool
is_ipv4(const uint8_t *packet, size_t len)
{
	return len >= ETHERNET_HEAD + IP_HEAD && get_be(packet + 12, 2) == 0x0800;
}

/* load: keep the records of IPv4, moved together behind the file's head. */
static void
load(struct capture *c, const char *name)
{
	size_t len, at = FILE_HEAD, n;
	uint8_t *p = read_whole(name, &len), *to = p + FILE_HEAD;
	uint64_t last_us = 0;

	if (len < FILE_HEAD || get32(p) != 0xa1b2c3d4 || get32(p + 20) != LINK_ETHERNET)
		die("no capture of Ethernet in microseconds of this byte order:", name);
	for (; len - at >= RECORD_HEAD; at += n) {
		n = RECORD_HEAD + (size_t)get32(p + at + 8);
		if (n > len - at)
			die("a packet is cut off in", name);
		if (!is_ipv4(p + at + RECORD_HEAD, n - RECORD_HEAD))
			continue;
		last_us = record_us(p + at);
		if (to == p + FILE_HEAD)
			c->first_us = last_us;
		memmove(to, p + at, n);
		to += n;
	}
	if (to == p + FILE_HEAD)
		die("no packets of IPv4 in", name);
	c->bytes = p;
	c->end = to;
	c->span_us = last_us - c->first_us;
}

/* Replace the 4 bytes at p of a header whose checksum is at sum. */
static void
readdress(uint8_t *p, uint8_t *sum, uint32_t new)
{
	uint32_t old = get_be(p, 4), s = ~get_be(sum, 2) & 0xffff;

	s += (~old >> 16) + (~old & 0xffff) + (new >> 16) + (new & 0xffff);
	while (s > 0xffff)
		s = (s & 0xffff) + (s >> 16);
	put_be(sum, 2, ~s);
	put_be(p, 4, new);
}

/* One copy, of limit packets at most; returns how many. */
static uint64_t
write_copy(const struct capture *c, uint32_t copy, bool keep, uint64_t limit)
{
	uint64_t gap_us = c->span_us + 1000, n = 0, us;
	uint8_t *r, *ip;
	uint8_t record[RECORD_HEAD + 65536 + ETHERNET_HEAD];
	size_t len;

	for (r = c->bytes + FILE_HEAD; r < c->end && n < limit; r += len, n++) {
		len = RECORD_HEAD + (size_t)get32(r + 8);
		if (len > sizeof(record))
			die("a packet is too long:", "capture");
		memcpy(record, r, len);
		us = record_us(r) + copy * gap_us;
		put32(record, (uint32_t)(us / 1000000));
		put32(record + 4, (uint32_t)(us % 1000000));
		ip = record + RECORD_HEAD + ETHERNET_HEAD;
		if (!keep) {
			readdress(ip + 12, ip + 10, get_be(ip + 12, 4) + (copy << 8));
			readdress(ip + 16, ip + 10, get_be(ip + 16, 4) + (copy << 8));
		}
		fwrite(record, 1, len, stdout);
	}
	return n;
}

int
main(int argc, char **argv)
{
	struct capture c;
	bool keep = argc > 1 && strcmp(argv[1], "-k") == 0;
	uint64_t left;
	uint32_t copy = 0;

	if (argc != 3 + keep) {
		fputs("usage: repeat [-k] COUNT FILE\n", stderr);
		return 2;
	}
	left = strtoull(argv[1 + keep], NULL, 10);
	load(&c, argv[2 + keep]);
	fwrite(c.bytes, 1, FILE_HEAD, stdout);
	while (left > 0)
		left -= write_copy(&c, copy++, keep, left);
	free(c.bytes);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		perror("repeat");
		return 74;
	}
	return 0;
}
