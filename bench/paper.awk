# paper.awk: one result of bench/paper.sh as text, and as lines of the file `tsv`.
# Reads counts.tsv, ports.tsv, figures.tsv and scores.tsv of one page; result 0 is the
# text before all results.  Published figures are those of the reproduction's result files
# and plots, read off where it has only plots.
BEGIN {
	FS = OFS = "\t"
	FLOOR = "training-half"
	FALLING = -.9 # rank correlation of errors with widths, at most
	SHARE = .10   # shares that differ by so much count as equal: the published differ by .09
	LIKE = 1.1    # of a distance, times the floor
	NEAR = .1     # of a rank correlation, below the floor
	CLOSE = .05   # of an accuracy, below the floor
	BLIND = .5    # rank correlation of the floor below which ranks say nothing
}

FILENAME ~ /scores.tsv$/ {
	if ($1 == "metric")
		next
	value[$6, $1] = $2
	floor_of[$6, $1] = $3
	blind_of[$6, $1] = $4
	deviation[$6, $1] = $7
	next
}
$1 == "figure" { next }
{
	sub(/, Spearman .*/, "", $2) # classifiers are shown with how they are in order
	sub(/ \(held out\)$/, "", $2)
	i = points[$1, $2]++
	x_of[$1, $2, i] = $3
	y_of[$1, $2, i] = $4
	y[$1, $2, $3] = $4
	seen[$2] = 1
}

function abs(v) {
	return v < 0 ? -v : v
}

function known(v) {
	return v != "" && v != "nan" && v != "-"
}

function form(v, how) {
	return known(v) ? sprintf(how, v) : "-"
}

function text(s) {
	print "  " s
}

# The distance of two known values.
function apart(a, b) {
	return known(a) && known(b) ? abs(a - b) : "-"
}

function line(what, real, synthetic, score, floor, blind, p_real, p_synthetic, p_score, mark,   s) {
	s = sprintf("  %-36s %9s %9s %9s %9s %9s   %9s %9s %9s  %s", what, real, synthetic, score, floor, blind,
	    p_real, p_synthetic, p_score, mark)
	sub(/ +$/, "", s)
	print s
}

function columns() {
	print ""
	line("", "", "", "", "", "no", "published", "", "", "")
	line("", "real", "synthetic", "score", "floor", "learning", "real", "synthetic", "score", "close?")
}

# row: one line of the table.  ok: 1 yes, 0 no, "" not asked, "?" cannot be told.
function row(what, how, real, synthetic, score, floor, blind, p_real, p_synthetic, p_score, ok,   mark) {
	mark = ok == "" ? "" : ok == "?" ? "cannot be told" : ok ? "yes" : "no"
	real = form(real, how); synthetic = form(synthetic, how); score = form(score, how)
	floor = form(floor, how); blind = form(blind, how)
	p_real = form(p_real, how); p_synthetic = form(p_synthetic, how); p_score = form(p_score, how)
	line(what, real, synthetic, score, floor, blind, p_real, p_synthetic, p_score, mark)
	print result, what, real, synthetic, p_real, p_synthetic, (mark == "" ? "-" : mark), score, floor, blind,
	    p_score >>tsv
	if (mark == "yes" || mark == "no") {
		asked++
		passed += ok
	}
}

# within: whether a distance is at most the limit, or that of the floor.
function within(score, limit, floor) {
	if (!known(score))
		return "?"
	return score <= limit || known(floor) && score <= LIKE * floor
}

# ranked: whether a rank correlation comes up to the floor's.
function ranked(score, floor) {
	if (!known(score) || known(floor) && floor < BLIND)
		return "?"
	return score >= (known(floor) ? floor : 1) - NEAR
}

# answer: whether a score passes the rule, of which limit is the bound if it has one.
function answer(rule, score, limit, floor) {
	if (rule == "distance")
		return within(score, limit, floor)
	if (rule == "rank")
		return ranked(score, floor)
	if (rule == "accuracy")
		return known(score) && known(floor) ? score >= floor - CLOSE : "?"
	return ""
}

# control: count what no learning would be told, of questions that have an answer.
function control(ok, blind_ok) {
	if (ok == "" || ok == "?" || blind_ok == "" || blind_ok == "?")
		return
	compared++
	trivial += blind_ok
}

function verdict(   word) {
	word = asked == 0 ? "cannot be told" : passed == asked ? "holds" : \
	    2 * passed >= asked ? "holds in part" : "does not hold"
	printf "\n  result %d: %s (%d of %d questions answered yes)\n", result, word, passed, asked
	if (compared > 0)
		printf "  Control: no learning would get %d yes of the %d questions that its scores can answer%s.\n", trivial,
		    compared, trivial == compared ? ", so a yes to these proves little" : ""
	print ""
	print result, "verdict", "-", "-", "-", "-", word, "-", "-", "-", "-" >>tsv
}

# share: the cumulative share of figure f and series s at v.
function share(f, s, v,   i, last) {
	last = 0
	for (i = 0; i < points[f, s] && x_of[f, s, i] + 0 <= v; i++)
		last = y_of[f, s, i]
	return last
}

# gap: greatest vertical distance of the curves of series a and b; widest: where it is.
function gap(f, a, b,   i, j, na, nb, va, vb, v, most) {
	na = points[f, a]
	nb = points[f, b]
	if (na == 0 || nb == 0)
		return "-"
	most = widest = va = vb = i = j = 0
	while (i < na || j < nb) {
		v = i < na && (j == nb || x_of[f, a, i] + 0 <= x_of[f, b, j] + 0) ? x_of[f, a, i] : x_of[f, b, j]
		for (; i < na && x_of[f, a, i] + 0 <= v + 0; i++)
			va = y_of[f, a, i]
		for (; j < nb && x_of[f, b, j] + 0 <= v + 0; j++)
			vb = y_of[f, b, j]
		if (abs(va - vb) > most) {
			most = abs(va - vb)
			widest = v
		}
	}
	return most
}

function gap_row(f, what,   g, at, fl) {
	fl = gap(f, "real", FLOOR)
	g = gap(f, "real", "synthetic")
	at = widest
	if (g > 0)
		row(what " <= " at " (widest gap)", "%.3f", share(f, "real", at), share(f, "synthetic", at), g, fl,
		    "", "", "", "", within(g, SHARE, fl))
	else
		row(what " (no gap)", "%.3f", "", "", g, fl, "", "", "", "", within(g, SHARE, fl))
}

# share_row: shares r and s, h of the training half.
function share_row(what, r, s, h, p_real, p_synthetic, ask,   d, fl) {
	d = apart(r, s)
	fl = apart(r, h)
	row(what, "%.3f", r, s, d, fl, "", p_real, p_synthetic, apart(p_real, p_synthetic),
	    ask ? within(d, SHARE, fl) : "")
}

# score_row: a line of scores.tsv; rule as in answer(), or "gained": at most that of no
# learning.
function score_row(what, metric, how, p_score, rule, limit,   v, fl, blind, ok) {
	v = value["synthetic", metric]
	fl = floor_of["synthetic", metric]
	blind = blind_of["synthetic", metric]
	ok = rule == "gained" ? within(v, known(blind) ? blind : fl, fl) : answer(rule, v, limit, fl)
	if (rule != "gained")
		control(ok, answer(rule, blind, limit, fl))
	row(what, how, "", "", v, fl, blind, "", "", p_score, ok)
}

function sizes() {
	text(sprintf("Here: %d real records%s, %d synthetic.", y["count", "real", "records"],
	    seen[FLOOR] ? " that were held out, " y["count", FLOOR, "records"] " others that were learnt" : "",
	    y["count", "synthetic", "records"]))
}

function preface() {
	print "Four results of NetShare (Yin et al., SIGCOMM 2022) and of its reproduction (Purdue"
	print "University, CS 536, fall 2022), measured here."
	print ""
	print "real        the half of the flows that the model has not seen (with a synthetic trace made"
	print "            elsewhere: the whole trace)"
	print "score       distance of synthetic from real, 0 is best; of shares and errors, their difference."
	print "            Ranks and accuracies, named as such, are best at 1"
	print "floor       the same score of the half that was learnt: an exact copy of it gets that, and a"
	print "            perfect model on average.  With few records it is far from 0 (or from 1)"
	print "no learning the same score when every field is drawn on its own"
	print "published   by the reproduction: the authors' own synthetic traces of 1 million records"
	print "            for UGR16 and CAIDA, and its own model for the botnet.  Its floors are lower than"
	print "            ours, so a score here may be worse than a published one and still be at the floor"
	print "close?      the answer to a question whose rule stands below each table"
	print ""
	print "A result holds if every question is answered yes, in part if at least half of them are,"
	print "else not.  What cannot be told does not count.  A distance is close if it is at most the limit"
	printf "named in the rule, or %.1f times the floor.\n", LIKE
	printf "Scores are means over %d seeds of all that is random in scoring; the model is trained once.\n\n", seeds
}

# ---- 1: fields of flow records.

function fields(   n, i, k, field, best, code, bar, r, s, h, most, found, half) {
	print "RESULT 1: in flow records, sizes, ports and protocols are distributed as in the real trace (UGR16)"
	print ""
	text("Concluded by the reproduction, from the authors' synthetic trace (its plots and result files): the")
	text("distributions follow the real ones closely, with too few records of one packet.  JSD is the squared")
	text("Jensen-Shannon distance of frequencies: 0 equal, 0.693 nothing in common; of addresses it counts how")
	text("often each occurs, not which it is.  The published real trace is another week of UGR16 than the")
	text("sample usually at hand: compare real with synthetic, not real with real.")
	sizes()
	columns()
	gap_row("cdf_bytes", "bytes")
	gap_row("cdf_packets", "packets")
	gap_row("cdf_flow_size", "records a flow")
	share_row("records of one packet", share("cdf_packets", "real", 1), share("cdf_packets", "synthetic", 1),
	    seen[FLOOR] ? share("cdf_packets", FLOOR, 1) : "", .45, .36)
	share_row("flows (five-tuples) of one record", share("cdf_flow_size", "real", 1),
	    share("cdf_flow_size", "synthetic", 1), seen[FLOOR] ? share("cdf_flow_size", FLOOR, 1) : "", .878, .886)
	share_row("TCP", y["share_proto", "real", "TCP"], y["share_proto", "synthetic", "TCP"],
	    y["share_proto", FLOOR, "TCP"], .62, "", 1)
	share_row("UDP", y["share_proto", "real", "UDP"], y["share_proto", "synthetic", "UDP"],
	    y["share_proto", FLOOR, "UDP"], .37, "", 0)
	found = half = 0
	for (k = 1; k <= 5; k++) {
		most = 0
		for (i = 0; i < points["service_port", "real"]; i++) {
			bar = x_of["service_port", "real", i]
			r = y_of["service_port", "real", i]
			if (!(bar in taken) && (r > most || r == most && r > 0 && bar + 0 < best + 0)) {
				most = r
				best = bar
			}
		}
		if (most == 0)
			break
		taken[best] = 1
		s = y["service_port", "synthetic", best] + 0
		h = y["service_port", FLOOR, best] + 0
		found++
		half += s >= most / 2 && s <= 2 * most
		row("to port " best, "%.3f", most, s, abs(s - most), seen[FLOOR] ? abs(h - most) : "", "", "", "", "", "")
	}
	if (found > 0)
		row("ports from half to twice the real", "%d", found, half, "", "", "", "", "", "", half >= found - 1)
	n = split("SA DA SP DP PR", code, " ")
	split("source addresses, JSD|destination addresses, JSD|source ports, JSD|destination ports, JSD|protocols, JSD", field, "|")
	split(".1708 .0438 .1511 .1523 .0026", best_of, " ")
	for (i = 1; i <= n; i++)
		score_row(field[i], code[i], "%.4f", best_of[i], "distance", best_of[i])
	score_row("pairs of fields, mean JSD", "mean_joint_jsd", "%.4f", "", "")
	score_row("records told from real ones, area", "classifier_records", "%.3f", "", "")
	print ""
	text("Rules: the widest gap between the cumulative curves of real and synthetic, and the difference in TCP,")
	text(sprintf("are at most %.2f (the published traces differ by .09 in records of one packet); of the five well-known", SHARE))
	text("ports most sent to, all but one have from half to twice their real share; a JSD is at most the")
	text(sprintf("published one.  Or %.1f times the floor.  Curves are thinned to steps of 1/400.", LIKE))
	text("Lines without an answer are shown, not asked.  The last two were not asked there: no learning has each")
	text("field right by construction, and whether fields fit together is what it cannot know.  The area is that")
	text("under the ROC curve of a random forest, .5 where it cannot tell and 1 where it always can.")
}

# ---- 2: Count-Min.

# order: Spearman's correlation of the nine widths with the errors of series s.
function order(f, s,   i, j, n, rank, sum, mean, cov, vx, vy) {
	n = points[f, s]
	cov = vx = vy = 0
	mean = (n + 1) / 2
	for (i = 0; i < n; i++) {
		rank = .5
		for (j = 0; j < n; j++)
			rank += (y_of[f, s, j] + 0 < y_of[f, s, i] + 0) + .5 * (y_of[f, s, j] + 0 == y_of[f, s, i] + 0)
		cov += (i + 1 - mean) * (rank - mean)
		vx += (i + 1 - mean) ^ 2
		vy += (rank - mean) ^ 2
	}
	return vx > 0 && vy > 0 ? cov / sqrt(vx * vy) : "-"
}

function curve(key, what, p_real, p_synthetic,   f, i, n, r, s, h, pr, ps, sum, d, fl, down, ok) {
	f = "countmin_" key
	n = split(p_real, pr, " ")
	split(p_synthetic, ps, " ")
	sum = 0
	for (i = 1; i <= n; i++) {
		r = y_of[f, "real", i - 1]
		s = y_of[f, "synthetic", i - 1]
		h = y_of[f, FLOOR, i - 1]
		row(what ", width ." i, "%.1f", r, s, apart(r, s), apart(r, h), "", pr[i], ps[i], abs(pr[i] - ps[i]), "")
		sum += abs(pr[i] - ps[i]) / n
	}
	down = order(f, "synthetic")
	row(what ", rank with width", "%.2f", order(f, "real"), down, "", "", "", -1, -1, "", "")
	d = value["synthetic", f]
	fl = floor_of["synthetic", f]
	ok = answer("distance", d, sum, fl)
	if (ok == 1 && known(down) && down > FALLING)
		ok = 0
	control(ok, answer("distance", blind_of["synthetic", f], sum, fl))
	row(what ", mean difference", "%.2f", "", "", d, fl, blind_of["synthetic", f], "", "", sum, ok)
}

function sketch() {
	print "RESULT 2: a Count-Min sketch errs on the synthetic packets as it does on the real ones (CAIDA)"
	print ""
	text("Concluded by the reproduction, from the authors' synthetic trace (its plots): the errors on it follow")
	text("those on the real one, and fall as the sketch gets wider.  Error: per cent of the top tenth of keys")
	text("that the sketch gets wrong; depth 5, width as a share of the number of keys.  Scores are in points.")
	sizes()
	columns()
	curve("dst", "destination", "54 27 15 7.4 5 3.4 2.8 2.7 2.4", "55 30 17 11 7 4.6 3.5 3.3 1.9")
	curve("src", "source", "55 28 14 8.7 5 3.1 2.2 1.5 1.4", "55 30 17 9.7 7.3 4.4 2.9 2.4 2.1")
	curve("tuple", "five-tuple", "60 34 21 12 8 5.5 4.4 3.3 3.2", "60 37 22 16 11 8.3 6.2 6.1 5.7")
	print ""
	text(sprintf("Rule, once for each key: the mean difference is at most that of the published curves, or %.1f times the", LIKE))
	text(sprintf("floor, and the errors fall with the width (rank correlation of the two at most %.2f).", FALLING))
}

# ---- 3: botnet.

function botnet(   i, n, code, name, pr, ps, f, r, s, h, p_gap, b) {
	print "RESULT 3: which classifiers tell a botnet from benign traffic well is the same on synthetic attacks"
	print ""
	text("Concluded by the reproduction, from a model of its own: the order of eight classifiers by accuracy is")
	text("kept (rank correlation .88, the best of ten unseeded runs).  They see, of each pair of source and")
	text("destination, how many packets have each length.  A classifier learns and is asked within one trace:")
	text("real attacks, or synthetic ones, against the same benign traffic; 80 % of the pairs are learnt.")
	sizes()
	b = y["count", "benign", "pairs"]
	r = y["count", "real", "pairs"]
	s = y["count", "synthetic", "pairs"]
	text(sprintf("Pairs: %d benign, %d of real attacks, %d of synthetic ones%s.", b, r, s,
	    seen[FLOOR] ? ", " y["count", FLOOR, "pairs"] " of the attacks that were learnt" : ""))
	if (!(("botnet_own", "synthetic") in points))
		text("With fewer than 10 pairs of a kind there is no score.")
	else
		text(sprintf("Who always names the commoner kind is right in %.2f of the real and %.2f of the synthetic cases.",
		    (b > r ? b : r) / (b + r), (b > s ? b : s) / (b + s)))
	columns()
	n = split("logistic boosting leaves bayes tree forest adaboost mlp", code, " ")
	split("logistic regression|XGBoost|LightGBM (here: leaves)|naive Bayes|decision tree|random forest|AdaBoost|multilayer perceptron", name, "|")
	split(".73 .97 .97 .55 .97 .97 .96 .97", pr, " ")
	split(".97 .99 .99 .89 .99 .99 .99 .99", ps, " ")
	p_gap = 0
	for (i = 1; i <= n; i++) {
		r = y["botnet_own", "real", code[i]]
		s = y["botnet_own", "synthetic", code[i]]
		h = y["botnet_own", FLOOR, code[i]]
		row("accuracy, " name[i], "%.3f", r, s, apart(r, s), apart(r, h), "", pr[i], ps[i], abs(pr[i] - ps[i]), "")
		p_gap += abs(pr[i] - ps[i]) / n
	}
	score_row("mean difference of accuracies", "botnet_gap", "%.3f", p_gap, "distance", p_gap)
	score_row("rank correlation", "botnet_rank", "%.2f", .88, "rank")
	row("its deviation over the seeds", "%.2f", "", "", deviation["synthetic", "botnet_rank"],
	    deviation[FLOOR, "botnet_rank"], "", "", "", "", "")
	score_row("accuracy, synthetic to real", "botnet_accuracy", "%.3f", "", "accuracy")
	print ""
	text(sprintf("Rules: the mean difference is at most the published one, or %.1f times the floor; the rank correlation is", LIKE))
	text(sprintf("at least that of the floor less %.1f, and cannot be told where the floor's is below %.1f.  The last line is a", NEAR, BLIND))
	text("stricter question, which the reproduction did not ask: learn from synthetic attacks, find real ones;")
	text(sprintf("mean of the eight, to be at least the floor (learn from real attacks) less %.2f.", CLOSE))
}

# ---- 4: telemetry and anomalies.

function ranks(   i, n, key, name, k, code, sk, mode, r, s, h) {
	print "RESULT 4: which sketches err most, and which features find most anomalies, is as in the real trace (CAIDA)"
	print ""
	text("Concluded by NetShare (section 6.3): of several algorithms, the order by how well they do is kept on the")
	text("synthetic trace, and their errors are nearer to the real ones than with simpler generators.  Four")
	text("sketches count the heavy hitters (keys of at least 0.1 % of packets) in equal memory; a one-class SVM")
	text("looks for odd flows by six sets of NetML's features.  The paper has bars only, so nothing published here.")
	text("Scores of errors are relative: |synthetic - real| / real.")
	sizes()
	columns()
	n = split("dst src tuple", key, " ")
	split("destination|source|five-tuple", name, "|")
	split("cm cs um ns", code, " ")
	split("Count-Min|Count sketch|UnivMon|NitroSketch", sk, "|")
	for (i = 1; i <= n; i++) {
		for (k = 1; k <= 4; k++)
			score_row(name[i] ", error of " sk[k], "sketch_" key[i] "_" code[k], "%.2f", "", "")
		score_row(name[i] ", rank correlation", "sketch_rank_" key[i], "%.2f", "", "rank")
	}
	score_row("sketches, mean relative error", "sketch_mean", "%.2f", "", "gained")
	n = split("IAT SIZE IAT_SIZE STATS SAMP_NUM SAMP_SIZE", mode, " ")
	for (i = 1; i <= n; i++) {
		r = y["anomaly_ratio", "real", mode[i]]
		s = y["anomaly_ratio", "synthetic", mode[i]]
		h = y["anomaly_ratio", FLOOR, mode[i]]
		row("anomalies, " mode[i], "%.3f", r, s, apart(r, s), apart(r, h), "", "", "", "", "")
	}
	score_row("anomalies, rank correlation", "anomaly_rank", "%.2f", "", "rank")
	score_row("anomalies, mean relative error", "anomaly_mean", "%.3f", "", "gained")
	score_row("the same, learnt from real", "anomaly_cross_mean", "%.3f", "", "gained")
	print ""
	text(sprintf("Rules: a rank correlation is at least that of the floor less %.1f, and cannot be told where the floor's is", NEAR))
	text(sprintf("below %.1f; a mean error is at most that of no learning, or %.1f times the floor.  An SVM that has learnt a", BLIND, LIKE))
	text("trace finds near half of its own flows odd by construction (nu = .5); the last line is stricter:")
	text("it has learnt real flows and is asked about synthetic ones.")
}

END {
	asked = passed = compared = trivial = 0
	if (result == 0)
		preface()
	else if (result == 1)
		fields()
	else if (result == 2)
		sketch()
	else if (result == 3)
		botnet()
	else
		ranks()
	if (result > 0)
		verdict()
}
