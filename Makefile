# `make demo` and `make test` do everything on a fresh machine with Python >= 3.11.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# A file at a time on each core: the tests of one file share recordings.
PYTEST := $(BIN)/python -m pytest -q -n auto --maxprocesses 4 --dist loadfile
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

unexport VIRTUAL_ENV # another environment that happens to be active is none of ours

.DEFAULT_GOAL := help
.PHONY: help demo test viewer fast lint types format torture bench bench-memory bench-startup bench-jacobian bench-explain docs coverage-rules screenshots clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "retrograd needs Python 3.11 or newer; $(PYTHON) is older. Try: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)

PAGE := $(shell find viewer/src viewer/build.mjs viewer/package-lock.json retrograd/messages -type f) hatch_build.py

$(VENV)/.demo: $(BIN)/python pyproject.toml constraints.txt $(PAGE)
	$(INSTALL) --editable '.[torch]'
	@touch $@

$(VENV)/.test: $(VENV)/.demo
	$(INSTALL) --editable '.[torch,test,zoo]'
	@touch $@

demo: $(VENV)/.demo ## install, record the OR gate, open the page
	@cd examples && ../$(BIN)/retrograd run or_gate.py
	@echo && echo "in this folder, \`source $(BIN)/activate\` puts the command retrograd on your path"
	@cd examples && file=$$(ls -t or_gate*.retro | head -n 1) && echo && \
	if [ -t 1 ]; then ../$(BIN)/retrograd view "$$file"; \
	else ../$(BIN)/retrograd export "$$file" && echo "the page: file://$$PWD/$${file%.retro}.html"; fi

test: $(VENV)/.test $(VENV)/.browser lint types viewer ## everything: style, types, layers, all tests
	$(PYTEST)

fast: $(VENV)/.test ## the tests that take seconds
	$(PYTEST) tests/store tests/explain tests/commands

lint: $(VENV)/.test ## ruff and the import contracts
	$(BIN)/ruff check .
	$(BIN)/lint-imports

viewer: $(VENV)/.test ## the page: its types and its unit tests
	$(BIN)/python hatch_build.py check

# The tests of the page drive a real Chromium: the system's, else Debian's package is installed.
$(VENV)/.browser: $(BIN)/python
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || \
		command -v google-chrome >/dev/null || \
		{ apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null; } || \
		{ echo "the tests of the page need Chromium: install it as your system does"; exit 1; }
	@touch $@

types: $(VENV)/.test ## mypy, strict
	$(BIN)/mypy

format: $(VENV)/.test ## put the style right where a tool can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

torture: $(VENV)/.test ## every promise at its full count; prints the counts
	RETROGRAD_TORTURE=1 $(BIN)/python -m pytest -q -s -rA

screenshots: $(VENV)/.test $(VENV)/.browser ## the pictures of the documentation, from a real run
	@fc-list :lang=ko | grep -q . || \
		{ echo "the pictures need a Korean font: on Debian, fonts-noto-cjk (and fonts-inter, fonts-jetbrains-mono for their look)"; exit 1; }
	$(BIN)/python docs/screenshots.py

docs: $(VENV)/.demo ## what the commands in the documentation print, written anew
	$(BIN)/python docs/regenerate.py
	$(BIN)/python docs/rules.py

coverage-rules: $(VENV)/.test ## which autograd nodes have a checked derivative rule
	$(BIN)/python tests/explain/coverage.py

$(VENV)-bench/.done: benchmarks/requirements.txt constraints.txt
	$(PYTHON) -m venv $(VENV)-bench
	$(VENV)-bench/bin/python -m pip install --quiet --disable-pip-version-check \
		--constraint constraints.txt --editable '.[torch]' --requirement benchmarks/requirements.txt
	@touch $@

bench: $(VENV)-bench/.done ## time per step against the bare loop and against peers
	$(VENV)-bench/bin/python benchmarks/run.py

bench-memory: $(VENV)/.demo ## memory of a long run
	$(BIN)/python benchmarks/memory.py

bench-startup: $(VENV)/.demo ## what importing and starting cost
	$(BIN)/python benchmarks/startup.py

bench-explain: $(VENV)/.demo ## checking a step of the GPT workload, explaining one event
	$(BIN)/python benchmarks/explain.py

bench-jacobian: $(VENV)/.demo ## a row and a column of the Jacobian of a 4096 x 4096 product
	$(BIN)/python benchmarks/jacobian.py

bench-page: $(VENV)/.test $(VENV)/.browser ## every figure of the page, in headless Chromium
	$(BIN)/python benchmarks/page.py

bench-diagnose: $(VENV)/.test $(VENV)-bench/.done ## precision and recall of the diagnosis, and what it costs
	$(BIN)/python benchmarks/diagnose.py --peers $(VENV)-bench/bin/python

clean: ## remove what make made
	rm -rf $(VENV) $(VENV)-bench build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
