/* checks.h: the rules one by one; what each says stands in rules.h. */
#ifndef EVAL_CHECKS_H
#define EVAL_CHECKS_H

#include "rules.h"

rule_fn check_addresses, check_sizes, check_min_length, check_port_proto,
    check_icmp_ports, check_duration, check_times, check_tcp_flags, check_fragments,
    check_ttl;

#endif
