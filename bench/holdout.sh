# shellcheck shell=bash
# holdout.sh: the hold-out protocol, shared by fidelity.sh and ablation.sh: half of the flows
# of a trace are learnt, as many records as the other half has are drawn and scored against
# it.  Needs cells.sh, $threads and $metrics.  What is in OUT is whole: everything is
# written under another name first.

# halves NAME: both halves as streams, once.
halves() {
	[ ! -e "$out/$1.held" ] || return 0
	ingest "$1" "$out/$1.whole"
	ns-cat --part 0/2 -o "$out/$1.learnt" "$out/$1.whole"
	ns-cat --part 1/2 -o "$out/$1.held" "$out/$1.whole"
	rm "$out/$1.whole"
}

# symbols CHUNKS: from a half to what the kinds of one net learn.
symbols() {
	ns-chunk -q -n "$1" --max-steps 20000 | ns-encode -q -p symbol
}

# wanted NAME: the scores that $metrics are of a trace of its kind: OUT/NAME.wanted.  Asked
# of a few records, once a run.
wanted() {
	local few=$out/$1.few.$$
	ns-cat -n 20 -o "$few" "$out/$1.learnt"
	ns-eval -q -f tsv -m "$metrics" "$few" "$few" | cut -f 1 >"$few.wanted"
	rm "$few"
	mv "$few.wanted" "$out/$1.wanted"
}

# has_scores FILE NAME: whether the cell's scores are there, and all that are wanted.
has_scores() {
	[ -e "$1" ] && awk -F '\t' 'NR == FNR { there[$1]; next } !($1 in there) { exit 1 }' \
		"$1" "$out/$2.wanted"
}

# scores NAME SEED STREAM: what ns-eval makes of the synthetic one.
scores() {
	ns-eval -q -t "$threads" -s "$2" -f tsv -m "$metrics" --hold-out "$out/$1.held" \
		"$out/$1.learnt" "synthetic=$3"
}
