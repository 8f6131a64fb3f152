#!/bin/sh
# batch/choose.awk: which of several models is chosen by the scores of what they draw.
. "$(dirname "$0")/lib.sh"

choose() { # choose METRIC TRACE VALUE...: as ns-eval -f tsv would write them
	{
		printf 'metric\tvalue\tfloor\tindependent\tbootstrap\ttrace\n'
		while [ $# -gt 0 ]; do
			printf '%s\t%s\t.1\t.5\t.1\t%s\n' "$1" "$3" "$2"
			shift 3
		done
	} >scores.tsv
	awk -f "$top/batch/choose.awk" scores.tsv
}
table() { # table LINE...: words to TSV
	printf '%s\n' "$@" | tr ' ' '\t'
}

is 'the least sum' "$(choose mean_jsd 1 .3 mean_joint_jsd 1 .2 mean_jsd 2 .1 mean_joint_jsd 2 .3 \
	mean_jsd 3 .25 mean_joint_jsd 3 .2)" "$(table 'snapshot mean_jsd mean_joint_jsd sum chosen' \
	'1 .3 .2 0.500000 no' '2 .1 .3 0.400000 yes' '3 .25 .2 0.450000 no')"
is 'of a classifier what exceeds .5' "$(choose mean_jsd 1 .2 classifier_records 1 .7 classifier_flows 1 .4 \
	mean_jsd 2 .1 classifier_records 2 .75 classifier_flows 2 .625)" \
	"$(table 'snapshot mean_jsd classifier_records classifier_flows sum chosen' \
	'1 .2 .7 .4 0.400000 yes' '2 .1 .75 .625 0.475000 no')"
is 'of equals the last, by six decimals' "$(choose SP 1 .5 SP 2 .25 SP 3 .2500001 SP 4 .25001)" \
	"$(table 'snapshot SP sum chosen' '1 .5 0.500000 no' '2 .25 0.250000 no' \
	'3 .2500001 0.250000 yes' '4 .25001 0.250010 no')"
is 'in the order of numbers, some of which are missing' "$(choose SP 10 .3 SP 2 .4 | cut -f 1,4)" \
	"$(table 'snapshot chosen' '2 no' '10 yes')"
is 'what is not defined is not chosen' "$(choose SP 1 .1 DP 1 nan SP 2 .8 DP 2 .9)" \
	"$(table 'snapshot SP DP sum chosen' '1 .1 nan nan no' '2 .8 .9 1.700000 yes')"
for name in SA PR PS_n mean_emd_n joint_ports joint_src_class_size mean_joint_classes correlation_max flow_size inter_arrival; do
	is "$name can choose" "$(choose $name 1 .2 $name 2 .1 | awk '$NF == "yes" { print $1 }')" 2
done
for name in PS BYT rule_all leak_records sketch_mean classifier; do
	fails 1 "^choose.awk: $name is no score to choose by" choose $name 1 .2 $name 2 .1
	is "$name: nothing is written" "$(cat out)" ''
done
fails 1 '^choose.awk: none can be chosen: DP is not defined' choose SP 1 .1 DP 1 nan SP 2 .1 DP 2 nan
fails 1 '^choose.awk: there are no scores' choose
printf 'a\tb\n1\t2\n' >other.tsv
fails 1 "^choose.awk: 'other.tsv' holds no scores of ns-eval -f tsv" awk -f "$top/batch/choose.awk" other.tsv
done_testing
