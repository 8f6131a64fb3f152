# shellcheck shell=bash
# lengths.sh: how time and memory grow with the number of packets.  Every copy of the
# capture brings flows of its own, so flows grow as packets do.

# length_cost STAGE PACKETS COMMAND...: "packets cpu KiB" is added to the file of the stage.
length_cost() {
	local stage=$1 n=$2
	shift 2
	cost "$@"
	echo "$n $cpu $kib" >>"$tmp/lengths/$stage"
}

# length_chain PACKETS MODEL: all tools on as many packets, each from the file of the one
# before it.
length_chain() {
	local n=$1 model=$2 at=$tmp/at
	mkdir "$at"
	"$build/bench/repeat" "$n" "$one" >"$at/pcap"
	length_cost 1.ingest "$n" ns-ingest -q -o "$at/packets" "$at/pcap"
	length_cost 2.chunk "$n" ns-chunk -o "$at/series" "$at/packets"
	length_cost '3.chunk -S 4M' "$n" ns-chunk -S 4M -o "$at/series" "$at/packets"
	rm "$at/pcap" "$at/packets"
	length_cost 4.encode "$n" ns-encode -o "$at/tensor" "$at/series"
	length_cost '5.encode -S 4M' "$n" ns-encode -S 4M -o "$at/tensor" "$at/series"
	length_cost 6.decode "$n" ns-decode -f pcap "$at/tensor"
	length_cost '7.decode -S 4M' "$n" ns-decode -S 4M -f pcap "$at/tensor"
	rm -r "$at"
	if [ "$n" -le "$sample_max" ]; then
		length_cost 8.sample "$n" ns-sample --records "$n" "$model"
	fi
}

# length_rows STAGE: CPU time a packet and memory, beside those at 1e5 packets (or else the
# first length), and the slope of log CPU time on log packets by least squares: 1 is
# linear.
length_rows() {
	local stage=$1 n seconds peak base_n base_seconds base_peak
	read -r base_n base_seconds base_peak < <(
		awk 'NR == 1 || $1 == 100000 { kept = $0 } END { print kept }' "$tmp/lengths/$stage"
	)
	while read -r n seconds peak; do
		row "${stage#*.}" "$n" packet cpu_s "$seconds" "$base_n packets" "$base_seconds" \
			"$(awk -v a="$seconds" -v n="$n" -v b="$base_seconds" -v m="$base_n" \
				'BEGIN { print (b > 0 ? (a / n) / (b / m) : "-") }')"
		row "${stage#*.}" "$n" packet peak_mib "$(kib_mib "$peak")" "$base_n packets" \
			"$(kib_mib "$base_peak")"
	done <"$tmp/lengths/$stage"
	row "${stage#*.}" - packet slope "$(slope "$tmp/lengths/$stage")"
}

kib_mib() {
	awk -v k="$1" 'BEGIN { print k / 1024 }'
}

slope() {
	awk '$2 > 0 {
		x = log($1); y = log($2)
		n++; sx += x; sy += y; sxx += x * x; sxy += x * y
	}
	END {
		d = n * sxx - sx * sx
		print (n > 1 && d > 0 ? (n * sxy - sx * sy) / d : "-")
	}' "$1"
}

bench_lengths() {
	local n stage all_runs=$runs sample_max
	sample_max=$(printf '%.0f' "${SAMPLE_MAX:-1e5}")
	mkdir "$tmp/lengths"
	"$build/bench/repeat" 100000 "$one" | ns-ingest -q | ns-chunk -n 1 | ns-encode |
		ns-train -q --steps 40 -o "$tmp/lengths.model"
	for n in ${LENGTHS:-1e4 1e5 1e6 1e7}; do
		n=$(printf '%.0f' "$n")
		# What takes as long as this is a mean over many moments already.
		runs=$((n > 1000000 ? 1 : all_runs))
		length_chain "$n" "$tmp/lengths.model"
	done
	runs=$all_runs
	for stage in "$tmp"/lengths/*; do length_rows "${stage##*/}"; done
	rm -r "$tmp/lengths" "$tmp/lengths.model"
}
