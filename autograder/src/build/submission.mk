# submission.mk - builds a student's files; runs inside the sandbox.
#
#	make -s -k -j2 -C /src -f /kit/submission.mk
#
# /src                the student's files; read-only, and the current directory,
#                     so that the compiler names them as the student does
# /kit/programs.mk    what to build, written by build.c from lab.yaml
# /kit/contract       the lab's headers
# /kit/probes         the lab's probes as objects; probe.o serves them
# /tmp                everything made here; bin-NAME and asan-NAME come back
#
# A program that does not build stops no other (-k).

include /kit/programs.mk

CC      := gcc
CFLAGS  := -std=c17 -D_XOPEN_SOURCE=700 -Wall -Wextra -g -O1 -pipe -fmax-errors=30 -I/kit/contract
LDFLAGS := -pthread

# The second set says nothing that the first has not said.
bin_flags  :=
asan_flags := -fsanitize=address,undefined -fno-sanitize-recover=undefined \
              -fno-omit-frame-pointer -w

all: $(bin:%=/tmp/bin-%) $(asan:%=/tmp/asan-%)

# $(call object,SET,SOURCE)
define object
/tmp/obj-$1-$2.o: $(if $(filter asan,$1),| /tmp/obj-bin-$2.o)
	$(CC) $(CFLAGS) $($1_flags) -c -o $$@ $2
endef

# $(call program,SET,NAME): one of the student's own, linked as she would link it.
define program
/tmp/$1-$2: $($2_student:%=/tmp/obj-$1-%.o) $(if $(filter asan,$1),| /tmp/bin-$2)
	$(CC) $($1_flags) $(LDFLAGS) -o $$@ $$(filter %.o,$$^)
endef

# $(call probe,SET,NAME): of the student's symbols only the contract's stay
# global, so that her main() or write() meets nothing of the probe's. ld -d
# gives common symbols a place, or they could not become local.
define probe
/tmp/obj-$1-$2.all: $($2_student:%=/tmp/obj-$1-%.o)
	ld -r -d -o $$@ $$^

/tmp/obj-$1-$2.contract: /tmp/obj-$1-$2.all
	objcopy $($2_symbols:%=--keep-global-symbol=%) $$< $$@

/tmp/$1-$2: /tmp/obj-$1-$2.contract $(if $(filter asan,$1),| /tmp/bin-$2)
	$(CC) $($1_flags) $(LDFLAGS) -o $$@ $$< /kit/probes/$($2_probe) /kit/probe.o
endef

# $(call set,SET): what its programs need.
define set
$(foreach f,$(sort $(foreach p,$($1),$($p_student))),$(eval $(call object,$1,$f)))
$(foreach p,$($1),$(eval $(call $(if $($p_probe),probe,program),$1,$p)))
endef
$(eval $(call set,bin))
$(eval $(call set,asan))

.PHONY: all
.SUFFIXES:
.SECONDARY:
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --output-sync=target
