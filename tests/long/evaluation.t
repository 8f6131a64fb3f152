#!/bin/sh
# ns-eval on real traces: what is known to be better scores better on every joint metric,
# copies are caught, and a part that was never learnt is not taken for one.
. "$(dirname "$0")/lib.sh"
. "$top/tests/cli/order.inc"

# Where two fields have nothing to do with each other, redrawing changes nothing: a tie, to
# 3 %.
order() {
	ns-ingest -q -o whole.ns "$(unpacked "$traces/$1")"
	ns-decode -q -f csv -o all.csv whole.ns
	grep -v '^[^,]*:' all.csv >whole.csv # the redrawn addresses are of IPv4
	known_pairs whole.csv
	known_scores >scores
	is "$1: half < tenth redrawn < independent < uniform" "$(out_of_order .97 scores)" ""
}
for name in netflow/zeek-internet-host-2024-04-19.csv.xz netflow/unsw-nb15-1-first8000.csv \
	netflow/iot23-capture-34-1.csv.xz pcap/caida-small-first6000.pcap; do
	order $name
done

# leaks NAME: learnt a third of the flows, another is held out; the third that nobody knows
# does not alarm, the first does.
leaks() {
	ns-ingest -q -o whole.ns "$(unpacked "$traces/$1")"
	for k in 0 1 2; do
		ns-cat --part $k/3 -o part$k.ns whole.ns
	done
	ns-eval -q -f json -m leakage --hold-out part1.ns part0.ns copy=part0.ns third=part2.ns >leaks
	for trace in copy third; do
		sed -n "/\"name\": \"$trace\"/,/^    ]/p" leaks | grep -c '"copies its training data"'
	done >alarms
	is "$1: a copy alarms, a third part does not" \
		"$(awk 'NR == 1 { print ($1 > 2) } NR == 2 { print $1 }' alarms | tr '\n' ' ')" "1 0 "
}
for name in netflow/zeek-internet-host-2024-04-20.csv.xz netflow/ugr16-july-week5-first2500.csv \
	netflow/unsw-nb15-1-first8000.csv netflow/ctu-zeek-mixed-011.csv pcap/echo-connections.pcap.xz \
	pcap/ddos-amp-isakmp.pcap pcap/westermo-right-first-hour.pcap.xz pcap/caida-small-first6000.pcap; do
	leaks $name
done
done_testing
