#include "texts.h"

#include "base/mem.h"

const char *
text_of_group(enum group g)
{
	static const char *const text[GROUPS] = {
	    [GROUP_FIELDS] =
		"Each header field by itself: does every value occur as often as in "
		"the "
		"real trace? Easy to get right, even by a generator that knows nothing "
		"of traffic; see independent columns.",
	    [GROUP_JOINT] =
		"Fields that belong together: a port with its protocol, a "
		"size with its "
		"port, who talks to whom. Resampling columns fails here. "
		"Ports of clients are as good as random, so pairs with them "
		"have large floors; with rare ports in classes they have "
		"small ones.",
	    [GROUP_FLOW] =
		"Records of one five-tuple form a flow. How long, how large and how "
		"dense are flows, and how does traffic come over time?",
	    [GROUP_CLASSIFIER] =
		"A random forest is trained to tell real from synthetic. An area under "
		"the ROC curve of .5 means that it is guessing, 1 that it is always "
		"right.",
	    [GROUP_RULES] =
		"Rules that real packets and flows keep to, such as room for their own "
		"headers. The share of records that pass; the floor is the real "
		"trace's own.",
	    [GROUP_LEAKAGE] =
		"Perfect fidelity by copying is worthless. What occurs in the training "
		"half more often than in the hold-out, which the generator has not "
		"seen, was copied. Chance stays below "
		"the bound behind a verdict.",
	    [GROUP_COMPLIANCE] =
		"What programs that dissect packets for a living complain about, per "
		"10,000 packets. The floor is the real capture's own.",
	    [GROUP_TELEMETRY] =
		"Monitors count packets in little memory, with sketches. Do they err "
		"on the synthetic trace as they do on the real one, and does the same "
		"sketch win?",
	    [GROUP_ANOMALY] = "A detector learns what flows look like and marks the "
			      "odd ones. Does it "
			      "find as many in the synthetic trace, by each of six "
			      "kinds of features?",
	    [GROUP_TYPES] =
		"Classifiers learn types of traffic from the synthetic trace and are "
		"then asked about real traffic. The floor learnt from real traffic.",
	    [GROUP_BOTNET] =
		"Classifiers learn to tell synthetic attacks from benign traffic, by "
		"packet lengths between two hosts, and are then asked about real ones.",
	};

	return text[g];
}

const struct page_term page_terms[] = {
    {"Floor",
	"What a perfect generator gets on average: a part of the real trace scored "
	"against the rest. No score can be better but by luck."},
    {"Independent columns",
	"Each field of the real trace resampled on its own. All single fields are "
	"right "
	"and nothing that links them is. Who scores worse has learnt nothing."},
    {"Bootstrap",
	"Whole records of the real trace drawn at random: a copy, for orientation."},
    {"At the floor", "As good as it gets: within a tenth of the floor."},
    {"Worse than no learning", "Independent columns do better."},
    {"Nothing to get wrong",
	"Independent columns reach the best value too, as of a field that is always "
	"the "
	"same."},
    {"The floor is too rough to tell",
	"Without a hold-out the floor is one half against the other; it can be worse "
	"than independent columns are."},
    {"JSD",
	"Jensen-Shannon divergence of two distributions (the squared distance, natural "
	"logarithm): 0 if equal, 0.693 if they have nothing in common."},
    {"EMD",
	"Earth mover's distance (first Wasserstein): how far values have to be moved, "
	"on "
	"average, in the unit given. Log EMD: of logarithms, in deviations of the real "
	"trace's."},
    {"ROC-AUC",
	"The chance that a classifier ranks a random positive above a random negative: "
	".5 is guessing, 1 is always right. Of a classifier that tells synthetic from "
	"real, .5 is the best that a generator can reach."},
    {"Spearman",
	"Rank correlation: 1 if two lists are in the same order, 0 if unrelated, -1 if "
	"reversed."},
    {"Hold-out",
	"A part of the real trace that the generator has not seen. Only with one can "
	"copying be told from likeness (--hold-out)."},
};
const size_t n_page_terms = LEN(page_terms);
