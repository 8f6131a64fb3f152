#!/bin/sh
# Every row of a flow CSV is a record or is counted as skipped by a reason.
. "$(dirname "$0")/lib.sh"

for f in "$traces"/netflow/*.csv*; do
	name=netflow/$(basename "$f")
	file=$(unpacked "$f")
	rows=$(($(wc -l <"$file") - 1))
	if ! ns-ingest -o s.ns "$file" 2>err; then
		fail "$name" "$(cat err)"
		continue
	fi
	records=$(($(ns-cat -T s.ns | wc -l) - 1))
	skipped=$(meta s.ns | awk '/^ingest\.skipped\./ { n += $2 } END { print n + 0 }')
	is "$name: $records records, $skipped skipped" $((records + skipped)) "$rows"
done
done_testing
