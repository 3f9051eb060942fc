# Every target does its own set-up: it needs python3 (3.11 or later) with venv and pip, and nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help demo test test-pages test-far lint types layers unit notebooks coverage nightly bench docs site render bundle clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /	/' | expand -t 14

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[all]" --group dev
	@touch $(READY)

demo: $(READY) ## show what ehcptime does, on published decisions and a made-up caseload
	@rm -rf demo-output
	@$(BIN)/ehcptime demo --out demo-output

test: lint types layers docs unit notebooks ## everything that CI runs

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/deptry src

types: $(READY)
	$(BIN)/mypy

layers: $(READY)
	$(BIN)/lint-imports --no-cache

docs: $(READY) ## fail where a generated page is stale
	$(BIN)/python tools/pages.py --check
	$(BIN)/python -m tools.conformance --check
	$(BIN)/python tools/api.py --check

site: $(READY) ## the documentation as a web site in build/site; needs no network
	$(BIN)/python -m tools.website

render: $(READY) ## run every notebook and write it as a page in build/notebooks; needs no network
	$(BIN)/python tools/render_notebooks.py

bundle: $(READY) ## one zip of hashed wheels and scripts, to install without a network; not in CI
	$(BIN)/python -m tools.bundle

unit: $(READY)
	$(BIN)/python -m pytest -p no:cacheprovider --numprocesses 2 --dist loadfile

notebooks: $(READY) ## run every notebook as a script
	@ls notebooks/*.py | MPLBACKEND=Agg xargs -P 2 -I {} sh -c 'echo {}; $(BIN)/python -W error {} > /dev/null'

test-pages: $(READY) ## pages in a real browser; needs Debian's chromium
	$(BIN)/python -m pytest tests/pages -m pages -p no:cacheprovider

test-far: $(READY) ## what needs Node, LibreOffice, Java or another Python; not in CI
	$(BIN)/python -m pytest tests/far -m far -p no:cacheprovider -rs
	$(BIN)/python tools/other_pythons.py

coverage: $(READY) ## every line and branch that no test runs; fails below what is reached; not in CI
	mkdir -p build/coverage
	$(BIN)/python -m coverage erase
	$(BIN)/python -m coverage run -m pytest -p no:cacheprovider --numprocesses 2 --dist loadfile
	$(BIN)/python -m coverage combine --quiet
	$(BIN)/python -m coverage report

nightly: $(READY) ## the large property profile
	EHCPTIME_PROFILE=nightly $(BIN)/python -m pytest tests/property -p no:cacheprovider --numprocesses 2
	$(BIN)/python -m pytest tests/nightly -m nightly -p no:cacheprovider -s
	$(BIN)/python -m tools.mutate_law
	$(BIN)/python -m tools.fuzz --inputs 10000000 --seed 1 --processes 2
	$(BIN)/python -m tools.mutate_code --rooms law,tracking,clock --least 95
	$(BIN)/python -m tools.mutate_code --rooms questions --sample 1000 --least 95

bench: $(READY) ## speed, as ratios against the usual ways in the same run
	$(BIN)/python benchmarks/kernel.py
	$(BIN)/python benchmarks/bench.py
	$(BIN)/python benchmarks/reading.py
	$(BIN)/python benchmarks/history.py
	$(BIN)/python benchmarks/forecast.py
	$(BIN)/python benchmarks/report.py
	$(BIN)/python benchmarks/growth.py
	$(BIN)/python benchmarks/ten_million.py

clean: ## remove what the targets made
	rm -rf $(VENV) demo-output dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
