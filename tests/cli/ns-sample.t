#!/bin/sh
# ns-sample: counts asked for, order of models, same bytes, what it refuses.
. "$(dirname "$0")/lib.sh"

awk 'BEGIN {
	print "srcip,dstip,srcport,dstport,proto,ts,td,pkt,byt,type"
	for (i = 0; i < 90; i++)
		printf "10.0.0.%d,10.1.0.%d,%d,%d,%s,%.0f,%.3f,%d,%d,background\n", i % 7 + 1,
			i % 5 + 1, 40000 + i % 60, i % 3 ? 443 : 53, i % 3 ? "TCP" : "UDP",
			1700000000000000 + i * 250000, i % 9 / 4, i % 9 + 1, 60 * (i % 9 + 1)
}' >flows.csv
ns-ingest -q flows.csv | ns-chunk -q -n 3 | ns-encode -q -o train.ns
small() {
	ns-train -q --batch-size 20 --attr-units 24 --d-units 24 --attr-d-units 24 \
		--lstm-units 12 "$@"
}
small --steps 20 -c 0 -o 0.model train.ns
for c in 1 2; do
	small --steps 20 -c $c -i 0.model -o $c.model train.ns
done
cat 0.model 1.model 2.model >all.model
meta() { # meta FILE KEY
	ns-cat -H "$1" | sed -n "s/.*$2=//p" | tr '\n' ' '
}
total() { # total FILE KEY
	meta "$1" "$2" | awk '{ for (i = 1; i <= NF; i++) n += $i; print n }'
}

ns-sample -q --no-prov -s 7 -o a.ns all.model
is 'as many series as were learnt' "$(meta a.ns chunk.series)" "$(meta train.ns chunk.series)"
is 'in the order of the chunks' "$(meta a.ns chunk.index)" '0 1 2 '
ok 'the stream is in order' ns-cat -K a.ns
ns-sample -q -s 7 --no-prov -o b.ns 2.model 0.model 1.model
ns-sample -q -s 7 --no-prov -o c.ns 0.model 1.model 2.model
is 'models in any order' "$(ns-cat -T b.ns)" "$(ns-cat -T c.ns)"
ns-sample -q --no-prov -s 7 -t 2 <all.model >d.ns
ok 'same bytes with two threads, through a pipe' cmp a.ns d.ns
ns-sample -q --no-prov -s 7 -S 1 -o e.ns all.model
ok 'memory changes nothing' cmp a.ns e.ns
ns-sample -q -s 8 -o f.ns all.model
ok 'other bytes with another seed' sh -c '! cmp -s a.ns f.ns'
for n in 1 7 250; do
	ns-sample -q --records $n all.model | ns-cat -o r.ns
	is "exactly $n records" "$(total r.ns chunk.records)" "$n"
	is "$n records come out" "$(ns-decode -q -f csv r.ns | sed 1d | wc -l)" "$n"
	ns-sample -q -n $n all.model | ns-cat -o s.ns
	is "exactly $n series" "$(total s.ns chunk.series)" "$n"
done
ns-sample -q --records 0 -o none.ns all.model
is 'none if asked for' "$(total none.ns chunk.records)" 0
is 'no five-tuple twice in a chunk' "$(ns-sample -q -n 60 all.model | ns-cat -T |
	cut -f 1-4 | sort | uniq -d)" ''

fails 65 'models of 1 of 3 chunks are missing: 1' ns-sample -o x 0.model 2.model
fails 65 'the model of chunk 0 is there twice' ns-sample -o x all.model 0.model
ns-ingest -q flows.csv | ns-chunk -q -n 2 | ns-encode -q -o two.ns
small --steps 2 -c 1 -o other.model two.ns
fails 65 'other.model.*not of one trace' ns-sample -o x 0.model other.model
awk -F , -v OFS=, 'NR > 1 { $6 = sprintf("%.0f", $6 + 1000000) } 1' flows.csv >later.csv
ns-ingest -q later.csv | ns-chunk -q -n 3 | ns-encode -q -A train.ns -o later.ns
small --steps 2 -c 1 -o later.model later.ns
fails 65 'later.model.*trace.t0_ns.*not of one trace' ns-sample -o x 0.model later.model
fails 65 'is a tensor stream, not a model stream' ns-sample -o x train.ns
small --steps 2 -c 0 -k ck -o y train.ns
fails 65 "a model of kind 'doppelganger-checkpoint'" ns-sample -o x ck
head -c 9000 0.model >cut.model
fails 65 'cut.model' ns-sample -o x cut.model
fails 2 'only one of -n and --records' ns-sample -n 1 --records 1 all.model
fails 74 'No space left' ns-sample -q -o /dev/full all.model
ok 'nothing is left of what failed' test ! -e x
ok 'a reader that closes ends it' sh -c 'ns-sample -n 20000 all.model | head -c 1 >/dev/null'
done_testing
