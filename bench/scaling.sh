# shellcheck shell=bash
# scaling.sh: what more threads, and more jobs of make, gain in time that passes.

# threads: 2, 4, ... and the number of cores.
threads() {
	local n
	for ((n = 2; n < $(nproc); n *= 2)); do echo "$n"; done
	[ "$(nproc)" -lt 2 ] || nproc
}

# scaled WHAT COUNT UNIT THREADS COMMAND...: COMMAND -t THREADS beside COMMAND -t 1.
scaled() {
	local what=$1 count=$2 unit=$3 n=$4
	shift 4
	cost_beside "$@" -t "$n" :: "$@" -t 1 || exit 1
	row "$what -t $n" "$count" "$unit" wall_s "$wall" "$what -t 1" "$its_wall"
	row "$what -t $n" "$count" "$unit" cpu_s "$cpu" "$what -t 1" "$its_cpu"
}

# The whole run from a folder that is empty, with as many jobs as given.  Its output is a
# CSV, so that no program beside the tools takes part.
whole_run() {
	echo "rm -rf '$tmp/run' && env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s -f batch/netshare.mk \
		TRACE='$one' OUT='$tmp/run' BIN='$build/bin' KIND=doppelganger CHUNKS=10 FORMAT=csv \
		TRAIN_FLAGS='--steps 12' EVAL_FLAGS='-m fields,joint,flow' $1"
}

bench_scaling() {
	local n runs=$((runs < 3 ? runs : 3))
	if [ "$(nproc)" -lt 2 ]; then
		note 'one core: nothing to scale to'
		return
	fi
	ns-ingest -q "$one" | ns-chunk -n 1 | ns-encode -o "$tmp/scaling.ns"
	ns-train -q --steps 60 -o "$tmp/scaling.model" "$tmp/scaling.ns"
	for n in $(threads); do
		scaled train 10 step "$n" ns-train -q --steps 10 "$tmp/scaling.ns"
		scaled sample 20000 flow "$n" ns-sample -n 20000 "$tmp/scaling.model"
		cost_beside bash -c "$(whole_run "-j$n")" :: bash -c "$(whole_run -j1)" || exit 1
		row "netshare.mk -j$n" 10 chunk wall_s "$wall" 'netshare.mk -j1' "$its_wall"
		cost_beside bash -c "$(whole_run "-j$n SEED_FLAGS='-t $n'")" :: bash -c "$(whole_run -j1)" || exit 1
		row "netshare.mk -j$n, seed -t $n" 10 chunk wall_s "$wall" 'netshare.mk -j1' "$its_wall"
	done
	rm -rf "$tmp/scaling.ns" "$tmp/scaling.model" "$tmp/run"
}
