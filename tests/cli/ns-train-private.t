#!/bin/sh
# ns-train --epsilon: what it refuses, what its models say, what they must not, and that no
# kill makes a ledger say less than was spent.  "unlike" finds noise that is not secret, "told"
# names, counts and checksums of the data in models, logs and -v, "another option" noise that
# is used twice, "ledger" lines that are written after what they pay for, "joined" bounds that
# are read of the first chunk alone.
. "$(dirname "$0")/lib.sh"

awk 'BEGIN {
	print "srcip,dstip,srcport,dstport,proto,ts,td,pkt,byt,type"
	for (i = 0; i < 283; i++)
		printf "10.0.0.%d,10.1.0.%d,%d,%d,%s,%.0f,%.3f,%d,%d,background\n", i % 37 + 1,
			i % 5 + 1, 40000 + i % 60, i % 3 ? 443 : 53, i % 3 ? "TCP" : "UDP",
			1700000000000000 + i * 250000, i % 9 / 4, i % 9 + 1, 60 * (i % 9 + 1)
}' >hushed.csv
ns-ingest -q hushed.csv >hushed.flows
window='--from 1700000000 --to 1700000072 --max-steps 20'
# shellcheck disable=SC2086 # options are words
cut_units() {
	ns-chunk -q $window --unit flow "$@" hushed.flows
}
cut_units -n 1 | ns-encode -q -P -p symbol -o hushed.ns
cut_units -n 1 | ns-encode -q -P -p netshare -o words.ns
cut_units -n 3 --max-chunks-per-unit 2 --max-series-per-unit 4 | ns-encode -q -P -p symbol -o three.ns
cut_units -n 3 --max-chunks-per-unit 2 --max-series-per-unit 4 | ns-encode -q -P -p netshare -o threewords.ns
cut_units -n 1 | ns-encode -q -p symbol -o fitted.ns
cut_units -n 1 | ns-encode -q --public -p symbol -o declared.ns
# shellcheck disable=SC2086
ns-chunk -q $window -n 1 hushed.flows | ns-encode -q -P -p symbol -o unmarked.ns

ar='-m autoregressive --attr-units 4 --ctx-units 4 --lstm-units 3 --head-units 3'
gan='-m doppelganger --batch-size 20 --attr-units 8 --d-units 8 --attr-d-units 8 --lstm-units 4'
# shellcheck disable=SC2086
learn() { # learn OPTION...: the autoregressive kind, some steps, unless another number is asked for
	ns-train -q $ar --steps 4 --sample-rate .1 "$@"
}
# shellcheck disable=SC2086
play() {
	ns-train -q $gan --steps 4 --sample-rate .1 "$@"
}
# shellcheck disable=SC2086
plain() { # the autoregressive kind, not privately
	ns-train -q $ar --steps 4 "$@"
}
meta() { # meta FILE KEY
	ns-cat -H "$1" | sed -n "s/.* $2=//p" | tr '\n' ' '
}
mode() {
	find "$1" -prune -perm 600 | wc -l
}
# spent LEDGER: runs, mechanisms and epsilon of all
spent() {
	ns-account -q -f tsv "$1" | awk -F '\t' '$1 == "total" { print $3, $4, $5 }'
}

lines_of() { # lines_of MODEL: of its ledger
	ns-cat -H "$1" | sed -n 's/.*privacy\.ledger\.[0-9]*=//p'
}
unnamed() { # lines without the name of their data
	sed 's/ data=[0-9a-f]*//; s/ crc=.*//' | sort
}

kernels() { # a BLAS kernel that is not the one in use
	_own=$(plain -o own.model hushed.ns && meta own.model train.kernel)
	for _k in Sandybridge Haswell; do
		[ "$_own" = "$_k " ] ||
			[ "$(OPENBLAS_CORETYPE=$_k plain -o own.model hushed.ns && meta own.model train.kernel)" != "$_k " ] ||
			{ echo $_k && return 0; }
	done
	return 1
}

# ---- what is refused, before anything is written ----
refuses() { # refuses PATTERN OPTION...
	_r=$1
	shift
	fails 2 "^ns-train: .*$_r" learn -o no.model "$@"
	is '  and leaves nothing' "$(ls -d no.* 2>/dev/null)" ''
}
refuses 'adversarial.* cannot be learnt privately' -m adversarial --epsilon 1 hushed.ns
refuses 'not in private training: --dropout' --epsilon 1 --dropout .1 hushed.ns
refuses 'not in private training: --hold-out' --epsilon 1 --hold-out .1 hushed.ns
refuses 'not in private training: --window' --epsilon 1 --window 16 hushed.ns
refuses 'only one of -e, --steps and -T' --epsilon 1 -T 1s hushed.ns
refuses '-s: noise that can be made again protects nothing' --epsilon 1 -s 1 hushed.ns
refuses '--public declares data that nobody needs to be protected in' --epsilon 1 --public hushed.ns
refuses 'private training needs units: .*ns-chunk --unit' --epsilon 1 unmarked.ns
refuses 'the codec was fitted to the data' --epsilon 1 fitted.ns
refuses 'the trace was declared public, and its codec is its own' --epsilon 1 declared.ns
refuses 'an epsilon of 11 is hardly a promise; --weak allows it' --epsilon 11 hushed.ns
refuses '--sigma 0.4 over 4 sums is an epsilon of [0-9.]*, hardly a promise; --weak allows it' --sigma .4 hushed.ns
refuses 'only one of --epsilon and --sigma' --epsilon 1 --sigma 1 hushed.ns
for option in '--delta 1e-6' '--sample-rate .1' '--ledger no.ledger' --weak --insecure-test; do
	# shellcheck disable=SC2086
	fails 2 'need --epsilon or --sigma' ns-train -q $ar --steps 1 $option -o no.model hushed.ns
done
for epsilon in 0 -1 101; do
	refuses '--epsilon must lie above 0, up to 100' --weak --epsilon $epsilon hushed.ns
done
for sigma in -1 1e7; do
	refuses '--sigma must be 0 to 1e6' --sigma $sigma hushed.ns
done
for clip in -1 0 1e-10 1e10; do
	refuses '--clip must be 1e-9 to 1e9' --epsilon 1 --clip $clip hushed.ns
done
for delta in 0 .01; do
	refuses '--delta must lie above 0, below 0.01' --epsilon 1 --delta $delta hushed.ns
done
for rate in 0 1.1; do
	refuses '--sample-rate must lie above 0, up to 1' --epsilon 1 --sample-rate $rate hushed.ns
done
# shellcheck disable=SC2086
{
	fails 2 '-T: how many steps fit into a time depends on the data' ns-train $ar --epsilon 1 -T 1s -o no.model hushed.ns
	fails 2 '-e: how many steps an epoch has tells how many series' ns-train $ar --epsilon 1 -e 1 -o no.model hushed.ns
}
fails 2 'say with --ledger where to write down what is spent' learn --epsilon 1 hushed.ns
is 'nothing is written then' "$(wc -c <out)" 0
plain -o plain.model unmarked.ns
refuses "'plain.model' was not trained with --public" --epsilon 1 -i plain.model hushed.ns
# else what it learnt would be public by being learnt on
plain --public -o public.model hushed.ns
plain -o plain.model hushed.ns
learn --epsilon 2 --ledger plain.model.ledger -o hushed.model hushed.ns
for from in plain hushed; do
	# shellcheck disable=SC2086
	fails 2 "'$from.model' was not trained with --public" ns-train -q $ar --steps 1 --public -i $from.model -o no.model hushed.ns
done
plain --public -i public.model -o no.model hushed.ns
is 'a public model from a public one' "$(meta no.model privacy.public)" 'yes '
rm -f no.model plain.model.ledger
is 'none of these left anything' "$(ls -d no.* plain.model.* 2>/dev/null)" ''

# chunks of one trace that were made differently, and joined
head -n 13 hushed.csv | ns-ingest -q >few.flows
made() { # made NAME OPTION-OF-NS-ENCODE OPTION-OF-NS-CHUNK...: NAME.0 and NAME.1
	_name=$1
	_codec=$2
	shift 2
	# shellcheck disable=SC2086
	ns-chunk -q -n 2 --from 1700000000 --to 1700000003 "$@" few.flows |
		ns-encode -q $_codec -p symbol -o "$_name.%d"
}
made alike -P --unit flow --max-series-per-unit 2 --max-chunks-per-unit 2 --max-steps 20
made hosts -P --unit src_ip --max-series-per-unit 2 --max-chunks-per-unit 2 --max-steps 20
made series -P --unit flow --max-series-per-unit 4 --max-chunks-per-unit 2 --max-steps 20
made chunks -P --unit flow --max-series-per-unit 2 --max-chunks-per-unit 1 --max-steps 20
made steps -P --unit flow --max-series-per-unit 2 --max-chunks-per-unit 2 --max-steps 30
made nobody -P --max-steps 20
made told '' --unit flow --max-series-per-unit 2 --max-chunks-per-unit 2 --max-steps 20
joined() { # joined NAME WHAT ITS OTHERS: its second chunk behind alike's first, then before it
	cat alike.0 "$1.1" >joined.ns
	refuses "'joined.ns': chunk 1 has privacy.$2 $3, the others have $4: make all by the same ns-" --sigma 1 joined.ns
	cat "$1.1" alike.0 >joined.ns
	refuses "'joined.ns': chunk 0 has privacy.$2 $4, the others have $3: make all by the same ns-" --sigma 1 joined.ns
}
joined hosts unit src_ip flow
joined series max_series 4 2
joined chunks max_chunks 1 2
joined steps max_steps 30 20
joined nobody unit none flow
joined told codec none constants
refuses "chunk 0 has privacy.codec constants, the others have none" --sigma 1 -c 0 joined.ns
cat alike.0 alike.1 >joined.ns
ok 'chunks that were made alike may be joined' learn --sigma 2 -o joined.model joined.ns
fails 65 "'joined.ns': chunks of different traces" sh -c "cat alike.0 nobody.1 >joined.ns; ns-train $ar --steps 1 joined.ns"

# ---- what models say ----
is 'a plain one' "$(meta plain.model privacy.guarantee)" 'NO PRIVACY GUARANTEE '
for kind in learn play; do
	in=$([ $kind = learn ] && echo hushed || echo words)
	$kind --epsilon 2 -o $kind.model $in.ns
	is "$kind: what it guarantees" "$(meta $kind.model privacy.guarantee)" \
		"epsilon $(meta $kind.model privacy.epsilon | tr -d ' ') at delta 1e-05 for each flow, added or removed "
	ok '  as much as was allowed, not more' awk -v e="$(meta $kind.model privacy.epsilon)" \
		'BEGIN { exit !(e > 1.99 && e <= 2) }'
	is '  the ledger comes to the same' "$(spent $kind.model.ledger | cut -d ' ' -f 1,3)" \
		"1 $(meta $kind.model privacy.epsilon | tr -d ' ')"
	is '  for its owner alone' "$(mode $kind.model.ledger)" 1
	is '  the model has its lines' "$(lines_of $kind.model | unnamed)" "$(sed 1d $kind.model.ledger | unnamed)"
	is '  which come to the same' "$(lines_of $kind.model | spent -)" "$(spent $kind.model.ledger)"
	is '  and beside the ledger cost nothing' "$(lines_of $kind.model | ns-account - $kind.model.ledger)" \
		"$(ns-account $kind.model.ledger)"
	is '  no losses, no epochs, no seed' "$(ns-cat -H $kind.model | grep -cE 'train\.(loss_[^g]|epochs|seed)|=-?nan$|  seed=')" 0
	$kind --sigma 1 --ledger $kind.model.ledger -o again.model $in.ns
	is '  a second run adds to it' "$(spent $kind.model.ledger | cut -d ' ' -f 1)" 2
	ok '  and costs' awk -v e="$(spent $kind.model.ledger | cut -d ' ' -f 3)" 'BEGIN { exit !(e > 2.01) }'
	$kind --sigma 1 --ledger $kind.model.ledger -o other.model $in.ns
	ok '  unlike another of the same' sh -c "! cmp -s again.model other.model"
	$kind --sigma 0 -o none.model $in.ns
	is '  without noise' "$(meta none.model privacy.guarantee)$(meta none.model privacy.epsilon)" 'NO PRIVACY GUARANTEE '
	for t in 1 2 3; do
		$kind --sigma 2 --insecure-test -s 7 -t $t --ledger insecure.ledger -o $kind.$t.model $in.ns
	done
	is '  of noise that can be made again' "$(meta $kind.1.model privacy.guarantee)" 'NO PRIVACY GUARANTEE '
	is '  and the ledger and the model have it as none' "$(spent insecure.ledger | cut -d ' ' -f 3)$(lines_of $kind.1.model |
		spent - | cut -d ' ' -f 3)" infinf
	ok '  same bytes with two threads' cmp $kind.1.model $kind.2.model
	ok '  and with three' cmp $kind.1.model $kind.3.model
	ok '  what was learnt can be drawn and decoded' sh -c "ns-sample -q -n 20 $kind.model | ns-decode -q -f csv >/dev/null"
	rm -f insecure.ledger
done
play --epsilon 12 --weak -o weak.model words.ns 2>err
is 'a weak promise is one' "$(cat err)" ''
ok 'and is kept' awk -v e="$(meta weak.model privacy.epsilon)" 'BEGIN { exit !(e > 11.9 && e <= 12) }'
rm weak.model
learn --sigma .4 --weak -o weak.model hushed.ns
ok 'as is one by --sigma' awk -v e="$(meta weak.model privacy.epsilon)" 'BEGIN { exit !(e > 10) }'
# shellcheck disable=SC2086
ns-train $gan --steps 1 --epsilon 4 -o weak.model words.ns 2>err
is 'above 3 it is called that' "$(cat err)" 'ns-train: an epsilon of 4 is a weak promise, see netshare-privacy(7)'
play --epsilon 2 --delta 1e-7 -o delta.model words.ns
is '--delta' "$(meta delta.model privacy.delta)" '1e-07 '
play --sigma 1 --clip .5 --sample-rate .2 -o clip.model words.ns
is '--clip, --sample-rate' "$(meta clip.model privacy.clip)$(meta clip.model privacy.rate)" '0.5 0.2 '

# from public data
plain --public -o public.model hushed.ns
is 'a public model says so' "$(meta public.model privacy.public)$(meta public.model privacy.guarantee)" \
	'yes NO PRIVACY GUARANTEE '
learn --sigma 2 -i public.model -o warm.model hushed.ns
is 'and may be started from' "$(meta warm.model train.warm)$(meta warm.model train.steps)" '1 4 '
is 'what is learnt of it is not public' "$(meta warm.model privacy.public)" ''

# ---- what is not told ----
series=$(ns-cat -C hushed.ns | awk '$1 == "total" { print $5 }')
steps=$(ns-cat -C hushed.ns | awk '$1 == "total" { print $6 }')
for kind in learn play; do
	in=$([ $kind = learn ] && echo hushed || echo words)
	# shellcheck disable=SC2086,SC2046
	ns-train -v -v $([ $kind = learn ] && echo $ar || echo $gan) --steps 4 --sample-rate .1 --sigma 2 --insecure-test \
		-s 1 -l $kind.log -k $kind.ck --checkpoint-every 4 -o told.model $in.ns 2>err
	for f in told.model $kind.ck; do
		is "$kind: names of files told in $f" "$(grep -acE 'hushed|words\.ns|\.csv' $f)" 0
		ns-cat -H $f | sed 1d >told.head
		is '  checksums' "$(ns-cat -H $in.ns | sed -n 's/.*crc32c:\([0-9a-f]*\).*/\1/p' | sort -u | grep -cFf - told.head)" 0
		is '  counts' "$(grep -cE "=($series|$steps)$" told.head)" 0
		is '  noisy ones' "$(grep -cE 'chunk\.(series|records)=[1-9]' told.head)" 2
	done
	ok "$kind: told by -v" test -s err
	is '  but nothing of the data' "$(grep -vE '^ns-train(\[chunk 0\])?: (kernel=[A-Za-z0-9]+ by=[A-Za-z]+|private unit=flow rate=0.1 sums=[0-9]+ sigma=2 counts=[0-9.]+ series=[0-9.]+|parameters=.*|epoch=1 step=4.*)$' err)" ''
	# the generator's loss is of what the critics make of fakes
	is '  nor of its losses' "$(grep -c 'loss_[^g]' err)" 0
	is '  nor in the log' "$(awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) loss[i] = $i ~ /^loss_[^g]/; next }
		{ for (i = 1; i <= NF; i++) if (loss[i] && $i ~ /[0-9]/) print }' $kind.log)" ''
done

# equal data has equal names in a ledger alone: as these, two of whose chunks are empty
ns-chunk -q --from 1700000000 --to 1700000288 --max-steps 20 --unit flow -n 4 hushed.flows |
	ns-encode -q -P -p netshare -o empty.ns
for c in 2 3; do
	play --sigma 1 -c $c --ledger empty.ledger -o empty.$c.model empty.ns
done
name='data=[0-9a-f]\{16\}'
is 'the ledger knows that both have the same data' "$(grep -o "$name" empty.ledger | sort -u | wc -l)" 1
is 'their models do not tell' \
	"$(for c in 2 3; do ns-cat -H empty.$c.model | grep -o "$name" | sort -u; done | sort | uniq -d)" ''
is 'nor by the name that the ledger has' \
	"$(cat empty.?.model | ns-cat -H | grep -c "$(sed -n 's/.* data=\([0-9a-f]*\) .*/\1/p' empty.ledger | head -n 1)")" 0
# ---- how many steps, which is as public as the ledger ----
head -n 12 hushed.csv | ns-ingest -q >few.flows
# shellcheck disable=SC2086
ns-chunk -q $window --unit flow -n 1 few.flows | tee few.series | ns-encode -q -P -p symbol -o few.ns
ns-encode -q -P -p netshare -o fewwords.ns few.series
for in in hushed few; do
	# shellcheck disable=SC2086
	ns-train -q $ar --sigma 1 -o usual.model $in.ns
	is "by default 200 steps, of $in too" "$(meta usual.model train.steps)" '200 '
done
for in in words fewwords; do
	# shellcheck disable=SC2086
	ns-train -q $gan --sigma 1 -o usual.model $in.ns
	is "and 300 of doppelganger, of $in too" "$(meta usual.model train.steps)" '300 '
done
is 'which is what the ledger is to pay for' "$(sed -n 's/.*what=sgd .* planned=\([0-9]*\) .*/\1/p' usual.model.ledger | sort -un | tr '\n' ' ')" '200 300 '

# ---- many chunks ----
for kind in learn play; do
	in=$([ $kind = learn ] && echo three || echo threewords)
	rm $kind.model.ledger
	$kind --epsilon 3 -o $kind.model $in.ns
	is "$kind: models of three chunks" "$(meta $kind.model chunk.index)" '0 1 2 '
	is '  each says what all cost a unit' "$(meta $kind.model privacy.epsilon | tr ' ' '\n' | sort -u | tr '\n' ' ')" \
		"$(spent $kind.model.ledger | cut -d ' ' -f 3) "
	is '  of one run' "$(spent $kind.model.ledger | cut -d ' ' -f 1)" 1
	ok '  can be drawn' sh -c "ns-sample -q -n 20 $kind.model >/dev/null"
done
# chunks that were cut apart from each other: what one unit is and may have is not what they say
awk -F , -v OFS=, 'NR > 1 { $6 = sprintf("%.0f", $6 + 36000000) } 1' hushed.csv | ns-ingest -q >later.flows
# shellcheck disable=SC2086
apart() { # apart FILE NAME OPTION...: two chunks to NAME.0 and NAME.1
	_flows=$1
	_name=$2
	shift 2
	ns-chunk -q $window -n 2 "$@" -o "$_name.series.%d" "$_flows"
	for _c in 0 1; do
		ns-encode -q -P -o "$_name.$_c" "$_name.series.$_c"
	done
}
apart hushed.flows early --unit flow
apart later.flows late --unit flow
cat early.0 late.1 >apart.ns
fails 65 'a unit is in more than the 1 chunks that privacy.max_chunks says' play --epsilon 1 -o no.model apart.ns
is 'and nothing is left of them' "$(ls -d no.* 2>/dev/null)" ''
cat early.0 early.1 >apart.ns
ok 'of one trace they go together' play --epsilon 1 -o apart.model apart.ns

# ---- checkpoints ----
# of FILE KEY: the greatest number of steps of gradients in a ledger
paid() {
	sed -n 's/.*what=sgd .* steps=\([0-9]*\) .*/\1/p' "$1" | sort -n | tail -n 1
}
at() { # at CHECKPOINT: steps in it
	meta "$1" run.step | tr -d ' '
}
# killed KIND-OPTIONS INPUT KILLS OPTION...: a run of so many steps that is killed so often, each time
# a little behind another checkpoint
killed() {
	_kind=$1
	_in=$2
	_kills=$3
	shift 3
	_less=0
	_keys=0
	while [ "$_kills" -gt 0 ]; do
		_was=$(ls -i ck 2>/dev/null)
		# shellcheck disable=SC2086
		ns-train -q $_kind --sample-rate .1 "$@" -k ck --checkpoint-every 2 -o broken.model "$_in" 2>>err &
		_pid=$!
		while [ "$(ls -i ck 2>/dev/null)" = "$_was" ] && kill -0 $_pid 2>/dev/null; do
			sleep .01
		done
		[ $((_kills % 3)) = 0 ] || sleep .0$((_kills % 7))
		kill -9 $_pid 2>/dev/null
		wait $_pid 2>/dev/null
		_kills=$((_kills - 1))
		[ -e broken.model ] && break
		[ -e ck ] && [ "$(paid ck.ledger)" -lt "$(at ck)" ] && _less=$((_less + 1))
		[ -e ck.key ] && [ "$(mode ck.key)" = 1 ] && _keys=$((_keys + 1))
	done
	# shellcheck disable=SC2086
	ns-train -q $_kind --sample-rate .1 "$@" -k ck --checkpoint-every 2 -o broken.model "$_in" 2>>err
}
for kind in learn play; do
	in=$([ $kind = learn ] && echo hushed || echo words).ns
	kills=$([ $kind = learn ] && echo 2 || echo 4)
	words=$([ $kind = learn ] && echo "$ar" || echo "$gan")
	long=$([ $kind = learn ] && echo 8 || echo 200)
	rm -f ck ck.* broken.model err
	$kind --steps $long --sigma 2 --insecure-test -s 3 --ledger straight.ledger -o straight.model $in
	head -n 1 straight.ledger >ck.ledger
	chmod 600 ck.ledger
	killed "$words" $in "$kills" --steps $long --sigma 2 --insecure-test -s 3
	is "$kind, killed: nothing is told" "$(cat err)" ''
	is '  the ledger never says less than a checkpoint has' $_less 0
	ok '  bytes of an unbroken run' cmp straight.model broken.model
	rm -f ck ck.* broken.model straight.ledger
done
# The key is kept by code that does not know the kind.
play --steps 200 --sigma 2 --ledger straight.ledger -o straight.model words.ns
killed "$gan" words.ns 4 --steps 200 --sigma 2
is "with a secret key: nothing is told" "$(cat err)" ''
is '  the ledger never says less than a checkpoint has' $_less 0
ok '  the key is beside the checkpoint, for its owner alone' test "$_keys" -gt 0
ok '  and gone in the end' test ! -e ck.key
is '  kills cost nothing' "$(spent ck.ledger)" "$(spent straight.ledger)"
fails 65 "checkpoint 'ck' has no key beside it: its run has ended" play --steps 200 --sigma 2 -k ck -o x words.ns
rm -f ck ck.* straight.ledger

# another option: other noise, another run, none of the old checkpoint
rm -f ck ck.* err
# shellcheck disable=SC2086
ns-train -q $gan --sample-rate .1 --steps 20000 --sigma 20 --checkpoint-every 2 -k ck -o x words.ns 2>err &
pid=$!
while [ ! -e ck ] && kill -0 $pid 2>/dev/null; do
	sleep .01
done
kill -TERM $pid
wait $pid
is 'a signal stops it' $? 75
cp ck.ledger kept.ledger
for option in '--steps 2000' '--sigma 30' '--sample-rate .2' '--clip 2' '--delta 1e-6' '--d-lr .01'; do
	# shellcheck disable=SC2086
	fails 65 "checkpoint 'ck' is of a run with other options" play --steps 20000 --sigma 20 $option -k ck -o x words.ns
done
if kernel=$(kernels); then
	OPENBLAS_CORETYPE=$kernel
	export OPENBLAS_CORETYPE
	fails 65 "checkpoint 'ck' was computed with BLAS kernel '[A-Za-z]*', this is '$kernel'" play --steps 20000 --sigma 20 -k ck -o x words.ns
	unset OPENBLAS_CORETYPE
else
	skip 'nor by another BLAS kernel' 'there is but one'
fi
fails 65 "checkpoint 'ck' is of other data" play --steps 20000 --sigma 20 -c 1 -k ck -o x threewords.ns
# the same records, as these have one step each, but nets of another size
for most in 20 30; do
	ns-chunk -q --from 1700000000 --to 1700000072 --max-steps $most --unit flow -n 1 hushed.flows |
		ns-encode -q -P -p netshare | play --sigma 2 --insecure-test -s 1 --ledger shapes.ledger -o shape.model
done
is 'nor have other shapes the same noise' "$(spent shapes.ledger | cut -d ' ' -f 1)" 2
is 'though the records are the same' "$(sed -n 's/.* data=\([0-9a-f]*\) .*/\1/p' shapes.ledger | sort -u | wc -l)" 1
ok 'none of them has spent anything' cmp ck.ledger kept.ledger
ok 'nor made a model' test ! -e x
done_testing
