#!/bin/bash
# bench/ablation.sh: settings of one small trace to a table, nothing done twice, cells of
# other settings refused, one that fails does not stop the others.
. "$(dirname "$0")/lib.sh"

mkdir -p traces/pcap
ns-ingest -q -n 400 "$top/share/demo/westermo.pcap" | ns-decode -f pcap -o traces/pcap/tiny.pcap
ablation() { # ablation SETTING...
	env TRACES=traces CELLS=tiny SEEDS='0 1' BUDGET=1s METRICS=fields OUT="$work/out" \
		SETTINGS='critics = --warm-share 0 --d-units 8; warm-only' "$@" \
		"$top/bench/ablation.sh" "$(dirname "$NS_BIN")"
}
ablation >table 2>err
is 'status' $? 0
is 'a cell each' "$(sort err)" "$(printf 'tiny %s done\n' '0 critics' '0 warm-only' '1 critics' '1 warm-only')"
is 'a table of traces and settings' "$(cut -d '|' -f 2,3,4,5 table | sed 's/[0-9][0-9.]*/N/g; s/ *$//')" "\
 trace | setting | mean_joint_jsd | mean_jsd
---|---|---|---
 tiny | critics | - | N (N)
 tiny | warm-only | - | N (N)
 tiny | (floor) | - | N (N)
 tiny | (independent columns) | - | N (N)"
is 'it is kept' "$(cat out/table.md)" "$(cat table)"
# Training stops by the clock, so the values differ from run to run: the table's are compared
# as numbers, not by digits that are rounded twice.
mean() { # mean SETTING: of the seeds' mean JSD, and the spread
	awk -F '\t' '$1 == "mean_jsd" { print $2 }' out/tiny.[01]."$1".tsv | sort -g |
		awk 'NR == 1 { x = $1 } { y = $1 } END { printf "%.9f %.9f 2\n", (x + y) / 2, y - x }'
}
table_says() { # table_says SETTING
	awk -F '\t' -v s="$1" '$3 == "mean_jsd" && $2 == s { print $4, $5, $6 }' out/table.tsv
}
for setting in critics warm-only; do
	is "mean and spread: $setting" "$(paste -d ' ' <(table_says $setting) <(mean $setting) | awk '
		{ print NF, $3, $6, ($1 - $4) ^ 2 < 1e-11 && ($2 - $5) ^ 2 < 1e-11 ? "equal" : $0 }')" '6 2 2 equal'
done
is 'settings differ' "$(cmp -s out/tiny.0.critics.ns out/tiny.0.warm-only.ns; echo $?)" 1
is 'as many records drawn as the other half has' "$(ns-cat -C out/tiny.0.critics.ns | awk '$1 == "total" { print $5 }')" \
	"$(ns-cat -C out/tiny.held | awk '$1 == "total" { print $5 }')"
ablation >again 2>err
is 'nothing is done twice' "$(cat err; diff table again)" ''
rm out/tiny.1.critics.*
ablation JOBS=1 >again 2>err
is 'only what is not there' "$(cat err)" 'tiny 1 critics done'
touch -d @1 out/tiny.1.critics.ns
ablation METRICS=fields,joint SEEDS=1 SETTINGS='critics = --warm-share 0 --d-units 8' >further 2>err
is 'more scores, nothing learnt' "$(cat err) $(stat -c %Y out/tiny.1.critics.ns)" 'tiny 1 critics done 1'
is 'of the settings that are asked for' "$(grep -c '^| tiny | [a-z]' further) $(awk -F '|' '/critics/ { print $4 }' further | grep -c '[0-9]')" '1 1'

# one that fails
ablation SETTINGS='broken = --warm-share 7; warm-only' >table 2>err
is 'a cell that fails: status' "$? $(grep -c '^ablation.sh: tiny [01] broken failed$' err) $(tail -n 1 err)" \
	'1 2 ablation.sh: 2 cells failed'
is 'the others are there' "$(grep -c '^| tiny | warm-only | - | 0' table) $(grep -c broken table)" '1 0'
is 'nothing half-written' "$(find out -name '*broken*')" ''
ablation SEEDS=0 SETTINGS='broken = --warm-share .7' >table 2>err
is 'it can be mended' "$(cat err)" 'tiny 0 broken done'

refused() { # refused PATTERN SETTING...
	local pattern=$1
	shift
	ablation "$@" >refused 2>err
	is "refused: $*" "$? $(wc -l <err) $(grep -Ec "^ablation.sh: $pattern" err)" '1 1 1'
}
refused ".*has cells of another setting critics: '--warm-share 0 --d-units 8'" SETTINGS='critics = --d-units 8'
refused ".*has cells of another setting warm-only: '--warm-share 1'" SETTINGS='warm-only ='
refused ".*has cells of another BUDGET: '1s'" BUDGET=2s
refused ".*has cells of another THREADS: '1'" THREADS=2
refused "SETTINGS: 'nothing' is not in the table" SETTINGS='base; nothing'
refused "SETTINGS: 'a/b' is no name" SETTINGS='a/b = --r1 1'
refused "SETTINGS: 'base' is there twice" SETTINGS='base; base ='
refused 'SETTINGS: there is none' SETTINGS=';'
refused "JOBS is '0', not 1 or more" JOBS=0
refused 'no trace huge below ' CELLS=huge

# every line of the script's own table is taken by ns-train, one step each
ns-ingest -q -n 60 traces/pcap/tiny.pcap | ns-chunk -q -n 1 --max-steps 20000 | ns-encode -q -p symbol -o symbols.ns
sed -n "/^table='/,/^'/p" "$top/bench/ablation.sh" | sed '1d; $d; s/ *= */=/' >lines
while IFS='=' read -r name flags; do
	# shellcheck disable=SC2086 # flags are words
	ns-train -q -m adversarial --steps 2 -o model $flags symbols.ns >>trained 2>&1 || echo "$name" >>trained
done <lines
is 'the table' "$([ "$(wc -l <lines)" -gt 9 ] && echo some) $(cat trained)" 'some '
done_testing
