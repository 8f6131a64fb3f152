#!/bin/sh
# ns-sample of flows as they are wanted in a trace of several chunks: they are whole, as many
# as there should be, and exactly as many as are asked for.
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
done_testing
