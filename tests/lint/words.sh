#!/bin/sh
# Nothing in the sources is a note to oneself or speaks of where it was written.
. "$(dirname "$0")/lint.inc"
plan 2

words='\b(TODO|FIXME|XXX|HACK)\b|\bfor now\b|\b(un|not )implemented\b|\bplaceholder\b'
place='/work/|\.library\b|\b(claude|chatgpt|llm)\b|\bsub-?agents?\b|\bissues? #?[0-9]+\b'
sources | grep -v '^tests/lint/words.sh$' | xargs grep -nIE "$words" |
	clean "no notes to oneself" || bad=1
sources | grep -v '^tests/lint/words.sh$' | xargs grep -nIiE "$place" |
	clean "the project speaks of itself alone" || bad=1
exit $bad
