"""Who wants to be forgotten is: nothing marked is left anywhere, and what there is a duty to keep stays, nameless."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from pathlib import Path

import orjson
import pytest
from sqlalchemy import event, insert, select, update

from models import forgetting, hand_outs, people, requests
from models.audit import Entry
from models.deliveries import Delivery
from models.events import Event
from models.inbox import Taken
from models.participation import Attendance, Proposal, Question, Survey
from models.people import Consent, Contact, Person
from models.plan import Plan
from models.reports import Report
from models.requests import Request
from models.schema import metadata
from models.vault import Vault
from models.visit import Visit
from scheduler import personal
from scheduler.hand_outs import Maker
from tests.handlers.talking import MAY, talk
from tests.scheduler.clock import ZONE, at, only, render
from tests.support.world import World, photo

MARK = "zzMarca"


def marked(world: World, word: str = MARK) -> list[str]:
    found = []
    for table in metadata.sorted_tables:
        for row in world.rows(select(table)):
            found += [f"{table.name}: {value}" for value in row if word.casefold() in str(value).casefold()]
    return found


def tick(world: World) -> None:
    asyncio.run(personal.forget_tick(world.database, world.now))


def full(world: World) -> int:
    """Somebody with something everywhere; what was answered in public is not marked."""
    who = f"{MARK}-chat"
    talk(world, who, "quiero avisos de Cumbal", "sí", "/misdatos corregir", "Mi nombre", f"Luz {MARK}")
    talk(world, who, "/misdatos preguntar", f"¿Qué saben de {MARK}?", "/misdatos corregir", "otra cosa")
    with world.database.begin() as connection:
        person = connection.execute(select(Person.id).where(Person.name == f"Luz {MARK}")).scalar_one()
        plan = connection.execute(select(Plan.id)).scalar_one()
        now = world.now
        values = {"plan_id": plan, "key": "E9001", "title": "Foro", "day": date(2022, 5, 2), "recorded_at": now}
        forum = connection.execute(insert(Event).values(values).returning(Event.id)).scalar_one()
        asked = {"person_id": person, "asked_at": now, "due": date(2022, 6, 8)}
        for number, (text, answer, public) in enumerate([
            ("¿Y la vía?", "En junio.", True), (f"Soy {MARK}", "Sí", False), (f"De {MARK}", "", True),
        ]):  # fmt: skip
            more = {"answer": answer, "answered_at": now if answer else None, "public": public, "text": text}
            connection.execute(insert(Question).values(folio=f"P-2022-{9000 + number}", **asked, **more))
        connection.execute(insert(Proposal).values(person_id=person, text=MARK, state="new", at=now))
        survey = {"clear": 5, "heard": 4, "comment": MARK, "at": now}
        connection.execute(insert(Survey).values(event_id=forum, person_id=person, **survey))
        connection.execute(insert(Attendance).values(event_id=forum, person_id=person, state="came", at=now))
    return int(person)


def test_nothing_of_a_citizen_is_left_but_what_others_rely_on(world: World) -> None:
    person = full(world)
    assert len({one.partition(":")[0] for one in marked(world)}) >= 7
    talk(world, f"{MARK}-chat", "/misdatos borrar", "sí", "sí")
    tick(world)
    left = marked(world)
    assert {one.partition(":")[0] for one in left} == {"deliveries", "inbox"}, left  # the answer, to be sent
    assert [one for one in left if one.startswith("deliveries")] != []
    world.now += timedelta(days=1, minutes=1)
    tick(world)
    assert marked(world) == []
    name, status = world.rows(select(Person.name, Person.status).where(Person.id == person))[0]
    assert (name, status) == (f"Persona {person}", "forgotten")
    texts = world.rows(select(Question.text, Question.public).where(Question.person_id == person).order_by(Question.id))
    assert [tuple(row) for row in texts] == [("¿Y la vía?", True), ("", False), ("", False)]
    kept = world.rows(select(Consent.version, Consent.withdrawn_at).where(Consent.person_id == person))
    assert len(kept) == 2
    assert all(row.withdrawn_at for row in kept)
    assert len(world.rows(select(Attendance.id).where(Attendance.person_id == person))) == 1
    actions = set(world.rows(select(Entry.action).where(Entry.subject == f"person:{person}")))
    assert ("person.forgotten",) in {tuple(row) for row in actions}
    assert world.rows(select(Request.id).where(Request.done_at.is_(None))) == []
    assert asyncio.run(personal.forget_tick(world.database, world.now)) == 0


def test_linked_chats_are_one_person(world: World) -> None:
    talk(world, f"{MARK}-chat", "quiero avisos de Cumbal", "sí", "/vincular")
    code = world.last(f"{MARK}-chat").text.split()[6]
    talk(world, f"{MARK}-telegram", f"/vincular {code}", "sí")
    talk(world, f"{MARK}-telegram", "/misdatos borrar", "sí", "sí")
    assert world.rows(select(Contact.id).where(Contact.address == MARK)) == []
    world.now += timedelta(days=1, minutes=1)
    tick(world)
    assert marked(world) == []


def test_reports_of_an_officer_stay_without_the_name(world: World) -> None:
    only(world, MAY)
    talk(world, "officer", "/reportar 4", "Publicamos la nota.")
    world.say("officer", files=(photo(),))
    talk(world, "officer", "listo", "/misdatos borrar", "sí", "sí")
    with world.database.begin() as connection:
        person = connection.execute(select(Person.id).where(Person.name == "Ana Lucía Ortega")).scalar_one()
    number = world.rows(select(Request.id).where(Request.kind == "forget"))[0][0]
    talk(world, "coordinator", f"/solicitudes_datos {number}", "Borrar sus datos")
    tick(world)
    world.now += timedelta(days=1, minutes=1)
    tick(world)
    assert world.rows(select(Person.name).where(Person.id == person)) == [(f"Persona {person}",)]
    assert not [one for one in marked(world, "Ortega") if not one.startswith("deliveries")]
    assert world.rows(select(Report.author_id).distinct()) in ([], [(person,)])
    assert world.rows(select(Taken.address).where(Taken.address == "officer")) == []


def test_whoever_writes_again_is_somebody_new(world: World) -> None:
    person = full(world)
    who = f"{MARK}-chat"
    talk(world, who, "/misdatos borrar", "sí", "sí")
    tick(world)
    assert "Ley 1581" in talk(world, who, "hola")
    world.now += timedelta(days=1, minutes=1)
    tick(world)
    fresh = world.rows(select(Contact.person_id).where(Contact.address == MARK, Contact.until.is_(None)))
    assert fresh
    assert fresh[0][0] != person
    assert "Ley 1581" in world.last(who).text  # what was said to them since stays


@pytest.mark.parametrize(
    ("kind", "answered", "later"),
    [("see", date(2022, 6, 8), date(2022, 6, 15)), ("correct", date(2022, 6, 15), date(2022, 6, 29))],
)
def test_days_are_business_days(world: World, kind: str, answered: date, later: date) -> None:
    with world.database.begin() as connection:
        citizen, boss = (people.at(connection, "web", who) for who in ("citizen", "coordinator"))
        assert citizen
        assert boss
        assert requests.ask(Visit(connection, citizen, world.now, world.now, ZONE), kind, "x")[1] == answered
        runs = Visit(connection, boss, world.now, world.now, ZONE)
        [one] = requests.waiting(runs)
        assert (one.due, one.later) == (answered, later)
        requests.extend(runs, one, "Falta un papel")
        [one] = requests.waiting(runs)
        assert (one.due, one.later) == (later, None)
        with pytest.raises(ValueError, match="once"):
            requests.extend(runs, one, "Otra vez")
        with pytest.raises(PermissionError):
            requests.waiting(Visit(connection, citizen, world.now, world.now, ZONE))


def test_who_answers_is_reminded_before_and_on_the_day(world: World) -> None:
    talk(world, "citizen", "/misdatos preguntar", "¿Quién vio mi número?")
    said = []
    for day in ("2022-06-03", "2022-06-04", "2022-06-06", "2022-06-07", "2022-06-08"):
        told = asyncio.run(personal.requests_tick(world.database, at(day, "10:00"), ZONE, render))
        said.append((day[-2:], told))
    once = {("web", "coordinator")}
    assert said == [("03", set()), ("04", set()), ("06", once), ("07", set()), ("08", once)]
    world.rows(update(Delivery).values(state="sent").returning(Delivery.id))
    gone = update(Person).where(Person.name == "").values(status=forgetting.FORGOTTEN)
    world.rows(gone.returning(Person.id))
    assert asyncio.run(personal.requests_tick(world.database, at("2022-06-09", "10:00"), ZONE, render)) == set()


def test_the_copy_comes_as_a_file_to_read_and_one_for_machines(world: World, tmp_path: Path) -> None:
    person = full(world)
    talk(world, f"{MARK}-chat", "/misdatos copia")
    vault = Vault(tmp_path / "vault")
    handed = hand_outs.beside(vault)
    maker = Maker(world.database, vault, handed, ZONE, lambda: world.now, render, lambda _pairs: None)
    assert asyncio.run(maker.run()) == 1
    document = world.rows(select(Delivery.document).where(Delivery.person_id == person).order_by(Delivery.id))[-1][0]
    said = handed.path(document["sha256"]).read_text("utf-8")
    text, _line, machines = said.partition("--- Lo mismo para máquinas (JSON) ---")
    whole = orjson.loads(machines)
    assert document["mime"] == "text/plain"  # every platform takes it
    assert f"Luz {MARK}" in text
    assert "P-2022-9001" in text
    assert "Ley 1581" in text
    chats = [one["text"] for one in whole["data"] if one["kind"] == "chat"]
    assert chats == [f"…{MARK[-3:]}"]
    assert {one["kind"] for one in whole["data"]} >= {"person", "consent", "subscription", "question", "survey", "chat"}


def test_a_copy_costs_few_statements_and_so_does_being_forgotten(world: World) -> None:
    talk(world, MARK, "quiero avisos de Cumbal", "sí")
    counted: list[str] = []
    event.listen(world.database.engine, "before_cursor_execute", lambda *args: counted.append(args[2]))
    for text in ("/misdatos", "borrar", "sí", "sí", "hola", "quiero avisos de Cumbal", "sí", "/misdatos copia",
                 "/misdatos retirar", "todos", "sí", "/misdatos copia", "/misdatos borrar", "sí", "sí"):  # fmt: skip
        counted.clear()
        world.say(MARK, text)
        assert 0 < len(counted) <= 12, (text, counted)
