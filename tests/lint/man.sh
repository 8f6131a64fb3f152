#!/bin/sh
# Manual pages are clean, every tool has one, and each cross reference is there.
. "$(dirname "$0")/lint.inc"

command -v mandoc >/dev/null || skip_all "no mandoc"
plan 3
find man -type f | sort | xargs mandoc -Tlint -W warning | clean "mandoc finds nothing" || bad=1
for d in tools/ns-*; do
	[ -f "man/${d#tools/}.1" ] || echo "${d#tools/} has no page"
done | clean "a page for each tool" || bad=1
sed -n 's/^\.Xr \(n[^ ]*\) \([1-8]\).*/\1.\2/p' man/* | sort -u | while read -r page; do
	[ -f "man/$page" ] || echo "no page $page"
done | clean "cross references lead somewhere" || bad=1
exit $bad
