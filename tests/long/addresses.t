#!/bin/sh
# The addresses of real captures, mapped by key, are those that nfanon makes of them.  Only
# IPv4: nfanon's IPv6 is not what the method says (tests/ref/cryptopan.py).
. "$(dirname "$0")/lib.sh"
hex=1522178d33a4cf80130a5b1649907d10d8988f837979652762574c2d2a842202
echo $hex >map.key

if ! command -v nfanon >/dev/null || ! command -v nfpcapd >/dev/null; then
	skip "nfanon maps alike" "no nfdump"
	done_testing
	exit 0
fi
if ns-encode --map-key map.key /dev/null 2>&1 | grep -q 'built without libnettle'; then
	skip "nfanon maps alike" "built without libnettle"
	done_testing
	exit 0
fi

# pairs FILE: "source destination" of each flow of one of nfdump's files, in order.
pairs() {
	nfdump -q -r "$1" -o 'fmt:%sa %da' | awk 'NF == 2 && $1 ~ /^[0-9.]+$/ { print $1, $2 }'
}

# judged CAPTURE: "address mapped" of all its IPv4 addresses, as nfanon has it.
judged() {
	rm -rf flows
	mkdir flows
	nfpcapd -r "$1" -w flows >nfpcapd.log 2>&1
	for f in flows/nfcapd.*; do
		nfanon -q -K 0x$hex -r "$f" -w anon.nf >nfanon.log 2>&1
		pairs "$f" >before
		pairs anon.nf >after
		paste -d ' ' before after
	done | awk '{ print $1, $3; print $2, $4 }' | sort -u
}

# ours: the same for addresses on standard input, as the sources of flows a second apart.
ours() {
	sort -u >asked
	awk 'BEGIN { print "srcip,dstip,srcport,dstport,proto,ts,td,pkt,byt,type" }
		{ printf "%s,192.0.2.1,1000,53,17,%d,0,1,60,x\n", $1, 1700000000 + NR }' asked |
		ns-ingest -q --time-unit s -f csv | ns-chunk -n 1 | ns-encode --map-key map.key |
		ns-decode -f csv | tail -n +2 | sort -t , -n -k 6,6 | cut -d , -f 1 |
		paste -d ' ' asked - | sort
}

for name in caida-small mixed-skype ics-cip; do
	for file in "$traces/pcap/$name".pcap*; do
		break
	done
	if [ ! -e "$file" ]; then
		skip "$name: nfanon maps alike" "no such capture"
		continue
	fi
	judged "$(unpacked "$file")" >want
	cut -d ' ' -f 1 want | ours >got
	ok "$name: there are addresses" test "$(wc -l <want)" -gt 1
	ok "$name: nfanon maps all $(wc -l <want) alike" cmp got want
done
done_testing
