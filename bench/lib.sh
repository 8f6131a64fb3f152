# shellcheck shell=bash
# lib.sh: measuring and printing, shared by the parts of bench.sh.  Needs $build, $runs,
# $tmp and $tsv.

# compile NAME [ARGUMENT...]: BUILD/bench/NAME from bench/NAME.c; further arguments go to
# the compiler.  Always anew: what it is linked with may have changed.
compile() {
	mkdir -p "$build/bench"
	"${CC:-cc}" -std=c11 -O2 -g -ffp-contract=off -pthread -D_POSIX_C_SOURCE=200809L \
		-o "$build/bench/$1" "bench/$1.c" "${@:2}"
}

have() {
	command -v "$1" >/dev/null
}

# note TEXT: a line beside the table.
note() {
	printf '# %s\n' "$*" | tee -a "$tsv"
}

fail() {
	echo "bench: $*" >&2
	exit 1
}

# median, median_of COLUMN FILE: the lower one of two.
median() {
	sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}
median_of() {
	awk -v c="$1" '{ print $c }' "$2" | median
}

# figure NAME FILE: the value of one "name value" line.
figure() {
	awk -v name="$1" '$1 == name { print $2 }' "$2"
}

# once LOG COMMAND...: one run, its output thrown away; "cpu wall KiB" is added to LOG.
once() {
	local log=$1
	shift
	if ! "$build/bench/peak" "$tmp/once" "$@" </dev/null >/dev/null 2>"$tmp/err"; then
		echo "bench: '$*' failed: $(tail -n 1 "$tmp/err")" >&2
		return 1
	fi
	awk '{ print $1 + $2, $3, $4 }' "$tmp/once" >>"$log"
}

# cost COMMAND...: medians of RUNS runs in $cpu and $wall (seconds) and $kib (peak).
cost() {
	local i
	: >"$tmp/ours"
	for ((i = 0; i < runs; i++)); do once "$tmp/ours" "$@" || exit 1; done
	cpu=$(median_of 1 "$tmp/ours") wall=$(median_of 2 "$tmp/ours") kib=$(median_of 3 "$tmp/ours")
}

# cost_beside OURS... :: THEIRS...: the same for two commands that take turns, so that both
# have the machine in the same state; theirs in $its_cpu and $its_wall.  False if theirs
# fails.
cost_beside() {
	local i ours=()
	while [ "$1" != :: ]; do
		ours+=("$1")
		shift
	done
	shift
	: >"$tmp/ours" && : >"$tmp/theirs"
	for ((i = 0; i < runs; i++)); do
		once "$tmp/ours" "${ours[@]}" || exit 1
		once "$tmp/theirs" "$@" || return 1
	done
	cpu=$(median_of 1 "$tmp/ours") wall=$(median_of 2 "$tmp/ours")
	its_cpu=$(median_of 1 "$tmp/theirs") its_wall=$(median_of 2 "$tmp/theirs")
}

header() {
	printf 'part\twhat\tcount\tunit\tmeasure\tvalue\tper_second\tbeside\tits_value\tratio\n' >>"$tsv"
	printf '%-10s %-30s %9s %-7s %-8s %10s %10s  %-26s %10s %7s\n' part what count unit \
		measure value per_second beside its_value ratio
}

# row WHAT COUNT UNIT MEASURE VALUE [BESIDE ITS_VALUE [RATIO]]: one line of the table of
# $part.  The ratio is VALUE / ITS_VALUE unless given; what is seconds gets a rate.
row() {
	awk -v OFS='\t' -v part="$part" -v what="$1" -v n="$2" -v unit="$3" -v measure="$4" -v v="$5" \
		-v beside="${6:--}" -v its="${7:--}" -v ratio="${8:-}" '
	function short(x) { return x == "-" ? x : sprintf("%.4g", x) }
	BEGIN {
		rate = measure ~ /_s$/ && n != "-" && v > 0 ? sprintf("%.4g", n / v) : "-"
		if (ratio == "")
			ratio = its != "-" && its > 0 ? v / its : "-"
		ratio = ratio == "-" ? ratio : sprintf("%.3f", ratio)
		print part, what, n, unit, measure, short(v), rate, beside, short(its), ratio
	}' | tee -a "$tsv" | awk -F'\t' '{
		printf "%-10s %-30s %9s %-7s %-8s %10s %10s  %-26s %10s %7s\n",
			$1, $2, $3, $4, $5, $6, $7, $8, $9, $10
	}'
}

# beside WHAT COUNT UNIT TOOL HOW OURS... :: THEIRS...: a row of CPU seconds beside those
# of TOOL, or a line that says why there is none.
beside() {
	local what=$1 count=$2 unit=$3 tool=$4 does=$5
	shift 5
	if ! have "$tool"; then
		note "$tool is not installed: no row beside it"
	elif cost_beside "$@"; then
		row "$what" "$count" "$unit" cpu_s "$cpu" "$tool${does:+ $does}" "$its_cpu"
	else
		note "$tool failed: no row beside it"
	fi
}
