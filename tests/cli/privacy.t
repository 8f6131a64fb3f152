#!/bin/sh
# What synthetic files say of their privacy, from the model to the report.  Catches: a
# guarantee that is lost, one that is kept though a chunk has none, runs that are not added
# up, a notice that stays beside another trace, real data with a notice, a leaky report that
# does not say so, a private number where there was none before.
. "$(dirname "$0")/lib.sh"

words='at delta 1e-05 for each flow, added or removed'
none='NO PRIVACY GUARANTEE'
meta() { # meta FILE [PATTERN]: META privacy.* of FILE that is of its guarantee
	ns-cat -H "$1" | sed -n "s/^ *privacy\.\(${2:-guarantee\|epsilon\|delta\|unit}=.*\)/\1/p" | paste -sd ' '
}
whole() { # whole EPSILON [DELTA]
	echo "guarantee=epsilon $1 at delta ${2:-1e-05} for each flow, added or removed epsilon=$1 delta=${2:-1e-05} unit=flow"
}
tiny='--attr-units 8 --ctx-units 8 --lstm-units 8 --head-units 8'
small='--batch-size 20 --attr-units 8 --d-units 8 --attr-d-units 8 --lstm-units 8'

# 600 flows of one or two packets
awk 'BEGIN {
	print "srcip,dstip,srcport,dstport,proto,ts,pkt_len,tos,id,flag,off,ttl,tcpflags"
	for (i = 0; i < 900; i++)
		printf "10.0.0.%d,10.1.0.1,%d,443,6,%d,%d,0,%d,2,0,64,16\n", i % 7 + 1, 40000 + i % 600,
			1700000000 + i / 3, 40 + i % 9, i
}' >real.csv
ns-ingest -o real.ns real.csv
window='--from 2023-11-14T22:13:20Z --to 2023-11-14T22:18:20Z'
# shellcheck disable=SC2086
ns-chunk -n 1 --unit flow --max-steps 30 $window real.ns | ns-encode -P -p symbol -o symbols.ns
# shellcheck disable=SC2086
ns-train -m autoregressive $tiny --steps 2 --epsilon 2 --ledger ledger -o private.model symbols.ns
is "a private model: status" $? 0
# shellcheck disable=SC2086
ns-chunk -n 1 --max-steps 30 real.ns | ns-encode -p symbol | ns-train -q -m autoregressive $tiny --steps 2 -o plain.model

# ns-sample
ns-sample -n 40 -o sample.ns private.model
is "a sample says what its model does" "$(meta sample.ns)" "$(whole 2.000)"
is "by which run" "$(meta sample.ns run)" "$(meta private.model run)"
is "with the ledger's lines" "$(meta sample.ns 'ledger.[0-9]*')" "$(meta private.model 'ledger.[0-9]*')"
ns-sample -n 3 --temperature 0.7 --given proto=6 -o given.ns private.model
is "whatever is drawn" "$(meta given.ns)" "$(whole 2.000)"
ns-sample -n 10 -o plain-sample.ns plain.model
is "a sample without a guarantee" "$(meta plain-sample.ns)" "guarantee=$none"

# Chunks: runs of their own, a run of all, and one that claims nothing.
# shellcheck disable=SC2086
ns-chunk -n 2 --unit flow --max-steps 30 $window real.ns | ns-encode -P -o tensors.ns
train() { # train EPSILON CHUNK FILE
	# shellcheck disable=SC2086
	ns-train -m doppelganger $small --steps 2 --epsilon "$1" -c "$2" --ledger ledger -o "$3" tensors.ns
}
train 2 0 0.model
train 1 1 1.model
# shellcheck disable=SC2086
ns-train -q -m doppelganger $small --steps 2 -c 1 -o loose.model tensors.ns
# shellcheck disable=SC2086
ns-train -m doppelganger $small --steps 8 --epsilon 2 --ledger ledger -o both.model tensors.ns
cat 0.model 1.model | ns-sample -n 6 -o two.ns
is "runs add up, in each chunk" "$(meta two.ns)" "$(whole 3.000 2e-05) $(whole 3.000 2e-05)"
is "and each is told" "$(meta two.ns 'claim.[0-9]' | tr ' ' '\n' | grep -c 'epsilon=[21].000')" 4
cat both.model | ns-sample -n 6 -o both.ns
# the second net starts from the first, which has learnt the first chunk's units
is "a later model says what the first cost" "$(meta both.model epsilon)" 'epsilon=2.000 epsilon=2.000'
is "so do samples" "$(meta both.ns)" "$(whole 2.000) $(whole 2.000)"
cat 0.model loose.model | ns-sample -n 6 -o half.ns
is "a chunk without a guarantee takes it from all" "$(meta half.ns)" "guarantee=$none guarantee=$none"
is "and what there is, is told" "$(meta half.ns 'claim.0')" \
	"$(printf '%s\n' 0 1 | sed "s/.*/claim.0=run=$(meta 0.model run | cut -d = -f 2) unit=flow epsilon=2.000 delta=1e-05/" | paste -sd ' ')"

# ns-decode: streams
ns-decode -o synthetic.ns sample.ns
is "records say it" "$(meta synthetic.ns)" "$(whole 2.000)"
ns-decode -o again.ns synthetic.ns
is "and again" "$(meta again.ns)" "$(whole 2.000)"
ns-cat -o copied.ns synthetic.ns
is "ns-cat keeps it" "$(meta copied.ns)" "$(whole 2.000)"
ns-decode -o two-records.ns two.ns
is "of two runs" "$(meta two-records.ns)" "$(whole 3.000 2e-05)"
cat two-records.ns synthetic.ns | ns-decode -o joined.ns
is "of joined traces, each run once" "$(cat two-records.ns synthetic.ns two-records.ns | ns-decode | meta -)" \
	"$(meta joined.ns)"
is "all add up" "$(meta joined.ns)" "$(whole 5.000 3e-05)"
ns-decode -o mixed.ns synthetic.ns real.ns
is "with real records nothing is said" "$(meta mixed.ns)" ""
ns-decode -o decoded.ns symbols.ns
is "nor of real ones" "$(meta decoded.ns)" ""

# ns-decode: captures and CSV
strings() { tr -c '[:print:]' '\n' <"$1" | grep -E 'synthetic|privacy'; }
ns-decode -f pcapng -o out.pcapng sample.ns
is "pcapng: comments of the section" "$(strings out.pcapng)" "synthetic, made by netshare
privacy: epsilon 2.000 $words"
ok "pcapng: can be read" ns-ingest -o back.ns out.pcapng
ns-decode -f pcapng plain-sample.ns >plain.pcapng
is "pcapng: without a guarantee" "$(strings plain.pcapng | tail -n 1)" "privacy: $none"
ns-decode -f pcapng real.ns >real.pcapng
is "pcapng: real packets" "$(strings real.pcapng)" ""
for format in pcap csv; do
	ns-decode -f $format -o out.$format sample.ns 2>err
	is "$format: a notice beside it" "$(paste -sd ' ' out.$format.privacy)" "$(whole 2.000 |
		sed 's/^/privacy./; s/ epsilon=/ privacy.epsilon=/; s/ delta=/ privacy.delta=/; s/ unit=/ privacy.unit=/') privacy.$(meta sample.ns run)"
	is "$format: nothing else is said" "$(cat err)" ""
	ns-decode -f $format sample.ns >out 2>err
	is "$format: to standard output" "$(cat err)" \
		"ns-decode: privacy: epsilon 2.000 $words; -o FILE keeps that in FILE.privacy"
	is "$format: the same bytes" "$(cksum <out)" "$(cksum <out.$format)"
	is "$format: -q" "$(ns-decode -q -f $format sample.ns 2>&1 >/dev/null)" ""
	ns-decode -f $format -o /dev/null sample.ns 2>err
	is "$format: to a device" "$(wc -l <err)$(ls /dev/null.privacy 2>/dev/null)" 1
	ns-decode -f $format -o out.$format plain-sample.ns
	is "$format: a notice is of the trace that is there" "$(cat out.$format.privacy)" "privacy.guarantee=$none"
	ns-decode -f $format -o out.$format sample.ns
	ns-decode -f $format -o out.$format real.ns
	is "$format: also of a real one" "$(cat out.$format.privacy)" "privacy.guarantee=$none"
	ns-decode -f $format -o new.$format real.ns
	is "$format: of a real one no new notice" "$(ls new.$format*)" "new.$format"
	ns-decode -f $format sample.ns 2>err >/dev/full
	is "$format: a full device" "$?" 74
done
ns-decode -f pcap -o out.pcap sample.ns
head -c 1000 sample.ns >cut.ns
ns-decode -f pcap -o out.pcap cut.ns 2>err
is "what fails leaves the capture and its notice" "$? $(head -n 1 out.pcap.privacy)" \
	"65 privacy.guarantee=epsilon 2.000 $words"
mkdir there.pcap.privacy
fails 73 "cannot (create|rename).*there.pcap.privacy" ns-decode -f pcap -o there.pcap sample.ns

# ns-eval
score() { ns-eval -q -m SP "$@"; }
score real.ns synthetic.ns >scores.txt
is "text: a leaky report" "$(grep -c '^privacy    This is a leaky report' scores.txt)" 1
is "text: in its head" "$(grep -n -m 1 'leaky report' scores.txt | cut -d : -f 1)" 4
is "text: the guarantee beside the name" "$(grep -A 1 '^synthetic ' scores.txt | tail -n 1)" "privacy    epsilon 2.000 $words"
ns-decode -o plain.ns plain-sample.ns
is "without a guarantee nothing is said" "$(score real.ns plain.ns | grep -ci 'privacy\|leaky')" 0
is "one that has one is enough" "$(score real.ns a=plain.ns b=synthetic.ns | grep -ci 'leaky')" 1
is "of repeats all count" "$(score real.ns a=two-records.ns a=synthetic.ns | grep '^privacy    epsilon')" \
	"privacy    epsilon 5.000 at delta 3e-05 for each flow, added or removed"
score -f json real.ns synthetic.ns >scores.json
is "json: leaky_report" "$(grep -c '^  "leaky_report": "This is a leaky report' scores.json)" 1
is "json: privacy of the trace" "$(grep -c "\"privacy\": \"epsilon 2.000 $words\"" scores.json)" 1
is "json: without" "$(score -f json real.ns plain.ns | grep -c 'privacy\|leaky')" 0
is "tsv: as ever" "$(score -f tsv real.ns synthetic.ns | cut -f 1,6 | paste -sd ' ')" \
	"$(printf 'metric\ttrace SP\tsynthetic.ns')"
score -f html -d page real.ns synthetic.ns
is "page: leaky, in its head" "$(sed -n '/<header>/,/<\/header>/p' page/index.html | grep -c 'This is a leaky report')" 1
is "page: the guarantee on the card" "$(grep -c "<p class=\"sentence\">epsilon 2.000 $words" page/index.html)" 1

done_testing
