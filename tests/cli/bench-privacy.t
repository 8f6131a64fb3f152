#!/bin/bash
# bench/privacy.sh: two small traces to a table of all regimes, nothing done twice, other
# settings refused; and what its table makes of known scores.
. "$(dirname "$0")/lib.sh"

mkdir -p traces
ns-ingest -q "$top/share/demo/westermo.pcap" -o whole.ns
ns-cat -n 600 whole.ns | ns-decode -f pcap -o traces/tiny.pcap
ns-cat --part 0/3 whole.ns | ns-cat -n 500 | ns-decode -f pcap -o traces/open.pcap
privacy() { # privacy SETTING...
	env TRACES=traces CELLS=tiny:open:open KINDS='autoregressive doppelganger' EPSILONS='5:2 2:1' JOBS=1 \
		MAX_STEPS=8 STEPS='3 3' PRE_STEPS='3 3' OUT="$work/out" \
		"$@" "$top/bench/privacy.sh" "$(dirname "$NS_BIN")"
}
privacy >table 2>err
is 'status' "$? $(grep -v ' done$' err)" '0 '
is 'cells' "$(sed 's/ done$//' err | sort)" "$(printf 'tiny %s\n' 'autoregressive columns 2 0' 'autoregressive columns 5 0' \
	'autoregressive open 0 0' 'autoregressive other 5 0' 'autoregressive same 2 0' 'autoregressive same 5 0' \
	'autoregressive same 5 1' 'autoregressive scratch 2 0' 'autoregressive scratch 5 0' 'autoregressive scratch 5 1' \
	'doppelganger open 0 0' 'doppelganger other 5 0' 'doppelganger same 2 0' 'doppelganger same 5 0' 'doppelganger same 5 1' \
	'doppelganger scratch 2 0' 'doppelganger scratch 5 0' 'doppelganger scratch 5 1')"
is 'a line each' "$(grep -c '^| [ad][a-z]*, ' table) $(grep -c '^| \(half\|independent\)' table)" '14 2'
ok 'repeats have a deviation' grep -q '^| autoregressive, scratch, 5 |.* ±' table
is 'no more was spent than asked for' "$(awk -F '\t' '$1 == "epsilon" { split(FILENAME, of, ".")
	print ($2 <= of[4] && $2 > of[4] * .9) }' out/tiny.*.tsv | sort | uniq -c | awk '{ print $1, $2 }')" '16 1'
is 'it is kept' "$(cat out/table.md)" "$(cat table)"
privacy >again 2>err
is 'nothing is done twice' "$(cat err; diff table again)" ''
privacy RATE=.5 >other 2>err
is 'other settings are refused' "$? $(grep -c 'has cells of other settings' err)" '1 1'
{
	printf 'net\tautoregressive\tscratch\t2\t0\tmean_jsd\t.2\t.1\t.3\n'
	printf 'net\tautoregressive\tscratch\t2\t1\tmean_jsd\t.4\t.1\t.3\n'
	printf 'net\tautoregressive\topen\t2\t0\tmean_jsd\t.15\tnan\tnan\n'
} | awk -f "$top/bench/privacy.awk" | cut -d '|' -f 2,3 >known
is 'means and deviations' "$(tail -n 4 known)" "$(printf ' %s \n' 'autoregressive, scratch, 2 | 0.300 ±0.100' \
	'autoregressive, open, - | 0.150' 'half against half | 0.100' 'independent columns, no noise | 0.300')"
done_testing
