#!/bin/bash
# privacy.sh [BUILD]: what private training costs in fidelity, and that it does not leak.
# `make privacy TRACES=DIR` runs this.  Three quarters of a trace's flows are learnt, as
# many records as the whole trace has are drawn; they are scored against the whole trace,
# and for copying against the quarter that was not learnt.  A cell is a trace, a kind of
# model, a regime, an epsilon and a repeat; each is kept as a file of OUT when it is done, so
# the same command goes on after a stop.  Regimes:
#
#	open      not private: by a codec of its own, hyper-parameters as they are by default
#	columns   all of the budget for noisy counts: independent columns
#	scratch   by public constants
#	same      starts from a model of public data of the same domain, and by its codec
#	other     starts from a model of public data of another domain, by public constants
#
#	TRACES    folder of real traces
#	CELLS     private trace:public one of its domain:of another one, for each
#	KINDS     [autoregressive doppelganger]
#	REGIMES   [open columns scratch same other]
#	EPSILONS  epsilon:repeats, for each [5:3 2:1 10:1]; open, columns and other are not repeated
#	DELTA     [1e-5]
#	UNIT      [flow]
#	MAX_STEPS of a series [64]
#	STEPS     private steps of AR and of DG [200 300]
#	RATE      [0.04]
#	PRE_STEPS steps of AR and of DG on public data, and in the open [2000 600]
#	THREADS   [1]; JOBS cells at once [2]
#	AR_FLAGS DG_FLAGS   more options of private ns-train
#	OUT       folder of the cells [BUILD/privacy]
#
# The window of each trace, from the hour of its first record to that behind its last, is
# taken as publicly known; so are its labels, and whether it has IPv6.  Nothing here is set trace by trace.
. "$(dirname "$0")/cells.sh"
cells=${CELLS:-zeek-internet-host-2024-04-19:zeek-internet-host-2024-04-20:ctu-zeek-mixed-011
	modbus-channel-4d-12s:modbus-channel-5d-3s:westermo-right-first-hour}
kinds=${KINDS:-autoregressive doppelganger}
regimes=${REGIMES:-open columns scratch same other}
epsilons=${EPSILONS:-5:3 2:1 10:1}
delta=${DELTA:-1e-5} unit=${UNIT:-flow} max_steps=${MAX_STEPS:-64} rate=${RATE:-0.04}
steps=${STEPS:-200 300} pre_steps=${PRE_STEPS:-2000 600}
threads=${THREADS:-1} jobs=${JOBS:-2}
scores=fields,joint,flow,classifier,telemetry

same_settings "DELTA=$delta UNIT=$unit MAX_STEPS=$max_steps RATE=$rate STEPS=$steps PRE_STEPS=$pre_steps AR_FLAGS=${AR_FLAGS:-} DG_FLAGS=${DG_FLAGS:-}"

# once FILE COMMAND...: runs it with the name to write, unless FILE is there.
once() {
	local file=$1
	shift
	[ -e "$file" ] || { "$@" "$file.part" && mv "$file.part" "$file"; }
}
parts() { # parts NAME OUT: what is learnt
	{
		ns-cat --part 0/4 "$out/$1.whole"
		ns-cat --part 1/4 "$out/$1.whole"
		ns-cat --part 2/4 "$out/$1.whole"
	} >"$2"
}
held() { # held NAME OUT
	ns-cat --part 3/4 -o "$2" "$out/$1.whole"
}
# window NAME: the public window, as options of ns-chunk.
window() {
	ns-cat -T "$out/$1.whole" | awk -F '\t' '
		NR == 1 { for (i = 1; i <= NF; i++) if ($i ~ /^t(_start)?_ns$/) at = i; next }
		NR == 2 { first = last = substr($at, 1, length($at) - 9) + 0 }
		{ t = substr($at, 1, length($at) - 9) + 0; if (t < first) first = t; if (t > last) last = t }
		END { print int(first / 3600) * 3600, (int(last / 3600) + 1) * 3600 }' |
		while read -r from to; do
			echo "--from $(date -u -d "@$from" +%FT%TZ) --to $(date -u -d "@$to" +%FT%TZ)"
		done
}
# known NAME: what else is taken as public, as options of ns-encode: whether there are
# addresses of IPv6, and the labels of the trace.
known() {
	ns-cat -T "$out/$1.whole" | awk -F '\t' '
		NR == 1 { for (i = 1; i <= NF; i++) { if ($i == "type" || $i == "label") at[i]; if ($i == "src_ip") ip = i }; next }
		{ if ($ip ~ /:/) v6 = 1; for (i in at) if ($i != "" && !($i in seen)) { seen[$i]; all = all "," $i } }
		END { printf "--ip %s", v6 ? "any" : "4"; if (all != "") print " --labels " substr(all, 2) }'
}
units() { # units NAME STREAM OUT: series whose units are bounded
	# shellcheck disable=SC2046 # options are words
	ns-chunk -q -n 1 $(window "$1") --unit "$unit" --max-steps "$max_steps" -o "$3" "$2"
}
profile() { # profile KIND
	case $1 in
	autoregressive) echo symbol ;;
	doppelganger) echo netshare ;;
	*) fail "no kind '$1'" ;;
	esac
}
nth() { # nth KIND A B
	[ "$1" = autoregressive ] && echo "$2" || echo "$3"
}
flags() {
	nth "$1" "${AR_FLAGS:-}" "${DG_FLAGS:-}"
}
codec() { # codec KIND NAME OUT
	ns-encode -q --public -p "$(profile "$1")" -F "$3" "$out/$2.units"
}
# constants KIND NAME STREAM: encoded by constants, with what is known of trace NAME.
constants() {
	# shellcheck disable=SC2046 # options are words
	ns-encode -q -P -p "$(profile "$1")" $(known "$2") "$3"
}
# pretrain KIND PUBLIC NAME OUT: by the codec of PUBLIC, or by constants for NAME.
pretrain() {
	# shellcheck disable=SC2046,SC2086
	if [ "$3" = - ]; then
		ns-encode -q -A "$out/$2.$1.codec" "$out/$2.units"
	else
		constants "$1" "$3" "$out/$2.units"
	fi |
		ns-train -q -m "$1" --public --steps $(nth "$1" $pre_steps) -t "$threads" $(pre_flags "$1") -o "$4"
}
# Nets of the size that private training takes by default: shapes must agree.
pre_flags() {
	nth "$1" '--attr-units 48 --ctx-units 48 --lstm-units 32 --head-units 32' \
		'--batch-size 100 --d-rounds 1 --d-layers 3 --d-units 128 --attr-d-layers 3 --attr-d-units 128 --attr-layers 3 --attr-units 256 --d-lr 1e-3 --attr-d-lr 1e-3 --g-lr 1e-3'
}

# encoded NAME KIND REGIME PUBLIC: what ns-train reads.
encoded() {
	case $3 in
	open) ns-chunk -q -n 1 --max-steps "$max_steps" "$out/$1.learnt" | ns-encode -q -p "$(profile "$2")" ;;
	columns | scratch | other) constants "$2" "$1" "$out/$1.units" ;;
	same) ns-encode -q -P -A "$out/$4.$2.codec" "$out/$1.units" ;;
	esac
}
# model NAME KIND REGIME EPSILON REPEAT PUBLIC: as OUT/CELL.model.
model() {
	local base=$out/$1.$2.$3.$4.$5 private
	private="--epsilon $4 --delta $delta --sample-rate $rate --ledger $base.ledger --weak"
	# shellcheck disable=SC2046,SC2086 # options are words
	encoded "$1" "$2" "$3" "$6" | case $3 in
	open) ns-train -q -m "$2" -t "$threads" -s "$5" --steps $(nth "$2" $pre_steps) -o "$base.model" ;;
	columns) ns-train -q -m "$2" -t "$threads" $private --steps 1 --lr 0 --count-share .98 -o "$base.model" ;;
	scratch) ns-train -q -m "$2" -t "$threads" $private --steps $(nth "$2" $steps) $(flags "$2") -o "$base.model" ;;
	*) ns-train -q -m "$2" -t "$threads" $private --steps $(nth "$2" $steps) \
		-i "$out/$([ "$3" = same ] && echo "$6.$2.public" || echo "$1.$2.other")" $(flags "$2") -o "$base.model" ;;
	esac
}
# cell NAME KIND REGIME EPSILON REPEAT PUBLIC
cell() {
	local base=$out/$1.$2.$3.$4.$5 n begin
	[ ! -e "$base.tsv" ] || return 0
	begin=$(date +%s)
	rm -f "$base.ledger"
	model "$@" 2>"$base.err" || { cat "$base.err" >&2; return 1; }
	n=$(records "$out/$1.whole")
	ns-sample -q --records "$n" -s "$5" -t "$threads" "$base.model" | ns-decode -q -o "$base.ns"
	{
		ns-eval -q -f tsv -t "$threads" -m "$scores" "$out/$1.whole" "synthetic=$base.ns"
		ns-eval -q -f tsv -t "$threads" -m leakage --hold-out "$out/$1.held" "$out/$1.learnt" \
			"synthetic=$base.ns" | tail -n +2
		[ "$3" = open ] || extra epsilon "$(ns-account -f tsv "$base.ledger" | awk -F '\t' '
			NR == 1 { for (i = 1; i <= NF; i++) if ($i == "epsilon") at = i } $1 == "total" { print $at }')"
		extra seconds $(($(date +%s) - begin))
	} >"$base.tmp"
	mv "$base.tmp" "$base.tsv"
	echo "$1 $2 $3 $4 $5 done" >&2
}
export -f cell model encoded constants extra records flags nth profile known pre_flags fail
export script out delta rate threads scores steps unit max_steps traces AR_FLAGS=${AR_FLAGS:-} DG_FLAGS=${DG_FLAGS:-}

# What is made once.
for c in $cells; do
	IFS=: read -r name same other <<<"$c"
	once "$out/$name.whole" ingest "$name"
	once "$out/$name.learnt" parts "$name"
	once "$out/$name.held" held "$name"
	once "$out/$name.units" units "$name" "$out/$name.learnt"
	for public in $same $other; do
		once "$out/$public.whole" ingest "$public"
		once "$out/$public.units" units "$public" "$out/$public.whole"
	done
	for kind in $kinds; do
		once "$out/$same.$kind.codec" codec "$kind" "$same"
	done
done
list() {
	for c in $cells; do
		IFS=: read -r name same other <<<"$c"
		for kind in $kinds; do
			case " $regimes " in *' same '*) echo "$same.$kind.public $kind $same -" ;; esac
			case " $regimes " in *' other '*) echo "$name.$kind.other $kind $other $name" ;; esac
		done
	done | sort -u
}
export -f once pretrain
export pre_steps
list | xargs -r -P "$jobs" -L 1 bash -c 'set -eu -o pipefail; once "$out/$0" pretrain "$@"'

# Repeats of the first epsilon, then the others; of another domain the first epsilon once.
all_cells() {
	local e repeats i first=yes
	for e in $epsilons; do
		repeats=${e#*:}
		for regime in $regimes; do
			for c in $cells; do
				IFS=: read -r name same other <<<"$c"
				for kind in $kinds; do
					case $regime$kind in columnsdoppelganger) continue ;; esac
					for ((i = 0; i < repeats; i++)); do
						case $regime in
						open) [ "$first$i" = yes0 ] && echo "$name $kind open 0 $i -" ;;
						other) [ "$first$i" = yes0 ] && echo "$name $kind other ${e%:*} 0 $other" ;;
						columns) [ "$i" = 0 ] && echo "$name $kind columns ${e%:*} 0 -" ;;
						*) echo "$name $kind $regime ${e%:*} $i $same" ;;
						esac
					done
				done
			done
		done
		first=no
	done
	return 0
}
all_cells | sort -k5n -k4n -s | xargs -r -P "$jobs" -L 1 bash -c 'set -eu -o pipefail; cell "$0" "$@"'

all_cells | while read -r name kind regime epsilon i _; do
	awk -v OFS='\t' -v n="$name" -v k="$kind" -v r="$regime" -v e="$epsilon" -v i="$i" \
		'NR > 1 { print n, k, r, e, i, $1, $2, $3, $4 }' "$out/$name.$kind.$regime.$epsilon.$i.tsv"
done >"$out/all.tsv"
awk -f bench/privacy.awk "$out/all.tsv" | tee "$out/table.md"
