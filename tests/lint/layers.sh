#!/bin/sh
# Includes follow the layer table of HACKING.md; libraries stay in their files.
. "$(dirname "$0")/lint.inc"
plan 3

find common tools -name '*.[ch]' | sort | xargs awk -f tests/lint/layers.awk HACKING.md |
	clean "includes follow the layer table" || bad=1
find common -name '*.c' -exec grep -nE '\b(printf|fprintf|puts|exit|abort)\(' {} + |
	grep -vE '^common/base/' | clean "libraries neither print nor exit" || bad=1
find common tools -name '*.[ch]' -exec grep -nE '\balloca\(|\bsprintf\(|\bstrcat\(|\bgets\(' {} + |
	clean "no unbounded copies" || bad=1
exit $bad
