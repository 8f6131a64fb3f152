#!/bin/sh
# Scores of real pairs, the halves of real traces by flow, against those of independent
# implementations: on SciPy, within 1e-9, relative above 1; and of classifiers and anomalies
# on scikit-learn, within what their random numbers do.
. "$(dirname "$0")/lib.sh"
/usr/bin/python3 -c 'import scipy' 2>/dev/null || {
	echo "1..0 # SKIP no python3-scipy"
	exit 0
}

# halve NAME: 0.ns and 1.ns, and as CSV.
halve() {
	ns-ingest -q -o whole.ns "$(unpacked "$traces/$1")"
	for k in 0 1; do
		ns-cat --part $k/2 -o $k.ns whole.ns
		ns-decode -q -f csv -o $k.csv $k.ns
	done
}

for name in netflow/ugr16-july-week5-first2500.csv netflow/zeek-internet-host-2024-04-19.csv.xz \
	netflow/unsw-nb15-1-first8000.csv netflow/iot23-capture-34-1.csv.xz \
	pcap/caida-small-first6000.pcap pcap/westermo-right-first-hour.pcap.xz \
	pcap/p2p-gnutella.pcap; do
	halve "$name"
	ns-eval -q -f tsv -m fields,joint,flow -o ours 0.ns 1.ns
	/usr/bin/python3 "$top/tests/ref/eval_scipy.py" 0.csv 1.csv theirs
	is "$name" "$(awk -F'\t' '
		NR == FNR { got[$1] = $2; next }
		{
			d = got[$1] - $2; scale = $2 > 1 ? $2 : 1; n++
			if (!($1 in got) || d > 1e-9 * scale || d < -1e-9 * scale)
				print $1, got[$1], $2
		}
		END { print (n > 35 ? "compared" : "too few: " n) }' ours theirs)" compared
done

if ! /usr/bin/python3 -c 'import sklearn' 2>/dev/null; then
	skip "classifiers and anomalies" "no python3-sklearn"
	done_testing
	exit 0
fi
for name in netflow/ctu-zeek-mixed-011.csv pcap/caida-small-first6000.pcap; do
	halve "$name"
	ns-eval -q -t 2 --seeds 2 -f tsv -m classifier,types,anomaly -o ours 0.ns 1.ns
	/usr/bin/python3 "$top/tests/ref/eval_sklearn.py" 0.csv 1.csv theirs
	is "$name: classifiers, types or anomalies" "$(awk -F'\t' '
		NR == FNR { got[$1] = $2; next }
		{
			d = got[$1] - $2; n++
			if (!($1 in got) || d > $3 || d < -$3)
				print $1, got[$1], $2
		}
		END { print (n >= 14 ? "compared" : "too few: " n) }' ours theirs)" compared
done
done_testing
