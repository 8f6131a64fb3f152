#!/bin/sh
# Shell scripts are clean under shellcheck.
. "$(dirname "$0")/lint.inc"

command -v shellcheck >/dev/null || skip_all "no shellcheck"
plan 1
sources | xargs grep -lIE -m1 '^#!/bin/(ba)?sh|^#!/usr/bin/env (ba)?sh' |
	xargs shellcheck -x -S warning --source-path=SCRIPTDIR |
	clean "shellcheck finds nothing" || bad=1
exit $bad
