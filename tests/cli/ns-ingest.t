#!/bin/sh
# ns-ingest: captures and CSV in, records out, and what it refuses.
. "$(dirname "$0")/lib.sh"

bytes() { # bytes HEX...: to stdout
	perl -e 'print pack "H*", join "", @ARGV' "$@"
}

# A capture: file header of link type $1, then records "SECONDS MICROSECONDS HEX" of stdin.
capture() {
	perl -e '
		print pack "VvvVVVV", 0xa1b2c3d4, 2, 4, 0, 0, 65535, shift;
		while (<STDIN>) {
			my ($s, $us, $hex) = split;
			my $p = pack "H*", $hex;
			print pack("VVVV", $s, $us, length $p, length $p), $p;
		}' "$1"
}

ether=020000000001020000000002
syn=450000280001400040060000c0000201c000020203e8005000000001000000005002ffff00000000
query=4500001c0002000040110000c0000201c00002020400003500080000
echo=4500001c0003200040010000c0000202c00002010800000000000000
later=450000180003000140010000c0000202c000020100000000
six=6000000000081140200100000000000000000000000000012001000000000000000000000000000203e8003500080000

{
	echo "1000 5 ${ether}0800$syn"
	echo "1000 6 ${ether}0806$query"
	echo "1000 7 ${ether}81000001""0800$query"
	echo "1000 1000008 ${ether}0800$echo"
	echo "1001 9 ${ether}0800$later"
	echo "1001 10 ${ether}86dd$six"
	echo "1001 11 ${ether}8847$syn"
	echo "1001 12 ${ether}0806$query"
} | capture 1 >small.pcap

ns-ingest -o small.ns small.pcap 2>err
is 'status' $? 0
is 'what is left out is said in one line' "$(cat err)" \
	'ns-ingest: 3 of 8 packets not modelled: arp 2, mpls 1'
is 'packets' "$(ns-cat -T small.ns | cut -f 1-6)" "$(printf '%s\t%s\t%s\t%s\t%s\t%s\n' \
	t_ns src_ip dst_ip src_port dst_port proto \
	1000000005000 192.0.2.1 192.0.2.2 1000 80 6 \
	1000000007000 192.0.2.1 192.0.2.2 1024 53 17 \
	1001000008000 192.0.2.2 192.0.2.1 0 0 1 \
	1001000009000 192.0.2.2 192.0.2.1 0 0 1 \
	1001000010000 2001::1 2001::2 1000 53 17)"
column() { # column NAME FILE
	ns-cat -T "$2" | awk -F '\t' -v n="$1" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == n) c = i }
		NR > 1 { printf "%s ", $c }'
}
is 'lengths' "$(column ip_len small.ns)" '40 28 28 24 48 '
is 'identification' "$(column ip_id small.ns)" '1 2 3 3 0 '
is 'IP flags' "$(column ip_flags small.ns)" '2 0 1 0 0 '
is 'fragment offset' "$(column frag_off small.ns)" '0 0 0 1 0 '
is 'TCP flags' "$(column tcp_flags small.ns)" '2 0 0 0 0 '
is 'ICMP type, of the first fragment only' "$(column icmp_type small.ns)" '0 0 8 0 0 '
is 'counters' "$(ns-cat -H small.ns | grep -oE '(ingest|source|trace)\.[a-z._]+=[a-z0-9]+' | sort)" \
	"$(printf '%s\n' ingest.read=8 ingest.records=5 ingest.skipped.arp=2 \
		ingest.skipped.mpls=1 source.format=pcap source.time_unit=us trace.kind=packet)"
is 'quiet' "$(ns-ingest -q small.pcap 2>&1 >q.ns)" ''
ok 'standard input is the same' sh -c \
	'ns-ingest -q <small.pcap | ns-cat -T >a && ns-cat -T small.ns | cmp a -'
ok 'a pipe in single bytes is the same' sh -c \
	'dd if=small.pcap bs=1 2>/dev/null | ns-ingest -q | ns-cat -T | cmp a -'
ok 'the source is named in the provenance' sh -c 'ns-cat -H small.ns | grep -q small.pcap'
ok 'equal input, equal bytes' sh -c 'ns-ingest -q small.pcap | cmp q.ns -'

# Options.
records() {
	ns-ingest -q "$@" | ns-cat -T | sed 1d | wc -l
}
is '-n stops early' "$(records -n 2 small.pcap)" 2
# shellcheck disable=SC2016 # the inner shell expands it
ok '-n: equal bytes, however the pipe is filled' sh -c '
	(head -c 200 small.pcap; sleep 0.2; tail -c +201 small.pcap) | ns-ingest -qn 2 >n1 &&
	ns-ingest -qn 2 <small.pcap | cmp n1 -'
is '-F keeps what matches' "$(records -F 'udp port 53' small.pcap)" 1
is '-F of another link type' "$(capture 101 <<P | records -F 'tcp[13] & 2 != 0' -
5 0 $syn
5 1 $query
P
)" 1
ns-ingest -q -L good -o l.ns small.pcap
is '-L labels' "$(column label l.ns)" 'good good good good good '
fails 65 "^ns-ingest: small.pcap: packet 2 is not modelled: arp$" ns-ingest --strict -o s.ns small.pcap
ok 'nothing under the final name' test ! -e s.ns
is 'files are merged by time' "$(ns-ingest -q small.pcap small.pcap | ns-cat -T | sed 1d | cut -f 1 | uniq -c |
	awk '{ printf "%s ", $1 }')" '2 2 2 2 2 '

# Other link types and formats.
echo "5 0 $syn" | capture 105 >wifi.pcap
fails 65 '^ns-ingest: wifi.pcap: link type 105 \(IEEE802_11\) is not modelled$' ns-ingest wifi.pcap
# pcapng: interfaces of raw IP and of 802.11, one packet each.
block() { # block TYPE BODY: hex, little-endian
	perl -e 'my $b = pack "H*", $ARGV[1]; my $n = pack "V", 12 + length $b;
		print pack("V", hex $ARGV[0]), $n, $b, $n' "$1" "$2"
}
{
	block 0a0d0d0a 4d3c2b1a01000000ffffffffffffffff
	block 1 6500000000000000
	block 1 6900000000000000
	block 6 0000000000000000010000002800000028000000$syn
	block 6 0100000000000000020000002800000028000000$syn
} >mixed.pcapng
is 'mixed link types are counted' "$(ns-ingest mixed.pcapng 2>&1 >m.ns)" \
	'ns-ingest: 1 of 2 packets not modelled: link_type 1'
is 'the packet of the other' "$(column t_ns m.ns)" '1000 '

# Damage.
: >empty
head -c 100 small.pcap >cut.pcap
echo 'once upon a time' >text
bytes 1f8b0800 >gz
fails 65 "^ns-ingest: empty: empty$" ns-ingest -o s.ns empty
fails 65 "^ns-ingest: '\.' is a directory$" ns-ingest -o s.ns .
fails 65 "^ns-ingest: text: neither a capture nor CSV: line 1 names none of the columns$" ns-ingest -o s.ns text
fails 65 '^ns-ingest: cut.pcap: cut off inside a record, after 1 packets$' ns-ingest -o s.ns cut.pcap
fails 65 '^ns-ingest: gz: compressed by gzip: unpack it first$' ns-ingest -o s.ns gz
fails 65 '^ns-ingest: small.ns: a record stream already$' ns-ingest -o s.ns small.ns
fails 65 '^ns-ingest: /dev/zero: neither a capture nor CSV$' ns-ingest -o s.ns /dev/zero
fails 74 "^ns-ingest: cannot open 'none.pcap': No such file" ns-ingest -o s.ns none.pcap
ok 'nothing under the final name' test ! -e s.ns
ns-ingest -q cut.pcap >part.ns 2>err
fails 65 'ns-cat' ns-cat -C part.ns
if [ -c /dev/full ]; then
	# shellcheck disable=SC2016 # the inner shell expands it
	fails 74 '^ns-ingest: ' sh -c 'ns-ingest -q small.pcap >/dev/full'
else
	skip 'a full disk' 'no /dev/full'
fi

{
	cat small.pcap
	for i in $(seq 300); do
		tail -c +25 small.pcap
	done
} >larger.pcap
fails 74 '^ns-ingest: kept.ns: write failed: File too large$' \
	sh -c 'ulimit -f 1; ns-ingest -q -z 0 -o kept.ns larger.pcap'
is 'nothing is left of it' "$(echo kept.*)" 'kept.*'

# Descriptors that the caller has closed are not given to files of our own.
ns-ingest -v -o quiet.ns small.pcap 2>&-
is 'standard error closed' "$? $(ns-cat -C quiet.ns | tail -n 1 | cut -f 5)" '0 5'
fails 74 "^ns-ingest: cannot read 'standard input': Bad file" sh -c 'ns-ingest -o s.ns <&-'

# Signals take the temporary file with them.
mkdir kept
mkfifo slow
ns-ingest -o kept/s.ns slow &
pid=$!
i=0
while [ -z "$(ls kept)" ] && [ $i -lt 100 ]; do
	sleep 0.1
	i=$((i + 1))
done
kill -TERM $pid
wait $pid 2>/dev/null
is 'TERM' "$? $(ls kept)" '143 '
perl -e 'pipe R, W; close R; open STDERR, ">&W"; exec @ARGV' \
	ns-ingest -v -o kept/s.ns small.pcap
is 'standard error that nobody reads' "$? $(ls kept)" '141 '

# Command lines.
fails 2 'auto, pcap, csv' ns-ingest -f erf small.pcap
fails 2 's, ms, us or ns' ns-ingest --time-unit day small.pcap
fails 2 '--time-unit is for CSV' ns-ingest --time-unit us small.pcap
fails 2 '-i takes no files' ns-ingest -i lo small.pcap
fails 2 "filter 'fish'" ns-ingest -F fish small.pcap
fails 2 'compression level' ns-ingest -z 99 -o s.ns small.pcap

# CSV.
cat >flows.csv <<'CSV'
srcip,dstip,srcport,dstport,proto,ts,td,pkt,byt,type
1730436467,719036359,1,53,UDP,1458298072364000.0,305.63599999999997,62,1736,background
10.0.0.1,10.0.0.2,771,0,ICMP,1458298072364000,0,1,84,blacklist
b8:27:eb:15:88:9c,ff:ff:ff:ff:ff:ff,0,0,ARP,1458298072364001,0,1,60,background
CSV
ns-ingest -v -o f.ns flows.csv 2>err
is 'CSV talks at -v' "$(cat err)" 'ns-ingest: time_unit=us
ns-ingest: read=3 records=2 filtered=0 skipped=1 ports_dropped=1
ns-ingest: 1 of 3 rows not modelled: protocol 1'
is 'flows' "$(ns-cat -T f.ns)" "$(printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' \
	t_start_ns dur_ns src_ip dst_ip src_port dst_port proto n_pkts n_bytes tcp_flags type label \
	1458298072364000000 305636000000 103.36.93.115 42.219.159.199 1 53 17 62 1736 0 background '' \
	1458298072364000000 0 10.0.0.1 10.0.0.2 0 0 1 1 84 0 blacklist '')"
sed '2s/62/x12/' flows.csv >letter.csv
fails 65 "^ns-ingest: letter.csv: line 2, column 'pkt': 'x12' is not a number$" ns-ingest -o s.ns letter.csv
cut -d , -f 1-8,10 flows.csv >missing.csv
fails 65 "^ns-ingest: missing.csv: line 1: column 'byt' is missing$" ns-ingest -o s.ns missing.csv
sed 's/$/,1/;1s/1$/more/' flows.csv >more.csv
is 'columns not known are told' "$(ns-ingest more.csv 2>&1 >/dev/null | head -n 1)" \
	"ns-ingest: more.csv: columns not known are left out: 'more'"
fails 65 "^ns-ingest: 'small.pcap' holds packets, 'flows.csv' flows$" ns-ingest small.pcap flows.csv
fails 2 'a filter is for captures' ns-ingest -F tcp flows.csv
sed 's/,14[0-9.]*,/,7000,/' flows.csv >zero.csv
is 'a guess is told' "$(ns-ingest zero.csv 2>&1 >z.ns | head -n 1)" \
	"ns-ingest: zero.csv: ts is taken to be in us: --time-unit says otherwise"
is 'a unit given is not' "$(ns-ingest --time-unit ms zero.csv 2>&1 >z.ns | grep -c taken)" 0
is 'a unit given' "$(ns-ingest -q --time-unit ns flows.csv | ns-cat -T | sed -n 2p | cut -f 1)" 1458298072364000
done_testing
