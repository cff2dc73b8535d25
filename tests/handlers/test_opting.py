"""The words that stop and start, and what becomes of what was on its way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from handlers.everyone.opting import RESUME, STOP, opted
from models import story
from models.deliveries import Delivery
from models.obligations import Obligation
from models.people import Contact, Person
from tests.handlers.talking import MAY
from tests.scheduler.clock import at, only, tick, told
from tests.support.world import World, open_world, photo

ANA = "Ana Lucía Ortega"


@pytest.fixture(params=["sqlite", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    one = open_world(request.param, tmp_path)
    yield one
    one.close()


@pytest.mark.parametrize(
    "text",
    ["BAJA", "baja", "¡Alto!", "Stop.", "/stop", "/baja", "darme de baja", "No más mensajes", "por favor no más avisos",
     "STOP please", "Unsubscribe"],
)  # fmt: skip
def test_words_that_stop(text: str) -> None:
    assert opted(text) is STOP


@pytest.mark.parametrize("text", ["ALTA", "alta", "volver a recibir", "START", "darme de alta, por favor"])
def test_words_that_start(text: str) -> None:
    assert opted(text) is RESUME


@pytest.mark.parametrize(
    "text",
    ["", "se dio de baja un contrato", "la baja", "alto rendimiento", "en alta mar", "no más", "bajas", "rebaja",
     "/start", "/start K7QM", "prioridad alta", "no", "mensajes", "restart"],
)  # fmt: skip
def test_within_other_words_they_mean_nothing(text: str) -> None:
    assert opted(text) is None


def test_a_photo_with_such_a_caption_is_a_photo(world: World) -> None:
    world.say("officer", "baja", files=(photo(),))
    assert "Recibí su soporte" in world.last("officer").text
    assert world.rows(select(Contact.id).where(Contact.muted_at.is_not(None))) == []


def test_a_nudge_on_its_way_is_not_sent_and_the_story_says_why(world: World) -> None:
    only(world, MAY)
    assert tick(world, "2022-05-31") == {"officer"}
    world.now = at("2022-05-31", "09:00")
    world.say("officer", "BAJA")
    assert tick(world, "2022-05-31", "10:00") == set()
    assert told(world) == [(MAY, ANA, 0, "skipped", "no hay por dónde escribirle")]
    with world.database.begin() as connection:
        obligation = connection.execute(select(Obligation.id).where(Obligation.code == MAY)).scalar_one()
        ana = connection.execute(select(Person.id).where(Person.name == ANA)).scalar_one()
        chapters = story.story(connection, obligation, ana)
    assert [(one.what, one.details.get("reason", "")) for one in chapters] == [
        ("planned", "no hay por dónde escribirle"), ("message", "pidió no recibir avisos"),
        ("skipped", "no hay por dónde escribirle"),
    ]  # fmt: skip


def test_a_nudge_on_its_way_goes_to_the_other_chat(world: World) -> None:
    only(world, MAY)
    with world.database.begin() as connection:
        ana = connection.execute(select(Person.id).where(Person.name == ANA)).scalar_one()
        phone = {"channel": "telegram", "address": "77", "since": at("2022-01-02")}
        connection.execute(insert(Contact).values(person_id=ana, **phone))
    assert tick(world, "2022-05-31") == {"officer"}
    world.now = at("2022-05-31", "09:00")
    world.say("officer", "BAJA")
    assert "En su otro chat siguen llegando" in world.last("officer").text
    assert tick(world, "2022-05-31", "10:00") == {"77"}
    notices = select(Delivery.id).where(Delivery.kind == "notice")
    assert world.rows(notices) == []  # nobody has to look for her


def test_nobody_hears_of_a_citizen_who_wants_nothing(world: World) -> None:
    world.say("citizen", "BAJA")
    assert world.last("citizen").text.endswith("escriba ALTA.")
    assert world.rows(select(Delivery.id).where(Delivery.kind == "notice")) == []
