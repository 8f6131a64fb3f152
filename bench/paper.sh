#!/bin/bash
# paper.sh [BUILD]: four results of NetShare (Yin et al., SIGCOMM 2022) and of its
# reproduction at Purdue University (CS 536, fall 2022), each measured here, real beside
# synthetic, with a verdict on what was concluded there.  `make paper TRACES=DIR` runs this.
# BUILD/paper gets summary.txt, summary.tsv and for each trace a folder with models,
# synthetic trace and page.  A run that was stopped goes on with the same command.
#
#	TRACES        folder of traces
#	UGR16         flow records [netflow/ugr16-july-week5-first2500.csv, else
#	              netflow/ugr16-small.csv, of TRACES]
#	CAIDA         packets [pcap/caida-small-first6000.pcap]
#	BOTNET        packets of attacks [pcap/lab-cerber-snap128.pcapng.xz]
#	BENIGN        packets without attacks, files with a colon between them
#	              [pcap/p2p-gnutella.pcap:pcap/mixed-skype.pcap]
#	UGR16_SYNTH CAIDA_SYNTH BOTNET_SYNTH
#	              synthetic traces made elsewhere: nothing is trained, and all of the
#	              real trace is compared with them
#	STEPS         of training the first chunk, a quarter of it for each other [2000]
#	CHUNKS        spans of time a trace is cut into; 10 for a million records [1]
#	SEED          of everything random [0]
#	JOBS          trainings and threads at a time [2]
#	TRAIN_FLAGS   more options of ns-train [networks of two fifths of the usual width and
#	              a higher learning rate, both for short runs]
#
# Traces are captures or CSV, as they are or packed with xz.
#
# Why these: detection looks at (source, destination) pairs, of which the capture of the
# Tinba bot (USTC-TFC2016) has 10 in 21,912 packets and the half that is held out 8, fewer
# than the 10 that ns-eval asks for.  Cerber, malware that calls some thousand addresses
# as bots of a peer-to-peer net do, has 1,289 in 15,236 packets (1,083 held out).  The
# reproduction set peer-to-peer bots against peer-to-peer programs: Gnutella has 646 pairs
# and Skype 243, together 889 in 6,951 packets, so that neither kind outnumbers the other
# much; mixed-example has 53 and mixed-wireshark-samples 39.
set -eu -o pipefail
LC_ALL=C
export LC_ALL
here=$PWD
cd "$(dirname "$0")/.."
build=${1:-build}
steps=${STEPS:-2000} chunks=${CHUNKS:-1} seed=${SEED:-0} jobs=${JOBS:-2}
narrow='--attr-units 200 --d-units 200 --attr-d-units 200'
faster='--g-lr 0.001 --d-lr 0.001 --attr-d-lr 0.001'
train="--steps $steps ${TRAIN_FLAGS-$narrow $faster}"
seeds=3
out=$build/paper
summary=$out/summary.txt
tsv=$out/summary.tsv

say() {
	printf '%s\n' "$*" | tee -a "$summary"
}

fail() {
	echo "paper: $1" >&2
	exit "${2:-1}"
}

# whole FILE: its path from anywhere.
whole() {
	case $1 in
	/*) printf '%s\n' "$1" ;;
	*) printf '%s\n' "$here/$1" ;;
	esac
}

# given NAME: the file that the variable NAME asks for; nothing if it is not set.
given() {
	local file=${!1:-}
	[ -n "$file" ] || return 0
	file=$(whole "$file")
	[ -f "$file" ] || fail "$1: no file '$file'"
	printf '%s\n' "$file"
}

# first FILE...: the first one that TRACES has; nothing if it has none.
first() {
	local file
	[ -n "$traces" ] || return 0
	for file; do
		if [ -f "$traces/$file" ]; then
			printf '%s\n' "$traces/$file"
			return
		fi
	done
}

# all LIST: the files of LIST, colons between them, from anywhere; nothing if one is not there.
all() {
	local file list=()
	IFS=: read -r -a list <<<"$1"
	for file in ${list+"${list[@]}"}; do
		file=$(whole "$file")
		[ -f "$file" ] || return 0
		printf '%s\n' "$file"
	done
}

# place FILE NAME: the contents of FILE as NAME, unpacked if need be.  What was there of
# another file goes, with all that was made of it.
place() {
	local dir
	dir=$(dirname "$2")
	if [ -d "$dir" ] && [ "$(cat "$2.from" 2>/dev/null)" != "$1" ]; then
		rm -rf "$dir"
	fi
	mkdir -p "$dir"
	case $1 in
	*.xz)
		if [ ! "$2" -nt "$1" ]; then
			xz -dc "$1" >"$2.part"
			mv "$2.part" "$2"
		fi
		;;
	*) ln -sfn "$1" "$2" ;;
	esac
	printf '%s\n' "$1" >"$2.from"
}

# ingest STREAM FILE...: the records of all files.
ingest() {
	local file n=0 parts=()
	for file in "${@:2}"; do
		n=$((n + 1))
		place "$file" "${1%.ns}.parts/$n/trace"
		parts+=("${1%.ns}.parts/$n/trace")
	done
	ns-ingest -q -o "$1" "${parts[@]}"
}

# records STREAM
records() {
	ns-cat -C "$1" | awk '$1 == "total" { print $5 }'
}

# pairs STREAM: of source and destination, with packets that the histograms count.
pairs() {
	ns-cat -T -f src_ip,dst_ip,ip_len "$1" |
		awk 'NR > 1 && $3 < 1472 && !(($1, $2) in seen) { seen[$1, $2]; n++ } END { print n + 0 }'
}

# ports STREAM WHAT: share of records to each service port, as lines of figures.tsv.
ports() {
	ns-cat -T -f dst_port,proto "$1" | awk -v OFS='\t' -v what="$2" '
	NR > 1 && ($2 == 6 || $2 == 17) && $1 > 0 && $1 < 1024 { n[$1]++ }
	END {
		for (port in n)
			print "service_port", what, port, n[port] / (NR - 1), "nan"
	}'
}

# measure NAME TRACE SYNTH GROUPS [OPTION...]: the page of one trace, in $out/NAME/report;
# without SYNTH a model of one half is trained and held against the other.
measure() {
	local dir=$out/$1 real synthetic args=()
	[ -n "$3" ] || echo "$1: training, see $dir" >&2
	place "$2" "$dir/trace"
	synthetic=$dir/synthetic.ns
	if [ -n "$3" ]; then
		real=$dir/whole.ns
		synthetic=$dir/given.ns
		ns-ingest -q -o "$real" "$dir/trace"
		ingest "$synthetic" "$3"
		args=("$real" "synthetic=$synthetic")
	else
		MAKEFLAGS='' "${MAKE:-make}" --no-print-directory -s -f batch/netshare.mk -j "$jobs" BIN="$build/bin" \
			OUT="$dir" TRACE="$dir/trace" KIND=doppelganger CHUNKS="$chunks" CHUNK_FLAGS='-b count' SEED="$seed" \
			HOLD_OUT=yes TRAIN_FLAGS="$train" SEED_FLAGS="-t $jobs" INGEST_FLAGS=-q \
			"$dir/synthetic.ns" >&2
		real=$dir/held-out.ns
		args=(--hold-out "$real" "$dir/learnt.ns" "synthetic=$synthetic" "training-half=$dir/learnt.ns")
	fi
	ns-eval -q -t "$jobs" -s "$seed" --seeds "$seeds" -m "$4" "${@:5}" -f html -d "$dir/report" "${args[@]}"
	{
		ports "$real" real
		ports "$synthetic" synthetic
		[ -n "$3" ] || ports "$dir/learnt.ns" training-half
	} >"$dir/ports.tsv"
	{
		printf 'count\treal\trecords\t%s\tnan\n' "$(records "$real")"
		printf 'count\tsynthetic\trecords\t%s\tnan\n' "$(records "$synthetic")"
		[ -n "$3" ] || printf 'count\ttraining-half\trecords\t%s\tnan\n' "$(records "$dir/learnt.ns")"
	} >"$dir/counts.tsv"
	pages+=("$dir/report/index.html")
}

# judge RESULT NAME: what was concluded, the tables and the verdict.
judge() {
	local dir=$out/$2
	awk -f bench/paper.awk -v result="$1" -v tsv="$tsv" -v seeds="$seeds" "$dir/counts.tsv" "$dir/ports.tsv" \
		"$dir/report/figures.tsv" "$dir/report/scores.tsv" | tee -a "$summary"
}

# skip RESULT TEXT
skip() {
	say "result $1: skipped, $2"
	say
	printf '%s\tverdict\t-\t-\t-\t-\tskipped\t-\t-\t-\t-\n' "$1" >>"$tsv"
}

if [ -z "${TRACES:-}${UGR16:-}${CAIDA:-}${BOTNET:-}" ]; then
	cat >&2 <<EOT
usage: make paper TRACES=DIR
       make paper UGR16=flows.csv CAIDA=packets.pcap BOTNET=attack.pcap BENIGN=other.pcap
A folder of traces, or single traces; bench/paper.sh says which, and what else can be set.
EOT
	exit 2
fi
traces=${TRACES:+$(whole "$TRACES")}
[ -z "$traces" ] || [ -d "$traces" ] || fail "no folder '$traces'"
PATH=$(cd "$build/bin" && pwd):$PATH
export PATH
command -v ns-eval >/dev/null || fail "no tools in '$build/bin': make all"

ugr16=$(given UGR16)
caida=$(given CAIDA)
botnet=$(given BOTNET)
ugr16=${ugr16:-$(first netflow/ugr16-july-week5-first2500.csv netflow/ugr16-small.csv)}
caida=${caida:-$(first pcap/caida-small-first6000.pcap)}
botnet=${botnet:-$(first pcap/lab-cerber-snap128.pcapng.xz)}
benign=${BENIGN:-${traces:+$traces/pcap/p2p-gnutella.pcap:$traces/pcap/mixed-skype.pcap}}
mapfile -t benign_files < <(all "$benign")
[ -z "${BENIGN:-}" ] || [ ${#benign_files[@]} -gt 0 ] || fail "BENIGN: a file of '$benign' is not there"
[ -n "$ugr16$caida$botnet" ] || fail "none of the traces is in '$traces'; bench/paper.sh lists them"
ugr16_synth=$(given UGR16_SYNTH)
caida_synth=$(given CAIDA_SYNTH)
botnet_synth=$(given BOTNET_SYNTH)

pages=()
mkdir -p "$out"
: >"$summary"
printf 'result\tquantity\treal\tsynthetic\tpublished_real\tpublished_synthetic\tverdict\tscore\tfloor\tno_learning\tpublished_score\n' >"$tsv"
awk -f bench/paper.awk -v result=0 -v seeds=$seeds /dev/null | tee -a "$summary"

if [ -n "$ugr16" ]; then
	measure ugr16 "$ugr16" "$ugr16_synth" fidelity,rules,leakage
	judge 1 ugr16
else
	skip 1 "no UGR16 flow records: neither UGR16 nor a file of that name in TRACES"
fi
if [ -n "$caida" ]; then
	measure caida "$caida" "$caida_synth" fidelity,rules,leakage,telemetry,anomaly
	judge 2 caida
else
	skip 2 "no CAIDA packets: neither CAIDA nor a file of that name in TRACES"
fi
if [ -z "$botnet" ]; then
	skip 3 "no packets of attacks: neither BOTNET nor a file of that name in TRACES"
elif [ ${#benign_files[@]} -eq 0 ]; then
	skip 3 "no benign packets: neither BENIGN nor the files of that name in TRACES"
else
	mkdir -p "$out/benign"
	ingest "$out/benign/benign.ns" "${benign_files[@]}"
	measure botnet "$botnet" "$botnet_synth" fidelity,rules,leakage,botnet \
		--benign "$out/benign/benign.ns"
	{
		if [ -n "$botnet_synth" ]; then
			printf 'count\treal\tpairs\t%s\tnan\n' "$(pairs "$out/botnet/whole.ns")"
			printf 'count\tsynthetic\tpairs\t%s\tnan\n' "$(pairs "$out/botnet/given.ns")"
		else
			printf 'count\treal\tpairs\t%s\tnan\n' "$(pairs "$out/botnet/held-out.ns")"
			printf 'count\tsynthetic\tpairs\t%s\tnan\n' "$(pairs "$out/botnet/synthetic.ns")"
			printf 'count\ttraining-half\tpairs\t%s\tnan\n' "$(pairs "$out/botnet/learnt.ns")"
		fi
		printf 'count\tbenign\tpairs\t%s\tnan\n' "$(pairs "$out/benign/benign.ns")"
	} >>"$out/botnet/counts.tsv"
	judge 3 botnet
fi
if [ -n "$caida" ]; then
	judge 4 caida
else
	skip 4 "no CAIDA packets, as for result 2"
fi

say "All numbers: $tsv.  Pages with plots and all scores:"
for page in "${pages[@]}"; do
	say "    $page"
done
awk -F '\t' '$2 == "verdict" { print "result " $1 ": " $7 }' "$tsv" | tee -a "$summary"
