"""An announcement: once for everybody who agreed, in their language, after everything more urgent."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, update

from conversation.messages import Reply
from conversation.texts import _
from models.deliveries import Delivery
from models.people import Contact, Person
from scheduler.announcements import announce
from tests.scheduler.clock import at, render
from tests.support.world import World, open_world


@pytest.fixture(params=["sqlite", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    one = open_world(request.param, tmp_path)
    yield one
    one.close()


def test_everybody_once_in_their_language(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scheduler.announcements.PAGE", 2)
    with world.database.begin() as connection:
        connection.execute(update(Person).where(Person.name == "Luis Erazo").values(language="en"))
        connection.execute(update(Person).where(Person.name == "Jairo Benavides").values(status="visitor"))
        connection.execute(update(Contact).where(Contact.address == "citizen").values(blocked_at=at("2022-05-30")))
    for _time in range(2):  # a crash, and once more
        asyncio.run(
            announce(
                world.database, "announcement:7", Reply(_("Sí")), at("2022-05-31"), at("2022-06-01"), render
            )
        )  # fmt: skip
    rows = world.rows(select(Delivery).order_by(Delivery.address))
    assert [(row.address, row.text, row.priority, row.state) for row in rows] == [
        ("auditor", "Yes", 2, "queued"), ("coordinator", "Sí", 2, "queued"), ("officer", "Sí", 2, "queued"),
    ]  # fmt: skip
    assert rows[0].dedupe_key == "announcement:7:web:auditor"
    assert rows[0].expires_at == at("2022-06-01")
