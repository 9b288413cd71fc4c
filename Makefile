# Everything that is done with this project by hand or in CI. `make` lists it.

SWIFT  ?= swift
PREFIX ?= /usr/local
# Debian packages: Lua and SQLite to link, libxlsxwriter to load, Lua and Python's cryptography to compare with. Only what is missing is installed.
PACKAGES = liblua5.4-dev libsqlite3-dev libxlsxwriter-dev lua5.4 python3-cryptography
SOURCES  = Sources Tests Tools Benchmarks Package.swift
# A binary that runs on a machine without a Swift toolchain.
STATIC   = -c release -Xswiftc -gnone --static-swift-stdlib

.DEFAULT_GOAL := help
.PHONY: help setup demo test crash-test soak year lint format build release install catalogue verify bench check-release clean

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install the Debian packages that are missing (apt-get, through sudo when not root)
	@missing=""; \
	for package in $(PACKAGES); do \
	  dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$package"; \
	done; \
	if [ -n "$$missing" ]; then \
	  if [ "$$(id -u)" = 0 ]; then sudo=""; else sudo="sudo"; fi; \
	  echo "installing:$$missing"; \
	  $$sudo apt-get update -qq </dev/null \
	    && DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -qq --no-install-recommends $$missing </dev/null; \
	fi
	@command -v $(SWIFT) >/dev/null || { echo "ebb: swift is not on the PATH" >&2; \
	  echo "hint: install a Swift 6.3 toolchain, https://www.swift.org/install/linux" >&2; exit 3; }

demo: setup ## Run the main job on a simulated marketplace
	@$(SWIFT) build --product ebb
	@"$$($(SWIFT) build --show-bin-path)/ebb" demo

# First what runs in one process, then what runs the binary: those wait for it in the threads that the others need. Not all at
# once: a thousand tests on two cores make those late that have a deadline.
WIDTH = --experimental-maximum-parallelization-width 8
test: setup ## Run all tests
	$(SWIFT) build --build-tests
	@{ status=0; \
	  $(SWIFT) test --skip-build --parallel $(WIDTH) --skip EbbTests || status=1; \
	  $(SWIFT) test --skip-build --parallel $(WIDTH) --filter EbbTests || status=1; \
	  echo $$status >.build/test.status; } 2>&1 | tee .build/test.log; \
	[ "$$(cat .build/test.status)" = 0 ] || { echo "== what failed:"; grep '^✘' .build/test.log; exit 1; }

crash-test: setup ## End some 200 processes in mid-run, and a service for a minute; count what took effect (docs/testing.md)
	@$(SWIFT) build --product crash-test
	@"$$($(SWIFT) build --show-bin-path)/crash-test" --sabotage --workload messages --crashes 16
	@"$$($(SWIFT) build --show-bin-path)/crash-test" --crashes 200
	@"$$($(SWIFT) build --show-bin-path)/crash-test" service --seconds 18 --sabotage
	@"$$($(SWIFT) build --show-bin-path)/crash-test" service --seconds 60

soak: setup ## The same with 2,500 processes, schedules through ten years, 1,000 worlds for each playbook, a million broken vaults, before a release
	@$(SWIFT) build -c release --product ebb
	@"$$($(SWIFT) build -c release --show-bin-path)/ebb" test scripts --worlds 1000
	@$(SWIFT) build --product crash-test
	@"$$($(SWIFT) build --show-bin-path)/crash-test" --crashes 2500 --seed "$${SEED:-1}"
	@$(MAKE) --no-print-directory year YEARS=10
	@EBB_SOAK=1 $(SWIFT) test --filter 'OracleTests|BackfillWorldTests|MutationTests'

year: setup ## Let a year of schedules pass in 40 zones, and hold the ledger against what was due (docs/testing.md)
	@$(SWIFT) build -c release --product bench
	@"$$($(SWIFT) build -c release --show-bin-path)/bench" year --years "$${YEARS:-1}" --seed "$${SEED:-1}"

lint: ## Check the format of all Swift sources
	$(SWIFT) format lint --strict --recursive --parallel $(SOURCES)

format: ## Bring all Swift sources into form
	$(SWIFT) format --in-place --recursive --parallel $(SOURCES)

build: setup ## Build ebb for debugging
	$(SWIFT) build --product ebb

release: setup ## Build ebb for use, the Swift runtime linked in
	$(SWIFT) build $(STATIC) --product ebb
	@ls -lh "$$($(SWIFT) build $(STATIC) --show-bin-path)/ebb"

install: release ## Install ebb under PREFIX (/usr/local), stripped
	install -d "$(DESTDIR)$(PREFIX)/bin"
	install -s -m 0755 "$$($(SWIFT) build $(STATIC) --show-bin-path)/ebb" "$(DESTDIR)$(PREFIX)/bin/ebb"

catalogue: setup ## Make the embedded catalogue and docs/operations.md from catalogue/*.yaml
	$(SWIFT) run catalogue-tool

verify: setup ## Fail when a generated file is older than its source
	$(SWIFT) run catalogue-tool --check

bench: setup ## Measure the speeds that are promised, each as a ratio
	@Benchmarks/run

check-release: setup ## Build for release, run the demo, hold playbooks against 50 worlds each, count what failing calls leave behind, schedules through a year, a service under fire
	@$(SWIFT) build -c release --product ebb
	@$(SWIFT) build -c release --product bench
	@$(SWIFT) build -c release --product crash-test
	@"$$($(SWIFT) build -c release --show-bin-path)/ebb" demo </dev/null
	@"$$($(SWIFT) build -c release --show-bin-path)/ebb" test scripts --worlds 50
	@"$$($(SWIFT) build -c release --show-bin-path)/bench" leaks
	@"$$($(SWIFT) build -c release --show-bin-path)/bench" year
	@"$$($(SWIFT) build -c release --show-bin-path)/crash-test" service --seconds 15

clean: ## Remove what was built
	rm -rf .build
