"""`chasqui why`: the whole story, in the order it happened."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select, update

from models import blockers, cases, leaves, nudges
from models.deliveries import Delivery
from models.obligations import Obligation
from models.people import Person
from tests.bot.commands.conftest import Run
from tests.scheduler.clock import at, only, read, tick
from tests.support.world import World, open_world

MAY = "A04-2022-05"


@pytest.fixture(params=["sqlite", "postgres"])
def world(
    request: pytest.FixtureRequest, here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    one = open_world(request.param, tmp_path)
    monkeypatch.setenv("CHASQUI_DATABASE_URL", one.database.url.render_as_string(hide_password=False))
    only(one, MAY)
    yield one
    one.close()


def test_the_story_of_an_obligation_and_a_person(world: World, run: Run) -> None:
    tick(world, "2022-05-16")
    read(world)
    with world.database.begin() as connection:
        ana = connection.execute(select(Person.id).where(Person.name == "Ana Lucía Ortega")).scalar_one()
        may = connection.execute(select(Obligation.id).where(Obligation.code == MAY)).scalar_one()
        values = {"reason": "Falta la foto.", "proposed_on": date(2022, 5, 30)}
        blockers.add(connection, may, ana, "late", at("2022-05-20"), **values)
        leaves.take(connection, ana, date(2022, 6, 10), date(2022, 6, 12), None, at("2022-05-23"))
    tick(world, "2022-05-25")
    with world.database.begin() as connection:
        connection.execute(update(Obligation).where(Obligation.id == may).values(reported=2))
        nudges.moot(connection, [may])
    tick(world, "2022-05-25", "09:00")
    told = run("why", MAY.lower(), "ana lu")
    assert told.exit_code == 0, told.output
    assert told.stdout.startswith("A04-2022-05: empieza el 2022-05-01, vence el 2022-05-31; van 2 de 2.")
    story = [
        "2022-05-16 08:05 │ Llegó el aviso de 10 días hábiles antes del 2022-05-31.",
        "por web: entregado.",
        "2022-05-20 08:05 │ Respondió «no alcanzo». Falta la foto. Propuso el 2022-05-30.",
        "2022-05-23 08:05 │ Avisó que estaría de permiso del 2022-06-10 al 2022-06-12.",
        "2022-05-25 08:05 │ Llegó el aviso de 3 días hábiles antes del 2022-05-31.",
        "por web: no se envió (lo que decía cambió antes de salir).",
        "2022-05-25 09:00 │ El aviso de 3 días hábiles antes no se dijo: ya reportado.",
    ]
    places = [told.stdout.find(line) for line in story]
    assert -1 not in places, told.stdout
    assert places == sorted(places)
    assert run("why", MAY, str(ana)).stdout == told.stdout
    assert run("why", MAY, "officer").stdout == told.stdout  # her address


def test_what_was_decided_and_why_is_told(world: World, run: Run) -> None:
    with world.database.begin() as connection:
        ana, marta = (
            connection.execute(select(Person.id).where(Person.name == name)).scalar_one()
            for name in ("Ana Lucía Ortega", "Marta Rosero")
        )
        may = connection.execute(select(Obligation.id).where(Obligation.code == MAY)).scalar_one()
        late = blockers.add(connection, may, ana, "late", at("2022-05-20"), proposed_on=date(2022, 6, 10))
        blockers.decide(connection, late, marta, "refused", at("2022-05-23"), why="Ya se había aplazado.")
        stuck = blockers.add(connection, may, ana, "blocked", at("2022-05-24"), reason="La firma.", blocker_id=marta)
        blockers.reply(connection, stuck, "done")
        cases.agree(connection, may, date(2022, 6, 3))
        leave = leaves.take(connection, ana, date(2022, 6, 10), date(2022, 6, 12), None, at("2022-05-25"))
        leaves.end(connection, leave, date(2022, 5, 26))
    told = run("why", MAY, "Ana").stdout
    assert "vence el 2022-05-31, nueva fecha aceptada: 2022-06-03; van 0 de 2." in told
    assert "Sobre «no alcanzo»: no se aceptó. Ya se había aplazado." in told
    assert "Respondió «algo lo impide». La firma. Quien lo detenía dijo que ya lo hizo." in told
    assert "Avisó de un permiso desde el 2022-06-10, que no tomó." in told


def test_reviews_are_told(world: World, run: Run) -> None:
    for said in ("/reportar 4 mayo", "Un boletín.", "https://narino.gov.co/boletin", "listo", "1", "no"):
        world.say("officer", said)
    folio = "A04-2022-05-0001"
    for said in (f"/revisar {folio}", "devolver", "Falta el enlace.", "sí"):
        world.say("coordinator", said)
    for said in (f"/revertir {folio}", "Sí estaba.", "sí", f"/revisar {folio}", "verificar", "sí"):
        world.say("coordinator", said)
    told = run("why", MAY, "Ana").stdout
    story = [
        f"Ana Lucía Ortega reportó 1 con folio {folio}, versión 1: verificado.",
        f"Marta Rosero devolvió {folio}, versión 1. Falta el enlace.",
        f"Marta Rosero revirtió la decisión sobre {folio}, versión 1. Sí estaba.",
        f"Marta Rosero verificó {folio}, versión 1.",
    ]
    places = [" ".join(told.replace("│", " ").split()).find(line) for line in story]
    assert -1 not in places, told
    assert places == sorted(places)


def test_a_message_that_was_read_and_the_template_it_went_as(world: World, run: Run) -> None:
    tick(world, "2022-05-16")
    moments = {"sent_at": at("2022-05-16"), "delivered_at": at("2022-05-16"), "read_at": at("2022-05-17")}
    with world.database.begin() as connection:
        here = {"channel": "whatsapp", "state": "read", "template": "chasqui_recordatorio", **moments}
        connection.execute(update(Delivery).values(**here))
    told = run("why", MAY, "Ana").stdout
    assert "por whatsapp, como plantilla chasqui_recordatorio: leído el 2022-05-17 08:05." in told


def test_nothing_has_happened_yet(world: World, run: Run) -> None:
    assert "no ha pasado nada" in run("why", MAY, "Luis Erazo").stdout


@pytest.mark.parametrize(
    ("code", "person", "why"),
    [
        ("A99", "Ana", "No hay un entregable «A99»"),
        (MAY, "Nadie", "No hay nadie que sea «Nadie»"),
        (MAY, "a", "use el número"),
        (MAY, "%", "No hay nadie"),
    ],
)
def test_who_or_what_is_not_found_is_said(world: World, run: Run, code: str, person: str, why: str) -> None:
    refused = run("why", code, person)
    assert refused.exit_code == 2
    assert why in refused.output
