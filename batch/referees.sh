#!/bin/sh
# referees.sh [-v] [-r REFEREE] CAPTURE...: what tshark and zeek have to say against the
# packets of captures, real and synthetic ones side by side.
#
# One line a capture and referee on standard output:
#
#     CAPTURE<TAB>REFEREE<TAB>PACKETS<TAB>COMPLAINTS
#
# -v      also the kinds, on standard error: CAPTURE<TAB>REFEREE<TAB>COUNT<TAB>KIND
# -r      that referee only: tshark or zeek
#
# A referee that is not installed has no lines, and one line on standard error.
# Status: 0 done, complaints or none; 2 usage; 65 a capture that cannot be read.
#
# tshark: IP, TCP, UDP and ICMP checksums are verified.  Every dissector but those of the
# layers that netshare writes is off, since payload, that of tunnels too, is absent or
# zeros; fragments are not put together for the same reason.  Notes on TCP sequence
# numbers, on missing answers and on what tshark has no dissector for do not count: the
# packet itself is whole.
#
# zeek: the lines of weird.log, all of them (no sampling), without the scripts of
# protocols above TCP and UDP.
set -eu
usage='usage: referees.sh [-v] [-r tshark|zeek] capture...'
tab=$(printf '\t')

bad_usage() {
	echo "$usage" >&2
	exit 2
}
unreadable() { # unreadable CAPTURE [FILE with what the referee said]
	why=
	[ $# = 1 ] || why=$(tail -n 1 "$2")
	echo "referees.sh: cannot read '$1'${why:+: $why}" >&2
	exit 65
}

# ---- tshark ----

# A profile of its own: the names of all protocols that are to be off.
tshark_start() {
	keep='^(frame|pkt_comment|eth|ethertype|raw|ip|ipv6|ipv6\.fraghdr|tcp|udp|udplite|icmp'
	keep="$keep"'|icmpv6|sctp|dccp|data|_ws\..*)$'
	mkdir "$dir/profile"
	WIRESHARK_CONFIG_DIR=$dir/profile tshark -G protocols 2>/dev/null | cut -f 3 |
		grep -Ev "$keep" >"$dir/disabled"
	mv "$dir/disabled" "$dir/profile/disabled_protos"
}

# tshark_fields CAPTURE: one line a packet.
tshark_fields() {
	WIRESHARK_CONFIG_DIR=$dir/profile tshark -n -r "$1" \
		-d ip.proto==4,data -d ip.proto==41,data \
		-o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE \
		-o udp.check_checksum:TRUE -o sctp.checksum:TRUE -o ip.defragment:FALSE \
		-o ipv6.defragment:FALSE -o ip.tso_support:FALSE \
		-o tcp.desegment_tcp_streams:FALSE -o tcp.analyze_sequence_numbers:FALSE \
		-T fields -E occurrence=a -E aggregator='|' \
		-e ip.checksum.status -e tcp.checksum.status -e udp.checksum.status \
		-e icmp.checksum.status -e icmpv6.checksum.status -e sctp.checksum.status \
		-e _ws.expert.group -e _ws.expert.message
}

# COUNT<TAB>KIND lines of the fields.  A status of 0 is a bad checksum, which has a text
# as well.
tshark_kinds() {
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
		for (kind in count)
			print count[kind] "\t" kind
	}'
}

judge_tshark() { # leaves packets and kinds
	tshark_fields "$1" >"$dir/fields" 2>"$dir/err" || unreadable "$1" "$dir/err"
	packets=$(wc -l <"$dir/fields")
	tshark_kinds <"$dir/fields" >"$dir/kinds"
}

# ---- zeek ----

zeek_start() {
	cat >"$dir/count.zeek" <<'ZEEK'
@load base/frameworks/notice/weird
redef Weird::sampling_rate = 1;
event zeek_done()
	{
	print get_net_stats()$pkts_recvd;
	}
ZEEK
}

# COUNT<TAB>KIND lines of a weird.log.
zeek_kinds() {
	awk -F '\t' '
	$1 == "#fields" {
		for (i = 2; i <= NF; i++)
			if ($i == "name")
				name = i - 1
	}
	!/^#/ {
		count[name > 0 ? $name : "weird"]++
	}
	END {
		for (kind in count)
			print count[kind] "\t" kind
	}'
}

judge_zeek() {
	case $1 in
	/*) path=$1 ;;
	*) path=$PWD/$1 ;;
	esac
	rm -rf "$dir/zeek"
	mkdir "$dir/zeek"
	(cd "$dir/zeek" && zeek -b -r "$path" "$dir/count.zeek") >"$dir/out" 2>"$dir/err" ||
		unreadable "$1" "$dir/err"
	packets=$(tail -n 1 "$dir/out")
	: >"$dir/kinds"
	[ ! -f "$dir/zeek/weird.log" ] || zeek_kinds <"$dir/zeek/weird.log" >"$dir/kinds"
}

# ---- All ----

show() { # show CAPTURE REFEREE
	HEAD=$1$tab$2
	export HEAD
	awk -F '\t' -v packets="$packets" '
	{ sum += $1 }
	END { printf "%s\t%d\t%d\n", ENVIRON["HEAD"], packets, sum }' "$dir/kinds"
	[ "$verbose" = 0 ] || LC_ALL=C sort -k 2 "$dir/kinds" |
		awk '{ print ENVIRON["HEAD"] "\t" $0 }' >&2
}

verbose=0
referees='tshark zeek'
while getopts r:v option; do
	case $option in
	r)
		case $OPTARG in
		tshark | zeek) referees=$OPTARG ;;
		*) bad_usage ;;
		esac
		;;
	v) verbose=1 ;;
	*) bad_usage ;;
	esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || bad_usage
newline='
'
for capture in "$@"; do
	case $capture in
	*"$tab"* | *"$newline"*)
		echo 'referees.sh: a tab or an end of line in the name of a capture' >&2
		exit 2
		;;
	esac
	if [ ! -f "$capture" ] || [ ! -r "$capture" ]; then
		unreadable "$capture"
	fi
done

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
for referee in $referees; do
	if ! command -v "$referee" >/dev/null; then
		echo "referees.sh: $referee is not installed" >&2
		continue
	fi
	"${referee}_start"
	for capture in "$@"; do
		"judge_$referee" "$capture"
		show "$capture" "$referee"
	done
done
