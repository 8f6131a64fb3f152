# Shared by the long tests: real traces under TRACES, on top of what tests/cli/lib.sh has.
if [ -z "${TRACES:-}" ]; then
	echo "1..0 # SKIP no traces: make check-long TRACES=DIR"
	exit 0
fi
traces=$(cd "$TRACES" && pwd) || exit 1
. "$(dirname "$0")/../cli/lib.sh"
command -v ns-ingest >/dev/null || {
	echo "Bail out! no tools in $NS_BIN"
	exit 1
}

# unpacked FILE: path of its contents; one that is packed goes into the working folder.
unpacked() {
	case $1 in
	*.xz)
		_u=$work/$(basename "$1" .xz)
		xz -dc "$1" >"$_u"
		echo "$_u"
		;;
	*) echo "$1" ;;
	esac
}

# pass DESCRIPTION, fail DESCRIPTION [DETAIL]
pass() {
	n_tests=$((n_tests + 1))
	echo "ok $n_tests - $1"
}
fail() {
	n_tests=$((n_tests + 1))
	echo "not ok $n_tests - $1"
	[ -z "${2:-}" ] || printf '%s\n' "$2" | sed 's/^/# /' | head -n 20
}

# meta STREAM: "key value" lines of its head and tail.
meta() {
	ns-cat -H "$1" | sed -n 's/^[[:space:]]*\([a-z_]*\.[a-z0-9_.-]*\)[[:space:]]*=[[:space:]]*\(.*\)$/\1 \2/p'
}
