"""What coordinators decide on an answer, and what follows from it, beyond what the transcripts tell."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import func, insert, select, update

from models import planning
from models.audit import Entry
from models.blockers import Blocker
from models.obligations import Obligation, Ownership
from models.offices import Office
from models.people import Membership, Person
from tests.handlers.talking import FILM, MAY, late, talk
from tests.scheduler.clock import only, read, tick, told
from tests.support.world import START, World


def test_two_coordinators_at_the_same_moment(world: World) -> None:
    late(world)
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda who: world.say(who, "/decidir 1 accept"), ("coordinator", "hugo")))
    said = sorted([world.last("coordinator").text, world.last("hugo").text])
    assert said[0] == "Listo. Ya le avisé a Ana Lucía Ortega."
    assert said[1] in ("Ya lo decidió Marta Rosero.", "Ya lo decidió Hugo Paz.")
    accepted = select(func.count()).select_from(Entry).where(Entry.action == "answer.accepted")
    assert world.rows(accepted)[0][0] == 1
    assert len([m for m in world.heard("officer") if "aceptó la nueva fecha" in m.text]) == 1


def test_nobody_decides_on_their_own_answer(world: World) -> None:
    with world.database.begin() as connection:
        marta = connection.execute(select(Person.id).where(Person.name == "Marta Rosero")).scalar_one()
        prensa = connection.execute(select(Office.id).where(Office.code == "prensa")).scalar_one()
        held = {"person_id": marta, "role": "officer", "office_id": prensa, "since": START}
        connection.execute(insert(Membership).values(held))
    late(world, who="coordinator")
    assert "Nadie decide sobre su propia respuesta" in talk(world, "coordinator", "/decidir 1 accept")
    assert "No hay nada por decidir" in talk(world, "coordinator", "/por_decidir")
    talk(world, "coordinator", "/permiso el viernes", "nadie")
    assert "Nadie decide sobre su propio permiso" in talk(world, "coordinator", "/suplente 1")
    assert "no alcanza" in talk(world, "hugo", "/por_decidir")


def test_a_ladder_counts_from_the_accepted_date(world: World) -> None:
    only(world, MAY)
    assert tick(world, "2022-05-24") == {"officer", "rosa"}  # 10 business days before 31 May have come
    read(world)
    late(world)
    talk(world, "coordinator", "/decidir 1 accept")
    reached = {}
    for day in ("05-25", "05-26", "05-27", "05-31", "06-01", "06-07", "06-09", "06-10", "06-13", "06-16", "06-17"):
        if people := tick(world, f"2022-{day}"):
            reached[day] = people
            read(world)
    officers = {"officer", "rosa"}
    assert reached == {
        "05-26": officers, "06-07": officers, "06-10": officers, "06-13": officers,
        "06-17": {*officers, "coordinator", "hugo"},
    }  # fmt: skip
    line = "Faltan 2: venció el 31 de mayo de 2022; nueva fecha aceptada: 10 de junio de 2022."
    assert line in world.last("officer").text
    assert line in world.last("coordinator").text
    assert world.rows(select(Obligation.due).where(Obligation.code == MAY))[0][0] == date(2022, 5, 31)


def test_an_accepted_saturday_counts_from_the_friday_before(world: World) -> None:
    only(world, MAY)
    talk(world, "officer", f"/no_alcanzo {MAY}", "Falta la firma.", "sábado 11 de junio")
    talk(world, "coordinator", "/decidir 1 accept")
    tick(world, "2022-06-10")
    tick(world, "2022-06-13")
    assert {row[2] for row in told(world) if row[1] == "Rosa Pérez"} == {0, 1}


def test_a_later_word_begins_another_ladder(world: World) -> None:
    only(world, MAY)
    late(world)
    talk(world, "coordinator", "/decidir 1 accept")
    tick(world, "2022-06-10")
    read(world)
    talk(world, "officer", f"/no_alcanzo {MAY}", "Sigue sin firma.", "30 de junio")
    talk(world, "coordinator", "/decidir 2 accept")
    assert [tick(world, day) for day in ("2022-06-13", "2022-06-14")] == [set(), {"officer", "rosa"}]
    assert "nueva fecha aceptada: 30 de junio" in world.last("officer").text
    with world.database.begin() as connection:  # the plan is read otherwise, and later than what was accepted
        july = date(2022, 7, 29)
        connection.execute(update(Obligation).where(Obligation.code == MAY).values(due=july, warn=july))
    read(world)
    assert tick(world, "2022-07-29") == {"officer", "rosa"}
    assert "Faltan 2: vence hoy." in world.last("officer").text


def test_a_refused_date_changes_nothing(world: World) -> None:
    only(world, MAY)
    late(world)
    talk(world, "coordinator", "/decidir 1 refuse", "Ya se había aplazado.")
    assert tick(world, "2022-05-31") == {"officer", "rosa"}
    assert world.rows(select(Blocker.why)) == [("Ya se había aplazado.",)]


def test_an_accepted_date_takes_back_the_message_that_waits(world: World) -> None:
    late(world)
    assert tick(world, "2022-05-31") == {"officer", "rosa"}
    before = world.newest("rosa")
    talk(world, "coordinator", "/decidir 1 accept")
    assert world.newest("rosa") < before


def test_a_colleague_takes_it_over(world: World) -> None:
    only(world, MAY)
    talk(world, "officer", f"/no_me_toca {MAY}", "rosa")
    assert "Le toca a: Rosa Pérez" in world.last("coordinator").text
    talk(world, "coordinator", "/decidir 1 accept")
    assert "le toca a Rosa Pérez" in world.last("rosa").text
    assert "le toca a Rosa Pérez" in world.last("officer").text
    assert tick(world, "2022-05-31") == {"rosa"}


def test_a_colleague_who_took_over_and_leaves(world: World) -> None:
    only(world, MAY)
    talk(world, "officer", f"/no_me_toca {MAY}", "rosa")
    talk(world, "coordinator", "/decidir 1 accept")
    assert tick(world, "2022-05-31") == {"rosa"}
    read(world)
    talk(world, "rosa", "/retiro", "sí")
    assert tick(world, "2022-05-31", "09:00") == {"officer", "coordinator", "hugo"}
    read(world)
    assert tick(world, "2022-06-01") == {"officer", "coordinator", "hugo"}


def test_what_passes_to_and_fro_is_still_somebodys(world: World) -> None:
    only(world, MAY)
    for number, (who, whom) in enumerate((("officer", "rosa"), ("rosa", "ana")), 1):
        talk(world, who, f"/no_me_toca {MAY}", whom)
        talk(world, "coordinator", f"/decidir {number} accept")
    assert tick(world, "2022-05-31") == {"officer"}


def test_what_passes_to_another_office_is_not_asked_of_the_first(world: World) -> None:
    only(world, MAY, FILM)
    assert tick(world, "2022-06-10") == {"officer", "rosa", "coordinator", "hugo"}
    before = world.newest("rosa")
    talk(world, "officer", f"/no_me_toca {MAY}", "tic")
    talk(world, "coordinator", "/decidir 1 accept")
    assert world.newest("rosa") < before
    assert tick(world, "2022-06-10", "09:00") == {"tic"}
    assert (MAY, "Rosa Pérez", 5, "skipped", "ya no está a cargo") in told(world)


def test_what_was_handed_over_stays_so_when_the_plan_is_worked_out_again(world: World) -> None:
    only(world, FILM)
    talk(world, "officer", f"/no_me_toca {FILM}", "tic")
    talk(world, "coordinator", "/decidir 1 accept")
    with world.database.begin() as connection:
        planning.resync(connection, planning.slugs(connection)[0], START)
    owners = (
        select(Office.code, Ownership.part)
        .join(Ownership, Ownership.office_id == Office.id)
        .join(Obligation, Obligation.id == Ownership.obligation_id)
        .where(Obligation.code == FILM)
    )
    assert world.rows(owners) == [("tic", "lead")]
    assert tick(world, "2022-06-30") == {"tic"}


@pytest.mark.parametrize("argument", ["0", "-1", "uno", "99999999999999999999", "²", "1; DROP TABLE blockers", "1 zzz"])
def test_a_wrong_number_is_answered(world: World, argument: str) -> None:
    assert "No encontré" in talk(world, "coordinator", f"/decidir {argument}")
    assert "Ese permiso ya terminó" in talk(world, "coordinator", f"/suplente {argument}")


@pytest.mark.parametrize("person", ["officer", "auditor", "citizen", "stranger"])
def test_only_who_runs_the_plan_decides(world: World, person: str) -> None:
    late(world)
    for text in ("/decidir 1 accept", "/por_decidir", "/suplente 1"):
        talk(world, person, text)
    assert world.rows(select(Blocker.outcome)) == [("",)]
