#!/bin/sh
# NetShare's example budget on its own flow sample: 40 epochs on two chunks of time, three
# seeds, 671 records, the options fixed beforehand.  The published code, run end to end
# on the same file, reached a mean JSD of .189 and a mean normalised EMD of .131 there (its
# best of three sample lengths and eight checkpoints); the mean of three must be no worse.
. "$(dirname "$0")/lib.sh"

ns-ingest -q "$traces/netflow/ugr16-small.csv" | ns-chunk -n 2 -o series.ns
ns-ingest -q -o real.ns "$traces/netflow/ugr16-small.csv"
for seed in 1 2 3; do
	ns-encode -s $seed series.ns | ns-train -s $seed -e 40 |
		ns-sample -s $seed --records 671 | ns-decode -o synthetic.ns
	is "seed $seed: records" "$(ns-cat -T synthetic.ns | sed 1d | wc -l)" 671
	ns-eval -f tsv -m mean_jsd,mean_emd_n real.ns synthetic.ns >>scores
done

# mean METRIC LIMIT: the mean of the three values, compared with the limit.
mean() {
	awk -v m="$1" -v limit="$2" '
	$1 == m { s += $2; n++ }
	END { printf "%s %.4f, limit %s\n", m, s / n, limit; exit !(n == 3 && s / n <= limit) }
	' scores
}
sed 's/^/# /' scores
echo "# $(mean mean_jsd .189)"
echo "# $(mean mean_emd_n .131)"
ok "mean JSD no worse than the published code's" mean mean_jsd .189
ok "mean normalised EMD no worse than the published code's" mean mean_emd_n .131
done_testing
