# SPDX-License-Identifier: Apache-2.0

PREFIX ?= /usr/local
DESTDIR ?=

# The release binary; asked for only by the targets that have built it.
BINARY = $(shell swift build -c release --show-bin-path)/binnacle
SOURCES = Sources Tests Package.swift

.DEFAULT_GOAL := help
.PHONY: demo docs test test-cluster bench lint format build install clean help dependencies

demo: build ## Install what is missing, build, and open the console on an embedded cluster; without a terminal, a tour
	@BINNACLE="$(BINARY)" scripts/demo

# The client's tests with their short time-outs go first and by themselves: the others keep every processor busy.
test: dependencies ## Install what is missing and run all tests
	swift test --filter '^HTTPTests'
	swift test --skip-build --filter '^(TerminalTests|Scenarios)'
	swift test --skip-build --filter '^ConsoleTests'
	swift test --skip-build --skip '^(HTTPTests|TerminalTests|Scenarios|ConsoleTests)'

test-cluster: dependencies ## Run the cluster tests against a real API server (BINNACLE_TEST_KUBECONFIG, or one of its own)
	scripts/test-cluster

bench: dependencies ## Measure; one line of JSON a measurement
	scripts/bench

# The first run rewrites what differs, and fails because it did; the second one compares.
docs: dependencies ## Make the documents' generated parts anew: screenshots, keys, themes, commands
	-UPDATE_GOLDEN=1 swift test --filter 'GeneratedDocumentTests|HelpTests'
	swift test --skip-build --filter 'GeneratedDocumentTests|HelpTests'

lint: ## Check the format of all sources
	swift format lint --strict --recursive --parallel $(SOURCES)

format: ## Format all sources
	swift format --in-place --recursive --parallel $(SOURCES)

# With the Swift runtime linked in, so that the binary runs where there is no toolchain.
build: dependencies ## Build the release binary
	swift build -c release --product binnacle --static-swift-stdlib

install: build ## Install under PREFIX (/usr/local), below DESTDIR if given
	scripts/install "$(BINARY)" "$(DESTDIR)$(PREFIX)"

clean: ## Remove what was built
	rm -rf .build

dependencies: ## Install the packages the build needs, if any is missing
	@scripts/install-dependencies

help: ## Show this
	@echo 'Targets:'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile
