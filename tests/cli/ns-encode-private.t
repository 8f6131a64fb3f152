#!/bin/sh
# ns-encode -P and --public: codecs that know nothing of a private trace.  Caught: a codec
# that depends on the trace, values refused that should be clamped, private texts and
# counts told, codecs taken that are not marked as public.
. "$(dirname "$0")/lib.sh"

window='--from 1700000000 --to 1700003600'
# flows SEED PREFIX LABEL: a trace of its own addresses, ports, sizes, times and texts
flows() {
	awk -v seed="$1" -v net="$2" -v label="$3" 'BEGIN {
		srand(seed)
		print "srcip,dstip,srcport,dstport,proto,ts,td,pkt,byt,type"
		for (i = 0; i < 300; i++) {
			n = 1 + int(rand() * rand() * 90)
			port = rand() < .5 ? 443 : rand() * 20000
			printf("%s%d,%s%d,%d,%d,%s,%.6f,%.6f,%d,%d,%s\n", net, rand() * 50, net, 100 + rand() * 50,
				1024 + rand() * 60000, port, i % 5 ? "TCP" : "UDP", 1700000003 + i * 11 - rand() * 3,
				(n != 1) * (rand() * 50 + .001), n, n * (60 + int(rand() * 1000)), i % 3 ? label : "plain")
		}
	}' | ns-ingest -q -f csv --time-unit s
}
packets() { # packets SEED PREFIX
	awk -v seed="$1" -v net="$2" 'BEGIN {
		srand(seed)
		print "srcip,dstip,srcport,dstport,proto,ts,pkt_len,tos,id,flag,off,ttl"
		for (i = 0; i < 400; i++) {
			k = int(rand() * 40)
			back = rand() < .4
			if (back)
				printf "%s200,%s%d,443,%d", net, net, k, 30000 + 7 * k
			else
				printf "%s%d,%s200,%d,443", net, k, net, 30000 + 7 * k
			printf ",TCP,%.0f,%d,0,%d,2,0,%d\n", 1700000000000000 + i * 8900000 + rand() * 999,
				40 + rand() * rand() * 1460, rand() * 65535, 30 + rand() * 200
		}
	}' | ns-ingest -q -f csv
}
flows 1 10.1.0. secret | ns-chunk -q -n 2 $window -o flows-a.ns
flows 2 172.20.7. hidden | ns-chunk -q -n 2 $window -o flows-b.ns
packets 1 10.1.0. | ns-chunk -q -n 2 $window -o packets-a.ns
packets 2 172.20.7. | ns-chunk -q -n 2 $window -o packets-b.ns

# dicts FILE: the frames that hold codec, masks and tables, but for where they stand
dicts() { ns-cat -X "$1" | grep DICT | cut -f 2-8 | sort -u; }
# table FILE: packets or flows without labels
table() { ns-decode -q "$1" | ns-cat -T | awk -F '\t' -v OFS='\t' '
	NR == 1 { for (i = 1; i <= NF; i++) drop[i] = $i == "type" || $i == "label" }
	{ for (i = 1; i <= NF; i++) if (drop[i]) $i = ""; print }' | sort; }
for profile in symbol netshare; do
	for kind in flows packets; do
		for trace in a b; do
			ns-encode -v -v -P -p $profile -z 0 --no-prov -o got-$trace.ns $kind-$trace.ns 2>log
			is "$profile, $kind, $trace" $? 0
			is '  nothing is told' "$(cat log)" ''
			ok '  records keep the masks' ns-cat -K got-$trace.ns
			is '  as many as there were' "$(ns-cat -C got-$trace.ns | tail -n 1 | cut -f 5)" \
				"$(ns-cat -C $kind-$trace.ns | tail -n 1 | cut -f 5)"
			is '  no text of the trace' "$(grep -acE 'secret|hidden|plain' got-$trace.ns)" 0
			ns-encode -P -p $profile --no-prov -F codec-$trace.ns $kind-$trace.ns
		done
		is '  the codec does not depend on the trace' "$(dicts got-a.ns)" "$(dicts got-b.ns)"
		is '  and there is one' "$(dicts got-a.ns | grep -c DICT)" "$([ $profile = symbol ] && echo 2 || echo 1)"
		ok '  -F: nor does any byte of its own stream' cmp codec-a.ns codec-b.ns
		is '  which has no records' "$(ns-cat -C codec-a.ns | tail -n 1 | cut -f 5)" 0
		ns-encode -P -A codec-b.ns -o again.ns $kind-a.ns
		is '  -A of that codec gives the same records' "$(ns-cat -T again.ns | cksum)" \
			"$(ns-cat -T got-a.ns | cksum)"
		is '  it says that it is public' "$(ns-cat -H codec-a.ns | grep -cE '(codec|masks) public, ')" \
			"$([ $profile = symbol ] && echo 2 || echo 1)"
	done
done

# What comes back: all but texts and, in the profile netshare, the last digits of large numbers.
for kind in flows packets; do
	ns-encode -P -p symbol -o got.ns $kind-a.ns
	table got.ns >is
	ns-encode -p symbol $kind-a.ns | table - >was
	is "$kind back" "$(cut -f 2- is | cksum)" "$(cut -f 2- was | cksum)"
done
ns-encode -P -p symbol --labels secret,other -o got.ns flows-a.ns
is 'public texts stay, others are the empty one' \
	"$(ns-decode -q got.ns | ns-cat -T | awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "type") at = i; next }
		{ n[$at]++ } END { for (t in n) print "<" t ">" }' | sort | paste -sd ' ')" '<> <secret>'

# Metadata: what is constant or needed, and where the codec is from.
keys() { ns-cat -H "$1" | sed -n 's/^    \([a-z]*\.[a-z0-9_]*\)=.*/\1/p' | sort -u | paste -sd ' '; }
is 'metadata of a private stream' "$(keys got.ns)" \
	'chunk.count chunk.index chunk.len_ns chunk.records chunk.series chunk.t0_ns codec.hash codec.profile privacy.codec trace.kind trace.len_ns trace.max_steps trace.t0_ns'
is 'of constants' "$(ns-cat -H got.ns | grep -c privacy.codec=constants)" 2
ns-encode -P -p symbol -F codec.ns flows-a.ns
is 'a codec of constants says nothing of its input' "$(ns-cat -H codec.ns | grep -cE 'input=|source|trace\.')" 0

# Codecs of public traces.
ns-encode --public -p symbol -F public.ns flows-b.ns
is '--public' "$(ns-cat -H public.ns | grep -c privacy.codec=public)" 1
ns-encode --public -p symbol -o also.ns flows-b.ns
ns-encode -P -A public.ns -o got.ns flows-a.ns
is 'of a public trace, with values it does not have' $? 0
ok 'records keep the masks' ns-cat -K got.ns
is 'none is left out' "$(ns-cat -C got.ns | tail -n 1 | cut -f 5)" "$(ns-cat -C flows-a.ns | tail -n 1 | cut -f 5)"
is 'it is said' "$(ns-cat -H got.ns | grep -c privacy.codec=public)" 2
is 'the codec is that of the public trace' "$(dicts got.ns)" "$(dicts public.ns)"
ok 'a stream that carries a public codec' ns-encode -P -A also.ns -o got.ns flows-a.ns
ok 'and one that -P wrote' ns-encode -P -A got.ns -o more.ns flows-a.ns
ns-encode -p symbol -F plain.ns flows-b.ns
fails 2 "^ns-encode: -P: the codec of 'plain.ns' may hold what is private: it was fitted without --public$" \
	ns-encode -P -A plain.ns -o never.ns flows-a.ns
is 'nothing written' "$(ls never.ns 2>/dev/null)" ''
ns-encode -A public.ns -o got.ns flows-b.ns
is '-A without -P says nothing of it' "$(ns-cat -H got.ns | grep -c privacy)" 0
fails 2 'may hold what is private' ns-encode -P -A got.ns -o never.ns flows-a.ns
fails 65 'the codec (cannot|knows)' ns-encode -A public.ns -o never.ns flows-a.ns
fails 65 "the codec knows no type '(secret|plain)'" ns-encode -A codec.ns -o never.ns flows-a.ns

# A public codec of IPv4 and no texts, a trace of IPv6 and ICMP that has some.
{
	echo 'srcip,dstip,srcport,dstport,proto,ts,td,pkt,byt,type'
	echo '2001:db8::1,2001:db8::2,40000,53,UDP,1700000001,0,1,80,odd'
	echo '2001:db8::1,2001:db8::2,0,0,IPV6-ICMP,1700000002,9999,18000000000000000000,18000000000000000000,odd'
	echo '10.0.0.1,10.0.0.2,1,2,GRE,1700000003,0.000001,3,100,odd'
} | ns-ingest -q -f csv --time-unit s | ns-chunk -q -n 2 $window -o odd.ns
sed 's/ //' <<-END | ns-ingest -q -f csv --time-unit s | ns-chunk -q -n 2 $window -o few.ns
	srcip,dstip,srcport,dstport,proto,ts,td,pkt,byt
	10.0.0.1,10.0.0.2,40000,53,UDP,1700000001,0,1,80
	10.0.0.3,10.0.0.2,40001,53,UDP,1700000009,0,1,90
END
for profile in symbol netshare; do
	ns-encode --public -p $profile -F few-codec.ns few.ns
	for with in '-A few-codec.ns' "-p $profile" "-p $profile --ip 4" "-p $profile --ip 6"; do
		# shellcheck disable=SC2086
		ns-encode -P $with -o got.ns odd.ns 2>err
		is "$profile: what it cannot say is clamped, $with" "$? $(cat err)" '0 '
		ok '  masks' ns-cat -K got.ns
		is '  all records' "$(ns-decode -q got.ns | ns-cat -T | tail -n +2 | wc -l)" 3
	done
done
ns-encode -P -p symbol --ip 4 -F v4.ns odd.ns
is '--ip 4: four octets an address' "$(ns-cat -H v4.ns | grep -cE ' src_ip\.[0-9]+ ')" 4
ns-encode -P -p symbol -F any.ns odd.ns
is 'without: sixteen' "$(ns-cat -H any.ns | grep -cE ' src_ip\.[0-9]+ ')" 16
ns-encode -P -p symbol --ip 6 -F v6.ns odd.ns
is '--ip 6: no version is drawn' "$(ns-cat -H v6.ns | grep -cE ' (src_ip\.[0-9]+|ip_version) ')" 16

# A series' codes do not depend on other series, but for the other half of its conversation.
packets 1 10.1.0. >all.ns
{
	echo 'srcip,dstip,srcport,dstport,proto,ts,pkt_len,tos,id,flag,off,ttl'
	echo '10.9.9.9,10.1.0.200,31000,443,TCP,1700000900000000,1333,7,9,0,0,99'
} | ns-ingest -q -f csv >one.ns
ns-chunk -q -n 2 $window all.ns one.ns | ns-encode -P -p symbol | ns-cat -T | cut -f 3- | sort >more.rows
ns-encode -P -p symbol packets-a.ns | ns-cat -T | cut -f 3- | sort >fewer
is 'one series more is one record more' "$(comm -13 fewer more.rows | wc -l) $(comm -23 fewer more.rows | wc -l)" '1 0'

# One file a chunk, and chunks alone.
ns-encode -P -p symbol -o 'part-%d.ns' packets-a.ns
ns-encode -P -p symbol -o want.ns packets-a.ns
is 'one file a chunk' "$(cat part-0.ns part-1.ns | ns-cat -T | cksum)" "$(ns-cat -T want.ns | cksum)"
ns-encode -P -p symbol -S 0 -o got.ns packets-a.ns
is '-S 0' "$(ns-cat -T got.ns | cksum)" "$(ns-cat -T want.ns | cksum)"

# What was encoded once comes back: lists and cells are in the codec, not in the reader.
is 'packets encoded once' "$(ns-decode -q -f csv "$data/stream/constants.ns")" \
'srcip,dstip,srcport,dstport,proto,ts,pkt_len,tos,id,flag,off,ttl,tcpflags
10.0.0.1,10.0.0.2,40000,443,6,1700000001000000,60,0,7,2,0,64,0
10.0.0.2,10.0.0.1,443,40000,6,1700000001020000,1333,0,9,2,0,57,0
10.0.0.1,10.0.0.2,40000,443,6,1700000001020100,52,0,8,2,0,64,0
10.0.0.1,10.0.0.9,0,0,1,1700000002000000,84,4,11,0,0,64,0
10.0.0.3,10.0.0.9,17000,17001,17,1700000003000000,1420,4,12,0,0,255,0'
is 'flows in bits, but for the digits of times' "$(ns-decode -q -f csv "$data/stream/bits.ns" | cut -d , -f 1-5,8-)" \
'srcip,dstip,srcport,dstport,proto,pkt,byt,type
10.0.0.1,10.0.0.2,40000,443,6,7,1000,bad
10.0.0.2,10.0.0.1,443,40000,6,3,180,bad
2001:db8::1,2001:db8::2,0,0,47,1,84,'

# What makes no sense.
fails 2 '^ns-encode: -P fits nothing: it cannot be combined with -s or --min-count' ns-encode -P -s 1 flows-a.ns
fails 2 '-P fits nothing' ns-encode -P -p symbol --min-count 2 flows-a.ns
fails 2 '--public is of a trace to fit to' ns-encode -P --public flows-a.ns
fails 2 '--public is of a trace to fit to' ns-encode --public -A public.ns flows-a.ns
fails 2 '--ip and --labels need -P' ns-encode --ip 4 flows-a.ns
fails 2 '--ip and --labels need -P' ns-encode --labels a flows-a.ns
fails 2 '-A cannot be combined with --ip or --labels' ns-encode -P -A public.ns --ip 4 flows-a.ns
fails 2 '-A cannot be combined with --ip or --labels' ns-encode -P -A public.ns --labels a flows-a.ns
fails 2 "--ip is 4, 6 or any, not '5'" ns-encode -P --ip 5 flows-a.ns
fails 2 '-P cannot be combined with --map-prefix: where an address goes depends on those of others' \
	ns-encode -P --map-prefix 10.0.0.0/8 flows-a.ns
fails 2 '--labels: a label is longer than 255 bytes' ns-encode -P --labels "$(printf '%0300d' 1)" flows-a.ns
fails 65 'kind|packets|series' ns-encode -P -p symbol -o never.ns flows-a.ns packets-a.ns
fails 2 'no profile' ns-encode -P -p none flows-a.ns
done_testing
