# shellcheck shell=bash
# sampling.sh: drawing series from a model that knows many flows, so that few are drawn
# again.

# sampling_alone FLOWS: the operations that flows need, per CPU second, beside the rate of
# sgemm on the same products.  The start, reading the model above all, is subtracted.
sampling_alone() {
	local few=$(($1 / 10)) few_cpu
	ns-sample -n "$1" -o "$tmp/drawn" "$tmp/sample.model"
	cost ns-sample -n "$few" "$tmp/sample.model"
	few_cpu=$cpu
	cost ns-sample -n "$1" "$tmp/sample.model"
	"$build/bench/draw" "$tmp/sample.model" "$tmp/drawn" >"$tmp/figures"
	row sample "$1" flow gflop/s "$(awk -v few="$few_cpu" -v all="$cpu" '
		$1 == "needed_gflop" { print $2 * .9 / (all - few) }' "$tmp/figures")" \
		'sgemm on its products' "$(awk '$1 == "sgemm_gflop_s" { print $2 }' "$tmp/figures")"
}

bench_sampling() {
	local series=20000 packets
	awk -v flows=3000 -v rows=20 -v tail=1 -f bench/series.awk | ns-ingest -q --time-unit us |
		ns-chunk -n 1 | ns-encode | ns-train -q --steps 100 -o "$tmp/sample.model"
	packets=$(ns-sample -n "$series" "$tmp/sample.model" | ns-cat -C | awk '$1 == "total" { print $6 }')
	cost ns-sample -n "$series" "$tmp/sample.model"
	row sample "$series" flow cpu_s "$cpu"
	row sample "$packets" packet cpu_s "$cpu"
	sampling_alone "$series"
	cost bash -c "set -o pipefail
		ns-sample -z 0 -n $series '$tmp/sample.model' | ns-decode -f pcap"
	row 'sample|decode -f pcap' "$packets" packet cpu_s "$cpu"
	row 'sample|decode -f pcap' "$packets" packet wall_s "$wall"
	rm "$tmp/sample.model"
}
