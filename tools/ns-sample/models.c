#include "models.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/timetext.h"

/* ---- Weights in the file ---- */

static int
store(struct models *m, const struct model_view *v, struct ns_err *e)
{
	size_t tail = v->params->total - v->tail;
	int rc;

	rc = io_write(m->fd, v->block, v->head * sizeof(real), e);
	if (rc >= 0)
		rc = io_write(m->fd, v->block + v->tail, tail * sizeof(real), e);
	m->bytes += (v->head + tail) * sizeof(real);
	return rc;
}

static int
fetch(const struct models *m, uint64_t at, void *p, size_t n, struct ns_err *e)
{
	if (lseek(m->fd, (off_t)at, SEEK_SET) < 0)
		return ns_fail_errno(e, NS_EIO, "cannot go back in a temporary file");
	if (io_read(m->fd, p, n, e) != (ssize_t)n)
		return ns_fail(e, NS_EIO, "cannot read a temporary file back");
	return NS_OK;
}

void *
models_load(const struct models *m, size_t i, struct ns_err *e)
{
	const struct chunk_model *c = &m->chunk[i];
	struct model_view v;
	size_t head;
	void *net;

	if (c->same.chunk >= 0)
		c = &m->chunk[c->same.chunk];
	net = m->kind->net_new(&m->schema, c->config, &c->carry, e);
	if (net == NULL)
		return NULL;
	m->kind->net_view(net, &v);
	head = v.head * sizeof(real);
	if (fetch(m, c->at, v.block, head, e) < 0 ||
	    fetch(m, c->at + head, v.block + v.tail,
		(v.params->total - v.tail) * sizeof(real), e) < 0) {
		m->kind->net_free(net);
		return NULL;
	}
	return net;
}

/* ---- Reading ---- */

static int
check_new(const struct models *m, const struct chunk_model *c, const char *name,
    struct ns_err *e)
{
	size_t i;
	int rc;

	if (m->n == 0)
		return NS_OK;
	rc = carry_same_trace(&m->chunk[0].carry, &c->carry, name, e);
	if (rc < 0)
		return rc;
	for (i = 0; i < m->n; i++)
		if (m->chunk[i].carry.index == c->carry.index)
			return ns_fail(e, NS_EKIND,
			    "'%s': the model of chunk %d is there twice", name,
			    c->carry.index);
	return NS_OK;
}

/* The weights of a model go into the file. */
static int
take_net(struct models *m, struct chunk_model *c, void *net, struct ns_err *e)
{
	struct model_view v;

	m->kind->net_view(net, &v);
	c->at = m->bytes;
	c->config = xmalloc(m->kind->hypers->size);
	memcpy(c->config, v.config, m->kind->hypers->size);
	if (m->kind->shares)
		c->crc = params_crc(v.params, v.block);
	return store(m, &v, e);
}

/* Who draws needs to know when a chunk is. */
static bool
models_timed(const struct models *m)
{
	return m->wishes.windowed || (m->codec != NULL && codec_pairs(m->codec));
}

static int
take_model(struct models *m, struct model *one, const struct nsr_reader *r,
    struct ns_err *e)
{
	struct chunk_model c = {.carry = one->carry,
	    .empty = model_empty(one),
	    .same = one->same};
	int rc = check_new(m, &c, nsr_name(r), e);

	if (rc >= 0 && models_timed(m))
		rc = chunk_info_get(&c.info, r, e);
	if (rc < 0)
		return rc;
	m->kind = one->kind;
	if (one->net != NULL && (rc = take_net(m, &c, one->net, e)) < 0) {
		free(c.config);
		return rc;
	}
	if (m->n == 0) {
		m->dicts.dict = one->carry.dict;
		m->dicts.n_dict = one->carry.n_dict;
		m->dicts.cap_dict = one->carry.cap_dict;
		c.carry.dict = NULL;
		c.carry.n_dict = 0;
		m->schema = one->schema;
		memset(&one->schema, 0, sizeof one->schema);
	}
	carry_drop_dicts(&c.carry);
	memset(&one->carry, 0, sizeof one->carry);
	xgrow(&m->chunk, &m->cap, m->n + 1, sizeof *m->chunk);
	m->chunk[m->n++] = c;
	return NS_OK;
}

static int
read_codec(struct models *m, const struct nsr_reader *r, struct ns_err *e)
{
	const char *given = m->wishes.given;

	if (given == NULL && !m->wishes.windowed && nsr_dict(r, "codec").data == NULL)
		return NS_OK;
	if ((m->codec = codec_load(r, e)) == NULL)
		return e->code;
	return given != NULL ? given_read(given, m->codec, &m->given, e) : NS_OK;
}

static const char *
get_carried(const void *from, const char *key)
{
	return carry_get(from, key);
}

/* What one model claims is not what holds for all. */
static void
take_claim(struct models *m, struct carry *c)
{
	static const char *const none[] = {NULL};
	size_t i;

	guarantee_add(&m->guarantee, get_carried, c);
	for (i = 0; guarantee_keys[i] != NULL; i++)
		carry_drop_meta(c, guarantee_keys[i], none);
}

/* Behind the first model all must be of its kind. */
static int
read_streams(struct models *m, struct nsr_reader *r,
    const struct model_kind *const *kinds, struct ns_err *e)
{
	const struct model_kind *first[2] = {NULL, NULL};
	struct model one;
	int rc;

	while ((rc = nsr_stream(r, e)) > 0) {
		first[0] = m->kind;
		rc = model_read(&one, r, m->kind != NULL ? first : kinds, e);
		if (rc >= 0 && m->n == 0)
			rc = read_codec(m, r, e);
		if (rc >= 0) {
			take_claim(m, &one.carry);
			rc = take_model(m, &one, r, e);
		}
		model_free(&one);
		if (rc < 0)
			return rc;
		nsr_history_add(m->history, r);
	}
	return rc;
}

static int
read_input(struct models *m, const char *path, const struct model_kind *const *kinds,
    struct ns_err *e)
{
	struct nsr_reader *r;
	int fd = in_open(path, e), rc;

	if (fd < 0)
		return fd;
	r = nsr_reader_new(fd, path);
	rc = read_streams(m, r, kinds, e);
	nsr_reader_free(r);
	return rc;
}

static int
by_index(const void *a, const void *b)
{
	const struct chunk_model *x = a, *y = b;

	return x->carry.index - y->carry.index;
}

/* All chunks are there; the first few that are not are named. */
static int
check_complete(const struct models *m, struct ns_err *e)
{
	int count = m->chunk[0].carry.count, i, missing = 0;
	struct buf b = {0};
	size_t at = 0;

	for (i = 0; i < count; i++) {
		if (at < m->n && m->chunk[at].carry.index == i) {
			at++;
			continue;
		}
		if (missing++ < 10)
			buf_printf(&b, "%s%d", missing > 1 ? ", " : "", i);
	}
	if (missing > 0)
		ns_fail(e, NS_EKIND, "models of %d of %d chunks are missing: %s%s",
		    missing, count, (const char *)b.p, missing > 10 ? ", ..." : "");
	buf_free(&b);
	return missing > 0 ? NS_EKIND : NS_OK;
}

/* Weights of another chunk are those that were meant, and are there. */
static int
check_same(const struct models *m, const struct chunk_model *c, struct ns_err *e)
{
	const struct chunk_model *from;

	if (c->same.chunk < 0)
		return NS_OK;
	from = &m->chunk[c->same.chunk];
	if (from->config == NULL)
		return ns_fail(e, NS_EKIND,
		    "the model of chunk %d has the weights of chunk %d, which has none",
		    c->carry.index, from->carry.index);
	if (from->crc != c->same.crc)
		return ns_fail(e, NS_EKIND,
		    "the model of chunk %d has the weights of chunk %d, but of another "
		    "training than the one that is there",
		    c->carry.index, from->carry.index);
	return NS_OK;
}

/* Some of the trace is in the window. */
static int
check_window(const struct models *m, struct ns_err *e)
{
	const struct chunk_info *a = &m->chunk[0].info, *z = &m->chunk[m->n - 1].info;
	char from[TIME_TEXT], to[TIME_TEXT];

	if (!m->wishes.windowed ||
	    (m->wishes.from_ns < z->t0_ns + z->len_ns && m->wishes.to_ns > a->t0_ns))
		return NS_OK;
	time_text(a->t0_ns, from);
	time_text(z->t0_ns + z->len_ns, to);
	return ns_fail(e, NS_EKIND,
	    "no time of the trace, from %s up to %s, lies in the window of --from and "
	    "--to",
	    from, to);
}

int
models_read(struct models *m, char **inputs, const struct model_kind *const *kinds,
    const struct wishes *wishes, struct ns_err *e)
{
	int rc = NS_OK;
	size_t i;

	memset(m, 0, sizeof *m);
	if (wishes != NULL)
		m->wishes = *wishes;
	m->history = nsr_history_new();
	m->fd = tmp_open(e);
	if (m->fd < 0)
		return m->fd;
	if (inputs[0] == NULL)
		rc = read_input(m, "-", kinds, e);
	for (; *inputs != NULL && rc >= 0; inputs++)
		rc = read_input(m, *inputs, kinds, e);
	if (rc < 0)
		return rc;
	qsort(m->chunk, m->n, sizeof *m->chunk, by_index);
	rc = check_complete(m, e);
	for (i = 0; i < m->n && rc >= 0; i++)
		rc = check_same(m, &m->chunk[i], e);
	return rc < 0 ? rc : check_window(m, e);
}

void
models_free(struct models *m)
{
	size_t i;

	for (i = 0; i < m->n; i++) {
		carry_free(&m->chunk[i].carry);
		free(m->chunk[i].config);
	}
	free(m->chunk);
	carry_free(&m->dicts);
	codec_free(m->codec);
	tensor_masks_free(&m->given);
	tensor_schema_free(&m->schema);
	nsr_history_free(m->history);
	guarantee_free(&m->guarantee);
	if (m->fd > 0)
		close(m->fd);
	memset(m, 0, sizeof *m);
}
