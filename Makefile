# Every command that a person types. How things are compiled: autograder/build.mk

.DEFAULT_GOAL := help
include autograder/build.mk

gabel       := $(BUILD)/gabel
# Where a lab is worked on, unless DIR says otherwise.
DIR         ?= work/$(LAB)
SUBMISSIONS ?= autograder/samples/class
JOBS        ?= $(shell nproc)
# Recipes take these from the environment, so that any character may be in them.
export LAB DIR NAME SUBMISSIONS ONLY SEED JOBS N

# $(call have,FILE,LINE): a line of the help for what is there.
have = $(if $(wildcard $1),@echo '$2')

help:
	@echo 'Gabel: labs for Unix systems programming in C, and what grades them.'
	@echo
	@echo '  make build                       everything that runs, build/gabel among it'
	@echo '  make start LAB=01 [DIR=mine]     a fresh working copy of a lab'
	@echo '  make check LAB=01 [DIR=mine]     grades one submission'
	@echo '  make grade [SUBMISSIONS=class]   grades a class; the bundled sample class by default'
	$(call have,autograder/tests/run.sh,  make test                        proves that the kit works)
	$(call have,autograder/bench/bench.sh,  make bench [QUICK=1]             the servers of labs 07 to 13 measured: tables and plots)
	$(call have,autograder/prove,  make prove [LAB=01] [N=100]      proves that the checks are fair)
	@echo
	@echo 'For those who write labs or work on the grader:'
	@echo '  make new-lab NAME=14-name        a new lab to start from'
	$(call have,autograder/skeleton,  make skeletons                   skeletons/ from solutions/)
	$(call have,autograder/tests/lint.sh,  make lint                        style and static checks)
	$(call have,autograder/mutate,  make mutate-test                 tests what lists a solution'\''s mutants)
	$(call have,autograder/po/update.sh,  make po                          catalogs brought up to date with the sources)
	$(call have,autograder/tests/fresh.sh,  make fresh-test                  the first two commands on a minimal Debian)
	$(call have,autograder/tests/bench.c,  make bench-grader                what grading costs)
	@echo '  make clean                       removes build/'
	@echo
	@echo 'More: README.md, build/gabel help, man autograder/man/gabel.1'

build: $(products)

need-lab:
	@test -n "$$LAB" || { echo 'Which lab? For example: make $(MAKECMDGOALS) LAB=01' >&2; exit 2; }

start: need-lab build
	$(gabel) start --lab "$$LAB" -- "$$DIR"

# Lost points are a result, not a failure of make.
check: need-lab build
	@$(gabel) check --lab "$$LAB" $${ONLY:+--only "$$ONLY"} $${SEED:+--seed "$$SEED"} \
	    $(CHECKFLAGS) -- "$$DIR" || test $$? -eq 1

grade: build
	@$(gabel) grade $${LAB:+--lab "$$LAB"} -j "$$JOBS" --out build/report -- "$$SUBMISSIONS"

# Sanitized tests, too, start the keeper and the judges as they are.
plain = $(if $(SANITIZE),$(MAKE) --no-print-directory SANITIZE= test-programs)

# Its tests start the benchmark and its servers.
measured = $(if $(SANITIZE),,$(bench_products))

test-programs: build $(programs) $(measured)

test: build $(tests) $(programs) $(measured)
	$(plain)
	bash autograder/tests/run.sh

# Each answer N times; N=0: only once. Goes on where it was stopped. A grading waits for a quarter
# of its time, so two of them share a processor.
prove: build
	bash autograder/install/install.sh student developer
	@$(MAKE) --no-print-directory build/mutate
	build/prove -j "$$((2 * JOBS))" --parts --sanitized --mutants --repeat "$${N:-100}" --out build/proof $${LAB:+"$$LAB"}

# The settings and what they mean: autograder/bench/bench.sh
export QUICK ROUNDS CLIENTS PROCESSES CONNECTIONS BYTES CHILDREN HERD DESIGNS TRIES MINUTES PIN PATIENCE LOCKS PAIRS

# Without gnuplot the plots are missing, and the rest is there.
bench: $(bench_products)
	@bash autograder/install/install.sh bench || true
	@BUILD=$(BUILD) bash autograder/bench/bench.sh

new-lab: build
	@test -n "$$NAME" || { echo 'Which name? For example: make new-lab NAME=14-mine' >&2; exit 2; }
	$(gabel) lab new "$$NAME"

skeletons: build
	for lab in $(kit_labs); do build/skeleton --write solutions/$$lab skeletons/$$lab || exit; done

# Takes new texts over into the catalogs; translators then fill them in.
po: build
	bash autograder/po/update.sh

lint: build
	bash autograder/tests/lint.sh

mutate-test: $(BUILD)/mutate
	bats autograder/mutate/mutate.bats

fresh-test:
	bash autograder/tests/fresh.sh

bench-grader: build $(BUILD)/bench-grader $(programs)
	$(BUILD)/bench-grader

clean:
	rm -rf build build-sanitize

.PHONY: help build need-lab start check grade test test-programs prove bench new-lab skeletons fresh-test bench-grader \
    lint po mutate-test clean
