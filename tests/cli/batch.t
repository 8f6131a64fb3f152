#!/bin/sh
# batch/netshare.mk: equal bytes for any number of jobs, no work twice, and only what a
# changed setting touches is done again, for both kinds of model.
. "$(dirname "$0")/lib.sh"

ns-ingest -q -n 200 "$top/share/demo/westermo.pcap" | ns-decode -f pcap -o trace.pcap
small='--steps 2 --batch-size 20 --attr-units 16 --d-units 16 --attr-d-units 16 --lstm-units 8'
run_kind() { # run_kind FOLDER SETTING...
	_out=$1
	shift
	(cd "$_out" && make --no-print-directory -f "$top/batch/netshare.mk" BIN="$NS_BIN" OUT=out \
		TRACE=../trace.pcap SEED=5 "$@")
}
run() { # run FOLDER SETTING...
	_folder=$1
	shift
	run_kind "$_folder" KIND=doppelganger "$@" CHUNKS=3 TRAIN_FLAGS="$small"
}

# A stand-in: the referee takes longer than all the rest of a small run, and has tests of its own.
mkdir bin
printf '#!/bin/sh\necho "a\tpacket\twithout\tfaults"\n' >bin/tshark
chmod +x bin/tshark
PATH=$work/bin:$PATH

mkdir one four
run one -j1 >log 2>&1
is "one job: status" $? 0
run four -j4 >log 2>&1
is "four jobs: status" $? 0
is "equal bytes" "$(diff -r one four)" ""
is "what is there" "$(cd one/out && echo *)" \
	"model real.ns referees.tsv report sample.ns scored synthetic.ns synthetic.pcap synthetic.pcap.privacy train.ns with"
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
is "one chunk is trained again" "$(grep -c 'ns-train .*-c ' log)" 1
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

# one net for all chunks
other='--steps 3 --batch-size 20 --attr-units 16 --ctx-units 16 --lstm-units 8 --head-units 8'
autoregressive() { # autoregressive FOLDER SETTING...
	_at=$1
	shift
	run_kind "$_at" OUT=one-net KIND=autoregressive TRAIN_FLAGS="$other" EVAL_FLAGS='-m SP' "$@"
}
meta() { # meta FILE KEY
	ns-cat -H "$1" | sed -n "s/.*$2=//p" | tr '\n' ' '
}
autoregressive one CHUNKS=3 -j1 >log 2>&1
is "autoregressive: status" $? 0
autoregressive four CHUNKS=3 -j4 >log 2>&1
is "autoregressive: equal bytes" "$(diff -r one/one-net four/one-net)" ""
is "one file for all chunks" "$(cd one/one-net/model && echo *)" "all.model"
is "and a model each in it" "$(meta one/one-net/model/all.model model.kind)" \
	"autoregressive autoregressive autoregressive "
is "of symbols" "$(meta one/one-net/model/all.model codec.profile | cut -d ' ' -f 1)" symbol
ok "autoregressive: the capture can be read" ns-ingest one/one-net/synthetic.pcap
is "autoregressive: nothing to do" "$(autoregressive one CHUNKS=3 | grep -c ns-)" 0
autoregressive one CHUNKS=3 DECODE_FLAGS=--pad >log 2>&1
is "another capture, nothing else" "$(grep -o '/ns-[a-z]*' log | sort | uniq -c | tr -s ' ')" \
	"$(printf ' 1 /ns-decode\n 1 /ns-eval')"
autoregressive one >log 2>&1
is "one chunk if nothing is said" "$(meta one/one-net/model/all.model chunk.count)" "1 "
is "and long flows whole" "$(grep -c 'ns-chunk -n 1 --max-steps 20000' log)" 1
autoregressive one KIND=doppelganger TRAIN_FLAGS="$small" CHUNKS=1 >log 2>&1
is "another kind begins with other chunks" "$(grep -o '/ns-[a-z]*' log | sort -u | tr '\n' ' ')" \
	"/ns-chunk /ns-decode /ns-encode /ns-eval /ns-sample /ns-train "
# the same against critics
adversarial() { # adversarial FOLDER SETTING...
	_in=$1
	shift
	run_kind "$_in" OUT=critics KIND=adversarial CHUNKS=2 EVAL_FLAGS='-m SP' \
		TRAIN_FLAGS="$other --warm-share 0 --d-units 8 --d-alone 1" "$@"
}
adversarial one -j1 >log 2>&1
is "adversarial: status" $? 0
adversarial four -j4 >log 2>&1
is "adversarial: equal bytes" "$(diff -r one/critics four/critics)" ""
is "adversarial: one file for all chunks" "$(cd one/critics/model && echo *)" "all.model"
is "adversarial: a model each in it" "$(meta one/critics/model/all.model model.kind)" "adversarial adversarial "
is "adversarial: of symbols, long flows whole" "$(meta one/critics/model/all.model codec.profile | cut -d ' ' -f 1
	grep -c 'ns-chunk -n 2 --max-steps 20000' log)" "symbol
1"
ok "adversarial: the capture can be read" ns-ingest one/critics/synthetic.pcap
is "adversarial: nothing to do" "$(adversarial one | grep -c ns-)" 0
is "adversarial: one chunk if nothing is said" \
	"$(run_kind one OUT=unsaid KIND=adversarial -n | grep -c 'ns-chunk -n 1 ')" 1
adversarial one OUT=critics-best HOLD_OUT=yes SNAPSHOTS=2 FORMAT=csv >log 2>&1
is "adversarial: the best of several" "$? $(grep -c 'yes$' one/critics-best/chosen)" "0 1"

is "the kind if nothing is said" \
	"$(run_kind one OUT=unsaid -n | grep -c 'ns-train -m autoregressive')" 1

# the best of several moments
moments() { # moments FOLDER SETTING...
	_of=$1
	shift
	autoregressive "$_of" OUT=best FORMAT=csv HOLD_OUT=yes SNAPSHOTS=3 "$@"
}
total() { # total FILE...: records of each
	for _file; do ns-cat -C "$_file" | awk '$1 == "total" { print $5 }'; done | tr '\n' ' '
}
chosen() { # chosen FOLDER: the model that was taken, of three
	awk '$NF == "yes" { print "snapshots/model" ($1 < 3 ? "." $1 : "") }' "$1/chosen"
}
moments one -j1 >log 2>&1
is "snapshots: status" $? 0
moments four -j4 >log 2>&1
is "snapshots: equal bytes" "$(diff -r one/best four/best)" ""
is "three and their draws" "$(cd one/best/snapshots && echo *)" \
	"1.ns 2.ns 3.ns model model.1 model.2 scores.tsv"
is "three are scored, one is chosen" "$(cut -f 1 one/best/chosen | tr '\n' ' ')$(grep -c 'yes$' one/best/chosen)" \
	"snapshot 1 2 3 1"
ok "and taken" cmp "one/best/$(chosen one/best)" one/best/model/all.model
real=$(total one/best/real.ns)
is "one half is learnt, a quarter chooses, a quarter is scored" \
	"$(total one/best/learnt.ns one/best/choosing.ns one/best/held-out.ns | awk -v all="$real" '
	{ print $1 + $2 + $3 - all, ($1 > 0 && $2 > 0 && $3 > 0) }')" "0 1"
for f in learnt choosing held-out; do
	ns-cat -T --fields src_ip,dst_ip,src_port,dst_port,proto one/best/$f.ns | sed 1d | sort -u
done | sort | uniq -d >twice
is "no five-tuple is in two of them" "$(cat twice)" ""
is "as many records are drawn as choose" \
	"$(total one/best/snapshots/1.ns one/best/snapshots/3.ns)" "$(total one/best/choosing.ns one/best/choosing.ns)"
is "and as many as are scored" "$(total one/best/synthetic.ns)" "$(total one/best/held-out.ns)"
is "the choice does not know what is scored" "$(moments one -n -B | grep held-out.ns |
	grep -c -e snapshots -e model/all.model.part)" 0
is "snapshots: nothing to do" "$(moments one | grep -c ns-)" 0
rm one/best/snapshots/2.ns
moments one >log 2>&1
is "one is drawn again" "$(grep -o 'ns-sample\|ns-train' log | sort | uniq -c | tr -s ' ')" " 2 ns-sample"
is "and all is as it was" "$(diff -r one/best four/best)" ""
moments one CHOOSE_BY=SP,classifier_flows >log 2>&1
is "another choice, nothing drawn from snapshots" "$(head -n 1 one/best/chosen)$(grep -c 'ns-train\|-o one/best/snapshots/[0-9]' log)" \
	"$(printf 'snapshot\tSP\tclassifier_flows\tsum\tchosen0')"
moments one CHOOSE_BY=rules >log 2>&1
is "scores that cannot choose" "$? $(grep -c 'choose.awk: rule_.* is no score to choose by' log)" "2 1"
# ties: at a learning rate of 0 nothing is learnt, so that all are alike
moments one TRAIN_FLAGS="$other --lr 1e-30 --average 0" >log 2>&1
is "of equals the last" "$(chosen one/best)" snapshots/model
# its second third is never reached
moments one TRAIN_FLAGS="$other --steps 60000 --lr .05" >log 2>&1
is "a training that ends early: status" $? 0
is "has fewer" "$(cut -f 1 one/best/chosen | tr '\n' ' ')" "snapshot 3 "
# stopped behind the first and run again
long="$other --hold-out 0 --steps 700"
moments one TRAIN_FLAGS="$long" >log 2>&1
rm four/best/snapshots/model*
(cd four && exec make --no-print-directory -f "$top/batch/netshare.mk" BIN="$NS_BIN" OUT=best TRACE=../trace.pcap \
	SEED=5 KIND=autoregressive TRAIN_FLAGS="$long" EVAL_FLAGS='-m SP' FORMAT=csv HOLD_OUT=yes SNAPSHOTS=3) >stopped 2>&1 &
pid=$!
while [ ! -e four/best/snapshots/model.1 ] && kill -0 $pid 2>/dev/null; do
	sleep .01
done
kill -TERM $pid
wait $pid 2>/dev/null
ok "stopped: there is its state" test -e four/best/snapshots/checkpoint
ok "stopped: there is no model" test ! -e four/best/snapshots/model
moments four TRAIN_FLAGS="$long" >log 2>&1
is "stopped: it goes on" "$? $(grep -c 'ns-ingest\|ns-encode' log)" "0 0"
is "stopped: and comes to the same" "$(diff -r one/best four/best)" ""
is "kind doppelganger: one chunk" "$(run_kind one OUT=gan KIND=doppelganger CHUNKS=1 HOLD_OUT=yes SNAPSHOTS=2 \
	FORMAT=csv CHOOSE_BY=SP,joint_ports EVAL_FLAGS='-m SP' TRAIN_FLAGS="$small" >log 2>&1; cut -f 1 one/gan/chosen | tr '\n' ' ')" "snapshot 1 2 "
is "and no more" "$(run one HOLD_OUT=yes SNAPSHOTS=2 2>&1 | grep -c 'each chunk has its own: set CHUNKS=1')" 1
is "snapshots need what chooses" "$(moments one HOLD_OUT=no 2>&1 | grep -c 'are not learnt: set HOLD_OUT=yes')" 1
for n in 0 101 x '2 3' ''; do
	is "no SNAPSHOTS '$n'" "$(moments one SNAPSHOTS="$n" 2>&1 | grep -c "SNAPSHOTS is '$n', not 1 to 100")" 1
done

for setting in SEED_FLAGS=-t2 WARM_FLAGS=-t2 SEED_CHUNK=1; do
	is "no $setting with one net" \
		"$(for k in autoregressive adversarial; do autoregressive one KIND=$k $setting 2>&1; done |
		grep -c 'one net learns all chunks.*TRAIN_FLAGS')" 2
done
for kind in gan '' 'doppelganger autoregressive'; do
	is "no kind '$kind'" "$(run one KIND="$kind" 2>&1 |
		grep -c "KIND is '$kind'; there are: doppelganger autoregressive adversarial")" 1
done
for option in '-m autoregressive' -qmautoregressive --model=autoregressive '-m adversarial' \
	-qmadversarial --model=adversarial; do
	kind=${option##*[ m=]}
	fails 2 "one net of the kind $kind learns all chunks: call ns-train" \
		"$top/batch/parallel.sh" one/out/train.ns 3 x $option
	SLURM_ARRAY_TASK_ID=0 fails 2 "one net of the kind $kind learns all chunks: submit ns-train" \
		"$top/batch/slurm.sh" one/out/train.ns x $option
done
ok "nothing is left of what was refused" test ! -e x
done_testing
