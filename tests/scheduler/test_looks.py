"""Photos are looked at when nobody waits for it: once each, and again only where the file was missing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from conversation.messages import Attachment
from models import evidence, people
from models.database import Database
from models.evidence import Evidence
from models.vault import Vault
from scheduler import looks
from tests.support.reported import a_report

NOW = datetime(2022, 5, 31, 21, 20, tzinfo=UTC)
Send = Callable[..., None]


@pytest.fixture
def send(database: Database, vault: Vault) -> Send:
    with database.begin() as connection:
        report_id = a_report(connection, people.who(connection, "web", "a", NOW, "es").id, NOW)

    def sent(*bodies: bytes, kind: str = "photo") -> None:
        items = [Attachment(kind, vault.put([body], 99).sha256, size=len(body)) for body in bodies]  # type: ignore[arg-type]
        with database.begin() as connection:
            evidence.add(connection, report_id, items, False, "web", NOW, NOW)

    return sent


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What was read to be looked at. A photo looks like its first bytes here, and one with an X cannot be decoded."""
    read: list[bytes] = []

    def look(path: Path) -> str | None:
        read.append(path.read_bytes())
        return None if b"X" in read[-1] else read[-1][:16].decode()

    monkeypatch.setattr(looks, "dhash", look)
    return read


def kept(database: Database) -> list[str | None]:
    with database.begin() as connection:
        return list(connection.execute(select(Evidence.dhash).order_by(Evidence.id)).scalars())


async def test_each_file_is_looked_at_once(database: Database, vault: Vault, send: Send, looked: list[bytes]) -> None:
    send(b"one", b"X", b"one")
    send(b"report", kind="document")
    assert await looks.tick(database, vault) == 2
    assert await looks.tick(database, vault) == 0
    send(b"X", b"one", b"two")
    assert await looks.tick(database, vault) == 3
    assert kept(database) == ["one", "", "one", None, "", "one", "two"]
    assert looked == [b"one", b"X", b"two"]


async def test_many_are_looked_at_page_by_page_the_oldest_first(
    database: Database, vault: Vault, send: Send, looked: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looks, "PAGE", 2)
    send(*(b"%d" % n for n in range(5)), b"0")
    assert await looks.tick(database, vault) == 5
    assert looked == [b"0", b"1", b"2", b"3", b"4"]
    assert kept(database) == ["0", "1", "2", "3", "4", "0"]


async def test_what_stops_in_the_middle_goes_on_with_the_next_tick(
    database: Database, vault: Vault, send: Send, looked: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    send(b"one", b"two", b"three")
    monkeypatch.setattr(looks, "PAGE", 2)
    monkeypatch.setattr(database, "read", once := Once(database.read))
    with pytest.raises(KeyError):
        await looks.tick(database, vault)
    assert kept(database) == ["one", "two", None]
    once.left = 9
    assert await looks.tick(database, vault) == 1
    assert looked == [b"one", b"two", b"three"]


class Once:
    """Reads once, and then the machine stops."""

    def __init__(self, read: Callable[..., object]) -> None:
        self.read, self.left = read, 1

    async def __call__(self, work: object) -> object:
        self.left -= 1
        if self.left < 0:
            raise KeyError
        return await self.read(work)  # type: ignore[misc]


async def test_a_missing_file_waits_and_holds_up_nothing(
    database: Database, vault: Vault, send: Send, looked: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looks, "PAGE", 1)
    send(b"gone", b"here")
    stored = vault.put([b"gone"], 99)
    vault.discard(stored.sha256)
    assert await looks.tick(database, vault) == 1
    assert kept(database) == [None, "here"]
    vault.put([b"gone"], 99)
    assert await looks.tick(database, vault) == 1
    assert kept(database) == ["gone", "here"]
    assert looked == [b"here", b"gone"]
