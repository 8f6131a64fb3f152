#!/bin/bash
# bench/fidelity.sh: one small trace to a table, nothing done twice, other settings refused;
# and what its tables make of known scores.
. "$(dirname "$0")/lib.sh"

mkdir -p traces/pcap traces/pcap-original
ns-ingest -q -n 400 "$top/share/demo/westermo.pcap" | ns-decode -f pcap -o traces/pcap/tiny.pcap
echo no capture >traces/pcap-original/tiny.pcap
fidelity() { # fidelity SETTING...
	env TRACES=traces CELLS=tiny SEEDS=0 BUDGET=1s METRICS=fields DG_CHUNKS=1 \
		ADV_FLAGS='--warm-share .5 --d-units 16' DG_FLAGS='--d-units 16 --attr-units 16 --attr-d-units 16' OUT="$work/out" \
		"$@" "$top/bench/fidelity.sh" "$(dirname "$NS_BIN")"
}
fidelity >table 2>err
is 'status' $? 0
is 'a table of the trace' "$(sed -n 2,5p table | sed 's/[0-9][0-9.]*/N/g')" "$(printf '%s\n' tiny '' \
	'| score | autoregressive | adversarial | doppelganger | floor | independent columns |' '|---|---|---|---|---|---|')"
ok 'with scores of all kinds' grep -Eq '^\| mean_jsd (\| 0\.[0-9]+ ){5}\|$' table
ok 'and of all traces' grep -Eq '^\| tiny \| 0\.[0-9]+ (/ 0\.[0-9]+ ){4}\|' table
is 'and criteria, those that can be judged' "$(sed -n 's/^| tiny | \([a-z]*\) | [0-3] of 3 |.*/\1/p' table | tr '\n' ' ')" \
	'autoregressive adversarial doppelganger '
is 'it is kept' "$(cat out/table.md)" "$(cat table)"
is 'as many records drawn as the other half has' \
	"$(awk '$1 == "records_asked" || $1 == "records_drawn" { print $2 }' out/tiny.*.tsv | sort -u | wc -l)" 1
fidelity >again 2>err
is 'nothing is done twice' "$(cat err; diff table again)" ''
# a folder with a cell that lacks scores
mkdir old
cp out/tiny.doppelganger.0.ns out/tiny.learnt out/tiny.held old
grep -v '^distinct\|^entropy' out/tiny.doppelganger.0.tsv >old/tiny.doppelganger.0.tsv
cp out/settings old
touch -d @1 old/tiny.doppelganger.0.ns
fidelity OUT="$work/old" KINDS=doppelganger >older 2>err
is 'a cell that lacks scores: status' "$? $(cat err)" '0 tiny doppelganger 0 done'
is 'it is scored again' "$(cat old/tiny.doppelganger.0.tsv)" "$(cat out/tiny.doppelganger.0.tsv)"
is 'and not learnt again' "$(stat -c %Y old/tiny.doppelganger.0.ns)" 1
fidelity METRICS=fields,joint KINDS=doppelganger >further 2>err
is 'more scores' "$(cat err) $(grep -c '^| mean_joint_jsd |' further)" 'tiny doppelganger 0 done 1'
rm out/tiny.doppelganger.0.tsv
fidelity KINDS=autoregressive >alone 2>err
is 'only what is asked for' "$(cat err; grep -c '| doppelganger' alone)" 0
fidelity BUDGET=2s >refused 2>err
is 'other settings' "$? $(grep -c 'has cells of other settings' err)" '1 1'
fidelity OUT="$work/other" CELLS=huge >refused 2>err
is 'a trace that is not there' "$? $(grep -c 'fidelity.sh: no trace huge below ' err)" '1 1'
fidelity OUT="$work/other" KINDS=gan >refused 2>err
is 'a kind that is not there' "$? $(grep -c "fidelity.sh: no kind 'gan'" err)" '1 1'

# Known scores: trace, kind, score, those of two seeds, floor, independent columns.
tables() { # tables: of standard input
	awk -v OFS='\t' '{
		for (i = 4; i <= 5; i++)
			print $1, $2, i - 4, $3, $i, $6, $7
	}' >all.tsv
	awk -f "$top/bench/scores.awk" -f "$top/bench/fidelity.awk" all.tsv
	awk -f "$top/bench/scores.awk" -f "$top/bench/criteria.awk" -v tsv=criteria.tsv all.tsv
}
tables >known <<-'END'
	net adversarial mean_joint_jsd .18 .22 .1 .5
	net adversarial mean_jsd .10 .16 .1 .2
	net adversarial SP .3 .5 .2 .2
	net adversarial flow_size .3 .4 .2 2
	net adversarial flow_duration .7 .5 .4 2
	net adversarial inter_arrival .4 .2 .4 2
	net adversarial classifier_flows .2 .3 .5 1
	net adversarial classifier_records .7 .9 .5 1
	net adversarial distinct .9 .8 1 1
	net adversarial entropy .9 .94 1 1
	net adversarial heavy_dst .1 .1 0 0
	net adversarial heavy_src nan nan nan nan
	net adversarial heavy_tuple .5 .5 0 0
	net adversarial leak_records -.1 .1 .02 0
	net adversarial leak_tuples .05 .07 .05 0
	net doppelganger mean_joint_jsd .5 .5 .1 .5
	net doppelganger mean_jsd .4 .4 .1 .2
	net doppelganger leak_tuples .01 .01 .2 0
END
is 'what is worked out of scores' "$(grep -E '^\| (joint_closed|mean_joint_jsd_over|SP_over|flow_size_above)' known)" "\
| joint_closed | 0.7500 | 0.0000 | 1.0000 | 0.0000 |
| mean_joint_jsd_over_doppelganger | 0.4000 | 1.0000 | 0.2000 | 1.0000 |
| SP_over_floor | 2.0000 | - | 1.0000 | 1.0000 |
| flow_size_above_floor | 0.1500 | - | 0.0000 | 1.8000 |"
is 'criteria' "$(awk -F '\t' '$2 == "adversarial" { printf "%s %.3f %s %s %s %.3f\n", $3, $4, $5, $6, $7, $8 }' criteria.tsv)" "\
joint_closed 0.750 >= 0.8 no 0.050
mean_joint_jsd_over_doppelganger 0.400 <= 0.25 no 0.150
mean_jsd_over_floor 1.300 <= 1.3 yes 0.000
flow_size_above_floor 0.150 <= 0.15 yes 0.000
flow_duration_above_floor 0.200 <= 0.15 no 0.050
inter_arrival_above_floor -0.100 <= 0.15 yes 0.000
classifier_flows 0.750 <= 0.7 no 0.050
classifier_records 0.800 <= 0.75 no 0.050
distinct 0.850 >= 0.9 no 0.050
entropy 0.920 >= 0.9 yes 0.000
heavy_hitters 0.300 <= 0.2 no 0.100
leaks_above_bounds 0.010 <= 0 no 0.010"
is 'of them in the table' "$(grep '^| net | adversarial' known)" "\
| net | adversarial | 4 of 12 | 0.750 by 0.050 | 0.400 by 0.150 | 1.300 met | 0.150 met | 0.200 by 0.050 |\
 -0.100 met | 0.750 by 0.050 | 0.800 by 0.050 | 0.850 by 0.050 | 0.920 met | 0.300 by 0.100 | 0.010 by 0.010 |"
is 'of another kind: its own bound, not judged beside itself' "$(grep '^| net | doppelganger' known)" "\
| net | doppelganger | 1 of 3 | 0.000 by 0.800 | - | 4.000 by 2.700 | - | - | - | - | - | - | - | - | -0.190 met |"
done_testing
