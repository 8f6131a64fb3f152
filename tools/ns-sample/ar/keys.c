#include "ar/keys.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define TUPLE_BYTES (offsetof(struct tuple, proto) + 1) /* without a gap behind it */

static const char *const key_fields[] = {"proto", "ip_version", "direction", "service",
    "client", "src_ip", "dst_ip"};

/* name is field, or its index in a group or one of its octets. */
static bool
is_part(const char *name, const char *field)
{
	size_t n = strlen(field);

	return strncmp(name, field, n) == 0 && (name[n] == '\0' || name[n] == '.');
}

static bool
is_key(const char *name)
{
	size_t i;

	for (i = 0; i < LEN(key_fields); i++)
		if (is_part(name, key_fields[i]))
			return true;
	return false;
}

void
keys_init(struct keys *k, const struct tensor_schema *t, const struct symbols *s,
    const struct codec *c)
{
	int i;

	memset(k, 0, sizeof *k);
	k->sym = s;
	k->of = xcalloc((size_t)s->n_attr + 1, sizeof *k->of);
	k->codec = c;
	k->bytes = t->attr_bytes;
	k->buf = xcalloc((size_t)s->n_attr + k->bytes + 1, 1);
	k->answer = xcalloc(k->bytes + 1, 1);
	for (i = 0; i < s->n_attr; i++)
		if (s->sym[i].bit < 0 && is_key(t->attr[s->sym[i].field].name))
			k->of[k->n++] = i;
}

void
keys_free(struct keys *k)
{
	seen_free(&k->seen);
	free(k->of);
	free(k->buf);
	free(k->answer);
	memset(k, 0, sizeof *k);
}

int
keys_first_free(const struct keys *k, const struct tensor_schema *t)
{
	int i;

	for (i = 0; i < k->sym->n_attr; i++)
		if (is_part(t->attr[k->sym->sym[i].field].name, "client"))
			return i;
	return k->sym->n_attr;
}

static bool
add_codes(struct keys *k, const uint16_t *attr)
{
	int i;

	for (i = 0; i < k->n; i++)
		k->buf[i] = (uint8_t)attr[k->of[i]];
	return seen_add(&k->seen, k->buf, (size_t)k->n);
}

/* Is a five-tuple, of codes in buf, kept apart from those that are there? */
static bool
is_apart(struct keys *k, const struct tuple *t)
{
	struct tuple back = tuple_reverse(t);
	bool itself = tuple_cmp(t, &back) == 0;

	if (!itself && seen_has(&k->seen, (const uint8_t *)&back, TUPLE_BYTES))
		return false;
	if (!k->opening || itself)
		return !k->opening;
	k->hopeless = !codec_answer(k->codec, k->buf, 1, k->answer);
	return !k->hopeless;
}

bool
keys_add(struct keys *k, const uint16_t *attr)
{
	struct tuple t;

	k->hopeless = false;
	memset(k->buf, 0, k->bytes);
	symbols_write(k->sym->sym, k->sym->n_attr, attr, k->buf);
	if (k->codec == NULL || !codec_tuple(k->codec, k->buf, &t))
		return add_codes(k, attr);
	if (k->apart && !is_apart(k, &t))
		return false;
	return seen_add(&k->seen, (const uint8_t *)&t, TUPLE_BYTES);
}

bool
keys_complete(const struct keys *k, int i, uint16_t *attr)
{
	uint8_t allow[CHOICE_SET];
	int j, last = k->n > 0 ? k->of[k->n - 1] : -1;

	for (j = i + 1; j <= last; j++)
		if (symbols_allow(k->sym, j, attr, NULL, false, allow, &attr[j]) != 1)
			return false;
	return true;
}
