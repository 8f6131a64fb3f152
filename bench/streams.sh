# shellcheck shell=bash
# streams.sh: reading, cutting, encoding and writing packets at the speed of streams.

# stream_pipe NAME OPTIONS: a capture to tensors: time that passes, and CPU time of all three.
stream_pipe() {
	local name=$1 z=$2
	cost bash -c "set -o pipefail
		ns-ingest -q $z '$capture' | ns-chunk $z | ns-encode $z"
	row "ingest|chunk|encode $name" "$packets" packet wall_s "$wall"
	row "ingest|chunk|encode $name" "$packets" packet cpu_s "$cpu"
}

bench_streams() {
	local packets=${PACKETS:-1000000} capture=$tmp/big.pcap few=$tmp/few.pcap n_few
	"$build/bench/repeat" "$packets" "$one" >"$capture"
	# Takes apart some 50,000 packets a second: a tenth of the capture is enough of it.
	n_few=$((packets / 10))
	"$build/bench/repeat" "$n_few" "$one" >"$few"

	beside ingest "$packets" packet capinfos '' \
		ns-ingest -q "$capture" :: capinfos "$capture"
	beside ingest "$packets" packet tcpdump '-w -' \
		ns-ingest -q "$capture" :: tcpdump -n -r "$capture" -w -
	mkdir "$tmp/nfcapd"
	beside ingest "$packets" packet nfpcapd '-t 3600' \
		ns-ingest -q "$capture" :: nfpcapd -t 3600 -r "$capture" -w "$tmp/nfcapd"
	# Port 9 discards, and nobody has to listen.  Its control socket makes softflowd 1.1.0
	# wait for ever at times.
	beside ingest "$packets" packet softflowd '' \
		ns-ingest -q "$capture" :: timeout 300 softflowd -d -r "$capture" \
		-n 127.0.0.1:9 -p "$tmp/softflowd.pid" -c none
	beside ingest "$n_few" packet tshark '-n -T fields' \
		ns-ingest -q "$few" :: tshark -n -r "$few" -T fields -e frame.time_epoch \
		-e ip.src -e ip.dst -e tcp.srcport -e tcp.dstport -e udp.srcport \
		-e udp.dstport -e ip.proto -e ip.len -e ip.id -e ip.ttl

	ns-ingest -q -o "$tmp/packets.ns" "$capture"
	ns-cat -T "$tmp/packets.ns" | tail -n +2 >"$tmp/packets.tsv"
	beside chunk "$packets" packet sort 'by flow and time' \
		ns-chunk "$tmp/packets.ns" :: sort -t '	' -k 2,6 -k 1,1n "$tmp/packets.tsv"
	rm "$tmp/packets.tsv"
	ns-chunk -o "$tmp/series.ns" "$tmp/packets.ns"
	cost ns-encode "$tmp/series.ns"
	row encode "$packets" packet cpu_s "$cpu"
	stream_pipe '-z 0' '-z 0'
	stream_pipe '' ''
	ns-encode -o "$tmp/tensor.ns" "$tmp/series.ns"
	cost ns-decode -f pcap "$tmp/tensor.ns"
	row 'decode -f pcap' "$packets" packet cpu_s "$cpu"
	rm -r "$capture" "$few" "$tmp/packets.ns" "$tmp/series.ns" "$tmp/tensor.ns" "$tmp/nfcapd"
}
