#!/bin/sh
# Every capture is counted as tshark counts it, or differs for a reason that the last
# column of tests/data/expected/captures.tsv names:
#	-                    all agrees
#	refused: TEXT        status 65 and a message that holds TEXT
#	NAME=N [NAME=N...]   N packets that tshark sees as IP are counted as skipped by NAME
. "$(dirname "$0")/lib.sh"

# difference EXPECTED GOT REASON: what is wrong, nothing if all is as it should be.  Both
# are: packets ipv4 ipv6 tcp udp icmp fragments.  meta is a file of the tool's own counts.
difference() {
	printf '%s\n%s\n%s\n' "$1" "$2" "$3" | awk -F'\t' '
	FNR == NR { split($0, m, " "); meta[m[1]] = m[2]; next }
	++row == 1 { for (i = 1; i <= 7; i++) want[i] = $i }
	row == 2 { for (i = 1; i <= 7; i++) got[i] = $i }
	row == 3 && $0 != "-" {
		n = split($0, r, " ")
		for (i = 1; i <= n; i++) {
			split(r[i], kv, "=")
			named += kv[2]
			if (meta["ingest.skipped." kv[1]] + 0 < kv[2])
				print "named " r[i] ", skipped " meta["ingest.skipped." kv[1]] + 0
		}
	}
	END {
		split("packets ipv4 ipv6 tcp udp icmp fragments", name, " ")
		for (k in meta)
			if (k ~ /^ingest\.skipped\./)
				skipped += meta[k]
		if (meta["ingest.read"] != want[1])
			print "read " meta["ingest.read"] " of " want[1] " packets"
		if (got[1] + skipped != want[1])
			print got[1] " records and " skipped " skipped of " want[1] " packets"
		if (got[2] + got[3] + named != want[2] + want[3])
			print got[2] + got[3] " IP packets, expected " want[2] + want[3] - named
		for (i = 2; i <= 7; i++)
			if (got[i] > want[i] || got[i] + named < want[i])
				print name[i] " " got[i] ", expected " want[i]
	}' meta -
}

grep -v '^#' "$data/expected/captures.tsv" | tail -n +2 >list
while IFS='	' read -r name packets v4 v6 tcp udp icmp frag reason; do
	[ -f "$traces/$name" ] || continue
	file=$(unpacked "$traces/$name")
	ns-ingest -o s.ns "$file" 2>err
	status=$?
	case $reason in
	refused:*)
		if [ $status = 65 ] && [ "$(wc -l <err)" = 1 ] && grep -qF -- "${reason#refused: }" err; then
			pass "$name: $reason"
		else
			fail "$name: $reason" "status $status: $(cat err)"
		fi
		;;
	*)
		if [ $status != 0 ]; then
			fail "$name" "status $status: $(cat err)"
		else
			meta s.ns >meta
			got=$(ns-cat -T s.ns | awk -f "$top/tests/long/counts.awk")
			want=$(printf '%s\t' "$packets" "$v4" "$v6" "$tcp" "$udp" "$icmp" "$frag")
			wrong=$(difference "$want" "$got" "$reason")
			if [ -z "$wrong" ]; then
				pass "$name: $reason"
			else
				fail "$name: $reason" "$wrong
$(grep skipped meta)"
			fi
		fi
		;;
	esac
	[ "$file" = "$traces/$name" ] || rm -f "$file"
	rm -f s.ns
done <list
done_testing
