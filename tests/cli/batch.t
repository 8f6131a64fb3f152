#!/bin/sh
# batch/netshare.mk: equal bytes for any number of jobs, no work twice, and only what a
# changed setting touches is done again.
. "$(dirname "$0")/lib.sh"

ns-ingest -q -n 200 "$top/share/demo/westermo.pcap" | ns-decode -f pcap -o trace.pcap
small='--steps 2 --batch-size 20 --attr-units 16 --d-units 16 --attr-d-units 16 --lstm-units 8'
run() { # run OUT SETTING...
	_out=$1
	shift
	(cd "$_out" && make --no-print-directory -f "$top/batch/netshare.mk" BIN="$NS_BIN" OUT=out \
		TRACE=../trace.pcap CHUNKS=3 SEED=5 TRAIN_FLAGS="$small" "$@")
}

mkdir one four
run one -j1 >log 2>&1
is "one job: status" $? 0
run four -j4 >log 2>&1
is "four jobs: status" $? 0
is "equal bytes" "$(diff -r one four)" ""
is "what is there" "$(cd one/out && echo *)" \
	"model real.ns referees.tsv report sample.ns scored synthetic.ns synthetic.pcap train.ns with"
is "a model each" "$(cd one/out/model && echo *)" "0000.model 0001.model 0002.model"
ok "the capture can be read" ns-ingest one/out/synthetic.pcap

is "nothing to do" "$(run one | grep -c ns-)" 0
run one SEED=6 RECORDS=50 >log 2>&1
is "records asked for" "$(ns-cat -T one/out/synthetic.ns | tail -n +2 | wc -l)" 50
run one SEED=6 RECORDS=50 EVAL_FLAGS='-m SP' >log 2>&1
is "another report, nothing else" "$(grep -o '/ns-[a-z]*' log | sort | uniq -c | tr -s ' ')" " 1 /ns-eval"
run one SEED=6 RECORDS=50 EVAL_FLAGS='-m SP --max SP=-1' >log 2>&1
is "a broken limit is no success" $? 2
is "but the report stays" "$(cd one/out && echo report/*)" \
	"report/figures.tsv report/index.html report/plots report/scores.json report/scores.tsv report/scores.txt"
rm one/out/model/0002.model
run one SEED=6 RECORDS=50 EVAL_FLAGS='-m SP' >log 2>&1
is "one chunk is trained again" "$(grep -c 'ns-train -c' log)" 1
run one SEED=6 RECORDS= HOLD_OUT=yes EVAL_FLAGS='-m SP,leakage' >log 2>&1
is "one half is learnt, as many records drawn as the other has" \
	"$(for f in synthetic held-out; do ns-cat -C one/out/$f.ns | awk '$1 == "total" { print $5 }'; done | uniq | wc -l)" 1
is "the halves make the whole" "$(for f in learnt held-out real; do ns-cat -C one/out/$f.ns; done |
	awk '$1 == "total" { v[n++] = $5 } END { print v[0] + v[1] - v[2], (v[0] > 0) }')" "0 1"
is "scored against the other half" "$(grep -c '"floor": "hold-out"' one/out/report/scores.json)" 1
is "HOLD_OUT=no is no" "$(run one SEED=6 RECORDS=50 HOLD_OUT=no -n | grep -c 'part 0/2')" 0
is "HOLD_OUT is yes or no" "$(run one HOLD_OUT=half 2>&1 | grep -c "HOLD_OUT is 'half', not yes or no")" 1
is "a tool that fails stops it" "$(run four FORMAT=elsewhere >log 2>&1; echo $?)" 2
is "no TRACE" "$(make -f "$top/batch/netshare.mk" 2>&1 | grep -c 'TRACE is not set')" 1

awk 'BEGIN {
	print "srcip,dstip,srcport,dstport,proto,ts,td,pkt,byt,type"
	for (i = 0; i < 60; i++)
		printf "10.0.0.%d,10.1.0.1,%d,443,TCP,%d,%.3f,%d,%d,background\n", i % 7 + 1, 40000 + i,
			1700000000000000 + i * 250000, i % 9 / 4, i % 9 + 1, 60 * (i % 9 + 1)
}' >trace.csv
run four TRACE=../trace.csv OUT=flows >log 2>&1
is "flows: status" $? 0
is "flows: rows" "$(wc -l <four/flows/synthetic.csv)" 61
done_testing
