# shellcheck shell=bash
# cells.sh: what fidelity.sh, ablation.sh and privacy.sh share, which learn and score traces
# cell by cell and keep each in a folder.  Sourced by them before anything else, with their
# operand: goes to the top of the sources, puts the tools of BUILD on PATH, and says
#
#	$script   the script's name, for messages
#	$traces   the folder TRACES
#	$build    BUILD
#	$out      the folder OUT of the cells [BUILD/ and the script's name], which is made
set -eu -o pipefail
LC_ALL=C
export LC_ALL
script=${0##*/}
traces=$(cd "${TRACES:?is not set: a folder of real traces}" && pwd)
cd "$(dirname "$0")/.."
build=$(cd "${1:-build}" && pwd)
PATH=$build/bin:$PATH
out=${OUT:-$build/${script%.sh}}
mkdir -p "$out"

fail() {
	echo "$script: $*" >&2
	exit 1
}

# same_settings TEXT: what all cells of OUT have been made with, noted at the first time.
same_settings() {
	[ -e "$out/settings" ] || echo "$1" >"$out/settings"
	[ "$1" = "$(cat "$out/settings")" ] ||
		fail "$out has cells of other settings; set OUT to another folder: $(cat "$out/settings")"
}

# ingest NAME STREAM: the trace whose name begins so.
ingest() {
	local file
	file=$(find "$traces" -path '*-original' -prune -o -type f -name "$1.*" -print | sort | sed -n 1p)
	[ -n "$file" ] || fail "no trace $1 below $traces"
	case $file in
	*.xz) xz -dc "$file" ;;
	*) cat "$file" ;;
	esac | ns-ingest -q -o "$2"
}

# records STREAM: how many it has.
records() {
	ns-cat -C "$1" | awk '$1 == "total" { print $5 }'
}

# extra NAME VALUE: a score of a cell that ns-eval does not have.
extra() {
	printf '%s\t%s\tnan\tnan\tnan\tsynthetic\n' "$1" "$2"
}
