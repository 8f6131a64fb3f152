#!/bin/sh
# deps.sh [build|check|long|fuzz]: install what is missing for that purpose (default check).
# When all is there it ends at once and touches neither network nor system.  Elsewhere
# than on Debian and its kin it only prints what is missing, with status 1.
set -u
want=${1:-check}
missing=

# need PACKAGE COMMAND...: the package is missing unless the command succeeds.
need() {
	_p=$1
	shift
	"$@" >/dev/null 2>&1 || missing="$missing $_p"
}
have() {
	command -v "$1"
}
c_header() { # c_header NAME: the compiler finds the header
	printf '#include <%s>\n' "$1" | "${CC:-cc}" -E -
}
fuzzer_runtime() {
	printf 'int LLVMFuzzerTestOneInput(const char *p, unsigned long n);\nint LLVMFuzzerTestOneInput(const char *p, unsigned long n) { return p == 0 && n; }\n' |
		clang -fsanitize=fuzzer -x c -o /dev/null -
}

build() {
	need gcc have "${CC:-cc}"
	need libc6-dev c_header stdio.h
	need make have make
	need pkg-config have pkg-config
	need libpcap-dev pkg-config --exists libpcap
	need libzstd-dev pkg-config --exists libzstd
	[ "${BLAS:-openblas}" = none ] ||
		need libopenblas-dev pkg-config --exists "${BLAS:-openblas}"
}
check() {
	build
	need libcmocka-dev pkg-config --exists cmocka
	need perl have prove
	need mandoc have mandoc
	need shellcheck have shellcheck
	need clang-format have clang-format
}

case $want in
build) build ;;
check) check ;;
long)
	check
	need tshark have tshark
	need xz-utils have xz
	;;
fuzz)
	build
	need clang have clang
	need libclang-rt-14-dev fuzzer_runtime
	;;
*)
	echo "usage: deps.sh [build|check|long|fuzz]" >&2
	exit 2
	;;
esac
[ -n "$missing" ] || exit 0

echo "missing for '$want':$missing"
if ! command -v apt-get >/dev/null; then
	echo "these are Debian's names; install them, or what your system calls them, and try again" >&2
	exit 1
fi
if [ "$(id -u)" = 0 ]; then
	sudo=
elif command -v sudo >/dev/null; then
	sudo=sudo
else
	echo "neither root nor sudo: install them and try again" >&2
	exit 1
fi

run() {
	echo "+ $*"
	"$@"
}
install() {
	# shellcheck disable=SC2086 # both are lists of words
	run $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q \
		--no-install-recommends $missing
}
# The package lists may be absent or old: fetch them only if the first try fails.
install || { run ${sudo:+"$sudo"} apt-get update -q && install; }
