#!/bin/sh
# ns-train -m autoregressive: same bytes however it is run, resume, one net for all chunks
# or one a chunk, what it refuses.
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
	ns-train -q --no-prov -m autoregressive "$@"
}
# small: small layers, so that a step takes less than a millisecond
layers='--attr-units 4 --ctx-units 4 --lstm-units 3 --head-units 3'
small() {
	# shellcheck disable=SC2086 # options are words
	learn --batch-size 8 --window 4 $layers "$@"
}
same() { # same DESCRIPTION FILE FILE
	ok "$1" cmp "$2" "$3"
}
meta() { # meta FILE KEY
	ns-cat -H "$1" | sed -n "s/.* $2=//p" | tr '\n' ' '
}

# one net for all chunks
small --steps 60 -o all.model train.ns
is 'a model each' "$(meta all.model chunk.index)$(meta all.model model.kind)" \
	'0 1 autoregressive autoregressive '
is 'with the weights of the first' "$(meta all.model model.same_as)" '0 '
is 'steps are those of the net, no chunk has fewer' "$(meta all.model train.steps)" '60 60 '
is 'none is a warm start' "$(meta all.model train.warm)" '0 0 '
for f in train flows; do
	small --steps 60 -o $f.model $f.ns
	ok "$f: what was learnt can be drawn and decoded" sh -c \
		"ns-sample -q -s 7 $f.model | ns-decode -q -f csv -o $f.csv"
	is "$f: as many records" "$(sed 1d $f.csv | wc -l)" \
		"$(ns-cat -C $f.ns | awk '$1 == "total" { print $6 }')"
done
small --steps 60 <train.ns >stdin.model
same 'same bytes through a pipe' all.model stdin.model
small --steps 60 -s 1 -o seed.model train.ns
ok 'other bytes with another seed' sh -c '! cmp -s all.model seed.model'
# a batch of 256 is cut into two shards, whatever the threads
# shellcheck disable=SC2086
for t in 1 2 3; do
	learn $layers --steps 60 -t $t -o threads.$t train.ns
done
same 'same bytes with two threads' threads.1 threads.2
same 'and with three' threads.1 threads.3
small -e 2 -o epochs.model flows.ns
is 'an epoch takes as many steps as batches of windows' \
	"$(meta epochs.model train.epochs)$(meta epochs.model train.steps)" '2 2 24 24 '
small --steps 60 --hold-out 0 -o none.model train.ns
small --steps 60 --snapshots 3 -o cut.model train.ns
same 'snapshots change nothing' all.model cut.model
for n in 1 2; do
	is "snapshot $n: both chunks" "$(meta cut.model.$n train.steps)$(meta cut.model.$n train.snapshot)" \
		"$((20 * n)) $((20 * n)) $n/3 $n/3 "
	ok "snapshot $n can be drawn and decoded" sh -c "ns-sample -q cut.model.$n | ns-decode -q -f csv >cut.csv"
done
ok 'they differ' sh -c '! cmp -s cut.model.1 cut.model.2'
small -T 1 --snapshots 2 -o timed.model train.ns
is 'half of the time' "$(ns-cat -H timed.model.1 timed.model | awk -F = '
	/train.steps/ { n[++i] = $2 } END { print i, (n[1] > n[3] / 10 && n[1] < n[3] * .9) }')" '4 1'
is 'nothing held out: nothing is judged' "$(meta none.model train.loss_held_out)" '0 '

# one chunk by one, and from other weights
small --steps 60 -c 0 -o 0.model train.ns
small --steps 60 -c 1 -i 0.model -o 1.model train.ns
is 'a chunk by itself has weights of its own' \
	"$(meta 1.model chunk.index)$(meta 1.model model.same_as)$(meta 1.model train.warm)" '1 1 '
is 'a quarter of the steps from other weights' "$(meta 1.model train.steps)" '15 '
ok 'the chunks can be joined' sh -c 'cat 1.model 0.model | ns-sample -q -o joined.ns'
is 'and all of it is there' "$(ns-cat -C joined.ns | awk '$1 == "total" { print $6 }')" 300
small --steps 60 -i all.model --warm-divisor 2 -o warm.model train.ns
is 'all chunks from other weights' "$(meta warm.model train.warm)$(meta warm.model train.steps)" '1 1 30 30 '
is 'sizes of layers come with -i' "$(learn -i all.model --steps 4 train.ns |
	ns-cat -H | grep -o 'model.*_units=.*' | tr '\n' ' ')" \
	'model.attr_units=4 model.ctx_units=4 model.lstm_units=3 model.head_units=3 '

# checkpoints
small --steps 60 -k ck --checkpoint-every 7 -o ck.model train.ns
same 'a checkpoint changes nothing' all.model ck.model
is 'one for all chunks' "$(echo ck*)" 'ck ck.lock ck.model'
small --steps 60 -k ck -o again.model train.ns
same 'a complete run is written out again' all.model again.model
small --steps 70 -k ck -o more.model train.ns
is 'more steps go on from it' "$(meta more.model train.steps)" '70 70 '
ok 'a checkpoint is a stream' ns-cat -K ck
# A high rate, so that some nets have stopped, with their best weights, before the signal
# comes: attributes that have are no longer in the loss.
# shellcheck disable=SC2086
long="ns-train -q --no-prov -m autoregressive --batch-size 8 --window 4 $layers --lr .05 --steps 2000"
$long -l straight.tsv -o straight.model train.ns
ok 'attributes that stop leave the loss' awk 'NR == 2 { all = $4 } NR > 2 && $3 <= 600 { left = $4 }
	END { exit !(left > 0 && left < all / 4) }' straight.tsv
$long --snapshots 4 -o cut.model train.ns
same 'snapshots do not change what is judged' straight.model cut.model
long="$long --snapshots 4"
for signal in KILL TERM; do
	$long -k killed --checkpoint-every 600 -o killed.model train.ns 2>err &
	pid=$!
	while [ ! -e killed ] && kill -0 $pid 2>/dev/null; do
		sleep .01
	done
	kill -$signal $pid
	wait $pid 2>/dev/null
	status=$?
	is "$signal: status" "$status" "$([ $signal = KILL ] && echo 137 || echo 75)"
	ok "$signal: it was under way" test "$(meta killed run.step)" -ge 600
	ok "$signal: no model then" test ! -e killed.model
	$long -k killed -o killed.model train.ns
	same "$signal: run again: bytes of an unbroken run" straight.model killed.model
	for n in 1 2 3; do
		same "$signal: snapshot $n" cut.model.$n killed.model.$n
	done
	rm killed killed.model*
done
for n in 1 2 3; do
	echo old >over.model.$n
done
small --steps 20000 --lr .05 --snapshots 4 -k over -o over.model train.ns
steps=$(meta over.model train.steps)
ok 'it ends when there is no more to be learnt' test "${steps%% *}" -lt 20000
mv over.model ended.model
small --steps 20000 --lr .05 --snapshots 4 -k over -o over.model train.ns
same 'and is over then' ended.model over.model
is 'snapshots behind the end there are none of' \
	"$(ls over.model.? 2>/dev/null | wc -l)" "$((${steps%% *} / 5000))"

# log
small --steps 200 -l log.tsv -o /dev/null train.ns
is 'head of the log' "$(head -n 1 log.tsv)" "$(printf '%s\t' chunk epoch step loss_attributes \
	loss_steps gradient rate loss_held_out seconds | sed 's/\t$//')"
is 'a line an epoch, of all chunks, and the last' "$(sed 1d log.tsv | cut -f 1-3 | tr '\t\n' '- ')" \
	'all-1-38 all-2-76 all-3-114 all-4-152 all-5-190 all-6-200 '
is 'the rate rises, then falls' "$(sed 1d log.tsv | cut -f 2,7 | sort -g -k 2 | cut -f 1 | tr '\n' ' ')" \
	'6 5 4 1 3 2 '
small -c 1 --steps 2 -l one.tsv -o /dev/null train.ns
is 'one chunk is named' "$(tail -n 1 one.tsv | cut -f 1)" 1
ns-train -v -m autoregressive --steps 1 train.ns 2>verbose >/dev/null
ok 'sizes are told' grep -Eq '^ns-train: parameters=[0-9]+ symbols=[0-9]+\+[0-9]+ held_out=[0-9]+$' verbose

# a chunk without series
printf '%s\n' 'srcip,dstip,srcport,dstport,proto,ts,td,pkt,byt,type' \
	'10.0.0.1,10.0.0.2,1,2,TCP,1700000000000000,1,1,40,background' \
	'10.0.0.1,10.0.0.3,1,3,TCP,1700000009000000,1,1,40,background' >gap.csv
ns-ingest -q gap.csv | ns-chunk -q -n 3 | ns-encode -q -p symbol -o gap.ns
small --steps 2 -o gap.model gap.ns 2>err
is 'an empty chunk has an empty model' "$(meta gap.model model.empty)" '0 1 0 '
is 'the others serve' "$(ns-sample -q gap.model | ns-cat -C | awk '$1 == "total" { print $6 }')" 2

# refusals
ns-chunk -q -n 2 -b count packets.ns | ns-encode -q -o words.ns
fails 65 "field 'src_port' is a vector of words, not symbols: encode with ns-encode -p symbol" \
	learn -o x words.ns
fails 2 "--d-units is no option of a model of kind 'autoregressive'" learn --d-units 8 train.ns
fails 2 "--ctx-units is no option of a model of kind 'doppelganger'" ns-train --ctx-units 8 train.ns
fails 2 'hold_out is 0.6, must be 0 to 0.5' learn --hold-out .6 train.ns
fails 2 'the model would have [0-9]+ million weights' learn --lstm-units 4096 --ctx-units 4096 --attr-units 4096 -o x train.ns
fails 65 'no chunk 7 among the 2 of 2' learn -c 7 -o x train.ns
fails 65 'has another lstm_units than asked for' learn -i all.model --lstm-units 5 -o x train.ns
fails 65 'not of one trace' learn -i all.model -o x flows.ns
ns-train -q --steps 1 -c 0 -k gan --d-units 4 --attr-units 4 --attr-d-units 4 -o gan.model words.ns
fails 65 "holds a model of kind 'doppelganger', not 'autoregressive'" learn -i gan.model -o x train.ns
fails 65 "a model of kind 'doppelganger-checkpoint', not 'autoregressive-checkpoint'" \
	learn -c 0 -k gan -o x train.ns
fails 65 "checkpoint 'ck' is of a run with other options" small --steps 80 --lr .1 -k ck -o x train.ns
fails 65 "checkpoint 'ck' is of other data" small --steps 80 -k ck -o x flows.ns
fails 65 "checkpoint 'ck' is at step 70, beyond the 60 asked for" small --steps 60 -k ck -o x train.ns
size=$(wc -c <ck)
head -c $((size / 2)) ck >half
fails 65 "'half': byte [0-9]+: stream ends before its END" small --steps 70 -k half -o x train.ns
head -c 5000 train.ns >cut.ns
fails 65 'cut.ns' small -o x cut.ns
fails 74 'No space left' small --steps 1 -o /dev/full train.ns
ok 'nothing is left of what failed' test ! -e x
done_testing
