#!/bin/sh
# ns-encode: what is in its streams, the codec fitted, spilled and applied, and refusals.
. "$(dirname "$0")/lib.sh"

# Packets of three flows over ten seconds; flows of two kinds.
{
	echo "srcip,dstip,srcport,dstport,proto,ts,pkt_len,tos,id,flag,off,ttl"
	awk 'BEGIN {
		for (i = 0; i < 60; i++)
			printf "10.0.0.%d,10.1.0.1,%d,%d,%s,%.0f,%d,0,%d,2,0,%d\n", i % 3 + 1,
				40000 + i % 3, i % 3 ? 443 : 53, i % 3 ? "TCP" : "UDP",
				1700000000000000 + i * 166000, 60 + i * 7, i * 1000, 60 + i % 3
	}'
} >packets.csv
{
	echo "srcip,dstip,srcport,dstport,proto,ts,td,pkt,byt,type"
	awk 'BEGIN {
		for (i = 0; i < 40; i++)
			printf "10.0.0.%d,10.1.0.%d,%d,53,UDP,%.0f,%.3f,%d,%d,%s\n", i % 7 + 1, i % 5 + 1,
				40000 + i, 1700000000000000 + i * 250000, i % 4 / 4, i % 4 + 1,
				60 * (i % 4 + 1), i % 5 ? "background" : "blacklist"
	}'
} >flows.csv
ns-ingest -q -f csv packets.csv | ns-chunk -n 4 -o series.ns
ns-ingest -q -f csv flows.csv | ns-chunk -n 2 -o flows.ns
ns-ingest -q -f csv packets.csv | ns-chunk -n 4 -o 'part-%d.ns'

ok "packets are encoded" ns-encode -o train.ns series.ns
is "nothing is said" "$(ns-encode series.ns 2>&1 >/dev/null)" ""
is "fields of packets; constants are none" "$(ns-cat -H train.ns | grep -E ' (attribute|feature)' | sort -u)" \
"    dst_port word[10] attribute port
    flow_chunks bit[4] attribute
    flow_start real attribute
    flow_starts bit attribute
    iat real feature
    ip_id real feature
    ip_len real feature
    proto word[10] attribute proto
    src_ip bit[32] attribute
    src_port word[10] attribute port
    ttl real feature"
is "one stream a chunk, in order" "$(ns-cat -C train.ns)" \
"file	stream	kind	chunk	records	steps
train.ns	1	tensor	0	3	15
train.ns	2	tensor	1	3	15
train.ns	3	tensor	2	3	15
train.ns	4	tensor	3	3	15
total	4	-	-	12	60"
is "META of the chunk goes along" \
	"$(ns-cat -H train.ns | grep -c -e chunk.index -e trace.records=60 -e codec.profile=netshare)" 12
is "fields of flows" "$(ns-encode flows.ns | ns-cat -H | grep -E ' (attribute|feature)' | sort -u)" \
"    dst_ip bit[32] attribute
    dur_ns real feature
    flow_chunks bit[2] attribute
    flow_start real attribute
    flow_starts bit attribute
    n_bytes real feature
    n_pkts real feature
    src_ip bit[32] attribute
    src_port word[10] attribute port
    type category[2] feature"

# The order of chunks, a spill and the level do not change what is encoded.
rows() { ns-cat -T "$1" | sort; }
rows train.ns >want
for opts in "-S 0" "-S 100" "-z 0" "-s 0" "-p netshare"; do
	# shellcheck disable=SC2086
	ns-encode $opts -o got.ns series.ns
	rows got.ns | cmp -s - want
	is "$opts encodes the same" $? 0
done
cat part-3.ns part-0.ns part-2.ns part-1.ns | ns-encode --no-prov -o got.ns
ns-encode --no-prov -o got2.ns part-2.ns part-3.ns part-1.ns part-0.ns
rows got.ns | cmp -s - want
is "chunks in any order" $? 0
ns-encode -s 1 -o other.ns series.ns
ns-encode -o again.ns series.ns
ok "equal input, equal bytes" cmp again.ns train.ns
# More series than are taken at once, in memory, in part on disk and on disk.
seq 9000 | awk -F , 'BEGIN { print "srcip,dstip,srcport,dstport,proto,ts,td,pkt,byt,type" }
	{ printf "10.0.0.1,10.1.0.1,%d,53,UDP,%.0f,0,1,60,t%d\n", $1, 1700000000 + $1 % 977, $1 / 900 }' |
	ns-ingest -q --time-unit s -f csv | ns-chunk -z 0 -n 2 -o many.ns
ns-encode -t 1 -o one.ns many.ns
for opts in "-t 2" "-t 3 -S 300K" "-t 4 -S 0" "-t 1 -S 0"; do
	# shellcheck disable=SC2086
	ns-encode $opts -o got.ns many.ns
	ok "$opts, equal bytes" cmp got.ns one.ns
done
fails 2 "-t must be 1 to 1024" ns-encode -t 0 many.ns

hash_of() { ns-cat -H "$1" | grep -m1 codec.hash; }
ok "the seed changes the codec" test "$(hash_of other.ns)" != "$(hash_of train.ns)"

# A codec on its own, and applied.
ok "fit only" ns-encode -F codec.ns series.ns
is "a codec is a stream without records" "$(ns-cat -C codec.ns | tail -1)" "total	1	-	-	0	0"
ok "apply" ns-encode -A codec.ns -o applied.ns series.ns
rows applied.ns | cmp -s - want
is "applied as if fitted" $? 0
ok "apply to one chunk" ns-encode -A codec.ns -o one.ns part-2.ns
is "one chunk" "$(ns-cat -C one.ns | tail -1)" "total	1	-	-	3	15"
ok "a file a chunk" ns-encode -o 'enc-%02d.ns' series.ns
ok "a file a chunk, applied" ns-encode -A codec.ns -o 'app-%02d.ns' part-3.ns part-1.ns
is "names" "$(echo app-* enc-*)" "app-01.ns app-03.ns enc-00.ns enc-01.ns enc-02.ns enc-03.ns"
cat enc-*.ns >joined.ns
ok "joined they are the whole" cmp joined.ns train.ns

# The profile symbol.
ok "packets as symbols" ns-encode -p symbol --min-count 5 -o symbol.ns series.ns
is "nothing is said" "$(ns-encode -p symbol series.ns 2>&1 >/dev/null)" ""
is "symbols of packets" "$(ns-cat -H symbol.ns | grep -E ' (attribute|feature)' | uniq | head -18)" \
"    flow_starts bit attribute
    proto category[2] attribute
    service category[2] attribute
    service.0 category[256] attribute
    service.1 category[256] attribute
    src_ip category attribute
    src_ip.0 category[256] attribute
    src_ip.1 category[256] attribute
    src_ip.2 category[256] attribute
    src_ip.3 category[256] attribute
    flow_chunks bit[4] attribute
    flow_start category attribute
    flow_start.pos real attribute
    client category attribute
    client.0 category[256] attribute
    client.1 category[256] attribute
    ttl category[3] feature
    ip_len category[3] feature"
is "META and tables" "$(ns-cat -H symbol.ns | grep -cE 'codec.profile=symbol|^    (codec|masks) private')" 12
is "symbols of flows" "$(ns-encode -p symbol --min-count 1 flows.ns | ns-cat -H | grep -E ' (attribute|feature)' | sort -u)" \
"    client category attribute
    client.0 category[256] attribute
    client.1 category[256] attribute
    dst_ip category[5] attribute
    dur_ns category[4] feature
    flow_chunks bit[2] attribute
    flow_start category[10] attribute
    flow_start.pos real attribute
    flow_starts bit attribute
    n_bytes category[4] feature
    n_pkts category[4] feature
    src_ip category[7] attribute
    type category[2] attribute"
back() { ns-decode "$1" | ns-cat -T | LC_ALL=C sort; }
back series.ns >want.tsv
for opts in "" "--min-count 1" "--min-count 5" "--min-count 1000" "-s 3"; do
	# shellcheck disable=SC2086
	ns-encode -p symbol $opts -o got.ns series.ns
	back got.ns | cmp -s - want.tsv
	is "packets back, $opts" $? 0
done
back flows.ns >want.tsv
ns-encode -p symbol flows.ns >got.ns
back got.ns | cmp -s - want.tsv
is "flows back" $? 0
# A real capture: all but what a float leaves of times.
ns-ingest -q -o demo.ns "$top/share/demo/westermo.pcap"
ns-cat -T demo.ns | cut -f 2- | LC_ALL=C sort >demo.tsv
for n in 1 10; do
	ns-chunk -n $n demo.ns | ns-encode -p symbol | ns-decode | ns-cat -T | cut -f 2- | LC_ALL=C sort | cmp -s - demo.tsv
	is "a capture in $n chunks back" $? 0
done
ns-encode -p symbol -t 1 -o one.ns many.ns
for opts in "-t 2" "-t 3 -S 300K" "-t 1 -S 0"; do
	# shellcheck disable=SC2086
	ns-encode -p symbol $opts -o got.ns many.ns
	ok "symbols, $opts, equal bytes" cmp got.ns one.ns
done
cat part-3.ns part-0.ns part-2.ns part-1.ns | ns-encode -p symbol --no-prov -o got.ns
ns-encode -p symbol --no-prov -o got2.ns part-2.ns part-3.ns part-1.ns part-0.ns
is "chunks in any order" "$(ns-cat -T got.ns | cksum)" "$(ns-cat -T got2.ns | cksum)"
ns-encode -p symbol --min-count 5 -F scodec.ns series.ns
ns-encode -A scodec.ns -o got.ns series.ns
is "applied as if fitted" "$(ns-cat -T got.ns | cksum)" "$(ns-cat -T symbol.ns | cksum)"
# What is rarer than the least count is not told: port 54321 of four flows, which a client
# has with two services.
{
	echo "srcip,dstip,srcport,dstport,proto,ts,td,pkt,byt,type"
	seq 400 | awk '{ port = $1 > 396 ? 54321 : 1025 + $1 % 50
		printf "10.0.0.%d,10.1.0.1,%d,%d,TCP,%d,0,1,60,x\n", $1 % 250, port, 443 + $1 % 2, 1700000000 + $1 * 7 % 400 }'
} | ns-ingest -q --time-unit s -f csv | ns-chunk -n 1 -o ports.ns
is "a rare port is not in the codec" \
	"$(ns-encode -z 0 -p symbol --min-count 3 ports.ns | grep -ac 'value 54321')" 0
is "with a lower least count it is" \
	"$(ns-encode -z 0 -p symbol --min-count 2 ports.ns | grep -ac 'value 54321')" 1
fails 2 "min-count needs -p symbol" ns-encode --min-count 3 series.ns
fails 2 "min-count must be at least 1" ns-encode -p symbol --min-count 0 series.ns
fails 2 "cannot be combined" ns-encode -A codec.ns --min-count 3 series.ns
fails 65 "the codec is one of packets" ns-encode -A scodec.ns -o got.ns ports.ns

# More values than have symbols of their own: 300 hosts and ports of two flows, 60 of one.
# Ports are apart, those of one flow system ports; or close together, a list of which those
# of two flows come again and again; or drawn from a range, as ephemeral ones.
grouped() {
	awk -v ports="${1:-apart}" 'BEGIN {
		x = 1
		print "srcip,dstip,srcport,dstport,proto,ts,td,pkt,byt,type"
		for (i = 0; i < 660; i++) {
			h = i < 600 ? i % 300 : i
			printf h % 3 == 2 ? "2001:db8::%x,2001:db8::" : "10.0.%d.7,10.0.0.1",
				h % 3 == 2 ? h + 4096 : h % 256
			x = x * 16807 % 2147483647
			port = h < 300 ? 1100 + 211 * h : h - 200
			if (ports != "apart")
				port = ports == "list" ? 20000 + 7 * h : 20480 + x % 1536
			printf ",%d,%d,17,%d,0,1,%d,x\n", port, i < 300 ? 53 : 123,
				1700000000 + i, 60 + i % 4
		}
	}'
}
grouped | ns-ingest -q --time-unit s -f csv | ns-chunk -n 1 -o hosts.ns
fields() { ns-cat -H "$1" | grep -o "^    $2[^ ]* category[^ ]*"; }
ns-encode -p symbol -o got.ns hosts.ns
is "groups, their index, and octets for the rest" "$(fields got.ns client)" \
"    client category[256]
    client.i category[2]
    client.0 category[256]
    client.1 category[256]"
is "all of them back" "$(ns-decode -f csv got.ns)" "$(grouped)"
is "what occurs once is not in the codec" "$(ns-encode -z 0 -p symbol hosts.ns | grep -acE 'value 4[0-5][0-9]$')" 0
is "what occurs twice is" "$(ns-encode -z 0 -p symbol hosts.ns | grep -ac -e 'value 63978' -e 'value 64189')" 2
ns-encode -p symbol --min-count 1 -o got.ns hosts.ns
is "no octets where all are known" "$(fields got.ns client)" \
"    client category[255]
    client.i category[3]"
is "all of them back" "$(ns-decode -f csv got.ns)" "$(grouped)"
ns-encode -p symbol --min-count 3 -o got.ns hosts.ns
is "no groups where few are known" "$(fields got.ns client)" \
"    client category
    client.0 category[256]
    client.1 category[256]"
is "all of them back" "$(ns-decode -f csv got.ns)" "$(grouped)"
grouped list | ns-ingest -q --time-unit s -f csv | ns-chunk -n 1 -o list.ns
grouped drawn | ns-ingest -q --time-unit s -f csv | ns-chunk -n 1 -o drawn.ns
is "ports of a range come again, too" "$(grouped drawn | cut -d , -f 3 | sort | uniq -d | grep -c .)" 119
for least in 1 2; do
	ns-encode -p symbol --min-count $least -o got.ns list.ns
	is "ports of a list are known, --min-count $least" "$(fields got.ns client)" \
"    client category[256]
    client.i category[2]
    client.0 category[256]
    client.1 category[256]"
	is "all of them back" "$(ns-decode -f csv got.ns)" "$(grouped list)"
	ns-encode -p symbol --min-count $least -o got.ns drawn.ns
	is "among others like it no port is known, --min-count $least" "$(fields got.ns client)" \
"    client category
    client.0 category[256]
    client.1 category[256]"
	is "all of them back" "$(ns-decode -f csv got.ns)" "$(grouped drawn)"
done

# Streams of earlier days are still read.
is "a trace without answers is encoded as it was once" "$(ns-encode -p symbol list.ns | ns-cat -T)" \
	"$(ns-cat -T "$data/stream/groups.ns")"
is "groups encoded once" "$(ns-decode -f csv "$data/stream/groups.ns")" "$(grouped list)"
is "what was encoded once" "$(ns-decode -f csv "$data/stream/symbol.ns" | cut -d , -f 1-5,7-)" "$(cat "$data/stream/symbol.csv")"

# Refusals.
fails 65 "^ns-encode: of 4 chunks these are missing: 1, 3$" ns-encode part-0.ns part-2.ns
fails 65 "^ns-encode: chunk 2 comes twice, from 'part-2.ns' and 'series.ns'$" ns-encode part-2.ns series.ns
fails 65 "^ns-encode: flows.ns: .*(2|flows)" ns-encode series.ns flows.ns
fails 65 "the codec is one of packets, the series are of flows" ns-encode -A codec.ns flows.ns
fails 65 "carries no codec|a series stream|tensor" ns-encode -A series.ns series.ns
fails 65 "tensor stream where a series stream is needed" ns-encode train.ns
fails 2 "cannot be combined" ns-encode -A codec.ns -s 3 series.ns
fails 2 "cannot be combined" ns-encode -F x.ns -o y.ns series.ns
fails 2 "no profile 'bits'; there are netshare and symbol" ns-encode -p bits series.ns
fails 2 "may hold one %d" ns-encode -o 'x%s.ns' series.ns
fails 2 "Y" ns-encode -Y series.ns
fails 74 "none.ns" ns-encode none.ns
head -c 3000 series.ns >cut.ns
fails 65 "cut.ns" ns-encode -o never.ns cut.ns
head -c 200000 many.ns >cut.ns
fails 65 "cut.ns" ns-encode -o never.ns cut.ns
fails 74 "^ns-encode: .*File too large$" \
	sh -c "trap '' XFSZ; ulimit -f 200; ns-encode -S 0 -o never.ns many.ns"
is "no output of a bad input" "$(ls never.ns 2>/dev/null)" ""
if [ -c /dev/full ]; then
	ns-encode series.ns >/dev/full 2>err
	is "a full disk" $? 74
fi

done_testing
