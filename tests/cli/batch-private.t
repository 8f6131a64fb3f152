#!/bin/sh
# batch/netshare.mk privately: both kinds, from a public trace and without, and what it
# refuses.  Catches: a model without a guarantee, spending again for what was stopped or for a
# setting of sampling, a key or a checkpoint that stays, shapes of a public model that do not
# fit, a codec fitted to the private trace, an exact number of records drawn.
. "$(dirname "$0")/lib.sh"

trace() { # trace NET START: flows of a minute
	awk -v net="$1" -v t0="$2" 'BEGIN {
		print "srcip,dstip,srcport,dstport,proto,ts,td,pkt,byt,type"
		for (i = 0; i < 600; i++)
			printf "10.0.%d.%d,10.1.0.1,%d,443,TCP,%d.%d,%.3f,%d,%d,background\n", net, i % 7 + 1,
				40000 + i, t0 + i / 10, i % 10, i % 9 / 4, i % 9 + 1, 60 * (i % 9 + 1)
	}'
}
trace 1 1700000000 >private.csv
trace 2 1600000000 >public.csv
run() { # run OUT SETTING...
	_out=$1
	shift
	make --no-print-directory -f "$top/batch/netshare.mk" BIN="$NS_BIN" OUT="$_out" TRACE=private.csv \
		EVAL_FLAGS='-m SP' "$@"
}
meta() { # meta FILE KEY
	ns-cat -H "$1" | sed -n "s/^ *$2=//p" | sort -u | paste -sd ' '
}
runs() { # runs OUT: how often it was paid for
	ns-account "$1/ledger" | awk '$1 == "total" { print $3 }'
}
window='EPSILON=2 FROM=2023-11-14T22:13:20Z TO=2023-11-14T22:14:20Z'
tiny='--attr-units 8 --ctx-units 8 --lstm-units 8 --head-units 8'
small='--batch-size 20 --attr-units 8 --d-units 8 --attr-d-units 8 --lstm-units 8'
promise='epsilon 2.000 at delta 1e-05 for each flow, added or removed'

alone() { # alone SETTING...
	# shellcheck disable=SC2086
	run alone $window PRIVATE_STEPS=2 TRAIN_FLAGS="$tiny" "$@"
}
alone >log 2>&1
is "autoregressive: status" $? 0
is "what is there" "$(cd alone && echo *)" \
	"ledger model real.ns report sample.ns scored synthetic.csv synthetic.csv.privacy synthetic.ns train.ns with"
is "neither key nor checkpoint stays" "$(ls alone/model)" all.model
is "the model's guarantee" "$(meta alone/model/all.model privacy.guarantee)" "$promise"
is "the trace's" "$(meta alone/synthetic.ns privacy.guarantee)" "$promise"
is "beside the CSV" "$(head -n 1 alone/synthetic.csv.privacy)" "privacy.guarantee=$promise"
is "the report says that it is leaky" "$(grep -c 'leaky report' alone/report/scores.txt)" 1
is "the codec is one of constants" "$(meta alone/train.ns privacy.codec)" constants
is "steps as asked" "$(meta alone/model/all.model train.steps)" 2
is "paid for once" "$(runs alone)" 1
is "nothing to do" "$(alone | grep -c ns-)" 0
alone SEED=7 RECORDS=50 >log 2>&1
is "another seed draws again" "$(grep -c ns-sample log)" 1
is "and spends nothing" "$(grep -c ns-train log) $(runs alone)" "0 1"
alone EPSILON=1.5 DELTA=1e-6 SAMPLE_RATE=0.05 MAX_STEPS=10 >log 2>&1
is "another promise" "$(meta alone/synthetic.ns privacy.guarantee)" \
	"epsilon 1.500 at delta 1e-06 for each flow, added or removed"
is "is trained anew, and added up" "$(runs alone)" 2
is "rate and steps as asked" "$(meta alone/model/all.model privacy.rate) $(meta alone/model/all.model trace.max_steps)" \
	"0.05 10"
alone HOLD_OUT=yes >log 2>&1
is "a hold-out: status" $? 0
is "the number of its records is not drawn" "$(grep 'ns-sample' log | grep -c -- '--records')" 0

# From a public trace, by both codecs.
for kind in autoregressive doppelganger; do
	case $kind in
	autoregressive) set -- TRAIN_FLAGS="$tiny" ;;
	*) set -- TRAIN_FLAGS="$small" CHUNKS=2 ;;
	esac
	# shellcheck disable=SC2086
	run "$kind" $window KIND=$kind PRIVATE_STEPS=2 "$@" PUBLIC=public.csv PUBLIC_FLAGS='--steps 3' CODEC=public -j2 >log 2>&1
	is "$kind: status" $? 0
	is "$kind: the public model" "$(meta $kind/public/model privacy.public) $(meta $kind/public/model train.steps)" "yes 3"
	is "$kind: the promise" "$(meta $kind/synthetic.ns privacy.guarantee)" "$promise"
	is "$kind: each net made all steps" "$(meta $kind/model/all.model train.steps)" 2
	is "$kind: the codec" "$(meta $kind/train.ns privacy.codec) $(meta $kind/train.ns codec.hash)" \
		"public $(meta $kind/public/train.ns codec.hash)"
	is "$kind: neither key nor checkpoint stays" "$(ls $kind/model)" all.model
	is "$kind: nothing to do" "$(run "$kind" $window KIND=$kind PRIVATE_STEPS=2 "$@" PUBLIC=public.csv PUBLIC_FLAGS='--steps 3' CODEC=public | grep -c ns-)" 0
	# shellcheck disable=SC2086
	run "$kind" $window KIND=$kind PRIVATE_STEPS=2 "$@" PUBLIC=public.csv PUBLIC_FLAGS='--steps 3' \
		PUBLIC_FROM=2020-09-13T12:00Z PUBLIC_TO=2020-09-13T13:00Z >log 2>&1
	is "$kind: by constants and a window: status" $? 0
	is "$kind: by constants" "$(meta $kind/train.ns privacy.codec) $(meta $kind/public/train.ns trace.len_ns)" \
		"constants 3600000000000"
	is "$kind: paid for twice" "$(runs $kind)" 2
done
# shellcheck disable=SC2086
run seeded $window KIND=doppelganger CHUNKS=2 PRIVATE_STEPS=2 UNIT=src_ip TRAIN_FLAGS="$small" >log 2>&1
is "doppelganger without a public trace" "$? $(meta seeded/synthetic.ns privacy.guarantee)" "0 epsilon 2.000 at delta 1e-05 for each src_ip, added or removed"

# Stopped at its first checkpoint, twice, and run again: one run in the ledger.
mkdir stopping
for tool in "$NS_BIN"/ns-*; do
	ln -s "$tool" stopping/
done
rm stopping/ns-train
cat >stopping/ns-train <<EOF
#!/bin/sh
told() {
	cat stopped/ledger 2>/dev/null | grep -c what=sgd
}
before=\$(told)
"$NS_BIN/ns-train" --checkpoint-every 1 "\$@" &
while [ "\$(told)" = "\$before" ] && kill -0 \$! 2>/dev/null; do
	:
done
kill -TERM \$!
wait \$!
EOF
chmod +x stopping/ns-train
for times in 1 2; do
	# shellcheck disable=SC2086
	run stopped $window TRAIN_FLAGS="$tiny" PRIVATE_STEPS=60 BIN="$work/stopping" >log 2>&1
	is "stopped: $times" "$? $(grep -c 'Error 75' log)" "2 1"
	is "the key is beside the checkpoint" "$(cd stopped/model && echo all.checkpoint*)" \
		"all.checkpoint all.checkpoint.key all.checkpoint.lock"
done
# shellcheck disable=SC2086
run stopped $window TRAIN_FLAGS="$tiny" PRIVATE_STEPS=60 >log 2>&1
is "goes on" "$? $(meta stopped/model/all.model train.steps)" "0 60"
is "for nothing more" "$(runs stopped)" 1
is "and leaves the model" "$(ls stopped/model)" all.model

# What would leak, or says nothing.
refuses() { # refuses PATTERN SETTING...
	_pattern=$1
	shift
	run never "$@" >log 2>&1
	is "refused: $*" "$? $(grep -cE "$_pattern" log) $(ls never 2>/dev/null)" "2 1 "
}
# shellcheck disable=SC2086
{
	refuses 'SNAPSHOTS are chosen by private flows' $window HOLD_OUT=yes SNAPSHOTS=3
	refuses 'KIND is adversarial, which cannot' $window KIND=adversarial
	refuses 'EPSILON needs FROM and TO' EPSILON=2
	refuses 'EPSILON needs FROM and TO' EPSILON=2 FROM=2023-11-14
	refuses 'are of private training: set EPSILON' PUBLIC=public.csv
	refuses 'are of private training: set EPSILON' DELTA=1e-6
	refuses 'WARM_FLAGS say nothing' $window KIND=doppelganger WARM_FLAGS='--steps 3'
	refuses 'SEED_CHUNK without PUBLIC' $window KIND=doppelganger SEED_CHUNK=1
	refuses 'say nothing without PUBLIC' $window PUBLIC_FLAGS='--steps 3'
	refuses 'PUBLIC_FROM and PUBLIC_TO go together' $window PUBLIC=public.csv PUBLIC_FROM=2020-09-13
	refuses "CODEC is 'public', not constants" $window CODEC=public
	refuses "CODEC is 'fitted', not constants" $window CODEC=fitted PUBLIC=public.csv
}
# shellcheck disable=SC2086
run late $window UNIT=host TRAIN_FLAGS="$tiny" >log 2>&1
is "a unit that there is not" "$? $(grep -c "^ns-chunk: --unit is" log)" "2 1"
# shellcheck disable=SC2086
run late $window TRAIN_FLAGS="$tiny -T 3s" >log 2>&1
is "what ns-train refuses" "$? $(ls late/ledger 2>/dev/null)" "2 "

done_testing
