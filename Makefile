# Every target is one command; `make help` lists them.

PREFIX ?= /usr/local
# The MPI to build for: mpich, openmpi, or the one that the system prefers.
# A site's environment may have a variable of this name, which means something else.
ifneq ($(origin MPI),command line)
MPI :=
endif
ifneq ($(filter-out mpich openmpi,$(MPI)),)
$(error MPI=$(MPI) is not known, only MPI=mpich and MPI=openmpi)
endif
BUILD := .build$(addprefix /for-,$(MPI))
PROGRAM := $(BUILD)/release/mpiswarm

# The version stands in one file; the commit comes from git, or from the archive of a release.
# `make release` is given the version that is to be.
NEXT_VERSION := $(VERSION)
override VERSION := $(shell sed -n 's/.*MPISWARM_VERSION "\(.*\)"/\1/p' Sources/CBuild/include/build.h)
COMMIT := $(shell git describe --always --dirty --exclude '*' 2>/dev/null || \
	sed '/Format/d' COMMIT 2>/dev/null)

DIST := .build/dist
DEB_ARCH := $(shell dpkg --print-architecture 2>/dev/null)

FUZZ_SECONDS ?= 60

# More ranks than cores are normal here, and two threads of a rank must not share one core.
MPIRUN ?= mpirun
MPIRUN_FLAGS ?= --oversubscribe --bind-to none \
	$(if $(filter 0,$(shell id -u)),--allow-run-as-root)
export MPIRUN MPIRUN_FLAGS

# The scenarios that take less than a second: run often, since a race may show once in many runs.
SMALL := $(addprefix inputs/,chain demo disagree everyone-wants-everything loose-format \
	nobody-wants one-seed-seven-peers owns-nothing ring same-hash several-seeds two-ranks \
	wants-nothing wants-own zero-segments)

.DEFAULT_GOAL := help
ifndef AT_ONCE
.NOTPARALLEL:
endif
.PHONY: run test test-inputs test-cluster test-pages test-packages test-field test-deb \
	test-openmpi-5 setup setup-tests build fuzz bench bench-sim coverage-sim docs lint format check \
	install uninstall dist tarball deb wheel release clean help swift

run: setup build ## install what is missing, build, run two short jobs and show what they did
	scripts/show-jobs

ifeq ($(MPI),mpich)
test: setup-tests build
	Tests/OtherMPI/test-mpi mpich $(PROGRAM)
else
test: setup-tests build ## install what is missing, build, run every test and every scenario
	MPISWARM_PROGRAM=$(CURDIR)/$(PROGRAM) swift test
	$(MAKE) AT_ONCE=1 --jobs=3 --output-sync=target \
		test-cluster test-field test-packages test-inputs test-pages
	@scripts/left-out
endif

# The parts of `make test`, for programs that are built. They mostly wait, so three run at once.
test-inputs: ## run every scenario of inputs/, the small ones often
	inputs/check --jobs 2
	inputs/check --jobs 2 --repeat 25 $(SMALL)
	inputs/check --jobs 2 --trackers 2 $(SMALL)
	inputs/check --jobs 2 --trackers 3 --topology line
	inputs/check --jobs 2 --trackers 3 --topology ring $(SMALL)

test-cluster: ## run jobs on emulated nodes and under Slurm (needs root)
	Tests/Cluster/test-nodes
	Tests/Cluster/test-slurm
	Tests/Cluster/test-sbcast
	Tests/Cluster/test-lost-node
	Tests/Cluster/test-collect

test-pages: ## run the examples of the pages, the simulator's tables and the heap budgets
	scripts/test-docs
	scripts/test-docs-fails
	scripts/test-check
	scripts/test-simulation
	scripts/test-heap

test-packages: ## install and try what `make install`, `tarball`, `wheel` and `release` make
	Tests/Packaging/test-setup
	Tests/Packaging/test-install
	Tests/Packaging/test-packages
	Tests/Packaging/test-wheel
	Tests/Packaging/test-release
	python3 -B Tests/Cluster/field/test_field.py

test-field: setup-tests build ## break CAMPAIGN (42) jobs: on one machine, on emulated nodes, under Slurm
	python3 -B Tests/Cluster/field

test-deb: setup-tests deb ## install the .deb into a bare Debian and try it there (needs root; minutes)
	Tests/Packaging/test-deb $(DIST)/mpiswarm_$(VERSION)_$(DEB_ARCH).deb

test-openmpi-5: setup-tests build ## run the program under Open MPI 5, which pip installs for this
	Tests/OtherMPI/test-mpi openmpi-5 $(PROGRAM)

setup: ## install the system packages that are missing (nothing if all are there)
	scripts/setup $(addprefix --mpi=,$(MPI))

setup-tests: ## install also what only tests need: programs of others to compare with
	scripts/setup --for-tests $(addprefix --mpi=,$(MPI))

build: swift ## build .build/release/mpiswarm, which needs no Swift runtime where it runs
	MPISWARM_COMMIT='$(COMMIT)' MPISWARM_MPI='$(MPI)' swift build -c release \
		--static-swift-stdlib --product mpiswarm --scratch-path $(BUILD)

fuzz: setup ## feed random bytes to every parser for FUZZ_SECONDS (60)
	MPISWARM_FUZZ=1 swift build -c release --scratch-path .build/fuzz --product ParserFuzz \
		-Xswiftc -sanitize=fuzzer -Xswiftc -use-ld=lld
	mkdir -p .build/fuzz/corpus
	.build/fuzz/release/ParserFuzz -max_total_time=$(FUZZ_SECONDS) -max_len=65536 \
		-rss_limit_mb=1024 -print_final_stats=1 .build/fuzz/corpus

bench: setup-tests build ## measure mpiswarm beside others as one table, then the recipes; half an hour
	scripts/bench --write
	scripts/bench-sbcast
	scripts/bench-unpack
	scripts/bench-collect

bench-quick: build ## measure the first rows of the table, in less than 90 s
	scripts/bench --quick

bench-sim: build ## print the simulator's tables at full size, which takes hours
	scripts/bench-sim

coverage-sim: setup ## list the functions of the machines that no simulated job executes
	scripts/coverage-sim

docs: build ## write into README.md and docs/ what their examples print now
	scripts/test-docs --update

lint: swift ## report code that is not formatted as .swift-format says
	swift format lint --strict -r Sources Tests Package.swift

format: swift ## format all Swift code in place
	swift format --in-place -r Sources Tests Package.swift

check: lint ## lint, then the tests of the code's shape and of the manual pages
	@if command -v mandoc >/dev/null; then mandoc -T lint -W warning docs/man/*.5; \
	else echo "make: no mandoc here: the manual pages are not linted" >&2; fi
	swift test --filter 'TidyTests|ManualTests'

install: build ## install into PREFIX (make install PREFIX=$HOME/.local)
	scripts/install-tree $(PROGRAM) "$(DESTDIR)$(PREFIX)"

uninstall: ## remove from PREFIX what 'make install' put there
	scripts/install-tree --remove "$(DESTDIR)$(PREFIX)"

dist: ## pack the committed sources: .build/dist/mpiswarm-VERSION.tar.gz
	mkdir -p $(DIST)
	git archive --format=tar.gz --prefix=mpiswarm-$(VERSION)/ -o $(DIST)/mpiswarm-$(VERSION).tar.gz HEAD
	cd $(DIST) && sha256sum mpiswarm-$(VERSION).tar.gz > mpiswarm-$(VERSION).tar.gz.sha256

tarball: build ## pack the program for any folder, and recipes for it: .build/dist
	packaging/tarball $(PROGRAM) $(DIST)

deb: build ## build the Debian package in .build/dist
	packaging/deb $(PROGRAM) $(DIST)

wheel: build ## pack the program and its Python module for pip in .build/dist
	packaging/wheel $(PROGRAM) $(DIST)

release: setup-tests ## make release VERSION=0.2.0: set the version, pack everything, tag the commit
	scripts/release "$(NEXT_VERSION)"

clean: ## remove everything that was built or written by `make run`
	rm -rf .build out

help: ## list the targets
	@sed -n 's/^\([a-z0-9-]*\):[^#]*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 24

swift:
	@scripts/check-swift
