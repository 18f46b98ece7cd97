# submission.mk - builds a student's files; runs inside the sandbox.
#
#	make -s -k -j2 -C /src -f /kit/submission.mk KIT=/kit OUT=/tmp
#
# the current directory   the student's files; read-only. The compiler names
#                         them as the student does
# KIT/programs.mk         what to build, written by stage.c from lab.yaml
# KIT/contract            the lab's headers
# KIT/probes              the lab's probes as objects; probe.o serves them
# KIT/reference.o         other labs' solutions, where the lab builds on them
# KIT/own.mk, KIT/own     the student's own files in their place (gabel check --own)
# KIT/interleave.o        what takes the place of the thread sanitizer's library
# OUT                     everything made here; bin-NAME, asan-NAME and
#                         interleave-NAME come back
#
# A program that does not build stops no other (-k).

include $(KIT)/programs.mk
-include $(KIT)/own.mk

CC      := gcc
CFLAGS  := -std=c17 -D_XOPEN_SOURCE=700 -Wall -Wextra -g -O1 -pipe -fmax-errors=30 -I$(KIT)/contract \
           -fdebug-prefix-map=$(CURDIR)=/src
LDFLAGS := -pthread

# The later sets say nothing that the first has not said.
bin_flags  :=
asan_flags := -fsanitize=address,undefined -fno-sanitize-recover=undefined \
              -fno-omit-frame-pointer -w
asan_link  := -fsanitize=address,undefined
# Calls before each load and store, and our own library for them (autograder/interleave).
interleave_flags := -fsanitize=thread -w
interleave_link  := $(KIT)/interleave.o
later := asan interleave

all: $(bin:%=$(OUT)/bin-%) $(foreach s,$(later),$($s:%=$(OUT)/$s-%))

# $(call object,SET,SOURCE)
define object
$(OUT)/obj-$1-$2.o: $(if $(filter $(later),$1),| $(OUT)/obj-bin-$2.o)
	$(CC) $(CFLAGS) $($1_flags) -c -o $$@ $2
endef

# What stands for the other labs' solutions.
solutions := $(if $(own),$(OUT)/own.o,$(KIT)/reference.o)

$(own:%=$(OUT)/obj-own-%.o): $(OUT)/obj-own-%.o: $(KIT)/own/%
	$(CC) $(CFLAGS) -I$(KIT)/own -c -o $@ $<

$(OUT)/own.o: $(own:%=$(OUT)/obj-own-%.o)
	ld -r -d -o $@ $^

# $(call reference,NAME): of other labs' solutions only the functions that this program may call,
# so that none of their other names meets one of the student's.
define reference
$(OUT)/reference-$1.o: $(solutions)
	objcopy $($1_reference:%=--keep-global-symbol=%) $$< $$@
endef
linked = $(if $($1_reference),$(OUT)/reference-$1.o)

# $(call program,SET,NAME): one of the student's own, linked as she would link it.
define program
$(OUT)/$1-$2: $($2_student:%=$(OUT)/obj-$1-%.o) $(call linked,$2) $(if $(filter $(later),$1),| $(OUT)/bin-$2)
	$(CC) $(LDFLAGS) -o $$@ $$(filter %.o,$$^) $($1_link)
endef

# $(call probe,SET,NAME): of the student's symbols only the contract's stay
# global, so that her main() or write() meets nothing of the probe's. ld -d
# gives common symbols a place, or they could not become local.
define probe
$(OUT)/obj-$1-$2.all: $($2_student:%=$(OUT)/obj-$1-%.o)
	ld -r -d -o $$@ $$^

$(OUT)/obj-$1-$2.contract: $(OUT)/obj-$1-$2.all
	objcopy $($2_symbols:%=--keep-global-symbol=%) $$< $$@

$(OUT)/$1-$2: $(OUT)/obj-$1-$2.contract $(call linked,$2) $(if $(filter $(later),$1),| $(OUT)/bin-$2)
	$(CC) $(LDFLAGS) -o $$@ $$< $(call linked,$2) $(KIT)/probes/$($2_probe) $(KIT)/probe.o $($1_link)
endef

# $(call set,SET): what its programs need.
define set
$(foreach f,$(sort $(foreach p,$($1),$($p_student))),$(eval $(call object,$1,$f)))
$(foreach p,$($1),$(eval $(call $(if $($p_probe),probe,program),$1,$p)))
endef
$(foreach p,$(bin),$(if $($p_reference),$(eval $(call reference,$p))))
$(eval $(call set,bin))
$(foreach s,$(later),$(eval $(call set,$s)))

.PHONY: all
.SUFFIXES:
.SECONDARY:
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --output-sync=target
