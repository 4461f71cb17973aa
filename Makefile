# The way in: `make run` mills data/raw, `make test` runs the suite. Both make .venv first.
PYTHON ?= python3
BIN := .venv/bin
# What running takes, and what working on it takes besides.
RUN := .venv/.installed
DEV := .venv/.installed-dev
INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable

# Modules are compiled once, though the suite starts the command some hundred times.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test digests test-fire test-slow test-superset superset lint audit format docs screenshots clean

run: $(RUN)
	@$(BIN)/threadmill run

# On two cores three processes: some tests wait for servers.
test: $(DEV)
	$(BIN)/pytest -n 3 -m "not slow"

# All marked slow (10,000 broken inputs for each source, discovery, sidecars, corrections and manifests; hostile files
# through the command; fire; schedules; Superset), then the variants of pages with 500 examples each.
test-slow: $(DEV)
	HYPOTHESIS_PROFILE=default $(BIN)/pytest -n 2 --dist loadgroup -m slow
	HYPOTHESIS_PROFILE=many $(BIN)/pytest -n 2 tests/sources/test_variants.py

# Whether rows changed without the version that says so: CONTRIBUTING.md, "Versions".
digests: $(DEV)
	$(BIN)/python -m threadmill.measure.digests

# Publishing while killed, without room and on damaged files, the wheel on a schedule, the benchmark, any number of jobs, raw files rewritten
# in any format, several profiles at once: some 12 minutes, and part of .ci/run.
test-fire: $(DEV)
	$(BIN)/pytest -m slow $(FIRE)
	$(BIN)/pytest -n 2 -m slow $(LONG)

FIRE := tests/slow/test_fire.py tests/slow/test_installed.py tests/checkout/test_wheel.py tests/measure/test_bench.py \
    tests/schedule/test_secrets.py
LONG := tests/pipeline/test_jobs.py tests/models/test_engagement.py tests/privacy/test_rewrite.py tests/privacy/test_profiles.py \
    tests/threads/test_captures.py

# Superset with the dashboard, on this machine: bi/superset, docs/superset.md.
superset: run
	$(BIN)/python bi/superset/install.py
	$(BIN)/python bi/superset/install.py --serve

test-superset: $(DEV)
	$(BIN)/pytest -m slow tests/slow/test_superset_api.py

lint: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/sqlfmt --check sql
	$(BIN)/pre-commit validate-config
	$(BIN)/pip-licenses --from=mixed --partial-match --fail-on="GPL;AGPL" \
	    --ignore-packages $(OTHER_LICENCES) > /dev/null

# Of several licences another is taken: text-unidecode (Artistic), docutils (BSD and public domain).
OTHER_LICENCES := text-unidecode docutils

# Known vulnerabilities of what constraints.txt pins; asks the network, so it is not part of .ci/run.
audit:
	@$(PYTHON) -m venv .venv-audit
	@.venv-audit/bin/pip install --quiet --disable-pip-version-check pip-audit
	@.venv-audit/bin/pip-audit --requirement constraints.txt --no-deps --disable-pip --strict --progress-spinner off \
	    || { echo "Not all is well: see the vulnerabilities above, or the first package that nobody could be asked about."; exit 1; }

format: $(DEV)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/sqlfmt sql

# The documentation site, to open as site/index.html. A broken link fails it.
docs: $(DEV)
	$(BIN)/zensical build --strict --clean

# The picture of the README; needs Chromium.
screenshots: $(DEV)
	$(BIN)/python tests/report/screenshots.py

$(RUN): pyproject.toml constraints.txt
	@echo "Making .venv (about a minute the first time)"
	@$(PYTHON) -m venv .venv
	@$(INSTALL) '.[report]'
	@touch $(RUN)

$(DEV): $(RUN)
	@echo "Adding what tests and lint take (about a minute the first time)"
	@$(INSTALL) '.[dev]'
	@touch $(DEV)

clean:
	rm -rf .venv .venv-audit .venv-superset site report.html data/parsed
	find data/processed -mindepth 1 ! -name README.md -delete
