#!/bin/sh
# ns-train -m adversarial: same bytes however it is run, its two phases, resume in each of
# them, what is drawn of its models, what it refuses.
. "$(dirname "$0")/lib.sh"

awk 'BEGIN {
	print "srcip,dstip,srcport,dstport,proto,ts,td,pkt,byt,type"
	for (i = 0; i < 90; i++)
		printf "10.0.0.%d,10.1.0.%d,%d,%d,%s,%.0f,%.3f,%d,%d,background\n", i % 7 + 1,
			i % 5 + 1, 40000 + i % 60, i % 3 ? 443 : 53, i % 3 ? "TCP" : "UDP",
			1700000000000000 + i * 250000, i % 9 / 4, i % 9 + 1, 60 * (i % 9 + 1)
}' >flows.csv
ns-ingest -q flows.csv | ns-chunk -q -n 2 | ns-encode -q -p symbol -o flows.ns
ns-ingest -q -n 300 "$top/share/demo/westermo.pcap" >packets.ns
ns-chunk -q -n 2 -b count packets.ns | ns-encode -q -p symbol -o train.ns

learn() {
	ns-train -q --no-prov -m adversarial "$@"
}
# small: small layers, so that a step takes less than a millisecond
layers='--attr-units 4 --ctx-units 4 --lstm-units 3 --head-units 3'
small() {
	# shellcheck disable=SC2086 # options are words
	learn --batch-size 8 --window 4 $layers --d-units 5 --d-alone 10 "$@"
}
likely() { # the other kind, as small
	# shellcheck disable=SC2086
	ns-train -q --no-prov -m autoregressive --batch-size 8 --window 4 $layers "$@"
}
same() { # same DESCRIPTION FILE FILE
	ok "$1" cmp "$2" "$3"
}
meta() { # meta FILE KEY
	ns-cat -H "$1" | sed -n "s/.* $2=//p" | tr '\n' ' '
}
records() { # records MODEL: what is drawn of it, as text
	ns-sample -q -s 7 "$1" | ns-decode -q -f csv
}
total() { # total FILE COLUMN: of ns-cat -C, 5 series, 6 records
	ns-cat -C "$1" | awk -v c="$2" '$1 == "total" { print $c }'
}

# one net for all chunks
small --steps 100 -o all.model train.ns
is 'a model each' "$(meta all.model chunk.index)$(meta all.model model.kind)" \
	'0 1 adversarial adversarial '
is 'with the weights of the first' "$(meta all.model model.same_as)" '0 '
is 'steps are those of both phases' "$(meta all.model train.steps)" '100 100 '
for key in loss_held_out loss_critic loss_aux loss_generator score; do
	ok "train.$key is a number" sh -c \
		"echo '$(meta all.model train.$key)' | grep -Eq '^-?[0-9.e-]+ $'"
done
small --steps 100 <train.ns >stdin.model
same 'same bytes through a pipe' all.model stdin.model
small --steps 100 -s 1 -o seed.model train.ns
ok 'other bytes with another seed' sh -c '! cmp -s all.model seed.model'
# a batch of 256 is cut into two shards, whatever the threads
# shellcheck disable=SC2086
for t in 1 3; do
	learn $layers --d-units 8 --d-alone 5 --warm-share .4 --steps 40 -t $t -o threads.$t train.ns
done
same 'same bytes with three threads' threads.1 threads.3

# phases
small --steps 60 --warm-share 1 -o likely.model train.ns
likely --steps 60 -o other.model train.ns
records likely.model >likely.csv
records other.model >other.csv
same 'all of it warm-up: the model of the other kind' likely.csv other.csv
small --steps 60 --warm-up 1e9 --warm-share 0 -o likely.model train.ns
is 'with more seconds than there are it is warm-up, too' "$(meta likely.model train.loss_critic)" '0 '
small --steps 120 --warm-share .5 --g-lr 1 --after-warm 1 -o worse.model train.ns
records worse.model >worse.csv
same 'a duel that makes it worse: the weights are those of the warm-up' worse.csv other.csv
ns-train -v --no-prov -m adversarial --batch-size 8 --window 4 --d-units 5 --steps 30 --warm-share 0 \
	-o cold.model train.ns 2>verbose
ok 'no warm-up' grep -Eq '^ns-train: warm_up=0 score=0\.[0-9]+$' verbose
ok 'losses of the critics are told' grep -Eq \
	'step=30 loss_critic=[^ ]+ loss_aux=[^ ]+ loss_generator=[^ ]+ score=0\.[0-9]+$' verbose
ns-train -v --no-prov -m adversarial --batch-size 8 --window 4 --d-units 5 --steps 30 --hold-out 0 \
	--warm-share .5 -o unjudged.model train.ns 2>verbose
ok 'with nothing held out, too' grep -Eq 'step=30 loss_critic=[^ ]+ .* score=0$' verbose
is 'and no score is' "$(meta unjudged.model train.score)" '0 '
small -T 1 --warm-up .3 -o timed.model train.ns
ok 'seconds of warm-up, then a duel' sh -c \
	"echo '$(meta timed.model train.loss_critic)' | grep -Eq '[1-9]'"
for option in '--r1 1' '--floor .2' '--likelihood .5' '--attr-d-coe 0' '--gp-coe 10' '--d-layers 1' \
	'--smooth 0' '--after-warm 1' '--d-rounds 2' '--minibatch 1' '--d-beta1 .9' '--d-beta2 .9' \
	'--g-beta1 .9' '--g-beta2 .9'; do
	# shellcheck disable=SC2086
	small --steps 100 $option -o option.model train.ns
	ok "$option is another model" sh -c '! cmp -s option.model all.model'
done

# what is drawn
small --steps 100 -o flows.model flows.ns
for f in all flows; do
	of=train
	[ $f = flows ] && of=flows
	records $f.model >$f.csv
	is "$f: as many records" "$(sed 1d $f.csv | wc -l)" "$(total $of.ns 6)"
	ns-sample -q --no-prov -s 7 -o a.ns $f.model
	ns-sample -q --no-prov -s 7 -t 3 <$f.model >b.ns
	same "$f: the same with three threads, through a pipe" a.ns b.ns
	ok "$f: the stream is in order" ns-cat -K a.ns
	is "$f: in the order of the chunks" "$(meta a.ns chunk.index)" '0 1 '
	for n in 1 77 500; do
		ns-sample -q --records $n -s $n -o r.ns $f.model
		is "$f: exactly $n records" "$(total r.ns 6)" "$n"
		ns-sample -q -n $n -s $n -o s.ns $f.model 2>/dev/null
		is "$f: exactly $n series" "$(total s.ns 5)" "$n"
	done
done
for asked in proto=17 dst_port=53 src_ip=10.0.0.4; do
	ns-sample -q --given $asked -s 1 -n 60 -o g.ns flows.model 2>/dev/null
	ns-decode -q -f csv g.ns | sed 1d >g.csv
	ok "$asked: there are some" test -s g.csv
	is "$asked: all are so" "$(awk -F , -v by="${asked%=*}" -v it="${asked#*=}" '
		$(by == "proto" ? 5 : by == "dst_port" ? 4 : 1) != it' g.csv)" ''
done

# one chunk by one, and from other weights
small --steps 100 -c 0 -o 0.model train.ns
small --steps 100 -c 1 -i 0.model -o 1.model train.ns
is 'a chunk by itself has weights of its own' \
	"$(meta 1.model chunk.index)$(meta 1.model model.same_as)$(meta 1.model train.warm)" '1 1 '
is 'a quarter of the steps from other weights' "$(meta 1.model train.steps)" '25 '
ok 'the chunks can be joined' sh -c 'cat 1.model 0.model | ns-sample -q -o joined.ns'
is 'and all of it is there' "$(total joined.ns 6)" 300
small --steps 100 -i all.model --warm-divisor 2 -o warm.model train.ns
is 'all chunks from other weights' "$(meta warm.model train.warm)$(meta warm.model train.steps)" '1 1 50 50 '

# checkpoints and snapshots
small --steps 100 -k ck --checkpoint-every 7 -o ck.model train.ns
same 'a checkpoint changes nothing' all.model ck.model
small --steps 100 -k ck -o again.model train.ns
same 'a complete run is written out again' all.model again.model
small --steps 110 -k ck -o more.model train.ns
is 'more steps go on from it' "$(meta more.model train.steps)" '110 110 '
ok 'a checkpoint is a stream' ns-cat -K ck
small --steps 60 --warm-share .9 -k warm -o less.model train.ns
small --steps 90 --warm-share .9 -k warm -o more.model train.ns
is 'more steps after a short duel' "$(meta more.model train.steps)" '90 90 '
small --steps 100 --snapshots 4 -o cut.model train.ns
same 'snapshots change nothing' all.model cut.model
for n in 1 2 3; do
	is "snapshot $n: both chunks" "$(meta cut.model.$n train.steps)$(meta cut.model.$n train.snapshot)" \
		"$((25 * n)) $((25 * n)) $n/4 $n/4 "
	ok "snapshot $n can be drawn and decoded" sh -c "ns-sample -q cut.model.$n | ns-decode -q -f csv >cut.csv"
done
# The warm-up is over after 450 steps: stopped before, then and after, some time behind
# the checkpoint that is there.
long() {
	small --steps 900 --warm-share .5 --snapshots 4 "$@"
}
long -o straight.model train.ns
for case in KILL-200 KILL-450 KILL-500 TERM-460; do
	signal=${case%-*}
	at=${case#*-}
	# not by way of a function: its shell would get the signal
	# shellcheck disable=SC2086
	ns-train -q --no-prov -m adversarial --batch-size 8 --window 4 $layers --d-units 5 --d-alone 10 \
		--steps 900 --warm-share .5 --snapshots 4 -k killed --checkpoint-every "$at" \
		-o killed.model train.ns 2>err &
	pid=$!
	while [ ! -e killed ] && kill -0 $pid 2>/dev/null; do
		sleep .01
	done
	kill -"$signal" $pid
	wait $pid 2>/dev/null
	status=$?
	is "$case: status" "$status" "$([ "$signal" = KILL ] && echo 137 || echo 75)"
	ok "$case: it was under way" test "$(meta killed run.step)" -ge "$at"
	ok "$case: no model then" test ! -e killed.model
	long -k killed -o killed.model train.ns
	same "$case: run again: bytes of an unbroken run" straight.model killed.model
	for n in 1 2 3; do
		same "$case: snapshot $n" straight.model.$n killed.model.$n
	done
	rm killed killed.model*
done

# log
small --steps 200 -l log.tsv -o /dev/null train.ns
is 'head of the log' "$(head -n 1 log.tsv)" "$(printf '%s\t' chunk epoch step loss_attributes loss_steps \
	loss_held_out loss_critic loss_aux loss_generator penalty penalty_aux grad_critic grad_aux \
	gradient rate score score_best seconds |
	sed 's/\t$//')"
is 'likelihood, then critics' "$(awk -F '\t' 'NR > 1 { print $3, ($4 > 0), ($7 != 0), ($16 > 0) }' log.tsv |
	tr '\n' ',')" '38 1 0 0,76 1 0 0,114 1 0 0,152 1 1 1,190 0 1 1,200 0 1 1,'

# refusals
ns-chunk -q -n 2 -b count packets.ns | ns-encode -q -o words.ns
fails 65 "field 'src_port' is a vector of words, not symbols: encode with ns-encode -p symbol" \
	learn -o x words.ns
fails 2 "--attr-d-units is no option of a model of kind 'adversarial'" learn --attr-d-units 8 train.ns
fails 2 "--warm-share is no option of a model of kind 'autoregressive'" likely --warm-share .5 train.ns
fails 2 'warm_share is 1.5, must be 0 to 1' learn --warm-share 1.5 train.ns
fails 2 'floor is 0.6, must be 0 to 0.5' learn --floor .6 train.ns
fails 2 'r1 is 2, must be 0 to 1' learn --r1 2 train.ns
fails 2 'd_layers is 0, must be 1 to ' learn --d-layers 0 train.ns
fails 2 'the model would have [0-9]+ million weights' learn --lstm-units 4096 --ctx-units 4096 --attr-units 4096 -o x train.ns
fails 65 'has another lstm_units than asked for' learn -i all.model --lstm-units 5 -o x train.ns
fails 65 "holds a model of kind 'autoregressive', not 'adversarial'" learn -i other.model -o x train.ns
fails 65 "holds a model of kind 'adversarial', not 'autoregressive'" likely -i all.model -o x train.ns
fails 65 'not of one trace' learn -i all.model -o x flows.ns
fails 70 'training diverged at step [0-9]+: the loss of the critic left \+-1e\+12; try a lower learning rate' \
	small --steps 400 --warm-share 0 --d-lr 1 --g-lr 1 --gp-coe 1e9 -o x train.ns
likely --steps 5 -k likely.ck -o /dev/null train.ns
fails 65 "a model of kind 'autoregressive-checkpoint', not 'adversarial-checkpoint'" \
	small --steps 5 -k likely.ck -o x train.ns
fails 65 "checkpoint 'ck' is of a run with other options" small --steps 120 --d-lr .1 -k ck -o x train.ns
fails 65 "checkpoint 'ck' is of a run with other options" small --steps 120 --warm-share .1 -k ck -o x train.ns
fails 65 "checkpoint 'ck' is of other data" small --steps 120 -k ck -o x flows.ns
fails 65 "checkpoint 'ck' is at step 110, beyond the 100 asked for" small --steps 100 -k ck -o x train.ns
size=$(wc -c <ck)
head -c $((size / 2)) ck >half
fails 65 "'half': byte [0-9]+: stream ends before its END" small --steps 110 -k half -o x train.ns
# one byte in the last part, where the duel's state is
head -c $((size - 900)) ck >bad
printf 'x' >>bad
tail -c 899 ck >>bad
fails 65 "'bad': byte [0-9]+" small --steps 110 -k bad -o x train.ns
fails 74 'No space left' small --steps 1 -o /dev/full train.ns
ok 'nothing is left of what failed' test ! -e x
done_testing
