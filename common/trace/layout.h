/*
 * layout.h: sizes of the encoded parts of records, shared by the files of this room.
 *
 *   packet = t_ns, tuple, packet rest      flow = t_start_ns, dur_ns, tuple, flow rest
 *   series = tuple, u8 starts, u32 n, n steps (a record without its tuple), u64 unit
 *            (version 2 alone), tags
 */
#ifndef TRACE_LAYOUT_H
#define TRACE_LAYOUT_H

#define TUPLE_BYTES 37
#define PACKET_REST 19
#define FLOW_REST 22
#define PACKET_LABEL_AT 12 /* in the rest */
#define FLOW_TYPE_AT 18
#define FLOW_LABEL_AT 20
#define PACKET_STEP (8 + PACKET_REST)
#define FLOW_STEP (16 + FLOW_REST)
#define PACKET_BYTES (PACKET_STEP + TUPLE_BYTES)
#define FLOW_BYTES (FLOW_STEP + TUPLE_BYTES)
#define SERIES_HEAD (TUPLE_BYTES + 1 + 4)
#define UNIT_BYTES 8

#endif
