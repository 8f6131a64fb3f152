#!/bin/sh
# Files that were built to break parsers: read, with one line of warning at most, or refused
# with one line, never a crash, and nothing is left under the final name of a refused one.
. "$(dirname "$0")/lib.sh"

for f in "$traces"/malformed/*; do
	name=malformed/$(basename "$f")
	file=$(unpacked "$f")
	rm -f s.ns
	ns-ingest -o s.ns "$file" 2>err
	status=$?
	case $status in
	0)
		if [ "$(wc -l <err)" -le 1 ] && ns-cat -K s.ns 2>>err; then
			pass "$name: read"
		else
			fail "$name: read" "$(cat err)"
		fi
		;;
	65)
		if [ "$(wc -l <err)" = 1 ] && [ ! -e s.ns ]; then
			pass "$name: $(sed 's,^[^:]*: [^:]*/,,' err)"
		else
			fail "$name: refused" "$(ls) $(cat err)"
		fi
		;;
	*) fail "$name" "status $status: $(cat err)" ;;
	esac
done
done_testing
