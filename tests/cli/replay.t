#!/bin/sh
# Inputs that once broke a parser, and the fuzzers' seeds, pass through every fuzz target.
build=${NS_BUILD:-}
. "$(dirname "$0")/lib.sh"
case $build in
/*) ;;
'') build=$(dirname "$NS_BIN") ;;
*) build=$top/$build ;;
esac

"$top/tests/fuzz/seeds.sh" seeds || echo "Bail out! no seeds"
for source in "$top"/tests/fuzz/fuzz_*.c; do
	name=$(basename "$source" .c)
	name=${name#fuzz_}
	set --
	for f in "$data/crash/$name"/* seeds/"$name"/*; do
		[ ! -f "$f" ] || set -- "$@" "$f"
	done
	ok "$name: $# files" "$build/fuzz/fuzz_$name" "$@"
done
done_testing
