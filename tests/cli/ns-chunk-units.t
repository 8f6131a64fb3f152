#!/bin/sh
# ns-chunk --unit: units are bounded and marked, and none has a say in what stays of others,
# in their series or in what ns-encode makes of these.  "both directions" finds units that are
# directed, "per unit" bounds that hold chunk by chunk, "without" a choice by anything but the
# unit's own records (counters, order of the input) and numbers that shift, "from the options"
# what is told from the data, "no pairs" and "encoded without" roles across units.
. "$(dirname "$0")/lib.sh"

# Conversations of 12 clients with 4 services, of 1 to 40 packets each way over up to 350 s;
# some have no answer, some are of one instant with others; a few packets are outside.
awk 'function rnd(n) { x = (x * 16807) % 2147483647; return x % n }
	BEGIN {
		x = 4711
		for (i = 0; i < 150; i++) {
			c = "10.0.0." rnd(12) + 1; s = "10.1.0." rnd(4) + 1
			sport = 1024 + rnd(20000); dport = rnd(3) ? 443 : 53; proto = dport == 53 ? "UDP" : "TCP"
			if (i % 15 == 4) { c = "10.1.0." rnd(4) + 1; if (c == s) s = "10.1.0.9" } # a service as a client
			if (i % 10 == 9) { sport = dport = 0; proto = "ICMP" }
			t = 980 + rnd(400); n = rnd(4) ? 1 + rnd(4) : 40; gap = rnd(3) ? 1 : 7
			for (k = 0; k < n; k++) {
				printf "%s,%s,%d,%d,%s,%d,60,0,%d,2,0,64,%d\n", c, s, sport, dport, proto, t + k * gap, i, proto == "TCP" ? 16 : 0
				if (i % 3 && k < 30)
					printf "%s,%s,%d,%d,%s,%d,80,0,%d,2,0,60,%d\n", s, c, dport, sport, proto, t + k * gap + i % 4, i, proto == "TCP" ? 16 : 0
			}
		}
	}' | sort -s -t , -k 6,6n >rows
take() { # take: rows as a stream of packets
	{ echo srcip,dstip,srcport,dstport,proto,ts,pkt_len,tos,id,flag,off,ttl,tcpflags; cat; } |
		ns-ingest -q -f csv --time-unit s
}
take <rows >all.ns
window='--from 1000 --to 1400 -n 4'
cut_units() { # cut_units OPTION...: of the stream on stdin
	# shellcheck disable=SC2086
	ns-chunk $window "$@"
}
meta() { # meta FILE KEY...: values in the first head, in order
	f=$1
	shift
	for k; do
		ns-cat -H "$f" | sed -n "s/.* $k=//p" | sed -n 1p | tr '\n' ' '
	done
}
# series FILE: unit, chunk, source, destination and ports, a line a series
series() {
	ns-cat -T "$1" | awk 'BEGIN { FS = "\t" } NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
		$at["step"] == 0 { print $at["unit"], $at["chunk"], $at["src_ip"], $at["dst_ip"], $at["src_port"], $at["dst_port"], $at["proto"], $at["n_steps"] }'
}
# most COLUMN...: greatest number of different values of these in one unit
most() {
	awk -v cols="$*" 'BEGIN { n = split(cols, c, " ") }
		{ k = $1; for (i = 1; i <= n; i++) k = k " " $c[i]; k = n ? k : k " " NR
		  if (!(k in seen)) { seen[k]; if (++count[$1] > max) max = count[$1] } }
		END { print max + 0 }'
}

cut_units --unit flow -v -o flow.ns all.ns 2>err
is 'nothing is told on stderr' "$(cat err)" ''
cut_units --unit src_ip --max-chunks-per-unit 4 --max-steps 7 -v -o src.ns all.ns 2>err
is 'nor of sources' "$(cat err)" ''
ok 'whole streams' ns-cat -K flow.ns src.ns
is 'bounds as given' "$(meta flow.ns privacy.unit privacy.max_series privacy.max_chunks privacy.max_steps)" 'flow 2 1 1000 '
is 'and others' "$(meta src.ns privacy.unit privacy.max_series privacy.max_chunks privacy.max_steps)" 'src_ip 16 4 7 '
is 'steps and window from the options' "$(meta flow.ns trace.max_steps trace.t0_ns trace.len_ns)" \
	'1000 1000000000000 400000000000 '
is 'records are those that stayed' "$(meta flow.ns trace.records)" "$(ns-cat -C flow.ns | awk '$1 == "total" { print $6 }') "
is 'what was left out is not in META' "$(ns-cat -H flow.ns | grep -cE 'outside|steps_cut')" 0
is 'a field more, nothing else' "$(ns-cat -H flow.ns | sed -n '/fields/,/metadata/p' | sort -u | grep -v metadata)" \
	"$({ ns-chunk -q all.ns | ns-cat -H | sed -n '/fields/,/metadata/p'; echo '    unit u64 attribute'; } | sort -u | grep -v metadata)"

series flow.ns >flow
series src.ns >src
is 'at most 2 series per unit' "$(most <flow)" 2
is 'in one chunk' "$(most 2 <flow)" 1
is 'at most 16 series per unit' "$(most <src)" 16
is 'in 4 chunks' "$(most 2 <src)" 4
is 'a unit is both directions of a conversation' \
	"$(awk '{ a = $3 " " $5; b = $4 " " $6; print $1, (a < b ? a " " b : b " " a), $7 }' flow | sort -u | wc -l)" \
	"$(cut -d ' ' -f 1 flow | sort -u | wc -l)"
is 'most have both' "$(most 3 <flow) $(cut -d ' ' -f 1 flow | uniq -d | wc -l)" "2 $(cut -d ' ' -f 1 flow | uniq -d | wc -l)"
is 'a unit is a source' "$(cut -d ' ' -f 1,3 src | sort -u | wc -l)" "$(cut -d ' ' -f 3 src | sort -u | wc -l)"
is 'all units are there' "$(cut -d ' ' -f 3 src | sort -u)" \
	"$(awk -F , '$6 >= 1000 && $6 < 1400 { print $1 }' rows | sort -u)"
for n in 1 3 5; do
	cut_units --unit flow --max-steps 4 --max-series-per-unit $n --max-chunks-per-unit 2 <all.ns >got.ns
	series got.ns >got
	is "at most $n series per unit, of 4 steps" "$(most <got) $(most 2 <got) $(cut -d ' ' -f 8 got | sort -n | tail -n 1)" \
		"$n $((n < 2 ? 1 : 2)) 4"
done
cut_units --unit flow --max-steps 4 <all.ns >got.ns
is 'no direction is left out for a second series of the other' \
	"$(series got.ns | cut -d ' ' -f 1,2,3 | sort -u)" "$(cut -d ' ' -f 1,2,3 flow | sort -u)"
is 'with room for all, all stays' "$(cut_units --unit src_ip --max-series-per-unit 65536 --max-chunks-per-unit 4 <all.ns | ns-decode | ns-cat -T)" \
	"$(cut_units -q <all.ns | ns-decode | ns-cat -T)"
is 'and the same tags' "$(cut_units --unit flow --max-series-per-unit 99 --max-chunks-per-unit 4 <all.ns | ns-cat -T -f src_ip,dst_ip,src_port,t_ns,flow_starts,flow_chunks)" \
	"$(cut_units -q <all.ns | ns-cat -T -f src_ip,dst_ip,src_port,t_ns,flow_starts,flow_chunks)"
is 'flows are told to be where they stay' "$(ns-cat -T -f chunk,flow_starts,flow_chunks flow.ns | sed 1d | sort -u)" \
"0	1	0
1	1	1
2	1	2
3	1	3"
for opts in '-S 1' '-S 1 -t 1' '-t 1'; do
	# shellcheck disable=SC2086
	ns-chunk --no-prov $window --unit flow $opts -o got.ns all.ns
	ok "$opts, equal bytes" sh -c "ns-chunk --no-prov $window --unit flow all.ns | cmp - got.ns"
done
is 'order of the input says nothing but what comes first at one time' \
	"$(sort -s -t , -k 9,9n rows | take | cut_units --unit flow | ns-cat -T | sort)" "$(ns-cat -T flow.ns | sort)"

# One unit less: the others are as they were, record by record.
ns-chunk -q --from 1000 --to 1400 -n 4 all.ns >plain.ns
ns-encode -p symbol --min-count 1 -F symbol.codec plain.ns
ns-encode -F netshare.codec plain.ns
is 'a codec with roles' "$(ns-cat -H symbol.codec | grep -c ' role ')" 1
others() { # others FILE UNIT: steps of all other units, without the number of the series
	ns-cat -T "$1" | awk -v unit="$2" 'BEGIN { FS = OFS = "\t" }
		NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
		NR > 1 && $at["unit"] == unit { next }
		{ if ("series" in at) $at["series"] = ""; print }'
}
less() { # less NAME OPTIONS UNIT PATTERN: PATTERN are the unit's rows
	grep -vE "$4" rows >fewer
	# shellcheck disable=SC2086
	take <fewer | cut_units $2 >less.ns
	is "$1 without $3" "$(ns-cat -T less.ns)" "$(others "$1.ns" "$3")"
	for p in symbol netshare; do
		is "$1 encoded without $3, $p" "$(ns-encode -A $p.codec less.ns >t.ns && others t.ns none)" \
			"$(ns-encode -A $p.codec "$1.ns" >t.ns && others t.ns "$3")"
	done
}
awk 'NR % 23 == 5 { print $1, $3, $4, $5, $6 }' flow | while read -r u a b p q; do
	echo "$u ^($a,$b,$p,$q|$b,$a,$q,$p),"
done >some
while read -r u pattern; do
	less flow '--unit flow' "$u" "$pattern"
done <some
awk 'NR % 37 == 2 { print $1, $3 }' src | sort -u >some
while read -r u a; do
	less src '--unit src_ip --max-chunks-per-unit 4 --max-steps 7' "$u" "^$a,"
done <some
# Nothing at all: no unit may show by an error.
take </dev/null 2>err | cut_units --unit flow >none.ns
is 'no unit at all' "$(ns-cat -C none.ns | tail -n 1) $(meta none.ns trace.max_steps)" "total	4	-	-	0	0 1000 "
sed -n 1,3p rows | take | cut_units --unit flow >out.ns
is 'nor in the window' "$(ns-cat -T out.ns)" "$(ns-cat -T none.ns)"

# The number goes with the record as far as training.
roles() {
	ns-cat -H "$1" | grep -c ' role '
}
for p in symbol netshare; do
	ns-encode -p $p -o flow-$p.ns flow.ns
	ns-encode -p $p -o src-$p.ns src.ns
	ok "$p: whole streams" sh -c "ns-cat -K flow-$p.ns && ns-cat -K src-$p.ns"
	is "$p: the same units" "$(ns-cat -T -f chunk,unit flow-$p.ns)" "$(ns-cat -T -f chunk,unit flow.ns)"
	is "$p: bounds go along" "$(meta src-$p.ns privacy.unit privacy.max_series privacy.max_chunks privacy.max_steps)" 'src_ip 16 4 7 '
	for opts in '-t 1' '-S 0' '-S 1K'; do
		# shellcheck disable=SC2086
		is "$p: units do not depend on $opts" "$(ns-encode -p $p $opts flow.ns | ns-cat -T)" "$(ns-cat -T flow-$p.ns)"
	done
done
is 'back to packets' "$(ns-decode flow-symbol.ns | ns-cat -T)" "$(ns-decode flow.ns | ns-cat -T)"
is 'pairs within units of flows' "$(roles flow-symbol.ns)" "$(ns-encode -p symbol plain.ns >t.ns && roles t.ns)"
is 'the same as without units' \
	"$(cut_units --unit flow --max-series-per-unit 99 --max-chunks-per-unit 4 <all.ns | ns-encode -A symbol.codec | ns-cat -T -f role,opener_steps,delay,src_ip | cksum)" \
	"$(ns-encode -A symbol.codec plain.ns | ns-cat -T -f role,opener_steps,delay,src_ip | cksum)"
is 'no pairs of sources' "$(roles src-symbol.ns)" 0
is 'no pairs of sources by a codec that has roles' \
	"$(ns-encode -A symbol.codec src.ns | ns-cat -T -f role | sort -u)" "0
role"

# Mapped addresses: numbers say nothing of those of the trace, and mean the same.
head -c 32 /dev/zero >key
if ns-encode --map-key key -o mapped.ns flow.ns 2>err; then
	ns-cat -T -f unit flow-netshare.ns >before
	ns-cat -T -f unit mapped.ns >after
	is 'as many units by key' "$(paste before after | sort -u | wc -l)" "$(sort -u before | wc -l)"
	is 'of other numbers' "$(sed 1d after | sort -u | cat - before | sort | uniq -d | grep -cxFf after)" \
		"$(sort before | uniq -d | grep -cxFf after)"
else
	skip 'as many units by key' 'no libnettle'
	skip 'of other numbers' 'no libnettle'
fi
fails 2 'flow.ns: --map-prefix takes no series with units: ' ns-encode --map-prefix 192.0.2.0/24,198.51.100.0/24 -o got.ns flow.ns
ns-chunk -q --from 1000 --to 1400 -n 4 -o 'plain-%d.ns' all.ns
ns-chunk -q --unit flow --from 1000 --to 1400 -n 4 -o 'flow-%d.ns' all.ns
fails 65 'flow-1.ns: series with and without units mixed' ns-encode -o got.ns plain-0.ns flow-1.ns
fails 65 'plain-1.ns: series with and without units mixed' ns-encode -A symbol.codec -o got.ns flow-0.ns plain-1.ns
fails 65 'a series stream with other fields than the one before it' sh -c 'cat flow-0.ns plain-1.ns | ns-cat -K'

# What was written once.
is 'series cut once' "$(series "$data/stream/units.ns")" "4506286277216378685 0 10.0.0.1 10.1.0.1 4000 443 6 1
2679265843662151319 0 10.0.0.2 10.1.0.1 4001 443 6 1
2679265843662151319 0 10.1.0.1 10.0.0.2 443 4001 6 1
1380859718032803297 0 10.0.0.3 10.1.0.1 4002 443 6 1
1380859718032803297 0 10.1.0.1 10.0.0.3 443 4002 6 1
791281166224397221 0 10.0.0.1 10.1.0.1 4003 443 6 1
791281166224397221 0 10.1.0.1 10.0.0.1 443 4003 6 1
4174769919296672572 1 10.0.0.2 10.1.0.1 4004 443 6 1
3563902082911494683 1 10.0.0.3 10.1.0.1 4005 443 6 1
3563902082911494683 1 10.1.0.1 10.0.0.3 443 4005 6 1
112796927035325124 1 10.0.0.1 10.1.0.1 4006 443 6 1
112796927035325124 1 10.1.0.1 10.0.0.1 443 4006 6 1
3638283067378392402 1 10.0.0.2 10.1.0.1 4007 443 6 1
3638283067378392402 1 10.1.0.1 10.0.0.2 443 4007 6 1"
is 'and encoded' "$(ns-cat -T -f chunk,unit,n_steps "$data/stream/units-symbol.ns" | sort -u)" \
	"$(ns-cat -T -f chunk,unit,n_steps "$data/stream/units.ns" | sort -u)"
is 'and back' "$(ns-decode "$data/stream/units-symbol.ns" | ns-cat -T)" "$(ns-decode "$data/stream/units.ns" | ns-cat -T)"

# Training without privacy takes them as any.
ns-train -m autoregressive --steps 2 -q -o unit.model flow-symbol.ns
ok 'a model has no units' sh -c 'ns-sample -n 20 unit.model >drawn.ns && ns-cat -K drawn.ns && ! ns-cat -T drawn.ns | grep -q unit'

fails 2 "^ns-chunk: --unit is 'flow' or 'src_ip', not 'host'" ns-chunk --unit host --from 1 --to 2 all.ns
fails 2 '^ns-chunk: --unit needs --from and --to: ' ns-chunk --unit flow all.ns
fails 2 '^ns-chunk: --unit needs --from and --to: ' ns-chunk --unit flow --to 2 all.ns
fails 2 '^ns-chunk: --unit cannot be combined with -b count' ns-chunk --unit flow --from 1 --to 2 -b count all.ns
fails 2 '^ns-chunk: --max-series-per-unit and --max-chunks-per-unit need --unit' ns-chunk --max-series-per-unit 3 all.ns
fails 2 '^ns-chunk: --max-series-per-unit and --max-chunks-per-unit need --unit' ns-chunk --max-chunks-per-unit 3 all.ns
fails 2 '^ns-chunk: --max-series-per-unit must lie in 1 .. 65536' ns-chunk --unit flow --max-series-per-unit 0 --from 1 --to 2 all.ns
fails 2 '^ns-chunk: --max-series-per-unit must lie in 1 .. 65536' ns-chunk --unit flow --max-series-per-unit 65537 --from 1 --to 2 all.ns
fails 2 '^ns-chunk: --max-chunks-per-unit must lie in 1 .. 4096' ns-chunk --unit flow --max-chunks-per-unit 0 --from 1 --to 2 all.ns
done_testing
