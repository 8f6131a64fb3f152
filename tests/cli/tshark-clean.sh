#!/bin/sh
# tshark-clean.sh CAPTURE: what tshark has to say against a capture's packets, as lines of
# "count<TAB>kind"; status 0 if that is nothing, 1 if something, 2 without tshark.
#
# IP, TCP, UDP and ICMP checksums are verified.  Every dissector but those of the layers
# that netshare writes is off, since payload, that of tunnels too, is absent or zeros;
# fragments are not put together for the same reason.  Notes on TCP sequence numbers, on
# missing answers and on what tshark has no dissector for do not count: the packet itself
# is whole.
set -eu
[ $# = 1 ] || {
	echo 'usage: tshark-clean.sh capture' >&2
	exit 2
}
command -v tshark >/dev/null || {
	echo 'tshark-clean.sh: tshark is not installed' >&2
	exit 2
}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
# A profile of its own: the names of all protocols that are to be off.
WIRESHARK_CONFIG_DIR=$dir
export WIRESHARK_CONFIG_DIR
keep='^(frame|pkt_comment|eth|ethertype|raw|ip|ipv6|ipv6\.fraghdr|tcp|udp|udplite|icmp'
keep="$keep"'|icmpv6|sctp|dccp|data|_ws\..*)$'
tshark -G protocols 2>/dev/null | cut -f 3 | grep -Ev "$keep" >"$dir/disabled_protos"

tshark -n -r "$1" -d ip.proto==4,data -d ip.proto==41,data \
	-o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE \
	-o udp.check_checksum:TRUE -o sctp.checksum:TRUE -o ip.defragment:FALSE \
	-o ipv6.defragment:FALSE -o ip.tso_support:FALSE \
	-o tcp.desegment_tcp_streams:FALSE -o tcp.analyze_sequence_numbers:FALSE \
	-T fields -E occurrence=a -E aggregator='|' \
	-e ip.checksum.status -e tcp.checksum.status -e udp.checksum.status \
	-e icmp.checksum.status -e icmpv6.checksum.status -e sctp.checksum.status \
	-e _ws.expert.group -e _ws.expert.message 2>"$dir/err" >"$dir/fields" || {
	cat "$dir/err" >&2
	exit 2
}
# A status of 0 is a bad checksum, which has a text as well.
awk -F '\t' '
BEGIN {
	split("ip tcp udp icmp icmpv6 sctp", layer, " ")
	# PI_SEQUENCE and PI_UNDECODED, written either way
	split("33554432 0x02000000 83886080 0x05000000", code, " ")
	for (i in code)
		other[code[i]]
}
{
	for (i = 1; i <= 6; i++) {
		n = split($i, status, "|")
		for (j = 1; j <= n; j++)
			if (status[j] == 0)
				count["bad checksum: " layer[i]]++
	}
	n = split($7, group, "|")
	split($8, text, "|")
	for (j = 1; j <= n; j++) {
		if (group[j] in other || text[j] ~ /^Bad checksum|^Unreassembled/)
			continue
		sub(/ \[.*/, "", text[j])
		count[text[j]]++
	}
}
END {
	for (kind in count) {
		print count[kind] "\t" kind
		bad = 1
	}
	exit bad
}' "$dir/fields" >"$dir/complaints" && clean=0 || clean=1
LC_ALL=C sort -k 2 "$dir/complaints"
exit "$clean"
