#!/bin/sh
# demo.sh [BIN]: learn the capture in share/demo and draw a synthetic one into demo/, with
# a report of how good it is.  `make demo` builds the tools and runs this.
set -eu
cd "$(dirname "$0")/.."
bin=${1:-build/bin}
out=demo
# Networks of two fifths of the usual width learn more in the time of a demonstration.
flags='--steps 600 --attr-units 200 --d-units 200 --attr-d-units 200'

begin=$(date +%s)
"${MAKE:-make}" --no-print-directory -f batch/netshare.mk -j 2 BIN="$bin" OUT=$out \
	TRACE=share/demo/westermo.pcap CHUNKS=4 CHUNK_FLAGS='-b count' SEED=1 \
	TRAIN_FLAGS="$flags" SEED_FLAGS='-t 2'
end=$(date +%s)

echo
cat $out/report.txt
cat <<EOT

$out/synthetic.pcap was drawn from $out/model/*.model in $((end - begin)) s; open it in Wireshark.
The scores are those of a short training.  Next, give it a trace of yours and more time:

    make -f batch/netshare.mk TRACE=your.pcap CHUNKS=10 -j$(nproc 2>/dev/null || echo 2)
EOT
