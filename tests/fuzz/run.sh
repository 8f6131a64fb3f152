#!/bin/sh
# run.sh [TARGET...]: fuzz each target (default: all of tests/fuzz/fuzz_*.c) for FUZZ_S
# seconds (default 60) with libFuzzer, address and undefined behaviour checked.  What breaks
# one stays as a file in tests/data/crash/TARGET, where `make check` replays it.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
cd "$top"
out=build/fuzz
san=address,undefined
[ $# -gt 0 ] || set -- tests/fuzz/fuzz_*.c

# The objects of the replay programs, instrumented; libFuzzer brings a main of its own.
"${MAKE:-make}" --no-print-directory -j 2 B=$out CC=clang BLAS=none OPT='-O1 -g' \
	SANFLAGS="-fsanitize=fuzzer-no-link,$san -fno-sanitize-recover=undefined" replay
tests/fuzz/seeds.sh $out/seeds

bad=0
for target; do
	name=$(basename "$target" .c)
	name=${name#fuzz_}
	log=$out/$name.log
	objects=$(find $out/tools -name '*.o' ! -name main.o)
	# shellcheck disable=SC2046,SC2086 # lists of words
	clang -pthread -fsanitize=fuzzer,$san -o "$out/fuzz_$name" $out/tests/fuzz/fuzz_$name.o $objects \
		$out/libdp.a $out/libmodel.a $out/libnn.a $out/libcodec.a $out/libtrace.a $out/libtensor.a $out/libstream.a $out/libbase.a \
		$(pkg-config --libs libpcap libzstd libsodium) -lm
	mkdir -p "tests/data/crash/$name" "$out/corpus/$name" "$out/seeds/$name"
	echo "fuzz_$name: ${FUZZ_S:-60} s"
	if "$out/fuzz_$name" -max_total_time="${FUZZ_S:-60}" -timeout=10 -rss_limit_mb=2048 \
		-print_final_stats=1 -artifact_prefix="tests/data/crash/$name/" "$out/corpus/$name" \
		"$out/seeds/$name" "tests/data/crash/$name" 2>"$log"; then
		grep -E 'stat::(number_of_executed_units|average_exec_per_sec|peak_rss_mb)' "$log"
	else
		tail -n 30 "$log"
		echo "fuzz_$name: FOUND, see tests/data/crash/$name and $log"
		bad=1
	fi
	rmdir "tests/data/crash/$name" 2>/dev/null || :
done
exit $bad
