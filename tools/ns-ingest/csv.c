#include "csv.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "number.h"

static const struct {
	const char *name;
	int column; /* N_COLUMNS: known, but not modelled */
} column_names[] = {{"srcip", COL_SRC_IP}, {"dstip", COL_DST_IP},
    {"srcport", COL_SRC_PORT}, {"dstport", COL_DST_PORT}, {"proto", COL_PROTO},
    {"ts", COL_TS}, {"time", COL_TS}, {"pkt_len", COL_IP_LEN}, {"tos", COL_TOS},
    {"id", COL_ID}, {"flag", COL_FLAG}, {"off", COL_OFF}, {"ttl", COL_TTL},
    {"td", COL_TD}, {"pkt", COL_PKT}, {"byt", COL_BYT}, {"type", COL_TYPE},
    {"label", COL_LABEL}, {"tcpflags", COL_TCP_FLAGS}, {"version", N_COLUMNS},
    {"ihl", N_COLUMNS}, {"chksum", N_COLUMNS}};

static const char *const unit_names[] = {"auto", "s", "ms", "us", "ns"};
/* Digits between a unit and nanoseconds. */
static const int unit_shift[] = {0, 9, 6, 3, 0};

const char *
time_unit_name(enum time_unit u)
{
	return unit_names[u];
}

int
time_unit_of(const char *name)
{
	int u;

	for (u = UNIT_S; u <= UNIT_NS; u++)
		if (strcmp(name, unit_names[u]) == 0)
			return u;
	return -1;
}

static const char *
column_name(enum column col)
{
	size_t i;

	for (i = 0; column_names[i].column != (int)col; i++)
		;
	return column_names[i].name;
}

static void
note_unknown(struct csv *c, const char *name)
{
	size_t n = strlen(c->unknown);

	snprintf(c->unknown + n, sizeof c->unknown - n, "%s'%.40s'", n > 0 ? ", " : "",
	    name);
}

static int
find_columns(struct csv *c, int n, struct ns_err *e)
{
	size_t k;
	int i, *where;

	for (i = 0; i < N_COLUMNS; i++)
		c->where[i] = -1;
	for (i = 0; i < n; i++) {
		for (k = 0; k < LEN(column_names); k++)
			if (strcasecmp(c->field[i], column_names[k].name) == 0)
				break;
		if (k == LEN(column_names)) {
			note_unknown(c, c->field[i]);
			continue;
		}
		if (column_names[k].column == N_COLUMNS)
			continue;
		where = &c->where[column_names[k].column];
		if (*where >= 0)
			return ns_fail(e, NS_ECORRUPT, "%s: line 1: column '%s' twice",
			    c->in->name, c->field[i]);
		*where = i;
	}
	return NS_OK;
}

static bool
no_column(const struct csv *c)
{
	int i;

	for (i = 0; i < N_COLUMNS; i++)
		if (c->where[i] >= 0)
			return false;
	return true;
}

/* Columns that only one kind of record has tell which it is. */
static int
tell_kind(struct csv *c, struct ns_err *e)
{
	bool packets = c->where[COL_IP_LEN] >= 0;
	bool flows =
	    c->where[COL_TD] >= 0 || c->where[COL_PKT] >= 0 || c->where[COL_BYT] >= 0;
	int i, first = flows ? COL_TD : COL_IP_LEN, last = flows ? COL_BYT : COL_TTL;

	if (no_column(c))
		return ns_fail(e, NS_EKIND,
		    "%s: neither a capture nor CSV: line 1 names none of the columns",
		    c->in->name);
	if (packets && flows)
		return ns_fail(e, NS_EKIND,
		    "%s: line 1: columns of packets and of flows mixed", c->in->name);
	c->of_flows = flows;
	for (i = 0; i < N_COLUMNS; i++) {
		if (c->where[i] >= 0 || (i > COL_TS && (i < first || i > last)))
			continue;
		return ns_fail(e, NS_EKIND, "%s: line 1: column '%s' is missing",
		    c->in->name, column_name((enum column)i));
	}
	return NS_OK;
}

int
csv_open(struct csv *c, struct input *in, struct labels *l, enum time_unit unit,
    struct ns_err *e)
{
	const uint8_t *p;
	int n;

	memset(c, 0, sizeof *c);
	c->in = in;
	c->labels = l;
	c->unit = unit;
	n = input_peek(in, 3, &p, e);
	if (n < 0)
		return n;
	if (n > 0 && memcmp(p, "\xef\xbb\xbf", 3) == 0) /* byte order mark */
		input_take(in, 3);
	n = csv_row(c, e);
	if (n < 0)
		return n;
	if (n == 0)
		return ns_fail(e, NS_ETRUNC, "%s: no line with column names", in->name);
	c->n_columns = (size_t)n;
	if (find_columns(c, n, e) < 0 || tell_kind(c, e) < 0)
		return e->code;
	return NS_OK;
}

void
csv_close(struct csv *c)
{
	free(c->line);
	c->line = NULL;
}

static const char *
cell(const struct csv *c, enum column col)
{
	return c->where[col] >= 0 ? c->field[c->where[col]] : NULL;
}

static int
bad_cell(const struct csv *c, enum column col, enum number_status s, uint64_t most,
    struct ns_err *e)
{
	char where[300];

	snprintf(where, sizeof where, "%.100s: line %llu, column '%s': '%.60s'",
	    c->in->name, (unsigned long long)c->line_no, column_name(col),
	    cell(c, col));
	if (s == NUMBER_BAD)
		return ns_fail(e, NS_ECORRUPT, "%s is not a number", where);
	if (s == NUMBER_FRACTION)
		return ns_fail(e, NS_ECORRUPT, "%s is not a whole number", where);
	if (most == UINT64_MAX)
		return ns_fail(e, NS_ECORRUPT, "%s is out of range", where);
	return ns_fail(e, NS_ECORRUPT, "%s is not in 0 .. %llu", where,
	    (unsigned long long)most);
}

/* A whole number of column col; 0 where the file has no such column. */
static int
get_whole(const struct csv *c, enum column col, uint64_t most, uint64_t *v,
    struct ns_err *e)
{
	const char *text = cell(c, col);
	enum number_status s;

	*v = 0;
	if (text == NULL)
		return NS_OK;
	s = number_whole(text, most, v);
	return s == NUMBER_OK ? NS_OK : bad_cell(c, col, s, most, e);
}

static int
get_u16(const struct csv *c, enum column col, uint16_t most, uint16_t *v,
    struct ns_err *e)
{
	uint64_t u;
	int rc = get_whole(c, col, most, &u, e);

	*v = (uint16_t)u;
	return rc;
}

static int
get_u8(const struct csv *c, enum column col, uint8_t most, uint8_t *v, struct ns_err *e)
{
	uint64_t u;
	int rc = get_whole(c, col, most, &u, e);

	*v = (uint8_t)u;
	return rc;
}

/*
 * The unit that puts the first time stamp between 1990 and 2070.  Where none does, as
 * in traces that begin at 0: seconds when it is written with a fraction, else
 * NetShare's microseconds (which some programs write with ".0").
 */
static enum time_unit
guess_unit(const char *text, bool *unsure)
{
	const int64_t least = INT64_C(631152000) * 1000000000;
	const int64_t most = INT64_C(3155760000) * 1000000000;
	const char *point = strchr(text, '.');
	int64_t v;
	int u;

	*unsure = false;
	for (u = UNIT_S; u <= UNIT_NS; u++)
		if (number_scaled(text, unit_shift[u], &v) == NUMBER_OK && v >= least &&
		    v < most)
			return (enum time_unit)u;
	*unsure = true;
	return point != NULL && strspn(point + 1, "0123456789") > 1 ? UNIT_S : UNIT_US;
}

static int
get_time(struct csv *c, enum column col, int shift, int64_t *v, struct ns_err *e)
{
	enum number_status s = number_scaled(cell(c, col), shift, v);

	return s == NUMBER_OK ? NS_OK : bad_cell(c, col, s, UINT64_MAX, e);
}

static int
get_stamp(struct csv *c, int64_t *v, struct ns_err *e)
{
	if (c->unit == UNIT_AUTO)
		c->unit = guess_unit(cell(c, COL_TS), &c->unit_unsure);
	return get_time(c, COL_TS, unit_shift[c->unit], v, e);
}

static bool
get_address(const char *text, uint8_t a[16])
{
	if (strspn(text, "0123456789.eE+") == strlen(text) &&
	    number_address(text, a) == NUMBER_OK)
		return true;
	if (inet_pton(AF_INET, text, a + 12) == 1) {
		addr_from_v4(a, addr_to_v4(a));
		return true;
	}
	return inet_pton(AF_INET6, text, a) == 1;
}

static int
get_proto(const struct csv *c, uint8_t *proto, enum skip *why, struct ns_err *e)
{
	const char *text = cell(c, COL_PROTO);
	int n;

	if (text[0] >= '0' && text[0] <= '9')
		return get_u8(c, COL_PROTO, 255, proto, e);
	n = proto_number(text);
	if (n < 0)
		*why = SKIP_PROTOCOL;
	else
		*proto = (uint8_t)n;
	return NS_OK;
}

static int
get_tuple(const struct csv *c, struct tuple *k, enum skip *why, bool *no_ports,
    struct ns_err *e)
{
	if (get_proto(c, &k->proto, why, e) < 0)
		return e->code;
	if (*why == SKIP_NONE &&
	    (!get_address(cell(c, COL_SRC_IP), k->src_ip) ||
		!get_address(cell(c, COL_DST_IP), k->dst_ip)))
		*why = SKIP_ADDRESS;
	if (*why == SKIP_NONE && addr_is_v4(k->src_ip) != addr_is_v4(k->dst_ip))
		*why = SKIP_VERSIONS;
	if (*why != SKIP_NONE)
		return NS_OK;
	if (get_u16(c, COL_SRC_PORT, 65535, &k->src_port, e) < 0 ||
	    get_u16(c, COL_DST_PORT, 65535, &k->dst_port, e) < 0)
		return e->code;
	*no_ports =
	    !proto_has_ports(k->proto) && (k->src_port != 0 || k->dst_port != 0);
	if (*no_ports)
		k->src_port = k->dst_port = 0;
	return NS_OK;
}

static int
get_label(struct csv *c, enum column col, uint16_t *label, struct ns_err *e)
{
	const char *text = cell(c, col);
	int i = text != NULL ? labels_intern(c->labels, text) : 0;

	if (i < 0)
		return ns_fail(e, NS_ECORRUPT,
		    "%s: line %llu, column '%s': '%.60s' is no label or one too many",
		    c->in->name, (unsigned long long)c->line_no, column_name(col),
		    text);
	*label = (uint16_t)i;
	return NS_OK;
}

static int
get_packet(struct csv *c, struct packet *p, enum skip *why, struct ns_err *e)
{
	bool v4 = addr_is_v4(p->key.src_ip);
	uint64_t len, id;

	p->icmp_type = p->icmp_code = 0;
	if (get_stamp(c, &p->t_ns, e) < 0 ||
	    get_whole(c, COL_IP_LEN, UINT32_MAX, &len, e) < 0 ||
	    get_u8(c, COL_TOS, 255, &p->tos, e) < 0 ||
	    get_whole(c, COL_ID, v4 ? 65535 : UINT32_MAX, &id, e) < 0 ||
	    get_u8(c, COL_FLAG, 7, &p->ip_flags, e) < 0 ||
	    get_u16(c, COL_OFF, 8191, &p->frag_off, e) < 0 ||
	    get_u8(c, COL_TTL, 255, &p->ttl, e) < 0 ||
	    get_u16(c, COL_TCP_FLAGS, 511, &p->tcp_flags, e) < 0 ||
	    get_label(c, COL_LABEL, &p->label, e) < 0)
		return e->code;
	if (len < (v4 ? 20 : 40) || len > (v4 ? HEADER_LEN_MAX_V4 : HEADER_LEN_MAX_V6))
		*why = (enum skip)(SKIP_HEADER + HEADER_IP_LEN);
	p->ip_len = (uint32_t)len;
	p->ip_id = (uint32_t)id;
	return NS_OK;
}

static int
get_flow(struct csv *c, struct flow *f, struct ns_err *e)
{
	if (get_stamp(c, &f->t_start_ns, e) < 0 ||
	    get_time(c, COL_TD, 9, &f->dur_ns, e) < 0 ||
	    get_whole(c, COL_PKT, UINT64_MAX, &f->n_pkts, e) < 0 ||
	    get_whole(c, COL_BYT, UINT64_MAX, &f->n_bytes, e) < 0 ||
	    get_u16(c, COL_TCP_FLAGS, 511, &f->tcp_flags, e) < 0 ||
	    get_label(c, COL_TYPE, &f->type, e) < 0 ||
	    get_label(c, COL_LABEL, &f->label, e) < 0)
		return e->code;
	if (f->dur_ns < 0 ||
	    (f->t_start_ns > 0 && f->dur_ns > INT64_MAX - f->t_start_ns))
		return bad_cell(c, COL_TD, NUMBER_RANGE, UINT64_MAX, e);
	return NS_OK;
}

int
csv_next(struct csv *c, struct packet *p, struct flow *f, enum skip *why,
    bool *no_ports, struct ns_err *e)
{
	struct tuple *k = c->of_flows ? &f->key : &p->key;
	int rc, n = csv_row(c, e);

	if (n <= 0)
		return n;
	if ((size_t)n != c->n_columns)
		return ns_fail(e, NS_ECORRUPT,
		    "%s: line %llu: %d fields where line 1 has %zu", c->in->name,
		    (unsigned long long)c->line_no, n, c->n_columns);
	*why = SKIP_NONE;
	*no_ports = false;
	rc = get_tuple(c, k, why, no_ports, e);
	if (rc == NS_OK && *why == SKIP_NONE)
		rc = c->of_flows ? get_flow(c, f, e) : get_packet(c, p, why, e);
	return rc < 0 ? rc : 1;
}
