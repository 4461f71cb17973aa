# The way in: `make run` mills data/raw, `make test` runs the suite. Both make .venv first.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

.PHONY: run test test-slow test-superset superset lint format docs screenshots clean

run: $(STAMP)
	@$(BIN)/threadmill run

test: $(STAMP)
	$(BIN)/pytest -n 2 -m "not slow"

test-slow: $(STAMP)
	HYPOTHESIS_PROFILE=default $(BIN)/pytest -n 2 --dist loadgroup -m slow
	HYPOTHESIS_PROFILE=many $(BIN)/pytest -n 2 tests/test_variants.py

# Superset with the dashboard, on this machine: bi/superset, docs/superset.md.
superset: run
	$(BIN)/python bi/superset/install.py
	$(BIN)/python bi/superset/install.py --serve

test-superset: $(STAMP)
	$(BIN)/pytest -m slow tests/slow/test_superset_api.py

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/sqlfmt --check sql
	$(BIN)/pip-licenses --from=mixed --partial-match --fail-on="GPL;AGPL" \
	    --ignore-packages $(OTHER_LICENCES) > /dev/null

# Of several licences another is taken: text-unidecode (Artistic), docutils (BSD and public domain).
OTHER_LICENCES := text-unidecode docutils

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/sqlfmt sql

# The documentation site, to open as site/index.html. A broken link fails it.
docs: $(STAMP)
	$(BIN)/zensical build --strict --clean

# The picture of the README; needs Chromium.
screenshots: $(STAMP)
	$(BIN)/python tests/report/screenshots.py

$(STAMP): pyproject.toml constraints.txt
	@echo "Making .venv (about a minute the first time)"
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $(STAMP)

clean:
	rm -rf .venv .venv-superset site data/processed/.snapshots data/processed/current
