# The one door: `make` lists what there is. CI calls the same targets.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready
ADDRESS ?= 127.0.0.1:8000
FUZZ ?= 600
SOURCES := bpdocs tests tools

# MkDocs and Material each print a banner about MkDocs 2 otherwise; see the README.
export NO_MKDOCS_2_WARNING := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

say = @printf '==> %s\n'

.PHONY: help serve build test check fix format lint types broken fuzz mutate bench goldens pdf chromium lock vendor clean
.DELETE_ON_ERROR:

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' Makefile

serve: $(READY) ## build the site and serve it with live reload
	$(say) "building the site, then serving it on http://$(ADDRESS) (Ctrl-C ends it)"
	@$(BIN)/mkdocs serve -a $(ADDRESS)

build: $(READY) ## build the site into site/, every warning an error
	$(say) "building the site into site/, every warning an error"
	@$(BIN)/mkdocs build --strict

test: $(READY) chromium ## run all tests, those in a real browser too
	$(say) "running the tests"
	@BPDOCS_CHROMIUM="$$(cat .cache/chromium)" $(BIN)/pytest -n 2 $(TESTS)

check: format lint types broken test mutate build ## everything that CI checks, from cheap to dear

format: $(READY)
	$(say) "checking the format"
	@$(BIN)/ruff format --check $(SOURCES)

lint: $(READY)
	$(say) "looking for slips (ruff)"
	@$(BIN)/ruff check $(SOURCES)

types: $(READY)
	$(say) "checking the types (mypy)"
	@$(BIN)/mypy

fix: $(READY) ## format the code and mend what ruff can mend
	$(say) "formatting, and mending what can be mended"
	@$(BIN)/ruff check --fix $(SOURCES) || true
	@$(BIN)/ruff format $(SOURCES)

broken: $(READY)
	$(say) "feeding the reader with broken pages for a quarter of a minute"
	@$(BIN)/python -m tests.fuzz --seconds 15 --blind --findings .cache/fuzz

fuzz: $(READY) ## break pages and see that nothing breaks with them, for FUZZ seconds (600)
	$(say) "feeding the reader with broken pages for $(FUZZ) s; what it finds goes to .cache/fuzz"
	@$(BIN)/python -m tests.fuzz --seconds $(FUZZ) --seed $$$$ --findings .cache/fuzz

mutate: $(READY) ## plant errors in every page and see that each is caught
	$(say) "planting errors in the pages and checking that each is caught"
	@$(BIN)/bpdocs mutate docs

bench: $(READY) ## measure how long checks and mutants take, beside the limits
	$(say) "measuring (a few minutes)"
	@$(BIN)/python tools/bench.py

goldens: $(READY) ## write the outputs anew that the reference pages show
	$(say) "running the examples of the reference pages"
	@$(BIN)/python tools/goldens.py

pdf: build chromium ## print the book of each language into site/pdf/
	$(say) "printing the book of each language into site/pdf/"
	@BPDOCS_CHROMIUM="$$(cat .cache/chromium)" $(BIN)/python -m bpdocs.book

chromium: $(READY)
	@mkdir -p .cache
	@$(BIN)/python -m bpdocs.chromium > .cache/chromium
	$(say) "the browser is $$(cat .cache/chromium)"

lock: $(READY) ## maintainers: choose the versions of requirements.lock anew
	$(say) "choosing versions for Python 3.11 and later"
	@$(PYTHON) -m venv .cache/lock && .cache/lock/bin/pip install --quiet uv
	@.cache/lock/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --all-extras --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-header --no-annotate --output-file requirements.lock pyproject.toml

vendor: $(READY) ## maintainers: fetch KaTeX and the fonts and cut them to what the pages use (needs npm)
	$(say) "writing bpdocs/site/vendor"
	@$(BIN)/python tools/vendor.py

clean: ## remove what was built and cached (.venv stays)
	$(say) "removing site/ and .cache/"
	@rm -rf site .cache

# One stamp for the whole environment: made again when the lock or the project file changes.
$(READY): requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "bpdocs needs Python 3.11 or newer, and there is no '$(PYTHON)' here: install it, or name another (make PYTHON=python3.12 …)."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "bpdocs needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) -V 2>&1). Name another: make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv module is missing. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || { echo "==> making .venv with $$($(PYTHON) -V)"; $(PYTHON) -m venv --clear .venv; }
	$(say) "installing what requirements.lock lists into .venv (a minute or two the first time)"
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $(READY)
