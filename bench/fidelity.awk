# fidelity.awk: trace, kind, seed, metric, value, floor, independent of all cells, to one
# table a trace: means over the seeds, beside the floor and independent columns; and at the
# end to one of all traces with a few scores.
BEGIN {
	FS = "\t"
	n = split("mean_jsd mean_joint_jsd classifier_records classifier_flows flow_size flow_duration inter_arrival " \
	    "type_accuracy type_rank leak_records leak_flows leak_tuples leak_mia_auc leak_mia_tpr", show, " ")
}
function mean(k) { return count[k] > 0 ? sum[k] / count[k] : "" }
function of(t, who, metric) { return mean(trace[t] SUBSEP who SUBSEP metric) }
function brief(x) { return x == "" ? "-" : sprintf("%.3f", x) }
# All that a score has, in one cell.
function cell(t, metric,	j, text) {
	for (j = 1; j <= n_kinds; j++)
		text = text brief(of(t, kind[j], metric)) " / "
	return text brief(of(t, "floor", metric)) " / " brief(of(t, "independent", metric))
}
function number(x) { return x == "" ? "-" : sprintf("%.4f", x) }
{
	if (!($1 in traces)) { traces[$1]; trace[++n_traces] = $1 }
	if (!($2 in kinds)) { kinds[$2]; kind[++n_kinds] = $2 }
	for (i = 5; i <= 7; i++)
		if ($i != "nan" && $i != "") {
			k = $1 SUBSEP (i == 5 ? $2 : i == 6 ? "floor" : "independent") SUBSEP $4
			sum[k] += $i
			count[k]++
		}
}
END {
	for (t = 1; t <= n_traces; t++) {
		printf "\n%s\n\n| score |", trace[t]
		for (j = 1; j <= n_kinds; j++)
			printf " %s |", kind[j]
		printf " floor | independent columns |\n|---|"
		for (j = 1; j <= n_kinds + 2; j++)
			printf "---|"
		print ""
		for (i = 1; i <= n; i++) {
			line = ""
			for (j = 1; j <= n_kinds; j++)
				line = line " " number(of(t, kind[j], show[i])) " |"
			if (line ~ /[0-9]/)
				printf "| %s |%s %s | %s |\n", show[i], line,
				    number(of(t, "floor", show[i])), number(of(t, "independent", show[i]))
		}
	}
	few = split("mean_jsd mean_joint_jsd classifier_records classifier_flows inter_arrival leak_tuples", brief_of, " ")
	printf "\nall:"
	for (j = 1; j <= n_kinds; j++)
		printf " %s /", kind[j]
	printf " floor / independent columns\n\n| trace |"
	for (i = 1; i <= few; i++)
		printf " %s |", brief_of[i]
	printf "\n|---|"
	for (i = 1; i <= few; i++)
		printf "---|"
	print ""
	for (t = 1; t <= n_traces; t++) {
		printf "| %s |", trace[t]
		for (i = 1; i <= few; i++)
			printf " %s |", cell(t, brief_of[i])
		print ""
	}
}
