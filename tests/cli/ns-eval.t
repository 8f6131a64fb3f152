#!/bin/sh
# ns-eval: scores against SciPy's, options, limits, forms of output, bad input.  What it
# makes of pairs whose order is known is in ns-eval-order.t, the page in page.t.
. "$(dirname "$0")/lib.sh"

for p in flows packets odd; do
	for s in real synth; do
		ns-ingest -o "$p-$s.ns" "$data/eval/$p-$s.csv" || echo "Bail out! no $p-$s"
	done
done

# A real pair: the halves of the demonstration capture.
ns-ingest -q -o demo.ns "$top/share/demo/westermo.pcap"
ns-cat --part 0/2 -o westermo-real.ns demo.ns
ns-cat --part 1/2 -o westermo-synth.ns demo.ns

# Each metric of the reference within 1e-9, relative above 1.
fidelity=fields,joint,flow
for p in flows packets odd westermo; do
	ns-eval -f tsv -m $fidelity "$p-real.ns" "$p-synth.ns" >"$p.tsv" 2>err
	is "$p: as SciPy has it" "$(awk -F'\t' '
		NR == FNR { got[$1] = $2; next }
		{
			d = got[$1] - $2; scale = $2 > 1 ? $2 : 1; n++
			if (!($1 in got) || d > 1e-9 * scale || d < -1e-9 * scale)
				print $1, got[$1], $2
		}
		END { print (n > 30 ? "compared" : "too few") }' "$p.tsv" "$data/eval/$p.tsv")" compared
	is "$p: nothing on stderr" "$(cat err)" ""
done
is "header of the TSV" "$(head -n 1 flows.tsv)" \
	"$(printf 'metric\tvalue\tfloor\tindependent\tbootstrap\ttrace')"
is "rows of the TSV" "$(awk -F'\t' 'NF != 6 || ($6 != "trace" && $6 != "flows-synth.ns")' flows.tsv)" ""
is "names of packet metrics" "$(sed -n '2,9s/	.*//p' packets.tsv | tr '\n' ' ')" "SA DA SP DP PR PS PAT FS "
is "names of flow metrics" "$(sed -n '2,10s/	.*//p' flows.tsv | tr '\n' ' ')" "SA DA SP DP PR TS TD PKT BYT "

# What should hold of any trace.  differs COLUMN: the scores that are not those of equal
# traces; distinct and entropy are shares, of what was learnt.
differs() {
	awk -F'\t' -v c="$1" 'NR > 1 && $c != ($1 == "distinct" || $1 == "entropy")'
}
is "a trace against itself" "$(ns-eval -f tsv -m $fidelity packets-real.ns packets-real.ns |
	differs 2)" ""
is "a hold-out equal to the training half has floor 0" \
	"$(ns-eval -f tsv -m $fidelity --hold-out odd-real.ns odd-real.ns odd-synth.ns | differs 3)" ""
ns-eval -f tsv -m $fidelity,classifier,rules --hold-out packets-synth.ns packets-real.ns odd-synth.ns >a
ns-eval -f tsv -m $fidelity,classifier,rules packets-synth.ns packets-real.ns >b
is "the floor is the training half against the hold-out" \
	"$(grep -v '^distinct\|^entropy' a | cut -f 1,3 | tail -n +2)" \
	"$(grep -v '^distinct\|^entropy' b | cut -f 1,2 | tail -n +2)"
ns-eval -f tsv -m distinct,entropy packets-real.ns packets-synth.ns >c
is "of shares of the training half it is what the hold-out has" "$(awk '/^distinct|^entropy/ { print $1, $3 }' a)" \
	"$(awk 'NR > 1 && $2 < 1 { print $1, $2 }' c)"
is "independent columns keep ports, not pairs" "$(ns-eval -f tsv -m SP,joint_src_port_proto,joint_ports \
	packets-real.ns packets-synth.ns | awk '$1 ~ /^joint_p/ && $4 > 2 * $5 { print "pairs" }
	$1 == "SP" && $4 < .15 { print "ports" }')" "ports
pairs"
# Classes know no single ports of clients, so that the floor is small, and know what links
# ports with the rest, so that independent columns stay far from it.
for name in mean_joint_jsd mean_joint_classes; do
	ns-eval -f tsv -m $name westermo-real.ns westermo-synth.ns | tail -n +2
done >means
is "a mean alone is what it is among all" "$(cut -f 1,2 means)" \
	"$(grep '^mean_joint' westermo.tsv | cut -f 1,2)"
is "ports in classes: a small floor, far from independent columns" "$(ns-eval -f tsv \
	-m mean_joint_jsd,mean_joint_classes --hold-out westermo-synth.ns westermo-real.ns westermo-real.ns |
	awk -F'\t' 'NR > 1 { print $1, ($4 > 2 * $3) }')" "mean_joint_jsd 0
mean_joint_classes 1"

# Inputs: pipes, standard input, several, joined.
mkfifo p1 p2
cat flows-real.ns >p1 &
cat flows-synth.ns >p2 &
is "pipes are read once" "$(ns-eval -f tsv -m $fidelity p1 p2 | cut -f 1-5)" "$(cut -f 1-5 flows.tsv)"
wait
is "standard input" "$(ns-eval -f tsv -m $fidelity - flows-synth.ns <flows-real.ns)" "$(cat flows.tsv)"
ns-eval -f tsv -m $fidelity flows-real.ns A=flows-synth.ns ./B=x=flows-synth.ns >two 2>/dev/null
is "a label has no slash" $? 74
ns-eval -f tsv -m $fidelity flows-real.ns A=flows-synth.ns B=./flows-synth.ns >two
is "two traces" "$(sed -n 's/	A$/	flows-synth.ns/p' two)" "$(tail -n +2 flows.tsv)"
is "scored alike" "$(sed -n 's/	A$//p' two)" "$(sed -n 's/	B$//p' two)"
cat flows-real.ns flows-synth.ns >joined.ns
is "joined streams" "$(ns-eval -m SP joined.ns joined.ns | sed -n 's/, [0-9]* five-tuples//; 1p')" \
	"real       joined.ns: 290 flow records"
is "equal seed, equal bytes, for any number of threads" \
	"$(ns-eval -m all -s 3 westermo-real.ns westermo-synth.ns | cksum)" \
	"$(ns-eval -m all -t 3 -s 3 westermo-real.ns westermo-synth.ns | cksum)"
is "other seed, other draws" "$(ns-eval -f tsv -m $fidelity -s 3 flows-real.ns flows-synth.ns | cmp -s - flows.tsv
	echo $?)" 1

# Choice, counts, limits.
is "names and groups" "$(ns-eval -f tsv -m SP,flow flows-real.ns flows-synth.ns | cut -f 1 | tr '\n' ' ')" \
	"metric SP flow_size flow_bytes flow_duration inter_arrival record_rate new_flow_rate \
rate_acf_mean rate_acf_max burst_size flow_burst_size flow_chunks cross_chunk_share \
answered_share "
is "all that flow traces have, but what needs more inputs" \
	"$(ns-eval -f json -m all flows-real.ns flows-synth.ns | sed -n 's/.*"group": "\([a-z]*\)".*/\1/p' | uniq | tr '\n' ' ')" \
	"fields joint flow classifier rules leakage telemetry types "
is "the default" "$(ns-eval -f json packets-real.ns packets-synth.ns | sed -n 's/.*"group": "\([a-z]*\)".*/\1/p' | uniq | tr '\n' ' ')" \
	"fields joint flow classifier rules leakage "
is "-n compares at that count" "$(ns-eval -n 60 -m SP flows-real.ns flows-synth.ns | grep -c ' 60 ')" 2
fails 2 "'flows-synth.ns' has only 130 records, not 150" ns-eval -n 150 flows-real.ns flows-synth.ns
fails 1 "^ns-eval: SP of 'flows-synth.ns' is 0\\.[0-9]+, above --max 0\\.1$" \
	ns-eval -m SP -f tsv --max SP=0.1 flows-real.ns flows-synth.ns
is "the report is written all the same" "$(cut -f 1 out | tr '\n' ' ')" "metric SP "
fails 1 "^ns-eval: PR of .* above --max 0, and 1 more limit is broken$" \
	ns-eval -o kept --min DP=0.9 --max PR=0 flows-real.ns flows-synth.ns
ok "so with -o" test -s kept
ok "limits that hold" ns-eval --max SP=0.69,DP=0.69 --max PR=0.69 --min TS=1 flows-real.ns flows-synth.ns
fails 2 "--max: no metric 'sp'" ns-eval --max sp=1 flows-real.ns flows-synth.ns
fails 2 "--max: flow traces have no metric 'PS'" ns-eval --max PS=1 flows-real.ns flows-synth.ns
fails 2 "--min: metric 'SA' is left out by -m" ns-eval -m DA --min SA=1 flows-real.ns flows-synth.ns
fails 2 "--max: 'SP' is not NAME=VALUE" ns-eval --max SP flows-real.ns flows-synth.ns

# Repeats: seeds, and traces of one label.
ns-eval -f tsv -m SP,classifier_records --seeds 3 westermo-real.ns westermo-synth.ns >seeds
is "seeds: columns" "$(head -n 1 seeds)" \
	"$(printf 'metric\tvalue\tfloor\tindependent\tbootstrap\ttrace\tdeviation')"
for k in 0 1 2; do
	ns-eval -f tsv -s $k -m SP,classifier_records westermo-real.ns westermo-synth.ns | tail -n +2
done >each
is "seeds: mean and deviation" "$(awk -F'\t' '
	NR == FNR { sum[$1] += $2; squares[$1] += $2 ^ 2; next }
	FNR > 1 {
		mean = sum[$1] / 3; deviation = sqrt((squares[$1] - 3 * mean ^ 2 + 1e-18) / 2)
		print $1, (($2 - mean) ^ 2 < 1e-18), (($7 - deviation) ^ 2 < 1e-10), ($7 != 0)
	}' each seeds)" "SP 1 1 0
classifier_records 1 1 1"
ns-eval -f tsv -m DA,BYT flows-real.ns G=flows-real.ns G=flows-synth.ns >pooled
is "one label: mean and deviation of its traces" "$(awk -F'\t' 'NR == FNR { v[$1] = $2; next }
	FNR > 1 {
		mean = v[$1] / 2; deviation = v[$1] / sqrt(2)
		print $1, $6, (($2 / mean - 1) ^ 2 < 1e-18), (($7 / deviation - 1) ^ 2 < 1e-18)
	}' \
	flows.tsv pooled)" "DA G 1 1
BYT G 1 1"

fails 1 "DA of 'G' is 0\.[0-9]+, above --max 0\.02" ns-eval -m DA --max DA=.02 flows-real.ns G=flows-real.ns \
	G=flows-synth.ns
is "on the mean it would hold" "$(awk -F'\t' '$1 == "DA" { print ($2 < .03) }' pooled)" 1
head -n 2 "$data/eval/flows-real.csv" | ns-ingest -o one.ns -
fails 1 "inter_arrival of 'G' is not defined, which breaks --max 99" \
	ns-eval -q -m inter_arrival --max inter_arrival=99 flows-real.ns G=flows-real.ns G=one.ns

# What does not depend on what.
is "rows of two traces are drawn apart" "$(ns-eval -f tsv -n 60 -m SP flows-real.ns flows-real.ns |
	awk -F'\t' '$1 == "SP" { print ($2 > 0) }')" 1
ns-eval -f tsv -m telemetry westermo-real.ns B=westermo-synth.ns >alone
ns-eval -f tsv -m telemetry --benign packets-real.ns westermo-real.ns A=packets-synth.ns B=westermo-synth.ns |
	grep -v botnet >among
is "a trace's scores not on other traces" "$(grep 'B$' among)" "$(grep 'B$' alone)"

# Forms.
is "text" "$(ns-eval -m DA,TD,rule_ttl,rule_times flows-real.ns flows-synth.ns)" "\
real       flows-real.ns: 160 flow records, 25 five-tuples
floor      two halves of the real trace, split by flow (135 and 25 records), scored against each other;
           fewer records score worse, so this floor is generous: --hold-out gives a fair one
baselines  independent columns: each field of the real trace resampled on its own; bootstrap: whole records resampled
JSD        squared Jensen-Shannon distance, natural logarithm: 0 (equal) to 0.693 (nothing in common)
EMD        first Wasserstein distance in the unit given; 0 is equal

synthetic  flows-synth.ns: 130 flow records, 25 five-tuples
note       it is scored against 160 records; the floor and the verdicts hold for equal numbers.
           SA and DA are compared at the lesser number.

fields                   measure                     value        floor  independent    bootstrap  verdict
DA                       rank JSD                  0.05259      0.01453     0.005859     0.005976  worse than no learning
TD                       EMD, s                     0.5763          1.1        1.074       0.3479  at the floor

rules                    measure                     value        floor  independent    bootstrap  verdict
rule_times               share                      0.8231       0.9111            1            1  worse than no learning"
is "text of a group that has no values" "$(ns-eval -m tasks packets-real.ns packets-synth.ns | grep -A 2 '^types')" "\
types                    measure                     value        floor  independent    bootstrap  verdict
-                        not defined: it needs a real trace with two types or labels"
is "text says that the floor is the hold-out's" \
	"$(ns-eval -m SP --hold-out odd-real.ns packets-real.ns odd-synth.ns | sed -n 2,3p)" "\
hold-out   odd-real.ns: 140 records
floor      the training half scored against the hold-out: what a copy of it would get"
is "one flow has no halves" "$(ns-eval -f tsv -m SP one.ns flows-synth.ns 2>err | cut -f 1,3 | tail -n 1)" \
	"$(printf 'SP\tnan')"
is "which is said" "$(cat err)" "ns-eval: 'one.ns' cannot be halved by flow: no floor"
if command -v python3 >/dev/null; then
	ns-eval -f json -m $fidelity flows-real.ns flows-synth.ns >json
	is "JSON" "$(python3 -c '
import json
r = json.load(open("json"))
m = r["traces"][0]["metrics"]
print(r["kind"], r["floor"], sum(r["halves"]), r["real"]["records"], r["traces"][0]["records"])
print(sorted(m[0]))
print(all(abs(x["value"] - float(l.split("\t")[1])) <= 1e-9 * max(1, x["value"])
      for x, l in zip(m, open("flows.tsv").readlines()[1:])), len(m))
')" "flow halves 160 160 130
['best', 'bootstrap', 'floor', 'group', 'higher_is_better', 'independent', 'measure', 'metric', 'unit', 'value', 'verdict']
True 55"
else
	skip "JSON" "no python3"
fi

# Usage and bad input.
fails 2 "a real and a synthetic trace are needed" ns-eval flows-real.ns
fails 2 "only one input can be standard input" ns-eval - -
fails 2 "only one input can be standard input" ns-eval --hold-out - flows-real.ns -
fails 2 "'xml' is not text, tsv, json or html" ns-eval -f xml flows-real.ns flows-synth.ns
fails 2 "html needs -d DIR" ns-eval -f html flows-real.ns flows-synth.ns
fails 2 "html goes to -d DIR" ns-eval -f html -d page -o x flows-real.ns flows-synth.ns
fails 2 "at least 1" ns-eval --seeds 0 flows-real.ns flows-synth.ns
fails 2 "no metric or group 'Classifier'" ns-eval -m Classifier flows-real.ns flows-synth.ns
fails 2 "-m: group botnet needs --benign" ns-eval -m botnet packets-real.ns packets-synth.ns
fails 2 "-m: group compliance needs --referees" ns-eval -m tshark packets-real.ns packets-synth.ns
fails 2 "-m: group leakage needs whole traces: no -n" ns-eval -m leakage -n 50 packets-real.ns packets-synth.ns
fails 2 "--max: metric 'botnet_gap' needs --benign" ns-eval --max botnet_gap=1 packets-real.ns packets-synth.ns
fails 2 "none of these metrics" ns-eval -m PS,FS flows-real.ns flows-synth.ns
fails 2 "0 records cannot be compared" ns-eval -n 0 flows-real.ns flows-synth.ns
fails 65 "packets-synth.ns.*packet.*flow" ns-eval flows-real.ns packets-synth.ns
fails 65 "a flow stream where a packet stream" ns-eval --benign flows-real.ns packets-real.ns packets-synth.ns
printf 'a.pcap\ttshark\t10\n' >referees
fails 65 "referees.*line 1|referees:1" ns-eval -m compliance --referees referees packets-real.ns packets-synth.ns
printf 'a.pcap\ttshark\t100\t1\nb.pcap\ttshark\t50\t2\nc.pcap\ttshark\t50\t2\n' >referees
fails 65 "about 3 captures, not about a real and 1 synthetic" \
	ns-eval -m compliance --referees referees packets-real.ns packets-synth.ns
is "referees" "$(head -n 2 referees | ns-eval -m compliance --referees - -f tsv packets-real.ns packets-synth.ns | cut -f 1-3)" \
	"$(printf 'metric\tvalue\tfloor\ntshark\t400\t100\nzeek\tnan\tnan')"
fails 65 "ns-ingest" ns-eval "$data/eval/flows-real.csv" flows-synth.ns
fails 74 "missing.ns.*No such file" ns-eval missing.ns flows-synth.ns
head -c 500 flows-real.ns >cut.ns
fails 65 "cut.ns" ns-eval cut.ns flows-synth.ns
head -n 1 "$data/eval/flows-real.csv" >none.csv
ns-ingest -q -o none.ns none.csv
fails 65 "'none.ns' holds no records to compare" ns-eval flows-real.ns none.ns
fails 74 "No space left" sh -c 'ns-eval flows-real.ns flows-synth.ns >/dev/full'
fails 73 "nowhere" ns-eval -o nowhere/x flows-real.ns flows-synth.ns
ok "no temporary file is left" sh -c '! ls -a | grep -q "kept.\|nowhere"'
done_testing
