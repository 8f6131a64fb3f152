#!/bin/bash
# bench.sh [BUILD]: what each stage costs beside a usual tool that does comparable work, on
# the demonstration capture repeated.  Figures are CPU seconds (user + system), the median of
# RUNS runs (default 5), also written to BUILD/bench.tsv.  Nothing here passes or fails.
set -eu -o pipefail
cd "$(dirname "$0")/.."
build=${1:-build}
runs=${RUNS:-5}
PATH=$(cd "$build/bin" && pwd):$PATH
LC_ALL=C
export PATH LC_ALL
tsv=$build/bench.tsv
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# cost COMMAND...: median CPU seconds; its output is thrown away.
cost() {
	local i TIMEFORMAT='%U %S'
	for ((i = 0; i < runs; i++)); do
		{ time "$@" >/dev/null 2>&1; } 2>&1 || exit 1
	done | awk '{ print $1 + $2 }' | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

# row WHAT UNITS COUNT SECONDS [OTHER SECONDS]: one line of the table.
row() {
	awk -v OFS='\t' -v what="$1" -v unit="$2" -v n="$3" -v s="$4" -v other="${5:--}" -v so="${6:-0}" '
	BEGIN {
		rate = s > 0 ? sprintf("%.3g", n / s) : "-"
		ratio = so > 0 && s > 0 ? sprintf("%.2f", s / so) : "-"
		print what, unit, n, s, rate, other, (so > 0 ? so : "-"), ratio
	}' | tee -a "$tsv"
}

# row_against WHAT UNIT COUNT SECONDS TOOL COMMAND...: the same, beside TOOL if it is installed.
row_against() {
	if command -v "$5" >/dev/null; then
		row "$1" "$2" "$3" "$4" "$5" "$(cost "${@:5}")"
	else
		row "$1" "$2" "$3" "$4"
	fi
}

# The capture, 40 times over: packets of all copies are joined flows, as in a long trace.
one=share/demo/westermo.pcap
head -c 24 $one >"$tmp/big.pcap"
for ((i = 0; i < 40; i++)); do tail -c +25 $one; done >>"$tmp/big.pcap"
ns-ingest -q -o "$tmp/big.ns" "$tmp/big.pcap"
ns-chunk -n 4 -o "$tmp/series.ns" "$tmp/big.ns"
ns-cat -T "$tmp/big.ns" >"$tmp/big.tsv"
ns-ingest -q $one | ns-chunk -n 4 | ns-encode -o "$tmp/train.ns"
ns-train -c 0 --steps 2 -o "$tmp/0.model" "$tmp/train.ns"
packets=$(($(wc -l <"$tmp/big.tsv") - 1))

printf 'stage\tunit\tcount\tseconds\tper_second\tbeside\tits_seconds\tratio\n' | tee "$tsv"
s=$(cost ns-ingest "$tmp/big.pcap")
row_against ingest packet "$packets" "$s" capinfos "$tmp/big.pcap"
row_against ingest packet "$packets" "$s" tcpdump -n -r "$tmp/big.pcap" -w -
s=$(cost ns-chunk -n 4 "$tmp/big.ns")
row_against chunk packet "$packets" "$s" sort -t '	' -k 2,6 -k 1,1n "$tmp/big.tsv"
row encode packet "$packets" "$(cost ns-encode "$tmp/series.ns")"
row decode packet "$packets" "$(cost ns-decode -f pcap "$tmp/series.ns")"
echo "# matrix products: $(ns-cat -H "$tmp/0.model" | sed -n 's/^ *train.kernel=//p')" | tee -a "$tsv"
few=$(cost ns-train -c 0 --steps 2 "$tmp/train.ns")
many=$(cost ns-train -c 0 --steps 12 "$tmp/train.ns")
row train step 10 "$(awk -v a="$few" -v b="$many" 'BEGIN { print b - a }')"
row sample series 2000 "$(cost ns-sample -n 2000 "$tmp/0.model")"

# All scores of fidelity, of two traces of as many packets, in one thread.
for k in 0 1; do ns-cat --part $k/2 -o "$tmp/part$k.ns" "$tmp/big.ns"; done
for group in fields,joint,flow classifier leakage telemetry; do
	row "eval $group" packet "$packets" "$(cost ns-eval -q -m $group "$tmp/part0.ns" "$tmp/part1.ns")"
done
