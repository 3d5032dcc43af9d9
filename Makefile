# Two commands for a new machine:  make demo   and   make test
PYTHON ?= python3
BIN := .venv/bin
EXTRAS := cluster,mkl,xtb-python

.PHONY: setup demo test test-slow check format clean

setup: .venv/ready

.venv/ready: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[$(EXTRAS)]' --group dev
	touch $@

demo: setup
	$(BIN)/actinic screen ligands/quickstart.csv --workflow workflows/photo-ligand.toml --out results/quickstart

test: setup
	$(BIN)/python -m pytest

test-slow: setup
	$(BIN)/python -m pytest -m slow

check: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache dist
