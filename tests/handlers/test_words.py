"""What people mean by plain words, and with what argument."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from handlers.citizen.status import STATUS
from handlers.table import CONVERSATIONS, exactly, meant
from models import people
from models.visit import Visit
from tests.support.world import RULES, START, World, open_world


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = open_world("sqlite", tmp_path_factory.mktemp("world"))
    yield world
    world.close()


def asked(world: World, person: str, text: str) -> tuple[str, str]:
    with world.database.begin() as connection:
        who = people.who(connection, "web", person, START, "es")
        entry, argument = meant(text, Visit(connection, who, START, START, RULES.zone))
    return entry.name if entry else "", argument


@pytest.mark.parametrize(
    ("text", "argument"),
    [
        ("cuánto vamos", ""),
        ("como va la cosa", ""),
        ("¿Cómo vamos?", ""),
        ("cómo va prensa", "prensa"),
        ("y como va lo de la prensa", "prensa"),
        ("cómo va la Secretaría de Agricultura", "secretaria de agricultura"),
        ("muestreme la 6 por dependencia", "6 por dependencia"),
        ("muéstreme la actividad 4", "actividad 4"),
        ("cuánto llevamos en la 6", "6"),
        ("ver el subcomponente 2", "subcomponente 2"),
        ("stado del plan", ""),
    ],
)
def test_everyone_asks_for_the_status(world: World, text: str, argument: str) -> None:
    assert asked(world, "citizen", text) == ("status", argument)


@pytest.mark.parametrize("text", ["muéstreme la foto", "deme el corte a 30 de abril", "la 4", "xyz"])
def test_other_words_do_not(world: World, text: str) -> None:
    assert asked(world, "citizen", text)[0] != "status"


@pytest.mark.parametrize(("text", "argument"), [("ya publiqué la 1", "1"), ("reportar la 4", "4"), ("ya publique", "")])
def test_an_officer_reports_and_a_citizen_cannot(world: World, text: str, argument: str) -> None:
    assert asked(world, "officer", text) == ("report", argument)
    assert asked(world, "citizen", text)[0] != "report"


@pytest.mark.parametrize(
    ("text", "name", "argument"),
    [
        ("hola", "welcome", ""),
        ("ayuda", "help", ""),
        ("english", "language", "en"),
        ("Español", "language", "es"),
        ("ya no soy de la gobernación", "leave", ""),
        ("me cambiaron de dependencia", "leave", ""),
    ],
)
def test_other_wishes_are_understood(world: World, text: str, name: str, argument: str) -> None:
    assert asked(world, "officer", text) == (name, argument)


def test_likeness_alone_is_not_beyond_doubt(world: World) -> None:
    with world.database.begin() as connection:
        who = people.who(connection, "web", "citizen", START, "es")
        visit = Visit(connection, who, START, START, RULES.zone)
        assert exactly("semafro", visit) == (None, "")
        assert meant("semafro", visit) == (STATUS, "")


def test_no_phrase_means_two_things() -> None:
    phrases = [phrase for conversation in CONVERSATIONS for phrase in conversation.phrases]
    assert len(phrases) == len(set(phrases))
