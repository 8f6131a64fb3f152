# redraw.awk: a CSV of records with some of them redrawn, for pairs whose order is known.
#
#	awk -v mode=MODE -v seed=N -f redraw.awk TRACE.csv TRACE.csv
#
# tenth        each record with probability 1/10 replaced by one of independent columns
# independent  every column drawn on its own
# uniform      every column drawn uniformly between its least and greatest value; addresses
#              at random
BEGIN {
	FS = OFS = ","
	srand(seed)
}

function any(n) {
	return int(rand() * n) + 1
}

function octets() {
	return any(223) "." any(256) - 1 "." any(256) - 1 "." any(254)
}

# First pass: all columns in memory.
NR == FNR {
	if (FNR == 1) {
		for (c = 1; c <= NF; c++)
			name[c] = $c
		next
	}
	n++
	for (c = 1; c <= NF; c++) {
		v[c, n] = $c
		if (n == 1 || $c + 0 < lo[c])
			lo[c] = $c + 0
		if (n == 1 || $c + 0 > hi[c])
			hi[c] = $c + 0
	}
	next
}

FNR == 1 || (mode == "tenth" && rand() >= .1) {
	print
	next
}

{
	for (c = 1; c <= NF; c++) {
		if (mode != "uniform" || name[c] == "type" || name[c] == "label")
			$c = v[c, any(n)]
		else if (name[c] ~ /ip$/)
			$c = octets()
		else if (name[c] == "td")
			$c = sprintf("%.6f", lo[c] + rand() * (hi[c] - lo[c]))
		else
			$c = sprintf("%.0f", lo[c] + int(rand() * (hi[c] - lo[c] + 1)))
	}
	print
}
