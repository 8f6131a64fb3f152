#!/bin/sh
# Every C file is a fixed point of clang-format with the settings in .clang-format.
. "$(dirname "$0")/lint.inc"

command -v clang-format >/dev/null || skip_all "no clang-format"
clang-format --version | grep -q 'version 14\.' ||
	skip_all "the settings are for clang-format 14: other versions differ in detail"
plan 1
sources | grep '\.[ch]$' | xargs clang-format --dry-run -Werror 2>&1 | grep ': error:' |
	clean "clang-format" || bad=1
exit $bad
