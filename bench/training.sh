# shellcheck shell=bash
# training.sh: one training iteration beside the matrix products it needs, done by BLAS
# alone, and beside the same iteration in PyTorch.  bench/step.c takes ns-train's own code;
# both do 5 critic rounds and a generator step of the same shapes on series as long as
# those of a real batch.  The kind autoregressive learns the same traces, beside its products;
# a step of the kind adversarial is one of both critics and of the generator, without warm-up.
# What privacy costs is a step of nominally 1000 series beside one of 1000.

# training_data: what is trained, as $tmp/train/NAME.ns, and as NAME.symbols for the kind
# autoregressive; as NAME.duel for the kind adversarial.
training_data() {
	mkdir "$tmp/train"
	training_made even-300 -v flows=300 -v rows=300
	training_made tail-2000 -v flows=3000 -v rows=2000 -v tail=1
	training_made tail-2000-cut-20 -v flows=3000 -v rows=2000 -v tail=1 -v cut=20
	if [ -n "$traces" ]; then
		training_trace ugr16-small netflow/ugr16-small.csv 2
		training_trace caida-small pcap/caida-small.pcap 1
		training_trace caida-small-first6000 pcap/caida-small-first6000.pcap 1
		training_duelists zeek-host netflow/zeek-internet-host-2024-04-19.csv
		training_duelists westermo-right pcap/westermo-right-first-hour.pcap
		return
	fi
	ns-ingest -q "$one" | training_encode demo -n 1
	cp "$tmp/train/demo.symbols" "$tmp/train/demo.duel"
	# The same flows go on in every copy, so series are many times as long.
	"$build/bench/repeat" -k 12000 "$one" | ns-ingest -q | training_encode demo-long -n 1
}

# training_encode NAME OPTION...: records on standard input, chunked with the options.
training_encode() {
	cat >"$tmp/records.ns"
	ns-chunk "${@:2}" "$tmp/records.ns" | ns-encode -o "$tmp/train/$1.ns"
	ns-chunk "${@:2}" --max-steps 20000 "$tmp/records.ns" | ns-encode -p symbol -o "$tmp/train/$1.symbols"
	rm "$tmp/records.ns"
}

# training_trace NAME FILE CHUNKS
training_trace() {
	if [ -f "$traces/$2" ]; then
		ns-ingest -q "$traces/$2" | training_encode "$1" -n "$3"
	else
		note "no $2 in TRACES: $1 is left out"
	fi
}

# training_duelists NAME FILE: FILE or FILE.xz, half of its flows, as bench/fidelity.sh learns
# them.
training_duelists() {
	local file=$traces/$2 unpacked=cat
	if [ ! -f "$file" ] && [ -f "$file.xz" ] && have xz; then
		file=$file.xz unpacked='xz -dc'
	elif [ ! -f "$file" ]; then
		note "no $2 in TRACES: $1 is left out"
		return
	fi
	$unpacked "$file" | ns-ingest -q | ns-cat --part 0/2 | ns-chunk -n 1 --max-steps 20000 |
		ns-encode -p symbol -o "$tmp/train/$1.duel"
}

# training_made NAME ARGUMENT...: flows of given lengths.
training_made() {
	awk "${@:2}" -f bench/series.awk | ns-ingest -q --time-unit us |
		training_encode "$1" -n 1 --max-steps 2000
}

# our_step THREADS NAME, its_step NAME ARGUMENT...: one run; "cpu wall" is added to a log.
our_step() {
	"$build/bench/step" -t "$1" -n "$iterations" "$tmp/train/$2.ns" >"$tmp/figures" ||
		fail "step failed on $2"
	echo "$(figure seconds_cpu "$tmp/figures") $(figure seconds_wall "$tmp/figures")" >>"$tmp/ours"
}
its_step() {
	/usr/bin/python3 bench/torch_step.py --iterations "$iterations" "${@:2}" <"$tmp/train/$1.json" \
		>"$tmp/its_figures" 2>"$tmp/err" || fail "torch_step.py: $(tail -n 1 "$tmp/err")"
	echo "$(figure seconds_cpu "$tmp/its_figures") $(figure seconds_wall "$tmp/its_figures")" >>"$tmp/theirs"
}

# training_alone NAME: beside the products alone, which BLAS does in one thread.
training_alone() {
	local name=$1 i
	: >"$tmp/alone"
	for ((i = 0; i < turns; i++)); do
		"$build/bench/step" -t 1 -n "$iterations" "$tmp/train/$name.ns" >"$tmp/figures" ||
			fail "step failed on $name"
		echo "$(figure gflop_s "$tmp/figures") $(figure sgemm_gflop_s "$tmp/figures")" \
			"$(figure ratio "$tmp/figures") $(figure seconds_cpu "$tmp/figures")" >>"$tmp/alone"
	done
	note "$name: matrix products by $(figure kernel "$tmp/figures")"
	row "$name -t 1" 1 step gflop/s "$(median_of 1 "$tmp/alone")" 'sgemm on its products' \
		"$(median_of 2 "$tmp/alone")" "$(median_of 3 "$tmp/alone")"
}

# training_products FILE LABEL ARGUMENT...: a step of a kind of symbols, as the arguments have
# it, in one thread, beside what sgemm takes for its products.
training_products() {
	local file=$1 label=$2 i
	shift 2
	: >"$tmp/alone"
	for ((i = 0; i < turns; i++)); do
		"$build/bench/step" -n $((4 * iterations)) "$@" "$tmp/train/$file" \
			>"$tmp/symbols" || fail "step failed on $file"
		echo "$(figure gflop_s "$tmp/symbols") $(figure sgemm_gflop_s "$tmp/symbols")" \
			"$(figure ratio "$tmp/symbols") $(figure seconds_cpu "$tmp/symbols")" \
			"$(figure sgemm_seconds_cpu "$tmp/symbols") $(figure rows "$tmp/symbols")" >>"$tmp/alone"
	done
	row "$label" 1 step cpu_s "$(median_of 4 "$tmp/alone")" 'sgemm on its products' \
		"$(median_of 5 "$tmp/alone")"
	row "$label" "$(median_of 6 "$tmp/alone")" row cpu_s "$(median_of 4 "$tmp/alone")"
	row "$label" 1 step gflop/s "$(median_of 1 "$tmp/alone")" 'sgemm on its products' \
		"$(median_of 2 "$tmp/alone")" "$(median_of 3 "$tmp/alone")"
}

# training_private NAME: a step of nominally 1000 series, units of one, beside the same not
# private, turn by turn: what clipping costs, and noise with it.
training_private() {
	local kind i
	rm -f "$tmp/cpu-"*
	for ((i = 0; i < turns; i++)); do
		for kind in doppelganger doppelganger-clipped doppelganger-private; do
			"$build/bench/step" -m "$kind" -b 1000 -n "$iterations" "$tmp/train/$1.ns" \
				>"$tmp/figures" || fail "step failed on $1"
			figure seconds_cpu "$tmp/figures" >>"$tmp/cpu-$kind"
		done
	done
	for kind in clipped private; do
		row "$1, 1000 at once, $kind" 1 step cpu_s \
			"$(median_of 1 "$tmp/cpu-doppelganger-$kind")" 'not private' \
			"$(median_of 1 "$tmp/cpu-doppelganger")"
	done
}

# symbols_private NAME: a row of series of the kind of symbols, 1000 at once, privately with
# all noise, beside the same nets not private, turn by turn.
symbols_private() {
	local kind i
	rm -f "$tmp/cpu-"*
	for ((i = 0; i < turns; i++)); do
		for kind in autoregressive autoregressive-private; do
			"$build/bench/step" -m "$kind" -b 1000 -n "$iterations" "$tmp/train/$1.symbols" \
				>"$tmp/figures" || fail "step failed on $1"
			echo "$(figure seconds_cpu "$tmp/figures") $(figure rows "$tmp/figures")" |
				awk '{ print $1 / $2 * 1000 }' >>"$tmp/cpu-$kind"
		done
	done
	row "$1, symbols, 1000 at once, private" 1000 row cpu_s "$(median_of 1 "$tmp/cpu-autoregressive-private")" \
		'not private' "$(median_of 1 "$tmp/cpu-autoregressive")"
}

# training_tail: rare long series beside the same trace without them, turn by turn.
training_tail() {
	local i
	: >"$tmp/tail"
	for ((i = 0; i < turns; i++)); do
		"$build/bench/step" -n "$iterations" "$tmp/train/tail-2000.ns" >"$tmp/figures"
		"$build/bench/step" -n "$iterations" "$tmp/train/tail-2000-cut-20.ns" >"$tmp/its_figures"
		echo "$(figure seconds_cpu "$tmp/figures") $(figure seconds_cpu "$tmp/its_figures")" >>"$tmp/tail"
	done
	row 'longest series 2000' 1 step cpu_s "$(median_of 1 "$tmp/tail")" 'cut at 20' \
		"$(median_of 2 "$tmp/tail")"
}

# training_beside NAME THREADS LABEL ARGUMENT...: beside PyTorch started with the arguments.
training_beside() {
	local name=$1 threads=$2 label=$3 i
	shift 3
	: >"$tmp/ours" && : >"$tmp/theirs"
	for ((i = 0; i < turns; i++)); do
		our_step "$threads" "$name"
		its_step "$name" "$@"
	done
	row "$name -t $threads" 1 step cpu_s "$(median_of 1 "$tmp/ours")" "PyTorch $label" \
		"$(median_of 1 "$tmp/theirs")"
	row "$name -t $threads" 1 step wall_s "$(median_of 2 "$tmp/ours")" "PyTorch $label" \
		"$(median_of 2 "$tmp/theirs")"
}

# training_torch NAME: T threads of PyTorch, B of BLAS.
training_torch() {
	local name=$1 needed
	"$build/bench/step" -d "$tmp/train/$name.ns" >"$tmp/train/$name.json"
	needed=$(figure needed_gflop "$tmp/figures")
	/usr/bin/python3 bench/torch_step.py --flops <"$tmp/train/$name.json" >"$tmp/its_figures"
	row "$name" 1 step gflop "$needed" 'PyTorch, as it counts' "$(figure gflop "$tmp/its_figures")"
	training_beside "$name" 1 'T1 B1'
	training_beside "$name" 1 'T1 B1, fakes detached' --detach
	[ "$(nproc)" -gt 1 ] || return 0
	# Far apart, so that one turn is enough.
	local turns=1
	training_beside "$name" 2 'T1 B2' --blas-threads 2
	training_beside "$name" 2 'T2 B1' --threads 2
	training_beside "$name" 2 'T2 B2' --threads 2 --blas-threads 2
}

# training_whole NAME: a step of ns-train as it runs, start and end subtracted.
training_whole() {
	local few_cpu few_wall
	cost ns-train -q -c 0 --steps 2 "$tmp/train/$1.ns"
	few_cpu=$cpu few_wall=$wall
	cost ns-train -q -c 0 --steps 12 "$tmp/train/$1.ns"
	row "$1 ns-train" 10 step cpu_s "$(awk -v a="$few_cpu" -v b="$cpu" 'BEGIN { print b - a }')"
	row "$1 ns-train" 10 step wall_s "$(awk -v a="$few_wall" -v b="$wall" 'BEGIN { print b - a }')"
}

bench_training() {
	local iterations=${ITERATIONS:-5} turns=$((runs < 3 ? runs : 3)) torch='' file name
	[ -x "$build/bench/step" ] || {
		note 'no BUILD/bench/step, which make bench builds: training is left out'
		return 0
	}
	if /usr/bin/python3 -c 'import torch' 2>/dev/null; then
		torch=1
	else
		note 'PyTorch (python3-torch) is not installed: no rows beside it'
	fi
	training_data
	note "symbols: the kind autoregressive, of ns-encode -p symbol; duel: the kind adversarial, of 200: series at once"
	for file in "$tmp"/train/*.ns; do
		[ -f "$file" ] || continue
		name=$(basename "$file" .ns)
		training_alone "$name"
		training_products "$name.symbols" "$name, symbols" -m autoregressive
		case $name in
		even-* | tail-*) continue ;; # dense ones would take PyTorch minutes
		esac
		training_whole "$name"
		training_private "$name"
		symbols_private "$name"
		[ -z "$torch" ] || training_torch "$name"
	done
	for file in "$tmp"/train/*.duel; do
		[ -f "$file" ] || continue
		name=$(basename "$file" .duel)
		training_products "$name.duel" "$name, duel" -m adversarial
		training_products "$name.duel" "$name, duel of 200" -m adversarial -b 200
	done
	[ -z "$torch" ] ||
		note "PyTorch $(figure version "$tmp/its_figures") on $(awk '$1 == "blas"' "$tmp/its_figures" | cut -f 2)"
	training_tail
	rm -r "$tmp/train"
}
