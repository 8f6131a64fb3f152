#!/bin/sh
# deps.sh [build|check|long|fuzz]: install what is missing for that purpose (default check).
# When all is there it ends at once and touches neither network nor system.  Elsewhere
# than on Debian and its kin it only prints what is missing, with status 1.
set -u
purpose=${1:-check}
missing=
wanted=

# need PACKAGE COMMAND...: the package is missing unless the command succeeds.
need() {
	_p=$1
	shift
	"$@" >/dev/null 2>&1 || missing="$missing $_p"
}
# want PACKAGE COMMAND...: the same for what can be done without.
want() {
	_p=$1
	shift
	"$@" >/dev/null 2>&1 || wanted="$wanted $_p"
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
	need libsodium-dev pkg-config --exists libsodium
	[ "${BLAS:-openblas}" = none ] ||
		need libopenblas-dev pkg-config --exists "${BLAS:-openblas}"
	want libsvm-dev c_header libsvm/svm.h
	want liblinear-dev c_header linear.h
	want libxgboost-dev c_header xgboost/c_api.h
	[ "${NETTLE:-nettle}" = none ] ||
		want nettle-dev pkg-config --exists "${NETTLE:-nettle}"
	want gnuplot-nox have gnuplot
}
check() {
	build
	need libcmocka-dev pkg-config --exists cmocka
	need perl have prove
	need mandoc have mandoc
	need shellcheck have shellcheck
	need clang-format have clang-format
}

case $purpose in
build) build ;;
check) check ;;
long)
	check
	need tshark have tshark
	need xz-utils have xz
	want chromium have chromium
	want fonts-dejavu-core test -d /usr/share/fonts/truetype/dejavu
	want nfdump have nfanon
	want python3-scipy /usr/bin/python3 -c 'import scipy'
	want python3-sklearn /usr/bin/python3 -c 'import sklearn'
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
[ -n "$missing$wanted" ] || exit 0

[ -z "$missing" ] || echo "missing for '$purpose':$missing"
[ -z "$wanted" ] || echo "of use for '$purpose', but it goes without:$wanted"
# give_up: an error only if something is missing that is needed.
give_up() {
	echo "$1" >&2
	[ -z "$missing" ]
	exit
}
command -v apt-get >/dev/null ||
	give_up "these are Debian's names; install them, or what your system calls them, and try again"
if [ "$(id -u)" = 0 ]; then
	sudo=
elif command -v sudo >/dev/null; then
	sudo=sudo
else
	give_up "neither root nor sudo: install them and try again"
fi

run() {
	echo "+ $*"
	"$@"
}
# install PACKAGE...: the package lists may be absent or old, so they are fetched if the
# first try fails.
install() {
	add() {
		run ${sudo:+"$sudo"} env DEBIAN_FRONTEND=noninteractive apt-get install -y -q \
			--no-install-recommends "$@"
	}
	add "$@" || { run ${sudo:+"$sudo"} apt-get update -q && add "$@"; }
}
# shellcheck disable=SC2086 # both are lists of words
if [ -z "$wanted" ] || ! install $missing $wanted; then
	[ -z "$missing" ] || install $missing
fi
