"""Preferences, leaves and blockers: what people say of when and whether they can."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Connection, select, update

from models import blockers, leaves, preferences
from models.base import Conflict
from models.blockers import Held
from models.obligations import Obligation
from models.offices import Office
from models.people import Membership, Person
from tests.support.world import START, World

TODAY = date(2022, 5, 24)


def person(connection: Connection, name: str) -> int:
    return connection.execute(select(Person.id).where(Person.name == name)).scalar_one()


def offices(connection: Connection, person_id: int) -> set[str]:
    held = select(Office.code).join(Membership, Membership.office_id == Office.id)
    now = held.where(Membership.person_id == person_id, Membership.until.is_(None))
    return set(connection.execute(now).scalars())


def test_an_hour_and_quiet_days_are_kept(world: World) -> None:
    with world.database.begin() as connection:
        ana = person(connection, "Ana Lucía Ortega")
        assert preferences.of(connection, ana) == preferences.Preferred(8, frozenset())
        preferences.keep(connection, ana, 10, {4, 6})
        preferences.keep(connection, ana, 11, {4})
        assert preferences.of(connection, ana) == preferences.Preferred(11, frozenset({4}))


@pytest.mark.parametrize(("hour", "quiet"), [(7, ()), (17, ()), (9, range(5))])
def test_some_time_must_be_left(world: World, hour: int, quiet: range) -> None:
    with world.database.begin() as connection, pytest.raises(ValueError, match="ever"):
        preferences.keep(connection, person(connection, "Ana Lucía Ortega"), hour, quiet)


def test_duties_pass_to_the_substitute_and_back(world: World) -> None:
    with world.database.begin() as connection:
        ana, jairo = person(connection, "Ana Lucía Ortega"), person(connection, "Jairo Benavides")
        leaves.take(connection, ana, TODAY + timedelta(days=1), TODAY + timedelta(days=2), jairo, START)
        for day, held in enumerate([{"tic"}, {"tic", "prensa"}, {"tic", "prensa"}, {"tic"}]):
            for _again in range(2):
                leaves.follow(connection, TODAY + timedelta(days=day), START)
            assert offices(connection, jairo) == held
        assert offices(connection, ana) == {"prensa"}


def test_who_comes_back_early_reports_again(world: World) -> None:
    with world.database.begin() as connection:
        ana, jairo = person(connection, "Ana Lucía Ortega"), person(connection, "Jairo Benavides")
        leave = leaves.take(connection, ana, TODAY, TODAY + timedelta(days=30), jairo, START)
        leaves.follow(connection, TODAY, START)
        leaves.end(connection, leave, TODAY + timedelta(days=1))
        leaves.follow(connection, TODAY + timedelta(days=1), START)
        assert offices(connection, jairo) == {"tic"}
        with pytest.raises(ValueError, match="stands in"):
            leaves.take(connection, ana, TODAY, TODAY, ana, START)


def test_a_leave_makes_room_for_a_later_word(world: World) -> None:
    day = [TODAY + timedelta(days=n) for n in range(40)]
    with world.database.begin() as connection:
        ana = person(connection, "Ana Lucía Ortega")
        for starts, ends in ((0, 10), (12, 14), (20, 30)):
            leaves.take(connection, ana, day[starts], day[ends], None, START)
        leaves.make_room(connection, ana, day[8], day[13], TODAY)
        now = leaves.of(connection, ana, TODAY)
        assert now
        assert now.ends == day[7]
        assert [(one.starts, one.ends) for one in leaves.announced(connection, ana, TODAY)] == [(day[20], day[30])]
        assert leaves.of(connection, ana, day[12]) is None


def test_a_blocker_is_counted_against_who_blocks_until_it_is_decided_or_reported(world: World) -> None:
    with world.database.begin() as connection:
        ana, marta = person(connection, "Ana Lucía Ortega"), person(connection, "Marta Rosero")
        tic = connection.execute(select(Office.id).where(Office.code == "tic")).scalar_one()
        april, may = (
            connection.execute(select(Obligation.id).where(Obligation.code == f"A04-2022-0{month}")).scalar_one()
            for month in (4, 5)
        )
        first = blockers.add(connection, april, ana, "blocked", START, reason="Falta la página", office_id=tic)
        blockers.add(connection, may, ana, "blocked", START + timedelta(days=1), office_id=tic)
        blockers.add(connection, may, ana, "almost", START, quiet_until=TODAY)
        office = connection.execute(select(Office.name).where(Office.id == tic)).scalar_one()
        assert blockers.held(connection) == [Held(office, 2, datetime(2022, 5, 24, 14, tzinfo=UTC))]
        assert [(one.code, one.reason, one.against) for one in blockers.waiting(connection)] == [
            ("A04-2022-04", "Falta la página", office),
            ("A04-2022-05", "", office),
        ]
        blockers.decide(connection, first, marta, "cleared", START)
        with pytest.raises(Conflict):
            blockers.decide(connection, first, marta, "cleared", START)
        assert [one.obligations for one in blockers.held(connection)] == [1]
        connection.execute(update(Obligation).values(reported=Obligation.target))
        assert blockers.held(connection) == []
