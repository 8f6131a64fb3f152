#!/bin/sh
# tshark-clean.sh CAPTURE: what tshark has to say against a capture's packets
# (batch/referees.sh), as lines of "count<TAB>kind"; status 0 if that is nothing, 1 if
# something, 2 without tshark.
set -eu
[ $# = 1 ] || {
	echo 'usage: tshark-clean.sh capture' >&2
	exit 2
}
command -v tshark >/dev/null || {
	echo 'tshark-clean.sh: tshark is not installed' >&2
	exit 2
}
top=$(cd "$(dirname "$0")/../.." && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
"$top/batch/referees.sh" -v -r tshark "$1" 2>"$dir/kinds" >/dev/null || {
	cat "$dir/kinds" >&2
	exit 2
}
cut -f 3- "$dir/kinds"
[ ! -s "$dir/kinds" ]
