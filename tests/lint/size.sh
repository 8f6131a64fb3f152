#!/bin/sh
# Files stay of a size that is read in one sitting.
. "$(dirname "$0")/lint.inc"
plan 2

find common tools -name '*.[ch]' -exec awk 'END { if (NR > 500) print FILENAME ": " NR " lines" }' {} \; |
	clean "no source above 500 lines" || bad=1
sources | grep -E '\.([ch]|sh|t|mk|inc|awk)$' | xargs grep -nE '[ 	]+$' |
	clean "no blanks at the end of a line" || bad=1
exit $bad
