#!/bin/sh
# batch/referees.sh: the table, complaints, and what it refuses.
. "$(dirname "$0")/lib.sh"
referees=$top/batch/referees.sh
cp "$top/share/demo/westermo.pcap" good.pcap
row() { # row CAPTURE REFEREE PACKETS COMPLAINTS
	printf '%s\t%s\t%s\t%s' "$@"
}

fails 2 '^usage: referees.sh ' "$referees"
fails 2 '^usage: referees.sh ' "$referees" -r snort good.pcap
fails 2 'a tab or an end of line' "$referees" "$(printf 'a\tb.pcap')"
fails 65 "^referees.sh: cannot read 'none.pcap'$" "$referees" good.pcap none.pcap
fails 65 "^referees.sh: cannot read '.'$" "$referees" .

if command -v tshark >/dev/null; then
	cp good.pcap 'a bad one.pcap'
	# the IP checksums of the first packet; Ethernet, pcap headers of 24 and 16 bytes
	printf '\377\376' | dd of='a bad one.pcap' bs=1 seek=64 conv=notrunc 2>/dev/null
	is 'clean and damaged' "$("$referees" -r tshark good.pcap 'a bad one.pcap' 2>&1)" \
		"$(row good.pcap tshark 4387 0 && echo && row 'a bad one.pcap' tshark 4387 1)"
	is 'the kind of damage' "$("$referees" -v -r tshark 'a bad one.pcap' 2>&1 >/dev/null)" \
		"$(row 'a bad one.pcap' tshark 1 'bad checksum: ip')"
	is 'as a test of one capture' \
		"$("$top/tests/cli/tshark-clean.sh" 'a bad one.pcap' && echo clean)" \
		"$(printf '1\tbad checksum: ip')"
	ok 'a clean one' "$top/tests/cli/tshark-clean.sh" good.pcap
	echo 'no capture' >text.pcap
	fails 65 "^referees.sh: cannot read 'text.pcap': " "$referees" -r tshark text.pcap
	head -c 50000 good.pcap >cut.pcap
	fails 65 "^referees.sh: cannot read 'cut.pcap': " "$referees" -r tshark cut.pcap
else
	skip 'tshark on captures' 'no tshark'
fi

# A zeek of our own, which finds something in captures of the name bad.pcap.
mkdir bin empty
cat >bin/zeek <<'ZEEK'
#!/bin/sh
[ "$1 $2" = '-b -r' ] || exit 3
[ -r "$3" ] && [ -r "$4" ] || exit 4
case $3 in
/*/bad.pcap)
	printf '#separator \\x09\n#fields\tts\tuid\tname\taddl\n' >weird.log
	printf '1.5\tC1\t%s\t-\n' bad_TCP_checksum truncated_IP bad_TCP_checksum >>weird.log
	;;
*broken.pcap)
	echo 'fatal error: problem with trace file' >&2
	exit 1
	;;
esac
echo 4387
ZEEK
chmod +x bin/zeek
cp good.pcap bad.pcap
cp good.pcap broken.pcap
PATH=$PWD/bin:$PATH
is 'zeek counts lines of weird.log' "$("$referees" -r zeek bad.pcap ./good.pcap)" \
	"$(row bad.pcap zeek 4387 3 && echo && row ./good.pcap zeek 4387 0)"
is 'their names' "$("$referees" -v -r zeek "$PWD/bad.pcap" 2>&1 >/dev/null | cut -f 3-)" \
	"$(printf '2\tbad_TCP_checksum\n1\ttruncated_IP')"
fails 65 "cannot read 'broken.pcap': fatal error" "$referees" -r zeek good.pcap broken.pcap

# Tools that the script needs, and neither referee.
for tool in awk cat cut grep head mkdir mktemp mv rm sort tail wc; do
	ln -s "$(command -v "$tool")" empty/
done
is 'neither installed' "$(PATH=$PWD/empty "$referees" good.pcap 2>&1)" \
	"$(printf 'referees.sh: tshark is not installed\nreferees.sh: zeek is not installed')"
ok 'which is no failure' env PATH="$PWD/empty" /bin/sh "$referees" good.pcap
done_testing
