#!/bin/sh
# Without a model between them, ingest, chunk and decode give back every record of every
# trace, in time order.
. "$(dirname "$0")/lib.sh"

# rows STREAM: its records, in an order that does not depend on how ties were broken.
rows() {
	ns-cat -T "$1" | sort
}

for f in "$traces"/pcap/* "$traces"/link/* "$traces"/netflow/*; do
	name=${f#"$traces"/}
	file=$(unpacked "$f")
	if ns-ingest -q -o a.ns "$file" 2>/dev/null && [ "$(ns-cat -T -n 1 a.ns | wc -l)" = 2 ]; then
		ns-chunk -q -n 3 a.ns 2>err | ns-decode -q -o b.ns 2>>err
		rows a.ns >a
		rows b.ns >b
		if ! cmp a b >>err 2>&1; then
			fail "$name" "$(cat err; diff a b | head -n 6)"
		elif ! ns-cat -T b.ns | tail -n +2 | cut -f 1 | sort -n -c 2>>err; then
			fail "$name: order" "$(cat err)"
		else
			pass "$name: $(($(wc -l <a) - 1)) records"
		fi
	fi
	[ "$file" = "$f" ] || rm -f "$file"
done
done_testing
