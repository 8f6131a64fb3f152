#!/bin/sh
# The page of ns-eval -d, opened in headless Chromium: every plot is drawn, at three
# widths, and nothing comes from the network.
. "$(dirname "$0")/lib.sh"

ns-ingest -q -o whole.ns "$top/share/demo/westermo.pcap"
for k in 0 1 2; do
	ns-cat --part $k/3 -o part$k.ns whole.ns
done
printf 'srcip,dstip,srcport,dstport,proto,ts,td,pkt,byt,type\n' >flows.csv
awk 'BEGIN {
	for (i = 0; i < 400; i++)
		printf "10.0.%d.%d,10.1.0.%d,%d,%d,%d,%d,%.3f,%d,%d,%s\n", i % 3, i % 7 + 1, i % 5 + 1,
			40000 + i * 7 % 900, i % 3 ? 443 : 53, i % 3 ? 6 : 17, 1700000000000000 + i * 250000,
			i % 9 / 4, i % 9 + 1, (60 + i % 50) * (i % 9 + 1), i % 3 ? "web" : "names"
}' >>flows.csv
ns-ingest -q -o flows.ns flows.csv

ns-eval -m all -f html -d packets --hold-out part1.ns --benign part1.ns part0.ns "A & <B>"=part2.ns C=part0.ns
is "packets: status" $? 0
is "what is there" "$(cd packets && echo *)" "figures.tsv index.html plots scores.json scores.tsv scores.txt"
ns-eval -m all -f text -o text -d flows --seeds 2 flows.ns C=flows.ns
is "flows: status" $? 0
is "-d besides another form" "$(cat text)" "$(cat flows/scores.txt)"
is "equal bytes" "$(ns-eval -t 2 -m all -f html -d again --seeds 2 flows.ns C=flows.ns; diff -r flows again)" ""
fails 73 "cannot create folder 'no/where'" ns-eval -m SP -f html -d no/where flows.ns flows.ns

# Without gnuplot the page has its tables.
mkdir bin
ln -s "$(command -v ns-eval)" bin/ns-eval
is "no gnuplot" "$(PATH=$work/bin ns-eval -m all -f html -d bare flows.ns C=flows.ns 2>&1)" \
	"ns-eval: gnuplot is not installed: 'bare/index.html' has no plots"
ok "tables all the same" grep -q 'joint_ports' bare/index.html
if ! command -v gnuplot >/dev/null; then
	skip "plots" "no gnuplot"
	done_testing
	exit
fi
is "a file for each figure" "$(cut -f 1 packets/figures.tsv | tail -n +2 | sort -u)" \
	"$(sed -n 's/.*<figure id="figure-\([a-z_]*\)".*/\1/p' packets/index.html | sort)"
is "all its plots" "$(for f in $(cut -f 1 packets/figures.tsv | tail -n +2 | uniq); do
	for end in gp png svg; do [ -s packets/plots/$f.$end ] || echo "$f.$end"; done; done)" ""
if ! command -v chromium >/dev/null; then
	skip "in a browser" "no chromium"
else
	for page in packets flows; do
		"$top/tests/cli/page.sh" $page/index.html >out 2>&1
		is "$page: status" $? 0
		is "$page: every plot drawn" "$(cat out)" \
			"figures=$(cut -f 1 $page/figures.tsv | tail -n +2 | uniq | wc -l) widths=3 ok"
	done
fi
done_testing
