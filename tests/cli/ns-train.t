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
