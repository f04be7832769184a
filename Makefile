# Everything a person or a CI machine does with the project. `make help` lists it.

SHELL := /bin/bash
.DEFAULT_GOAL := help

LIBRARIES := SpindleJavaScript SpindleJavaScriptNetwork Spindle SpindleMessaging SpindleMemory SpindleCore
FORMATTED := $(wildcard Package.swift Sources Tests Snippets Examples Benchmarks/Package.swift Benchmarks/Sources)

# Of `make bench`: METRICS="worker.start pool.dispatch" ROUNDS=5 JSON=1
METRICS ?=
ROUNDS ?= 3
JSON ?=


.PHONY: help setup build run test bench docs format lint sanitize

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install what the build and the tests need (apt, with sudo unless root)
	@scripts/setup

# Without Swift's libraries to look up at every start, the command begins in two thirds of the time.
build: setup ## Build the command spindle for release: .build/release/spindle
	swift build -c release --static-swift-stdlib --product spindle

run: build ## Start the job server on http://127.0.0.1:8080
	.build/release/spindle serve

test: setup ## Run every test
	swift test --disable-xctest --no-parallel

bench: setup ## Measure against the peers: METRICS="worker.start" ROUNDS=5 JSON=1
	@cd Benchmarks \
		&& swift build -c release --product SpindleBenchmarks 1>&2 \
		&& swift build -c release --product bench 1>&2 \
		&& .build/release/bench --rounds $(ROUNDS) $(if $(JSON),--json) $(METRICS)

docs: setup ## Build the documentation of the libraries into .build/docs
	rm -rf .build/docs
	swift package --allow-writing-to-directory .build/docs generate-documentation \
		$(LIBRARIES:%=--target %) --enable-experimental-combined-documentation \
		--warnings-as-errors --transform-for-static-hosting --output-path .build/docs

format: ## Format the sources in place
	swift format --in-place --parallel --recursive $(FORMATTED)

lint: setup ## Check format and scripts, and build with warnings as errors
	swift format lint --strict --parallel --recursive $(FORMATTED)
	scripts/check-tree
	SPINDLE_STRICT=1 swift build --build-tests

# The process that others are forked from has a second thread, after which ThreadSanitizer would let a child start none.
sanitize: setup ## Run the core suites under ThreadSanitizer, then AddressSanitizer
	SPINDLE_LIBRARIES_ONLY=1 TSAN_OPTIONS="suppressions=$(CURDIR)/scripts/tsan-suppressions die_after_fork=0" \
		swift test --disable-xctest --sanitize=thread --scratch-path .build/tsan
	SPINDLE_LIBRARIES_ONLY=1 swift test --disable-xctest --sanitize=address --scratch-path .build/asan
