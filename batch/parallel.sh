#!/bin/sh
# parallel.sh TRAIN CHUNKS OUT [OPTION...]: train chunk 0, then the others from it with GNU
# parallel; options after OUT go to ns-train.  Machines besides this one are named in
# PARALLEL, as in PARALLEL='-S :,alpha,beta': they need the tools in their PATH and TRAIN and
# OUT under the same names.  Chunks that are done are not done again.
# One net of the kinds autoregressive and adversarial learns all chunks: there is nothing to share out.
set -eu
if [ $# -lt 3 ]; then
	echo "usage: parallel.sh TRAIN CHUNKS OUT [OPTION...]" >&2
	exit 2
fi
train=$1 chunks=$2 out=$3
shift 3
for option; do
	kind=${option##*[m=]}
	case $option in
	autoregressive | -*mautoregressive | --*=autoregressive | \
		adversarial | -*madversarial | --*=adversarial)
		echo "parallel.sh: one net of the kind $kind learns all chunks: call ns-train without -c, with -t" >&2
		exit 2
		;;
	esac
done

mkdir -p "$out"
[ -f "$out/0.model" ] || ns-train -c 0 "$@" -k "$out/0.checkpoint" -o "$out/0.model" "$train"
[ "$chunks" -gt 1 ] || exit 0
seq 1 $((chunks - 1)) |
	parallel --joblog "$out/jobs" --resume-failed --halt soon,fail=1 --quote \
		ns-train -c {} -i "$out/0.model" "$@" -k "$out/{}.checkpoint" \
		-o "$out/{}.model" "$train"
