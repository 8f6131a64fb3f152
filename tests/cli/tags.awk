# tags.awk: of the series of three chunks, as ns-cat -T has them, what is wrong with flows
# that go on: each is in all chunks that its tags name and in no others, and says of the
# first of these alone that it starts there.  Prints how many say otherwise, and how many
# are missing or too many; with -v shares=1 also the part of the second and the third
# chunk that go on.
NR == 1 {
	for (i = 1; i <= NF; i++) {
		at[$i] = i
		if ($i ~ /^(proto|direction|service|client|src_ip|dst_ip)/)
			key[++n_key] = i
	}
	next
}
$at["step"] != 0 { next }
{
	k = ""
	for (i = 1; i <= n_key; i++)
		k = k " " $key[i]
	tags = $at["flow_chunks"]
	if ($at["flow_starts"] != (index(tags, "1") == $1 + 1))
		wrong["starts"]++
	seen[k tags, $1]
	flows[k tags] = tags
	series[$1]++
	goes_on[$1] += !$at["flow_starts"]
}
END {
	for (k in flows)
		for (c = 0; c < 3; c++)
			if (((k, c) in seen) != (substr(flows[k], c + 1, 1) == "1"))
				wrong["chunk"]++
	printf "%d %d", wrong["starts"], wrong["chunk"]
	if (shares)
		for (c = 1; c < 3; c++)
			printf " %.2f", goes_on[c] / series[c]
	print ""
}
