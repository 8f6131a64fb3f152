#!/bin/sh
# What goes in comes out again: captures, CSV, streams, with and without chunks.
. "$(dirname "$0")/lib.sh"

# Packets of all kinds with times that repeat, fragments and lengths from 28 to 1500.
awk 'BEGIN {
	srand(1)
	print "srcip,dstip,srcport,dstport,proto,ts,pkt_len,tos,id,flag,off,ttl,tcpflags"
	for (i = 0; i < 3000; i++) {
		t += int(rand() * 3) * 1000
		f = int(rand() * rand() * 200)
		proto = f % 7 == 0 ? 17 : f % 11 == 0 ? 1 : f % 13 == 0 ? 47 : 6
		ports = proto == 6 || proto == 17
		off = f % 17 == 0 && i % 3 == 0 ? 1 + i % 1000 : 0
		flag = off > 0 ? i % 2 : i % 3 == 0 ? 2 : 0
		six = f % 5 == 0
		src = six ? sprintf("2001:db8::%x", f + 1) : sprintf("10.0.%d.1", f)
		dst = six ? "2001:db8::1:0" : "192.0.2." f
		id = six && off == 0 && flag != 1 ? 0 : (i * 7) % 65536
		if (six && flag != 1)
			flag = 0
		len = 68 + int(rand() * 150) * 8 + (six ? 20 : 0)
		printf "%s,%s,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d\n", src, dst,
			off == 0 && ports ? 1024 + f : 0, off == 0 && ports ? 80 : 0, proto,
			1600000000000000 + t, len, f % 256, id, flag, off, 1 + f % 255,
			proto == 6 && off == 0 ? int(rand() * 512) : 0
	}
}' >p.csv
ns-ingest -q --time-unit us -o p.ns p.csv
ns-cat -T p.ns >p.tsv
is 'all rows are read' "$(wc -l <p.tsv)" 3001
ns-decode -f csv -o out.csv p.ns
ok 'CSV in is CSV out' cmp p.csv out.csv
for format in pcap pcapng 'pcap --pad' 'pcapng --link raw'; do
	# shellcheck disable=SC2086
	ns-decode -f $format p.ns | ns-ingest -q | ns-cat -T >out.tsv
	ok "-f $format and back" cmp p.tsv out.tsv
done
# Chunks part flows and so reorder what has equal times; sorted by all columns they agree.
LC_ALL=C sort p.tsv >p.sorted
for chunks in '-n 1' '-n 10' '-n 7 -b count' '-d 1s --max-steps 3' '-n 600 -S 1'; do
	# shellcheck disable=SC2086
	ns-chunk $chunks p.ns | ns-decode >out.ns
	ns-cat -T out.ns | LC_ALL=C sort >out.sorted
	ok "ns-chunk $chunks keeps every packet" cmp p.sorted out.sorted
	ns-decode -f csv out.ns | sed 1d | cut -d , -f 6 >times.txt
	ok 'in time order' sort -c -n times.txt
done
is 'chunked twice is the same' "$(ns-chunk -n 5 p.ns | ns-decode | ns-chunk -n 5 | ns-decode | ns-cat -T | cksum)" \
	"$(ns-chunk -n 5 p.ns | ns-decode | ns-cat -T | cksum)"
ns-chunk -n 5 p.ns | ns-decode -f pcap >a.pcap
ns-chunk -n 5 p.ns | ns-decode -f pcap -S 1 >b.pcap
ok 'memory changes nothing' cmp a.pcap b.pcap
# Times are encoded as float32 of their chunk; all other fields come back as they were.
cut -f 2- p.tsv | LC_ALL=C sort >p.fields
for profile in symbol netshare; do
	ns-chunk -n 4 p.ns | ns-encode -p $profile -o t.ns
	ns-decode t.ns >out.ns
	ns-cat -T out.ns | cut -f 2- | LC_ALL=C sort >out.fields
	ok "a codec of $profile and back keeps every field but time" cmp p.fields out.fields
	ns-decode -f csv out.ns | sed 1d | cut -d , -f 6 >times.txt
	ok 'in time order' sort -c -n times.txt
done
cat t.ns t.ns >twice.ns
fails 65 'chunk 0 comes a second time' ns-decode twice.ns
if command -v tshark >/dev/null; then
	ns-decode -f pcap --pad p.ns >pad.pcap
	is 'tshark finds nothing in headers' "$("$top/tests/cli/tshark-clean.sh" a.pcap 2>&1)" ''
	is 'nor with payload' "$("$top/tests/cli/tshark-clean.sh" pad.pcap 2>&1)" ''
else
	skip 'tshark finds nothing' 'no tshark'
fi

cat >f.csv <<'CSV'
srcip,dstip,srcport,dstport,proto,ts,td,pkt,byt,type,label
10.0.0.1,10.0.0.2,1000,80,6,1458298072.364,305.636,62,1736,background,"a ""b"""
10.0.0.1,10.0.0.2,1000,80,6,1458298073,0,1,40,background,
10.0.0.9,10.0.0.2,0,0,1,1458298074.000000001,0.000000001,1,28,blacklist,"c,d"
CSV
ns-ingest -q --time-unit s -o f.ns f.csv
is 'flows in, flows out' "$(ns-decode -f csv f.ns)" "$(cat f.csv)"
is 'through chunks' "$(ns-chunk -n 3 f.ns | ns-decode -f csv)" "$(cat f.csv)"
for profile in netshare symbol; do
	is "flows through a codec of $profile" \
		"$(ns-chunk -n 2 f.ns | ns-encode -p $profile | ns-decode -f csv | cut -d , -f 1-5,8-)" \
		"$(cut -d , -f 1-5,8- f.csv)"
done
is 'flows as a stream' "$(ns-chunk -n 2 f.ns | ns-decode | ns-cat -T)" "$(ns-cat -T f.ns)"
done_testing
