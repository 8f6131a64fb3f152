# Count the packets of `ns-cat -T` (a header line, then one packet a line).
# Output: packets ipv4 ipv6 tcp udp icmp fragments, tab-separated.
BEGIN {
	FS = OFS = "\t"
}
NR == 1 {
	for (i = 1; i <= NF; i++)
		col[$i] = i
	next
}
{
	n++
	six = $col["src_ip"] ~ /:/
	if (six)
		ipv6++
	else
		ipv4++
	p = $col["proto"]
	if (p == 6)
		tcp++
	else if (p == 17)
		udp++
	else if (p == 1 || p == 58)
		icmp++
	# An IPv6 fragment header that stands alone (RFC 6946) shows in its identification.
	if ($col["ip_flags"] % 2 || $col["frag_off"] > 0 || six && $col["ip_id"] > 0)
		fragments++
}
END {
	print n + 0, ipv4 + 0, ipv6 + 0, tcp + 0, udp + 0, icmp + 0, fragments + 0
}
