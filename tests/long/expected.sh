#!/bin/sh
# expected.sh DIR: count the packets of every capture in DIR/pcap and DIR/link with tshark
# and write tests/data/expected/captures.tsv.  The last column of that file, why a capture
# is refused or has packets that are not modelled, is written by hand and kept here.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
dir=${1:?usage: expected.sh DIR}
tsv=$here/../data/expected/captures.tsv
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
fields='-n -T fields -E separator=/t -E occurrence=a -E aggregator=,
-o ip.defragment:FALSE -o ipv6.defragment:FALSE -o tcp.desegment_tcp_streams:FALSE
-o ip.check_checksum:FALSE -o tcp.check_checksum:FALSE -o udp.check_checksum:FALSE
-e frame.protocols -e ip.version -e ip.proto -e ip.flags.mf -e ip.frag_offset
-e ipv6.nxt -e ipv6.hopopts.nxt -e ipv6.routing.nxt -e ipv6.fraghdr.nxt
-e ipv6.dstopts.nxt -e ah.next_header -e ipv6.version'
fields=$(printf '%s' "$fields" | tr '\n' ' ')

reason() { # reason FILE: the last column of its present line, or -
	[ -f "$tsv" ] || { echo -; return; }
	awk -F'\t' -v f="$1" '$1 == f { r = $9 } END { print r == "" ? "-" : r }' "$tsv"
}

count() { # count FILE: the seven numbers
	in=$1
	case $in in
	*.xz) xz -dc "$in" >"$tmp/capture" && in=$tmp/capture ;;
	esac
	# shellcheck disable=SC2086 # the fields are words
	tshark -r "$in" $fields 2>/dev/null | awk -f "$here/expected.awk"
}

{
	echo "# made by: tests/long/expected.sh DIR, $(tshark --version 2>/dev/null | head -n 1)"
	echo "# tshark -r FILE $fields | awk -f tests/long/expected.awk"
	printf 'file\tpackets\tipv4\tipv6\ttcp\tudp\ticmp\tfragments\treason\n'
	for f in "$dir"/pcap/* "$dir"/link/*; do
		name=${f#"$dir"/}
		printf '%s\t%s\t%s\n' "$name" "$(count "$f")" "$(reason "$name")"
	done
} >"$tmp/captures.tsv"
mv "$tmp/captures.tsv" "$tsv"
