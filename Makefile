# Everything here needs git, make and a Python from 3.11 to 3.14 with venv; the rest is installed in $(VENV).
#
#   make study         play what the claims of the shipped study need, and leave report.html here
#   make study-full    play every laydown against every raid, with and without what allies lend (report-full.html)
#   make test          all checks that a change has to pass
#   make lint          the checks without the tests
#   make test-slow     the tests left out of 'make test'
#   make benchmark     time the fixed raids
#   make messages      collect the program's sentences for translation
#   make pictures      draw the pictures of the model pages again
#   make validation    compare with the reference cases and rewrite docs/validation.md
#   make locks         resolve the dependencies again (needs uv; UPGRADE=--upgrade takes the newest)
#   make dependencies  measure the dependencies and rewrite docs/dependencies.md
#   make clean         remove what can be made again, but not the runs
#
# Another Python: make test PYTHON=python3.12

PYTHON ?= python3
VENV ?= .venv
STUDY ?= turkiye-steel-dome
RUN_DIR ?= runs/$(STUDY)
UV ?= uv
UPGRADE ?=

BIN = $(VENV)/bin
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check
LOCKED = $(INSTALL) --only-binary :all: --require-hashes
CATALOGUES = $(wildcard src/steeldome/locale/*/LC_MESSAGES/*.po)

.PHONY: study study-full test lint test-slow benchmark messages pictures validation locks dependencies clean .venv FORCE
.DELETE_ON_ERROR:

study: $(VENV)/run.stamp
	@mkdir -p $(dir $(RUN_DIR))
	$(BIN)/steeldome run $(STUDY) --out $(RUN_DIR) --if-needed
	$(BIN)/steeldome report $(RUN_DIR) --out report.html
	@echo "The report is at $(CURDIR)/report.html"

# Fewer replications of each case, for there are some thirty thousand; it goes on where it was stopped.
study-full: $(VENV)/run.stamp
	@mkdir -p $(dir $(RUN_DIR))
	$(BIN)/steeldome run $(STUDY) --all --replications 100 --out $(RUN_DIR)-full --if-needed
	$(BIN)/steeldome report $(RUN_DIR)-full --out report-full.html
	@echo "The report is at $(CURDIR)/report-full.html"

test: lint
	$(BIN)/python -m pytest -q

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test-slow: $(VENV)/dev.stamp
	$(BIN)/python -m pytest -q -m slow

benchmark: $(VENV)/dev.stamp
	@set -e; for script in benchmarks/*.py; do echo "$$script"; $(BIN)/python $$script; done

messages: $(VENV)/dev.stamp
	$(BIN)/python tools/messages.py

pictures: $(VENV)/dev.stamp
	@set -e; for script in tools/*_picture.py; do echo "$$script"; $(BIN)/python $$script; done

validation: $(VENV)/dev.stamp
	$(BIN)/python tools/validation_page.py

locks:
	$(call compile,run,pyproject.toml)
	$(call compile,build,--group build -c locks/run.lock)
	$(call compile,dev,pyproject.toml --extra geo --group dev --group build -c locks/run.lock -c locks/build.lock)

# The sizes are those of an environment that holds the run-time packages and nothing else.
dependencies: $(VENV)/dev.stamp
	$(BIN)/python -m venv --clear build/measured
	build/measured/bin/python -m pip install --quiet --only-binary :all: --require-hashes -r locks/run.lock
	$(BIN)/python tools/dependencies.py build/measured

clean:
	rm -rf build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache report.html report-full.html
	find src tests tools -name __pycache__ -type d -prune -exec rm -rf {} +

# --- the environment ------------------------------------------------------------------------------------------------

.venv: $(VENV)/run.stamp

# The stamps come in this order: the interpreter; what 'study' needs; what 'test' needs besides.
$(VENV)/run.stamp: $(VENV)/python.stamp locks/build.lock locks/run.lock pyproject.toml hatch_build.py $(CATALOGUES)
	@echo "Installing the locked packages in $(VENV) (170 MB to fetch the first time) ..."
	@$(LOCKED) -r locks/build.lock -r locks/run.lock
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp locks/dev.lock
	@echo "Installing the locked development packages in $(VENV) (another 110 MB) ..."
	@$(LOCKED) -r locks/dev.lock
	@touch $@

# Made once, and again when PYTHON is given and is not the Python that the environment was made with.
$(VENV)/python.stamp: $(if $(filter command environment,$(origin PYTHON)),FORCE)
	@version=$$($(PYTHON) -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null) \
	|| { echo "make: '$(PYTHON)' does not run; type for example: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }; \
	$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' \
	|| { echo "make: $(PYTHON) is Python $$version, allowed is 3.11 to 3.14; type for example: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }; \
	if [ "$$(cat $@ 2>/dev/null)" != "$$version" ]; then \
	  $(PYTHON) -c 'import venv, ensurepip' 2>/dev/null \
	  || { echo "make: $(PYTHON) has no venv module; install it (on Debian and Ubuntu: apt install python3-venv)" >&2; exit 1; }; \
	  $(PYTHON) -m venv --clear $(VENV) && echo "$$version" > $@; \
	fi

FORCE:

# colorama is for Windows, where this Makefile does not run.
define compile
$(UV) pip compile $(2) --quiet --universal --python-version 3.11 --only-binary :all: --generate-hashes \
  --no-emit-index-url --no-emit-package colorama --no-header $(UPGRADE) -o locks/$(1).lock
endef
