.DEFAULT_GOAL := help
.PHONY: help demo demo-reset test check bench messages lock screenshots
PYTHON ?= python3
PORT ?= 8000
SCALE ?= small
BIN := .venv/bin

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

demo: ## Install, fill a demo practice and run everything on http://localhost:8000 (PORT= changes it)
	@$(PYTHON) scripts/bootstrap.py run
	@exec $(BIN)/sprechzeit demo --port $(PORT)

demo-reset: ## Begin the demo anew, with fresh data
	@$(PYTHON) scripts/bootstrap.py run
	@exec $(BIN)/sprechzeit demo --port $(PORT) --reset

test: ## Install what tests need, then lint, types, import rules and all tests
	@$(PYTHON) scripts/bootstrap.py dev
	@$(PYTHON) scripts/chromium.py
	@$(MAKE) --no-print-directory check
	@$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile

check: ## Lint, types and import rules only
	@$(PYTHON) scripts/bootstrap.py dev
	@$(BIN)/ruff check --quiet src tests scripts
	@$(BIN)/ruff format --check --quiet src tests scripts
	@$(BIN)/lint-imports --no-cache > .data/imports.log 2>&1 || { cat .data/imports.log; exit 1; }
	@$(BIN)/mypy --no-error-summary
	@echo "check: lint, format, import rules and types are fine"

bench: ## Measure against the bare SQL (SCALE=small or seed), written to .data/bench.json
	@$(PYTHON) scripts/bootstrap.py run
	@$(BIN)/sprechzeit bench --scale $(SCALE)

screenshots: ## Make docs/screenshots from the running demo practice
	@$(PYTHON) scripts/bootstrap.py dev
	@$(PYTHON) scripts/chromium.py
	@$(BIN)/python -m pytest tests/journeys/test_pictures.py --screenshots docs/screenshots

messages: ## Collect the sentences of the code and compile their translations (needs gettext)
	@$(PYTHON) scripts/bootstrap.py run
	@set -f && cd src/sprechzeit && export DJANGO_SETTINGS_MODULE=sprechzeit.site.settings && \
		collect="../../$(BIN)/python -m django makemessages -v 0 --no-location --no-wrap --no-obsolete" && \
		$$collect -l en && \
		$$collect -l tr -l ar -l uk $$(sed 's/^/-i /' locale/not-for-patients.txt) && \
		../../$(BIN)/python -m django compilemessages -v 0

lock: ## Pin the dependencies anew, with hashes and without any index address (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--extra demo --extra build pyproject.toml -o requirements/run.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--extra dev --extra build pyproject.toml -o requirements/dev.txt
