/* The codes of a series that answers another. */
#include <math.h>
#include <string.h>

#include "base/le.h"
#include "base/mem.h"
#include "codec/symbol/impl.h"

/* Where the codes of a field begin that is no constant. */
static size_t
place_of(const struct codec *c, int id)
{
	size_t at = 0;
	int i;

	for (i = 0; i < c->sym->f[id].at; i++)
		at += c->schema.attr[i].bytes;
	return at;
}

static size_t
bytes_of(const struct sym_field *f)
{
	if (f->how == SYM_TEXT)
		return 1;
	return f->how == SYM_VALUES ? 1u + (f->groups.n > 0) + (size_t)f->octets : 0;
}

static void
copy_field(const struct codec *c, int id, const uint8_t *from, uint8_t *to)
{
	size_t n = bytes_of(&c->sym->f[id]), at;

	if (n == 0)
		return;
	at = place_of(c, id);
	memcpy(to + at, from + at, n);
}

static bool
put_field(const struct codec *c, int id, struct value v, uint8_t *to)
{
	size_t at = c->sym->f[id].how == SYM_CONST ? 0 : place_of(c, id);

	return sym_put_value(c, id, v, to + at) != NULL;
}

/* Symbol and position of a number that only answers have. */
static void
put_number(const struct codec *c, int id, uint32_t symbol, float pos, uint8_t *to)
{
	const struct sym_field *f = &c->sym->f[id];
	uint8_t *p = to + place_of(c, id);

	*p = (uint8_t)(symbol + sym_offset(id));
	if (number_has_bins(&f->number))
		put_lef32(p + 1, pos);
}

static uint64_t
get_number(const struct codec *c, int id, const uint8_t *from)
{
	const struct sym_field *f = &c->sym->f[id];
	const uint8_t *p;

	if (f->how != SYM_NUMBER)
		return f->value.lo;
	p = from + place_of(c, id);
	if (*p < sym_offset(id)) /* masks of a foreign model may be other ones */
		return 0;
	return number_decode(&f->number, *p - sym_offset(id),
	    number_has_bins(&f->number) ? get_lef32(p + 1) : 0);
}

/* The service stays the service: where the ports differ it is on the other side. */
static bool
put_direction(const struct codec *c, const struct tuple *k, const uint8_t *from,
    uint8_t *to)
{
	const struct sym_field *f = &c->sym->f[S_DIRECTION];
	size_t at;

	if (f->how == SYM_CONST)
		return k->src_port == k->dst_port;
	at = place_of(c, S_DIRECTION);
	to[at] = k->src_port == k->dst_port ? from[at] : !from[at];
	return true;
}

static void
put_steps(const struct codec *c, uint32_t steps, uint8_t *to)
{
	const struct number *x = &c->sym->f[S_OPENER_STEPS].number;
	uint32_t symbol;
	float pos;

	if (c->sym->f[S_OPENER_STEPS].how != SYM_NUMBER)
		return;
	number_nearest(x, steps, &symbol, &pos);
	put_number(c, S_OPENER_STEPS, symbol, pos, to);
}

/* Is it what was meant, and of codes that go together? */
static bool
is_answer(const struct codec *c, const struct tuple *opener, const uint8_t *answer)
{
	struct tuple want = tuple_reverse(opener), got;

	symbol_tuple(c, answer, &got);
	return tuple_cmp(&want, &got) == 0 &&
	    tensor_masks_broken(&c->masks, &c->schema, answer, 0) == NULL;
}

bool
symbol_answer(const struct codec *c, const uint8_t *opener, uint32_t steps,
    uint8_t *answer)
{
	static const int same[] = {S_LABEL, S_TYPE, S_PROTO, S_IP_VERSION, S_SERVICE,
	    S_CLIENT};
	const struct sym_field *f = c->sym->f;
	struct tuple k;
	size_t i, at;

	symbol_tuple(c, opener, &k);
	memset(answer, 0, c->schema.attr_bytes);
	for (i = 0; i < LEN(same); i++)
		if (sym_in(c, same[i]) && f[same[i]].is_attr)
			copy_field(c, same[i], opener, answer);
	if (!put_field(c, S_ROLE, (struct value){0, ROLE_ANSWER}, answer) ||
	    !put_field(c, S_SRC_IP, sym_address(k.dst_ip), answer) ||
	    !put_field(c, S_DST_IP, sym_address(k.src_ip), answer) ||
	    !put_direction(c, &k, opener, answer))
		return false;
	put_steps(c, steps, answer);
	if (f[S_START].how == SYM_NUMBER) { /* about: delays are short */
		at = place_of(c, S_START);
		answer[at] = opener[at];
	}
	if (f[S_DELAY].how == SYM_NUMBER)
		put_number(c, S_DELAY, 0, 0, answer);
	return is_answer(c, &k, answer);
}

/* The delay, its position being u. */
static uint64_t
take_delay(const struct codec *c, double u, uint8_t *answer)
{
	const struct sym_field *f = &c->sym->f[S_DELAY];
	uint8_t *p = answer + (f->how == SYM_NUMBER ? place_of(c, S_DELAY) : 0);

	if (f->how == SYM_NUMBER && number_has_bins(&f->number))
		put_lef32(p + 1, (float)((uint32_t)(u * 0x1p24)) * 0x1p-24f);
	return get_number(c, S_DELAY, answer);
}

/* Rounding must not put the answer before what it answers.  So many small steps
 * undo it; a position without effect, in a foreign codec, needs no more. */
enum { ROUNDINGS = 64 };

static void
put_start(const struct codec *c, const struct chunk_info *k, int64_t opened, int64_t t,
    uint8_t *answer)
{
	const struct number *x = &c->sym->f[S_START].number;
	uint32_t symbol;
	float pos, most = nextafterf(1, 0);
	int i;

	number_nearest(x, sym_place(k, t), &symbol, &pos);
	for (i = 0; i < ROUNDINGS && pos < most && number_has_bins(x) &&
	     sym_start_time(c, k, number_decode(x, symbol, pos)) < opened;
	     i++)
		pos = fminf(pos + 0x1p-24f, most);
	put_number(c, S_START, symbol, pos, answer);
}

void
symbol_answer_start(const struct codec *c, const struct chunk_info *k,
    const uint8_t *opener, const double u[2], uint8_t *answer)
{
	uint64_t delay = take_delay(c, u[0], answer), left;
	int64_t opened = sym_start_time(c, k, get_number(c, S_START, opener));

	if (c->sym->f[S_START].how != SYM_NUMBER)
		return;
	left = (uint64_t)(k->t0_ns + k->len_ns - 1 - opened);
	if (delay > left)
		delay = (uint64_t)(u[1] * (double)left);
	put_start(c, k, opened, opened + (int64_t)delay, answer);
}
