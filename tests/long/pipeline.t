#!/bin/sh
# NetShare's own samples through the whole pipe with a small training budget.  tshark finds
# nothing to complain about in the captures; the CSV holds as many rows as there are flows.
. "$(dirname "$0")/lib.sh"
clean=$top/tests/cli/tshark-clean.sh

ns-ingest "$traces/pcap/caida-small.pcap" | ns-chunk | ns-encode -o train.ns
ns-train --steps 12 -s 3 -o m.ns train.ns
is "caida-small: training" $? 0
ns-sample -s 5 -o sample.ns m.ns
is "caida-small: sampling" $? 0
for link in ethernet raw; do
	ns-decode -f pcap --link $link -o plain.pcap sample.ns
	ns-decode -f pcap --link $link --pad -o padded.pcap sample.ns
	ok "caida-small: $link, header only: tshark" "$clean" plain.pcap
	ok "caida-small: $link, padded: tshark" "$clean" padded.pcap
done
ns-decode -f pcapng -o plain.pcapng sample.ns
ok "caida-small: pcapng: tshark" "$clean" plain.pcapng
ns-ingest plain.pcapng | ns-cat -T >back
ns-decode sample.ns | ns-cat -T >drawn
is "caida-small: the capture holds the records" "$(wc -l <back)" "$(wc -l <drawn)"
ok "caida-small: the records" cmp back drawn

ns-ingest "$traces/netflow/ugr16-small.csv" | ns-chunk | ns-encode -o train.ns
ns-train --steps 12 -s 3 -o m.ns train.ns
is "ugr16-small: training" $? 0
ns-sample -s 5 -o sample.ns m.ns
is "ugr16-small: sampling" $? 0
ns-decode -f csv -o flows.csv sample.ns
ns-decode sample.ns | ns-cat -T >drawn
is "ugr16-small: rows" "$(wc -l <flows.csv)" "$(wc -l <drawn)"
ns-ingest flows.csv | ns-cat -T >back
is "ugr16-small: the CSV holds the records" "$(wc -l <back)" "$(wc -l <drawn)"
ns-ingest "$traces/netflow/ugr16-small.csv" >real.ns
ns-ingest flows.csv >synthetic.ns
ok "ugr16-small: scores" ns-eval real.ns synthetic.ns
done_testing
