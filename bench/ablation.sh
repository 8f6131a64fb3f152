#!/bin/bash
# ablation.sh [BUILD]: what the adversarial kind gains from each of its ingredients, each
# alone, by the hold-out protocol: half of the flows of a trace are learnt, as many records as
# the other half has are drawn and scored against it.  `make ablation TRACES=DIR` runs this.
# One cell is a trace, a seed and a setting; each is kept as a file of OUT when it is done, so
# the same command goes on after a stop, also with more traces, seeds or settings.  A cell
# that fails is told, the others go on, and the status is 1.  At the end comes a table of all
# settings and traces, also as OUT/table.md and OUT/table.tsv.
#
#	TRACES        folder of real traces
#	CELLS         traces, by the beginnings of their names [the two below]
#	SEEDS         [0 1]
#	SETTINGS      lines, or parts between semicolons: name = options of ns-train, or the
#	              name alone of one of the table below [all of that]
#	BUDGET        time of training [180s]
#	THREADS       of a cell [1]
#	JOBS          cells at a time [2]
#	METRICS       groups of ns-eval [fidelity]
#	OUT           folder of the cells [BUILD/ablation]
#
# Budgets are times: cells compare where as many run at once, on a machine with a core for
# each.
. "$(dirname "$0")/cells.sh"
cells=${CELLS:-zeek-internet-host-2024-04-19 westermo-right-first-hour}
seeds=${SEEDS:-0 1}
budget=${BUDGET:-180s} threads=${THREADS:-1} jobs=${JOBS:-2}
metrics=${METRICS:-fidelity}

# The first are of training against critics alone, those named warm come after likelihood.
table='
base = --warm-share 0
likelihood = --warm-share 0 --likelihood .1
floor = --warm-share 0 --floor .02
r1 = --warm-share 0 --r1 1
minibatch = --warm-share 0 --minibatch 1
rounds4 = --warm-share 0 --d-rounds 4 --g-lr 2e-4
rate1e-3 = --warm-share 0 --g-lr 1e-3
batch128 = --warm-share 0 --batch-size 128
warm =
warm-likelihood = --likelihood .1
warm-floor = --floor .02
warm-r1 = --r1 1
warm-minibatch = --minibatch 1
warm-short = --warm-share .9
warm-only = --warm-share 1
'
. bench/holdout.sh
[[ $jobs =~ ^[1-9][0-9]*$ ]] || fail "JOBS is '$jobs', not 1 or more"

declare -A flags_of
settings=()

# entries: "name = flags" from standard input, one a line, without blanks around.
entries() {
	sed 's/^[[:space:]]*//; s/[[:space:]]*$//; s/[[:space:]]*=[[:space:]]*/=/; /^$/d'
}

# in_table NAME: its line.
in_table() {
	entries <<<"$table" | awk -F= -v name="$1" '$1 == name'
}

read_settings() {
	local line name
	while read -r line; do
		name=${line%%=*}
		if [ "$name" = "$line" ]; then
			line=$(in_table "$name")
			[ -n "$line" ] || fail "SETTINGS: '$name' is not in the table, and has no flags"
		fi
		[[ $name =~ ^[A-Za-z0-9_-]+$ ]] || fail "SETTINGS: '$name' is no name"
		[ -z "${flags_of[$name]+set}" ] || fail "SETTINGS: '$name' is there twice"
		flags_of[$name]=${line#*=}
		settings+=("$name")
	done < <(tr ';' '\n' <<<"${SETTINGS:-$table}" | entries)
	[ ${#settings[@]} -gt 0 ] || fail "SETTINGS: there is none"
}

# same NAME VALUE: what cells of OUT have been made with, noted at the first time.
same() {
	local kept
	touch "$out/settings"
	kept=$(awk -F= -v name="$1" '$1 == name { sub(/^[^=]*=/, ""); print "=" $0 }' "$out/settings")
	if [ -z "$kept" ]; then
		echo "$1=$2" >>"$out/settings"
	elif [ "$kept" != "=$2" ]; then
		fail "$out has cells of another $1: '${kept#=}'; set OUT to another folder"
	fi
}

# same_setting NAME: the same of its flags, if there are cells of it.
same_setting() {
	if ! compgen -G "$out/*.$1.ns" >/dev/null; then
		awk -F= -v name="setting $1" '$1 != name' "$out/settings" >"$out/settings.tmp"
		mv "$out/settings.tmp" "$out/settings"
	fi
	same "setting $1" "${flags_of[$1]}"
}

# prepare NAME: what all its cells need, once.
prepare() {
	halves "$1"
	wanted "$1"
	[ ! -e "$out/$1.count" ] || [ ! -e "$out/$1.symbols" ] || return 0
	symbols 1 <"$out/$1.learnt" >"$out/$1.tmp"
	mv "$out/$1.tmp" "$out/$1.symbols"
	records "$out/$1.held" >"$out/$1.tmp"
	mv "$out/$1.tmp" "$out/$1.count"
}

# cell NAME SEED SETTING: its scores, unless they are there.
cell() {
	local base=$out/$1.$2.$3
	! has_scores "$base.tsv" "$1" || return 0
	if [ ! -e "$base.ns" ]; then
		# shellcheck disable=SC2086 # flags are words
		ns-train -q -m adversarial -T "$budget" -t "$threads" -s "$2" ${flags_of[$3]} \
			"$out/$1.symbols" | ns-sample -q --records "$(cat "$out/$1.count")" -s "$2" \
			-t "$threads" | ns-decode -q -o "$base.ns"
	fi
	scores "$1" "$2" "$base.ns" >"$base.tmp"
	mv "$base.tmp" "$base.tsv"
	echo "$1 $2 $3 done" >&2
}

# one CELL...: in a shell of its own, where the first failure ends it.
one() (
	trap '[ $? = 0 ] || echo "ablation.sh: $* failed" >&2' EXIT
	cell "$@"
)

# all_cells: as many at a time as JOBS says; counts those that fail.
failed=0
all_cells() {
	local running=0 seed name setting
	for seed in $seeds; do
		for name in $cells; do
			for setting in "${settings[@]}"; do
				if [ "$running" -ge "$jobs" ]; then
					wait -n || failed=$((failed + 1))
					running=$((running - 1))
				fi
				one "$name" "$seed" "$setting" &
				running=$((running + 1))
			done
		done
	done
	while [ "$running" -gt 0 ]; do
		wait -n || failed=$((failed + 1))
		running=$((running - 1))
	done
}

# all_scores: setting, trace, seed and scores of the cells that are there.
all_scores() {
	local name setting seed
	for name in $cells; do
		for setting in "${settings[@]}"; do
			for seed in $seeds; do
				[ ! -e "$out/$name.$seed.$setting.tsv" ] ||
					awk -v OFS='\t' -v n="$name" -v k="$setting" -v s="$seed" \
						'NR > 1 { print k, n, s, $1, $2, $3, $4 }' \
						"$out/$name.$seed.$setting.tsv"
			done
		done
	done
}

read_settings
same BUDGET "$budget"
same THREADS "$threads"
for setting in "${settings[@]}"; do
	same_setting "$setting"
done
for name in $cells; do
	prepare "$name"
done
all_cells
all_scores >"$out/all.tsv"
awk -f bench/ablation.awk -v tsv="$out/table.tsv" "$out/all.tsv" | tee "$out/table.md"
[ "$failed" = 0 ] || fail "$failed cells failed"
