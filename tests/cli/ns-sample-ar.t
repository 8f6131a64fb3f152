#!/bin/sh
# ns-sample of autoregressive models: exact counts, equal bytes, flows that go on, what it
# refuses.
. "$(dirname "$0")/lib.sh"

ns-ingest -q -n 1000 "$top/share/demo/westermo.pcap" >packets.ns
ns-chunk -q -n 3 -b count packets.ns | ns-encode -q -p symbol -o train.ns
awk 'BEGIN {
	print "srcip,dstip,srcport,dstport,proto,ts,td,pkt,byt,type"
	for (i = 0; i < 200; i++)
		printf "10.0.0.%d,10.1.0.%d,%d,%d,%s,%.0f,%.3f,%d,%d,background\n", i % 7 + 1,
			i % 5 + 1, 40000 + i % 60, i % 3 ? 443 : 53, i % 3 ? "TCP" : "UDP",
			1700000000000000 + i * 250000, i % 9 / 4, i % 9 + 1, 60 * (i % 9 + 1)
}' >flows.csv
ns-ingest -q flows.csv | ns-chunk -q -n 1 | ns-encode -q -p symbol -o flows.ns
learn() {
	ns-train -q --no-prov -m autoregressive --batch-size 32 --window 4 --attr-units 16 \
		--ctx-units 16 --lstm-units 8 --head-units 8 --steps 200 "$@"
}
learn -o all.model train.ns
learn -o flows.model flows.ns
meta() { # meta FILE KEY
	ns-cat -H "$1" | sed -n "s/.* $2=//p" | tr '\n' ' '
}
total() { # total FILE COLUMN: of ns-cat -C, 5 series, 6 records
	ns-cat -C "$1" | awk -v c="$2" '$1 == "total" { print $c }'
}
# lengths FILE: "chunk length series" of all there are
lengths() {
	ns-cat -T "$1" | awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
		$at["step"] == 0 { n[$1 " " $at["n_steps"]]++ }
		END { for (i in n) print i, n[i] }' | sort -n
}

ns-sample -q --no-prov -s 7 -o a.ns all.model
is 'as many series as were learnt' "$(meta a.ns chunk.series)" "$(meta train.ns chunk.series)"
is 'in the order of the chunks' "$(meta a.ns chunk.index)" '0 1 2 '
is 'each length as often as learnt' "$(lengths a.ns)" "$(lengths train.ns)"
ok 'the stream is in order' ns-cat -K a.ns
ns-sample -q -s 7 --no-prov -t 2 <all.model >b.ns
ok 'same bytes with two threads, through a pipe' cmp a.ns b.ns
ns-sample -q -s 7 --no-prov -t 3 -S 1 -o c.ns all.model
ok 'threads and memory change nothing' cmp a.ns c.ns
ns-sample -q -s 8 --no-prov -o d.ns all.model
ok 'other bytes with another seed' sh -c '! cmp -s a.ns d.ns'
for c in 0 1 2; do
	learn --steps 20 -c $c -o $c.model train.ns
done
ns-sample -q -s 7 -o e.ns 2.model 0.model 1.model
ns-sample -q -s 7 -o f.ns 0.model 1.model 2.model
is 'models of single chunks, in any order' "$(ns-cat -T e.ns)" "$(ns-cat -T f.ns)"

# counts
for n in 0 1 2 7 100 999 5000; do
	for of in all flows; do
		ns-sample -q --records $n -s $n -o r.ns $of.model
		is "$of: exactly $n records" "$(total r.ns 6)" "$n"
		is "$of: $n records come out" "$(ns-decode -q -f csv r.ns | sed 1d | wc -l)" "$n"
		ns-sample -q -n $n -s $n -o s.ns $of.model 2>/dev/null
		is "$of: exactly $n series" "$(total s.ns 5)" "$n"
	done
done
cat >tuples.awk <<'EOT'
{ k = $1 FS $2 FS $3 FS $4 FS $5; if (!(k in seen)) n++; seen[k] }
END { print n + 0 }
EOT
ns-chunk -q -n 1 packets.ns | ns-encode -q -p symbol | learn -o whole.model
ns-sample -q -n 500 -o g.ns whole.model
is 'no five-tuple twice in a chunk' \
	"$(ns-decode -q -f csv g.ns | sed 1d | awk -F , -f tuples.awk)" 500
ok 'and the capture can be read' sh -c 'ns-decode -q -f pcap g.ns | ns-ingest -q -o /dev/null'

# Flows that go on
learn --steps 600 -o long.model train.ns
is 'flows go on as their tags say in what was learnt' "$(ns-cat -T train.ns | awk -F '\t' -f "$top/tests/cli/tags.awk")" '0 0'
for s in 1 2 3; do
	ns-sample -q -s $s -o h.ns long.model
	is "and in what is drawn, seed $s" "$(ns-cat -T h.ns | awk -F '\t' -f "$top/tests/cli/tags.awk")" '0 0'
done
ns-sample -q -n 5000 -o h.ns long.model 2>/dev/null
is 'as many go on as were learnt, to some hundredths' \
	"$({ ns-cat -T train.ns | awk -F '\t' -v shares=1 -f "$top/tests/cli/tags.awk"
		ns-cat -T h.ns | awk -F '\t' -v shares=1 -f "$top/tests/cli/tags.awk"; } | tr '\n' ' ' |
		awk '{ d = $3 - $7; e = $4 - $8; print d * d < .0025 && e * e < .0025 }')" 1

# refusals
ns-chunk -q -n 3 -b count packets.ns | ns-encode -q -o words.ns
gan() {
	ns-train -q --batch-size 20 --attr-units 8 --d-units 8 --attr-d-units 8 --steps 2 "$@"
}
gan -c 1 -o gan.model words.ns
gan -c 1 -o gan-of-symbols.model train.ns
for f in gan gan-of-symbols; do
	fails 65 "'$f.model' holds a model of kind 'doppelganger', not 'autoregressive'" \
		ns-sample -o x 0.model $f.model 2.model
	fails 65 "'0.model' holds a model of kind 'autoregressive', not 'doppelganger'" \
		ns-sample -o x $f.model 0.model 2.model
done
fails 65 'models of 1 of 3 chunks are missing: 1' ns-sample -o x 0.model 2.model
fails 65 'the model of chunk 0 is there twice' ns-sample -o x all.model 0.model
fails 65 "flows.model: chunk 0 has codec [0-9a-f]+, the others have [0-9a-f]+: not of one trace" \
	ns-sample -o x 0.model flows.model
learn -c 0 --steps 2 -k ck -o y train.ns
fails 65 "a model of kind 'autoregressive-checkpoint', not" ns-sample -o x ck
ns-ingest -q -n 1 "$top/share/demo/westermo.pcap" | ns-chunk -q -n 1 | ns-encode -q -p symbol |
	learn -o one.model
ns-sample -n 3 -o one.ns one.model 2>err
is 'a model that knows one flow says so' "$(sed 's/^[^:]*: //' err)" \
	'chunk 0: 2 series repeat the five-tuple of another: the model knows too few'

# A model that is cut off or changed anywhere is damaged, whatever it says then.
size=$(wc -c <flows.model)
wrong=
for k in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19; do
	head -c $((size * k / 20)) flows.model >cut.model
	ns-sample -o x cut.model 2>err
	[ "$? $(wc -l <err)" = "65 1" ] || wrong="$wrong cut:$k"
done
is 'cut off: status 65 and one line' "$wrong" ''
wrong='' at=17 flips=0
while [ $at -lt "$size" ]; do
	cp flows.model bad.model
	printf '\125' | dd of=bad.model bs=1 seek=$at conv=notrunc 2>/dev/null
	if ! cmp -s bad.model flows.model; then
		ns-sample -o x bad.model 2>err
		[ "$? $(wc -l <err)" = "65 1" ] || wrong="$wrong at:$at"
		flips=$((flips + 1))
	fi
	at=$((at + size / 61))
done
is 'a byte changed: status 65 and one line' "$wrong" ''
ok 'at many places' test $flips -gt 50
fails 74 'No space left' ns-sample -o /dev/full all.model
ok 'nothing is left of what failed' test ! -e x
ok 'a reader that closes ends it' sh -c 'ns-sample -q -n 5000 all.model | head -c 1 >/dev/null'
done_testing
