#!/bin/sh
# Does a synthetic trace tell who was in the trace that was learnt?  Models of one half of a
# real trace, attacked by the leakage group of ns-eval with the other half as hold-out; and a
# flow unlike all others, which is looked for in what is drawn.  What learns by heart must
# alarm, else that private models do not says nothing:
#   replay: the half itself
#   by heart: no noise, no hold-out, no dropout, some 240 flows, hundreds of times
#   same without noise: the private training of the same flows, but for noise and clip
# Prints each attack with the bound that chance stays below (3 standard errors, or exact).
. "$(dirname "$0")/lib.sh"

from=2022-06-12T00:00:00Z
to=2022-06-15T00:00:00Z
runs=10 # draws that are looked through for the flow

# scores NAME TRAIN HOLD_OUT SYNTHETIC: to NAME.tsv and, as comments, to stdout.
scores() {
	ns-eval -q -f tsv -m leakage --hold-out "$3" -o "$1.tsv" "$2" "$4" ||
		fail "scores of $1"
	awk -F'\t' -v name="$1" '$1 ~ /mia|nearest/ {
		printf "# %s: %s %.3f, bound %.3f\n", name, $1, $2, $3 }' "$1.tsv"
}
# value NAME METRIC, alarms NAME METRIC: it is above its bound
value() { awk -F'\t' -v m="$2" '$1 == m { print $2 }' "$1.tsv"; }
alarms() {
	awk -F'\t' -v m="$2" '$1 == m { found = 1; above = $2 > $3 }
		END { exit !(found && above) }' "$1.tsv"
}
# silent NAME: no attack is above what chance gives
silent() {
	for m in leak_nearest leak_mia_auc leak_mia_tpr leak_nearest_auc; do
		if [ "$(awk -F'\t' -v m=$m '$1 == m && $3 > 0 && $2 <= $3' "$1.tsv" | wc -l)" != 1 ]; then
			echo "$1: $m $(value "$1" $m)" >&2
			return 1
		fi
	done
}
# above NAME METRIC LEAST: alarms, and is at least so much
above() {
	alarms "$1" "$2" && awk -v x="$(value "$1" "$2")" -v least="$3" 'BEGIN { exit !(x > least) }'
}

# plant FROM TO: a flow of 12 records of addresses, ports and sizes that nobody has
plant() {
	ns-decode -q -f csv "$1" | awk -F, -v OFS=, -v CONVFMT=%.0f '
		NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i }
		NR == 2 { t = $c["ts"] }
		{ print }
		END {
			$c["srcip"] = "203.0.113.77"; $c["dstip"] = "198.51.100.99"
			$c["srcport"] = 31337; $c["dstport"] = 31338; $c["proto"] = 17
			$c["td"] = 1; $c["pkt"] = 77777; $c["byt"] = 7777700
			for (i = 0; i < 12; i++) {
				$c["ts"] = t + i * 1000000
				print
			}
		}' | ns-ingest -q -f csv -o "$2" -
}
# planted STREAM: records that have an address or the packets of that flow
planted() {
	ns-cat -T "$1" | awk -F'\t' '
		NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
		$c["src_ip"] == "203.0.113.77" || $c["dst_ip"] == "198.51.100.99" ||
			$c["n_pkts"] == 77777 { n++ }
		END { print n + 0 }'
}
# seen MODEL: in how many of the draws it is
seen() {
	_k=0
	_s=0
	while [ $_s -lt $runs ]; do
		_s=$((_s + 1))
		ns-sample -q -s $_s -n 250 "$1" | ns-decode -q -o draw.ns
		[ "$(planted draw.ns)" = 0 ] || _k=$((_k + 1))
	done
	echo $_k
}
# chance K L: how probable it is that of K + L draws in which it is, K or more fall to the first
# of two models alike (Fisher, exact)
chance() {
	awk -v a="$1" -v b="$2" -v n=$runs '
		function choose(n, k, r, i) {
			if (k < 0 || k > n)
				return 0
			r = 1
			for (i = 1; i <= k; i++)
				r *= (n - k + i) / i
			return r
		}
		BEGIN {
			for (i = a; i <= n; i++)
				p += choose(n, i) * choose(n, a + b - i) / choose(2 * n, a + b)
			printf "%.3g\n", p
		}'
}
# told NAME yes|no: are there more draws with it than chance gives (.00135) where $never is what
# a model has that never saw it
told() {
	_seen=$(seen "$1.model")
	_p=$(chance "$_seen" "$never")
	echo "# $1: in $_seen of $runs draws, without it $never, p $_p"
	is "$1: is the flow given away" "$(echo "$_p" | awk '
		NF != 1 { print "not told"; next }
		{ print ($1 < .00135 ? "yes" : "no") }')" "$2"
}

# private NAME STREAM PROFILE OPTIONS...: encoded, learnt and drawn from, to NAME.ns
private() {
	_name=$1
	ns-chunk -q -n 1 --unit flow --from $from --to $to "$2" |
		ns-encode -q -P -p "$3" --ip 4 -o "$_name.t" || fail "$_name: encoded"
	shift 3
	ns-train -q -t 2 --ledger "$_name.ledger" -o "$_name.model" "$@" "$_name.t" ||
		fail "$_name: learnt"
	ns-sample -q -s 3 "$_name.model" | ns-decode -q -o "$_name.ns" || fail "$_name: drawn"
}

ns-ingest -q -o all.ns "$(unpacked "$traces/netflow/ctu-zeek-mixed-008.csv")"
for k in 0 1; do
	ns-cat --part $k/2 -o half$k.ns all.ns
	ns-cat --part $k/20 -o few$k.ns all.ns
done
plant half0.ns half.ns
plant few0.ns few.ns
is "nobody else is like the flow that is planted" "$(planted all.ns) $(planted half.ns) $(planted few.ns)" \
	"0 12 12"

# ---- What must alarm ----
scores replay half0.ns half1.ns half0.ns
ok "replay alarms" above replay leak_mia_auc .95
ns-chunk -q -n 1 few.ns | ns-encode -q -p symbol --min-count 1 -o heart.t
ns-train -q -t 2 -m autoregressive --hold-out 0 --dropout 0 --smooth 0 --steps 400 -o heart.model heart.t
ns-sample -q -s 3 heart.model | ns-decode -q -o heart.ns
scores heart few.ns few1.ns heart.ns
ok "what learnt by heart alarms" above heart leak_mia_auc .6
ok "by the closest flow, too" above heart leak_nearest_auc .6
private quiet few.ns symbol -m autoregressive --sigma 0 --clip 1e6 --steps 400 --sample-rate .9 \
	--batch-size 225
scores quiet few.ns few1.ns quiet.ns
ok "private training without noise and clip alarms" above quiet leak_mia_auc .6

# ---- What must not ----
private few-private few.ns symbol -m autoregressive --epsilon 2 --steps 400 --sample-rate .9 \
	--batch-size 225
scores few-private few.ns few1.ns few-private.ns
ok "the same with noise and clip does not" silent few-private
private half-private half.ns symbol -m autoregressive --epsilon 2 --steps 200 --sample-rate .1
scores half-private half.ns half1.ns half-private.ns
ok "a private autoregressive model does not" silent half-private
private gan half.ns netshare -m doppelganger --epsilon 2 --steps 20 --sample-rate .1 \
	--d-units 64 --attr-d-units 64 --attr-units 64
scores gan half.ns half1.ns gan.ns
ok "a private DoppelGANger does not" silent gan

# ---- The flow unlike others ----
private never half0.ns symbol -m autoregressive --epsilon 2 --steps 200 --sample-rate .1
never=$(seen never.model)
told heart yes
for name in few-private half-private gan; do
	told $name no
done
done_testing
