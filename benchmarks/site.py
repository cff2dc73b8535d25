"""The public space at a year of data: 200 readers a second at one process."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

from sqlalchemy import insert

from benchmarks.figures import Figure, Size, percentile
from benchmarks.server import Server, serving
from bot import clock
from models.audit import Entry
from models.database import Database
from models.vault import Vault
from tests.support.published import NOW, publish
from tests.support.world import open_world

RATE, CONNECTIONS, PROMISED = 200, 40, 100.0
# Seconds between changes while people read: after each, every page is made anew.
CHANGES = 5.0


def site(size: Size, folder: Path) -> Iterator[Figure]:
    """Every page of the sitemap in both languages by turns, in no order, over kept connections, as gzip."""
    world = open_world("sqlite", folder_of(folder))
    vault = Vault(folder / "var" / "evidence")
    vault.prepare()
    with world.database.begin() as connection:
        publish(connection, vault)
        clock.set_to(connection, NOW)
    count = 60 * size.conversations
    with serving(folder) as server:
        server.open()
        paths = _paths(server)
        first = asyncio.run(_read(server, paths, len(paths), RATE))
        yield Figure("pages", len(paths), "")
        yield Figure("each for the first time: 99 of 100 within", 1000 * percentile(first, 99), "ms")
        for what, changes in (("nothing changes", None), ("something changes every 5 s", world.database)):
            before = server.cpu()
            waits = asyncio.run(_read(server, paths, count, RATE, changes))
            cpu = 1000 * (server.cpu() - before) / count
            yield Figure(f"200 requests/s, {what}: half within", 1000 * percentile(waits, 50), "ms")
            yield Figure(f"200 requests/s, {what}: 99 of 100 within", 1000 * percentile(waits, 99), "ms", PROMISED)
            yield Figure(f"200 requests/s, {what}: CPU of a request", cpu, "ms")
        waits = asyncio.run(_read(server, paths, count, 0))
        yield Figure("as many as it can: requests/s", CONNECTIONS / (sum(waits) / len(waits)), "")
    world.close()


def folder_of(folder: Path) -> Path:
    """Where `chasqui serve` looks for its database."""
    (folder / "var").mkdir()
    return folder / "var"


def _paths(server: Server) -> list[str]:
    server.connection.request("GET", "/sitemap.xml")
    found = re.findall(r"<loc>https?://[^/<]+([^<]*)</loc>", server.connection.getresponse().read().decode())
    return [path or "/" for path in found]


async def _read(
    server: Server, paths: list[str], count: int, rate: int, changes: Database | None = None
) -> list[float]:
    """Seconds from when each request was due until its answer was whole; rate 0: as soon as a connection is free."""
    free: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
    for _number in range(CONNECTIONS):
        free.put_nowait(await asyncio.open_connection("127.0.0.1", server.port))
    dice, waits = Random(7), []
    wanted = paths if count == len(paths) else [dice.choice(paths) for _ in range(count)]

    async def one(path: str, due: float | None) -> None:
        reader, writer = await free.get()
        began = due or time.perf_counter()
        writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        assert length
        await reader.readexactly(int(length[1]))
        waits.append(time.perf_counter() - began)
        free.put_nowait((reader, writer))

    began, changed, running = time.perf_counter(), time.perf_counter(), []
    for number, path in enumerate(wanted):
        due = began + number / rate if rate else None
        if due and (pause := due - time.perf_counter()) > 0:
            await asyncio.sleep(pause)
        if changes and time.perf_counter() - changed > CHANGES:
            changed = time.perf_counter()
            await asyncio.to_thread(_change, changes)
        running.append(asyncio.create_task(one(path, due)))
    await asyncio.gather(*running)
    while not free.empty():
        free.get_nowait()[1].close()
    return waits


def _change(database: Database) -> None:
    with database.begin() as connection:
        at = NOW + timedelta(seconds=1)
        connection.execute(insert(Entry).values(at=at, actor_id=None, action="plan.read", subject="x", detail={}))
