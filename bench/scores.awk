# scores.awk: reads trace, kind, seed, metric, value, floor, independent of all cells; for
# the tables of fidelity.awk and criteria.awk, which stand behind it on the command line.
BEGIN {
	FS = "\t"
	n_leaks = split("leak_records leak_flows leak_tuples leak_mia_auc leak_mia_tpr", leak, " ")
}
{
	if (!($1 in traces)) { traces[$1]; trace[++n_traces] = $1 }
	if (!($2 in kinds)) { kinds[$2]; kind[++n_kinds] = $2 }
	add($1, $2, $4, $5)
	add($1, "floor", $4, $6)
	add($1, "bound of " $2, $4, $6) # of leakage, which depends on what was drawn
	add($1, "independent", $4, $7)
}
function add(t, who, metric, x,	k) {
	if (x == "nan" || x == "")
		return
	k = t SUBSEP who SUBSEP metric
	sum[k] += x
	count[k]++
}
function plain(t, who, metric,	k) {
	k = trace[t] SUBSEP who SUBSEP metric
	return count[k] > 0 ? sum[k] / count[k] : ""
}
function ratio(a, b) { return a == "" || b == "" || b == 0 ? "" : a / b }
function less(a, b) { return a == "" || b == "" ? "" : a - b }
# Number of heavy hitters, mean of what is defined.
function heavy(t, who,	i, n, of, x, all, defined) {
	n = split("heavy_dst heavy_src heavy_tuple", of, " ")
	for (i = 1; i <= n; i++)
		if ((x = plain(t, who, of[i])) != "") {
			all += x
			defined++
		}
	return defined ? all / defined : ""
}
# How far the score that is furthest above its bound is above it; at most 0 if none is.
function worst_leak(t, who,	i, x, worst) {
	worst = ""
	for (i = 1; i <= n_leaks; i++) {
		x = less(plain(t, who, leak[i]), plain(t, "bound of " who, leak[i]))
		if (x != "" && (worst == "" || x > worst))
			worst = x
	}
	return worst
}
# of: the mean over the seeds of a score, "" if it is not defined, of trace number t and a
# kind, the floor or independent columns.  Besides those of ns-eval, X being one of them:
# X_over_floor, X_above_floor (less the floor), X_over_doppelganger; joint_closed, the share
# of the way from independent columns to the floor, if that is lower; heavy_hitters;
# leaks_above_bounds.
function of(t, who, score,	x) {
	x = score
	if (sub(/_over_floor$/, "", x))
		return ratio(plain(t, who, x), plain(t, "floor", x))
	if (sub(/_above_floor$/, "", x))
		return less(plain(t, who, x), plain(t, "floor", x))
	if (sub(/_over_doppelganger$/, "", x))
		return ratio(plain(t, who, x), plain(t, "doppelganger", x))
	if (score == "joint_closed") {
		x = less(plain(t, "independent", "mean_joint_jsd"), plain(t, "floor", "mean_joint_jsd"))
		return x > 0 ? ratio(less(plain(t, "independent", "mean_joint_jsd"),
		    plain(t, who, "mean_joint_jsd")), x) : ""
	}
	if (score == "heavy_hitters")
		return heavy(t, who)
	if (score == "leaks_above_bounds")
		return worst_leak(t, who)
	return plain(t, who, score)
}
