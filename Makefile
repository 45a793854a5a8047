# make run       forecasts and figures of the embedded demo
# make init      a first config for your own files: those in data/, or make init FILES="A B"
# make test      linters and the quick tests
# make test-all  the tests that take longer: real data, a browser, an environment for each stage
# make test-full statistics on many seeds, every dataset, the oldest Snakemake: before a release
# make leaderboard  every forecaster on every time course, best first: of a config (CONFIG=mine.yaml),
#                and of a folder too (COURSES=folder)
# make compare   runs side by side: RUNS="results/a results/b"; tables and a page in results/compared/
# make bench     speed, as ratios side by side
# make keys      write config/keys.md, the reference of every key, from the schema
# make lock      resolve requirements.in into requirements.lock
# make container write containers/Dockerfile from envs/
# make clean     delete the demo's results
# make clean-cache  delete what Beluga computed and was kept in resources/features/ (CACHE=folder), or
#                only what was not used for DAYS=30
# make rulegraph draw docs/rules.md anew
PYTHON ?= python3
CORES ?= all
# Not `?=`: some systems have variables of these names.
FILES = data
NAME = mine
CONFIG =
COURSES =
CACHE = resources/features
DAYS = 0
BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)

# Long runs that several files look at are made once for both workers (tests/support/made_once.py).
# A worker has a core: threads beside it would take turns.
PYTEST := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 pytest tests -n 2 --dist loadfile

.PHONY: run compare leaderboard init test test-all test-full lint quick bench keys lock clean clean-cache venv browser slurm container

venv:
	@$(PYTHON) envs/install.py

run: venv
	@snakemake --cores $(CORES) --quiet rules host -- preflight
	@snakemake --cores $(CORES) --quiet rules host
	@PYTHONWARNINGS=ignore snakemake --cores 1 --quiet all --report results/demo/report/snakemake.html \
	  --report-metadata results/demo/report/take_away/summary.yaml
	@python workflow/lib/foldcast/report/results_guide.py results/demo

# Ranked anew each time, so that the table is printed.
leaderboard: venv
	@snakemake --cores $(CORES) --quiet rules host $(if $(CONFIG),--configfile $(CONFIG)) \
	  $(if $(COURSES),--config 'evaluation={"courses": "$(COURSES)"}') \
	  --forcerun leaderboard -- leaderboard plot_leaderboard

compare: venv
	@PYTHONPATH=workflow/lib python -m foldcast.take_away.compare_runs $(RUNS)

init: venv
	@python config/init.py --name $(NAME) $(FILES)

lint: venv
	@ruff check .
	@ruff format --check .
	@snakefmt --check workflow
	@mypy
	@snakemake --lint

# Linters and tests side by side; whichever fails, both end.
test:
	@$(MAKE) --no-print-directory --keep-going -j 2 lint quick

quick: venv
	@$(PYTEST) -m "not slow and not full"

# In the order of tests/conftest.py, where the longest files come first.
test-all: venv browser slurm
	@$(PYTEST) --no-loadscope-reorder -m "slow and not full" --durations=15 --cpu 10

test-full: venv
	@$(PYTEST) -m full --durations=15 --cpu 10

# Where there is no Chromium and no right to install it, the tests in a browser skip and say so.
browser:
	@command -v chromedriver > /dev/null || [ "$$(id -u)" != 0 ] || ! command -v apt-get > /dev/null \
	  || { apt-get update -qq && apt-get install -qq -y chromium chromium-driver; } > /dev/null \
	  || echo "Chromium could not be installed: tests in a browser are skipped."

# Likewise Slurm, whose tests start it with one node (Debian and Ubuntu, as root).
slurm:
	@command -v slurmctld > /dev/null || [ "$$(id -u)" != 0 ] || ! command -v apt-get > /dev/null \
	  || { apt-get update -qq && apt-get install -qq -y slurmctld slurmd slurm-client munge; } > /dev/null \
	  || echo "Slurm could not be installed: its tests are skipped."

# statsforecast is no dependency of ours, so it gets an environment of its own.
bench: venv
	@[ -x .venv-bench/bin/python ] \
	  || { python -m venv .venv-bench && .venv-bench/bin/pip install --quiet statsforecast==2.1.1; } \
	  || echo "statsforecast could not be installed: its rows are left out."
	@pytest tests/bench -s -q -o python_files='bench_*.py' -o python_functions='bench_*'

keys: venv
	@PYTHONPATH=workflow/lib python -m foldcast.config.key_reference config/keys.md

lock:
	@rm -rf .venv-lock && $(PYTHON) -m venv .venv-lock
	@.venv-lock/bin/pip install --quiet -r requirements.in
	@{ echo "# make lock: every package exactly; no index addresses, no build of torch."; \
	   { .venv-lock/bin/pip freeze | sed 's/+cpu$$//' | grep -viE '^(nvidia-|cuda-|triton|xgboost)'; \
	     grep '^[^\#].*;' requirements.in; } | sort -f; } > requirements.lock
	@rm -rf .venv-lock

# What an image of all environments consists of. Snakemake asks a conda about itself and then only
# reads envs/, so the tests' stand-in for conda will do.
container: venv
	@PATH="$(CURDIR)/tests/workflow/conda_stand_in/bin:$$PATH" snakemake --quiet all --containerize \
	  > containers/Dockerfile

clean:
	@rm -rf results/demo resources/demo

clean-cache: venv
	@PYTHONPATH=workflow/lib python -m foldcast.spex.features.clean_cache $(CACHE) --unused $(DAYS)

.PHONY: rulegraph
rulegraph: venv
	@snakemake --quiet all --forceall --rulegraph -- all hic | python docs/rulegraph.py > docs/rules.md
