"""One database, one way in: a function of a connection is one transaction.

The functions are plain (not async) and run in worker threads. SQLite has a single writer thread which commits
whatever has piled up as one transaction: a commit to disk then costs many turns only once. PostgreSQL has several
writers, a transaction each.
"""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from models.base import Conflict

T = TypeVar("T")

WRITERS = 8
READERS = 4
BATCH = 64
TRIES = 8
# KiB of pages SQLite's writer may keep in memory: a tick over many obligations reads them several times.
CACHE = 64_000
# PostgreSQL: serialization failure and deadlock; the transaction may simply be run again.
PASSING = {"40001", "40P01"}


@dataclass(frozen=True, slots=True)
class _Job:
    """Something to write, and who waits for it in which event loop."""

    work: Callable[[Connection], Any]
    loop: asyncio.AbstractEventLoop
    done: asyncio.Future[Any]


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
        loop = asyncio.get_running_loop()
        for attempt in range(TRIES):
            done: asyncio.Future[T] = loop.create_future()
            self._jobs.put(_Job(work, loop, done))
            try:
                return await done
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
            begin_at_once(connection)
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
            if self.sqlite:
                connection.begin()
                _raw(connection).execute("BEGIN")
            try:
                return work(connection)
            finally:
                connection.rollback()

    def _start(self) -> None:
        if not self._threads:
            count = 1 if self.sqlite else WRITERS
            self._threads = [threading.Thread(target=self._write, daemon=True) for _ in range(count)]
            for thread in self._threads:
                thread.start()

    def _write(self) -> None:
        """A writer's life. SQLite's only writer keeps its connection; PostgreSQL's take one from the pool."""
        with ExitStack() as kept:
            connection = kept.enter_context(self.engine.connect()) if self.sqlite else None
            if connection is not None:
                _raw(connection).execute(f"PRAGMA cache_size=-{CACHE}")
            while job := self._jobs.get():
                batch = [job]
                while self.sqlite and len(batch) < BATCH and not self._jobs.empty():
                    following = self._jobs.get()
                    if following is None:
                        self._jobs.put(None)  # after this batch
                        break
                    batch.append(following)
                self._commit(batch, connection)

    def _commit(self, batch: list[_Job], connection: Connection | None) -> None:
        """One transaction for the batch; if a job of it fails, each is run again in a transaction of its own."""
        try:
            if connection is None:
                with self.engine.begin() as own:
                    values = [job.work(own) for job in batch]
            else:
                with connection.begin():
                    begin_at_once(connection)
                    values = [job.work(connection) for job in batch]
        except Exception as error:  # noqa: BLE001 – whatever it was, who waits must hear of it; nothing is kept
            if len(batch) == 1:
                _tell(batch, [None], _translated(error, self.engine.dialect.loaded_dbapi))
                return
            for job in batch:
                self._commit([job], connection)
            return
        _tell(batch, values, None)


def abreast(connection: Connection) -> int:
    """How many transactions of a long piece of work to have under way at once."""
    return 1 if connection.dialect.name == "sqlite" else 2


def begin_at_once(connection: Connection) -> None:
    """On SQLite a transaction that writes must say so at once, or two of them can deadlock or lose an update."""
    if connection.dialect.name == "sqlite":
        _raw(connection).execute("BEGIN IMMEDIATE")


def _raw(connection: Connection) -> Any:
    return connection.connection.dbapi_connection


def _tell(batch: list[_Job], values: list[Any], failure: Exception | None) -> None:
    """Wake who waits, with one call for each event loop (usually there is one)."""
    for loop in {job.loop for job in batch}:
        told = [(job.done, value) for job, value in zip(batch, values, strict=True) if job.loop is loop]
        # A loop that was closed meanwhile has nobody left who waits; the work is kept all the same.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(_resolve, told, failure)


def _resolve(told: list[tuple[asyncio.Future[Any], Any]], failure: Exception | None) -> None:
    for done, value in told:
        if done.done():  # who asked has gone
            continue
        if failure is None:
            done.set_result(value)
        else:
            done.set_exception(failure)


def _engine(url: str, sqlite: bool) -> Engine:
    if not sqlite:
        return create_engine(url, pool_size=WRITERS + READERS, max_overflow=4, pool_pre_ping=True, hide_parameters=True)
    engine = create_engine(url, hide_parameters=True)
    event.listen(engine, "connect", _configure_sqlite)
    return engine


def _configure_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver must not begin by itself: see begin_at_once
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _translated(error: Exception, dbapi: Any) -> Exception:
    """Errors that only mean "somebody was faster" become a Conflict."""
    cause: Any = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, dbapi.IntegrityError) or getattr(cause, "sqlstate", "") in PASSING:
        conflict = Conflict(str(cause))
        conflict.__cause__ = error
        return conflict
    return error
