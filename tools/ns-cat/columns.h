/* columns.h: the values a line can show. */
#ifndef NS_CAT_COLUMNS_H
#define NS_CAT_COLUMNS_H

#include "cat.h"

/* Values that are not simply a field of the schema. */
enum id {
	FIELD = 0, /* report: as the schema says */
	CODE_ATTR, /* tensor: a code of the attributes */
	CODE_FEAT, /* tensor: a code of a step */
	CHUNK,
	INDEX,
	STEP,
	SRC_IP,
	DST_IP,
	SRC_PORT,
	DST_PORT,
	PROTO,
	T_NS,
	IP_LEN,
	IP_ID,
	FRAG_OFF,
	TCP_FLAGS,
	LABEL,
	IP_FLAGS,
	TOS,
	TTL,
	ICMP_TYPE,
	ICMP_CODE,
	T_START_NS,
	DUR_NS,
	N_PKTS,
	N_BYTES,
	TYPE,
	FLOW_STARTS,
	FLOW_CHUNKS,
	N_STEPS,
	UNIT,        /* series */
	TENSOR_UNIT, /* tensor: behind its codes */
	ARRAY_NAME,
	ARRAY_TYPE,
	ARRAY_DIMS,
	ARRAY_COUNT,
	ARRAY_NORM
};

#endif
