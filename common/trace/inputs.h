/*
 * inputs.h: the streams of all operands of a tool, one after another.
 */
#ifndef TRACE_INPUTS_H
#define TRACE_INPUTS_H

#include "trace/rstream.h"

/* Reads the stream that t has just opened to its end. */
typedef int trace_take_fn(void *arg, struct trace_reader *t, struct ns_err *e);

/*
 * trace_inputs: calls take for every stream of every operand; without operands, of
 * standard input.  kinds: those allowed, as for trace_stream; what the first stream is
 * the others must be, too.  Stops at the first negative status and returns it.
 */
int trace_inputs(const struct tool *t, unsigned kinds, struct labels *l,
    trace_take_fn *take, void *arg, struct ns_err *e);

#endif
