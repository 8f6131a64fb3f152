# shellcheck shell=bash
# sampling.sh: drawing series from models of either kind that know many flows, so that few
# are drawn again.

# sampling_alone WHAT FLOWS MODEL: the operations that flows need, per CPU second, beside the
# rate of sgemm on the same products.  The start, reading the model above all, is
# subtracted.
sampling_alone() {
	local few=$(($2 / 10)) few_cpu
	ns-sample -n "$2" -o "$tmp/drawn" "$3"
	cost ns-sample -n "$few" "$3"
	few_cpu=$cpu
	cost ns-sample -n "$2" "$3"
	"$build/bench/draw" "$3" "$tmp/drawn" >"$tmp/figures"
	row "$1" "$2" flow gflop/s "$(awk -v few="$few_cpu" -v all="$cpu" '
		$1 == "needed_gflop" { print $2 * .9 / (all - few) }' "$tmp/figures")" \
		'sgemm on its products' "$(awk '$1 == "sgemm_gflop_s" { print $2 }' "$tmp/figures")"
}

# sampling_of WHAT FLOWS MODEL
sampling_of() {
	local packets
	packets=$(ns-sample -n "$2" "$3" | ns-cat -C | awk '$1 == "total" { print $6 }')
	cost ns-sample -n "$2" "$3"
	row "$1" "$2" flow cpu_s "$cpu"
	row "$1" "$packets" packet cpu_s "$cpu"
	sampling_alone "$1" "$2" "$3"
	cost bash -c "set -o pipefail
		ns-sample -z 0 -n $2 '$3' | ns-decode -f pcap"
	row "$1|decode -f pcap" "$packets" packet cpu_s "$cpu"
	row "$1|decode -f pcap" "$packets" packet wall_s "$wall"
}

bench_sampling() {
	awk -v flows=3000 -v rows=20 -v tail=1 -f bench/series.awk |
		ns-ingest -q --time-unit us -o "$tmp/records.ns"
	ns-chunk -n 1 "$tmp/records.ns" | ns-encode | ns-train -q --steps 100 -o "$tmp/sample.model"
	sampling_of sample 20000 "$tmp/sample.model"
	ns-chunk -n 1 --max-steps 20000 "$tmp/records.ns" | ns-encode -p symbol |
		ns-train -q -m autoregressive --steps 200 -o "$tmp/sample.model"
	sampling_of autoregressive 40000 "$tmp/sample.model"
	rm "$tmp/records.ns" "$tmp/sample.model" "$tmp/drawn"
}
