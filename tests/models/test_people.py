"""Leaving, changing office, a lost phone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from models import people
from models.offices import Office
from models.people import Role, Who
from tests.support.world import START, open_world


@pytest.fixture(params=["sqlite", "postgres"])
def connection(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Connection]:
    world = open_world(request.param, tmp_path)
    with world.database.begin() as connection:
        yield connection
    world.close()


def who(connection: Connection, address: str) -> Who:
    return people.who(connection, "web", address, START, "es")


def test_who_leaves_holds_no_role_and_keeps_the_name(connection: Connection) -> None:
    before = who(connection, "officer")
    people.leave(connection, before.id, START)
    after = who(connection, "officer")
    assert (after.id, after.name, after.status) == (before.id, "Ana Lucía Ortega", "citizen")
    assert not after.roles
    assert not after.offices
    assert who(connection, "tic").may({Role.OFFICER})


def test_who_moves_reports_for_the_other_office_only(connection: Connection) -> None:
    ana = who(connection, "officer")
    office = connection.execute(select(Office.id).where(Office.code == "turismo")).scalar_one()
    people.move(connection, ana.id, office, START)
    after = who(connection, "officer")
    assert list(after.offices) == [office]
    assert after.roles == {Role.OFFICER}


def test_a_lost_phone_is_nobody_s_until_it_writes_again(connection: Connection) -> None:
    ana = who(connection, "officer")
    people.drop_contact(connection, ana.id, START)
    assert people.reached(connection, people=(ana.id,)) == []
    stranger = people.who(connection, "web", "officer", START + timedelta(days=1), "es")
    assert stranger.id != ana.id
    assert not stranger.consented
