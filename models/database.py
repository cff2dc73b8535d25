"""One database, one way in: a function of a connection is one transaction.

The functions are plain (not async) and run in worker threads. SQLite has a single writer thread which commits
whatever has piled up as one transaction, each function inside a savepoint of its own: a commit to disk then costs
many turns only once. PostgreSQL has several writers, a transaction each.
"""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError, OperationalError

from models.base import Conflict

T = TypeVar("T")

WRITERS = 8
READERS = 4
BATCH = 64
TRIES = 8
# PostgreSQL: serialization failure and deadlock; the transaction may simply be run again.
PASSING = {"40001", "40P01"}


@dataclass(frozen=True, slots=True)
class _Job:
    work: Callable[[Connection], Any]
    done: Future[Any]


class Database:
    """`url`: "sqlite:///path" or "postgresql+psycopg://…"."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        if self.sqlite and self.url.database:
            Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
        self.engine: Engine = _engine(url, self.sqlite)
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._readers = ThreadPoolExecutor(READERS, "reader")

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction and return its value once that is committed; run again on a Conflict."""
        self._start()
        for attempt in range(TRIES):
            job = _Job(work, Future())
            self._jobs.put(job)
            try:
                return await asyncio.wrap_future(job.done)
            except Conflict:
                if attempt == TRIES - 1:
                    raise
        raise AssertionError("unreachable")

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` on a connection of its own; what it writes is thrown away."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, work)

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A transaction in this thread, for the command line, migrations and tests."""
        with self.engine.begin() as connection:
            yield connection

    def close(self) -> None:
        """Finish what is queued and let go of every connection."""
        for _thread in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join()
        self._threads.clear()
        self._readers.shutdown()
        self.engine.dispose()

    def _read(self, work: Callable[[Connection], T]) -> T:
        with self.engine.connect() as connection:
            connection.info["reading"] = True
            try:
                return work(connection)
            finally:
                connection.rollback()
                connection.info.pop("reading", None)

    def _start(self) -> None:
        if not self._threads:
            count = 1 if self.sqlite else WRITERS
            self._threads = [threading.Thread(target=self._write, daemon=True) for _ in range(count)]
            for thread in self._threads:
                thread.start()

    def _write(self) -> None:
        while job := self._jobs.get():
            batch = [job]
            stop = False
            while self.sqlite and len(batch) < BATCH and not self._jobs.empty():
                following = self._jobs.get()
                if following is None:
                    stop = True
                    break
                batch.append(following)
            self._commit(batch)
            if stop:
                return

    def _commit(self, batch: list[_Job]) -> None:
        """One transaction for the batch. In company, a job that fails takes only its own savepoint with it."""
        outcomes: list[tuple[_Job, Any, Exception | None]] = []
        try:
            with self.engine.begin() as connection:
                for job in batch:
                    if len(batch) == 1:
                        outcomes.append((job, job.work(connection), None))
                    else:
                        outcomes.append((job, *_in_savepoint(job.work, connection)))
        except Exception as error:  # noqa: BLE001 – whatever it was, who waits must hear of it; nothing is kept
            outcomes = [(job, None, error) for job in batch]
        for job, value, failure in outcomes:
            if not job.done.set_running_or_notify_cancel():
                continue  # who asked has gone; the work is kept all the same
            if failure is None:
                job.done.set_result(value)
            else:
                job.done.set_exception(_translated(failure))


def _in_savepoint(work: Callable[[Connection], T], connection: Connection) -> tuple[T | None, Exception | None]:
    try:
        with connection.begin_nested():
            return work(connection), None
    except Exception as error:  # noqa: BLE001 – handed to who waits for this job
        return None, error


def _engine(url: str, sqlite: bool) -> Engine:
    if not sqlite:
        return create_engine(url, pool_size=WRITERS + READERS, max_overflow=4, pool_pre_ping=True, hide_parameters=True)
    engine = create_engine(url, hide_parameters=True)
    event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _configure_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver must not begin by itself: see _begin_sqlite
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that writes must say so at once, or two of them can deadlock or lose an update.
    raw: Any = connection.connection.dbapi_connection
    raw.execute("BEGIN" if connection.info.get("reading") else "BEGIN IMMEDIATE")


def _translated(error: Exception) -> Exception:
    """Errors that only mean "somebody was faster" become a Conflict."""
    if isinstance(error, IntegrityError) or (
        isinstance(error, OperationalError) and getattr(error.orig, "sqlstate", "") in PASSING
    ):
        conflict = Conflict(str(error.orig))
        conflict.__cause__ = error
        return conflict
    return error
