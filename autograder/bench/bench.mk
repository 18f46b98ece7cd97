# bench.mk - how the benchmark and its servers are made; included by build.mk.
#
# The servers are solutions of labs, each compiled by one command from the sources that its line in
# designs.list names. A line whose sources are not all there gets no server.

bench_designs := autograder/bench/designs.list
bench_flags    = $(CC) $(language) -O2 $(warn) -pthread

# $(call bench_find,LAB,SOURCES): where they are; "?" for each that is nowhere.
bench_find = $(foreach s,$2,$(firstword $(wildcard solutions/$1/$s autograder/bench/servers/$s) ?))

# program|lab|source|source..., each program once
bench_rows := $(shell awk -F '|' '!/^\#/ && NF > 1 { split($$6, w, " "); gsub(/ /, "", $$7); \
              gsub(/^ +| +$$/, "", $$8); gsub(/ +/, "|", $$8); \
              if (!seen[w[1]]++) print w[1] "|" $$7 "|" $$8 }' $(bench_designs))

define bench_server
ifeq (,$(findstring ?,$3))
bench_servers += $(BUILD)/bench/servers/$1
$(BUILD)/bench/servers/$1: $3 $(wildcard labs/$2/*.h solutions/$2/*.h) $(wildcard labs/08-service/*.h) \
        autograder/bench/bench.mk | $(installed)
	@mkdir -p $$(@D)
	$$(call run,server) $$(bench_flags) $(if $(wildcard labs/$2),-Ilabs/$2 -Isolutions/$2) -o $$@ $3
endif
endef

$(foreach row,$(bench_rows),$(eval bench_words := $(subst |, ,$(row)))$(eval $(call bench_server,$(word \
    1,$(bench_words)),$(word 2,$(bench_words)),$(call bench_find,$(word 2,$(bench_words)),$(wordlist \
    3,99,$(bench_words))))))

# The lock daemon stands on the solutions of three labs; the leanest one is our own.
bench_mutexd := $(addprefix solutions/,$(addprefix 13-mutexd/,mutexd.c session.c address.c) \
                $(addprefix 08-service/,service.c accepting.c) 12-lockset/lockset.c)
ifeq ($(words $(bench_mutexd)),$(words $(wildcard $(bench_mutexd))))
bench_servers += $(BUILD)/bench/servers/mutexd
endif
bench_servers += $(BUILD)/bench/servers/fifod

$(BUILD)/bench/servers/mutexd: $(bench_mutexd) $(wildcard labs/13-mutexd/*.h labs/13-mutexd/reference/*.h) \
        autograder/bench/bench.mk | $(installed)
	@mkdir -p $(@D)
	$(call run,server) $(bench_flags) -Ilabs/13-mutexd -Ilabs/13-mutexd/reference -o $@ $(filter %.c,$^)

$(BUILD)/bench/servers/fifod: autograder/bench/servers/fifod.c labs/08-service/listener.h | $(installed)
	@mkdir -p $(@D)
	$(call run,server) $(bench_flags) -o $@ $<

bench_object = $(BUILD)/obj/autograder/bench/$1.o

$(BUILD)/bench/load $(BUILD)/bench/lockload: $(BUILD)/bench/%: $(call bench_object,%) \
        $(call bench_object,address)
	@mkdir -p $(@D)
	$(link)

$(BUILD)/bench/locks: $(foreach o,locks floors address measure serving stage proc sample,$(call \
        bench_object,$o)) $(BUILD)/libgabel.a
	@mkdir -p $(@D)
	$(link) $(grader_libs)

$(BUILD)/bench/run: $(foreach o,run measure serving stage proc machine sample designs,$(call bench_object,$o)) \
        $(BUILD)/libgabel.a
	@mkdir -p $(@D)
	$(link) $(grader_libs) -pthread

$(BUILD)/bench/tables: $(foreach o,tables figures lock_figures sample,$(call bench_object,$o)) $(BUILD)/libgabel.a
	@mkdir -p $(@D)
	$(link) $(grader_libs)

$(BUILD)/bench/page: $(foreach o,page figures lock_figures sample,$(call bench_object,$o)) $(BUILD)/libgabel.a
	@mkdir -p $(@D)
	$(link) $(grader_libs)

bench_products := $(BUILD)/bench/load $(BUILD)/bench/lockload $(BUILD)/bench/run $(BUILD)/bench/locks $(BUILD)/bench/tables $(BUILD)/bench/page \
                  $(bench_servers)
