#!/bin/sh
# ns-encode --map-key and --map-prefix: no address of the trace is left, all else is as it
# was, in both profiles, for packets and flows, IPv4 and IPv6.
. "$(dirname "$0")/lib.sh"

# The key that Crypto-PAn was published with.
printf '1522178d33a4cf80130a5b1649907d10d8988f837979652762574c2d2a842202\n' >hex.key
printf '\025\042\027\215\063\244\317\200\023\012\133\026\111\220\175\020\330\230\217\203\171\171\145\047\142\127\114\055\052\204\042\002' >raw.key
if ns-encode --map-key hex.key /dev/null 2>&1 | grep -q 'built without libnettle'; then
	cipher=no
else
	cipher=yes
fi

# Flows of both versions among 40 networks, some over several chunks.
awk 'BEGIN {
	print "srcip,dstip,srcport,dstport,proto,ts,td,pkt,byt,type"
	for (i = 0; i < 900; i++) {
		h = i % 300
		if (h % 3 == 2)
			printf "2001:db8:%x::%x,2001:db8:ff::1", h % 20, h
		else
			printf "131.%d.0.%d,128.11.68.132", h % 40, h % 250
		printf ",%d,%d,17,%d,0,1,%d,x\n", 20000 + h, h % 2 ? 53 : 123, 1700000000 + i, 60 + i % 4
	}
}' | ns-ingest -q --time-unit s -f csv | ns-chunk -n 3 -o flows.ns
ns-ingest -q "$top/share/demo/westermo.pcap" | ns-chunk -n 4 -o packets.ns

# rows STREAM: its records; of rows in a file whose first address is column N: rest FILE N,
# all but the addresses; hosts FILE N, the addresses; tuples FILE N, the five-tuples.
rows() { ns-decode "$1" | ns-cat -T | tail -n +2; }
rest() { awk -F '\t' -v OFS='\t' -v s="$2" '{ $s = $(s + 1) = ""; print }' "$1" | sort; }
hosts() { cut -f "$2,$(($2 + 1))" "$1" | tr '\t' '\n' | sort -u; }
tuples() { cut -f "$2-$(($2 + 4))" "$1" | sort -u; }

# mapped TRACE PATTERN OPTION...: what has to hold of it; every address is like PATTERN.
mapped() {
	trace=$1 like=$2
	shift 2
	at=3
	[ $trace = flows ] || at=2
	for profile in netshare symbol; do
		ns-encode -p $profile $trace.ns | rows - >was
		ns-encode -p $profile "$@" -o got.ns $trace.ns
		is "$trace, $profile, $*" $? 0
		rows got.ns >is
		is "  every address is one of those wanted" "$(hosts is "$at" | grep -cvE "$like")" 0
		is "  as many hosts" "$(hosts is "$at" | wc -l)" "$(hosts was "$at" | wc -l)"
		is "  as many five-tuples" "$(tuples is "$at" | wc -l)" "$(tuples was "$at" | wc -l)"
		is "  none of the trace's own" \
			"$(hosts was "$at" >own; hosts is "$at" | comm -12 own - | wc -l)" 0
		rest was "$at" >was.rest
		rest is "$at" >is.rest
		ok "  all other fields as before" cmp was.rest is.rest
		ns-encode -p $profile "$@" -t 1 -S 0 -o again.ns $trace.ns
		ok "  equal bytes" cmp again.ns got.ns
		is "  flows are those of the trace" "$(same_flows "$at")" same
	done
}

# Two addresses of a record before and after: one address becomes one, and back.
same_flows() {
	# Ports, times and lengths tell which record is which where they are unique.
	awk -F '\t' -v s="$1" '
	function rest(    i, r) { for (i = 1; i <= NF; i++) if (i != s && i != s + 1) r = r FS $i; return r }
	FNR == NR { r = rest(); n[r]++; src[r] = $s; dst[r] = $(s + 1); next }
	{
		r = rest()
		if (n[r] != 1)
			next
		pairs++
		pair(src[r], $s)
		pair(dst[r], $(s + 1))
	}
	function pair(a, b) {
		if ((a in to && to[a] != b) || (b in from && from[b] != a))
			bad++
		to[a] = b
		from[b] = a
	}
	END { print bad || !pairs ? bad " of " pairs " differ" : "same" }' was is
}

mapped flows '^(10\.[0-9.]+|fd00:[0-9a-f:]+)$' --map-prefix 10.0.0.0/8,fd00::/16
mapped flows '^(192\.0\.2\.[0-9]+|198\.51\.100\.[0-9]+|2001:db8:aa[0-9a-f:]+)$' \
	--map-prefix 192.0.2.0/24,198.51.100.0/24,2001:db8:aa00::/40
mapped packets '^172\.(1[6-9]|2[0-9]|3[01])\.' --map-prefix 172.16.0.0/12
ns-encode --map-prefix 192.0.2.0/24,198.51.100.0/24,2001:db8:aa00::/40 flows.ns | rows - >is
is "first and last address of a prefix are not used" "$(hosts is 3 | grep -cE '\.(0|255)$')" 0
is "one's own prefixes are all used" "$(hosts is 3 | cut -d : -f 1-2 | sed 's/\.[0-9]*$//' | sort -u | paste -sd ' ')" \
	"192.0.2 198.51.100 2001:db8"

# What was fitted and what is applied, in one run a chunk file, and by chunk.
wide='--map-prefix 10.0.0.0/20,fd00::/16'
ns-encode $wide -o want.ns flows.ns
ns-encode $wide -F codec.ns flows.ns
ns-encode $wide -A codec.ns -o got.ns flows.ns
is "-F and -A map alike" "$(ns-cat -T got.ns | cksum)" "$(ns-cat -T want.ns | cksum)"
ns-encode $wide -A codec.ns -o 'c%d.ns' flows.ns
is "a file a chunk, too" "$(cat c0.ns c1.ns c2.ns | ns-cat -T | cksum)" "$(ns-cat -T want.ns | cksum)"
ns-ingest -q "$top/share/demo/westermo.pcap" | ns-chunk -n 3 -o 'part-%d.ns'
fails 65 "^ns-encode: part-1.ns: chunk 1 where chunk 0 is due: --map-prefix needs them in order" \
	ns-encode --map-prefix 10.0.0.0/8 part-1.ns part-0.ns part-2.ns
ns-encode --map-prefix 10.0.0.0/8 -F codec.ns part-?.ns
fails 65 "part-2.ns: chunk 2 where chunk 0 is due" \
	ns-encode --map-prefix 10.0.0.0/8 -A codec.ns -o never.ns part-2.ns
ok "a first chunk alone" ns-encode --map-prefix 10.0.0.0/8 -A codec.ns -o one.ns part-0.ns

# No room, and versions without a prefix.
fails 65 "^ns-encode: --map-prefix has room for 30 IPv4 addresses, 201 different ones were read$" \
	ns-encode --map-prefix 10.0.0.0/27,fd00::/8 -o never.ns flows.ns
fails 65 "^ns-encode: --map-prefix has room for 4 IPv6 addresses, 101 different ones were read$" \
	ns-encode --map-prefix 10.0.0.0/8,fd00::/126 -o never.ns flows.ns
ns-encode --map-prefix 10.0.0.0/8,fd00::/8 -F codec.ns flows.ns
fails 65 "^ns-encode: --map-prefix has room for 30 IPv4 addresses, [0-9]+ different ones were read$" \
	ns-encode --map-prefix 10.0.0.0/27,fd00::/8 -A codec.ns -o never.ns flows.ns
fails 65 "^ns-encode: flows.ns: an IPv6 address, but --map-prefix has no IPv6 prefix$" \
	ns-encode --map-prefix 10.0.0.0/8 -o never.ns flows.ns
fails 65 "^ns-encode: flows.ns: an IPv4 address, but --map-prefix has no IPv4 prefix$" \
	ns-encode --map-prefix fd00::/8 -o never.ns flows.ns
fails 2 "^ns-encode: option --map-prefix: '10.0.0.1/8' has bits behind its length$" \
	ns-encode --map-prefix 10.0.0.1/8 flows.ns
fails 2 "'10.1.0.0/16' overlaps another prefix" ns-encode --map-prefix 10.0.0.0/8,10.1.0.0/16 flows.ns
fails 2 "'10.0.0.0' is no prefix such as" ns-encode --map-prefix 10.0.0.0 flows.ns
fails 2 "'::ffff:0.0.0.0/96' holds mapped IPv4" ns-encode --map-prefix ::ffff:0.0.0.0/96 flows.ns
is "no output of what failed" "$(ls never.ns 2>/dev/null)" ""

# Without libnettle the option is refused; all else is there.
build=${NS_BUILD:-build}
case $build in /*) ;; *) build=$top/$build ;; esac
case $build in
*/san-*) skip "built without libnettle" "the libraries are those with sanitizers" ;;
*)
	mkdir plain
	cp -Rp "$build"/lib*.a "$build/common" plain/
	make -s -C "$top" B="$work/plain" NETTLE=none OPT=-O1 "$work/plain/bin/ns-encode" >make.out 2>&1
	is "built without libnettle" $? 0
	fails 2 "^ns-encode: option --map-key: built without libnettle$" \
		plain/bin/ns-encode --map-key hex.key flows.ns
	plain/bin/ns-encode $wide -o got.ns flows.ns
	ok "prefixes need no libnettle" cmp got.ns want.ns
	;;
esac

if [ $cipher = no ]; then
	skip "--map-key" "built without libnettle"
	done_testing
	exit 0
fi
mapped flows . --map-key hex.key
mapped packets . --map-key raw.key
mapped packets '^10\.' --map-key raw.key --map-prefix 10.0.0.0/8
mapped flows '^(10\.|[0-9a-f:]+$)' --map-key raw.key --map-prefix 10.0.0.0/8

# Values that are known, and what is said of it.
ns-encode --map-key hex.key flows.ns | rows - >is
is "the published value" "$(hosts is 3 | grep -c '^135\.242\.180\.132$')" 1
is "and one of IPv6" "$(hosts is 3 | grep -c '^4401:2bc:60ff:39c3:e3ff:7e:f7f2:3f11$')" 1
ns-encode --no-prov --map-key hex.key -o a.ns flows.ns
ns-encode --no-prov --map-key raw.key -o b.ns flows.ns
ok "both forms of the key are one" cmp a.ns b.ns
mkdir secret
cp hex.key secret/
ns-encode -v -v -z 0 --map-key secret/hex.key -o got.ns flows.ns 2>log
is "provenance says that it was done" "$(ns-cat -H got.ns | grep -c -- '--map-key=hex.key')" 3
bytes() { od -An -v -tx1 "$1" | tr -d ' \n'; }
for half in 1522178d33a4cf80 130a5b1649907d10 d8988f8379796527 62574c2d2a842202; do
	is "no byte of the key in the output" "$(cat got.ns log | grep -ac "$half")" 0
	is "nor as it is" "$(bytes got.ns | grep -c "$half")" 0
done
ns-encode -z 0 --map-key hex.key -F codec.ns flows.ns
is "-F: none of the trace's addresses" \
	"$(bytes codec.ns | grep -cE '800b4484|20010db800ff0000')" 0
ns-encode --map-key hex.key -F codec.ns part-?.ns
for part in 2 0 1; do
	ns-encode --map-key hex.key -A codec.ns -o k$part.ns part-$part.ns
done
ns-encode --map-key hex.key part-?.ns >want.ns
is "by key chunks come alone and in any order" "$(cat k0.ns k1.ns k2.ns | ns-cat -T | cksum)" "$(ns-cat -T want.ns | cksum)"

head -c 31 raw.key >short.key
fails 65 "^ns-encode: short.key: a key is 32 bytes or 64 hexadecimal digits, not 31 bytes$" \
	ns-encode --map-key short.key flows.ns
cat raw.key raw.key raw.key >long.key
fails 65 "not over 64 bytes$" ns-encode --map-key long.key flows.ns
cat raw.key raw.key >no-hex.key
fails 65 "a key of 64 bytes is in hexadecimal digits$" ns-encode --map-key no-hex.key flows.ns
fails 65 "not 0 bytes$" ns-encode --map-key /dev/null flows.ns
fails 74 "^ns-encode: cannot open 'none.key'" ns-encode --map-key none.key flows.ns
fails 2 "needs a file" ns-encode --map-key - flows.ns
done_testing
