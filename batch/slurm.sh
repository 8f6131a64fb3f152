#!/bin/sh
#SBATCH --job-name=netshare
#SBATCH --cpus-per-task=1
#SBATCH --requeue
# slurm.sh TRAIN OUT [OPTION...]: one chunk of a Slurm job array, the chunk's number being
# the task's; options after OUT go to ns-train.  Chunk 0 first, then the others:
#
#	id=$(sbatch --parsable --array=0 batch/slurm.sh train.ns models)
#	sbatch --dependency=afterok:"${id%%;*}" --array=1-9 batch/slurm.sh train.ns models
#
# A task that is stopped leaves a checkpoint, and goes on from it when it is queued again.
# One net of the kinds autoregressive and adversarial learns all chunks: that is one job, not an array.
set -eu
if [ $# -lt 2 ] || [ -z "${SLURM_ARRAY_TASK_ID:-}" ]; then
	echo "usage: sbatch --array=FIRST-LAST slurm.sh TRAIN OUT [OPTION...]" >&2
	exit 2
fi
train=$1 out=$2 chunk=$SLURM_ARRAY_TASK_ID
shift 2
for option; do
	kind=${option##*[m=]}
	case $option in
	autoregressive | -*mautoregressive | --*=autoregressive | \
		adversarial | -*madversarial | --*=adversarial)
		echo "slurm.sh: one net of the kind $kind learns all chunks: submit ns-train without -c, with -t and -k" >&2
		exit 2
		;;
	esac
done

mkdir -p "$out"
if [ "$chunk" != 0 ]; then
	set -- -i "$out/0.model" "$@"
fi
exec ns-train -c "$chunk" "$@" -k "$out/$chunk.checkpoint" -o "$out/$chunk.model" "$train"
