#!/bin/sh
# ns-ingest reads a capture of 1 GiB in less than 24 MiB.  The capture is the demonstration
# capture over and over; nothing but its size matters here.
. "$(dirname "$0")/../cli/lib.sh"
limit_kib=$((24 * 1024))

free_kib=$(df -Pk "$work" | awk 'NR == 2 { print $4 }')
if [ "$free_kib" -lt $((1280 * 1024)) ]; then
	skip "memory of ns-ingest on 1 GiB" "not enough room in TMPDIR"
	done_testing
	exit 0
fi
if [ ! -r /proc/self/status ]; then
	skip "memory of ns-ingest on 1 GiB" "no /proc to read a peak from"
	done_testing
	exit 0
fi

one=$top/share/demo/westermo.pcap
head -c 24 "$one" >big.pcap
tail -c +25 "$one" >part
times=$((1073741824 / $(wc -c <part) + 1))
# Ten at a time, or the loop would cost more than the test.
for _ in 1 2 3 4 5 6 7 8 9 10; do cat part; done >ten
i=0
while [ $i -lt $((times / 10 + 1)) ]; do
	cat ten
	i=$((i + 1))
done >>big.pcap

ns-ingest big.pcap >/dev/null 2>err &
pid=$!
peak=0
while kill -0 $pid 2>/dev/null; do
	now=$(awk '/^VmHWM:/ { print $2 }' /proc/$pid/status 2>/dev/null)
	[ -z "$now" ] || peak=$now
	sleep 0.2
done
wait $pid
is "ns-ingest of $(($(wc -c <big.pcap) / 1048576)) MiB: status" $? 0
echo "# peak $peak KiB"
ok "peak is below $limit_kib KiB" test "$peak" -gt 0 -a "$peak" -lt $limit_kib
done_testing
