"""What came of an event: who may tell and approve it, two at once, what is owed of it, and who hears of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, update

from bot.turn import turn
from conversation.messages import Inbound
from models import commitments, concluding, people, planning
from models.base import Conflict
from models.commitments import Commitment
from models.concluding import Promised
from models.digests import Announcement
from models.events import Event
from models.obligations import Obligation
from models.offices import Office
from models.plan import Plan
from tests.scheduler.clock import announce, at
from tests.support.world import RULES, World, chat, open_world, person


@pytest.fixture(params=["sqlite", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    one = open_world(request.param, tmp_path)
    begins = at("2022-06-09", "09:00")
    with one.database.begin() as connection:
        person(connection, "hugo", "Hugo Paz", "coordinator", None)
        person(connection, "diego", "Diego Ruiz", "coordinator", None)
        prensa = connection.execute(select(Office.id).where(Office.code == "prensa")).scalar_one()
        values = {
            "plan_id": connection.execute(select(Plan.id)).scalar_one(), "key": "E0001", "title": "El agua de Cumbal",
            "day": begins.date(), "recorded_at": one.now, "kind": "foro_focal", "state": "announced", "version": 1,
            "starts_at": begins, "ends_at": begins + timedelta(hours=2), "municipality": "52227", "office_id": prensa,
        }  # fmt: skip
        connection.execute(insert(Event).values(values))
    one.now = at("2022-06-10", "09:00")
    yield one
    one.close()


def propose(world: World) -> None:
    """The officer tells what came of it, with one promise."""
    with world.database.begin() as connection:
        who = people.at(connection, "web", "officer")
        tic = connection.execute(select(Office.id, Office.name).where(Office.code == "tic")).one()
        assert who is not None
        [event] = concluding.lacking(connection, who, world.now, date(2022, 6, 10))
        promise = Promised("Arreglar el tubo", tic.id, tic.name, date(2022, 7, 2))
        concluding.propose(connection, event, who, "Falta agua limpia.", [promise], world.now)


def test_only_the_office_and_who_runs_the_plan_tell_what_came_of_it(world: World) -> None:
    for who in ("citizen", "tic", "auditor"):
        world.say(who, "/conclusiones E0001")
        assert "¿A qué conclusiones" not in world.last(who).text
    with world.database.begin() as connection:
        tic, officer = people.at(connection, "web", "tic"), people.at(connection, "web", "officer")
        assert tic is not None
        assert officer is not None
        [event] = concluding.lacking(connection, officer, world.now, date(2022, 6, 10))
        assert concluding.lacking(connection, tic, world.now, date(2022, 6, 10)) == []
        assert concluding.lacking(connection, officer, at("2022-06-09", "08:00"), date(2022, 6, 9)) == []
        with pytest.raises(PermissionError):
            concluding.propose(connection, event, tic, "Falta agua.", [], world.now)


def test_nobody_approves_what_they_wrote_and_no_officer_approves(world: World) -> None:
    propose(world)
    with world.database.begin() as connection:
        [waiting] = concluding.waiting(connection)
        for address in ("officer", "tic", "auditor", "citizen"):
            who = people.at(connection, "web", address)
            assert who is not None
            with pytest.raises(PermissionError):
                concluding.approve(connection, waiting, who, date(2022, 6, 10), world.now)
    assert world.rows(select(Commitment.id)) == []


def test_two_approve_at_once_and_it_is_announced_once(world: World) -> None:
    propose(world)
    for who in ("hugo", "diego"):
        world.say(who, "/aprobar_conclusiones E0001")

    async def both() -> None:
        await asyncio.gather(*(
            world.database.write(turn(Inbound(*chat(who), f"y{who}", world.now, world.now, "sí"), RULES))
            for who in ("hugo", "diego")
        ))  # fmt: skip

    asyncio.run(both())
    assert [row.key for row in world.rows(select(Commitment.key))] == ["C-2022-001"]
    assert len(world.rows(select(Announcement.id).where(Announcement.kind == "conclusions"))) == 1
    heard = [world.last(who).text for who in ("hugo", "diego")]
    assert sum("Aprobado" in text for text in heard) == 1
    assert sum("No hay conclusiones por aprobar" in text for text in heard) == 1


def test_what_was_declined_meanwhile_is_not_approved(world: World) -> None:
    propose(world)
    with world.database.begin() as connection:
        hugo = people.at(connection, "web", "hugo")
        assert hugo is not None
        [waiting] = concluding.waiting(connection)
        concluding.decline(connection, waiting, hugo, date(2022, 6, 10))
        with pytest.raises(Conflict):
            concluding.approve(connection, waiting, hugo, date(2022, 6, 10), world.now)


def test_elections_hold_it_back(world: World) -> None:
    propose(world)
    document = world.rows(select(Plan.document))[0][0]
    span = {"start": "2022-05-01", "end": "2022-06-19", "reason": "Elecciones."}
    with world.database.begin() as connection:
        connection.execute(update(Plan).values(document={**document, "restricted": [span]}))
    world.say("hugo", "/aprobar_conclusiones E0001")
    assert "no se puede anunciar nada" in world.last("hugo").text
    assert world.rows(select(Commitment.id)) == []


def test_a_promise_is_owed_and_stays_owed_when_the_plan_is_worked_out_anew(world: World) -> None:
    propose(world)
    with world.database.begin() as connection:
        hugo = people.at(connection, "web", "hugo")
        assert hugo is not None
        [waiting] = concluding.waiting(connection)
        concluding.approve(connection, waiting, hugo, date(2022, 6, 10), world.now)
    announce(world)
    with world.database.begin() as connection:
        planning.resync(connection, "narino-2022", world.now)
        commitments.follow(connection, world.now, tell=True)
    wanted = select(Obligation.due, Obligation.warn, Obligation.target, Obligation.withdrawn_at, Office.code).join(
        Office, Office.id == Obligation.office_id
    )
    # A Saturday: the last working day before it is warned of.
    assert [tuple(row) for row in world.rows(wanted.where(Obligation.code == "C-2022-001"))] == [
        (date(2022, 7, 2), date(2022, 7, 1), 1, None, "tic")
    ]
    assert world.rows(select(func.count()).select_from(Commitment).where(Commitment.obligation_id.is_not(None)))[0] == (
        1,
    )
    with world.database.begin() as connection:
        seen = partial(commitments.promised, connection)
        assert [one.state for one in seen(date(2022, 7, 2))] == ["open"]
        assert [one.state for one in seen(date(2022, 7, 3))] == ["late"]
        connection.execute(update(Obligation).where(Obligation.code == "C-2022-001").values(reported=1))
        assert [one.state for one in seen(date(2022, 7, 3))] == ["reported"]
        connection.execute(update(Obligation).where(Obligation.code == "C-2022-001").values(verified=1))
        assert [one.state for one in seen(date(2022, 7, 3))] == ["kept"]
