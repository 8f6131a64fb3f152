/* Series in a compact form: memory first, then an unlinked file. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/le.h"
#include "base/mem.h"
#include "encode.h"

#define WINDOW (256u << 10) /* bytes of the file read or written at once */
#define KEY_BYTES 37
#define HEAD_BYTES (KEY_BYTES + 1 + 4)
#define PACKET_BYTES 27
#define FLOW_BYTES 38

struct spool {
	uint64_t limit;
	struct buf mem;  /* the first bytes */
	int fd;          /* what follows, -1 = nothing yet */
	uint64_t stored; /* bytes in the file */
	struct buf tail; /* what follows them, not written yet */
	/* reading */
	uint8_t *window;
	uint64_t window_at;
	size_t window_len;
	struct buf rec;
	struct series s;
	size_t cap_steps;
};

struct spool *
spool_new(uint64_t memory)
{
	struct spool *s = xcalloc(1, sizeof *s);

	s->limit = memory;
	s->fd = -1;
	return s;
}

void
spool_free(struct spool *s)
{
	if (s == NULL)
		return;
	if (s->fd >= 0)
		close(s->fd);
	buf_free(&s->mem);
	buf_free(&s->tail);
	buf_free(&s->rec);
	free(s->window);
	free(s->s.packets);
	free(s->s.flows);
	free(s);
}

uint64_t
spool_at(const struct spool *s)
{
	return s->mem.len + s->stored + s->tail.len;
}

static int
flush(struct spool *s, struct ns_err *e)
{
	int rc;

	if (s->fd < 0 && (s->fd = tmp_open(e)) < 0)
		return e->code;
	if ((rc = io_write(s->fd, s->tail.p, s->tail.len, e)) < 0)
		return rc;
	s->stored += s->tail.len;
	s->tail.len = 0;
	return NS_OK;
}

static void
put_packet(uint8_t *b, const struct packet *p)
{
	put_le64(b, (uint64_t)p->t_ns);
	put_le32(b + 8, p->ip_len);
	put_le32(b + 12, p->ip_id);
	put_le16(b + 16, p->frag_off);
	put_le16(b + 18, p->tcp_flags);
	put_le16(b + 20, p->label);
	b[22] = p->ip_flags;
	b[23] = p->tos;
	b[24] = p->ttl;
	b[25] = p->icmp_type;
	b[26] = p->icmp_code;
}

static void
get_packet(const uint8_t *b, struct packet *p)
{
	p->t_ns = (int64_t)get_le64(b);
	p->ip_len = get_le32(b + 8);
	p->ip_id = get_le32(b + 12);
	p->frag_off = get_le16(b + 16);
	p->tcp_flags = get_le16(b + 18);
	p->label = get_le16(b + 20);
	p->ip_flags = b[22];
	p->tos = b[23];
	p->ttl = b[24];
	p->icmp_type = b[25];
	p->icmp_code = b[26];
}

static void
put_flow(uint8_t *b, const struct flow *f)
{
	put_le64(b, (uint64_t)f->t_start_ns);
	put_le64(b + 8, (uint64_t)f->dur_ns);
	put_le64(b + 16, f->n_pkts);
	put_le64(b + 24, f->n_bytes);
	put_le16(b + 32, f->tcp_flags);
	put_le16(b + 34, f->type);
	put_le16(b + 36, f->label);
}

static void
get_flow(const uint8_t *b, struct flow *f)
{
	f->t_start_ns = (int64_t)get_le64(b);
	f->dur_ns = (int64_t)get_le64(b + 8);
	f->n_pkts = get_le64(b + 16);
	f->n_bytes = get_le64(b + 24);
	f->tcp_flags = get_le16(b + 32);
	f->type = get_le16(b + 34);
	f->label = get_le16(b + 36);
}

static void
put_key(uint8_t *b, const struct tuple *k)
{
	memcpy(b, k->src_ip, 16);
	memcpy(b + 16, k->dst_ip, 16);
	put_le16(b + 32, k->src_port);
	put_le16(b + 34, k->dst_port);
	b[36] = k->proto;
}

static void
get_key(const uint8_t *b, struct tuple *k)
{
	memcpy(k->src_ip, b, 16);
	memcpy(k->dst_ip, b + 16, 16);
	k->src_port = get_le16(b + 32);
	k->dst_port = get_le16(b + 34);
	k->proto = b[36];
}

int
spool_put(struct spool *s, const struct series *v, int chunk_count, struct ns_err *e)
{
	size_t tags = ((size_t)chunk_count + 7) / 8;
	size_t step = v->flows != NULL ? FLOW_BYTES : PACKET_BYTES;
	size_t n = HEAD_BYTES + tags + v->n * step;
	bool in_memory = s->fd < 0 && s->tail.len == 0 && n <= s->limit - s->mem.len;
	uint8_t *p = buf_room(in_memory ? &s->mem : &s->tail, n);
	uint32_t i;

	put_key(p, &v->key);
	p[KEY_BYTES] = v->starts;
	put_le32(p + KEY_BYTES + 1, v->n);
	memcpy(p + HEAD_BYTES, v->tags, tags);
	p += HEAD_BYTES + tags;
	for (i = 0; i < v->n; i++, p += step) {
		if (v->flows != NULL)
			put_flow(p, &v->flows[i]);
		else
			put_packet(p, &v->packets[i]);
	}
	return s->tail.len >= WINDOW ? flush(s, e) : NS_OK;
}

/* Bytes of the file, through a window that moves forward. */
static int
read_file(struct spool *s, uint64_t at, uint8_t *p, size_t n, struct ns_err *e)
{
	size_t k;
	ssize_t got;

	if (s->window == NULL)
		s->window = xmalloc(WINDOW);
	while (n > 0) {
		if (at < s->window_at || at >= s->window_at + s->window_len) {
			do
				got = pread(s->fd, s->window, WINDOW, (off_t)at);
			while (got < 0 && errno == EINTR);
			if (got < 0)
				return ns_fail_errno(e, NS_EIO,
				    "cannot read the spool");
			if (got == 0)
				return ns_fail(e, NS_EIO, "the spool is too short");
			s->window_at = at;
			s->window_len = (size_t)got;
		}
		k = (size_t)(s->window_at + s->window_len - at);
		k = k < n ? k : n;
		memcpy(p, s->window + (at - s->window_at), k);
		p += k;
		at += k;
		n -= k;
	}
	return NS_OK;
}

static int
read_at(struct spool *s, uint64_t at, uint8_t *p, size_t n, struct ns_err *e)
{
	if (at < s->mem.len) { /* a series lies in memory or in the file as a whole */
		memcpy(p, s->mem.p + at, n);
		return NS_OK;
	}
	if (s->tail.len > 0 && flush(s, e) < 0)
		return e->code;
	return read_file(s, at - s->mem.len, p, n, e);
}

static void
make_room(struct spool *s, uint32_t n, bool of_flows)
{
	if (n <= s->cap_steps)
		return;
	s->cap_steps = n;
	if (of_flows)
		s->s.flows = xrealloc(s->s.flows, size_mul(n, sizeof *s->s.flows));
	else
		s->s.packets =
		    xrealloc(s->s.packets, size_mul(n, sizeof *s->s.packets));
}

static void
get_steps(struct spool *s, const uint8_t *p, bool of_flows)
{
	uint32_t i;

	for (i = 0; i < s->s.n; i++) {
		if (of_flows) {
			get_flow(p + (size_t)i * FLOW_BYTES, &s->s.flows[i]);
			s->s.flows[i].key = s->s.key;
		} else {
			get_packet(p + (size_t)i * PACKET_BYTES, &s->s.packets[i]);
			s->s.packets[i].key = s->s.key;
		}
	}
}

int
spool_get(struct spool *s, uint64_t *at, bool of_flows, int chunk_count,
    const struct series **v, struct ns_err *e)
{
	size_t tags = ((size_t)chunk_count + 7) / 8, body;
	uint8_t head[HEAD_BYTES];
	int rc;

	if ((rc = read_at(s, *at, head, sizeof head, e)) < 0)
		return rc;
	get_key(head, &s->s.key);
	s->s.starts = head[KEY_BYTES] != 0;
	s->s.n = get_le32(head + KEY_BYTES + 1);
	body = tags + s->s.n * (size_t)(of_flows ? FLOW_BYTES : PACKET_BYTES);
	s->rec.len = 0;
	if ((rc = read_at(s, *at + HEAD_BYTES, buf_room(&s->rec, body), body, e)) < 0)
		return rc;
	memset(s->s.tags, 0, sizeof s->s.tags);
	memcpy(s->s.tags, s->rec.p, tags);
	make_room(s, s->s.n, of_flows);
	get_steps(s, s->rec.p + tags, of_flows);
	*at += HEAD_BYTES + body;
	*v = &s->s;
	return NS_OK;
}
