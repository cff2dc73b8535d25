"""Reviewing by chat, beyond what the transcripts tell: who comes second, what the clock does, what is shown to whom."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, insert, select

from handlers.table import meant
from models import people
from models.audit import Entry
from models.obligations import Obligation
from models.offices import Office
from models.people import Membership, Person
from models.reports import Report
from models.reviews import Review
from models.visit import Visit
from tests.handlers.talking import FILM, MAY, talk
from tests.scheduler.clock import only, read, tick
from tests.support.world import RULES, START, World, photo

FOLIO = f"{FILM}-0001"


def report(world: World, code: str = FILM) -> None:
    talk(world, "officer", f"/reportar {code}", "Video del trimestre.", "https://narino.gov.co/video", "sí")


def give_back(world: World, who: str = "coordinator", folio: str = FOLIO) -> str:
    return talk(world, who, f"/revisar {folio}", "devolver", "El enlace no abre.", "sí")


def test_two_coordinators_at_the_same_moment(world: World) -> None:
    report(world)
    for who in ("coordinator", "hugo"):
        talk(world, who, "/revisar", "verificar")
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda who: world.say(who, "sí"), ("coordinator", "hugo")))
    said = sorted(world.last(who).text for who in ("coordinator", "hugo"))
    assert said[0] in (f"Hugo Paz ya verificó {FOLIO}.\n\nNo hay nada por revisar.",
                       f"Marta Rosero ya verificó {FOLIO}.\n\nNo hay nada por revisar.")  # fmt: skip
    assert said[1].startswith(f"Verificado: {FOLIO}.")
    assert world.rows(select(func.count()).select_from(Review)) == [(1,)]
    verified = select(func.count()).select_from(Entry).where(Entry.action == "report.verified")
    assert world.rows(verified) == [(1,)]
    assert len([one for one in world.heard("officer") if "verificó su avance" in one.text]) == 1


def test_more_urgent_reports_do_not_come_under_a_button(world: World) -> None:
    report(world)
    assert FOLIO in talk(world, "coordinator", "/revisar")
    shown = world.last("coordinator")
    report(world, MAY)  # it falls due earlier
    verify = next(button["tap"] for button in shown.buttons if button["label"] == "Verificar")
    world.say("coordinator", tap=verify)
    assert FOLIO in world.last("coordinator").text
    world.say("coordinator", tap=verify)
    assert "Ese botón es de una pregunta anterior." in world.last("coordinator").text
    assert f"Verificado: {FOLIO}" in talk(world, "coordinator", "sí")
    assert f"Folio {MAY}-0001" in world.last("coordinator").text


def test_back_and_forth_stays_with_the_card(world: World) -> None:
    report(world)
    report(world, MAY)
    talk(world, "coordinator", "/revisar", "saltar", "solo una parte")
    assert "¿Qué parte devuelve?" in talk(world, "coordinator", "lo que no existe")
    assert f"Folio {FOLIO}" in talk(world, "coordinator", "atrás")
    assert "¿Qué parte devuelve?" in talk(world, "coordinator", "solo una parte")
    assert "¿Por qué lo devuelve?" in talk(world, "coordinator", "la fecha")
    assert "una parte de este avance: la fecha" in talk(world, "coordinator", "Fue el martes.")
    talk(world, "coordinator", "sí")
    assert "Fue el martes." in talk(world, "officer", f"/corregir {FOLIO}")
    assert "¿Qué día se hizo?" in world.last("officer").text


def test_a_correction_is_noticed_in_the_middle(world: World) -> None:
    report(world)
    talk(world, "coordinator", "/revisar", "verificar")
    talk(world, "officer", f"/corregir {FOLIO}", "relato", "Video corregido.", "sí")
    said = talk(world, "coordinator", "sí")
    assert f"Ana Lucía Ortega acaba de corregir {FOLIO}: hay una versión nueva." in said
    assert "Qué se hizo: Video corregido." in said
    assert world.rows(select(func.count()).select_from(Review)) == [(0,)]


def test_what_is_returned_is_asked_for_again_though_its_ladder_was_over(world: World) -> None:
    only(world, MAY)
    with_all = {"officer", "rosa", "coordinator", "hugo"}
    assert tick(world, "2022-06-07") == with_all  # the last step, five business days late
    read(world)
    for text in ("Una pieza.", "Otra pieza."):
        talk(world, "officer", f"/reportar {MAY}", text, f"https://narino.gov.co/{text[:4]}", "sí")
    give_back(world, folio=f"{MAY}-0001")  # on 24 May by the world's clock: nobody is nudged before the 26th
    read(world)
    assert [tick(world, day) for day in ("2022-05-24", "2022-05-25")] == [set(), set()]
    report_again = world.rows(select(Obligation.again, Obligation.reported).where(Obligation.code == MAY))
    assert [(str(row.again), row.reported) for row in report_again] == [("2022-05-26", 1)]


@pytest.mark.parametrize("returned_on", ["2022-06-20"])
def test_a_new_ladder_begins_where_it_was_late(world: World, returned_on: str) -> None:
    only(world, MAY)
    tick(world, "2022-06-07")
    read(world)
    world.now = world.now.replace(month=6, day=20)
    for text in ("Una pieza.", "Otra pieza."):
        talk(world, "officer", f"/reportar {MAY}", text, f"https://narino.gov.co/{text[:4]}", "sí")
    assert tick(world, returned_on, "10:00") == set()
    give_back(world, folio=f"{MAY}-0001")
    read(world)
    days = ("2022-06-21", "2022-06-22", "2022-06-23", "2022-06-24")
    assert {day: people for day in days if (people := told_on(world, day))} == {
        "2022-06-22": {"officer", "rosa"}, "2022-06-23": {"officer", "rosa"},
    }  # fmt: skip


def told_on(world: World, day: str) -> set[str]:
    people = tick(world, day)
    read(world)
    return people


def test_minors_are_marked_and_the_picture_is_for_reviewers(world: World) -> None:
    talk(world, "officer", f"/reportar {FILM}", "Video del trimestre.")
    world.say("officer", files=(photo("uno.jpg"), photo("dos.jpg")))
    talk(world, "officer", "sí")
    talk(world, "coordinator", "/revisar")
    shown = world.last("coordinator")
    assert "Menores de edad en los soportes 1, 2: son solo para revisar, no se publican." in shown.text
    assert shown.picture
    tiles = shown.picture["figures"]["tiles"]
    assert (shown.picture["drawing"], [tile["minors"] for tile in tiles]) == ("evidence", [True, True])
    talk(world, "coordinator", "xyz")
    assert world.last("coordinator").picture is None  # once is enough
    for who in ("officer", "rosa", "citizen"):
        assert "no está disponible" in talk(world, who, f"/revisar {FOLIO}")
        assert world.last(who).picture is None


def test_own_reports_are_left_to_others(world: World) -> None:
    with world.database.begin() as connection:
        marta = connection.execute(select(Person.id).where(Person.name == "Marta Rosero")).scalar_one()
        prensa = connection.execute(select(Office.id).where(Office.code == "prensa")).scalar_one()
        held = {"person_id": marta, "role": "officer", "office_id": prensa, "since": START}
        connection.execute(insert(Membership).values(held))
    report(world)
    assert "1 lo revisa otra persona: es suyo o de su dependencia." in talk(world, "coordinator", "/revisar")
    said = talk(world, "coordinator", f"/revisar {FOLIO}")
    assert f"ni los de una dependencia para la que reporta: {FOLIO} lo revisa otra persona." in said
    assert "No hay avances sin alertas" in talk(world, "coordinator", "/verificar_todo")
    talk(world, "hugo", "/revisar", "verificar", "sí")
    assert "Nadie decide sobre su propio avance" in talk(world, "coordinator", f"/revertir {FOLIO}")
    assert world.rows(select(Report.state)) == [("verified",)]


@pytest.mark.parametrize(
    "argument", ["0", "uno", "99999999999999999999", "²", "A04-2022-05-0001", "1; DROP TABLE reviews"]
)
def test_a_wrong_number_is_answered(world: World, argument: str) -> None:
    assert "No hay nada por revisar" in talk(world, "coordinator", f"/revisar {argument}")
    assert "no se puede revertir" in talk(world, "coordinator", f"/revertir {argument}")


@pytest.mark.parametrize(
    ("text", "name", "argument"),
    [
        ("¿qué hay por revisar?", "review", ""),
        ("revisar", "review", ""),
        ("verificar todo lo de prensa", "verify_all", "prensa"),
        ("apruebe todos los de la Secretaría de Hacienda", "verify_all", "secretaria de hacienda"),
        ("revertir una revisión", "revert", ""),
    ],
)
def test_what_a_coordinator_means(world: World, text: str, name: str, argument: str) -> None:
    with world.database.begin() as connection:
        who = people.who(connection, "web", "coordinator", START, "es")
        entry, rest = meant(text, Visit(connection, who, START, START, RULES.zone))
    assert (entry.name if entry else "", rest) == (name, argument)
