"""What those who came thought, in numbers: told to who works on the event, and on its page once enough said it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from models import public, surveyed
from models.events import Event
from models.participation import Survey
from models.people import Person
from models.surveyed import Result
from tests.handlers.test_taking_part import event, talk
from tests.support.world import World, open_world

SAID = ((5, 4, "Más sillas"), (4, 4, ""), (3, 5, "Que empiecen a tiempo"), (5, 5, ""), (4, 2, ""))


@pytest.fixture(params=["sqlite", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    one = open_world(request.param, tmp_path)
    event(one)
    with one.database.begin() as connection:
        connection.execute(update(Event).values(state="held"))
    yield one
    one.close()


def say(world: World, *said: tuple[int, int, str]) -> None:
    with world.database.begin() as connection:
        number = connection.execute(select(Event.id)).scalar_one()
        for clear, heard, comment in said:
            one = insert(Person).values(name="Rosalba Nupán", created_at=world.now).returning(Person.id)
            connection.execute(insert(Survey).values(
                event_id=number, person_id=connection.execute(one).scalar_one(), clear=clear, heard=heard,
                comment=comment, at=world.now,
            ))  # fmt: skip


def test_of_few_only_their_number_is_told(world: World) -> None:
    assert "Encuesta: 0" not in talk(world, "coordinator", "/evento E0001")
    say(world, *SAID[:4])
    assert "Encuesta: 4 respuestas. El resultado se ve desde 5." in talk(world, "coordinator", "/evento E0001")
    with world.database.begin() as connection:
        number = connection.execute(select(Event.id)).scalar_one()
        assert surveyed.result(connection, number) == Result(4)
        assert public.opinion(connection, "E0001") is None


def test_of_enough_the_marks_are_told_without_names_or_words(world: World) -> None:
    say(world, *SAID)
    told = talk(world, "coordinator", "/evento E0001")
    assert "Encuesta: 5 respuestas.\nCómo se explicó: 4,2 de 5.\nCómo se escuchó: 4,0 de 5." in told
    assert "Dieron 4 o 5 en las dos: 3 de 5.\n2 personas dijeron qué debe cambiar." in told
    assert "sillas" not in told
    assert "Rosalba" not in told
    assert "Encuesta" not in talk(world, "citizen", "/evento E0001")
    with world.database.begin() as connection:
        assert public.opinion(connection, "E0001") == Result(5, 42, 40, 3, 2)
        assert public.opinion(connection, "E0009") is None


@pytest.mark.parametrize("state", ["proposed", "declined"])
def test_of_what_is_not_public_nothing_is_told(world: World, state: str) -> None:
    say(world, *SAID)
    with world.database.begin() as connection:
        connection.execute(update(Event).values(state=state))
        assert public.opinion(connection, "E0001") is None
