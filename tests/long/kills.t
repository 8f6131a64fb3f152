#!/bin/sh
# kill -9 of private training at 200 moments of each kind: the ledger never says less than a
# checkpoint holds, the key is there while it is needed and gone in the end, and what comes
# out has the bytes of an unbroken run.  A ledger that is written after the checkpoint fails.
. "$(dirname "$0")/lib.sh"

kills=${KILLS:-200}
awk 'BEGIN {
	print "srcip,dstip,srcport,dstport,proto,ts,td,pkt,byt,type"
	for (i = 0; i < 283; i++)
		printf "10.0.0.%d,10.1.0.%d,%d,%d,%s,%.0f,%.3f,%d,%d,background\n", i % 37 + 1,
			i % 5 + 1, 40000 + i % 60, i % 3 ? 443 : 53, i % 3 ? "TCP" : "UDP",
			1700000000000000 + i * 250000, i % 9 / 4, i % 9 + 1, 60 * (i % 9 + 1)
}' | ns-ingest -q -f csv -o flows.ns -
ns-chunk -q -n 1 --from 1700000000 --to 1700000072 --max-steps 20 --unit flow -o units.ns flows.ns
ns-encode -q -P -p symbol -o symbols.ns units.ns
ns-encode -q -P -p netshare -o words.ns units.ns

paid() { # paid LEDGER: noisy sums of gradients that it knows of
	sed -n 's/.*what=sgd .* steps=\([0-9]*\) .*/\1/p' "$1" | sort -n | tail -n 1
}
at() { # at CHECKPOINT: steps in it
	ns-cat -H "$1" | sed -n 's/.* run.step=//p'
}
# run OUT OPTION...: becomes one run of the kind, with the same secret key, made of a seed
run() {
	_out=$1
	shift
	# shellcheck disable=SC2086 # options are words
	exec ns-train -q $kind --sample-rate .1 --sigma 20 --steps $((kills * 20)) --insecure-test -s 3 -o "$_out" "$@" "$input"
}
# survive: kills, each a little behind another checkpoint; counts what went wrong
survive() {
	left=$kills less=0 done=0
	while [ "$left" -gt 0 ] && [ ! -e broken.model ]; do
		was=$(ls -i ck 2>/dev/null)
		run broken.model -k ck --checkpoint-every 5 2>>err &
		pid=$!
		while [ "$(ls -i ck 2>/dev/null)" = "$was" ] && kill -0 $pid 2>/dev/null; do
			sleep .01
		done
		sleep .0$((left % 8))
		kill -9 $pid 2>/dev/null && done=$((done + 1))
		wait $pid 2>/dev/null
		left=$((left - 1))
		if [ -e ck ] && [ "$(paid ck.ledger)" -lt "$(at ck)" ]; then
			less=$((less + 1))
		fi
	done
	(run broken.model -k ck --checkpoint-every 50 2>>err)
}
for kind in '-m autoregressive --attr-units 4 --ctx-units 4 --lstm-units 3 --head-units 3' \
	'-m doppelganger --batch-size 20 --attr-units 8 --d-units 8 --attr-d-units 8 --lstm-units 4'; do
	name=$(echo "$kind" | cut -d ' ' -f 2)
	input=$([ "$name" = autoregressive ] && echo symbols.ns || echo words.ns)
	rm -f ck ck.* err broken.model
	(run straight.model --ledger straight.ledger)
	head -n 1 straight.ledger >ck.ledger # names of data are by its secret
	chmod 600 ck.ledger
	survive
	echo "# $name: killed $done times"
	ok "$name: it was killed while it ran" test "$done" -ge $((kills * 3 / 4))
	is '  nothing is told' "$(cat err)" ''
	is '  the ledger never says less than a checkpoint has' "$less" 0
	ok '  bytes of an unbroken run' cmp straight.model broken.model
	rm -f straight.ledger
done
done_testing
