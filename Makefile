# Chasqui in two commands: `make demo` shows it, `make test` tests it. Both set themselves up.
# Options: PORT=8000, RESET=1 (demo starts over), TELEGRAM=emulated and WHATSAPP=emulated (such a phone beside the demo),
# ARGS="…" (for pytest), PYTHON=… (which Python to set up with).

.DEFAULT_GOAL := help
.PHONY: help demo serve test check bench texts pins clean
PORT ?= 8000
bin := .venv/bin

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*## /make \1\t/p' $(MAKEFILE_LIST) | expand -t 14

demo: .venv/run.stamp  ## the three phones, with the plan of Nariño (RESET=1 starts over; PORT=8000)
	@trap 'kill $$emulators 2>/dev/null' EXIT; emulators=; \
		if [ "$(TELEGRAM)" = emulated ]; then \
			$(bin)/python -m tests.emulators.telegram --port 8081 --token 7:emulated >/dev/null & emulators="$$!"; \
		fi; \
		if [ "$(WHATSAPP)" = emulated ]; then \
			$(bin)/python -m tests.emulators.whatsapp --port 8082 --approved \
				--hook http://127.0.0.1:$(PORT)/whatsapp >/dev/null & emulators="$$emulators $$!"; \
		fi; \
		$(bin)/chasqui demo $(if $(RESET),--reset) --port $(PORT) \
			$(if $(TELEGRAM),--telegram http://127.0.0.1:8081) $(if $(WHATSAPP),--whatsapp http://127.0.0.1:8082)

serve: .venv/run.stamp  ## the real thing, as set in .env
	@$(bin)/chasqui serve

test: .venv/test.stamp  ## every test, on SQLite, PostgreSQL and in a browser (ARGS="-k folio" picks some)
	@$(bin)/python -m pytest -n 3 --dist worksteal $(ARGS)

check: .venv/test.stamp  ## style, types, floors, documentation, texts
	@$(bin)/ruff check
	@$(bin)/ruff format --check
	@$(bin)/mypy
	@$(bin)/lint-imports
	@$(bin)/python -m pytest -q tests/docs tests/locales

bench: .venv/test.stamp  ## the figures of docs/performance.md
	@$(bin)/python -m benchmarks

texts: .venv/run.stamp  ## carry new and changed texts into locales/
	@$(bin)/python -m locales.update

pins:  ## requirements/*.txt anew from *.in, with the newest versions (needs uv)
	@for name in run test; do \
		uv pip compile requirements/$$name.in --output-file requirements/$$name.txt --upgrade --quiet \
			--universal --python-version 3.11 --generate-hashes \
			--no-emit-index-url --no-emit-find-links --no-annotate --no-header || exit 1; \
	done

clean:  ## forget the set-up and the tools' caches; var/ stays
	rm -rf .venv build *.egg-info .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache

.venv/%.stamp: requirements/%.txt pyproject.toml
	@PYTHON="$(PYTHON)" sh requirements/setup $*
