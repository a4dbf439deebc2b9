# The commands of the project. Each installs what it needs into .venv first, and only when that has changed.

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python

# How many tests run at once: one more than two cores, as some of them mostly wait.
TEST_PROCESSES ?= 3

# What Python has compiled is kept: the tests start more than a hundred processes.
unexport PYTHONDONTWRITEBYTECODE

# What `check` runs with: settings like those of a real site, and the tests' data.
CHECK_ENVIRONMENT := \
	SECRET_KEY=only-the-checks-use-this-key-and-nothing-else-ever-will-4f1b \
	SITE_URL=https://sidedoor.example \
	TRUSTED_PROXIES=1 \
	EMAIL_URL=smtp+tls://mail.sidedoor.example:587 \
	SIDEDOOR_DATA=$(or $(SIDEDOOR_DATA),.data)/test
MANAGE := $(CHECK_ENVIRONMENT) $(RUN) manage.py

LOCK := CUSTOM_COMPILE_COMMAND="make lock" $(RUN) -m piptools compile --quiet --generate-hashes --allow-unsafe \
	--strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host

.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.PHONY: help run test trust check bench shell lock

help: ## List the commands.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

run: $(VENV)/requirements.stamp ## Run the site: database, web server and mail worker. PORT and SIDEDOOR_DATA are honoured.
	@exec $(RUN) -m config.run

# What shares a browser or a site runs in one process, which starts it once.
test: $(VENV)/requirements-dev.stamp ## Run the tests.
	@$(RUN) -m tests.chromium
	@$(RUN) -m pytest --numprocesses $(TEST_PROCESSES) --dist loadfile --no-loadscope-reorder

# A test of these may take minutes: each process takes one at a time.
trust: $(VENV)/requirements-dev.stamp ## Run the random, exhaustive and fault tests in full and print what they have seen (ONLY=name picks some).
	@$(RUN) -m tests.chromium
	@SIDEDOOR_TRUST=1 $(RUN) -m pytest -m "trust or rule" $(if $(ONLY),-k "$(ONLY)") --hypothesis-show-statistics \
		--numprocesses $(TEST_PROCESSES) --maxschedchunk 1

check: $(VENV)/requirements-dev.stamp ## Check style, types, layers, templates, migrations, settings, secrets and packages.
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@$(CHECK_ENVIRONMENT) $(RUN) -m mypy
	@$(VENV)/bin/lint-imports --no-logo
	@find templates -name '*.html' -exec $(VENV)/bin/djade --check --target-version 6.1 {} +
	@$(MANAGE) makemigrations --check --dry-run
	@$(MANAGE) check --deploy --fail-level WARNING
	@$(RUN) -m scripts.secret_scan
	@$(RUN) -m scripts.audit

bench: $(VENV)/requirements-dev.stamp ## Measure how fast it is.
	@$(RUN) -m benchmarks

shell: $(VENV)/requirements.stamp ## Open Django's shell.
	@exec $(RUN) manage.py shell

lock: $(VENV)/requirements-dev.stamp ## Write the locked requirements anew (UPGRADE=--upgrade takes the newest versions).
	@$(LOCK) $(UPGRADE) --output-file requirements.txt pyproject.toml
	@$(LOCK) $(UPGRADE) --constraint requirements.txt --extra test --extra check \
		--output-file requirements-dev.txt pyproject.toml

# A stamp is as old as the last installation of the requirements of its name.
$(VENV)/%.stamp: %.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null || \
		{ echo "Sidedoor needs Python 3.12 or newer as $(PYTHON); name another one with PYTHON=…" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "Sidedoor needs Python's venv module (on Debian: apt-get install python3-venv)." >&2; exit 1; }
	@$(RUN) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@echo "Installing the packages of $<."
	@$(RUN) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --requirement $<
	@touch $@
