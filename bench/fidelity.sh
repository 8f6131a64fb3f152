#!/bin/bash
# fidelity.sh [BUILD]: how faithful each kind of model is, by the hold-out protocol: half
# of the flows of a trace are learnt, as many records as the other half has are drawn and
# scored against it.  `make fidelity TRACES=DIR` runs this.  One cell is a trace, a kind and
# a seed; each is kept as a file of OUT when it is done, so the same command goes on after a
# stop, also with more traces, kinds or seeds.  Cells that lack scores which METRICS asks for
# or which ns-eval did not have are scored again by the synthetic trace that is kept beside
# them, not learnt again; cells of other settings of training need another OUT.  At the end
# come the tables, also as OUT/table.md, and what each kind meets of the criteria in
# criteria.awk, also as OUT/criteria.tsv.
#
#	TRACES        folder of real traces
#	CELLS         traces, by the beginnings of their names [the six below]
#	KINDS         [autoregressive adversarial doppelganger]
#	SEEDS         [0 1 2]
#	BUDGET        time of training [300s]
#	THREADS       [2]
#	METRICS       groups of ns-eval [fidelity,leakage,telemetry,types]
#	AR_CHUNKS     chunks of the kinds autoregressive and adversarial [1]
#	DG_CHUNKS     of the other [10]
#	AR_FLAGS ADV_FLAGS DG_FLAGS   more options of ns-train; the kind adversarial without
#	              any training by likelihood: ADV_FLAGS='--warm-share 0', in an OUT of its own
#	OUT           folder of the cells [BUILD/fidelity]
#
# Nothing here is set trace by trace.
. "$(dirname "$0")/cells.sh"
cells=${CELLS:-modbus-channel-4d-12s westermo-right-first-hour ustc-tfc2016-tinba
	zeek-internet-host-2024-04-19 ctu-zeek-mixed-011 iot23-capture-34-1}
kinds=${KINDS:-autoregressive adversarial doppelganger}
seeds=${SEEDS:-0 1 2}
budget=${BUDGET:-300s} threads=${THREADS:-2}
metrics=${METRICS:-fidelity,leakage,telemetry,types}
ar_chunks=${AR_CHUNKS:-1} dg_chunks=${DG_CHUNKS:-10}
. bench/holdout.sh

# What all cells of a folder have in common.
same_settings "BUDGET=$budget THREADS=$threads AR_CHUNKS=$ar_chunks DG_CHUNKS=$dg_chunks AR_FLAGS=${AR_FLAGS:-} ADV_FLAGS=${ADV_FLAGS:-} DG_FLAGS=${DG_FLAGS:-}"

# model KIND SEED: from the half on standard input to a sample's model.
model() {
	local flags=${AR_FLAGS:-}
	case $1 in
	autoregressive | adversarial)
		[ "$1" = autoregressive ] || flags=${ADV_FLAGS:-}
		# shellcheck disable=SC2086 # flags are words
		symbols "$ar_chunks" | ns-train -q -m "$1" -T "$budget" -t "$threads" -s "$2" $flags
		;;
	doppelganger)
		# shellcheck disable=SC2086
		ns-chunk -q -n "$dg_chunks" | ns-encode -q |
			ns-train -q -m doppelganger -T "$budget" -t "$threads" -s "$2" ${DG_FLAGS:-}
		;;
	*) fail "no kind '$1'" ;;
	esac
}

# synthetic BASE NAME KIND SEED: learns and draws BASE.ns; prints what it took.
synthetic() {
	local n begin end
	n=$(records "$out/$2.held")
	model "$3" "$4" <"$out/$2.learnt" >"$1.model"
	begin=$(date +%s.%N)
	ns-sample -q --records "$n" -s "$4" -t "$threads" "$1.model" | ns-decode -q -o "$1.ns"
	end=$(date +%s.%N)
	rm "$1.model"
	extra drawing_seconds "$(echo "$begin $end" | awk '{ print $2 - $1 }')"
	extra records_asked "$n"
	extra records_drawn "$(records "$1.ns")"
}

# cell NAME KIND SEED: its scores, and how long sampling took.
cell() {
	local base=$out/$1.$2.$3
	! has_scores "$base.tsv" "$1" || return 0
	if [ -e "$base.tsv" ] && [ -e "$base.ns" ]; then
		awk '/^drawing_seconds|^records_/' "$base.tsv" >"$base.extra"
	else
		synthetic "$base" "$1" "$2" "$3" >"$base.extra"
	fi
	scores "$1" "$3" "$base.ns" >"$base.tmp"
	cat "$base.extra" >>"$base.tmp"
	mv "$base.tmp" "$base.tsv"
	rm "$base.extra"
	echo "$1 $2 $3 done" >&2
}

for name in $cells; do
	halves "$name"
	wanted "$name"
done
for seed in $seeds; do
	for name in $cells; do
		for kind in $kinds; do
			cell "$name" "$kind" "$seed"
		done
	done
done
for name in $cells; do
	for kind in $kinds; do
		for seed in $seeds; do
			awk -v OFS='\t' -v n="$name" -v k="$kind" -v s="$seed" \
				'NR > 1 { print n, k, s, $1, $2, $3, $4 }' "$out/$name.$kind.$seed.tsv"
		done
	done
done >"$out/all.tsv"
{
	awk -f bench/scores.awk -f bench/fidelity.awk "$out/all.tsv"
	awk -f bench/scores.awk -f bench/criteria.awk -v tsv="$out/criteria.tsv" "$out/all.tsv"
} | tee "$out/table.md"
