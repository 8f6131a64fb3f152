#!/bin/bash
# fidelity.sh [BUILD]: how faithful each kind of model is, by the hold-out protocol: half
# of the flows of a trace are learnt, as many records as the other half has are drawn and
# scored against it.  `make fidelity TRACES=DIR` runs this.  One cell is a trace, a kind and
# a seed; each is kept as a file of OUT when it is done, so the same command goes on after a
# stop, also with more traces, kinds or seeds; cells of other settings need another OUT.  At
# the end come the tables, also as OUT/table.md.
#
#	TRACES        folder of real traces
#	CELLS         traces, by the beginnings of their names [the six below]
#	KINDS         [autoregressive doppelganger]
#	SEEDS         [0 1 2]
#	BUDGET        time of training [300s]
#	THREADS       [2]
#	METRICS       groups of ns-eval [fidelity,leakage,types]
#	AR_CHUNKS     chunks of the autoregressive kind [1]
#	DG_CHUNKS     of the other [10]
#	AR_FLAGS DG_FLAGS   more options of ns-train
#	OUT           folder of the cells [BUILD/fidelity]
#
# Nothing here is set trace by trace.
set -eu -o pipefail
LC_ALL=C
export LC_ALL
traces=$(cd "${TRACES:?is not set: a folder of real traces}" && pwd)
cd "$(dirname "$0")/.."
build=$(cd "${1:-build}" && pwd)
PATH=$build/bin:$PATH
out=${OUT:-$build/fidelity}
cells=${CELLS:-modbus-channel-4d-12s westermo-right-first-hour ustc-tfc2016-tinba
	zeek-internet-host-2024-04-19 ctu-zeek-mixed-011 iot23-capture-34-1}
kinds=${KINDS:-autoregressive doppelganger}
seeds=${SEEDS:-0 1 2}
budget=${BUDGET:-300s} threads=${THREADS:-2}
metrics=${METRICS:-fidelity,leakage,types}
ar_chunks=${AR_CHUNKS:-1} dg_chunks=${DG_CHUNKS:-10}
mkdir -p "$out"

fail() {
	echo "fidelity.sh: $*" >&2
	exit 1
}

# What all cells of a folder have in common.
settings="BUDGET=$budget THREADS=$threads METRICS=$metrics AR_CHUNKS=$ar_chunks DG_CHUNKS=$dg_chunks AR_FLAGS=${AR_FLAGS:-} DG_FLAGS=${DG_FLAGS:-}"
[ -e "$out/settings" ] || echo "$settings" >"$out/settings"
[ "$settings" = "$(cat "$out/settings")" ] ||
	fail "$out has cells of other settings; set OUT to another folder: $(cat "$out/settings")"

# halves NAME: both halves as streams, once.
halves() {
	local file
	[ ! -e "$out/$1.held" ] || return 0
	file=$(find "$traces" -path '*-original' -prune -o -type f -name "$1.*" -print | sort | sed -n 1p)
	[ -n "$file" ] || fail "no trace $1 below $traces"
	case $file in
	*.xz) xz -dc "$file" ;;
	*) cat "$file" ;;
	esac | ns-ingest -q -o "$out/$1.whole"
	ns-cat --part 0/2 -o "$out/$1.learnt" "$out/$1.whole"
	ns-cat --part 1/2 -o "$out/$1.held" "$out/$1.whole"
	rm "$out/$1.whole"
}

# model KIND SEED: from the half on standard input to a sample's model.
model() {
	case $1 in
	autoregressive)
		# shellcheck disable=SC2086 # flags are words
		ns-chunk -q -n "$ar_chunks" --max-steps 20000 | ns-encode -q -p symbol |
			ns-train -q -m autoregressive -T "$budget" -t "$threads" -s "$2" ${AR_FLAGS:-}
		;;
	doppelganger)
		# shellcheck disable=SC2086
		ns-chunk -q -n "$dg_chunks" | ns-encode -q |
			ns-train -q -m doppelganger -T "$budget" -t "$threads" -s "$2" ${DG_FLAGS:-}
		;;
	*) fail "no kind '$1'" ;;
	esac
}

# records STREAM: how many it has.
records() {
	ns-cat -C "$1" | awk '$1 == "total" { print $5 }'
}

# extra NAME VALUE: a score of the cell that ns-eval does not have.
extra() {
	printf '%s\t%s\tnan\tnan\tnan\tsynthetic\n' "$1" "$2"
}

# cell NAME KIND SEED: its scores, and how long sampling took.
cell() {
	local base=$out/$1.$2.$3 n begin end
	[ ! -e "$base.tsv" ] || return 0
	n=$(records "$out/$1.held")
	model "$2" "$3" <"$out/$1.learnt" >"$base.model"
	begin=$(date +%s.%N)
	ns-sample -q --records "$n" -s "$3" -t "$threads" "$base.model" | ns-decode -q -o "$base.ns"
	end=$(date +%s.%N)
	{
		ns-eval -q -t "$threads" -s "$3" -f tsv -m "$metrics" --hold-out "$out/$1.held" \
			"$out/$1.learnt" "synthetic=$base.ns"
		extra drawing_seconds "$(echo "$begin $end" | awk '{ print $2 - $1 }')"
		extra records_asked "$n"
		extra records_drawn "$(records "$base.ns")"
	} >"$base.tmp"
	mv "$base.tmp" "$base.tsv"
	rm -f "$base.model"
	echo "$1 $2 $3 done" >&2
}

for seed in $seeds; do
	for name in $cells; do
		halves "$name"
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
awk -f bench/fidelity.awk "$out/all.tsv" | tee "$out/table.md"
