#include "prefixes.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "trace/record.h"

#define TEXT_MAX 64    /* of one prefix */
#define WEIGHT_BITS 24 /* of the largest prefix */

static uint64_t
weight(const struct family *f, const struct own *o)
{
	int less = f->host_bits - o->host_bits;

	return less < WEIGHT_BITS ? UINT64_C(1) << (WEIGHT_BITS - less) : 1;
}

/* ---- from text ---- */

/* Decimal digits alone, up to most; -1 if it is not that. */
static int
parse_bits(const char *s, int most)
{
	int v = 0;

	if (*s == '\0')
		return -1;
	for (; *s >= '0' && *s <= '9'; s++)
		if ((v = 10 * v + (*s - '0')) > most)
			return -1;
	return *s == '\0' ? v : -1;
}

/* text is written to: it is cut at the slash. */
static int
parse(char *text, struct own *o, bool *v4, struct ns_err *e)
{
	char *slash = strchr(text, '/');
	struct in_addr in4;
	uint8_t a[16];
	int most = 128, bits;

	if (slash == NULL)
		return ns_fail(e, NS_EUSAGE, "'%s' is no prefix such as 192.0.2.0/24",
		    text);
	*slash = '\0';
	*v4 = inet_pton(AF_INET, text, &in4) == 1;
	if (*v4) {
		addr_from_v4(a, ntohl(in4.s_addr));
		most = 32;
	} else if (inet_pton(AF_INET6, text, a) != 1) {
		return ns_fail(e, NS_EUSAGE, "'%s' is no address", text);
	}
	bits = parse_bits(slash + 1, most);
	*slash = '/';
	if (bits < 0)
		return ns_fail(e, NS_EUSAGE, "'%s': its length is not 0 to %d", text,
		    most);
	o->base = addr_load(a);
	o->host_bits = most - bits;
	return NS_OK;
}

static bool
share(const struct own *a, const struct own *b)
{
	struct addr m =
	    addr_host_mask(a->host_bits > b->host_bits ? a->host_bits : b->host_bits);

	return addr_equal(addr_without(a->base, m), addr_without(b->base, m));
}

static int
check(const struct family *f, const struct own *o, bool v4, const char *text,
    struct ns_err *e)
{
	static const struct own mapped = {.base = {0, UINT64_C(0xffff) << 32},
	    .host_bits = 32};
	size_t i;

	if (!addr_equal(o->base, addr_without(o->base, addr_host_mask(o->host_bits))))
		return ns_fail(e, NS_EUSAGE, "'%s' has bits behind its length", text);
	if (!v4 && share(o, &mapped))
		return ns_fail(e, NS_EUSAGE, "'%s' holds mapped IPv4 addresses", text);
	if (f->n == PREFIXES_MAX)
		return ns_fail(e, NS_EUSAGE, "more than %d prefixes of one IP version",
		    PREFIXES_MAX);
	for (i = 0; i < f->n; i++)
		if (share(o, &f->own[i]))
			return ns_fail(e, NS_EUSAGE, "'%s' overlaps another prefix",
			    text);
	return NS_OK;
}

static void
bar(struct table *taken, struct addr a)
{
	table_put(taken, a, (struct addr){0, 1});
}

static void
add(struct prefixes *p, struct family *f, struct own *o, bool v4)
{
	o->room = o->host_bits >= 64 ? UINT64_MAX : UINT64_C(1) << o->host_bits;
	if (v4 && o->host_bits > 1) {
		o->room -= 2;
		bar(&p->taken, o->base);
		bar(&p->taken, addr_or(o->base, addr_host_mask(o->host_bits)));
	}
	f->room = o->room > UINT64_MAX - f->room ? UINT64_MAX : f->room + o->room;
	if (o->host_bits > f->host_bits)
		f->host_bits = o->host_bits;
	f->own[f->n++] = *o;
}

static int
add_text(struct prefixes *p, const char *s, size_t n, struct ns_err *e)
{
	struct own o = {.used = 0};
	char text[TEXT_MAX];
	struct family *f;
	bool v4 = false;
	int rc;

	if (n >= sizeof text)
		return ns_fail(e, NS_EUSAGE, "'%.*s...' is no prefix", TEXT_MAX, s);
	memcpy(text, s, n);
	text[n] = '\0';
	if ((rc = parse(text, &o, &v4, e)) < 0)
		return rc;
	f = v4 ? &p->v4 : &p->v6;
	if ((rc = check(f, &o, v4, text, e)) < 0)
		return rc;
	add(p, f, &o, v4);
	return NS_OK;
}

static void
weigh(struct family *f)
{
	size_t i;

	for (i = 0; i < f->n; i++)
		f->total += weight(f, &f->own[i]);
}

struct prefixes *
prefixes_new(const char *text, struct ns_err *e)
{
	struct prefixes *p = xcalloc(1, sizeof *p);
	size_t n;

	for (;; text += n + 1) {
		n = strcspn(text, ",");
		if (add_text(p, text, n, e) < 0) {
			ns_fail_in(e, "option --map-prefix");
			prefixes_free(p);
			return NULL;
		}
		if (text[n] == '\0')
			break;
	}
	weigh(&p->v4);
	weigh(&p->v6);
	return p;
}

void
prefixes_free(struct prefixes *p)
{
	if (p == NULL)
		return;
	table_free(&p->taken);
	free(p);
}

/* ---- places ---- */

struct family *
prefixes_of(struct prefixes *p, struct addr a)
{
	return addr_mapped_v4(a) ? &p->v4 : &p->v6;
}

/* The prefix that the address's first bits say, or the next that is not full. */
static struct own *
choose(struct family *f, struct addr a)
{
	uint64_t h = addr_hash(addr_without(a, addr_host_mask(f->host_bits)));
	uint64_t at = (h >> 32) * f->total >> 32;
	size_t i, k = 0;

	for (; k < f->n - 1 && at >= weight(f, &f->own[k]); k++)
		at -= weight(f, &f->own[k]);
	for (i = 0; i < f->n; i++, k = (k + 1) % f->n)
		if (f->own[k].used < f->own[k].room)
			return &f->own[k];
	return NULL;
}

/* So many places further on, from the last to the first. */
static struct addr
further(const struct own *o, struct addr a, uint64_t n)
{
	struct addr m = addr_host_mask(o->host_bits);

	return addr_or(o->base, addr_and(addr_add(a, n), m));
}

/* The first free place from start on, which is taken with it.  What is taken on the way
 * then leads behind it at once, so that many addresses that fall on one another take no
 * longer. */
static struct addr
take_free(struct table *taken, const struct own *o, struct addr start)
{
	struct table_entry *t;
	struct addr to = start;
	uint64_t far = 0, past = 0, step;

	while ((t = table_find(taken, to)) != NULL) {
		far += t->val.lo;
		to = further(o, start, far);
	}
	while (past < far) {
		t = table_find(taken, further(o, start, past));
		step = t->val.lo;
		t->val.lo = far + 1 - past;
		past += step;
	}
	bar(taken, to);
	return to;
}

bool
prefixes_place(struct prefixes *p, struct addr *a)
{
	struct family *f = prefixes_of(p, *a);
	struct own *o = choose(f, *a);

	if (o == NULL)
		return false;
	*a = take_free(&p->taken, o, further(o, *a, 0));
	o->used++;
	return true;
}
