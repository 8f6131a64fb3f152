/* Series in a compact form: memory first, then an unlinked file. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/le.h"
#include "base/mem.h"
#include "encode.h"

#define WRITE_BYTES (256u << 10) /* at once */
#define KEY_BYTES 37
#define HEAD_BYTES (KEY_BYTES + 1 + 4 + 8)
#define PACKET_BYTES 27
#define FLOW_BYTES 38

struct spool {
	uint64_t limit;
	struct buf mem;  /* the first bytes */
	int fd;          /* what follows, -1 = nothing yet */
	uint64_t stored; /* bytes in the file */
	struct buf tail; /* what follows them, not written yet */
};

struct spool_reader {
	const struct spool *from;
	bool of_flows;
	size_t tags;      /* bytes */
	const uint8_t *p; /* the next series */
	struct buf loaded;
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
	free(s);
}

struct spool_reader *
spool_reader_new(const struct spool *from, bool of_flows, int chunk_count)
{
	struct spool_reader *r = xcalloc(1, sizeof *r);

	r->from = from;
	r->of_flows = of_flows;
	r->tags = ((size_t)chunk_count + 7) / 8;
	return r;
}

void
spool_reader_free(struct spool_reader *r)
{
	if (r == NULL)
		return;
	buf_free(&r->loaded);
	free(r->s.packets);
	free(r->s.flows);
	free(r);
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

int
spool_end(struct spool *s, struct ns_err *e)
{
	return s->tail.len > 0 ? flush(s, e) : NS_OK;
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
	put_le64(p + KEY_BYTES + 5, v->unit);
	memcpy(p + HEAD_BYTES, v->tags, tags);
	p += HEAD_BYTES + tags;
	for (i = 0; i < v->n; i++, p += step) {
		if (v->flows != NULL)
			put_flow(p, &v->flows[i]);
		else
			put_packet(p, &v->packets[i]);
	}
	return s->tail.len >= WRITE_BYTES ? flush(s, e) : NS_OK;
}

static int
read_file(const struct spool *s, uint64_t at, uint8_t *p, size_t n, struct ns_err *e)
{
	ssize_t got;

	for (; n > 0; n -= (size_t)got, p += got, at += (uint64_t)got) {
		do
			got = pread(s->fd, p, n, (off_t)at);
		while (got < 0 && errno == EINTR);
		if (got < 0)
			return ns_fail_errno(e, NS_EIO, "cannot read the spool");
		if (got == 0)
			return ns_fail(e, NS_EIO, "the spool is too short");
	}
	return NS_OK;
}

int
spool_load(struct spool_reader *r, const struct extent *x, struct ns_err *e)
{
	const struct buf *mem = &r->from->mem;
	size_t n = (size_t)x->bytes, in_memory;
	uint8_t *p;

	if (x->at + n <= mem->len) {
		r->p = mem->p + x->at;
		return NS_OK;
	}
	in_memory = x->at < mem->len ? mem->len - (size_t)x->at : 0;
	r->loaded.len = 0;
	r->p = p = buf_room(&r->loaded, n);
	if (in_memory > 0)
		memcpy(p, mem->p + x->at, in_memory);
	return read_file(r->from, x->at + in_memory - mem->len, p + in_memory,
	    n - in_memory, e);
}

static void
make_room(struct spool_reader *r, uint32_t n)
{
	struct series *s = &r->s;

	if (n <= r->cap_steps)
		return;
	r->cap_steps = n;
	if (r->of_flows)
		s->flows = xrealloc(s->flows, size_mul(n, sizeof *s->flows));
	else
		s->packets = xrealloc(s->packets, size_mul(n, sizeof *s->packets));
}

static void
get_steps(struct spool_reader *r)
{
	struct series *s = &r->s;
	uint32_t i;

	for (i = 0; i < s->n; i++) {
		if (r->of_flows) {
			get_flow(r->p, &s->flows[i]);
			s->flows[i].key = s->key;
			r->p += FLOW_BYTES;
		} else {
			get_packet(r->p, &s->packets[i]);
			s->packets[i].key = s->key;
			r->p += PACKET_BYTES;
		}
	}
}

struct series *
spool_next(struct spool_reader *r)
{
	struct series *s = &r->s;

	get_key(r->p, &s->key);
	s->starts = r->p[KEY_BYTES] != 0;
	s->n = get_le32(r->p + KEY_BYTES + 1);
	s->unit = get_le64(r->p + KEY_BYTES + 5);
	memcpy(s->tags, r->p + HEAD_BYTES, r->tags);
	r->p += HEAD_BYTES + r->tags;
	make_room(r, s->n);
	get_steps(r);
	return s;
}
