# Two commands do it all: `make run` and `make test`. `make help` lists the rest.

PYTHON ?= python3
PORT ?= 8000
DATA ?= var
SCALE ?= small
export PORT DATA SCALE
ifneq ($(strip $(DEMO_PASSWORD)),)
export DEMO_PASSWORD
endif

VENV := .venv/bin
BOOTSTRAP := $(PYTHON) tools/bootstrap.py
# Tools of the environment come first, wherever make was called from.
export PATH := $(CURDIR)/$(VENV):$(PATH)
# Compiled Python is kept beside the environment, also where it may not lie beside the sources: tests start some hundred
# processes, and compiling everything again makes each of them several times slower.
export PYTHONPYCACHEPREFIX := $(CURDIR)/.tools/pycache
unexport PYTHONDONTWRITEBYTECODE
SOURCES := home workflows plugins settings tools bench tests manage.py

.DEFAULT_GOAL := help
.PHONY: help run setup test test-all check fix lock bench clean

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name text; do printf '%-14s %s\n' "$$name" "$$text"; done

run: ## Start the office: PORT=8000 DATA=var DEMO_PASSWORD= (DEMO=no: without demo office)
	@$(BOOTSTRAP) base node
	@exec $(VENV)/python -m tools.run

setup: ## Prepare the environment for development and tests
	@$(BOOTSTRAP) test node
	@$(VENV)/python -m tools.messages compile

test: setup ## Run every test on SQLite, and on PostgreSQL what depends on the database; browser tests included
	@$(VENV)/python -m tools.suite

test-all: setup ## Run every test that sees the database on SQLite and on PostgreSQL: before a release
	@$(VENV)/python -m tools.suite --all

check: setup ## Check style, types, doors, settings, migrations, templates, translations
	@$(VENV)/python -m tools.check

fix: setup ## Mend what can be mended by a program: style, templates, translations
	$(VENV)/ruff check --fix --quiet $(SOURCES) || true
	$(VENV)/ruff format --quiet $(SOURCES)
	$(VENV)/djlint site/templates --reformat --quiet || true
	$(VENV)/python -m tools.messages merge

lock: setup ## Choose the newest allowed versions of all packages again
	@$(PYTHON) tools/bootstrap.py lock

bench: setup ## Measure: a table and var/bench.json (SCALE=small|100k|1m)
	@$(VENV)/python -m bench

clean: ## Remove the environment and everything made by tests; keeps data folders
	rm -rf .venv .tools node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find site -name '*.mo' -delete
