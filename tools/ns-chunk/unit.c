#include "unit.h"

#include <string.h>

#include "chunk.h"

static const char *const names[] =
    {[UNIT_NONE] = "", [UNIT_FLOW] = "flow", [UNIT_SRC_IP] = "src_ip"};

enum unit_kind
unit_kind_of(const char *name)
{
	if (strcmp(name, names[UNIT_FLOW]) == 0)
		return UNIT_FLOW;
	return strcmp(name, names[UNIT_SRC_IP]) == 0 ? UNIT_SRC_IP : UNIT_NONE;
}

const char *
unit_kind_name(enum unit_kind u)
{
	return names[u];
}

/* The five-tuple of the direction whose source comes first. */
static void
both_ways(const uint8_t *tuple, uint8_t key[UNIT_KEY])
{
	int c = memcmp(tuple, tuple + 16, 16);

	if (c == 0)
		c = memcmp(tuple + 32, tuple + 34, 2);
	memcpy(key, tuple, UNIT_KEY);
	if (c <= 0)
		return;
	memcpy(key, tuple + 16, 16);
	memcpy(key + 16, tuple, 16);
	memcpy(key + 32, tuple + 34, 2);
	memcpy(key + 34, tuple + 32, 2);
}

void
unit_key(enum unit_kind u, const uint8_t *tuple, uint8_t key[UNIT_KEY])
{
	if (u == UNIT_FLOW) {
		both_ways(tuple, key);
	} else {
		memset(key, 0, UNIT_KEY);
		memcpy(key, tuple, 16);
	}
}

uint64_t
unit_hash(const uint8_t key[UNIT_KEY])
{
	return record_hash(key);
}

static int
cmp_flows(enum unit_kind u, const uint8_t *ta, const uint8_t *tb)
{
	uint8_t ka[UNIT_KEY], kb[UNIT_KEY];
	uint64_t ha, hb;
	int c;

	unit_key(u, ta, ka);
	unit_key(u, tb, kb);
	if ((c = memcmp(ka, kb, UNIT_KEY)) != 0)
		return c;
	ha = record_hash(ta);
	hb = record_hash(tb);
	return ha != hb ? (ha > hb) - (ha < hb) : memcmp(ta, tb, RECORD_TUPLE);
}

static int
cmp(enum unit_kind u, bool of_flows, const struct flow_rec *a, const struct flow_rec *b)
{
	const uint8_t *ta = record_tuple(a->record, of_flows);
	const uint8_t *tb = record_tuple(b->record, of_flows);
	int64_t a_ns = record_time(a->record), b_ns = record_time(b->record);
	int c = memcmp(ta, tb, RECORD_TUPLE);

	if (c != 0)
		return cmp_flows(u, ta, tb);
	return (a_ns > b_ns) - (a_ns < b_ns);
}

static int
packets_by_flow(const void *a, const void *b)
{
	return cmp(UNIT_FLOW, false, a, b);
}

static int
packets_by_src(const void *a, const void *b)
{
	return cmp(UNIT_SRC_IP, false, a, b);
}

static int
flows_by_flow(const void *a, const void *b)
{
	return cmp(UNIT_FLOW, true, a, b);
}

static int
flows_by_src(const void *a, const void *b)
{
	return cmp(UNIT_SRC_IP, true, a, b);
}

extsort_cmp *
unit_order(enum unit_kind u, bool of_flows)
{
	if (u == UNIT_FLOW)
		return of_flows ? flows_by_flow : packets_by_flow;
	return of_flows ? flows_by_src : packets_by_src;
}

uint64_t
unit_number(struct unit_numbers *n, uint64_t hash)
{
	uint64_t number = hash >> 2; /* room above for those that are pushed up */

	if (n->any && number <= n->last)
		number = n->last + 1;
	n->any = true;
	n->last = number;
	return number;
}
