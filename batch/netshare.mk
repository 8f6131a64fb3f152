# The whole run, from a trace to a scored synthetic one:
#
#	make -f batch/netshare.mk TRACE=x.pcap TRAIN_FLAGS='-t 4'
#
# Files appear under OUT only when complete, so the same command resumes a run that was
# stopped; a changed setting repeats what depends on it and no more.  One net of the kinds
# autoregressive and adversarial learns all chunks, in as many threads as TRAIN_FLAGS='-t N'
# says; of the kind doppelganger one chunk is trained first, the others start from it, as
# many at a time as -j says.
#
#	TRACE         capture, or CSV of packets or flows
#	OUT           where results go [TRACE's name without its ending]
#	BIN           folder of the tools [build/bin beside this folder, else PATH]
#	KIND          of model: doppelganger, autoregressive, adversarial [autoregressive]
#	CHUNKS        spans of time the trace is cut into [1; doppelganger 10]
#	SEED_CHUNK    the chunk trained first; one that has records [0; doppelganger only]
#	SEED          of training and sampling [0]
#	RECORDS       records to draw [as many as were learnt; with HOLD_OUT as were not, but
#	              privately, as that number is private]
#	HOLD_OUT      yes: learn one half of the flows only, score against the other, so that
#	              floors are fair and copying shows [no]
#	SNAPSHOTS     2 to 100: keep the model at so many moments of the training, the last being
#	              its end, draw from each and go on with the best; needs HOLD_OUT=yes, and
#	              one net: of doppelganger CHUNKS=1 [1: the one at the end]
#	CHOOSE_BY     scores of ns-eval that say which is best: the least sum, see choose.awk
#	              [mean_jsd,mean_joint_jsd,classifier_records,classifier_flows]
#	FORMAT        of the result: pcap, pcapng, csv [csv for a CSV, else pcap]
#	INGEST_FLAGS CHUNK_FLAGS ENCODE_FLAGS TRAIN_FLAGS SAMPLE_FLAGS DECODE_FLAGS EVAL_FLAGS
#	              more options of each tool; before those of ns-chunk stands
#	              --max-steps 20000 for the kinds of one net, which take long flows whole
#	SEED_FLAGS    options of ns-train for the chunk trained first, such as -t 4
#	WARM_FLAGS    options of ns-train for the chunks that start from it
#	              [both of doppelganger only]
#
# Privately, so that nobody in the trace can be told by what is made of it (see ns-train(1)):
#
#	make -f batch/netshare.mk TRACE=x.pcap EPSILON=2 FROM=2023-03-10 TO=2023-03-11
#
#	EPSILON       of the guarantee; KIND doppelganger or autoregressive [not privately]
#	DELTA         of it [1e-5]
#	UNIT          what is protected: flow, src_ip [flow]
#	FROM, TO      window of the trace, public knowledge; records outside are left out
#	MAX_STEPS     a flow's longer series are cut: public [64]
#	PRIVATE_STEPS SAMPLE_RATE
#	              --steps and --sample-rate of ns-train [its own]
#	PUBLIC        public trace of the same kind of records, which shares no unit with TRACE, to
#	              learn from first; each net then makes all PRIVATE_STEPS [none]
#	PUBLIC_FROM, PUBLIC_TO
#	              window of it [from its first record to its last]
#	PUBLIC_FLAGS  more options of ns-train for it, behind TRAIN_FLAGS, which are for both; it is
#	              learnt as long as in the open: -T 2m ends it sooner
#	CODEC         constants, or public: fitted to PUBLIC [constants]
#
# OUT/ledger keeps what was spent: each training adds to it, and a changed setting that makes
# one necessary spends anew; ns-account OUT/ledger adds it up.  A training that was stopped
# goes on for nothing more, by its checkpoint and the secret key beside it, which goes when it
# is done.  One process learns all chunks.  OUT/report is scored against the private trace and
# is as private as it; so is all else but the model, synthetic.* and what is below public.
#
# With SNAPSHOTS the flows that are not learnt are halved: a quarter of the trace chooses, by
# as many records as it has, drawn from each snapshot with the same seed and without
# SAMPLE_FLAGS; the other quarter, which has no say in the choice, is what the report scores
# against.  OUT/chosen tells the scores of each, and which was taken.
ifeq ($(TRACE),)
$(error TRACE is not set: make -f batch/netshare.mk TRACE=x.pcap TRAIN_FLAGS='-t 4')
endif

KIND = autoregressive

# What is the kind's own.
kinds = doppelganger autoregressive adversarial
chunks_doppelganger = 10
chunks_autoregressive = 1
chunk_autoregressive = --max-steps 20000
encode_autoregressive = -p symbol
chunks_adversarial = $(chunks_autoregressive)
chunk_adversarial = $(chunk_autoregressive)
encode_adversarial = $(encode_autoregressive)

OUT = $(basename $(notdir $(TRACE)))
CHUNKS = $(chunks_$(KIND))
SEED_CHUNK =
SEED = 0
RECORDS =
FORMAT = $(if $(filter %.csv,$(TRACE)),csv,pcap)
INGEST_FLAGS =
CHUNK_FLAGS =
ENCODE_FLAGS =
TRAIN_FLAGS =
SEED_FLAGS =
WARM_FLAGS =
SAMPLE_FLAGS =
DECODE_FLAGS =
EVAL_FLAGS = -m all
HOLD_OUT =
EPSILON =
DELTA =
UNIT =
FROM =
TO =
MAX_STEPS =
PRIVATE_STEPS =
SAMPLE_RATE =
PUBLIC =
PUBLIC_FROM =
PUBLIC_TO =
PUBLIC_FLAGS =
CODEC =
SNAPSHOTS = 1
CHOOSE_BY = mean_jsd,mean_joint_jsd,classifier_records,classifier_flows

own_batch := $(abspath $(dir $(lastword $(MAKEFILE_LIST))))
own_bin := $(abspath $(own_batch)/../build/bin)
BIN = $(if $(wildcard $(own_bin)/ns-ingest),$(own_bin))
tool = $(if $(BIN),$(BIN)/)

ifneq ($(words $(KIND)) $(filter $(KIND),$(kinds)),1 $(KIND))
$(error KIND is '$(KIND)'; there are: $(kinds))
endif
one_net := $(filter autoregressive adversarial,$(KIND))
ifneq ($(and $(one_net),$(strip $(SEED_CHUNK) $(SEED_FLAGS) $(WARM_FLAGS))),)
$(error KIND is $(KIND): one net learns all chunks, so that SEED_CHUNK, SEED_FLAGS and \
	WARM_FLAGS say nothing; TRAIN_FLAGS are its options)
endif

# Privately: what has to be public, and what would tell of the data.
private := $(strip $(EPSILON))
ifeq ($(private),)
ifneq ($(strip $(DELTA) $(UNIT) $(FROM) $(TO) $(MAX_STEPS) $(PRIVATE_STEPS) $(SAMPLE_RATE) $(PUBLIC) \
	$(PUBLIC_FROM) $(PUBLIC_TO) $(PUBLIC_FLAGS) $(CODEC)),)
$(error DELTA, UNIT, FROM, TO, MAX_STEPS, PRIVATE_STEPS, SAMPLE_RATE, PUBLIC and what goes with \
	it, and CODEC are of private training: set EPSILON)
endif
else
unit := $(or $(strip $(UNIT)),flow)
codec := $(or $(strip $(CODEC)),constants)
ifeq ($(KIND),adversarial)
$(error KIND is adversarial, which cannot be learnt privately)
endif
ifneq ($(words $(FROM)) $(words $(TO)),1 1)
$(error EPSILON needs FROM and TO: a window told from the trace gives its first and last time away)
endif
ifneq ($(filter-out 1,$(SNAPSHOTS)),)
$(error SNAPSHOTS are chosen by private flows, which no EPSILON covers)
endif
ifneq ($(strip $(SEED_FLAGS) $(WARM_FLAGS) $(if $(PUBLIC),,$(SEED_CHUNK))),)
$(error with EPSILON one ns-train learns all chunks: SEED_FLAGS and WARM_FLAGS say nothing, nor \
	SEED_CHUNK without PUBLIC; TRAIN_FLAGS are its options)
endif
ifneq ($(and $(strip $(PUBLIC_FROM) $(PUBLIC_TO) $(PUBLIC_FLAGS)),$(if $(strip $(PUBLIC)),,none)),)
$(error PUBLIC_FROM, PUBLIC_TO and PUBLIC_FLAGS say nothing without PUBLIC)
endif
ifneq ($(words $(PUBLIC_FROM)),$(words $(PUBLIC_TO)))
$(error PUBLIC_FROM and PUBLIC_TO go together)
endif
ifneq ($(filter-out constants $(if $(strip $(PUBLIC)),public),$(codec)),)
$(error CODEC is '$(CODEC)', not constants, or public where there is PUBLIC)
endif
endif

half := $(filter-out no,$(HOLD_OUT))
ifneq ($(filter-out yes,$(half)),)
$(error HOLD_OUT is '$(HOLD_OUT)', not yes or no)
endif
ifneq ($(words $(SNAPSHOTS)) $(filter $(SNAPSHOTS),$(shell seq 100)),1 $(strip $(SNAPSHOTS)))
$(error SNAPSHOTS is '$(SNAPSHOTS)', not 1 to 100)
endif
moments := $(if $(filter-out 1,$(SNAPSHOTS)),$(shell seq $(SNAPSHOTS)))
ifneq ($(and $(moments),$(if $(half),,none)),)
$(error SNAPSHOTS are chosen by flows that are not learnt: set HOLD_OUT=yes)
endif
ifneq ($(and $(moments),$(if $(one_net),,$(filter-out 1,$(CHUNKS)))),)
$(error SNAPSHOTS are of one net, and of KIND $(KIND) each chunk has its own: set CHUNKS=1)
endif

# A model a chunk, or all in one file.
seed_chunk := $(or $(strip $(SEED_CHUNK)),0)
one_file := $(or $(one_net),$(private))
number := $(if $(one_file),all,$(shell seq -f %04g 0 $$(($(CHUNKS) - 1))))
seed_model := $(OUT)/model/$(if $(one_file),all,$(shell printf %04d $(seed_chunk))).model
models := $(patsubst %,$(OUT)/model/%.model,$(number))
synthetic := $(OUT)/synthetic.$(FORMAT)

# The half of the flows that is not learnt is halved if one of its halves chooses.
held_part := $(if $(moments),3/4,1/2)

# Where the training of the first net leaves it: for good, or as the last of its snapshots.
kept := $(OUT)/snapshots
trained := $(if $(moments),$(kept)/model,$(seed_model))
state := $(if $(moments),$(kept)/checkpoint,$(seed_model:.model=.checkpoint))
all_states := $(if $(private),$(patsubst %,$(state).%,$(shell seq 0 $$(($(CHUNKS) - 1)))))
keep := $(if $(moments),--snapshots $(strip $(SNAPSHOTS)))
drawn := $(patsubst %,$(kept)/%.ns,$(moments))

encode_flags = $(encode_$(KIND)) $(ENCODE_FLAGS)
ifeq ($(private),)
chunk_flags = $(chunk_$(KIND)) $(CHUNK_FLAGS)
encode = -s $(SEED) $(encode_flags)
train = $(if $(one_net),,-c $(seed_chunk)) -s $(SEED) $(TRAIN_FLAGS) $(SEED_FLAGS) $(keep)
else
public := $(if $(strip $(PUBLIC)),$(OUT)/public)
with_public = $(SEED) $(seed_chunk) $(PUBLIC_FROM) $(PUBLIC_TO) $(PUBLIC_FLAGS)
private_chunk = --unit $(unit) --max-steps $(or $(strip $(MAX_STEPS)),64) $(CHUNK_FLAGS)
chunk_flags = $(private_chunk) --from $(FROM) --to $(TO)
public_codec := $(if $(filter public,$(codec)),$(public)/train.ns)
encode = -P $(if $(public_codec),-A $(public_codec),$(encode_flags))
train = --epsilon $(EPSILON) --delta $(or $(strip $(DELTA)),1e-5) $(TRAIN_FLAGS) \
	$(PRIVATE_STEPS:%=--steps %) $(SAMPLE_RATE:%=--sample-rate %) \
	$(if $(public),-i $(public)/model) --ledger $(OUT)/ledger
endif

# The settings of each stage, in files that are touched only when a setting
# changes; a dot stands behind the last, so that none is empty.
with_ingest = $(INGEST_FLAGS)
with_chunk = $(CHUNKS) $(if $(private),$(encode),$(SEED)) $(chunk_flags) $(encode_flags)
with_train = $(KIND) $(if $(private),$(train),$(SEED) $(seed_chunk) $(TRAIN_FLAGS) $(keep))
with_seed = $(SEED_FLAGS)
with_warm = $(WARM_FLAGS)
with_sample = $(KIND) $(CHUNKS) $(SEED) $(RECORDS) $(SAMPLE_FLAGS)
with_half = $(HOLD_OUT)
with_held = $(held_part)
with_choice = $(CHOOSE_BY)
with_decode = $(DECODE_FLAGS)
with_eval = $(EVAL_FLAGS)
$(shell mkdir -p '$(OUT)/with' '$(OUT)/model' $(if $(moments),'$(kept)') $(if $(public),'$(public)'))
noted = $(if $(wildcard $(OUT)/with/$(1)),$(strip $(file <$(OUT)/with/$(1))))
equal = $(and $(findstring [$(1)],[$(2)]),$(findstring [$(2)],[$(1)]))
note = $(if $(call equal,$(call noted,$(1)),$(strip $(with_$(1)) .)),,$(file >$(OUT)/with/$(1),$(strip $(with_$(1)) .)))
$(foreach s,ingest half held choice chunk $(if $(public),public) train seed warm sample decode eval,$(call note,$(s)))

# What is learnt and what the result is scored against: all of the trace, or its halves.
learnt := $(OUT)/$(if $(half),learnt,real).ns
held_out := $(if $(half),$(OUT)/held-out.ns)
choosing := $(OUT)/choosing.ns
count = $(tool)ns-cat -C $(1) | awk '$$1 == "total" { print $$5 }'
records = $(if $(RECORDS),--records $(RECORDS),$(if $(half),$(if $(private),,--records $$($(call count,$(held_out))))))

# Programs that take captures apart are asked about real and synthetic ones.
referees := $(if $(filter pcap pcapng,$(FORMAT)),$(OUT)/referees.tsv)

all: $(models) $(synthetic) $(OUT)/scored

$(OUT)/real.ns: $(TRACE) $(OUT)/with/ingest
	$(tool)ns-ingest $(INGEST_FLAGS) -o $@ $<

$(OUT)/learnt.ns: $(OUT)/real.ns $(OUT)/with/half
	$(tool)ns-cat --part 0/2 -o $@ $<

$(OUT)/held-out.ns: $(OUT)/real.ns $(OUT)/with/half $(OUT)/with/held
	$(tool)ns-cat --part $(held_part) -o $@ $<

$(choosing): $(OUT)/real.ns
	$(tool)ns-cat --part 1/4 -o $@ $<

$(OUT)/train.ns: $(learnt) $(OUT)/with/chunk $(OUT)/with/half $(public_codec)
	$(tool)ns-chunk -n $(CHUNKS) $(chunk_flags) $< | $(tool)ns-encode $(encode) -o $@

# The public trace in the shape of the private one, and what its first net learns.
ifneq ($(public),)
$(public)/real.ns: $(PUBLIC) $(OUT)/with/ingest
	$(tool)ns-ingest $(INGEST_FLAGS) -o $@ $<

$(public)/window: $(public)/real.ns $(OUT)/with/public
	set -- $$($(tool)ns-chunk -n 1 $< | $(tool)ns-cat -H | sed -n -e 's/^ *trace\.t0_ns=//p' \
		-e 's/^ *trace\.len_ns=//p') && s=1000000000 && end=$$(($$1 + $$2)) && \
		printf -- '--from %d.%09d --to %d.%09d\n' \
		$$(($$1 / s)) $$(($$1 % s)) $$((end / s)) $$((end % s)) >$@

public_window = $(if $(PUBLIC_FROM),--from $(PUBLIC_FROM) --to $(PUBLIC_TO),$$(cat $(public)/window))
$(public)/train.ns: $(public)/real.ns $(if $(PUBLIC_FROM),,$(public)/window) $(OUT)/with/public $(OUT)/with/chunk
	$(tool)ns-chunk -n $(CHUNKS) $(private_chunk) $(public_window) $< | \
		$(tool)ns-encode $(if $(public_codec),--public -s $(SEED),-P) $(encode_flags) -o $@

$(public)/model: $(public)/train.ns $(OUT)/with/public $(OUT)/with/train
	$(tool)ns-train -m $(KIND) --public $(if $(one_net),,-c $(seed_chunk)) -s $(SEED) $(TRAIN_FLAGS) \
		$(PUBLIC_FLAGS) -k $(public)/checkpoint -o $@ $<
	@rm -f $(public)/checkpoint $(public)/checkpoint.lock

$(trained): $(public)/model
endif

# The checkpoint makes a stopped training go on where it was; a finished one needs none.
$(trained): $(OUT)/train.ns $(OUT)/with/train $(OUT)/with/seed
	$(tool)ns-train -m $(KIND) $(train) -k $(state) -o $@ $<
	@rm -f $(state) $(state).lock $(all_states) $(all_states:%=%.lock)

# Snapshot K of N is model.K, the last is model; of one that a training which ended early did
# not come to there is an empty file.
moment = $<$(if $(filter $(SNAPSHOTS),$*),,.$*)
$(kept)/%.ns: $(trained) $(choosing)
	if [ -e $(moment) ]; then $(tool)ns-sample -s $(SEED) --records $$($(call count,$(choosing))) $(moment) | \
		$(tool)ns-decode -o $@; else : >$@; fi

$(kept)/scores.tsv: $(learnt) $(choosing) $(drawn) $(OUT)/with/choice
	$(tool)ns-eval -f tsv -m $(CHOOSE_BY) -s $(SEED) --hold-out $(choosing) -o $@ $(learnt) \
		$$(for k in $(moments); do [ ! -s $(kept)/$$k.ns ] || echo $$k=$(kept)/$$k.ns; done)

$(OUT)/chosen: $(kept)/scores.tsv
	LC_ALL=C awk -f $(own_batch)/choose.awk $< >$@

ifneq ($(moments),)
$(seed_model): $(OUT)/chosen
	k=$$(awk '$$NF == "yes" { print $$1 }' $<) && \
		cp $(kept)/model$$([ $$k = $(SNAPSHOTS) ] || echo .$$k) $@.part && mv $@.part $@
endif

$(OUT)/model/%.model: $(OUT)/train.ns $(seed_model) $(OUT)/with/train $(OUT)/with/warm
	$(tool)ns-train -m $(KIND) -c $$(expr $* + 0) -i $(seed_model) -s $(SEED) $(TRAIN_FLAGS) $(WARM_FLAGS) \
		-k $(@:.model=.checkpoint) -o $@ $<
	@rm -f $(@:.model=.checkpoint) $(@:.model=.checkpoint.lock)

$(OUT)/sample.ns: $(models) $(held_out) $(OUT)/with/sample
	cat $(models) | $(tool)ns-sample -s $(SEED) $(records) $(SAMPLE_FLAGS) -o $@

$(OUT)/synthetic.ns: $(OUT)/sample.ns
	$(tool)ns-decode -o $@ $<

$(synthetic): $(OUT)/sample.ns $(OUT)/with/decode
	$(tool)ns-decode -f $(FORMAT) $(DECODE_FLAGS) -o $@ $<

$(OUT)/referees.tsv: $(TRACE) $(synthetic)
	$(own_batch)/referees.sh $(TRACE) $(synthetic) >$@

# The folder report stays when a limit in EVAL_FLAGS is broken, which is no success.
$(OUT)/scored: $(learnt) $(held_out) $(OUT)/synthetic.ns $(referees) $(OUT)/with/eval
	$(tool)ns-eval $(EVAL_FLAGS) $(held_out:%=--hold-out %) $(referees:%=--referees %) -s $(SEED) \
		-f html -d $(OUT)/report $(learnt) synthetic=$(OUT)/synthetic.ns
	@touch $@

.DELETE_ON_ERROR:
.PHONY: all
