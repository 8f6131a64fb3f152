# shellcheck shell=bash
# evaluation.sh: scores of two traces of as many packets, in one thread.

bench_evaluation() {
	local packets=150000 k group
	"$build/bench/repeat" "$packets" "$one" | ns-ingest -q -o "$tmp/whole.ns"
	for k in 0 1; do ns-cat --part $k/2 -o "$tmp/part$k.ns" "$tmp/whole.ns"; done
	for group in fields,joint,flow classifier leakage telemetry; do
		cost ns-eval -q -m "$group" "$tmp/part0.ns" "$tmp/part1.ns"
		row "eval -m $group" "$packets" packet cpu_s "$cpu"
	done
	rm "$tmp/whole.ns" "$tmp/part0.ns" "$tmp/part1.ns"
}
