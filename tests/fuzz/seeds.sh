#!/bin/sh
# seeds.sh OUT: inputs to begin with, in OUT/TARGET, made from the data of other tests.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
out=${1:?usage: seeds.sh OUT}
data=$top/tests/data
mkdir -p "$out/stream" "$out/csv" "$out/header" "$out/capture" "$out/referees" "$out/ledger"

# Streams of every kind, and two of one kind joined.
cp "$data"/stream/*.ns "$out/stream/"
cat "$data/stream/packet.ns" "$data/stream/packet.ns" >"$out/stream/joined.ns"

printf 'a/real.pcap\ttshark\t200\t1\na/real.pcap\tzeek\t200\t0\nb.pcap\ttshark\t9\t9\n' >"$out/referees/two"

# A ledger, its entries without their head, and one that a crash cut short.
perl -e '
	my ($to) = @ARGV;
	sub line { # with its CRC-32C
		my ($text, $crc) = (@_, 0xffffffff);
		for (unpack "C*", $text) {
			$crc ^= $_;
			$crc = $crc & 1 ? $crc >> 1 ^ 0x82f63b78 : $crc >> 1 for 1 .. 8;
		}
		return sprintf "%s crc=%08x\n", $text, $crc ^ 0xffffffff;
	}
	sub put {
		open my $o, ">", "$to/" . shift or die;
		print $o @_;
	}
	my $head = line("netshare-ledger 1 secret=" . "5e" x 32);
	my @lines = map { line("run=" . "a1" x 8 . " data=" . "d0" x 8 . " $_") }
		"what=counts net=0 unit=flow q=1 sigma=5.2 clip=1 steps=1 planned=1 series=2 chunks=1 delta=1e-05",
		"what=sgd net=-1 unit=src_ip q=0.01 sigma=1.1 clip=0.5 steps=100 planned=1000 series=16 chunks=2 delta=1e-06";
	put("whole", $head, @lines);
	put("lines", @lines);
	put("cut", substr join("", $head, @lines), 0, -20);' "$out/ledger"

# CSV of packets and flows, a few rows each.
for f in "$data"/eval/*-real.csv; do
	head -n 8 "$f" >"$out/csv/$(basename "$f")"
done
printf 'srcip,dstip,srcport,dstport,proto,ts,td,pkt,byt,type,label\n"10.0.0.1",::1,1,2,TCP,1e9,.5,1,40,"a, ""b""",\n' \
	>"$out/csv/quoted.csv"

# A capture of a few packets, its frames one by one, and two of them as pcapng.
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
perl -e '
	my ($to, @frames) = @ARGV;
	sub block { # type, body: lengths before and behind, body filled up to four bytes
		my ($type, $body) = @_;
		$body .= "\0" x (-length($body) % 4);
		my $len = 12 + length $body;
		return pack("V2", $type, $len) . $body . pack("V", $len);
	}
	my $all = block(0x0a0d0d0a, pack "VvvVV", 0x1a2b3c4d, 1, 0, 0xffffffff, 0xffffffff);
	# One interface with its resolution in nanoseconds, then enhanced and simple packets.
	$all .= block(1, pack "vvVvvCx3vv", 1, 0, 0, 9, 1, 9, 0, 0);
	for my $name (@frames) {
		open my $in, "<:raw", $name or die; local $/; my $f = <$in>;
		$all .= block(6, pack("V5", 0, 389543168, 5, length $f, length $f) . $f);
		$all .= block(3, pack("V", length $f) . $f);
	}
	open my $o, ">:raw", $to or die;
	print $o $all;' "$out/capture/two.pcapng" "$out/header/frame-01" "$out/header/frame-02"
