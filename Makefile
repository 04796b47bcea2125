# One verb for one habit; each does all its own set-up in .venv.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
RUN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help serve build test check bench lock

help:
	@echo "make serve   build the graph from the five texts, check it, serve it at http://127.0.0.1:7878"
	@echo "make build   build and check the graph without serving it"
	@echo "make test    lint, type-check and test everything"
	@echo "make check   lint and type-check only"
	@echo "make bench   time the endpoint, the labels, the reconciliation and the validation"
	@echo "make lock    write requirements.lock anew"

$(VENV)/installed: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

build: $(VENV)/installed
	$(RUN)/zhanshi build --data data

serve: build
	$(RUN)/zhanshi serve --data data

check: $(VENV)/installed
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/mypy
	$(RUN)/lint-imports

test: check
	$(RUN)/pytest

bench: build
	$(RUN)/python -m bench --data data

lock: $(VENV)/installed
	$(RUN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-emit-index-url --no-emit-find-links \
		--extra test --output-file requirements.lock pyproject.toml
