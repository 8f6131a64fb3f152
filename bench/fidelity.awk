# fidelity.awk, behind scores.awk: one table a trace, means over the seeds beside the floor
# and independent columns; then one of all traces with a few scores.
BEGIN {
	n = split("mean_joint_jsd joint_closed mean_joint_jsd_over_doppelganger " \
	    "mean_jsd mean_jsd_over_floor SA_over_floor DA_over_floor SP_over_floor DP_over_floor PR_over_floor " \
	    "classifier_records classifier_flows flow_size flow_size_above_floor flow_duration " \
	    "flow_duration_above_floor inter_arrival inter_arrival_above_floor distinct entropy " \
	    "heavy_dst heavy_src heavy_tuple type_accuracy type_rank " \
	    "leak_records leak_flows leak_tuples leak_mia_auc leak_mia_tpr", show, " ")
}
function number(x) { return x == "" ? "-" : sprintf("%.4f", x) }
function brief(x) { return x == "" ? "-" : sprintf("%.3f", x) }
# All that a score has, in one cell.
function cell(t, metric,	j, text) {
	for (j = 1; j <= n_kinds; j++)
		text = text brief(of(t, kind[j], metric)) " / "
	return text brief(of(t, "floor", metric)) " / " brief(of(t, "independent", metric))
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
