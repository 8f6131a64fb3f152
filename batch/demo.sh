#!/bin/sh
# demo.sh [BIN]: learn the capture in share/demo and draw a synthetic one into demo/, with
# a report of how good it is.  `make demo` builds the tools and runs this.
set -eu
cd "$(dirname "$0")/.."
bin=${1:-build/bin}
out=demo
flags='-T 20'

begin=$(date +%s)
"${MAKE:-make}" --no-print-directory -f batch/netshare.mk -j 2 BIN="$bin" OUT=$out \
	TRACE=share/demo/westermo.pcap CHUNKS=4 SEED=1 TRAIN_FLAGS="$flags"
end=$(date +%s)

echo
cat $out/report.txt
cat <<EOT

$out/synthetic.pcap was drawn from $out/model/*.model in $((end - begin)) s; open it in Wireshark.
The scores are those of a short training.  Next, give it a trace of yours and more time:

    make -f batch/netshare.mk TRACE=your.pcap CHUNKS=10 -j$(nproc 2>/dev/null || echo 2)
EOT
