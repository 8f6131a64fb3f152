#!/bin/sh
# ns-train: same bytes however it is run, resume, what it refuses.
. "$(dirname "$0")/lib.sh"

awk 'BEGIN {
	print "srcip,dstip,srcport,dstport,proto,ts,td,pkt,byt,type"
	for (i = 0; i < 90; i++)
		printf "10.0.0.%d,10.1.0.%d,%d,%d,%s,%.0f,%.3f,%d,%d,background\n", i % 7 + 1,
			i % 5 + 1, 40000 + i % 60, i % 3 ? 443 : 53, i % 3 ? "TCP" : "UDP",
			1700000000000000 + i * 250000, i % 9 / 4, i % 9 + 1, 60 * (i % 9 + 1)
}' >flows.csv
ns-ingest -q flows.csv | ns-chunk -q -n 2 | ns-encode -q -o train.ns

# small: small layers, so that a step takes milliseconds
small() {
	ns-train -q --no-prov --batch-size 20 --attr-units 24 --d-units 24 --attr-d-units 24 \
		--lstm-units 12 "$@"
}
same() { # same DESCRIPTION FILE FILE
	ok "$1" cmp "$2" "$3"
}
meta() { # meta FILE KEY
	ns-cat -H "$1" | sed -n "s/.*$2=//p" | tr '\n' ' '
}

small --steps 8 -o all.model train.ns
is 'steps of seed and others' "$(meta all.model train.steps)" '8 2 '
is 'started from the seed' "$(meta all.model train.warm)" '0 1 '
is 'what is carried' "$(meta all.model chunk.index)$(meta all.model chunk.count)$(meta all.model trace.kind)" \
	'0 1 2 2 flow flow '
small --steps 8 -t 2 -o threads.model train.ns
same 'same bytes with two threads' all.model threads.model
small --steps 8 <train.ns >stdin.model
same 'same bytes through a pipe' all.model stdin.model
small --steps 8 -s 1 -o seed.model train.ns
ok 'other bytes with another seed' sh -c '! cmp -s all.model seed.model'
small --steps 8 -c 0 -o 0.model train.ns
small --steps 8 -c 1 -i 0.model -o 1.model train.ns
weights() { # weights FILE...: samples depend on the weights, not on who trained them
	cat "$@" | ns-sample -q --no-prov -s 3 | ns-cat -T
}
is 'chunk by chunk gives the same weights' "$(weights 0.model 1.model)" "$(weights all.model)"
is 'sizes of layers come with -i' "$(ns-train -q -c 1 -i 0.model --steps 4 train.ns |
	ns-cat -H | grep -o 'model.d_units=.*')" 'model.d_units=24'
small -e 4 -c 0 -o epochs.model train.ns
is 'epochs' "$(meta epochs.model train.epochs)$(meta epochs.model train.steps)" '4 8 '

# checkpoints
small --steps 8 -k ck --checkpoint-every 3 -o ck.model train.ns
same 'a checkpoint changes nothing' all.model ck.model
is 'one for each chunk' "$(echo ck.?)" 'ck.0 ck.1'
small --steps 8 -k ck -o again.model train.ns
same 'a complete run is written out again' all.model again.model
small --steps 5 -c 0 -k part -o part.model train.ns
small --steps 8 -c 0 -k part -o part.model train.ns
same 'more steps go on from it' 0.model part.model
ns-cat -K part >/dev/null
ok 'a checkpoint is a stream' ns-cat -K part
ns-train -q --no-prov --batch-size 20 --attr-units 24 --d-units 24 --attr-d-units 24 \
	--lstm-units 12 --steps 100000 -c 0 -k killed --checkpoint-every 1 -o killed.model \
	train.ns 2>err &
pid=$!
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	[ -e killed ] && break
	sleep .2
done
ns-train -c 0 --steps 8 -k killed -o x train.ns 2>busy
is 'a checkpoint in use' "$? $(cat busy)" \
	"75 ns-train[chunk 0]: checkpoint 'killed' is in use by another process"
kill -TERM $pid
wait $pid
status=$?
is 'a signal stops it' "$status" 75
ok 'and it says where it is' grep -q "checkpoint 'killed' is written: run again to go on" err
ok 'no model then' test ! -e killed.model
step=$(meta killed run.step)
small --steps $((step + 3)) -c 0 -k killed -o killed.model train.ns
small --steps $((step + 3)) -c 0 -o straight.model train.ns
same 'run again: bytes of an unbroken run' straight.model killed.model

# snapshots
ns-ingest -q flows.csv | ns-chunk -q -n 1 | ns-encode -q -o single.ns
small --steps 8 -o single.model single.ns
small --steps 8 --snapshots 4 -o cut.model single.ns
same 'snapshots change nothing' single.model cut.model
is 'three on the way to the fourth' "$(echo cut.model*)" 'cut.model cut.model.1 cut.model.2 cut.model.3'
for n in 1 2 3; do
	is "snapshot $n: how far it is" "$(meta cut.model.$n train.steps)$(meta cut.model.$n train.snapshot)" \
		"$((2 * n)) $n/4 "
	small --steps $((2 * n)) -o straight.model single.ns
	is "snapshot $n: weights of a run that ends there" "$(weights cut.model.$n)" "$(weights straight.model)"
done
is 'the end is no snapshot' "$(meta cut.model train.snapshot)" ''
ns-train -q --steps 2 -c 0 --d-units 8 -o told.model train.ns
ns-train -q --steps 2 -c 0 --d-units 8 --snapshots 2 --checkpoint-every 1 -k told -o told.cut train.ns
same 'nor does the provenance change' told.model told.cut
is 'that of a snapshot says what the run was' "$(ns-cat -H told.cut.1 | grep -o 'args=.*')" \
	"$(ns-cat -H told.model | grep -o 'args=.*')"
small --steps 3 -c 1 --snapshots 100 -o one.model train.ns
is 'more snapshots than steps' "$(for n in 1 33 34 66 67 99; do meta one.model.$n train.steps; done)" '1 1 2 2 3 3 '
small --steps 400 -c 0 --snapshots 4 -o unbroken.model train.ns
ns-train -q --no-prov --batch-size 20 --attr-units 24 --d-units 24 --attr-d-units 24 \
	--lstm-units 12 --steps 400 -c 0 --snapshots 4 -k stop -o stop.model train.ns 2>err &
pid=$!
while [ ! -e stop.model.1 ] && kill -0 $pid 2>/dev/null; do
	sleep .01
done
kill -TERM $pid
wait $pid
is 'stopped behind the first' "$?" 75
ls -i stop.model.1 >first
small --steps 400 -c 0 --snapshots 4 -k stop -o stop.model train.ns
for n in '' .1 .2 .3; do
	same "resumed: bytes of an unbroken run: FILE$n" unbroken.model$n stop.model$n
done
is 'what was there stays' "$(ls -i stop.model.1)" "$(cat first)"
rm stop.model.2
fails 65 "checkpoint 'stop' is beyond snapshot 'stop.model.2', which is missing" \
	small --steps 400 -c 0 --snapshots 4 -k stop -o stop.model train.ns
fails 65 'is of a run with other options' small --steps 400 -c 0 --snapshots 3 -k stop -o stop.model train.ns
fails 65 'is of a run with other options' small --steps 500 -c 0 --snapshots 4 -k stop -o stop.model train.ns
fails 65 'is of a run with other options' small --steps 400 -c 0 -k stop -o stop.model train.ns
mkdir folder.1
fails 73 "cannot remove 'folder.1'" small --steps 2 -c 0 --snapshots 2 -o folder train.ns
for n in 0 1 101; do
	fails 2 '--snapshots must be 2 to 100' ns-train --snapshots $n -o x train.ns
done
fails 2 '--snapshots needs -o FILE' ns-train --snapshots 2 train.ns
fails 2 '--snapshots needs -o FILE' ns-train --snapshots 2 -o - train.ns
fails 2 'each of the 2 chunks has its own: say which with -c' ns-train --snapshots 2 -o x train.ns

# log
small --steps 8 -l log.tsv -o /dev/null train.ns
is 'head of the log' "$(head -n 1 log.tsv | cut -f 1-4)" "$(printf 'chunk\tepoch\tstep\tloss_critic')"
is 'a line an epoch' "$(sed 1d log.tsv | cut -f 1-3 | tr '\t\n' '- ')" '0-1-2 0-2-4 0-3-6 0-4-8 1-1-2 '
ns-train -v -c 1 --steps 1 --d-units 8 train.ns 2>verbose >/dev/null
ok 'the kernel is named' grep -q '^ns-train: kernel=.* by=.' verbose
is 'verbose lines are told apart' "$(grep -v kernel= verbose | cut -d ' ' -f 1,2 | sort -u)" 'ns-train[chunk 1]:'

# a chunk without series
printf '%s\n' 'srcip,dstip,srcport,dstport,proto,ts,td,pkt,byt,type' \
	'10.0.0.1,10.0.0.2,1,2,TCP,1700000000000000,1,1,40,background' \
	'10.0.0.1,10.0.0.3,1,3,TCP,1700000009000000,1,1,40,background' >gap.csv
ns-ingest -q gap.csv | ns-chunk -q -n 3 | ns-encode -q -o gap.ns
small --steps 2 -o gap.model gap.ns 2>err
is 'an empty chunk has an empty model' "$(meta gap.model model.empty)" '0 1 0 '

# refusals
fails 2 "unknown kind of model 'x'" ns-train -m x train.ns
fails 2 'only one of -e, --steps and -T' ns-train -e 1 --steps 1 train.ns
fails 2 'batch_size is 1, must be 2 to 65536' ns-train --batch-size 1 train.ns
fails 2 '--checkpoint-every needs -k' ns-train --checkpoint-every 1 train.ns
fails 2 "-k needs a file, not '-'" ns-train -k - train.ns
fails 65 "checkpoint 'part' is at step 8, beyond the 5 asked for" \
	small --steps 5 -c 0 -k part -o x train.ns
is 'the level of compression is as the help says' "$(small --steps 1 -c 0 train.ns | wc -c)" \
	"$(small --steps 1 -c 0 -z "$(ns-train --help | sed -n 's/.*--level.*\[\(.*\)\].*/\1/p')" train.ns | wc -c)"
fails 65 'no chunk 7 among the 2 of 2' ns-train -c 7 train.ns
fails 65 'is a flow stream, not a tensor stream' sh -c 'ns-ingest -q flows.csv | ns-train'
fails 65 'chunk 0 is there twice' sh -c 'cat train.ns train.ns | ns-train -o x'
fails 65 'has another d_units than asked for' ns-train -c 1 -i 0.model --d-units 8 -o x train.ns
fails 65 'not of one trace' ns-train -c 1 -i gap.model -o x train.ns
fails 65 'is of a run with other options' ns-train -q -c 0 --steps 9 -k part -o x train.ns
head -c 5000 train.ns >cut.ns
fails 65 'cut.ns' ns-train -o x cut.ns
fails 65 '.' ns-train -o x /dev/null
fails 70 "at step [0-9]+: " ns-train -q -c 0 --steps 50 --d-lr 1 --g-lr 1 --attr-d-lr 1 \
	--d-units 16 --attr-d-units 16 --attr-units 16 -o x train.ns
fails 74 'No space left' ns-train -q -c 0 --steps 1 --d-units 8 -o /dev/full train.ns
ok 'nothing is left of what failed' test ! -e x
done_testing
