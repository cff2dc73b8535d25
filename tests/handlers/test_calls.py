"""/llamadas: who does not hear from us, why, and what they owe."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, event, insert, update

from models import calls
from models.deliveries import Delivery
from models.obligations import Obligation
from models.people import Contact
from tests.handlers.talking import MAY, talk
from tests.support.world import START, World, person

ALL_HEAR = "A todas las personas del plan les llegan mis mensajes."


def change(world: World, who: str, **values: object) -> None:
    with world.database.begin() as connection:
        connection.execute(update(Contact).where(Contact.address == who).values(**values))


def asked(world: World) -> str:
    return talk(world, "coordinator", "/llamadas")


def message(world: World, who: str, key: str, state: str) -> None:
    with world.database.begin() as connection:
        whose = connection.execute(Contact.__table__.select().where(Contact.address == who)).one().person_id
        row = {
            "dedupe_key": key, "person_id": whose, "channel": "web", "address": who, "kind": "nudge", "text": "x",
            "buttons": [], "wants": "", "created_at": START, "state": state,
        }  # fmt: skip
        connection.execute(insert(Delivery).values(**row))


def test_everybody_hears(world: World) -> None:
    assert asked(world) == ALL_HEAR


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"until": START}, "no tiene ningún chat con nosotros"),
        ({"blocked_at": START}, "bloqueó el chat o lo cerró"),
        ({"muted_at": START}, "pidió no recibir avisos"),
    ],
)
def test_who_cannot_be_written_to(world: World, values: dict[str, object], why: str) -> None:
    change(world, "officer", **values)
    assert f"Ana Lucía Ortega (Oficina de Prensa y Comunicaciones): {why}." in asked(world)
    assert "Debe 1 que vence en 7 días o antes. El primero vence en 7 días." in asked(world)
    world.now += timedelta(days=10)
    assert "Debe 1 entregable vencido. El primero venció hace 3 días." in asked(world)
    with world.database.begin() as connection:
        connection.execute(update(Obligation).where(Obligation.code == MAY).values(reported=2))
    assert "Debe" not in asked(world)


def test_who_has_another_chat_hears(world: World) -> None:
    change(world, "officer", blocked_at=START)
    with world.database.begin() as connection:
        whose = connection.execute(Contact.__table__.select().where(Contact.address == "officer")).one().person_id
        here = {"person_id": whose, "channel": "telegram", "address": "1001", "since": START}
        connection.execute(insert(Contact).values(**here))
    assert asked(world) == ALL_HEAR


def test_whose_last_message_failed_until_they_write(world: World) -> None:
    message(world, "officer", "one", "failed")
    message(world, "tic", "two", "failed")
    message(world, "tic", "three", "sent")
    told = asked(world)
    assert "Ana Lucía Ortega (Oficina de Prensa y Comunicaciones): no le llegó el último mensaje." in told
    assert "Jairo Benavides" not in told
    world.say("officer", "/pendientes")
    assert asked(world) == ALL_HEAR


def test_who_asks_and_citizens_are_left_out(world: World) -> None:
    message(world, "coordinator", "one", "failed")
    change(world, "citizen", blocked_at=START)
    assert asked(world) == ALL_HEAR


def test_of_many_some_are_shown_those_who_owe_first(world: World) -> None:
    with world.database.begin() as connection:
        for n in range(12):
            person(connection, f"p{n}", f"Persona {n:02}", "officer", "hacienda")
            connection.execute(update(Contact).where(Contact.address == f"p{n}").values(blocked_at=START))
    change(world, "officer", blocked_at=START)
    told = asked(world).split("\n\n")
    assert told[1].startswith("Ana Lucía Ortega")
    assert told[-1] == "y 3 personas más"
    assert len(told) == 12


@pytest.mark.parametrize("who", ["officer", "citizen", "auditor"])
def test_only_who_runs_the_plan_sees_it(world: World, who: str) -> None:
    change(world, "tic", blocked_at=START)
    assert "Jairo" not in talk(world, who, "/llamadas")


def test_in_plain_words(world: World) -> None:
    assert talk(world, "coordinator", "¿Quiénes no reciben mis mensajes?") == ALL_HEAR


def test_it_takes_two_statements(world: World) -> None:
    change(world, "officer", blocked_at=START)
    with world.database.begin() as connection:
        connection.execute(delete(Delivery))
        counted: list[str] = []
        event.listen(connection, "before_cursor_execute", lambda *args: counted.append(args[2]))
        assert len(calls.unheard(connection, START.date())) == 1
    assert len(counted) == 2, counted
