# Everything a newcomer needs. Python 3.11 and make are enough; python3-venv and apt packages are not required.
PYTHON ?= python3
BIN := .venv/bin
PIP = $$(test -x $(BIN)/pip && echo $(BIN)/python || echo $(PYTHON)) -m pip --disable-pip-version-check \
	--python $(BIN)/python install -q
COMPILE = $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links -q

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test check serve bench scale simulation chaos mutation lock clean

help: ## show this list
	@echo 'make TARGET [ARGS="..."]'
	@sed -n 's/^\([a-z]*\):.*## /  \1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 12

demo: .venv/.run ## see the 2011 plan live through its year (ARGS=--once prints it and exits)
	@$(BIN)/tiltak demo $(ARGS)

test: .venv/.dev ## run every test, one process a core (ARGS="-k words" picks some, "-n 0" runs them in one)
	@$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

check: .venv/.dev ## formatting, lint, types and layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

chaos: .venv/.dev ## kill the service a thousand times and count what is lost (ARGS="--kills 50 --database sqlite")
	@$(BIN)/python -m tests.chaos $(ARGS)

serve: .venv/.run ## run the service with tiltak.toml
	@$(BIN)/tiltak serve $(ARGS)

bench: .venv/.dev ## print the ratios the service promises to keep
	@set -e; for each in bench/bench_*.py; do echo "== $$each"; $(BIN)/python -m "bench.$$(basename "$$each" .py)" $(ARGS); done

scale: .venv/.dev ## measure what a thousand times more cases cost, and what more nodes gain
	@$(BIN)/python -m bench.scale
	@$(BIN)/python -m bench.nodes

simulation: .venv/.dev ## let the service live many lives full of faults (ARGS="--seeds 2000")
	@$(BIN)/python -m tests.simulation $(or $(ARGS),--seeds 200)

mutation: .venv/.dev ## break the engine on purpose and count who notices (ARGS="calendar sweep" picks modules)
	@$(BIN)/python scripts/mutation.py $(ARGS)

lock: .venv/.dev ## pin and hash every dependency again (ARGS=--upgrade takes newer ones)
	$(COMPILE) --group build $(ARGS) -o requirements.lock
	$(COMPILE) --group dev -c requirements.lock $(ARGS) -o requirements-dev.lock

clean: ## remove the environment, caches and local state
	rm -rf .venv var build dist mutants *.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Debian without python3-venv has no ensurepip: then the environment is made empty and filled from outside.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Tiltak needs Python 3.11 or newer")'
	@$(PYTHON) -m venv .venv >/dev/null 2>&1 || $(PYTHON) -m venv --clear --without-pip .venv
	@test -x $(BIN)/pip || $(PYTHON) -m pip --version >/dev/null 2>&1 || \
		{ rm -rf .venv; echo 'Tiltak needs pip: install python3-pip or python3-venv' >&2; exit 1; }

.venv/.run: requirements.lock pyproject.toml | $(BIN)/python
	@echo 'installing what Tiltak needs (once) ...'
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: requirements-dev.lock .venv/.run
	@echo 'installing what the tests need (once) ...'
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@
