#!/bin/sh
# ns-account: what ledgers hold, what is calculated, and what is refused.  Steps of one run
# added up, an entry with a wrong checksum taken, and a total over different units fail here.
. "$(dirname "$0")/lib.sh"
ledger=$data/ledger/trace.ledger

# entry RUN DATA WHAT NET UNIT Q SIGMA STEPS CHUNKS DELTA: a line of a ledger.
entry() {
	echo "run=$1 data=$2 what=$3 net=$4 unit=$5 q=$6 sigma=$7 clip=1 steps=$8 planned=$8 series=1 chunks=$9 delta=${10}" | crc
}
# Lines with their CRC-32C behind them.
crc() {
	perl -ne '
		chomp;
		my $crc = 0xffffffff;
		for (unpack "C*") {
			$crc ^= $_;
			$crc = $crc & 1 ? $crc >> 1 ^ 0x82f63b78 : $crc >> 1 for 1 .. 8;
		}
		printf "%s crc=%08x\n", $_, $crc ^ 0xffffffff;'
}
head=$(echo "netshare-ledger 1 secret=$(printf '%064d' 7)" | crc)
a=aaaaaaaaaaaaaaaa
b=bbbbbbbbbbbbbbbb
c=cccccccccccccccc
# cells COLUMNS ARGUMENT...: of the rows below the head
cells() {
	_c=$1
	shift
	ns-account -q -f tsv "$@" | sed 1d | cut -f "$_c" | tr '\t\n' ' .'
}

is 'what was spent' "$(ns-account "$ledger")" \
	'data              unit    runs  mechanisms      epsilon  rdp    order  delta  neighbours
91f4c02be67a3d58  src_ip  1     counts:1,sgd:1  1.837    2.054  9.7    1e-06  add-remove
total             src_ip  1     counts:1,sgd:1  1.837    2.054  9.7    1e-06  add-remove'
is 'as TSV' "$(ns-account --format=tsv "$ledger" | head -n 2 | tr '\t' '|')" \
	'data|unit|runs|mechanisms|epsilon|rdp|order|delta|neighbours
91f4c02be67a3d58|src_ip|1|counts:1,sgd:1|1.837|2.054|9.7|1e-06|add-remove'
is 'from standard input' "$(ns-account <"$ledger")" "$(ns-account "$ledger")"
is 'twice the same is once' "$(ns-account "$ledger" - <"$ledger")" "$(ns-account "$ledger")"
is 'joined ledgers' "$(cat "$ledger" "$ledger" | ns-account)" "$(ns-account "$ledger")"
is 'at another delta' "$(cells 5,8 -d 1e-9 "$ledger")" '2.500 1e-09.2.500 1e-09.'
is 'to a file' "$(ns-account -o told "$ledger"; cat told)" "$(ns-account "$ledger")"

# What a header of a model shows: indented, behind a key, line ends as \x0a.
{
	echo 'stream 0 of m.model'
	printf '    privacy.ledger='
	sed 1d "$ledger" | head -n 2 | tr '\n' '@' | sed 's/@/\\x0a/g'
	echo
	sed 1d "$ledger" | sed '1,2d;s/^/    /'
} >shown
is 'entries in other text' "$(ns-account shown)" "$(ns-account "$ledger")"

# One run says how far it is; the most counts, and is what its steps cost.
entry $a $b sgd -1 flow 0.01 1 300 1 1e-6 >one
{
	entry $a $b sgd -1 flow 0.01 1 300 1 1e-6
	entry $a $b sgd -1 flow 0.01 1 100 1 1e-6
	entry $a $b sgd -1 flow 0.01 1 200 1 1e-6
} >run
is 'steps of one run' "$(cells 5 run)" "$(cells 5 one)"
is 'as calculated' "$(cells 5 one | cut -d. -f 1,2)" \
	"$(cells 5 --q 0.01 --sigma 1 --steps 300 -d 1e-6 | cut -d. -f 1,2)"
entry $b $b sgd -1 flow 0.01 1 300 1 1e-6 >again
is 'another key is another run' "$(cells 3,4,5 one again | sed 's/.*\.2 /2 /')" \
	"2 sgd:2 $(cells 5 --q 0.01 --sigma 1 --steps 600 -d 1e-6)"
for net in 0 1 2 3; do
	entry $a $b sgd $net flow 0.01 2 1000 2 1e-6
done >nets
is 'as many nets as chunks of a unit' "$(cells 4,5 nets)" 'sgd:2 1.035.sgd:2 1.035.'
entry $a $a sgd -1 flow 0.01 1 300 1 1e-6 >model
is "a model's entry is the ledger's" "$(ns-account model one)" "$(ns-account one)"
is 'whichever comes first' "$(ns-account one model)" "$(ns-account one)"
is 'alone its data has the name of the run' "$(cells 1,5 model)" "$a $(cells 5 one | sed "s/\./&total /2")"

# Traces and units, each for itself.
{
	entry $c $a counts -1 flow 1 4 1 1 1e-5
	entry $c $b counts -1 flow 1 8 1 1 1e-7
} >traces
is 'each trace, all together' "$(cells 1,5,8 traces)" \
	"$a $(cells 5,8 --q 1 --sigma 4 --steps 1 -d 1e-5)$b $(cells 5,8 --q 1 --sigma 8 --steps 1 -d 1e-7)total $(
		cells 5,8 --q 1 --sigma 3.577708764 --steps 1 -d 1e-5)"
entry $c $a counts -1 src_ip 1 4 1 1 1e-5 >unit
is 'units have rows' "$(cells 1,2 traces unit)" "$a flow.$b flow.$a src_ip."
ns-account traces unit >out 2>err
is 'and no total' "$? $(cat err)" \
	"0 ns-account: no total: units differ, 'flow' and 'src_ip', and what protects one says nothing of the other"
fails 65 '^ns-account: no total: units differ' ns-account --max 9 traces unit
fails 65 '^ns-account: no total: units differ' ns-account --q 1 --steps 1 --epsilon 1 traces unit
echo "$head" >empty.ledger
is 'nothing spent' "$(cells 1,3,4,5,8 empty.ledger)" 'total 0 - 0.000 1e-05.'

# Calculations.
is 'what steps cost' "$(ns-account --q 0.01 --sigma 1 --steps 10000 -d 1e-6)" \
	'q     sigma  steps  runs  epsilon  rdp    order  delta  neighbours
0.01  1      10000  0     6.908    7.415  4.4    1e-06  add-remove'
is 'not sampled' "$(cells 5 --q 1 --sigma 50 --steps 1000)" '2.595.'
is 'what noise a budget needs' "$(cells 2,5 --q 0.01 --steps 2000 --epsilon 2 -d 1e-6)" '1.2458 2.000.'
is 'what a ledger leaves' "$(cells 2,4,5 --q 0.01 --steps 1000 --epsilon 3 "$ledger")" '0.9451 1 3.000.'
is 'no step, no cost' "$(cells 5 --q 0.5 --sigma 0 --steps 0)" '0.000.'
is 'no noise, no privacy' "$(cells 5,6 --q 0.5 --sigma 0 --steps 1)" 'inf inf.'
is 'nothing sampled needs no noise' "$(cells 2,5 --q 0 --steps 9 --epsilon 1)" '0 0.000.'
ns-account --q 0.001 --steps 20000 --sigma 0.2 >out 2>err
is 'a weak one is told' "$? $(cat err)" \
	'0 ns-account: epsilon 273.921 is weak: above 10 it promises little'

# Limits.
ok 'within the limit' ns-account --max 1.84 "$ledger"
fails 1 '^ns-account: epsilon 1.837 at delta 1e-06 is more than --max 1.8$' ns-account --max 1.8 "$ledger"
is 'the answer is there' "$(wc -l <out)" 3
fails 1 'is more than --max 1.8$' ns-account --max 1.8 --q 0.01 --sigma 2 --steps 9 "$ledger"

# What is refused.
fails 2 '^ns-account: -d must lie between 0 and 1' ns-account -d 0 "$ledger"
fails 2 '^ns-account: -d must lie between 0 and 1' ns-account -d 1 "$ledger"
fails 2 "^ns-account: -f is 'text' or 'tsv', not 'json'" ns-account -f json "$ledger"
fails 2 '^ns-account: --max must be above 0' ns-account --max 0 "$ledger"
fails 2 '^ns-account: --q and --steps go together' ns-account --q 1 --sigma 1
fails 2 '^ns-account: --q and --steps go together' ns-account --steps 1 --sigma 1
fails 2 '^ns-account: --sigma and --epsilon need --q' ns-account --sigma 1 "$ledger"
fails 2 '^ns-account: --sigma and --epsilon need --q' ns-account --epsilon 1 "$ledger"
fails 2 '^ns-account: --q needs either' ns-account --q 1 --steps 1
fails 2 '^ns-account: --q needs either' ns-account --q 1 --steps 1 --sigma 1 --epsilon 1
fails 2 '^ns-account: --epsilon cannot be combined with --max' ns-account --q 1 --steps 1 --epsilon 1 --max 1
fails 2 '^ns-account: --q must lie in 0 .. 1' ns-account --q 1.1 --steps 1 --sigma 1
fails 2 '^ns-account: --sigma must be at least 0' ns-account --q 1 --steps 1 --sigma -1
fails 2 '^ns-account: --epsilon must be above 0 and at most 1000' ns-account --q 1 --steps 1 --epsilon 0
fails 2 '^ns-account: what has been spent is epsilon 1.837 already' ns-account --q 1 --steps 1 --epsilon 1.8 "$ledger"
fails 2 '^ns-account: no noise keeps epsilon within 1' ns-account --q 1 --steps 9000000000000000000 --epsilon 1
fails 74 "^ns-account: cannot open 'none'" ns-account none
fails 65 "^ns-account: '\.' is a directory" ns-account .
fails 73 '^ns-account: ' ns-account -o no/where "$ledger"
echo text >text
fails 65 '^ns-account: text: no entries of a ledger' ns-account text
: >nothing
fails 65 '^ns-account: nothing: no entries of a ledger' ns-account nothing
sed 's/steps=500/steps=400/' "$ledger" >changed
fails 65 '^ns-account: changed: line 4: checksum does not match' ns-account changed
sed 's/steps=500/steps=400/' shown >changed
fails 65 '^ns-account: changed: line 3: no whole entry' ns-account changed
sed '1s/ 1 / 2 /' "$ledger" >newer
fails 65 '^ns-account: newer: line 1: a ledger of another version' ns-account newer
head -c -20 "$ledger" >torn
ns-account torn >out 2>err
is 'a line that was cut' "$? $(cat err) $(tail -n 1 out | awk '{ print $5 }')" \
	"0 ns-account: torn: the last line is cut short and left out $(sed '$d' "$ledger" | ns-account | tail -n 1 | awk '{ print $5 }')"
ns-account "$ledger" >/dev/full 2>err
is 'a full disk' "$?" 74
done_testing
