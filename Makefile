# make run: install what is needed and open the app.   make test: install what is needed and run the tests.
VENV ?= .venv
PYTHON := $(VENV)/bin/python

.PHONY: run test lint bench mutation reliability fuzz data locale clean

run: $(VENV)/app.installed
	$(PYTHON) -m geo serve

# Three workers on two cores: see CONTRIBUTING.md, "How the tests are laid out in time".
test: $(VENV)/dev.installed
	$(PYTHON) -m pytest -q -n 3 --dist worksteal

lint: $(VENV)/dev.installed
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/hadolint Dockerfile
	for script in geometry paint outlook fills labels symbols legend marks graticule overlay offline; do node --check geo/browser/$$script.js || exit 1; done
	for script in chart loop scrubber panel source answer roster snapshot statements lifelines languages tables compare twin uploads; do node --check --input-type=module < geo/browser/$$script.js || exit 1; done

bench: $(VENV)/dev.installed
	$(PYTHON) -m benchmarks

mutation: $(VENV)/dev.installed
	$(PYTHON) tests/mutation.py

# What the store of uploads must outlive, done many times: about a quarter of an hour. See docs/reliability.md.
reliability: $(VENV)/dev.installed
	PYTHONPATH=.:tests $(PYTHON) tests/reliability.py

# One minute of inputs that seek new lines of the parsers of uploads; FUZZ_SECONDS=3600 for an hour.
FUZZ_SECONDS ?= 60
fuzz: $(VENV)/fuzz.installed
	$(PYTHON) tests/fuzz.py $(VENV)/fuzz-corpus -max_total_time=$(FUZZ_SECONDS) -max_len=4096 -rss_limit_mb=4096 -timeout=20 -verbosity=0 -artifact_prefix=$(VENV)/

data: $(VENV)/app.installed
	$(PYTHON) -m geo build

# New and changed messages into the French catalogue, where they wait for their translation (a test says which).
locale: $(VENV)/app.installed
	$(PYTHON) -m babel.messages.frontend -q extract --mapping geo/locale/babel.cfg --no-location --sort-output --output $(VENV)/messages.pot .
	$(PYTHON) -m babel.messages.frontend -q update --input-file $(VENV)/messages.pot --output-file geo/locale/fr/LC_MESSAGES/messages.po \
		--locale fr --no-fuzzy-matching --ignore-obsolete --no-wrap --ignore-pot-creation-date

$(PYTHON):
	python3 -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	python3 -m venv $(VENV)

$(VENV)/app.installed: requirements.txt | $(PYTHON)
	$(PYTHON) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/dev.installed: requirements.txt requirements-scale.txt requirements-dev.txt | $(PYTHON)
	$(PYTHON) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@ $(VENV)/app.installed

$(VENV)/fuzz.installed: requirements-fuzz.txt $(VENV)/dev.installed | $(PYTHON)
	$(PYTHON) -m pip install --quiet --disable-pip-version-check -r requirements-fuzz.txt
	touch $@

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache
