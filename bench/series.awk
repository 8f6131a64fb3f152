# series.awk: a CSV of packets whose flows have given lengths, in the columns of NetShare.
#	awk -v flows=N -v rows=L -f series.awk            every flow has L packets
#	awk -v flows=N -v rows=L -v tail=1 [-v cut=K]     lengths 1 / u, u uniform: half have
#	                                                  one, the longest has L; at most the
#	                                                  first K packets of each are printed
# The numbers do not depend on cut, so that two traces differ in what is cut off alone.
function packets(f) {
	if (!tail)
		return rows
	n = int(1 / (1 - rand()))
	return f == 1 || n > rows ? rows : n
}
BEGIN {
	srand(1)
	cut = cut ? cut : rows
	print "srcip,dstip,srcport,dstport,proto,time,pkt_len,tos,id,flag,off,ttl"
	for (f = 0; f < flows; f++) {
		n = packets(f)
		t = int(rand() * 1e9)
		for (i = 0; i < n; i++) {
			size = 40 + int(rand() * 1400)
			if (i < cut)
				printf "10.0.%d.%d,10.1.%d.%d,%d,443,6,%d,%d,0,%d,2,0,64\n", \
					f / 250, f % 250, f / 100, f % 100, 1024 + f % 60000, t, size, \
					rand() * 65536
			else
				rand()
			t += int(rand() * 1e5)
		}
	}
}
