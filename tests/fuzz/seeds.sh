#!/bin/sh
# seeds.sh OUT: inputs to begin with, in OUT/TARGET, made from the data of other tests.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
out=${1:?usage: seeds.sh OUT}
data=$top/tests/data
mkdir -p "$out/stream" "$out/csv" "$out/header" "$out/capture"

# Streams of every kind, and two of one kind joined.
cp "$data"/stream/*.ns "$out/stream/"
cat "$data/stream/packet.ns" "$data/stream/packet.ns" >"$out/stream/joined.ns"

# CSV of packets and flows, a few rows each.
for f in "$data"/eval/*-real.csv; do
	head -n 8 "$f" >"$out/csv/$(basename "$f")"
done
printf 'srcip,dstip,srcport,dstport,proto,ts,td,pkt,byt,type,label\n"10.0.0.1",::1,1,2,TCP,1e9,.5,1,40,"a, ""b""",\n' \
	>"$out/csv/quoted.csv"

# A capture of a few packets, and their frames one by one.
demo=$top/share/demo/westermo.pcap
head -c 2000 "$demo" >"$out/capture/cut.pcap"
perl -e '
	my ($from, $to) = @ARGV;
	open my $in, "<:raw", $from or die; local $/; my $all = <$in>;
	my ($at, %seen) = (24);
	while ($at + 16 <= length $all && keys %seen < 40) {
		my (undef, undef, $len) = unpack "V3", substr $all, $at, 16;
		my $frame = substr $all, $at + 16, $len;
		$at += 16 + $len;
		next if $seen{substr($frame, 12, 12) . $len}++;
		open my $o, ">:raw", sprintf "%s/frame-%02d", $to, scalar keys %seen or die;
		print $o $frame;
	}' "$demo" "$out/header"
