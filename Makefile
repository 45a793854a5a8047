# make run       forecasts and figures of the embedded demo
# make test      linters and tests
# make test-all  the same and what takes longer
# make bench     speed, as ratios side by side
# make lock      resolve requirements.in into requirements.lock
# make clean     delete the demo's results
PYTHON ?= python3
CORES ?= all
BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: run test test-all lint bench lock clean venv

venv:
	@$(PYTHON) envs/install.py

run: venv
	@snakemake --cores $(CORES) --quiet rules host -- preflight
	@snakemake --cores $(CORES) --quiet rules host
	@PYTHONWARNINGS=ignore snakemake --cores 1 --quiet all --report results/demo/report/snakemake.html
	@python workflow/scripts/foldcast/report/where.py results/demo

lint: venv
	@ruff check .
	@ruff format --check .
	@snakefmt --check workflow
	@mypy
	@snakemake --lint

test: lint
	@pytest tests -m "not slow"

test-all: venv
	@pytest tests -m slow

bench: venv
	@pytest tests/bench -s -q -o python_files='bench_*.py' -o python_functions='bench_*'

lock:
	@rm -rf .venv-lock && $(PYTHON) -m venv .venv-lock
	@.venv-lock/bin/pip install --quiet -r requirements.in
	@{ echo "# make lock: every package exactly; no index addresses, no build of torch."; \
	   .venv-lock/bin/pip freeze | sed 's/+cpu$$//' | grep -viE '^(nvidia-|cuda-|triton)'; } > requirements.lock
	@rm -rf .venv-lock

clean:
	@rm -rf results/demo resources/demo
