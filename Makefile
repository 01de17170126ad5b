# Every target makes what it needs first, in .venv, from the lock files in requirements/.
# Nothing else is asked of the machine but Python 3.11.5 or newer and make.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
SHELL := /bin/sh

VENV := .venv
PY := $(VENV)/bin/python
INSTALL := $(PY) -m pip install --quiet --disable-pip-version-check

# What may be set on the command line: make site ESSAY=my-essay ARGS="--jobs 4"
ESSAY ?= essay
ARGS ?=
PYTHON ?=

# A checkout that was moved needs a new environment: .venv contains absolute paths.
ifneq ($(shell cat $(VENV)/.place 2>/dev/null),$(CURDIR))
.PHONY: $(PY)
endif

##@ Everyday
.PHONY: help
help: ## list the targets
	@awk 'BEGIN { FS = ":.*## " } \
	  /^##@ / { printf "\n%s\n", substr($$0, 5) } \
	  /^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

.PHONY: site
site: $(VENV)/.stamp-run ## fetch the data, train, measure, draw; the page is build/site/index.html
	$(PY) -m netviz build $(ESSAY) $(ARGS)

.PHONY: serve
serve: $(VENV)/.stamp-run ## the same, shown at once in a browser and renewed at every edit
	$(PY) -m netviz serve $(ESSAY) $(ARGS)

.PHONY: docs
docs: $(VENV)/.stamp-run ## build the documentation into build/docs
	$(PY) -m netviz build docs --out build/docs $(ARGS)

.PHONY: clean
clean: ## remove build/: the site and the build's cache; downloaded data stay
	rm -rf build dist

##@ Development
# Tests run beside each other, and threads of BLAS would only wait for those of its neighbours.
ONE_THREAD := OPENBLAS_NUM_THREADS=1

# Three browsers are looked for, and fetched where they are not there (tests/browser/provision.py).
.PHONY: test
test: $(VENV)/.stamp-test ## run the quick tests, a real browser included
	browser="$$($(PY) tests/browser/provision.py)" && CHROME="$$browser" $(ONE_THREAD) \
	  $(PY) -m pytest --numprocesses=auto --maxprocesses=4 --dist=loadfile $(ARGS)

.PHONY: torture
torture: $(VENV)/.stamp-test ## run all other tests; say which were skipped and what the longest cost
	browser="$$($(PY) tests/browser/provision.py)" && CHROME="$$browser" $(ONE_THREAD) \
	  $(PY) -m pytest -m "slow or torture" -rs --durations=25 --numprocesses=auto --maxprocesses=2 \
	  --dist=worksteal $(ARGS)

# Notebooks get an environment of their own; the test runs in ours and starts them there.
.PHONY: notebooks
notebooks: $(VENV)/.stamp-test ## show a figure in a real JupyterLab and a real marimo
	@$(MAKE) --no-print-directory VENV=.venv-notebooks .venv-notebooks/.stamp-run
	.venv-notebooks/bin/python -m pip install --quiet --disable-pip-version-check $(NOTEBOOKS)
	browser="$$($(PY) tests/browser/provision.py)" && CHROME="$$browser" NOTEBOOKS=.venv-notebooks \
	  $(PY) -m pytest tests/browser/test_notebooks.py -m torture $(ARGS)

NOTEBOOKS := jupyterlab==4.6.6 marimo==0.25.2

# So do frameworks, which make the networks that the test then reads in our environment.
.PHONY: frameworks
frameworks: $(VENV)/.stamp-test ## read networks as seven frameworks make and save them
	@$(MAKE) --no-print-directory VENV=.venv-frameworks .venv-frameworks/bin/python
	.venv-frameworks/bin/python -m pip install --quiet --disable-pip-version-check $(FRAMEWORKS)
	NETVIZ_FRAMEWORKS=.venv-frameworks/bin/python \
	  $(PY) -m pytest tests/elsewhere/test_frameworks.py -m "torture or not torture" $(ARGS)

# The build of PyTorch for processors alone is enough; PIP_FIND_LINKS and the like may name it.
TORCH := torch==2.13.0
FRAMEWORKS := $(TORCH) safetensors==0.8.0 keras==3.15.1 jax==0.10.2 flax==0.12.8 \
  dm-haiku==0.0.17 equinox==0.13.8 scikit-learn==1.9.1 mlx==0.32.4 mlx-cpu==0.32.4 \
  onnx==1.23.2 onnxscript==0.7.2 skl2onnx==1.20.0 jax2onnx==0.17.1

.PHONY: looks
looks: $(VENV)/.stamp-test ## keep how the page looks now; look at the pictures in tests/golden/looks
	browser="$$($(PY) tests/browser/provision.py)" && \
	  CHROME="$$browser" $(PY) -m pytest tests/browser/test_looks.py -m torture --golden-update $(ARGS)

.PHONY: check
check: $(VENV)/.stamp-check ## lint, types, and the essay and the docs with their sites, where built
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	@if [ -f build/site/index.html ]; then \
	  echo "$(PY) -m netviz check $(ESSAY)"; $(PY) -m netviz check $(ESSAY); \
	else echo "build/site is not built: its links and HTML were not checked (make site)"; fi
	@if [ -f build/docs/index.html ]; then \
	  echo "$(PY) -m netviz check docs --out build/docs"; \
	  $(PY) -m netviz check docs --out build/docs; fi

# The peers get an environment of their own: their versions are not ours to choose. A peer that
# cannot be had is left out, and the tables say so.
.PHONY: bench measure
bench: ## measure training, builds and pages next to their peers
	@$(MAKE) --no-print-directory VENV=.venv-bench measure

measure: $(VENV)/.stamp-bench
	@$(PY) -c "import torch" 2>/dev/null || $(INSTALL) $(TORCH) || true
	$(PY) -m benchmarks $(ARGS)

.PHONY: dist
dist: $(VENV)/.stamp-run ## build the sdist and the wheel into dist/, with the same bytes each time
	rm -rf dist
	$(PY) -m hatchling build --directory dist

.PHONY: lock
lock: $(VENV)/.stamp-check ## renew requirements/*.lock from pyproject.toml, and the SBOM from them
	$(COMPILE) --group test --group lint --output-file requirements/check.lock
	$(COMPILE) --group test --constraint requirements/check.lock --output-file requirements/test.lock
	$(COMPILE) --constraint requirements/check.lock --output-file requirements/run.lock
	$(COMPILE) --group bench --constraint requirements/run.lock --output-file requirements/bench.lock
	@$(MAKE) --no-print-directory sbom

# The fewest versions, so that every Python computes with the same numpy.
COMPILE = $(PY) -m uv pip compile pyproject.toml requirements/build.in --quiet --upgrade \
  --universal --python-version 3.11.5 --fork-strategy fewest --generate-hashes \
  --no-emit-index-url --no-annotate --custom-compile-command "make lock"

.PHONY: sbom
sbom: $(VENV)/.stamp-test ## list what the wheel is made of, in requirements/netviz.cdx.json
	$(PY) -m requirements.sbom

# --- the environment -----------------------------------------------------------------------

# The first Python that is new enough and can make an environment, or the versions that work.
define FIND_PYTHON
for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
  version="$$("$$python" -c 'import platform; print(platform.python_version())' 2>/dev/null)"; \
  if [ -z "$$version" ]; then :; \
  elif ! "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11, 5))'; then \
    old="$$old $$python ($$version)"; \
  elif ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then bare="$$python"; \
  else break; fi; \
  python=""; \
done; \
if [ -z "$$python" ] && [ -n "$$bare" ]; then \
  echo "netviz: $$bare cannot make a virtual environment: its modules venv and ensurepip are" >&2; \
  echo "missing. On Debian and Ubuntu they are the package python3-venv." >&2; exit 1; \
elif [ -z "$$python" ]; then \
  echo "netviz needs Python 3.11.5 or newer; on the PATH is$${old:- none}." >&2; \
  echo "Install one, or name it: make PYTHON=/path/to/python3 ..." >&2; exit 1; \
fi
endef

$(PY):
	@$(FIND_PYTHON); \
	echo "$$python -m venv $(VENV)  ($$("$$python" --version))"; \
	"$$python" -m venv --clear $(VENV)
	@echo "$(CURDIR)" > $(VENV)/.place

# Each set holds the one before it; `run` is all that a site needs.
$(VENV)/.stamp-%: requirements/%.lock pyproject.toml src/netviz/__init__.py $(PY)
	$(INSTALL) --require-hashes --requirement $<
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@
