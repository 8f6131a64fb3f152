# criteria.awk, behind scores.awk: what each kind meets on each trace of what is asked of a
# model, by means over the seeds; a table, and as TSV to the file named by -v tsv=FILE: trace,
# kind, score, value, criterion, bound, met, missed (by how much).
#
# An area under a classifier's curve counts as far from .5 below it as above, as in ns-eval.
# Not judged is what is not defined, as the ratio to a kind that was not run.
BEGIN {
	OFS = "\t"
	ask("joint_closed", ">=", .8)
	ask("mean_joint_jsd_over_doppelganger", "<=", .25)
	ask("mean_jsd_over_floor", "<=", 1.3)
	ask("flow_size_above_floor", "<=", .15)
	ask("flow_duration_above_floor", "<=", .15)
	ask("inter_arrival_above_floor", "<=", .15)
	ask("classifier_flows", "<=", .7)
	ask("classifier_records", "<=", .75)
	ask("distinct", ">=", .9)
	ask("entropy", ">=", .9)
	ask("heavy_hitters", "<=", .2)
	ask("leaks_above_bounds", "<=", 0)
}
function ask(score, sign, bound) {
	asked[++n_asked] = score
	signs[n_asked] = sign
	bounds[n_asked] = bound
}
function value(t, who, score,	x) {
	x = of(t, who, score)
	return score ~ /^classifier/ && x != "" && x < .5 ? 1 - x : x
}
# 0 if it is met, else by how much it is missed.
function missed(x, i,	by) {
	by = signs[i] == "<=" ? x - bounds[i] : bounds[i] - x
	return by > 0 ? by : 0
}
function judge(t, who, i,	x, by, line_of) {
	x = value(t, who, asked[i])
	if (who == "doppelganger" && asked[i] ~ /_over_doppelganger$/)
		x = ""
	by = x == "" ? "" : missed(x, i)
	line_of = trace[t] OFS who OFS asked[i]
	if (x == "") {
		print line_of, "nan", signs[i], bounds[i], "not judged", "nan" >tsv
		return "-"
	}
	print line_of, x, signs[i], bounds[i], (by > 0 ? "no" : "yes"), by >tsv
	judged++
	met += by == 0
	return by == 0 ? sprintf("%.3f met", x) : sprintf("%.3f by %.3f", x, by)
}
END {
	print "trace", "kind", "score", "value", "criterion", "bound", "met", "missed" >tsv
	printf "\ncriteria: \"met\", or by how much they are missed\n\n| trace | kind | met |"
	for (i = 1; i <= n_asked; i++)
		printf " %s %s %s |", asked[i], signs[i], bounds[i]
	printf "\n|---|---|---|"
	for (i = 1; i <= n_asked; i++)
		printf "---|"
	print ""
	for (t = 1; t <= n_traces; t++)
		for (j = 1; j <= n_kinds; j++) {
			judged = met = 0
			line = ""
			for (i = 1; i <= n_asked; i++)
				line = line " " judge(t, kind[j], i) " |"
			printf "| %s | %s | %d of %d |%s\n", trace[t], kind[j], met, judged, line
		}
}
