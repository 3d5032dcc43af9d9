# Two commands for a new machine:  make demo   and   make test
PYTHON ?= python3
BIN := .venv/bin
EXTRAS := cluster,xtb-python

.PHONY: setup demo test test-browser test-slow test-cluster test-oldest check format clean

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

test-oldest: .venv-oldest/ready
	.venv-oldest/bin/python -m pytest --ignore tests/faults --ignore tests/hostile --ignore tests/cluster --ignore tests/test_benchmarks.py

.venv-oldest/ready: pyproject.toml tests/oldest.txt
	$(PYTHON) -m venv .venv-oldest
	.venv-oldest/bin/pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	.venv-oldest/bin/pip install --quiet --constraint tests/oldest.txt --editable '.[xtb-python]' --group dev
	touch $@

test-browser: setup
	$(BIN)/pip install --quiet --disable-pip-version-check --group browser
	$(BIN)/python -m pytest -m slow tests/reporting/test_page.py

test-slow: setup
	$(BIN)/python -m pytest -m slow

test-cluster: setup
	$(BIN)/python -m pytest -m "cluster or slow" tests/cluster

check: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

clean:
	rm -rf .venv .venv-oldest .mypy_cache .ruff_cache .pytest_cache .import_linter_cache dist
