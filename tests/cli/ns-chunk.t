#!/bin/sh
# ns-chunk: windows, counts, files, and what it refuses.
. "$(dirname "$0")/lib.sh"

cat >five.csv <<'CSV'
srcip,dstip,srcport,dstport,proto,ts,pkt_len,tos,id,flag,off,ttl,tcpflags
10.0.0.1,10.0.0.2,1000,80,6,1000,40,0,1,2,0,64,2
10.0.0.2,10.0.0.1,80,1000,6,1010,40,0,2,2,0,64,18
10.0.0.1,10.0.0.2,1000,80,6,1020,40,0,3,2,0,64,16
10.0.0.3,10.0.0.2,53,53,17,1050,60,0,4,0,0,64,0
10.0.0.1,10.0.0.2,1000,80,6,1099,40,0,5,2,0,64,17
CSV
ns-ingest -q --time-unit us -o five.ns five.csv

# ids FILE: the packets of each chunk by their id, one chunk a line
ids() {
	rm -f part-*
	ns-chunk -q -o 'part-%03d.ns' "$@" || return
	for f in part-*; do
		ns-decode -f csv "$f" | sed 1d | cut -d , -f 9 | tr '\n' ' '
		echo .
	done
}
meta() { # meta FILE KEY...: values in the head, in order
	f=$1
	shift
	for k; do
		ns-cat -H "$f" | sed -n "s/.*$k=//p" | tr '\n' ' '
	done
}

is 'two equal spans' "$(ids -n 2 five.ns)" '1 2 3 .
4 5 .'
is 'an empty chunk is kept' "$(ids -n 4 five.ns)" '1 2 3 .
.
4 .
5 .'
is 'equal counts' "$(ids -n 2 -b count five.ns)" '1 2 .
3 4 5 .'
is 'chunks of a duration' "$(ids -d 50us five.ns 2>&1 || true)" "$(ids -d 0.00005s five.ns 2>&1 || true)"
is 'a window' "$(ids -n 2 --from 0.00101 --to 0.00106 five.ns)" '2 3 .
4 .'
is 'a window in words' "$(ids -n 1 --from 1970-01-01T00:00:00.00102Z five.ns)" '3 4 5 .'
is 'outside is told' "$(ns-chunk --from 0.00102 -n 1 -o x.ns five.ns 2>&1)" \
	'ns-chunk: 2 records outside the window were left out'
is 'and in the stream' "$(meta x.ns chunk.outside trace.records)" '2 3 '
is 'one file a chunk joins to the whole' "$(ids -n 3 five.ns >all; cat part-* | cksum)" \
	"$(ns-chunk -n 3 five.ns | cksum)"
ns-chunk -n 2 -o two.ns five.ns
is 'where chunks lie' "$(meta part-000.ns chunk.t0_ns chunk.len_ns chunk.series chunk.records)" \
	'1000000 33000 2 3 '
is 'the trace of each' "$(meta part-000.ns trace.t0_ns trace.len_ns trace.records trace.max_steps source.time_unit)" \
	'1000000 99001 5 2 us '
ns-chunk -n 1 --max-steps 2 -o cut.ns five.ns
is 'longer series are cut' "$(meta cut.ns chunk.steps_cut chunk.series trace.max_steps)" '1 4 2 '
is 'nothing is lost by that' "$(ns-decode -f csv cut.ns)" "$(ns-decode -f csv five.ns)"
is 'files and joined streams alike' "$(cat five.ns five.ns | ns-chunk --no-prov | ns-decode -f csv)" \
	"$(ns-chunk --no-prov five.ns five.ns | ns-decode -f csv)"
ok 'memory changes nothing' sh -c 'ns-chunk five.ns >a && ns-chunk -S 1 five.ns >b && cmp a b'

fails 2 '^ns-chunk: -n must lie in 1 .. 4096' ns-chunk -n 0 five.ns
fails 2 '^ns-chunk: -n must lie in 1 .. 4096' ns-chunk -n 4097 five.ns
fails 2 '^ns-chunk: -d cannot be combined' ns-chunk -n 2 -d 5s five.ns
fails 2 '^ns-chunk: -d cannot be combined' ns-chunk -b count -d 5s five.ns
fails 2 "^ns-chunk: -b is 'time' or 'count', not 'size'" ns-chunk -b size five.ns
fails 2 "^ns-chunk: --from: 'noon' is no time" ns-chunk --from noon five.ns
fails 2 '^ns-chunk: --from must lie before --to' ns-chunk --from 5 --to 5 five.ns
fails 2 '^ns-chunk: --max-steps must be at least 1' ns-chunk --max-steps 0 five.ns
fails 2 '^ns-chunk: --max-steps 1000000: at most [0-9]+ steps fit' ns-chunk --max-steps 1000000 five.ns
fails 2 "^ns-chunk: -o 'c%s' may hold one %d" ns-chunk -o c%s five.ns
fails 2 '^ns-chunk: -o ' ns-chunk -o '%d%d' five.ns
fails 2 '^ns-chunk: -d would make 99001 chunks' ns-chunk -d 1ns five.ns
fails 2 '^ns-chunk: the window is too short' ns-chunk --from 0.001 --to 0.001000005 five.ns
fails 65 '^ns-chunk: none of 5 records lies in the window' ns-chunk --from 7 five.ns
: >empty
fails 65 '^ns-chunk: .*empty' ns-chunk empty
echo text >text
fails 65 '^ns-chunk: .*text' ns-chunk text
fails 65 '^ns-chunk: .*is a directory' ns-chunk .
fails 74 "^ns-chunk: cannot open 'missing'" ns-chunk missing
head -c 200 five.ns >short.ns
fails 65 '^ns-chunk: .*short.ns' ns-chunk -o never.ns short.ns
ok 'no output of a failure' test ! -e never.ns
fails 65 'two.ns: a series stream where a packet or flow stream is needed' ns-chunk two.ns
head -n 1 five.csv >none.csv
ns-ingest -q --time-unit us -o none.ns none.csv 2>none.err
fails 65 '^ns-chunk: the trace has no records' ns-chunk none.ns
fails 73 '^ns-chunk: ' ns-chunk -o no/such/folder five.ns
if [ -w /dev/full ]; then
	n_tests=$((n_tests + 1))
	ns-chunk five.ns >/dev/full 2>err
	[ $? = 74 ] && echo "ok $n_tests - a full disk" || echo "not ok $n_tests - a full disk"
else
	skip 'a full disk' 'no /dev/full'
fi
seq -f '10.0.0.1,10.0.0.2,1,2,TCP,%.0f,0,1,40,x' 30000 |
	sed '1i srcip,dstip,srcport,dstport,proto,ts,td,pkt,byt,type' >many.csv
ns-ingest -q --time-unit s -o many.ns many.csv 2>err
for n in 1 3; do
	ns-chunk -S 2M -t $n -o "threads-$n.ns" many.ns
done
ns-chunk -o memory.ns many.ns
ok 'threads change nothing' cmp threads-1.ns threads-3.ns
ok 'nor do they with a spill' cmp threads-3.ns memory.ns
fails 2 '^ns-chunk: -t must be 1 to 1024' ns-chunk -t 0 many.ns
for n in 1 2; do # more than one run of the sort
	fails 74 '^ns-chunk: temporary file: .*File too large$' \
		sh -c "trap '' XFSZ; ulimit -f 2000; ns-chunk -S 2M -t $n -o never.ns many.ns"
done
fails 74 '^ns-chunk: standard output: write failed' sh -c 'ns-chunk -S 1M many.ns >&-'
done_testing
