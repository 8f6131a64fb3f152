#!/bin/sh
# ns-sample of flows as they are wanted in a trace of several chunks, by --given and by --from
# and --to: they are whole, as many as there should be, and exactly as many as are asked for.
. "$(dirname "$0")/lib.sh"

# 240 flows of 20 s and later, one every quarter of a second; of half of them up to six more
# records follow, nine seconds apart.  Chunks of 40 s.
awk 'BEGIN {
	for (i = 0; i < 240; i++)
		for (k = 0; k <= (i % 2 ? 0 : i % 7); k++)
			printf "10.%d.0.%d,10.9.0.%d,%d,%d,%s,%.0f,%.3f,%d,%d,background\n", i % 3,
				i % 7 + 1, i % 5 + 1, 40000 + i % 60, i % 3 ? 443 : 53,
				i % 3 ? "TCP" : "UDP", 1700000000000000 + i * 250000 + k * 9000000,
				i % 9 / 4, i % 9 + 1, 60 * (i % 9 + 1)
}' | sort -t , -k 6 >rows
{ echo srcip,dstip,srcport,dstport,proto,ts,td,pkt,byt,type && cat rows; } >flows.csv
from=2023-11-14T22:13:20Z
ns-ingest -q flows.csv | ns-chunk -q -n 3 --from $from --to 2023-11-14T22:15:20Z |
	ns-encode -q -p symbol -o train.ns
ns-train -q --no-prov -m autoregressive --batch-size 32 --window 4 --attr-units 16 --ctx-units 16 \
	--lstm-units 8 --head-units 8 --lr .01 --steps 600 -o all.model train.ns
total() { # total FILE COLUMN: of ns-cat -C, 5 series, 6 records
	ns-cat -C "$1" | awk -v c="$2" '$1 == "total" { print $c }'
}
whole() { # whole FILE: see tags.awk
	ns-cat -T "$1" | awk -F '\t' -f "$top/tests/cli/tags.awk"
}
near() { # near NAME GOT WANT: to a tenth, and 8 for what chance is with few
	ok "$1: $2 of $3" test $((10 * $2)) -le $((11 * $3 + 80)) -a $((10 * $2)) -ge $((9 * $3 - 80))
}

# --given over chunks
sum=0
for proto in tcp udp; do
	ns-sample -q --given proto=$proto -s 1 -o g.ns all.model
	is "$proto: flows are whole" "$(whole g.ns)" '0 0'
	sum=$((sum + $(total g.ns 5)))
done
near 'as many of both protocols as were learnt' $sum "$(total train.ns 5)"
for n in 0 1 2 3 7 100 999; do
	ns-sample -q --given proto=udp -s $n -n $n -o g.ns all.model 2>/dev/null
	is "exactly $n series of three chunks" "$(total g.ns 5)" $n
	is 'of flows that are whole' "$(whole g.ns)" '0 0'
	ns-sample -q --given proto=udp -s $n --records $n -o g.ns all.model 2>/dev/null
	is "exactly $n records of three chunks" "$(total g.ns 6)" $n
	is 'of flows that are whole' "$(whole g.ns)" '0 0'
done

# --from, --to
at() { # at NAME FROM TO OPTION...: seconds of the trace; what is drawn is g.ns
	name=$1 lo=$2 hi=$3
	shift 3
	ns-sample -q --from $((1700000000 + ${lo%.*})).${lo#*.} --to $((1700000000 + ${hi%.*})).${hi#*.} \
		"$@" -o g.ns all.model 2>err
	is "$name: $lo to $hi" $? 0
	is "$name: flows are whole" "$(whole g.ns)" '0 0'
	is "$name: all start in the window" "$(outside "$lo" "$hi" <g.ns)" 0
}
cat >starts.awk <<'EOT'
NR > 1 {
	k = $1 FS $2 FS $3 FS $4 FS $5
	t = $6 / 1000000 - 1700000000
	if (!(k in first) || t < first[k])
		first[k] = t
}
END {
	for (k in first) {
		n++
		wrong += first[k] < lo - 1e-7 || first[k] >= hi - 1e-7
	}
	print (count ? n : within ? n - wrong : wrong) + 0
}
EOT
outside() { # outside FROM TO: flows of a stream that do not start there
	ns-decode -q -f csv | awk -F , -v lo="$1" -v hi="$2" -f starts.awk
}
flows() {
	ns-decode -q -f csv "$1" | awk -F , -v count=1 -f starts.awk
}
# What the model draws without a window, ten times, tells what is to be expected.  In the
# first chunk, where all flows are new, each is told by its five-tuple:
ns-sample -q --scale-rate 10 -s 9 -o many.ns all.model
inside() { # inside LO HI: a tenth of those that start there
	ns-decode -q -f csv many.ns | awk -F , '$6 < 1700000040000000 || NR == 1' |
		awk -F , -v lo="$1" -v hi="$2" -v within=1 -f starts.awk | awk '{ print int($1 / 10) }'
}
first() { # first FILE: series of the first chunk
	ns-cat -C "$1" | awk '$4 == 0 { print $5 }'
}
for w in '0.0 120.0' '0.0 20.0' '12.25 13.5' '35.25 44.5' '50.0 120.0'; do
	# shellcheck disable=SC2086 # two words
	set -- $w
	want=$(inside "$1" "$2")
	at 'as expected' "$@" -s 4
	near 'series of the first chunk' "$(first g.ns)" "$want"
	at 'ten times' "$@" -s 5 --scale-rate 10
	near 'ten times as many' $(($(first g.ns) / 10)) "$want"
	at 'hot' "$@" -s 6 --temperature 1.5
	at 'given' "$@" -s 7 --given proto=udp --scale-rate 3
	is 'and as wanted' "$(ns-decode -q -f csv g.ns | awk -F , 'NR > 1 && $5 != 17' | wc -l)" 0
	near 'a third of three times as many' "$(first g.ns)" "$want"
done
at 'all of the time' 0.0 120.0
near 'all of the series' "$(total g.ns 5)" "$(total train.ns 5)"
for n in 0 1 2 7 100 999; do
	at "$n series" 35.25 44.5 -n $n -s $n
	is "exactly $n series" "$(total g.ns 5)" $n
	at "$n records" 35.25 44.5 --records $n -s $n
	is "exactly $n records" "$(total g.ns 6)" $n
	at "$n records as wanted" 0.0 10.0 --records $n -s $n --given proto=tcp
	is "exactly $n records as wanted" "$(total g.ns 6)" $n
done
at 'in the first chunk' 0.0 20.0 -n 200
ok 'flows go on behind the window' sh -c 'ns-cat -C g.ns | awk "\$4 == 1 && \$5 > 0 { n++ } END { exit !n }"'
at 'in the second chunk' 45.0 60.0 -n 200
is 'nothing is in the first' "$(ns-cat -C g.ns | awk '$4 == 0 { print $5 }')" 0
at 'between two ticks of the clock' 50.123456789 50.499999999 -n 100
is 'at the one that is there' "$(outside 50.25 50.250001 <g.ns)" 0
is 'as many all the same' "$(total g.ns 5)" 100
at 'a tick is left out at the end' 50.0 50.25 -n 50
is 'and in at the beginning' "$(outside 50.0 50.000001 <g.ns)" 0
ns-sample -q --from 1700000110 --to 1700000120 --scale-rate .01 -o g.ns all.model
is 'a silent time' "$(total g.ns 5) $(flows g.ns)" '0 0'
ns-sample -q -s 3 --no-prov --from $from --to 1700000010 -o g.ns all.model
ns-sample -q -s 3 --no-prov --from 1700000000 --to 2023-11-14T22:13:30 -t 3 <all.model >h.ns
ok 'same bytes with three threads, through a pipe, and times as others write them' cmp g.ns h.ns

# A clock of nanoseconds: one bin of the places is much longer than the window.
awk 'BEGIN {
	print "srcip,dstip,srcport,dstport,proto,ts,pkt_len,tos,id,flag,off,ttl"
	for (i = 0; i < 600; i++)
		printf "10.0.0.%d,10.1.0.1,%d,443,6,1700000000%09d,60,0,%d,2,0,64\n", i % 7 + 1, 40000 + i, i * 1666667 + i * i % 991, i
}' >fine.csv
ns-ingest -q --time-unit ns fine.csv | ns-chunk -q -n 1 --from 1700000000 --to 1700000001 | ns-encode -q -p symbol |
	ns-train -q -m autoregressive --batch-size 32 --window 4 --attr-units 16 --ctx-units 16 \
		--lstm-units 8 --head-units 8 --steps 100 -o fine.model
ns-sample -q --from 1700000000.500000123 --to 1700000000.500100124 -n 3000 -o g.ns fine.model
ns-decode -q g.ns | ns-cat -T | awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
	{ print $at["t_ns"] }' | sort >ticks
is 'as many, to the nanosecond' "$(wc -l <ticks)" 3000
ok 'from the first' test "$(head -n 1 ticks)" -ge 1700000000500000123
ok 'to before the last' test "$(tail -n 1 ticks)" -lt 1700000000500100124
ok 'all over the window' test "$(head -n 1 ticks)" -lt 1700000000500010000 -a \
	"$(tail -n 1 ticks)" -gt 1700000000500090000

# refusals
refuse() { # refuse STATUS PATTERN OPTION...
	status=$1 pattern=$2
	shift 2
	fails "$status" "$pattern" ns-sample "$@" -o x all.model
}
window='no time of the trace, from 2023-11-14T22:13:20Z up to 2023-11-14T22:15:20Z, lies in the window'
refuse 65 "$window" --to 1700000000
refuse 65 "$window" --from 1700000120
refuse 65 "$window" --from 1970-01-01 --to 1970-01-02
refuse 2 '--from must lie before --to' --from 1700000020 --to 1700000020
refuse 2 '--from must lie before --to' --from 1700000020 --to 1700000010
for time in '' noon 1e9 2023-13-01 1700000000.1234567891; do
	refuse 2 "--from: '$time' is no time" --from "$time"
	refuse 2 "--to: '$time' is no time" --to "$time"
done
refuse 65 'the models know no series as wanted' --from 1700000050.1 --to 1700000050.2 -n 1
ok 'nothing is left of what failed' test ! -e x
done_testing
