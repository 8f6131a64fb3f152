#!/bin/sh
# ns-sample --given, --scale-rate, --temperature: what is drawn is as wanted, as often as it
# is in the data; what they refuse.
. "$(dirname "$0")/lib.sh"

# Services by protocols, clients of three networks; a flow each.
awk 'BEGIN {
	print "srcip,dstip,srcport,dstport,proto,ts,td,pkt,byt,type,label"
	for (i = 0; i < 240; i++)
		printf "10.%d.0.%d,10.9.0.%d,%d,%d,%s,%.0f,%.3f,%d,%d,%s,%s\n", i % 3, i % 7 + 1,
			i % 5 + 1, 40000 + i % 60, i % 3 ? 443 : 53, i % 3 ? "TCP" : "UDP",
			1700000000000000 + i * 250000, i % 9 / 4, i % 9 + 1, 60 * (i % 9 + 1),
			i % 5 ? "background" : "scan", i % 4 ? "a" : "b"
}' >flows.csv
ns-ingest -q flows.csv | ns-chunk -q -n 1 | ns-encode -q -p symbol -o flows.ns
ns-ingest -q -n 1000 "$top/share/demo/westermo.pcap" >packets.ns
ns-chunk -q -n 1 packets.ns | ns-encode -q -p symbol -o capture.ns
learn() {
	ns-train -q --no-prov -m autoregressive --batch-size 32 --window 4 --attr-units 16 \
		--ctx-units 16 --lstm-units 8 --head-units 8 --lr .01 --steps 150 "$@"
}
for of in flows capture; do
	learn -o $of.model $of.ns
	ns-decode -q -f csv $of.ns | sed 1d >$of.data
done
# so AWK FILE: how many five-tuples of FILE are as the condition says; each is one series.
so() {
	awk -F , "{ k = \$1 FS \$2 FS \$3 FS \$4 FS \$5 } ($1) && !(k in seen) { n++; seen[k] }
		END { print n + 0 }" "$2"
}
# given MODEL LIST AWK: all that is drawn is as the condition says, and as much as in the
# data: to a third, and 8 for what chance is with few.
given() {
	ns-sample -q --given "$2" -s 1 -o g.ns "$1.model" 2>/dev/null
	ns-decode -q -f csv g.ns | sed 1d >g.csv
	is "$1: $2: all are so" "$(awk -F , "!($3)" g.csv)" ''
	want=$(so "$3" "$1.data")
	got=$(so "$3" g.csv)
	ok "$1: $2: $got series of the $want of the data" \
		test "$want" -gt 0 -a $((3 * got)) -le $((4 * want + 24)) -a $((3 * got)) -ge $((2 * want - 24))
	ns-sample -q --given "$2" -s 2 -n 100 -o g.ns "$1.model" 2>/dev/null
	ns-decode -q -f csv g.ns | sed 1d >g.csv
	is "$1: $2: and of many" "$(awk -F , "!($3)" g.csv)" ''
	ok "$1: $2: there are some" test -s g.csv
}
total() { # total FILE COLUMN: of ns-cat -C, 5 series, 6 records
	ns-cat -C "$1" | awk -v c="$2" '$1 == "total" { print $c }'
}

# shellcheck disable=SC2016 # $5 is of awk
{
	given flows proto=udp '$5 == 17'
	given flows proto=6 '$5 == 6'
	given flows src_ip=10.1.0.0/16 '$1 ~ /^10\.1\./'
	given flows src_ip=10.2.0.3 '$1 == "10.2.0.3"'
	given flows dst_ip=10.9.0.4 '$2 == "10.9.0.4"'
	given flows dst_ip=10.9.0.4/30 '$2 ~ /\.[4-7]$/'
	given flows src_port=40002 '$3 == 40002'
	given flows dst_port=53 '$4 == 53'
	given flows label=b '$11 == "b"'
	given flows type=scan '$10 == "scan"'
	given flows type=background,proto=tcp,label=a '$10 == "background" && $5 == 6 && $11 == "a"'
	given capture proto=tcp '$5 == 6'
	given capture src_port=22 '$3 == 22'
	given capture dst_port=22 '$4 == 22'
	given capture src_ip=198.18.134.41 '$1 == "198.18.134.41"'
	given capture dst_ip=198.18.134.40/29,dst_port=22 '$4 == 22 && $2 ~ /\.4[0-7]$/'
}
for n in 0 1 50 999; do
	ns-sample -q --given proto=udp -n $n -o g.ns flows.model
	is "exactly $n series as wanted" "$(total g.ns 5)" $n
	ns-sample -q --given src_port=22 --records $n -o g.ns capture.model
	is "exactly $n records as wanted" "$(total g.ns 6)" $n
done
# Of few series as wanted there are those that would be drawn late, too.
ns-sample -q --given proto=tcp -n 60 -s 3 -o g.ns flows.model
is 'few are of both labels and types' "$(ns-decode -q -f csv g.ns | sed 1d | cut -d , -f 10,11 |
	sort -u | tr '\n' ' ')" 'background,a background,b scan,a scan,b '
ns-sample -q --no-prov --given proto=udp -o g.ns flows.model
ns-sample -q --no-prov --given proto=udp -t 3 flows.model >h.ns
ok 'same bytes with three threads, through a pipe' cmp g.ns h.ns

# One port of clients: more flows than there are, and it ends all the same.
ns-sample --given src_port=40001 -n 150 -o g.ns flows.model 2>err
is 'five-tuples run out: as many all the same' "$(total g.ns 5)" 150
ok 'and it says so' grep -q 'repeat the five-tuple of another' err

# --scale-rate
ns-sample -q --scale-rate 3 -o g.ns capture.model
is 'three times as many flows' "$(total g.ns 5)" $((3 * $(total capture.ns 5)))
ns-sample -q --scale-rate .5 -o g.ns flows.model
is 'half as many flows' "$(total g.ns 5)" 120
ns-sample -q --scale-rate 3 --given proto=udp -o g.ns flows.model
ok 'three times as many as wanted' test "$(total g.ns 5)" -gt 200 -a "$(total g.ns 5)" -lt 280

# --temperature
distinct() { # distinct TEMPERATURE: ways that flows are, but for their clients' ports and times
	ns-sample -q --temperature "$1" -n 1000 -s 1 flows.model | ns-decode -q -f csv | sed 1d |
		cut -d , -f 1,2,4,5,7- | sort -u | wc -l
}
low=$(distinct .5) one=$(distinct 1) high=$(distinct 2)
ok "below 1 fewer differ: $low of $one" test $((10 * low)) -lt $((9 * one))
ok "above 1 more do: $high of $one" test "$high" -gt "$one"
ns-sample -q --no-prov -s 4 -o g.ns flows.model
ns-sample -q --no-prov -s 4 --temperature 1 --scale-rate 1 -o h.ns flows.model
ok 'at 1 neither changes anything' cmp g.ns h.ns

# refusals
of_model() { # of_model STATUS PATTERN LIST
	fails "$1" "$2" ns-sample --given "$3" -o x flows.model
}
of_model 2 "'ttl' cannot be given; these can: proto, src_ip" ttl=64
of_model 2 "'xyz' is no protocol" proto=xyz
of_model 2 "'65536' is no port" src_port=65536
of_model 2 "'-1' is no port" dst_port=-1
of_model 2 "'10.0.0' is no address" src_ip=10.0.0
of_model 2 "'10.0.0.0/33' is no prefix" src_ip=10.0.0.0/33
for list in proto proto= =6 '' 'proto=6,' ',proto=6'; do
	of_model 2 'is not FIELD=VALUE' "$list"
done
of_model 65 "the codec knows no label 'c'" label=c
of_model 65 "the codec knows no proto '47'" proto=47
of_model 65 "the codec knows no dst_ip '::1'" dst_ip=::1
fails 65 "the codec knows no type 'scan'" ns-sample --given type=scan -o x capture.model
fails 65 'the models know no series as wanted|hardly one is as wanted' \
	ns-sample --given proto=udp,dst_port=443,src_port=40002,src_ip=10.1.0.3,dst_ip=10.9.0.1 -n 5 -o x flows.model
ns-ingest -q "$data/eval/flows-real.csv" | ns-chunk -q -n 1 | ns-encode -q -p symbol | learn -o real.model
fails 65 "'label' differs within a flow of this trace: it cannot be given" \
	ns-sample --given label=a -o x real.model
gan() {
	ns-train -q --batch-size 20 --attr-units 8 --d-units 8 --attr-d-units 8 --steps 2 "$@"
}
ns-chunk -q -n 1 packets.ns | ns-encode -q -o words.ns
gan -o words.model words.ns
gan -o gan.model flows.ns
for o in '--given proto=6' '--from 1700000000' '--to 2100-01-01' '--temperature .5'; do
	# shellcheck disable=SC2086 # options are words
	fails 2 'a doppelganger takes neither --given, --from and --to nor --temperature' ns-sample $o -o x gan.model
done
fails 2 'in the profile netshare nothing can be given; it takes -p symbol' ns-sample --given proto=6 -o x words.model
fails 2 'only one of -n and --records' ns-sample -n 1 --records 1 -o x flows.model
for o in '-n 3' '--records 3'; do
	# shellcheck disable=SC2086
	fails 2 '--scale-rate is of what was learnt' ns-sample --scale-rate 2 $o -o x flows.model
done
for x in 0 -1 1e7; do
	fails 2 '--scale-rate must be above 0 and at most 1000000' ns-sample --scale-rate $x -o x flows.model
done
for x in 0 .009 101; do
	fails 2 '--temperature must be 0.01 to 100' ns-sample --temperature $x -o x flows.model
done
fails 2 "'warm' is not a finite number" ns-sample --temperature warm -o x flows.model
ok 'nothing is left of what failed' test ! -e x
done_testing
