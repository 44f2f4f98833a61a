# Two commands for a newcomer: make demo, make test. One for a change: make check.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT ?= 8000
BIN := .venv/bin
export PORT WHOLE

.PHONY: demo test check bench lock messages migrations clean chromium
.DEFAULT_GOAL := help

help:
	@echo "make demo    the app with a half-way trial on http://127.0.0.1:$(PORT)"
	@echo "make test    everything that can run on this machine"
	@echo "make check   format, lint, types, imports, migrations, templates, translations"
	@echo "make bench   what things cost, as ratios measured in one run"

.venv/ready: requirements.txt
	@echo "Setting up .venv"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/ready-dev: .venv/ready requirements-dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

demo: .venv/ready
	@ARMSLENGTH_DEMO=1 $(BIN)/python -m demo

test: .venv/ready-dev
	@$(BIN)/python tests/run.py

check: .venv/ready-dev
	@$(BIN)/python tests/check.py

bench: .venv/ready-dev
	@$(BIN)/python -m tests.bench

lock: .venv/ready-dev
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url -q requirements/base.in -o requirements.txt
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url -q requirements/dev.in -o requirements-dev.txt

messages: .venv/ready-dev
	$(BIN)/python manage.py makemessages -l fr --no-location --no-wrap --ignore ".venv/*" --ignore "tests/*" --ignore "var/*" --settings tests.settings
	$(BIN)/python manage.py compilemessages -l fr --ignore .venv --settings tests.settings

clean:
	rm -rf .venv var staticfiles
