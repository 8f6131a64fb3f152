# shellcheck shell=bash
# noise.sh: what the noise of private training costs an element of the gradient, beside the
# bytes of ChaCha20 it is made from and beside plain normal numbers, of which it needs four.

# noise_row WHAT NAME MEASURE [BESIDE NAME]: of the figures, which are nanoseconds.
noise_row() {
	row "$1" 1 "$2" "$3" "$(figure "$2_ns" "$tmp/noise")" "${@:4:1}" \
		"${5:+$(figure "$5_ns" "$tmp/noise")}"
}

bench_noise() {
	[ -x "$build/bench/noise" ] || {
		note 'no BUILD/bench/noise, which make bench builds: noise is left out'
		return 0
	}
	"$build/bench/noise" >"$tmp/noise" || fail 'noise failed'
	noise_row 'four normals of ChaCha20' element cpu_ns 'its ChaCha20 alone' bytes
	noise_row 'four normals of ChaCha20' element cpu_ns 'one normal of Philox' philox
	noise_row 'Poisson sampling' unit cpu_ns
}
