# choose.awk: which of several models is best, by what was drawn from each.
#
#	awk -f choose.awk scores.tsv
#
# reads what ns-eval -f tsv writes about traces whose names are numbers, and writes a line
# of TSV for each: number, scores, their sum, and "yes" if it is the one that is chosen, else
# "no".
#
# The rule: the least sum.  A score counts as far as it is from what a perfect trace would
# have: a distance (0 is perfect) whole, an area under a two-sample classifier's curve by what
# it exceeds .5, since less than .5 tells nothing either.  All have one scale, 0 to 1 or
# standard deviations, so that none drowns the others by its unit; scores in bytes or seconds,
# and those of which more is better, are refused.  Sums that are equal to six decimals are a
# tie, which the last wins: it is what there would be without a choice.  A trace of which a
# score is not defined is not chosen.
#
# Status: 0 one is chosen; 1 none can be, or a score cannot serve.
function is_auc(name) {
	return name == "classifier_records" || name == "classifier_flows"
}

function is_distance(name) {
	return name ~ /^(SA|DA|SP|DP|PR)$/ || name ~ /^(PS|PAT|FS|TS|TD|PKT|BYT|mean_emd)_n$/ ||
		name ~ /^(mean_jsd|joint_[a-z_]*|mean_joint_jsd|mean_joint_classes|correlation_mean|correlation_max)$/ ||
		name ~ /^(flow_size|flow_bytes|flow_duration|inter_arrival)$/ ||
		name ~ /^(flow_chunks|cross_chunk_share|answered_share)$/
}

function complain(text) {
	print "choose.awk: " text > "/dev/stderr"
	failed = 1
	exit 1
}

BEGIN {
	FS = OFS = "\t"
}

NR == 1 {
	if ($1 != "metric" || $2 != "value" || $6 != "trace")
		complain("'" FILENAME "' holds no scores of ns-eval -f tsv")
	next
}

!is_auc($1) && !is_distance($1) {
	complain($1 " is no score to choose by: not a distance on one scale with the others")
}

{
	if (!($1 in seen)) {
		seen[$1]
		name[++names] = $1
	}
	if ($6 + 0 > last)
		last = $6 + 0
	score[$6, $1] = $2
	there[$6]
	if ($2 == "nan")
		undefined[$6] = $1
	else if (!is_auc($1))
		sum[$6] += $2
	else if ($2 > .5)
		sum[$6] += $2 - .5
}

# Sums that differ by less than anybody sees are equal.
function rounded(k) {
	return sprintf("%.6f", sum[k]) + 0
}

# The one with the least sum, the last of equals; 0 if none can be chosen.
function best(    k, at) {
	for (k = 1; k <= last; k++)
		if (k in there && !(k in undefined) && (!at || rounded(k) <= rounded(at)))
			at = k
	return at + 0
}

function show(k, chosen,    i, line) {
	line = k
	for (i = 1; i <= names; i++)
		line = line OFS score[k, name[i]]
	print line, (k in undefined ? "nan" : sprintf("%.6f", sum[k])), (k == chosen ? "yes" : "no")
}

END {
	if (failed)
		exit 1
	if (names == 0)
		complain("there are no scores")
	if ((chosen = best()) == 0)
		complain("none can be chosen: " undefined[last] " is not defined; choose by other scores")
	line = "snapshot"
	for (i = 1; i <= names; i++)
		line = line OFS name[i]
	print line, "sum", "chosen"
	for (k = 1; k <= last; k++)
		if (k in there)
			show(k, chosen)
}
