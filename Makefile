# SMARTSolar. `make` lists the commands.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
# Processes that run tests side by side; ARGS goes to the command as it is.
JOBS ?= 2
ARGS ?=
UNITS ?= 200
SPEED ?= 60

.DEFAULT_GOAL := help
.PHONY: help run install install-dev test test-influxdb check schema format messages lock bench bench-telemetry soak

help:  ## List the commands
	@sed -n 's/^\([a-z-]*\):.*  ## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r name text; do printf '  make %-15s %s\n' "$$name" "$$text"; done

install:
	@$(PYTHON) scripts/install.py requirements.txt

install-dev:
	@$(PYTHON) scripts/install.py requirements.txt requirements-dev.txt

run: install  ## Set up what is missing, then run everything on PORT (8000) until Ctrl-C
	@$(BIN)/python -m smartsolar.run --units $(UNITS) --speed $(SPEED)

test: install-dev  ## Run every test that needs no server of its own (ARGS="-k name")
	@$(BIN)/python -m pytest -n $(JOBS) --dist loadfile $(ARGS)

test-influxdb: install-dev  ## Run the telemetry tests against an InfluxDB of their own (ARGS)
	@scripts/with_influxdb.sh $(BIN)/python -m pytest -n $(JOBS) --dist loadfile tests/telemetry $(ARGS)

check: install-dev  ## Lint, types, migrations, deploy check, API schema, translations
	@$(BIN)/python scripts/check.py

schema: install-dev  ## Rewrite docs/openapi.json from the code
	@$(BIN)/python scripts/check.py --write-schema

format: install-dev  ## Format the code and fix what lint can fix
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

messages: install  ## Collect texts to translate and compile the translations (needs gettext)
	@$(BIN)/python manage.py makemessages --locale fr --no-obsolete --add-location file --no-wrap --ignore .venv --ignore staticfiles --ignore data
	@$(BIN)/python manage.py compilemessages --locale fr

lock:  ## Compile requirements*.in to locked versions with hashes (needs uv)
	uv pip compile --quiet --generate-hashes --python-version 3.11 --no-annotate --no-header requirements.in -o requirements.txt
	uv pip compile --quiet --generate-hashes --python-version 3.11 --no-annotate --no-header requirements-dev.in -o requirements-dev.txt

bench: install-dev  ## Run the benchmarks, each against its limit
	@$(BIN)/python -m bench $(ARGS)
	@$(MAKE) --no-print-directory bench-telemetry

bench-telemetry: install-dev  ## Run the benchmarks of the telemetry stores alone
	@if command -v influxd >/dev/null; then run=scripts/with_influxdb.sh; fi; $$run $(BIN)/python -m bench.telemetry

soak: install-dev  ## Run the long campaigns: walks, races, kill points
	@$(BIN)/python -m bench.soak $(ARGS)
