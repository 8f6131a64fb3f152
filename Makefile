# netshare: one static library per layer of common/, one binary per folder of tools/.
# Sources are found by folder, so a new file needs no line here.
include config.mk

LAYERS := base stream tensor trace codec nn model dp
TOOLS := $(notdir $(wildcard tools/ns-*))

comma := ,
B := build
ifneq ($(SAN),)
B := build/san-$(subst $(comma),-,$(SAN))
SANFLAGS := -fsanitize=$(SAN) -fno-sanitize-recover=undefined -fno-omit-frame-pointer
endif

# One short line a step; V=1 shows the commands.
Q := $(if $(V),,@)
say = $(if $(V),,@echo "  $(1)  $(2)")

ifeq ($(BLAS),none)
BLAS_CFLAGS := -DNN_NO_BLAS
BLAS_LIBS :=
else
BLAS_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(BLAS) 2>/dev/null)
BLAS_LIBS := $(shell $(PKG_CONFIG) --libs $(BLAS) 2>/dev/null)
endif
PCAP_LIBS = $(shell $(PKG_CONFIG) --libs libpcap 2>/dev/null)
ZSTD_LIBS = $(shell $(PKG_CONFIG) --libs libzstd 2>/dev/null)
SODIUM_LIBS = $(shell $(PKG_CONFIG) --libs libsodium 2>/dev/null)

CPPFLAGS += -Icommon -D_POSIX_C_SOURCE=200809L -DNS_VERSION='"$(VERSION)"' $(BLAS_CFLAGS)
CFLAGS += -std=c11 $(OPT) -ffp-contract=off -fno-math-errno -pthread $(WARN) $(if $(WERROR),-Werror) \
	$(SANFLAGS)
LDFLAGS += -pthread $(SANFLAGS)
LDLIBS = $(ZSTD_LIBS) $(BLAS_LIBS) -lm

# Which layers each tool stands on, highest first, as the linker wants them.
LAYERS_ns-ingest := trace stream base
LAYERS_ns-chunk := trace stream base
LAYERS_ns-encode := codec trace tensor stream base
LAYERS_ns-train := dp model nn tensor stream base
LAYERS_ns-sample := model nn codec trace tensor stream base
LAYERS_ns-decode := codec trace tensor stream base
LAYERS_ns-eval := nn trace stream base
LAYERS_ns-cat := codec trace tensor stream base
LAYERS_ns-account := dp base

libs = $(foreach l,$(1),$(B)/lib$(l).a)
ALL_LAYERS := dp model nn codec trace tensor stream base

# A tool may have rooms of its own: folders below its folder.
src = $(wildcard $(1)/*.c $(1)/*/*.c)
obj = $(patsubst %.c,$(B)/%.o,$(src))
# The same sources with double for float: gradient checks need the digits.
obj64 = $(patsubst %.c,$(B)/f64/%.o,$(src))

BINS := $(addprefix $(B)/bin/,$(TOOLS))

all: $(BINS)

# Rooms of one layer may have files of the same name: ar q puts all of them in.
define layer_rule
$(B)/lib$(1).a: $$(call obj,common/$(1))
	$$(call say,AR,$$@)
	$$(Q)rm -f $$@ && $$(AR) qcs $$@ $$^
endef
$(foreach l,$(LAYERS),$(eval $(call layer_rule,$(l))))

define tool_rule
$(B)/bin/$(1): $$(call obj,tools/$(1)) $$(call libs,$$(LAYERS_$(1)))
	@mkdir -p $$(@D)
	$$(call say,LD,$$@)
	$$(Q)$$(CC) $$(LDFLAGS) -o $$@ $$^ $$(LIBS_$(1)) $$(LDLIBS)
endef
$(foreach t,$(TOOLS),$(eval $(call tool_rule,$(t))))
LIBS_ns-ingest = $(PCAP_LIBS)
LIBS_ns-train = $(SODIUM_LIBS)
LIBS_ns-account = $(SODIUM_LIBS)

# Libraries that ns-eval can do without; it says which of its scores then are missing.
finds = $(shell printf '\#include <%s>\n' $(1) | $(CC) -E - >/dev/null 2>&1 && echo $(2))
OPTIONAL := $(call finds,libsvm/svm.h,svm) $(call finds,linear.h,linear) $(call finds,xgboost/c_api.h,xgboost)
LIBS_ns-eval := $(addprefix -l,$(OPTIONAL))
FLAGS_ns-eval := $(patsubst svm,-DHAVE_LIBSVM,$(patsubst linear,-DHAVE_LIBLINEAR,$(patsubst xgboost,-DHAVE_XGBOOST,$(OPTIONAL))))

# Cipher of ns-encode --map-key, which it can do without.
ifneq ($(NETTLE),none)
LIBS_ns-encode := $(shell $(PKG_CONFIG) --libs $(NETTLE) 2>/dev/null)
FLAGS_ns-encode := $(if $(LIBS_ns-encode),-DHAVE_NETTLE $(shell $(PKG_CONFIG) --cflags $(NETTLE) 2>/dev/null))
endif

# Of a file in tools/ns-X/ or tests/unit/ns-X/: the flags of that tool.
tool_of = $(filter ns-%,$(subst /, ,$(subst f64-,,$(dir $(1)))))
tool_flags = $(addprefix -Itools/,$(tool_of)) $(FLAGS_$(tool_of))

# Tests: tests/unit/ROOM/test_X.c is one program.  A room that is a tool is linked with
# that tool's files but its main; a room named f64-ROOM is built with double for float.
CMOCKA_LIBS = $(shell $(PKG_CONFIG) --libs cmocka 2>/dev/null)
unit_src := $(wildcard tests/unit/*/test_*.c)
UNIT := $(patsubst tests/unit/%.c,$(B)/test/%,$(unit_src))

tool_obj = $(filter-out %/main.o,$(call obj,tools/$(1)))
tool_obj64 = $(filter-out %/main.o,$(call obj64,tools/$(1)))
libs64 = $(patsubst $(B)/libnn.a,$(B)/f64/libnn.a,\
	$(patsubst $(B)/libmodel.a,$(B)/f64/libmodel.a,$(call libs,$(1))))
room = $(notdir $(patsubst %/,%,$(dir $(1))))

define unit_rule
$(B)/test/$(1)/$(2): $(B)/tests/unit/$(1)/$(2).o $$(if $$(filter ns-%,$(1)),$$(call tool_obj,$(1))) \
    $$(call libs,$$(if $$(filter ns-%,$(1)),$$(LAYERS_$(1)),$$(ALL_LAYERS)))
	@mkdir -p $$(@D)
	$$(call say,LD,$$@)
	$$(Q)$$(CC) $$(LDFLAGS) -o $$@ $$^ $$(LIBS_$(1)) $$(SODIUM_LIBS) $$(CMOCKA_LIBS) $$(LDLIBS)
endef
define unit64_rule
$(B)/test/$(1)/$(2): $(B)/f64/tests/unit/$(1)/$(2).o \
    $$(if $$(filter f64-ns-%,$(1)),$$(call tool_obj64,$(1:f64-%=%))) $$(call libs64,$$(ALL_LAYERS))
	@mkdir -p $$(@D)
	$$(call say,LD,$$@)
	$$(Q)$$(CC) $$(LDFLAGS) -o $$@ $$^ $$(SODIUM_LIBS) $$(CMOCKA_LIBS) $$(LDLIBS)
endef
$(foreach s,$(unit_src),$(eval $(call $(if $(filter f64-%,$(call room,$(s))),unit64_rule,unit_rule),$(call room,$(s)),$(basename $(notdir $(s))))))
$(B)/f64/libnn.a: $(call obj64,common/nn)
$(B)/f64/libmodel.a: $(call obj64,common/model)
$(B)/f64/lib%.a:
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

# Tests run once: what they call is built as users have it, they themselves quickly.
$(B)/tests/unit/%.o $(B)/f64/tests/unit/%.o: OPT = -O1 -g

$(B)/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CPPFLAGS) $(call tool_flags,$<) $(CFLAGS) -MMD -MP -c -o $@ $<
$(B)/f64/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CPPFLAGS) -DNN_DOUBLE $(call tool_flags,$<) $(CFLAGS) -MMD -MP -c -o $@ $<

unit: $(UNIT)

# Every fuzz target with a main of its own: replays seeds and past crashers.
REPLAY := $(patsubst tests/fuzz/%.c,$(B)/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
$(B)/fuzz/fuzz_%: $(B)/tests/fuzz/fuzz_%.o $(B)/tests/fuzz/replay.o $(call tool_obj,ns-ingest) \
    $(B)/tools/ns-eval/rules/referees.o $(call libs,$(ALL_LAYERS))
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(PCAP_LIBS) $(SODIUM_LIBS) $(LDLIBS)
replay: $(REPLAY)

# ---- What a person types. The first two install what is missing. ----

DEPS = @tests/deps.sh
JOBS = 2
LINT := $(wildcard tests/lint/*.sh)
PROVE = CMOCKA_MESSAGE_OUTPUT=TAP NS_BIN=$(B)/bin NS_BUILD=$(B) prove --exec '' -j $(JOBS)

demo:
	$(DEPS) build
	@$(MAKE) --no-print-directory -j $(JOBS) all
	@batch/demo.sh $(B)/bin

check:
	$(DEPS) check
	@$(MAKE) --no-print-directory -j $(JOBS) all unit replay
	@$(PROVE) $(LINT) $(UNIT) $(wildcard tests/cli/*.t)

# TRACES: a folder of real traces; without it the tests that need some are counted skips.
check-long:
	$(DEPS) long
	@$(MAKE) --no-print-directory -j $(JOBS) all $(B)/test/ns-sample/test_sampler \
	    $(B)/test/ns-train/test_audit
	@TRACES="$(TRACES)" $(PROVE) $(wildcard tests/long/*.t)

lint:
	@prove --exec '' -j $(JOBS) $(LINT)

FUZZ_S = 60
fuzz:
	$(DEPS) fuzz
	@FUZZ_S=$(FUZZ_S) tests/fuzz/run.sh

# TRACES: a folder of real traces; bench/paper.sh says what else can be set.
paper: all
	@TRACES="$(TRACES)" bench/paper.sh $(B)

# TRACES: a folder of real traces; it takes hours and goes on after a stop;
# bench/fidelity.sh says what else can be set.
fidelity: all
	@TRACES="$(TRACES)" bench/fidelity.sh $(B)

# The same of bench/ablation.sh and of bench/privacy.sh.
ablation: all
	@TRACES="$(TRACES)" bench/ablation.sh $(B)
privacy: all
	@TRACES="$(TRACES)" bench/privacy.sh $(B)

# TRACES: a folder of real traces whose shapes are trained; bench/bench.sh says what else.
bench: all $(B)/bench/step $(B)/bench/draw $(B)/bench/noise
	@TRACES="$(TRACES)" CC="$(CC)" bench/bench.sh $(B)

# The bench's own programs that measure our code from inside.
$(B)/bench/step: $(addprefix $(B)/bench/,step.o adversarial.o gan.o iteration.o likelihood.o likelihood_private.o passes.o \
    products.o) $(call tool_obj,ns-train) $(call libs,$(LAYERS_ns-train))
$(B)/bench/draw: $(addprefix $(B)/bench/,draw.o drawn_gan.o drawn_symbols.o products.o) $(call libs,$(LAYERS_ns-sample))
$(B)/bench/noise: $(B)/bench/noise.o $(call libs,dp nn base)
$(B)/bench/step $(B)/bench/draw $(B)/bench/noise:
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(SODIUM_LIBS) $(LDLIBS)
$(B)/bench/%.o: CPPFLAGS += -Itools/ns-train

deps:
	$(DEPS) check

# ---- Packaging. ----

install: all
	install -d $(DESTDIR)$(BINDIR)
	install -m 755 $(BINS) $(DESTDIR)$(BINDIR)
	for s in 1 5 7; do \
		install -d $(DESTDIR)$(MANDIR)/man$$s && \
		install -m 644 man/*.$$s $(DESTDIR)$(MANDIR)/man$$s || exit 1; \
	done

uninstall:
	rm -f $(addprefix $(DESTDIR)$(BINDIR)/,$(TOOLS))
	for f in man/*.[157]; do \
		rm -f $(DESTDIR)$(MANDIR)/man$${f##*.}/$${f##*/}; \
	done

dist:
	@mkdir -p $(B)
	git archive --prefix=netshare-$(VERSION)/ -o $(B)/netshare-$(VERSION).tar.gz HEAD

clean:
	rm -rf build demo

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all unit replay demo check check-long lint fuzz bench paper fidelity ablation privacy deps install uninstall dist clean
-include $(shell find $(B) -name '*.d' 2>/dev/null)
