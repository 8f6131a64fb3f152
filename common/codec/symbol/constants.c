/* A codec made of public constants: what each field can be, whatever the trace. */
#include "base/mem.h"
#include "codec/shared/public.h"
#include "codec/shared/tags.h"
#include "codec/symbol/impl.h"

/* Ports that clients have, too: of protocols whose two sides use the same one. */
static const uint16_t clients[] = {0, 53, 67, 68, 123, 137, 138, 500, 520, 1900, 3702,
    4500, 5353};

/* Without ECE and CWR all; with them those that flows and handshakes have. */
#define PLAIN_FLAGS 64
static const uint8_t congested[] = {0x02, 0x10, 0x11, 0x12, 0x13, 0x18, 0x19, 0x1a,
    0x1b, 0x1e, 0x1f};

/* Where fragments begin that fill 1500 bytes of IPv4, and 0. */
#define FRAGMENTS 45
#define FRAGMENT_UNITS 185

/* From one packet to the next: as in counters, whichever way their bytes are. */
#define ID_STEPS 32
static const uint16_t id_steps[] = {256, 512, 768, 1024};

/* Lengths that stacks and tunnels make packets of. */
static const uint64_t lengths[] = {328, 552, 576, 1228, 1278, 1280, 1300, 1340, 1350,
    1360, 1378, 1380, 1390, 1400, 1420, 1424, 1430, 1440, 1450, 1452, 1454, 1460, 1476,
    1480, 1492, 1498, 1500};

static const struct number_span length_spans[] = {{20, 20, 0}, {201, 1, 0},
    {1501, 40, 0}, {65576, 0, 2}};
static const struct number_span packet_spans[] = {{65, 1, 0}, {1 << 10, 0, 8},
    {1 << 14, 0, 4}, {PUBLIC_PKTS_MAX + 1, 0, 2}};
static const struct number_span byte_spans[] = {{1, 1, 0}, {20, 20, 0}, {128, 1, 0},
    {1 << 16, 0, 8}, {1 << 20, 0, 4}, {1 << 24, 0, 2}, {PUBLIC_BYTES_MAX + 1, 0, 1}};
static const struct number_span time_spans[] = {{UINT64_C(1) << 32, 0, 8},
    {PUBLIC_TIME_MAX, 0, 1}};
static const struct number_span place_spans[] = {
    {PLACE_MAX + 1, (PLACE_MAX + 1) / SYMBOLS_MAX, 0}};

static void
make_const(struct sym_field *f, uint64_t v)
{
	f->how = SYM_CONST;
	f->value = (struct value){0, v};
}

/* n values in order, which are all there are. */
static void
make_all(struct sym_field *f, const uint64_t *v, size_t n)
{
	struct value all[ALPHABET_MAX] = {{0, 0}};
	size_t i;

	for (i = 0; i < n; i++)
		all[i] = (struct value){0, v[i]};
	f->how = SYM_VALUES;
	alphabet_set(&f->values, all, (uint32_t)n);
}

/* The same, and octets for all others. */
static void
make_open(struct codec *c, int id, const uint64_t *v, size_t n)
{
	struct sym_field *f = &c->sym->f[id];
	int k;

	make_all(f, v, n);
	f->open = true;
	f->octets = sym_octets(c, id);
	for (k = 0; k < f->octets; k++)
		f->fixed[k] = -1;
}

static void
make_range(struct sym_field *f, uint64_t n)
{
	uint64_t v[ALPHABET_MAX], i;

	for (i = 0; i < n; i++)
		v[i] = i;
	make_all(f, v, n);
}

/* Of addresses of IPv4 alone octets are the last four of the sixteen. */
static void
make_address(struct codec *c, int id)
{
	make_open(c, id, NULL, 0);
}

static void
make_ports(struct codec *c, int id, const uint16_t *port, size_t n)
{
	uint64_t v[ALPHABET_MAX];
	size_t i;

	for (i = 0; i < n; i++)
		v[i] = port[i];
	make_open(c, id, v, n);
}

/* Services in front are those that more traffic has: of two the lower is. */
static void
make_services(struct codec *c)
{
	struct public_ports s = public_services();
	size_t i;

	for (i = 0; i < s.n; i++)
		ports_add(&c->sym->ports, s.port[i]);
	make_ports(c, S_SERVICE, s.port, s.n);
}

static void
make_protocols(struct codec *c)
{
	struct public_protos p = public_protocols();
	uint64_t v[ALPHABET_MAX];
	size_t i;

	for (i = 0; i < p.n; i++)
		v[i] = p.proto[i];
	make_open(c, S_PROTO, v, p.n);
}

static void
make_version(struct codec *c)
{
	static const uint64_t both[] = {4, 6};

	if (c->v4 && c->v6)
		make_all(&c->sym->f[S_IP_VERSION], both, 2);
	else
		make_const(&c->sym->f[S_IP_VERSION], c->v4 ? 4 : 6);
}

static void
make_tags(struct codec *c)
{
	struct sym_field *starts = &c->sym->f[S_STARTS], *in = &c->sym->f[S_CHUNKS];

	if (c->chunks > 1) {
		starts->how = in->how = SYM_BITS;
		return;
	}
	make_const(starts, 1);
	in->how = SYM_CONST;
	in->tags = xcalloc(tags_bytes(c->chunks), 1);
	in->tags[0] = 1;
}

static int
make_texts(struct sym_field *f, const char *labels, struct ns_err *e)
{
	int rc = public_texts(&f->texts, labels, e);

	f->how = f->texts.n > 1 ? SYM_TEXT : SYM_CONST;
	f->is_attr = true;
	return rc;
}

static void
make_tcp_flags(struct codec *c)
{
	uint64_t v[ALPHABET_MAX];
	size_t n = 0, k, i;

	for (n = 0; n < PLAIN_FLAGS; n++)
		v[n] = n;
	for (k = 1; k < 4; k++)
		for (i = 0; i < LEN(congested); i++)
			v[n++] = k << 6 | congested[i];
	make_open(c, S_TCP_FLAGS, v, n);
}

/* The first octet of a pair is 1: only "no ICMP", which is known, has 0. */
static void
make_icmp(struct codec *c)
{
	uint64_t v[PUBLIC_ICMP_MAX];
	uint8_t kinds[PUBLIC_ICMP_MAX];
	size_t n = public_icmp(v, kinds), i;

	make_open(c, S_ICMP, v, n);
	c->sym->f[S_ICMP].fixed[0] = 1;
	for (i = 0; i < n; i++)
		c->icmp_kinds[i] = kinds[i];
}

static void
make_fragments(struct codec *c)
{
	uint64_t v[FRAGMENTS], i;

	for (i = 0; i < FRAGMENTS; i++)
		v[i] = i * FRAGMENT_UNITS;
	make_open(c, S_FRAG_OFF, v, FRAGMENTS);
}

static void
make_ids(struct codec *c)
{
	uint64_t v[ID_STEPS + LEN(id_steps)];
	size_t i;

	for (i = 0; i < ID_STEPS; i++)
		v[i] = i;
	for (i = 0; i < LEN(id_steps); i++)
		v[ID_STEPS + i] = id_steps[i];
	make_open(c, S_IP_ID, v, LEN(v));
}

static struct number *
make_number(struct codec *c, int id)
{
	c->sym->f[id].how = SYM_NUMBER;
	return &c->sym->f[id].number;
}

/* What only packets or only flows have. */
static void
make_steps(struct codec *c)
{
	struct sym_field *f = c->sym->f;

	make_tcp_flags(c);
	number_cells(make_number(c, S_IAT), PUBLIC_CLOCK_NS, time_spans,
	    LEN(time_spans), NULL, 0);
	if (c->of_flows) {
		number_cells(make_number(c, S_N_PKTS), 1, packet_spans,
		    LEN(packet_spans), NULL, 0);
		number_cells(make_number(c, S_N_BYTES), 1, byte_spans, LEN(byte_spans),
		    NULL, 0);
		number_cells(make_number(c, S_DUR), PUBLIC_CLOCK_NS, time_spans,
		    LEN(time_spans), NULL, 0);
		return;
	}
	make_range(&f[S_IP_FLAGS], 8);
	make_icmp(c);
	make_fragments(c);
	make_range(&f[S_TTL], 256);
	make_range(&f[S_TOS], 256);
	number_cells(make_number(c, S_IP_LEN), 1, length_spans, LEN(length_spans),
	    lengths, LEN(lengths));
	make_ids(c);
}

int
symbol_constants(struct codec *c, const struct codec_config *f, struct ns_err *e)
{
	struct sym_field *y = c->sym->f;

	c->sym->grid = PUBLIC_CLOCK_NS;
	if (make_texts(&y[S_LABEL], f->labels, e) < 0 ||
	    (c->of_flows && make_texts(&y[S_TYPE], f->labels, e) < 0))
		return e->code;
	make_tags(c);
	make_range(&y[S_ROLE], ROLE_ANSWER + 1);
	make_protocols(c);
	make_version(c);
	make_range(&y[S_DIRECTION], 2);
	make_services(c);
	make_address(c, S_SRC_IP);
	make_address(c, S_DST_IP);
	number_classes(make_number(c, S_OPENER_STEPS), TENSOR_STEPS_MAX);
	number_cells(make_number(c, S_START), 1, place_spans, LEN(place_spans), NULL,
	    0);
	number_cells(make_number(c, S_DELAY), PUBLIC_CLOCK_NS, time_spans,
	    LEN(time_spans), NULL, 0);
	make_ports(c, S_CLIENT, clients, LEN(clients));
	make_steps(c);
	symbol_complete(c);
	return NS_OK;
}
