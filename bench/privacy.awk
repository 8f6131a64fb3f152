# privacy.awk: reads trace, kind, regime, epsilon, repeat, metric, value, floor, independent
# of all cells of privacy.sh; one table a trace: means over repeats, and the deviation where
# there are some, beside half against half and independent columns without noise.
BEGIN {
	FS = "\t"
	n = split("mean_jsd mean_joint_classes mean_joint_jsd classifier_records flow_size inter_arrival " \
	    "heavy_dst sketch_mean leak_mia_auc leak_tuples epsilon seconds", show, " ")
}
{
	row = $2 "\t" $3 "\t" ($3 == "open" ? "-" : $4)
	if (!(($1, row) in known)) {
		known[$1, row]
		rows[$1] = rows[$1] (rows[$1] == "" ? "" : "\n") row
		if (!($1 in traces)) { traces[$1]; trace[++n_traces] = $1 }
	}
	if ($7 != "nan" && $7 != "") {
		k = $1 SUBSEP row SUBSEP $6
		sum[k] += $7
		squares[k] += $7 * $7
		count[k]++
	}
	add($1, "half", $6, $8)
	add($1, "independent", $6, $9)
}
function add(t, who, metric, x) {
	if (x == "nan" || x == "")
		return
	sum[t, who, metric] += x
	count[t, who, metric]++
}
function number(x) { return x < 10 ? sprintf("%.3f", x) : sprintf("%.0f", x) }
function cell(k,	mean, spread) {
	if (!count[k])
		return "-"
	mean = sum[k] / count[k]
	if (count[k] == 1 || !(k in squares))
		return number(mean)
	spread = squares[k] / count[k] - mean * mean
	return number(mean) " ±" number(sqrt(spread > 0 ? spread : 0))
}
function line(t, row, title,	i, text) {
	text = "| " title " |"
	for (i = 1; i <= n; i++)
		text = text " " cell(t SUBSEP row SUBSEP show[i]) " |"
	print text
}
END {
	for (t = 1; t <= n_traces; t++) {
		printf "\n%s\n\n| kind, regime, epsilon |", trace[t]
		for (i = 1; i <= n; i++)
			printf " %s |", show[i]
		printf "\n|---|"
		for (i = 1; i <= n; i++)
			printf "---|"
		print ""
		m = split(rows[trace[t]], row, "\n")
		for (i_row = 1; i_row <= m; i_row++) {
			title = row[i_row]
			gsub("\t", ", ", title)
			line(trace[t], row[i_row], title)
		}
		line(trace[t], "half", "half against half")
		line(trace[t], "independent", "independent columns, no noise")
	}
}
