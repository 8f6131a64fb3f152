#!/bin/sh
# ns-encode -p symbol: which series answer which, however the chunks come.
. "$(dirname "$0")/lib.sh"

# 40 connections of one to three packets, of which every fourth has no answer; answers come
# 2 or 5 ms later, the last one in the chunk behind.
talk() { # talk ANSWERS: 1 = there are some
	awk -v answers="$1" 'BEGIN {
		for (i = 0; i < 40; i++) {
			t = 1700000000000000 + i * 100000 + (i == 39) * 99000
			for (k = 0; k <= i % 3; k++)
				printf "10.0.0.%d,10.1.0.1,%d,443,TCP,%.0f,60,0,0,2,0,64\n", i % 5 + 1, 40000 + i,
					t + 10 * k
			delay = i == 39 ? 4000000 : i % 2 ? 2000 : 5000
			for (k = 0; k < 2 && answers && i % 4 != 0; k++)
				printf "10.1.0.1,10.0.0.%d,443,%d,TCP,%.0f,1500,0,0,2,0,64\n", i % 5 + 1, 40000 + i,
					t + delay + 10 * k
		}
	}' | sort -t , -k 6,6n |
		sed '1i srcip,dstip,srcport,dstport,proto,ts,pkt_len,tos,id,flag,off,ttl' | ns-ingest -q -f csv
}
# first FILE FIELD...: codes in the first step of each series
first() {
	_file=$1
	shift
	ns-cat -T "$_file" | awk -v want="$*" 'BEGIN { FS = "\t"; n = split(want, f, " ") }
		NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
		$at["step"] == 0 { for (i = 1; i <= n; i++) printf "%s%s", $at[f[i]], i < n ? " " : "\n" }'
}
talk 1 | ns-chunk -q -d 4001ms -o series.ns
talk 1 | ns-chunk -q -d 4001ms -o 'part-%d.ns'
ns-encode -p symbol -o pairs.ns series.ns

is 'fields of answers' "$(ns-cat -H pairs.ns | grep -E ' attribute' | uniq | sed -n '1,/client/p')" \
"    flow_starts bit attribute
    role category[3] attribute
    direction category[2] attribute
    src_ip category[6] attribute
    dst_ip category[6] attribute
    opener_steps category[5] attribute
    flow_chunks bit[2] attribute
    flow_start category[8] attribute
    flow_start.pos real attribute
    delay category[3] attribute
    client category attribute"
is 'roles, by chunk: as many answers as openers, in one chunk both' \
	"$(first pairs.ns chunk role | sort | uniq -c | awk '{ print $2, $3, $1 }')" \
'0 0 11
0 1 29
0 2 29
1 0 1'
is 'who answers is the service' "$(first pairs.ns role direction | sort -u | grep -v ^0 | tr '\n' ' ')" '1 0 2 1 '
# Opener i has i % 3 + 1 steps, and i % 2 says the delay; i % 4 > 0, i < 39.
is 'steps of the opener and delays of answers, nothing of others' \
	"$(first pairs.ns role opener_steps delay | sort | uniq -c | awk '{ print $2, $3, $4, $1 }')" \
"0 0 0 12
1 0 0 29
$(awk 'BEGIN { for (i = 0; i < 39; i++) if (i % 4) n["2 " i % 3 + 1 " " (i % 2 ? 1 : 2)]++
	for (k in n) print k, n[k] }' | sort)"
ok 'records keep the masks' ns-cat -K pairs.ns
is 'packets back' "$(ns-decode pairs.ns | ns-cat -T | sort)" "$(talk 1 | ns-cat -T | sort)"

# Threads, spills and the order of chunks change nothing.
for opts in '-t 1' '-t 3 -S 1K' '-S 0'; do
	# shellcheck disable=SC2086
	ns-encode -p symbol $opts -o got.ns series.ns
	ok "$opts, equal bytes" cmp got.ns pairs.ns
done
ns-encode -p symbol -o got.ns part-1.ns part-0.ns
is 'chunks the other way round' "$(ns-cat -T got.ns)" "$(ns-cat -T pairs.ns)"
ns-encode -p symbol -F codec.ns series.ns
for opts in '' '-S 0' '-S 1K'; do
	# shellcheck disable=SC2086
	ns-encode -A codec.ns $opts -o got.ns series.ns
	is "applied as if fitted, $opts" "$(ns-cat -T got.ns)" "$(ns-cat -T pairs.ns)"
done
ns-encode -A codec.ns -o got.ns part-1.ns
is 'to one chunk' "$(first got.ns chunk role)" '1 0'

# A trace without answers is as ever, and so is a codec without them.
talk 0 | ns-chunk -q -n 1 -o alone.ns
ns-encode -p symbol -F plain.ns alone.ns
is 'no role without answers' "$(ns-cat -H plain.ns | grep -cE 'role|delay|opener')" 0
ns-encode -z 0 -p symbol -o got.ns alone.ns
is 'nor in the codec' "$(grep -acE 'role|delay|opener' got.ns)" 0
talk 1 | ns-chunk -q -n 1 -o all.ns
fails 65 'the codec cannot express' ns-encode -A plain.ns -o got.ns all.ns
ns-encode -p netshare --no-prov -o got.ns series.ns
is 'the profile netshare has no roles' "$(ns-cat -H got.ns | grep -cE 'role|delay|opener')" 0

# Who answers later than any that was fitted to.
talk 1 | ns-chunk -q -n 1 --to 1700000003 -o early.ns
ns-encode -p symbol -F early.codec early.ns
fails 65 'all.ns: the codec cannot express delay 4000000000$' ns-encode -A early.codec -o got.ns all.ns
done_testing
