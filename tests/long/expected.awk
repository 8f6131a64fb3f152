# Count the packets of one capture by its outermost IP headers.  Input: the fields that
# expected.sh asks tshark for, tab-separated, all occurrences of a field joined by commas,
# outermost first.  Output: packets ipv4 ipv6 tcp udp icmp fragments.
BEGIN {
	FS = OFS = "\t"
}

# The first value of a list.
function first(list,    v) {
	split(list, v, ",")
	return v[1]
}

# The protocol behind the extension headers of the outermost IPv6 header: the chain is
# followed through the lists of "next header" values, each taken from the front.
function last_next(    list, at, n, v, p) {
	split("", at)
	list[0] = $7; list[43] = $8; list[44] = $9; list[60] = $10; list[51] = $11
	p = first($6)
	while (p in list) {
		n = split(list[p], v, ",")
		if (++at[p] > n)
			break
		p = v[at[p]]
	}
	behind_fragment = (44 in at)
	return p
}

{
	packets++
	outer = ""
	n = split($1, layer, ":")
	for (i = 1; i <= n && outer == ""; i++)
		if (layer[i] == "ip" || layer[i] == "ipv6")
			outer = layer[i]
	if (outer == "ip" && first($2) == 4) {
		ipv4++
		proto = first($3)
		if (first($4) == 1 || first($5) > 0)
			fragments++
	} else if (outer == "ipv6" && first($12) == 6) {
		ipv6++
		proto = last_next()
		if (behind_fragment)
			fragments++
	} else {
		next
	}
	if (proto == 6)
		tcp++
	else if (proto == 17)
		udp++
	else if (proto == 1 || proto == 58)
		icmp++
}

END {
	print packets + 0, ipv4 + 0, ipv6 + 0, tcp + 0, udp + 0, icmp + 0, fragments + 0
}
