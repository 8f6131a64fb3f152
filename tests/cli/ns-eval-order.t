#!/bin/sh
# ns-eval on pairs whose order is known, made of the demonstration capture: one half of its
# records, the same with a tenth of them redrawn by independent columns, independent columns,
# and uniform noise, each scored against the other half.  Then copies: perfect, and caught.
. "$(dirname "$0")/lib.sh"

ns-ingest -q "$top/share/demo/westermo.pcap" | ns-decode -f csv -o whole.csv -
for k in 0 1; do
	awk -v k=$k 'BEGIN { srand(5) } NR == 1 || (rand() < .5) == k' whole.csv >half$k.csv
	ns-ingest -q -o half$k.ns half$k.csv
done
for mode in tenth independent uniform; do
	awk -v mode=$mode -v seed=3 -f "$top/tests/cli/redraw.awk" half0.csv half0.csv >$mode.csv
	ns-ingest -q -o $mode.ns $mode.csv
done
ns-eval -t 2 -f tsv -m joint,classifier --hold-out half1.ns half0.ns \
	half=half0.ns tenth=tenth.ns independent=independent.ns uniform=uniform.ns >scores

# Correlations cannot tell independent columns from noise: neither has any.
awk -F '\t' 'NR > 1 {
	if (!($1 in last)) {
		name[++n] = $1
	} else if ($2 <= last[$1] && !($6 == "uniform" && $1 ~ /^correlation/)) {
		wrong[$1] = wrong[$1] " " $6
	}
	last[$1] = $2
} END {
	for (i = 1; i <= n; i++)
		print name[i] (name[i] in wrong ? ": not worse:" wrong[name[i]] : " in order")
}' scores >order
while read -r line; do
	case $line in
	*"in order") is "half < tenth redrawn < independent < uniform: ${line% in order}" ok ok ;;
	*) is "half < tenth redrawn < independent < uniform" "$line" "" ;;
	esac
done <order
is "joint metrics and the classifier" "$(wc -l <order)" 12
is "independent columns are not better than no learning" "$(awk -F '\t' \
	'$6 == "independent" && $1 ~ /^mean_joint|^classifier/ && $2 < .9 * $4' scores)" ""

# Copying: parts split by flow, one learnt, one held out, one to stand for a perfect model.
ns-ingest -q -o whole.ns "$top/share/demo/westermo.pcap"
for k in 0 1 2; do
	ns-cat --part $k/3 -o part$k.ns whole.ns
done
ns-decode -f csv -o part0.csv part0.ns
awk -v mode=uniform -v seed=4 -f "$top/tests/cli/redraw.awk" part0.csv part0.csv >noise.csv
ns-ingest -q -o noise.ns noise.csv
small='--steps 1 --batch-size 20 --attr-units 16 --d-units 16 --attr-d-units 16 --lstm-units 8'
# shellcheck disable=SC2086 # a list of options
ns-chunk -n 1 part0.ns | ns-encode | ns-train -q --marginal-init 0 $small | ns-sample -s 1 |
	ns-decode -o untrained.ns
ns-eval -f tsv -m fields,joint,flow,leakage part0.ns copy=part0.ns >copied
is "a copy is perfect" "$(awk -F '\t' 'NR > 1 && $1 !~ /^leak/ && $2 != 0' copied)" ""
ns-eval -f json -m leakage --hold-out part1.ns part0.ns copy=part0.ns third=part2.ns noise=noise.ns \
	untrained=untrained.ns >leaks
# verdicts TRACE: how often each verdict is given.
verdicts() {
	sed -n "/\"name\": \"$1\"/,/^    ]/s/.*\"verdict\": \"\([^\"]*\)\".*/\1/p" leaks | sort | uniq -c |
		sed 's/^ *//' | tr '\n' ';'
}
ok "a copy is caught" sh -c "echo '$(verdicts copy)' | grep -q '[6-9] copies its training data'"
is "a third part is not" "$(verdicts third | grep -c copies)" 0
is "noise is not" "$(verdicts noise | grep -c copies)" 0
is "an untrained model is not" "$(verdicts untrained | grep -c copies)" 0
ok "they are looked at" sh -c "echo '$(verdicts untrained)' | grep -q 'no sign of copying'"
fails 1 "leak_mia_auc of 'copy' is .* above --max 0.6" ns-eval -m leakage --max leak_mia_auc=.6 \
	--hold-out part1.ns part0.ns copy=part0.ns
ns-eval -f json -m leakage part0.ns copy=part0.ns >leaks
is "without a hold-out nobody can tell" "$(verdicts copy)" "2 cannot be told;9 not defined;"
done_testing
