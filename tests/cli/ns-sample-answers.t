#!/bin/sh
# ns-sample of autoregressive models: as many flows are answered as were, and answers go with
# what they answer.
. "$(dirname "$0")/lib.sh"

head=srcip,dstip,srcport,dstport,proto,ts,pkt_len,tos,id,flag,off,ttl
# 400 connections to two services, four of five with an answer: DNS, one packet and an answer
# of two after 2 ms; or HTTPS, three packets and an answer of one after 5 ms.
awk 'BEGIN {
	for (i = 0; i < 400; i++) {
		web = i % 2
		t = 1700000000000000 + i * 150000
		client = 32768 + i * 7919 % 28000
		for (k = 0; k < (web ? 3 : 1); k++)
			printf "10.0.0.%d,10.1.0.%d,%d,%d,%d,%.0f,60,0,0,2,0,64\n", i % 7 + 1, i % 3 + 1, client,
				web ? 443 : 53, web ? 6 : 17, t + 1000 * k
		for (k = 0; k < (web ? 1 : 2) && i % 5 != 0; k++)
			printf "10.1.0.%d,10.0.0.%d,%d,%d,%d,%.0f,1500,0,0,2,0,64\n", i % 3 + 1, i % 7 + 1,
				web ? 443 : 53, client, web ? 6 : 17, t + (web ? 5000 : 2000) + 1000 * k
	}
}' | sort -t , -k 6,6n | sed "1i $head" | ns-ingest -q -f csv -o talk.ns
learn() {
	ns-train -q --no-prov -m autoregressive --batch-size 32 --window 4 --attr-units 24 --ctx-units 16 \
		--lstm-units 8 --head-units 8 --lr .01 --steps 500 "$@"
}
ns-chunk -q -n 1 talk.ns | ns-encode -q -p symbol -o train.ns
learn -o one.model train.ns
total() { # total FILE COLUMN: of ns-cat -C, 5 series, 6 records
	ns-cat -C "$1" | awk -v c="$2" '$1 == "total" { print $c }'
}
cat >pairs.awk <<'EOT'
# Of packets as CSV: flows, per cent of them that are answered, repeated five-tuples (of which
# there are none by definition of a flow), and of answers how many per cent start 2 ms (UDP) or
# 5 ms (TCP) behind what they answer, to 30 us, and have the packets that go with it.
BEGIN { FS = "," }
NR > 1 {
	k = $1 "," $2 "," $3 "," $4 "," $5
	if (!(k in first)) {
		flows++
		first[k] = $6
		to[k] = $2 "," $1 "," $4 "," $3 "," $5
		open[k] = $4 < 1024
		delay[k] = $5 == "6" || $5 == "TCP" ? 5000 : 2000
	}
	n[k]++
}
END {
	for (k in first) {
		if (!(to[k] in first))
			continue
		answered++
		if (open[k])
			continue
		d = first[k] - first[to[k]] - delay[k]
		good += d * d <= 900 && n[k] == (delay[k] == 5000 ? 1 : 2) && n[to[k]] == (delay[k] == 5000 ? 3 : 1)
	}
	printf "%d %.0f %.0f\n", flows, 100 * answered / flows, answered ? 200 * good / answered : 0
}
EOT
pairs() { ns-decode -q -f csv "$1" | awk -f pairs.awk; }

is 'what was learnt' "$(ns-decode -q -f csv train.ns | awk -f pairs.awk)" '720 89 100'
# Shares of 89 and 100 per cent: five points are far more than chance makes of 720 flows.
for s in 1 2 3; do
	ns-sample -q -s $s -o a.ns one.model 2>err
	ok "nothing repeats, seed $s" test ! -s err
	read -r flows share good <<EOT
$(pairs a.ns)
EOT
	is 'as many flows as were learnt' "$flows" 720
	ok "as many are answered: $share of 89 per cent" test "$share" -ge 84 -a "$share" -le 94
	ok "answers go with what they answer: $good per cent" test "$good" -ge 90
	ok 'records keep the masks' ns-cat -K a.ns
done
ns-sample -q --no-prov -s 4 -o a.ns one.model
for t in 2 3; do
	ns-sample -q --no-prov -s 4 -t $t -o b.ns one.model
	ok "same bytes with $t threads" cmp a.ns b.ns
done
for n in 0 1 2 3 5 99 1000 9999; do
	ns-sample -q --records $n -s $n -o a.ns one.model
	is "exactly $n records" "$(total a.ns 6)" $n
	ns-sample -q -n $n -s $n -o a.ns one.model
	is "exactly $n series" "$(total a.ns 5)" $n
	is 'no five-tuple twice' "$(pairs a.ns | cut -d ' ' -f 1)" $n
done
# More than are drawn at once.
ns-sample -v -n 30000 -o a.ns one.model 2>err
read -r flows share good <<EOT
$(pairs a.ns)
EOT
is 'of many, each once' "$flows" 30000
ok "and as many answered: $share of 89 per cent" test "$share" -ge 84 -a "$share" -le 94
ok "as they should be: $good per cent" test "$good" -ge 90
is 'how many answer is told' "$(sed -n 's/.* new=30000 answers=\([0-9]*\) .*/\1/p' err)" \
	"$(ns-cat -T a.ns | awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
		$at["step"] == 0 { n += $at["role"] == 2 } END { print n }')"

# Hosts that send to each other from one port to the same: few five-tuples, of which those of
# flows that are alone would often answer others by chance.
awk 'BEGIN { for (i = 0; i < 12; i++) for (j = i + 1; j < 12; j++) for (k = 0; k < 1 + (i + j) % 2; k++)
	printf "10.0.0.%d,10.0.0.%d,123,123,17,%.0f,60,0,0,2,0,64\n", k ? i : j, k ? j : i,
		1700000000000000 + (12 * i + j) * 100000 + k * 900
}' | sort -t , -k 6,6n | sed "1i $head" | ns-ingest -q -f csv | ns-chunk -q -n 1 | ns-encode -q -p symbol -o dense.ns
learn -o dense.model dense.ns
for s in 1 2 3; do
	ns-sample -v -s $s -n 60 -o a.ns dense.model 2>err
	is "nothing answers by chance, seed $s" "$(ns-decode -q -f csv a.ns | awk -F , 'NR > 1 && $1 != $2 { a[$1, $2] = $2 SUBSEP $1 }
		END { for (k in a) n += a[k] in a; print n / 2 }')" "$(sed -n 's/.* answers=\([0-9]*\) .*/\1/p' err)"
done

# What is asked for is drawn by itself, and exactly.
for n in 1 7 500; do
	ns-sample -q --given proto=udp -n $n -o a.ns one.model
	is "exactly $n series as they are wanted" "$(total a.ns 5)" $n
	ns-sample -q --from 1700000010 --to 1700000040 --records $n -o a.ns one.model
	is "exactly $n records of a window" "$(total a.ns 6)" $n
done

# Flows that go on open and answer where they start alone.
awk 'BEGIN {
	for (i = 0; i < 300; i++)
		for (k = 0; k < 2; k++)
			for (j = 0; j < 2 + i % 2; j++)
				printf "10.%d.0.%d,10.%d.0.%d,%d,%d,6,%.0f,60,0,0,2,0,64\n", k, i % 5 + 1, !k, i % 5 + 1,
					k ? 443 : 32768 + i * 7919 % 28000, k ? 32768 + i * 7919 % 28000 : 443,
					1700000000000000 + i * 200000 + k * 3000 + j * 20000000
}' | sort -t , -k 6,6n | sed "1i $head" | ns-ingest -q -f csv | ns-chunk -q -n 3 -o long.ns
ns-encode -q -p symbol -o long-train.ns long.ns
learn -o long.model long-train.ns
ns-sample -q -s 5 -o a.ns long.model 2>/dev/null
is 'flows go on as their tags say' "$(ns-cat -T a.ns | awk -F '\t' -f "$top/tests/cli/tags.awk")" '0 0'
is 'a series that goes on is alone' \
	"$(ns-cat -T a.ns | awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
		$at["step"] == 0 && !$at["flow_starts"] { n[$at["role"]]++ }
		END { print (n[0] > 0), n[1] + n[2] }')" '1 0'
is 'in each chunk as many answer as open' \
	"$(ns-cat -T a.ns | awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
		$at["step"] == 0 { d[$1] += $at["role"] == 1; d[$1] -= $at["role"] == 2 }
		END { for (c in d) print d[c] }' | tr '\n' ' ')" '0 0 0 '
ns-sample -q --records 999 -s 5 -o a.ns long.model 2>/dev/null
is 'exactly as many records in chunks' "$(total a.ns 6)" 999

# All that answers have is constant: echoes, which have no ports to turn around.
awk 'BEGIN { for (i = 0; i < 250; i++) for (k = 0; k < 2; k++)
	printf "10.0.%d.%d,10.0.%d.%d,0,0,1,%.0f,84,0,0,2,0,64\n", k ? 200 : 1, k ? i % 10 + 1 : i + 1,
		k ? 1 : 200, k ? i + 1 : i % 10 + 1, 1700000000000000 + i * 100000 + k * 700
}' | sort -t , -k 6,6n | sed "1i $head" | ns-ingest -q -f csv | ns-chunk -q -n 1 | ns-encode -q -p symbol --min-count 1 -o echo.ns
is 'neither delay nor steps nor direction' "$(ns-cat -H echo.ns | grep -cE '^    (delay|opener_steps|direction)')" 0
learn -o echo.model echo.ns
ns-sample -q -o a.ns echo.model
is 'echoes are all answered' "$(pairs a.ns | cut -d ' ' -f 1,2)" '500 100'
is 'and all after the same time, but where the window ends' "$(ns-decode -q -f csv a.ns | awk -F , 'NR > 1 { t[$1, $2] = $6; a[NR] = $1; b[NR] = $2 }
	END { for (i in a) if (a[i] ~ /^10.0.1\./) {
		d = t[b[i], a[i]] - t[a[i], b[i]]; d = (d < 0 ? -d : d) - 700; bad += d * d > 100 }
		print bad <= 2 }')" 1

done_testing
