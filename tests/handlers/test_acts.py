"""What coordinators and Internal Control do, beyond what the transcripts tell."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from bot.turn import turn
from conversation.messages import Inbound
from models import lookalikes, planning
from models.deliveries import Delivery
from models.evidence import Evidence
from models.obligations import Obligation, Ownership
from models.offices import Office
from models.samples import chosen
from models.waivers import Waiver
from tests.handlers.talking import MAY, talk
from tests.support.world import RULES, World, open_world, person, photo


@pytest.fixture(params=["sqlite", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    one = open_world(request.param, tmp_path)
    with one.database.begin() as connection:
        person(connection, "hugo", "Hugo Paz", "coordinator", None)
    yield one
    one.close()


def reported(world: World, code: str, name: str) -> None:
    talk(world, "officer", f"/reportar {code}", "Se hizo.")
    world.say("officer", files=(photo(name),))
    talk(world, "officer", "listo", "no")


def test_a_waiver_outlives_what_is_worked_out_anew(world: World) -> None:
    talk(world, "coordinator", f"/dispensar {MAY}", "Resolución 1", "No aplica.", "sí")
    with world.database.begin() as connection:
        planning.resync(connection, "narino-2022", world.now)
    assert world.rows(select(Obligation.code).where(Obligation.withdrawn_at.is_not(None))) == [(MAY,)]
    talk(world, "coordinator", f"/restablecer {MAY}", "Sí aplica.", "sí")
    with world.database.begin() as connection:
        planning.resync(connection, "narino-2022", world.now)
    assert world.rows(select(Obligation.code).where(Obligation.withdrawn_at.is_not(None))) == []


def test_two_coordinators_waive_at_once(world: World) -> None:
    for who in ("coordinator", "hugo"):
        talk(world, who, f"/dispensar {MAY}", "Resolución 1", "No aplica.")
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda who: world.say(who, "sí"), ("coordinator", "hugo")))
    said = sorted([world.last("coordinator").text, world.last("hugo").text])
    assert world.rows(select(func.count()).select_from(Waiver)) == [(1,)]
    assert sum("queda dispensado" in one for one in said) == 1
    assert sum("Ya no se debe." in one for one in said) == 1


def test_what_is_handed_over_stays_so(world: World) -> None:
    talk(world, "coordinator", "/encargar 9", "tic", "Tiene los datos.", "sí")
    with world.database.begin() as connection:
        planning.resync(connection, "narino-2022", world.now)
    led = (
        select(Office.code)
        .join(Ownership, Ownership.office_id == Office.id)
        .join(Obligation, Obligation.id == Ownership.obligation_id)
    )
    leads = world.rows(led.where(Obligation.code.like("A09%"), Ownership.part == "lead"))
    assert leads == [("tic",), ("tic",)]


def test_who_invites_does_not_admit(world: World) -> None:
    said = talk(world, "coordinator", "/invitar", "Rosa Pérez", "responsable", "prensa", "sí")
    token = said.partition("/entrar ")[2].split()[0]
    talk(world, "rosa", f"/entrar {token}", "acepto", "sí")
    number = world.last("hugo").buttons[0]["tap"].split()[1]
    assert "otra persona de la coordinación lo confirma" in talk(world, "coordinator", f"/admitir {number}")
    assert "ya puede entrar" in talk(world, "hugo", f"/admitir {number}")


def test_who_sent_the_photo_that_is_replied_to(world: World) -> None:
    reported(world, MAY, "pieza.jpg")
    talk(world, "auditor", f"/revisar {MAY}-0001")
    newest = world.newest("auditor")
    with world.database.begin() as connection:
        connection.execute(update(Delivery).where(Delivery.id == newest).values(platform_id="77"))
    asked = "¿Quién subió esa foto y a qué hora?"
    inbound = Inbound("web", "auditor", "reply", world.now, world.now, asked, reply_to="77")
    asyncio.run(world.database.write(turn(inbound, RULES)))
    text = world.last("auditor").text
    assert "Lo envió Ana Lucía Ortega" in text
    assert photo("pieza.jpg").ref in text


def test_it_says_what_looks_alike_and_what_was_compressed(world: World) -> None:
    reported(world, MAY, "una.jpg")
    world.now += timedelta(days=1)
    reported(world, "A05-2022-T2", "otra.jpg")
    hashes = {photo("una.jpg").ref: "00ff00ff00ff00ff", photo("otra.jpg").ref: "00ff00ff00ff00fe"}
    with world.database.begin() as connection:
        lookalikes.saw(connection, hashes)
        squeezed = update(Evidence).where(Evidence.name == "otra.jpg").values(details={"recompressed": True})
        connection.execute(squeezed)
    first = talk(world, "auditor", f"/quien_subio {MAY}-0001")
    second = talk(world, "auditor", "/quien_subio a05-2022-t2-0001")
    assert "Se parece o es igual a lo de: A05-2022-T2-0001." in first
    assert "No consta" in first
    assert f"Se parece o es igual a lo de: {MAY}-0001." in second
    assert "La plataforma lo comprimió" in second


def test_the_same_seed_is_the_same_sample_by_hand() -> None:
    """As docs/control-interno.md says: by the SHA-256 of "seed:item"."""
    there = [f"A04-2022-05-{n:04}" for n in range(1, 101)]
    assert chosen("2022", there, 5) == chosen("2022", list(reversed(there)), 5)
    assert chosen("2022", there, 5) == chosen("2022", there, 50)[:5]
    assert chosen("2022", there, 5) != chosen("2023", there, 5)


def test_a_note_is_taken_back_by_its_author_only(world: World) -> None:
    talk(world, "coordinator", f"/comentar {MAY}", "Falta poco.", "sí")
    assert "entre las suyas" in talk(world, "hugo", "/retirar_nota 1")
