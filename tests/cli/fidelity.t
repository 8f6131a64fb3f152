#!/bin/bash
# bench/fidelity.sh: one small trace to a table, nothing done twice, other settings refused.
. "$(dirname "$0")/lib.sh"

mkdir -p traces/pcap traces/pcap-original
ns-ingest -q -n 400 "$top/share/demo/westermo.pcap" | ns-decode -f pcap -o traces/pcap/tiny.pcap
echo no capture >traces/pcap-original/tiny.pcap
fidelity() { # fidelity SETTING...
	env TRACES=traces CELLS=tiny SEEDS=0 BUDGET=1s METRICS=fields DG_CHUNKS=1 \
		DG_FLAGS='--d-units 16 --attr-units 16 --attr-d-units 16' OUT="$work/out" \
		"$@" "$top/bench/fidelity.sh" "$(dirname "$NS_BIN")"
}
fidelity >table 2>err
is 'status' $? 0
is 'a table of the trace' "$(sed -n 2,5p table | sed 's/[0-9][0-9.]*/N/g')" "$(printf '%s\n' tiny '' \
	'| score | autoregressive | doppelganger | floor | independent columns |' '|---|---|---|---|---|')"
ok 'with scores of both kinds' grep -Eq '^\| mean_jsd \| 0\.[0-9]+ \| 0\.[0-9]+ \| 0\.[0-9]+ \|' table
ok 'and of all traces' grep -Eq '^\| tiny \| 0\.[0-9]+ / 0\.[0-9]+ / 0\.[0-9]+ / 0\.[0-9]+ \|' table
is 'it is kept' "$(cat out/table.md)" "$(cat table)"
is 'as many records drawn as the other half has' \
	"$(awk '$1 == "records_asked" || $1 == "records_drawn" { print $2 }' out/tiny.*.tsv | sort -u | wc -l)" 1
fidelity >again 2>err
is 'nothing is done twice' "$(cat err; diff table again)" ''
rm out/tiny.doppelganger.0.tsv
fidelity KINDS=autoregressive >alone 2>err
is 'only what is asked for' "$(cat err; grep -c doppelganger alone)" 0
fidelity BUDGET=2s >refused 2>err
is 'other settings' "$? $(grep -c 'has cells of other settings' err)" '1 1'
fidelity OUT="$work/other" CELLS=huge >refused 2>err
is 'a trace that is not there' "$? $(grep -c 'fidelity.sh: no trace huge below ' err)" '1 1'
fidelity OUT="$work/other" KINDS=gan >refused 2>err
is 'a kind that is not there' "$? $(grep -c "fidelity.sh: no kind 'gan'" err)" '1 1'
done_testing
