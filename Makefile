# Every command that a person types. How things are compiled: autograder/build.mk

.DEFAULT_GOAL := help
include autograder/build.mk

LANGUAGES := en de ru
gabel     := $(BUILD)/gabel
DIR       ?= $(if $(LAB),work/$(LAB))
SUBMISSIONS ?= autograder/sample-class
PARALLEL  ?= $(shell nproc)

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
	$(call have,autograder/prove,  make prove [LAB=01] [N=10]       proves that the checks are fair)
	@echo
	@echo 'For those who write labs or work on the grader:'
	@echo '  make new-lab NAME=14-name        a new lab to start from'
	$(call have,autograder/skeleton,  make skeletons                   skeletons/ from solutions/)
	@echo '  make lint                        style and static checks'
	@echo '  make po                          catalogs from the sources'
	$(call have,autograder/tests/fresh.sh,  make fresh-test                  the first two commands on a minimal Debian)
	$(call have,autograder/tests/bench.c,  make bench-grader                what grading costs)
	@echo '  make clean                       removes build/'
	@echo
	@echo 'More: README.md, build/gabel help, man autograder/man/gabel.1'

build: $(products)

need-lab:
	@test -n '$(LAB)' || { echo 'Which lab? For example: make $(MAKECMDGOALS) LAB=01' >&2; exit 2; }

start: need-lab build
	$(gabel) start --lab '$(LAB)' $(if $(DIR),'$(DIR)')

# Lost points are a result, not a failure of make.
check: need-lab build
	@$(gabel) check --lab '$(LAB)' $(if $(ONLY),--only '$(ONLY)') $(if $(SEED),--seed '$(SEED)') \
	    $(CHECKFLAGS) '$(DIR)' || test $$? -eq 1

grade: build
	$(gabel) grade $(if $(LAB),--lab '$(LAB)') -j '$(PARALLEL)' --out build/report '$(SUBMISSIONS)'

test: build $(tests) $(programs)
	sh autograder/tests/run.sh

prove: build
	build/prove $(if $(N),--repeat '$(N)') $(LAB)

new-lab: build
	@test -n '$(NAME)' || { echo 'Which name? For example: make new-lab NAME=14-mine' >&2; exit 2; }
	$(gabel) lab new '$(NAME)'

skeletons: build
	build/skeleton

fresh-test:
	sh autograder/tests/fresh.sh

bench-grader: build $(BUILD)/bench-grader
	$(BUILD)/bench-grader

# ---- style and catalogs ----------------------------------------------------------

c_files = $(shell git ls-files '*.c' '*.h')
sh_files = $(shell git ls-files '*.sh' '*.bash' '*.bats' .ci/run)

lint: build
	clang-format --dry-run --Werror $(c_files)
	shellcheck $(sh_files)
	cppcheck --quiet --error-exitcode=1 --std=c11 --enable=warning,portability \
	    --inline-suppr --suppress=missingIncludeSystem -Iautograder/judge $(filter %.c,$(c_files))
	mandoc -Tlint -Wwarning autograder/man/*.[1-9]

# Takes new texts over into the catalogs; translators then fill them in.
po: build
	xgettext --from-code=UTF-8 -k_ -kN_ -o build/gabel.pot $(src_c) \
	    autograder/src/main.c $(wildcard autograder/judge/*.c)
	for f in autograder/po/*.po; do msgmerge -q -U --backup=none --no-fuzzy-matching $$f build/gabel.pot; done
	for lab in $(kit_labs); do $(gabel) lab strings $$lab >build/$$lab.yaml.pot && \
	    xgettext --from-code=UTF-8 -k_ -kN_ -o build/$$lab.c.pot labs/$$lab/checks/*.c && \
	    msgcat --use-first -o build/$$lab.pot build/$$lab.yaml.pot build/$$lab.c.pot && \
	    for f in labs/$$lab/po/*.po; do msgmerge -q -U --backup=none --no-fuzzy-matching $$f build/$$lab.pot; done; \
	done

clean:
	rm -rf build build-sanitize

.PHONY: help build need-lab start check grade test prove new-lab skeletons fresh-test bench-grader \
    lint po clean
