"""A summary on demand: whose it is, how long, and what it costs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, insert, select

from handlers.table import meant
from models import blockers, people
from models.deliveries import Delivery
from models.obligations import Obligation
from models.offices import Office
from models.reports import Report
from models.visit import Visit
from tests.support.world import RULES, START, World, open_world, person


@pytest.fixture(params=["sqlite", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    one = open_world(request.param, tmp_path)
    with one.database.begin() as connection:
        person(connection, "head", "Julia Enríquez", "head", "hacienda")
    yield one
    one.close()


def busy(world: World) -> None:
    """Everything a summary can tell of, at once."""
    with world.database.begin() as connection:
        kept = list(connection.execute(select(Obligation).where(Obligation.due < START.date())))
        rows = [
            {
                "plan_id": one.plan_id, "obligation_id": one.id, "folio": f"F{one.id}", "version": 1, "state": state,
                "quantity": 1, "item": "", "account": "x", "done_on": one.due, "author_id": 1, "channel": "web",
                "sent_at": START, "received_at": START - timedelta(days=1),
            }
            for one, state in zip(kept, ("reported", "verified", "returned"), strict=False)
        ]  # fmt: skip
        connection.execute(insert(Report), rows)
        offices = list(connection.execute(select(Office.id).order_by(Office.id)).scalars())
        for one, office in zip(kept[3:8], offices[5:], strict=False):
            blockers.add(connection, one.id, 1, "blocked", START, office_id=office)
        # Five offices late, not two.
        for office, one in zip(offices, kept, strict=False):
            connection.exec_driver_sql(
                f"UPDATE ownerships SET office_id = {office} WHERE obligation_id = {one.id} AND part = 'lead'"
            )
        lost = {
            "person_id": 1, "channel": "web", "address": "officer", "kind": "nudge", "text": "", "buttons": [],
            "wants": "", "created_at": START - timedelta(days=1),
        }  # fmt: skip
        for state in ("failed", "unknown"):
            connection.execute(insert(Delivery).values(dedupe_key=state, state=state, **lost))


def test_everything_at_once_is_still_short(world: World) -> None:
    busy(world)
    world.say("coordinator", "/resumen")
    last = world.last("coordinator")
    said = [line for line in last.text.splitlines() if line]
    assert len(said) <= 12
    assert said[0] == "Desde el 17 de mayo de 2022: 2 avances. De ellos: 1 ya verificado, 1 devuelto."
    assert [line for line in said if "dependencias más" in line]
    assert said[-1] == "Mensajes: 1 no llegó, de 1 no se sabe."
    assert len(last.text) < 1024  # a caption of the picture


@pytest.mark.parametrize("who", ["coordinator", "head", "auditor"])
def test_a_summary_costs_few_statements(world: World, who: str) -> None:
    busy(world)
    world.say(who, "hola")
    seen: list[str] = []
    event.listen(world.database.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    world.say(who, "/resumen mes")
    assert len(seen) <= 12


def test_a_head_is_told_nothing_of_other_offices(world: World) -> None:
    busy(world)
    with world.database.begin() as connection:
        names = set(connection.execute(select(Office.name).where(Office.code != "hacienda")).scalars())
    for asked in ("/resumen", "/resumen mes", "/resumen trimestre"):
        world.say("head", asked)
        last = world.last("head")
        assert "Secretaría de Hacienda" in last.text
        # Who holds up something of theirs is their business.
        said, _sep, picture = (last.text + str(last.picture and last.picture["figures"])).partition("Esperan por: ")
        assert not [name for name in names if name in said + picture.partition("\n")[2]]


@pytest.mark.parametrize(
    ("text", "name", "argument"),
    [
        ("resumen", "summary", ""),
        ("¿qué se movió?", "summary", ""),
        ("¿Qué se movió este mes?", "summary", "este mes"),
        ("deme el resumen del trimestre", "summary", "del trimestre"),
        ("resumen de la semana", "summary", ""),
        ("resumen los viernes a las 4", "summary_time", "resumen los viernes a las 4"),
        ("quiero el resumen cada martes", "summary_time", "quiero el resumen cada martes"),
        ("cambiar el día del resumen", "summary_time", ""),
    ],
)
def test_what_a_coordinator_means(text: str, name: str, argument: str, tmp_path: Path) -> None:
    world = open_world("sqlite", tmp_path)
    with world.database.begin() as connection:
        who = people.who(connection, "web", "coordinator", START, "es")
        entry, rest = meant(text, Visit(connection, who, START, START, RULES.zone))
        other = people.who(connection, "web", "officer", START, "es")
        theirs, _rest = meant(text, Visit(connection, other, START, START, RULES.zone))
    assert (entry.name if entry else "", rest) == (name, argument)
    assert theirs is None or theirs.name != name
    world.close()
