#!/bin/sh
# Nothing in the sources is a note to oneself, or names a folder of one person's machine.
. "$(dirname "$0")/lint.inc"
plan 2

words='\b(TODO|FIXME|XXX|HACK)\b|\bfor now\b|\b(un|not )implemented\b|\bplaceholder\b'
place='/(home|Users|root)/[A-Za-z]'
sources | grep -v '^tests/lint/words.sh$' | xargs grep -nIE "$words" |
	clean "no notes to oneself" || bad=1
sources | grep -v '^tests/lint/words.sh$' | xargs grep -nIiE "$place" |
	clean "no paths of one machine" || bad=1
exit $bad
