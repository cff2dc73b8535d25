"""Whole report conversations over HTTP, each with a photo of its own: what they cost the server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import func, select

from benchmarks.figures import Figure, Size, Speed, medians, percentile, seconds
from benchmarks.officers import STEPS, Officer, hire
from benchmarks.server import Server, serving
from bot import clock
from bot.demo.pictures import photo
from models.reports import Report
from tests.support.world import START, open_world


def http(size: Size, folder: Path) -> Iterator[Figure]:
    """One officer after another, of all offices, on SQLite. The CPU is the server's, looking at the photo included."""
    (folder / "var").mkdir()
    world = open_world("sqlite", folder / "var")
    crew = hire(world, size.conversations)
    with world.database.begin() as connection:
        clock.set_to(connection, START)
    photos = [photo("meeting", officer.token) for officer in crew]
    with serving(folder) as server:
        server.open()
        _round(server, crew, photos)  # what is compiled or loaded once
        yield from medians([_round(server, crew, photos) for _round_ in range(size.rounds)])
    filed = world.rows(select(func.count()).select_from(Report))[0][0]
    assert filed == len(crew) * (1 + size.rounds), "a report was not filed"
    world.close()


def _round(server: Server, crew: list[Officer], photos: list[bytes]) -> list[Figure]:
    speed, waits, before = Speed(), [], server.cpu()
    for officer, shot in zip(crew, photos, strict=True):
        server.cookie = f"chasqui-me={officer.token}"
        for _step, message in officer.report():
            fields = {"id": message.message_id, "text": message.text, "tap": message.tap}
            sent = shot if message.attachments else b""
            waits.append(seconds(lambda fields=fields, sent=sent: server.say(fields, sent)))  # type: ignore[misc]
        speed.sample()
    cpu = 1000 * (server.cpu() - before) / len(crew)
    return [
        Figure(f"CPU a report of {len(STEPS)} messages", cpu, "ms"),
        Figure("normalised CPU a report", cpu / speed.ms, "ms"),
        Figure("a message waits, half of them at most", 1000 * percentile(waits, 50), "ms"),
        Figure("a message waits, 99 of 100 at most", 1000 * percentile(waits, 99), "ms"),
    ]
