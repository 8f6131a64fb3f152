#!/bin/sh
# demo.sh [BIN]: learn one half of the capture in share/demo and draw a synthetic one into
# demo/, with a page on how good it is.  `make demo` builds the tools and runs this.
set -eu
cd "$(dirname "$0")/.."
bin=${1:-build/bin}
out=demo

begin=$(date +%s)
"${MAKE:-make}" --no-print-directory -f batch/netshare.mk -j 2 BIN="$bin" OUT=$out \
	TRACE=share/demo/westermo.pcap SEED=1 HOLD_OUT=yes TRAIN_FLAGS='-t 2'
end=$(date +%s)

show='mean_jsd mean_emd_n mean_joint_jsd correlation_mean flow_size flow_duration inter_arrival
classifier_records classifier_flows rule_all leak_records leak_tuples leak_mia_auc tshark
sketch_mean anomaly_cross_mean'
echo
sed '/^synthetic/,$d' $out/report/scores.txt
printf '%-24s %-20s %12s %12s %12s %12s  %s\n' metric measure value floor independent bootstrap verdict
for metric in $show; do
	grep "^$metric " $out/report/scores.txt || :
done
cat <<EOT

$out/synthetic.pcap was drawn from $out/model/*.model in $((end - begin)) s; open it in Wireshark.
These are some of the scores.  All are in $out/report/scores.txt.
Next, give it a trace of yours:

    make -f batch/netshare.mk TRACE=your.pcap HOLD_OUT=yes TRAIN_FLAGS='-t $(nproc 2>/dev/null || echo 2)'

How good it is, with plots: open this page in a browser.

    $(pwd)/$out/report/index.html
EOT
