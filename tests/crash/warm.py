"""Loaded by the process that lives are forked from, so that each of them has everything at once. No test imports it."""

from __future__ import annotations

import gc
from importlib import import_module

import locales

for name in (
    "apscheduler.triggers.cron", "psycopg", "pytest", "uvicorn.lifespan.on", "uvicorn.loops.auto",
    "uvicorn.protocols.http.httptools_impl", "uvloop", "tests.crash.living",
):  # fmt: skip
    import_module(name)
locales.load()
gc.collect()
gc.freeze()  # a life's own look for garbage need not copy all of this
