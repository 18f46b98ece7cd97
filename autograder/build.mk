# build.mk - how everything is compiled into build/.
#
# Included by the Makefile at the root. A file added to a room, a lab, a
# catalog or the tests is found by itself; nothing is listed by hand but what
# is special. Objects lie in build/obj as their sources lie in the tree.
#
#	V=1          shows every command
#	WERROR=1     warnings are errors (CI)
#	SANITIZE=1   the grader and its tests with address and undefined
#	             behaviour sanitizers, in build-sanitize/

BUILD := $(if $(SANITIZE),build-sanitize,build)

CC      = gcc
CFLAGS  = -O2 -g
warn   := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
          -Wvla-larger-than=0 $(if $(WERROR),-Werror)
sanitize := $(if $(SANITIZE),-fsanitize=address -fsanitize=undefined \
          -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
language := -std=c17 -D_XOPEN_SOURCE=700
compile = $(CC) $(language) $(CFLAGS) $(warn) $(sanitize) -MMD -MP

grader_libs := -ljansson -larchive -lyaml -lseccomp -lexpat
judge_libs  := -lcmocka -ljansson -lexpat -lseccomp

# The eye's register code is one file for each kind of machine.
machine := $(shell uname -m)
sources  = $(filter-out %/arch_none.c,$(foreach f,$(wildcard $1),$(if \
           $(findstring /arch_,$f),$(filter %/arch_$(machine).c,$f),$f)))
objects  = $(patsubst %.c,$(BUILD)/obj/%.o,$1)

# ---- what is made of what ----------------------------------------------------

keeper_c := $(call sources,autograder/keeper/*.c)
# What both ends use: the control socket, the names of the calls, waiting for a processor, /proc.
shared_c := $(wildcard autograder/keeper/wire.c autograder/keeper/calls.c autograder/keeper/delay.c \
	autograder/keeper/proc_file.c)
src_c    := $(filter-out %/main.c,$(wildcard autograder/src/*.c autograder/src/*/*.c))
judge_c  := $(filter-out %/probe.c %/trial_command.c,$(wildcard autograder/judge/*.c)) \
            $(wildcard autograder/src/sandbox/*.c autograder/src/base/*.c)
skeleton_c := $(wildcard autograder/skeleton/*.c)
prove_c    := $(wildcard autograder/prove/*.c)
mutate_c   := $(wildcard autograder/mutate/*.c)
test_c     := $(wildcard autograder/tests/*_test.c)
rows_c     := $(wildcard autograder/tests/rows.c)
# Small programs that tests put into the sandbox.
program_c  := $(wildcard autograder/tests/programs/*.c)
# What takes the place of the thread sanitizer's library in a submission.
interleave_c := $(wildcard autograder/interleave/*.c)
bench_c    := $(wildcard autograder/tests/bench.c)
# The benchmark of the servers; its servers themselves are in bench.mk.
measure_c  := $(wildcard autograder/bench/*.c)

kit_labs := $(patsubst labs/%/lab.yaml,%,$(wildcard labs/*/lab.yaml))
lab_c    := $(wildcard $(kit_labs:%=labs/%/checks/*.c))
probe_c  := $(filter %_probe.c,$(lab_c))
# Links to other labs' solutions, which a lab builds on; students have none of them.
reference_c := $(foreach f,$(wildcard $(kit_labs:%=labs/%/reference/*.c)),$(if $(realpath $f),$f))
check_c  := $(filter-out %_probe.c,$(lab_c))

tests    := $(test_c:autograder/tests/%.c=$(BUILD)/tests/%)
programs := $(program_c:autograder/tests/programs/%.c=$(BUILD)/tests/programs/%)
judges   := $(foreach lab,$(kit_labs),$(if $(filter labs/$(lab)/%,$(check_c)),$(BUILD)/labs/$(lab)/judge))
probes   := $(foreach f,$(probe_c),$(BUILD)/labs/$(word 2,$(subst /, ,$f))/probes/$(basename $(notdir $f)).o)
references := $(sort $(foreach f,$(reference_c),$(BUILD)/labs/$(word 2,$(subst /, ,$f))/reference.o))
catalogs := $(patsubst autograder/po/%.po,$(BUILD)/locale/%/LC_MESSAGES/gabel.mo,$(wildcard autograder/po/*.po)) \
            $(foreach f,$(wildcard $(kit_labs:%=labs/%/po/*.po)),$(BUILD)/locale/$(basename $(notdir \
            $f))/LC_MESSAGES/$(word 2,$(subst /, ,$f)).mo)

products := $(if $(wildcard autograder/src/main.c),$(BUILD)/gabel)
ifndef SANITIZE
products += $(if $(keeper_c),$(BUILD)/keeper) \
            $(if $(wildcard autograder/judge/trial_command.c),$(BUILD)/trial) \
            $(if $(wildcard autograder/judge/probe.c),$(BUILD)/probe.o) \
            $(if $(interleave_c),$(BUILD)/interleave.o) \
            $(if $(skeleton_c),$(BUILD)/skeleton) $(if $(prove_c),$(BUILD)/prove) \
            $(judges) $(probes) $(references) $(catalogs)
endif

all_c := $(keeper_c) $(wildcard autograder/src/*.c autograder/src/*/*.c autograder/judge/*.c) \
         $(skeleton_c) $(prove_c) $(mutate_c) $(interleave_c) $(test_c) $(rows_c) $(program_c) \
         $(bench_c) $(measure_c) $(lab_c) $(reference_c)
all_o := $(call objects,$(all_c))

# ---- packages ------------------------------------------------------------------

# Installs what is missing, once; asked again only when the list of packages changes.
installer := $(wildcard autograder/install/install.sh)
installed := $(if $(installer),build/stamp/installed)

build/stamp/installed: $(wildcard autograder/install/*)
	@mkdir -p $(@D)
	bash $(installer)
	@touch $@

# ---- rules ---------------------------------------------------------------------

run = $(if $(V),,@printf '  %-8s %s\n' $1 $@;)

# These hold what a product was made with, so that other flags, or a file that
# is gone, make it again.
keep_text = mkdir -p $(@D) && printf '%s\n' '$(strip $1)' >$@.new && \
            if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

$(BUILD)/obj/flags: FORCE
	@$(call keep_text,$(filter-out -Werror,$(compile)))

$(BUILD)/obj/%.list: FORCE
	@$(call keep_text,$($*_parts))

$(all_o): $(BUILD)/obj/%.o: %.c $(BUILD)/obj/flags | $(installed)
	@mkdir -p $(@D)
	$(call run,compile) $(compile) $(includes) -c -o $@ $<

lab_includes = -Iautograder/judge -I$(patsubst %/checks/,%,$(dir $<))
$(call objects,$(lab_c)): includes = $(lab_includes)
# A probe is one program with the student's code and is compiled like it.
$(call objects,$(probe_c)): CFLAGS = -O1
# What a student's program is linked with, too; the headers of its own labs lie beside it.
$(call objects,$(reference_c)): CFLAGS = -O1 -g -fdebug-prefix-map=$(CURDIR)=/kit

archive = $(call run,archive) rm -f $@ && ar rcs $@ $(filter %.o,$^)
link    = $(call run,link) $(CC) $(CFLAGS) $(sanitize) -o $@ $(filter %.o,$^) $(filter %.a,$^)

libgabel_parts  := $(call objects,$(src_c) $(shared_c))
libprove_parts  := $(call objects,$(filter-out %/prove.c,$(prove_c)))
libkeeper_parts := $(call objects,$(keeper_c))
libjudge_parts  := $(call objects,$(judge_c) $(shared_c))

$(BUILD)/libgabel.a: $(libgabel_parts)
$(BUILD)/libprove.a: $(libprove_parts)
$(BUILD)/libkeeper.a: $(libkeeper_parts)
$(BUILD)/libjudge.a: $(libjudge_parts)
$(BUILD)/lib%.a: $(BUILD)/obj/lib%.list
	$(archive)

$(BUILD)/gabel: $(BUILD)/obj/autograder/src/main.o $(BUILD)/libgabel.a
	$(link) $(grader_libs)

# Static where it can be: it is started for each trial, and loading libraries would be most of
# its start.
has_library   = $(findstring /,$(shell $(CC) -print-file-name=lib$1.a))
keeper_static = $(if $(SANITIZE),,$(if $(and $(call has_library,c),$(call has_library,seccomp)),-static))

$(BUILD)/keeper: $(libkeeper_parts) $(BUILD)/obj/libkeeper.list
	$(link) $(keeper_static) -lseccomp

$(BUILD)/trial: $(BUILD)/obj/autograder/judge/trial_command.o $(BUILD)/libjudge.a
	$(link) $(judge_libs)

$(BUILD)/probe.o: $(BUILD)/obj/autograder/judge/probe.o
	$(call run,copy) cp $< $@

$(BUILD)/interleave.o: $(call objects,$(interleave_c))
	$(call run,copy) cp $< $@

$(BUILD)/skeleton: $(call objects,$(skeleton_c)) $(BUILD)/libgabel.a
	$(link) $(grader_libs)

$(BUILD)/prove: $(BUILD)/obj/autograder/prove/prove.o $(BUILD)/libprove.a $(BUILD)/libgabel.a
	$(link) $(grader_libs)

# Not among the products: it needs a developer's packages. Debian keeps
# libclang of each version in a place of its own; the last one is taken.
llvm = $(lastword $(sort $(patsubst %/include/clang-c/Index.h,%,$(wildcard \
       /usr/lib/llvm-*/include/clang-c/Index.h))))
$(call objects,$(mutate_c)): includes = $(if $(llvm),-isystem $(llvm)/include)

$(BUILD)/mutate: $(call objects,$(mutate_c)) $(BUILD)/libgabel.a
	$(link) $(grader_libs) $(if $(llvm),-L$(llvm)/lib) -lclang

$(BUILD)/bench-grader: $(call objects,$(bench_c)) $(BUILD)/libgabel.a $(BUILD)/libjudge.a
	$(link) $(grader_libs) $(judge_libs)

# A test is linked with the parts whose headers it includes.
parts_of = $(if $(test_c),$(patsubst autograder/tests/%.c,$(BUILD)/tests/%,$(shell \
           grep -l '^#include "\.\./$1/' $(test_c))))
$(call parts_of,prove): $(BUILD)/libprove.a $(BUILD)/libgabel.a
$(call parts_of,src): $(BUILD)/libgabel.a
$(call parts_of,judge): $(BUILD)/libjudge.a
$(call parts_of,keeper): $(BUILD)/libkeeper.a

# Tests that are tables of checks.
tables_c := $(shell grep -l '^\#include "rows.h"' $(test_c))
$(tables_c:autograder/tests/%.c=$(BUILD)/tests/%): $(BUILD)/obj/autograder/tests/rows.o \
        $(BUILD)/libjudge.a

$(tests): $(BUILD)/tests/%: $(BUILD)/obj/autograder/tests/%.o
	@mkdir -p $(@D)
	$(link) $(grader_libs) -lcmocka

$(programs): $(BUILD)/tests/programs/%: $(BUILD)/obj/autograder/tests/programs/%.o
	@mkdir -p $(@D)
	$(link) -pthread

# $(call lab_rules,LAB): its judge, its probes, and the solutions that it builds on.
define lab_rules
$(BUILD)/labs/$1/judge: $(call objects,$(filter labs/$1/%,$(check_c))) $(BUILD)/libjudge.a
	@mkdir -p $$(@D)
	$$(link) $$(judge_libs)

$(BUILD)/labs/$1/probes/%.o: $(BUILD)/obj/labs/$1/checks/%.o
	@mkdir -p $$(@D)
	$$(call run,copy) cp $$< $$@

$(BUILD)/labs/$1/reference.o: $(call objects,$(filter labs/$1/%,$(reference_c)))
	@mkdir -p $$(@D)
	$$(call run,link) ld -r -d -o $$@ $$^

$(BUILD)/locale/%/LC_MESSAGES/$1.mo: labs/$1/po/%.po | $(installed)
	@mkdir -p $$(@D)
	$$(call run,catalog) msgfmt --check -o $$@ $$<
endef
$(foreach lab,$(kit_labs),$(eval $(call lab_rules,$(lab))))

$(BUILD)/locale/%/LC_MESSAGES/gabel.mo: autograder/po/%.po | $(installed)
	@mkdir -p $(@D)
	$(call run,catalog) msgfmt --check -o $@ $<

-include autograder/bench/bench.mk

.PHONY: FORCE
FORCE:
.SECONDARY:
.DELETE_ON_ERROR:

-include $(all_o:.o=.d)
