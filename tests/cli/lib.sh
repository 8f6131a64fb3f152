# Shared by the command-line tests: TAP, a clean folder per script, the tools on PATH.
# What a failed test saw goes to stderr, which a harness shows.
# NS_BIN: folder of the tools (default build/bin).  Each script ends with `done_testing`.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
NS_BIN=${NS_BIN:-$top/build/bin}
case $NS_BIN in /*) ;; *) NS_BIN=$top/$NS_BIN ;; esac
PATH=$NS_BIN:$PATH
data=$top/tests/data
LC_ALL=C
TZ=UTC
export PATH LC_ALL TZ
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
n_tests=0

# ok DESCRIPTION COMMAND...: passes if the command succeeds.
ok() {
	n_tests=$((n_tests + 1))
	_d=$1
	shift
	if "$@" >ok.out 2>ok.err; then
		echo "ok $n_tests - $_d"
	else
		echo "not ok $n_tests - $_d"
		sed 's/^/# /' ok.err ok.out | head -n 20 >&2
	fi
}

# is DESCRIPTION GOT EXPECTED: passes if the two texts are equal.
is() {
	n_tests=$((n_tests + 1))
	if [ "$2" = "$3" ]; then
		echo "ok $n_tests - $1"
	else
		echo "not ok $n_tests - $1"
		printf 'got:\n%s\nexpected:\n%s\n' "$2" "$3" | sed 's/^/# /' | head -n 40 >&2
	fi
}

# fails STATUS PATTERN COMMAND...: exit status is STATUS, stderr is exactly one line and
# matches the extended regular expression, stdout is left in out.
fails() {
	n_tests=$((n_tests + 1))
	_s=$1
	_p=$2
	shift 2
	"$@" >out 2>err </dev/null
	_got=$?
	if [ "$_got" = "$_s" ] && [ "$(wc -l <err)" = 1 ] && grep -Eq -- "$_p" err; then
		echo "ok $n_tests - status $_s: $*"
	else
		echo "not ok $n_tests - status $_s: $*"
		{
			echo "# status $_got, expected $_s and one line like: $_p"
			sed 's/^/# /' err | head -n 10
		} >&2
	fi
}

skip() { # skip DESCRIPTION REASON
	n_tests=$((n_tests + 1))
	echo "ok $n_tests - $1 # SKIP $2"
}

done_testing() {
	echo "1..$n_tests"
}
