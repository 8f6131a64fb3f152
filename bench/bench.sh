#!/bin/bash
# bench.sh [BUILD]: what the tools cost, beside usual ones that do comparable work, as a
# table; BUILD/bench.tsv gets the same.  Nothing here passes or fails.
#
#	ONLY          parts, with commas: streams, lengths, training, noise, sampling,
#	              scaling, evaluation [all]
#	RUNS          runs of each command, of which the median counts [5]
#	PACKETS       of the capture for streams [1000000]
#	LENGTHS       numbers of packets for lengths [1e4 1e5 1e6 1e7]
#	SAMPLE_MAX    the most of them that ns-sample draws [1e5]
#	ITERATIONS    training iterations a run, in at most 3 runs [5; autoregressive and adversarial
#	              four times as many]
#	TRACES        folder of real traces, whose shapes are trained [the demonstration's]
#	CC            compiler of the small programs that measure [cc]
#
# cpu_s is user and system time of all processes together; wall_s is the time that passed
# and says something on an idle machine only; peak_mib is the largest resident set.  A
# ratio is the value divided by the one beside it, of two commands that took turns.
# What is compared does not do the same work, only comparable: capinfos and tcpdump read and
# count or copy packets, nfpcapd and softflowd keep a table of flows.
set -eu -o pipefail
LC_ALL=C
export LC_ALL
traces=${TRACES:+$(cd "$TRACES" && pwd)}
cd "$(dirname "$0")/.."
build=${1:-build}
build=$(cd "$build" && pwd)
runs=${RUNS:-5} only=${ONLY:-all}
all_parts='streams lengths training noise sampling scaling evaluation'
one=$PWD/share/demo/westermo.pcap
PATH=$build/bin:$PATH
export PATH
tsv=$build/bench.tsv
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
. bench/lib.sh
. bench/streams.sh
. bench/lengths.sh
. bench/training.sh
. bench/noise.sh
. bench/sampling.sh
. bench/scaling.sh
. bench/evaluation.sh

machine() {
	local model
	model=$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo 2>/dev/null | head -n 1)
	note "processor: ${model:-$(uname -m)}, $(nproc) cores; load $(cut -d ' ' -f 1-3 /proc/loadavg 2>/dev/null || echo unknown)"
	note "matrix products: $(kernel); OPENBLAS_CORETYPE ${OPENBLAS_CORETYPE:-not set}"
	note "medians of $runs runs"
}

# kernel: what the matrix products ran on, as a model notes it.
kernel() {
	ns-ingest -q "$one" | ns-chunk -n 1 | ns-encode | ns-train --steps 1 |
		ns-cat -H | sed -n 's/^ *train.kernel=//p'
}

# wanted PART
wanted() {
	case ,$only, in
	*,all,* | *,"$1",*) ;;
	*) return 1 ;;
	esac
}

for part in ${only//,/ }; do
	case " all $all_parts " in
	*" $part "*) ;;
	*) fail "ONLY: no part '$part'; there are: $all_parts" ;;
	esac
done
compile peak
compile repeat
: >"$tsv"
machine
header
for part in $all_parts; do
	if wanted "$part"; then "bench_$part"; fi
done
