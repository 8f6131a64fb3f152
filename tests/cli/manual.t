#!/bin/sh
# Usage and manual pages name the same options, and every example line of the pages and of
# the README runs, in a folder with a small trace of each kind.
. "$(dirname "$0")/lib.sh"
man=$top/man

# Options of a usage text: "  -n, --count N  help" or "      --max-steps N  help".
usage_options() {
	"$1" --help | grep -oE '^ +(-[A-Za-z], )?--[a-z0-9-]+' | grep -oE -- '--?[A-Za-z0-9-]+' | sort -u
}
# Options of a page: the items ".It Fl n Ar count , Fl -count Ns = Ns Ar count".
page_options() {
	sed -n 's/^\.It Fl/Fl/p' "$1" | grep -oE 'Fl -?[A-Za-z0-9-]+' | sed 's/Fl /-/' | sort -u
}
# What every tool has needs no line in its page.
common='-h --help -V --version -v --verbose -q --quiet -o --output --no-prov'
uncommon() {
	printf '%s\n' $common | sort >common
	comm -23 - common
}

for tool in "$NS_BIN"/ns-*; do
	name=$(basename "$tool")
	usage_options "$tool" | uncommon >usage
	page_options "$man/$name.1" | uncommon >page
	is "$name: usage and page have the same options" "$(cat usage)" "$(cat page)"
done

# The files that examples speak of, small enough for seconds of training.
prepare() {
	ns-ingest -q -n 400 "$top/share/demo/westermo.pcap" | ns-decode -f pcap -o trace.pcap
	awk 'BEGIN {
		print "srcip,dstip,srcport,dstport,proto,ts,td,pkt,byt,type"
		for (i = 0; i < 200; i++)
			printf "10.0.0.%d,10.1.0.%d,%d,%d,%s,%d,%.3f,%d,%d,background\n", i % 7 + 1,
				i % 5 + 1, 40000 + i, i % 3 ? 443 : 53, i % 3 ? "TCP" : "UDP",
				1700000000000000 + i * 250000, i % 9 / 4, i % 9 + 1, 60 * (i % 9 + 1)
	}' >flows.csv
	cp "$data/ledger/trace.ledger" .
	cp trace.pcap public.pcap
	ns-ingest -q -o real.ns trace.pcap
	ns-chunk -n 4 real.ns | ns-encode -o train.ns
	ns-train -q -c 0 --steps 3 -o 0.model train.ns
	for c in 1 2 3; do
		ns-train -q -c $c -i 0.model --steps 3 -o $c.model train.ns
	done
	cat [0-3].model >all.model
	ns-sample -q -o sample.ns all.model
	ns-decode -q -o synthetic.ns sample.ns
	ns-decode -q -f pcap -o synthetic.pcap sample.ns
}

# examples PAGE: its lines that begin with a dollar sign, in the README the pipes; training
# is cut to a fifth of a second, or to three steps.
examples() {
	case $1 in
	*.md) sed -n 's/^    \(ns-[a-z]* [^-].*\)/\1/p' "$1" ;;
	*) mandoc -T ascii -O width=400 "$1" | sed 's/.\x08//g' | sed -n 's/^ *\$ //p' ;;
	esac | sed 's/ -T [0-9][0-9]*[smh]*/ -T .2/; s/ --steps [1-9]0 / --steps 3 /'
}

if ! command -v mandoc >/dev/null || ! command -v bash >/dev/null; then
	skip "examples of the pages" "no mandoc or no bash"
	done_testing
	exit 0
fi
cipher=yes
if ns-encode --map-key /dev/null /dev/null 2>&1 | grep -q 'built without libnettle'; then
	cipher=no
fi
mkdir ready && (cd ready && prepare) ||
	echo "Bail out! no small trace"
for page in "$man"/*.[157] "$top/README.md"; do
	name=$(basename "$page")
	examples "$page" >examples
	cp -r ready "at-$name"
	while IFS= read -r line; do
		case $line in
		*--map-key*)
			if [ $cipher = no ]; then
				skip "$name: $line" "built without libnettle"
				continue
			fi
			;;
		esac
		n_tests=$((n_tests + 1))
		if (cd "at-$name" && timeout 60 bash -o pipefail -c "$line" >../out 2>../err </dev/null); then
			echo "ok $n_tests - $name: $line"
		else
			echo "not ok $n_tests - $name: $line"
			sed 's/^/# /' err | head -n 5
		fi
	done <examples
done
done_testing
