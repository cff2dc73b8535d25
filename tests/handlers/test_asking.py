"""What people mean when they ask about the plan, and what of it holds together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from sqlalchemy import update

from conversation.understanding import fold
from handlers.scopes import Asked, Unclear, read
from handlers.spans import days_in, days_in_words, days_of, key_of
from handlers.table import exactly
from models import people, questions
from models.directory import Directory, directory
from models.obligations import Obligation
from models.visit import Visit
from tests.support.world import RULES, START, World, open_world

TODAY = date(2022, 5, 24)  # Tuesday
APRIL = (date(2022, 4, 1), date(2022, 4, 30))
SPRING = (date(2022, 4, 1), date(2022, 6, 30))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = open_world("sqlite", tmp_path_factory.mktemp("world"))
    yield world
    world.close()


@pytest.fixture(scope="module")
def names(world: World) -> Directory:
    with world.database.begin() as connection:
        found = directory(connection)
    assert found
    return found


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("", Asked()),
        ("todo el plan", Asked()),
        ("la entidad", Asked()),
        ("prensa", Asked(office="prensa")),
        ("la presna", Asked(office="prensa")),
        ("secretaria de agricutura", Asked(office="agricultura")),
        ("obras", Asked(office="infra")),
        ("derechos umanos", Asked(office="paz")),
        ("subsecretaria de paz", Asked(office="paz")),
        ("sub 2", Asked(subcomponent=2)),
        ("el subcomponente dos", Asked(subcomponent=2)),
        ("la 6 por dependencia", Asked(activity=6)),
        ("actividad quince", Asked(activity=15)),
        ("la agenda de diálogos", Asked(activity=2)),
        ("los boletins de paz", Asked(activity=22)),
        ("6 de prensa en abril", Asked(activity=6, office="prensa", days=APRIL)),
        ("segundo trimestre", Asked(days=SPRING)),
        ("prensa el mes pasado", Asked(office="prensa", days=APRIL)),
        ("sub 1 pag 2", Asked(subcomponent=1, page=2)),
        ("99", Unclear()),
        ("sub 4", Unclear()),
        ("la luna", Unclear()),
        ("informe", Unclear((Asked(activity=7), Asked(activity=9), Asked(activity=18), Asked(activity=21)))),
    ],
)
def test_words_name_what_there_is(names: Directory, text: str, asked: Asked | Unclear) -> None:
    assert read(text, names, TODAY) == asked


def test_a_name_that_several_have_is_each_of_them(names: Directory) -> None:
    meant = read("secretaría en abril", names, TODAY)
    assert isinstance(meant, Unclear)
    assert {asked.days for asked in meant.meant} == {APRIL}
    assert {"hacienda", "agricultura"} < {asked.office for asked in meant.meant}


WHEN = some.tuples(some.dates(date(2022, 1, 1), date(2022, 6, 1)), some.dates(date(2022, 6, 1), date(2023, 1, 31)))
PERIODS = some.sampled_from([days_of(key) for key in ("2022-02", "2022-T4", "2022-S1", "2022-B3", "2022-C2")])


@settings(deadline=None, max_examples=60)
@given(some.data())
def test_the_words_of_a_button_mean_what_it_was_made_for(names: Directory, data: some.DataObject) -> None:
    asked = data.draw(
        some.builds(
            Asked,
            activity=some.sampled_from([0, *names.activities]),
            office=some.sampled_from(["", *names.offices]),
            days=some.none() | WHEN | PERIODS,
            page=some.integers(1, 9),
        )
    )
    if not asked.activity:
        asked = replace(asked, subcomponent=data.draw(some.sampled_from([0, *names.subcomponents])))
    assert read(asked.words, names, TODAY) == asked


@settings(deadline=None, max_examples=40)
@given(some.text(max_size=60))
def test_any_words_can_be_read(names: Directory, text: str) -> None:
    assert isinstance(read(text, names, TODAY), Asked | Unclear)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("abril de 2021", "2021-04-01", "2021-04-30"),
        ("en setiembre", "2022-09-01", "2022-09-30"),
        ("este mes", "2022-05-01", "2022-05-31"),
        ("el trimestre pasado", "2022-01-01", "2022-03-31"),
        ("primer semestre", "2022-01-01", "2022-06-30"),
        ("hoy", "2022-05-24", "2022-05-24"),
        ("mañana", "2022-05-25", "2022-05-25"),
        ("esta semana", "2022-05-23", "2022-05-29"),
        ("la próxima semana", "2022-05-30", "2022-06-05"),
        ("en los próximos 15 días", "2022-05-24", "2022-06-08"),
        ("2022-T2", "2022-04-01", "2022-06-30"),
    ],
)
def test_days_are_told_in_many_ways(text: str, first: str, last: str) -> None:
    days, rest = days_in(fold(text), 2022, TODAY)
    assert days == (date.fromisoformat(first), date.fromisoformat(last))
    assert rest.split() == []


@pytest.mark.parametrize("text", ["trimestre 5", "2022-13", "2022-05-30 2022-05-24", "2022-02-30 2022-03-01", "mayor"])
def test_days_that_are_none_are_left_alone(text: str) -> None:
    assert days_in(fold(text), 2022, TODAY)[0] is None


def test_days_are_named_by_their_period_where_there_is_one() -> None:
    assert key_of(APRIL) == "2022-04"
    assert days_in_words(SPRING) == days_in_words((date(2021, 4, 1), date(2021, 6, 30)))
    assert key_of((TODAY, TODAY)) == "2022-05-24 2022-05-24"


@pytest.mark.parametrize(
    ("text", "name", "argument"),
    [
        ("que esta vencido", "overdue", ""),
        ("¿Qué está vencido en prensa?", "overdue", "en prensa"),
        ("los vencidos de agricultura", "overdue", "de agricultura"),
        ("qué se nos vence esta semana", "due_soon", "esta semana"),
        ("qué vence en junio", "due_soon", "en junio"),
        ("quien no ha reportado", "missing", ""),
        ("¿quiénes faltan por reportar en mayo?", "missing", "en mayo"),
        ("qué dependencias no han reportado", "missing", ""),
        ("y agricultura?", "follow_up", "agricultura"),
        ("y en abril", "follow_up", "en abril"),
        ("¿y quién falta?", "follow_up", "quien falta"),
        ("how is press doing", "status", "press"),
    ],
)
def test_each_question_is_understood(world: World, text: str, name: str, argument: str) -> None:
    assert _exactly(world, text) == (name, argument)


@pytest.mark.parametrize("text", ["quién ha reportado", "cuando se vence lo de la audiencia", "y", "vence"])
def test_other_words_ask_something_else(world: World, text: str) -> None:
    assert _exactly(world, text)[0] not in ("overdue", "due_soon", "missing", "follow_up")


def _exactly(world: World, text: str) -> tuple[str, str]:
    with world.database.begin() as connection:
        who = people.who(connection, "web", "coordinator", START, "es")
        entry, argument = exactly(text, Visit(connection, who, START, START, RULES.zone), talking=False)
    return entry.name if entry else "", argument


def test_beside_an_open_question_only_what_was_just_asked_is_added_to(world: World) -> None:
    with world.database.begin() as connection:
        who = people.who(connection, "web", "coordinator", START, "es")
        for minutes, name in ((30, None), (1, "follow_up")):
            questions.keep(connection, who.id, "/estado prensa", START - timedelta(minutes=minutes))
            entry, _argument = exactly("y agricultura?", Visit(connection, who, START, START, RULES.zone))
            assert (entry and entry.name) == name


def test_every_button_of_every_answer_leads_somewhere(tmp_path_factory: pytest.TempPathFactory) -> None:
    """From the whole plan on, whatever is tapped answers with figures, at most ten buttons, and a way back."""
    world = open_world("sqlite", tmp_path_factory.mktemp("walk"))
    with world.database.begin() as connection:
        connection.execute(update(Obligation).where(Obligation.code < "A09").values(reported=Obligation.target))
    seen, ahead = set(), ["/estado", "/quien_falta", "/actividad 15", "/vencidos", "/por_vencer 60 dias", "/estado 6"]
    while ahead and len(seen) < 60:
        command = ahead.pop(0)
        if command in seen or command.startswith("/seguir"):
            continue
        seen.add(command)
        world.say("coordinator", tap=command)
        answer = world.last("coordinator")
        assert "No lo encontré" not in answer.text, command
        assert 0 < len(answer.buttons) <= 10, command
        assert len({button["label"] for button in answer.buttons}) == len(answer.buttons), command
        ahead += [button["tap"] for button in answer.buttons]
    world.close()
    assert {"/estado 15 despacho", "/avances 6", "/vencidos comunitario"} <= seen | set(ahead)
