# ablation.awk: setting, trace, seed, metric, value, floor, independent of all cells, to one
# table: a row a trace and setting, means over the seeds and in brackets their spread, greatest
# less least; below the settings stand the floor and independent columns.  The same as TSV to
# the file named by -v tsv=FILE: trace, setting, score, mean, spread, cells.
BEGIN {
	FS = OFS = "\t"
	n = split("mean_joint_jsd mean_jsd classifier_records classifier_flows flow_size flow_duration " \
	    "inter_arrival distinct entropy", score, " ")
}
function add(trace, setting, metric, x,	k) {
	if (x == "nan" || x == "")
		return
	x += 0
	k = trace SUBSEP setting SUBSEP metric
	if (!(k in count) || x < least[k])
		least[k] = x
	if (!(k in count) || x > greatest[k])
		greatest[k] = x
	sum[k] += x
	count[k]++
}
{
	if (!($2 in traces)) { traces[$2]; trace[++n_traces] = $2 }
	if (!($1 in settings)) { settings[$1]; setting[++n_settings] = $1 }
	add($2, $1, $4, $5)
	add($2, "(floor)", $4, $6)
	add($2, "(independent columns)", $4, $7)
}
function row(t, name,	i, k, line) {
	line = "| " t " | " name " |"
	for (i = 1; i <= n; i++) {
		k = t SUBSEP name SUBSEP score[i]
		if (k in count) {
			line = line sprintf(" %.3f (%.3f) |", sum[k] / count[k], greatest[k] - least[k])
			print t, name, score[i], sum[k] / count[k], greatest[k] - least[k], count[k] >tsv
		} else {
			line = line " - |"
			print t, name, score[i], "nan", "nan", 0 >tsv
		}
	}
	print line
}
END {
	print "trace", "setting", "score", "mean", "spread", "cells" >tsv
	printf "| trace | setting |"
	for (i = 1; i <= n; i++)
		printf " %s |", score[i]
	printf "\n|---|---|"
	for (i = 1; i <= n; i++)
		printf "---|"
	print ""
	for (t = 1; t <= n_traces; t++) {
		for (j = 1; j <= n_settings; j++)
			row(trace[t], setting[j])
		row(trace[t], "(floor)")
		row(trace[t], "(independent columns)")
	}
}
