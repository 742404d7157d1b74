# Verbs of the project: make run, test, lint, fmt, bench. `make` alone lists them.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
NPM := $(shell command -v npm || echo $(CURDIR)/$(BIN)/npm)
LIB := server/sdk/browser/lib
PO := $(wildcard server/sdk/translations/*/LC_MESSAGES/*.po)

.PHONY: help setup run test lint fmt bench words requirements clean
help: ## list the verbs
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/run.stamp: requirements/run.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Talon needs Python 3.11 or newer: apt-get install python3 python3-venv"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "Python has no venv: apt-get install python3-venv"; exit 1; }
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt $(VENV)/run.stamp
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

node_modules/.stamp: package-lock.json $(VENV)/run.stamp
	@command -v npm >/dev/null || $(BIN)/pip install --quiet --require-hashes -r requirements/node.txt
	PATH="$(CURDIR)/$(BIN):$$PATH" $(NPM) ci --silent --no-audit --no-fund
	@touch $@

$(LIB)/.stamp: node_modules/.stamp
	@mkdir -p $(LIB)
	cp node_modules/socket.io-client/dist/socket.io.esm.min.js $(LIB)/
	cp node_modules/@fontsource-variable/golos-text/files/golos-text-{latin,cyrillic,cyrillic-ext}-wght-normal.woff2 $(LIB)/
	cp node_modules/uplot/dist/{uPlot.esm.js,uPlot.min.css} $(LIB)/
	@touch $@

$(VENV)/words.stamp: $(PO) server/words.py $(VENV)/run.stamp
	$(BIN)/python -m server.words
	@touch $@

setup: $(VENV)/run.stamp $(LIB)/.stamp $(VENV)/words.stamp

run: setup ## start everything with a demonstration company on 127.0.0.1 (PORT=8080)
	@TALON_PORT=$(or $(PORT),8080) exec $(BIN)/talon-server demo

# Parts wait more than they count: side by side they cost little time of their own. With CI set nobody waits for
# the answer: one after the other, so that no test is judged while others hold the processor.
PAGES := tests/browser_pages tests/display
DEVICES := tests/kiosk tests/firmware tests/firmware_bridge
FLOW := tests/flow
PARTS := test-flow test-pages test-devices test-rest
.PHONY: $(PARTS)
test: setup $(VENV)/dev.stamp ## run the tests, in four parts side by side (T=tests/path to choose)
ifdef T
	$(BIN)/pytest $(T) -m "not bench"
else
	@$(MAKE) --no-print-directory --keep-going $(if $(CI),,--jobs=4 --output-sync) $(PARTS)
endif

test-flow:
	$(BIN)/pytest $(FLOW) -m "not bench"
test-pages:
	$(BIN)/pytest $(PAGES) -m "not bench"
test-devices:
	$(BIN)/pytest $(DEVICES) -m "not bench"
test-rest:
	$(BIN)/pytest tests $(addprefix --ignore=,$(FLOW) $(PAGES) $(DEVICES)) -m "not bench"

bench: setup $(VENV)/dev.stamp ## print the measured tables (T=tests/bench/path to choose)
	$(BIN)/pytest $(or $(T),tests/bench) -m bench -q -s -o timeout=1800

lint: setup $(VENV)/dev.stamp ## style, types, import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

fmt: $(VENV)/dev.stamp ## put the code in the house style
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

words: setup ## collect message ids into the .po files, then compile
	$(BIN)/python -m server.words --update

requirements: $(VENV)/dev.stamp ## compile requirements/*.in with hashes
	for f in run dev node; do $(BIN)/pip-compile -q --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --no-emit-trusted-host --allow-unsafe --no-header --strip-extras -o requirements/$$f.txt requirements/$$f.in; done

clean: ## remove what setup made (never var/, where data lives)
	rm -rf $(VENV) node_modules $(LIB) server/sdk/browser/words
