#!/bin/sh
# ns-eval on pairs whose order is known, made of the demonstration capture: one half of its
# records, the same with a tenth of them redrawn by independent columns, independent columns,
# and uniform noise, each scored against the other half.  Then copies: perfect, and caught.
. "$(dirname "$0")/lib.sh"
. "$top/tests/cli/order.inc"

ns-ingest -q "$top/share/demo/westermo.pcap" | ns-decode -f csv -o whole.csv -
known_pairs whole.csv
known_scores >scores
is "half < tenth redrawn < independent < uniform" "$(out_of_order 1 scores)" ""
is "on every joint metric and the classifier" "$(cut -f 1 scores | tail -n +2 | sort -u | wc -l)" 17
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
is "a copy is perfect" "$(awk -F '\t' '
	NR > 1 && $1 !~ /^leak/ && $2 != ($1 == "distinct" || $1 == "entropy")' copied)" ""
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
is "without a hold-out nobody can tell" "$(verdicts copy)" "11 cannot be told;"
ns-eval -f json -m leakage --hold-out part0.ns part0.ns copy=part0.ns >leaks 2>err
is "nor with a hold-out that was learnt" "$(verdicts copy)" "11 cannot be told;"
is "which is said" "$(cat err)" \
	"ns-eval: 'part0.ns' shares 100 % of its five-tuples with 'part0.ns': was it learnt too?"
done_testing
