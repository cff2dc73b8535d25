"""What the clock clears away, and what it must never touch."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from sqlalchemy import func, insert, select

from conversation.messages import Attachment
from conversation.talk import State
from models import conversations, deliveries, evidence, inbox, people
from models.base import Base
from models.conversations import Conversation, Kept
from models.database import Database
from models.people import Membership
from models.vault import Vault
from scheduler import ticks
from tests.scheduler.clock import ZONE, render
from tests.support.reported import a_report

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def put(vault: Vault, body: bytes, age: timedelta) -> str:
    stored = vault.put([body], 1000)
    moment = (NOW - age).timestamp()
    os.utime(vault.path(stored.sha256), (moment, moment))
    return stored.sha256


def writes(database: Database, address: str, at: datetime, consents: bool = False) -> int:
    """Somebody writes once and gets an answer; returns the person's id."""
    with database.begin() as connection:
        who = people.who(connection, "web", address, at, "es")
        inbox.take(connection, "web", address, "1", at)
        conversations.save(connection, who.id, Kept(0, "welcome", "open", 0, State()), at + 14 * DAY)
        row = {
            "dedupe_key": f"answer:{address}", "person_id": who.id, "channel": "web", "address": address,
            "kind": "answer", "text": "Hola", "buttons": [], "picture": None, "wants": "", "created_at": at,
        }  # fmt: skip
        deliveries.add(connection, [row])
        if consents:
            people.consent(connection, who, "1", "Acepto", at)
        return who.id


def count(database: Database, table: type[Base]) -> int:
    with database.begin() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


async def test_a_visitor_who_never_consented_leaves_no_trace(database: Database) -> None:
    for number in range(3):
        writes(database, f"silent-{number}", NOW - DAY - timedelta(seconds=1))
    writes(database, "agreed", NOW - 2 * DAY, consents=True)
    writes(database, "fresh", NOW - DAY + timedelta(hours=1))
    assert await ticks.visitors(database, NOW) == 3
    for table in (people.Person, people.Contact, inbox.Taken, Conversation, deliveries.Delivery):
        assert count(database, table) == 2, table
    assert await ticks.visitors(database, NOW) == 0


async def test_many_visitors_are_forgotten_in_one_tick(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.forgetting.BATCH", 2)
    for number in range(5):
        writes(database, str(number), NOW - 3 * DAY)
    assert await ticks.visitors(database, NOW) == 5


async def test_whoever_took_part_is_not_forgotten(database: Database) -> None:
    withdrew = writes(database, "withdrew", NOW - 9 * DAY, consents=True)
    member = writes(database, "member", NOW - 9 * DAY)
    with database.begin() as connection:
        connection.execute(people.Person.__table__.update().values(status="visitor"))
        connection.execute(insert(Membership).values(person_id=member, role="officer", since=NOW))
    assert await ticks.visitors(database, NOW) == 0
    assert withdrew != member


async def test_old_keys_and_drafts_go(database: Database) -> None:
    writes(database, "old", NOW - 31 * DAY, consents=True)
    writes(database, "new", NOW - 13 * DAY, consents=True)
    assert await ticks.keys(database, NOW) == 1
    assert count(database, inbox.Taken) == 1
    assert await ticks.drafts(database, NOW) == 1
    assert await ticks.drafts(database, NOW) == 0


async def test_only_files_that_nothing_refers_to_are_removed(database: Database, vault: Vault) -> None:
    orphan, fresh = put(vault, b"orphan", 2 * DAY), put(vault, b"fresh", DAY / 2)
    ancient = put(vault, b"ancient", 30 * DAY)
    answered, drafted, stashed, ended, proven = (
        put(vault, body, 2 * DAY) for body in (b"answered", b"drafted", b"stashed", b"ended", b"proven")
    )
    person = writes(database, "somebody", NOW, consents=True)
    files = {ref: [Attachment("photo", ref).stored()] for ref in (answered, drafted, stashed, ended)}
    living = State({"proof": files[answered]}, "", files[drafted], files[stashed])
    with database.begin() as connection:
        later = NOW + DAY
        conversations.save(connection, person, Kept(0, "report", "parked", 0, living), later)
        conversations.save(connection, person, Kept(0, "correct", "ended", 0, State({"a": files[ended]})), later)
        evidence.add(
            connection, a_report(connection, person, NOW), [Attachment("photo", proven)], False, "web", NOW, NOW
        )
    assert await ticks.files(database, vault, NOW) == 2
    assert {ref for ref in (orphan, fresh, ancient, answered, drafted, stashed, ended, proven) if ref in vault} == {
        fresh, ancient, answered, drafted, stashed, proven,
    }  # fmt: skip


async def test_a_file_sent_again_at_the_last_moment_stays(
    database: Database, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    orphan = put(vault, b"orphan", 2 * DAY)

    def seen(_connection: object, hashes: list[str]) -> set[str]:
        assert hashes == [orphan]
        os.utime(vault.path(orphan), (NOW.timestamp(), NOW.timestamp()))
        return set()

    monkeypatch.setattr("models.forgetting.referred", seen)
    assert await ticks.files(database, vault, NOW) == 0
    assert vault.verify(orphan)


async def test_uploads_that_a_crash_cut_off_are_removed(database: Database, vault: Vault) -> None:
    put(vault, b"whole", timedelta())
    left = vault.root / "incoming" / "left.part"
    left.write_bytes(b"half")
    os.utime(left, (0, 0))
    assert await ticks.files(database, vault, NOW) == 1
    assert not left.exists()


async def test_an_empty_vault_is_no_matter(database: Database, vault: Vault) -> None:
    assert await ticks.files(database, vault, NOW) == 0


async def test_the_ticks_run_with_their_own_clocks(database: Database, vault: Vault) -> None:
    shown = NOW - timedelta(days=1600)
    writes(database, "silent", shown - 2 * DAY)
    orphan = put(vault, b"orphan", 2 * DAY)
    woken: list[set[tuple[str, str]]] = []
    clock = ticks.Ticks(database, vault, ZONE, lambda: shown, lambda: NOW, render, woken.append)
    clock.start()
    for name in ticks.MINUTES:
        await clock.run(name)
    clock.stop()
    await asyncio.sleep(0)
    assert count(database, people.Person) == 0
    assert orphan not in vault
    assert sha256(b"orphan").hexdigest() == orphan
    assert woken  # they ran,
    assert not any(woken)  # and nothing fell due


async def test_a_tick_that_runs_at_the_end_is_broken_off_quietly(
    database: Database, vault: Vault, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    begun, kept = asyncio.Event(), asyncio.Event()

    async def tick(*_args: object) -> set[tuple[str, str]]:
        begun.set()
        await kept.wait()
        return set()

    monkeypatch.setattr(ticks.nudges, "tick", tick)
    monkeypatch.setitem(ticks.SECONDS, "nudges", "*")
    clock = ticks.Ticks(database, vault, ZONE, lambda: NOW, lambda: NOW, render, lambda _pairs: None)
    clock.start()
    await asyncio.wait_for(begun.wait(), 5)
    clock.stop()
    for _turn in range(5):
        await asyncio.sleep(0)
    assert [task for task in asyncio.all_tasks() if task is not asyncio.current_task()] == []
    assert [record for record in caplog.records if record.levelname in ("WARNING", "ERROR")] == []


def test_what_people_wait_for_runs_every_minute() -> None:
    every = {name for name, minute in ticks.MINUTES.items() if minute == "*"}
    assert every == {"nudges", "summaries", "announcements", "taking_part", "readings"}


def test_photos_are_looked_at_every_five_minutes_beside_the_other_ticks() -> None:
    assert (ticks.MINUTES["looks"], ticks.SECONDS) == ("*/5", {"looks": "23"})
