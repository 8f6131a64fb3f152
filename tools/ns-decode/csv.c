/*
 * CSV as NetShare has it: dotted addresses, protocol numbers, whole numbers where
 * fields are whole.  Lines are put together by hand, since printf takes most of the
 * time.
 */
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "decode.h"

#define NS_PER_S INT64_C(1000000000)
/* two addresses of 45, two labels of twice LABEL_TEXT_MAX, numbers of at most 20 */
#define LINE_MAX_BYTES 2048

struct line {
	char text[LINE_MAX_BYTES];
	size_t n;
};

static void
put_char(struct line *l, char c)
{
	l->text[l->n++] = c;
}

static void
put_u64(struct line *l, uint64_t v)
{
	char digits[20];
	int n = 0;

	do
		digits[n++] = (char)('0' + v % 10);
	while ((v /= 10) != 0);
	while (n > 0)
		put_char(l, digits[--n]);
}

static void
put_column(struct line *l, uint64_t v)
{
	put_char(l, ',');
	put_u64(l, v);
}

/* v / unit as a decimal number without trailing zeros. */
static void
put_scaled(struct line *l, int64_t v, int64_t unit)
{
	uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
	uint64_t rest = u % (uint64_t)unit, scale = (uint64_t)unit;

	if (v < 0)
		put_char(l, '-');
	put_u64(l, u / (uint64_t)unit);
	if (rest == 0)
		return;
	put_char(l, '.');
	while (rest != 0) {
		scale /= 10;
		put_char(l, (char)('0' + rest / scale));
		rest %= scale;
	}
}

static void
put_addr(struct line *l, const uint8_t a[16])
{
	char text[46];
	size_t n;

	if (addr_is_v4(a)) {
		put_u64(l, a[12]);
		put_char(l, '.');
		put_u64(l, a[13]);
		put_char(l, '.');
		put_u64(l, a[14]);
		put_char(l, '.');
		put_u64(l, a[15]);
		return;
	}
	addr_text(a, text);
	n = strlen(text);
	memcpy(l->text + l->n, text, n);
	l->n += n;
}

/* Quoted where a reader of CSV would stumble (RFC 4180, section 2). */
static void
put_text(struct line *l, const char *s)
{
	bool quote = strpbrk(s, ",\"") != NULL || s[0] == ' ' ||
	    (s[0] != '\0' && s[strlen(s) - 1] == ' ');

	put_char(l, ',');
	if (quote)
		put_char(l, '"');
	for (; *s != '\0'; s++) {
		if (*s == '"')
			put_char(l, '"');
		put_char(l, *s);
	}
	if (quote)
		put_char(l, '"');
}

static void
put_tuple(struct line *l, const struct tuple *k)
{
	put_addr(l, k->src_ip);
	put_char(l, ',');
	put_addr(l, k->dst_ip);
	put_column(l, k->src_port);
	put_column(l, k->dst_port);
	put_column(l, k->proto);
	put_char(l, ',');
}

int
csv_begin(const struct csv *c, struct out *o, bool of_flows, struct ns_err *e)
{
	return out_printf(o, e, "srcip,dstip,srcport,dstport,proto,ts,%s%s\n",
	    of_flows ? "td,pkt,byt,type" : "pkt_len,tos,id,flag,off,ttl,tcpflags",
	    c->label ? ",label" : "");
}

int
csv_put_packet(const struct csv *c, struct out *o, const struct packet *p,
    struct ns_err *e)
{
	struct line l;

	l.n = 0;
	put_tuple(&l, &p->key);
	put_scaled(&l, p->t_ns, c->unit_ns);
	put_column(&l, p->ip_len);
	put_column(&l, p->tos);
	put_column(&l, p->ip_id);
	put_column(&l, p->ip_flags);
	put_column(&l, p->frag_off);
	put_column(&l, p->ttl);
	put_column(&l, p->tcp_flags);
	if (c->label)
		put_text(&l, labels_text(c->labels, p->label));
	put_char(&l, '\n');
	return out_write(o, l.text, l.n, e);
}

int
csv_put_flow(const struct csv *c, struct out *o, const struct flow *f, struct ns_err *e)
{
	struct line l;

	l.n = 0;
	put_tuple(&l, &f->key);
	put_scaled(&l, f->t_start_ns, c->unit_ns);
	put_char(&l, ',');
	put_scaled(&l, f->dur_ns, NS_PER_S);
	put_column(&l, f->n_pkts);
	put_column(&l, f->n_bytes);
	put_text(&l, labels_text(c->labels, f->type));
	if (c->label)
		put_text(&l, labels_text(c->labels, f->label));
	put_char(&l, '\n');
	return out_write(o, l.text, l.n, e);
}
