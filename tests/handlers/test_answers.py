"""What officers answer to a nudge, and what coordinators decide on it, beyond what the transcripts tell."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import event, func, insert, select

from handlers.table import command, exactly, meant
from models import people, planning
from models.audit import Entry
from models.blockers import Blocker
from models.obligations import Obligation, Ownership
from models.offices import Office
from models.people import Membership, Person
from models.visit import Visit
from tests.scheduler.clock import at, only, read, tick
from tests.support.transcripts import play
from tests.support.world import RULES, START, World, open_world, person

MAY, FILM = "A04-2022-05", "A05-2022-T2"
SCRIPTS = Path(__file__).resolve().parents[1] / "transcripts"
MOST = 12


@pytest.fixture(params=["sqlite", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    one = open_world(request.param, tmp_path)
    only(one, MAY, FILM)
    with one.database.begin() as connection:
        person(connection, "hugo", "Hugo Paz", "coordinator", None)
        person(connection, "rosa", "Rosa Pérez", "officer", "prensa")
    yield one
    one.close()


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    one = open_world("sqlite", tmp_path_factory.mktemp("world"))
    yield one
    one.close()


def talk(world: World, who: str, *texts: str) -> str:
    for text in texts:
        world.say(who, text)
    return world.last(who).text


def late(world: World, code: str = MAY, who: str = "officer") -> None:
    talk(world, who, f"/no_alcanzo {code}", "Falta la firma.", "10 de junio")


@pytest.mark.parametrize(
    ("text", "name", "argument"),
    [
        ("ya casi", "almost", ""),
        ("Ya casi lo termino", "almost", ""),
        ("no alcanzo a entregar", "late", ""),
        ("no alcance", "late", ""),
        ("no vamos a alcanzar", "late", ""),
        ("no alcanzo la 4", "late", "4"),
        ("eso no me toca", "not_mine", ""),
        ("la 4 no me toca", "not_mine", "4"),
        ("eso no es de mi dependencia", "not_mine", ""),
        ("estamos bloqueados", "blocked", ""),
        ("eso depende de otra dependencia", "blocked", ""),
        ("estoy de permiso hasta el lunes", "absence", "hasta el lunes"),
        ("estoy de vacaciones", "absence", ""),
        ("estoy incapacitada hasta el 15 de junio", "absence", "hasta el 15 de junio"),
        ("ya volví", "back", ""),
        ("avíseme a las 10", "hours", "a las 10"),
        # What means something else, or nothing.
        ("hecho", "report", ""),
        ("ya lo hice", "report", ""),
        ("mis pendientes", "pending", ""),
        ("dependencia", "leave", ""),
        ("me cambiaron de dependencia", "leave", ""),
        ("listo", "", ""),
        ("esta", "status", ""),
        ("no me alcanza la plata", "", ""),
        ("no me escriban mas", "", ""),
        ("quiero avisos de salud en el pacífico", "", ""),
        ("no soy de esa dependencia, soy de turismo", "", ""),
    ],
)
def test_plain_words(quiet: World, text: str, name: str, argument: str) -> None:
    with quiet.database.begin() as connection:
        visit = Visit(connection, people.who(connection, "web", "officer", START, "es"), START, START, RULES.zone)
        entry, said = meant(text, visit)
        assert (entry.name if entry else "", said) == (name, argument)
        if name == "almost":
            assert exactly(text, visit) == (None, "")


@pytest.mark.parametrize("text", ["/no_alcanzo", "/No_Alcanzo", "/no_alcanzó@chasqui_bot"])
def test_a_command_of_several_words(text: str) -> None:
    entry, argument = command(f"{text} {MAY}")
    assert entry is not None
    assert (entry.name, argument) == ("late", MAY)


def test_no_turn_costs_too_many_statements(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = open_world("sqlite", tmp_path)
    counted: list[str] = []
    spoken = World.say

    def say(self: World, *args, **kwargs):
        event.listen(self.database.engine, "before_cursor_execute", count)
        counted.clear()
        try:
            return spoken(self, *args, **kwargs)
        finally:
            event.remove(self.database.engine, "before_cursor_execute", count)
            assert len(counted) <= MOST, "\n".join(counted)

    def count(*args):
        counted.append(args[2])

    monkeypatch.setattr(World, "say", say)
    for script in ("nudge_answers", "leave", "decisions"):
        play(world, SCRIPTS / f"{script}.txt", queries=False)
        world.close()
        (tmp_path / script).mkdir()
        world = open_world("sqlite", tmp_path / script)
    world.close()


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


def test_an_accepted_date_rests_the_nudges_of_all_and_no_longer(world: World) -> None:
    only(world, MAY)
    late(world)
    talk(world, "coordinator", "/decidir 1 accept")
    assert [tick(world, day) for day in ("2022-05-31", "2022-06-01", "2022-06-07", "2022-06-09")] == [set()] * 4
    assert tick(world, "2022-06-10") == {"officer", "rosa", "coordinator", "hugo"}


def test_a_refused_date_changes_nothing(world: World) -> None:
    only(world, MAY)
    late(world)
    talk(world, "coordinator", "/decidir 1 refuse", "Ya se había aplazado.")
    assert tick(world, "2022-05-31") == {"officer", "rosa"}


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


def test_an_officer_names_only_whom_they_may_see(world: World) -> None:
    talk(world, "officer", f"/bloqueado {MAY}")
    assert "No encontré esa opción" in talk(world, "officer", "Jairo Benavides")
    talk(world, "officer", "Marta Rosero", "No ha firmado.")
    assert "Lo detiene: Marta Rosero" in world.last("coordinator").text
    assert world.rows(select(Blocker.kind, Blocker.outcome)) == [("blocked", "")]


def test_a_code_that_is_done_is_never_taken_for_one_that_looks_alike(world: World) -> None:
    assert "Ese entregable ya no está pendiente." in talk(world, "officer", "/ya_casi A04-2022-04")
    assert world.rows(select(Blocker.id)) == []


def test_a_friday_rests_over_the_weekend_and_the_holiday(world: World) -> None:
    world.now = at("2022-05-27", "09:00")
    assert "desde el 1 de junio de 2022" in talk(world, "officer", f"/ya_casi {MAY}")  # Monday 30 May is a holiday
    assert world.rows(select(Blocker.quiet_until)) == [(date(2022, 6, 1),)]


def test_who_is_away_is_not_offered_as_a_substitute(world: World) -> None:
    talk(world, "rosa", "/permiso el viernes", "nadie")
    assert "Hasta el 30 de mayo" in talk(world, "officer", "/permiso el lunes")
    read(world)
    assert "Jairo" in " ".join(b["label"] for b in _asked(world, "/suplente 2"))
    assert "Rosa" not in " ".join(b["label"] for b in _asked(world, "/suplente 2"))


def _asked(world: World, text: str) -> list[dict[str, str]]:
    world.say("coordinator", text)
    return world.last("coordinator").buttons


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
