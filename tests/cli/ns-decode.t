#!/bin/sh
# ns-decode: formats, order, units, and what it refuses.
. "$(dirname "$0")/lib.sh"

cat >p.csv <<'CSV'
srcip,dstip,srcport,dstport,proto,ts,pkt_len,tos,id,flag,off,ttl,tcpflags
10.0.0.1,10.0.0.2,1000,80,6,1000,60,0,1,2,0,64,2
10.0.0.2,10.0.0.1,80,1000,6,1010,40,8,2,2,0,63,18
10.0.0.3,239.1.2.3,53,53,17,1050,600,0,65535,0,0,255,0
10.0.0.1,10.0.0.9,0,0,1,1050,84,0,4,0,0,1,0
2001:db8::1,2001:db8::2,0,0,58,1060,64,0,0,0,0,64,0
CSV
cat >f.csv <<'CSV'
srcip,dstip,srcport,dstport,proto,ts,td,pkt,byt,type
10.0.0.1,10.0.0.2,1000,80,6,1458298072364000,305.636,62,1736,background
10.0.0.9,10.0.0.2,0,0,1,1458298072365000,0,1,28,"black,list"
CSV
ns-ingest -q --time-unit us -o p.ns p.csv
ns-ingest -q --time-unit us -o f.ns f.csv

is 'packets in, packets out' "$(ns-decode -f csv p.ns)" "$(cat p.csv)"
is 'flows in, flows out' "$(ns-decode -f csv:netshare f.ns)" "$(cat f.csv)"
is 'seconds' "$(ns-decode -f csv --time-unit s f.ns | cut -d , -f 6 | tr '\n' ' ')" \
	'ts 1458298072.364 1458298072.365 '
is 'nanoseconds' "$(ns-decode -f csv --time-unit ns p.ns | sed -n 2p | cut -d , -f 6)" 1000000
is 'the same stream' "$(ns-decode p.ns | ns-cat -T)" "$(ns-cat -T p.ns)"
is 'the same flows' "$(ns-decode f.ns | ns-cat -T)" "$(ns-cat -T f.ns)"
ns-chunk -n 3 -o 's%d.ns' p.ns
is 'chunks in any order' "$(cat s2.ns s0.ns s1.ns | ns-decode -f csv)" "$(cat p.csv)"
is 'chunks as operands' "$(ns-decode -f csv s1.ns s2.ns s0.ns)" "$(cat p.csv)"
is 'chunks may be missing' "$(ns-decode -f csv s2.ns)" "$(sed '2,3d' p.csv)"
ns-decode -f pcap p.ns >p.pcap
is 'a capture' "$(od -A n -t x1 -N 70 p.pcap | tr -d '\n')" \
	"$(printf ' d4 c3 b2 a1 02 00 04 00 00 00 00 00 00 00 00 00 ff ff 00 00 01 00 00 00'
	printf ' 00 00 00 00 e8 03 00 00 36 00 00 00 4a 00 00 00'
	od -A n -t x1 -j 40 -N 12 p.pcap | tr -d '\n'
	printf ' 08 00 45 00 00 3c 00 01 40 00 40 06 26 b9 0a 00 00 01')"
for format in 'pcap' 'pcap --pad' 'pcap --link raw' 'pcapng' 'pcapng --pad --link raw'; do
	# shellcheck disable=SC2086
	ns-decode -f $format -o c.cap p.ns
	is "-f $format read again" "$(ns-ingest -q c.cap | ns-cat -T)" "$(ns-cat -T p.ns)"
	if command -v tshark >/dev/null; then
		is "-f $format pleases tshark" "$("$top/tests/cli/tshark-clean.sh" c.cap 2>&1)" ''
	else
		skip "-f $format pleases tshark" 'no tshark'
	fi
done

fails 2 '^ns-decode: -f is ns, pcap' ns-decode -f xml p.ns
fails 2 '^ns-decode: -f is ns, pcap' ns-decode -f csv:other p.ns
fails 2 '^ns-decode: --link is ethernet or raw' ns-decode -f pcap --link token p.ns
fails 2 '^ns-decode: --link and --pad need -f pcap' ns-decode --pad p.ns
fails 2 '^ns-decode: --link and --pad need -f pcap' ns-decode -f csv --link raw p.ns
fails 2 '^ns-decode: -z needs -f ns' ns-decode -f pcap -z 3 p.ns
fails 2 '^ns-decode: --time-unit needs -f csv' ns-decode --time-unit s p.ns
fails 2 '^ns-decode: --time-unit is s, ms, us or ns' ns-decode -f csv --time-unit h p.ns
fails 65 '^ns-decode: flows cannot be written as packets; use -f csv or -f ns$' ns-decode -f pcap f.ns
fails 65 "s1.ns: chunk 1 comes a second time" ns-decode s1.ns s0.ns s1.ns
ns-chunk -n 4 -o 'q%d.ns' p.ns
fails 65 "q1.ns: chunk 1 is one of 4, those before were of 3" ns-decode s0.ns q1.ns
fails 65 'f.ns: a flow stream where a packet stream is needed' ns-decode p.ns f.ns
: >empty
fails 65 '^ns-decode: .*empty' ns-decode empty
fails 65 '^ns-decode: .*p.csv' ns-decode p.csv
fails 65 '^ns-decode: .*is a directory' ns-decode .
head -c 300 p.ns >short.ns
fails 65 '^ns-decode: .*short.ns' ns-decode -f pcap -o never.pcap short.ns
ok 'no output of a failure' test ! -e never.pcap
fails 73 '^ns-decode: ' ns-decode -o no/such/folder p.ns
if [ -w /dev/full ]; then
	for format in ns pcap csv; do
		n_tests=$((n_tests + 1))
		ns-decode -f $format p.ns >/dev/full 2>err
		[ $? = 74 ] && echo "ok $n_tests - full, $format" || echo "not ok $n_tests - full, $format"
	done
else
	skip 'a full disk' 'no /dev/full'
fi
done_testing
