"""A simulated year keeps every rule, is the same for the same seed, and its inspector sees what is wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, text

from bot.simulation.cast import bundled_plan
from bot.simulation.inspection import Breaches, Seen, inspect
from bot.simulation.tally import tally
from bot.simulation.year import Lived, live

ZONE = ZoneInfo("America/Bogota")
NONE = Breaches()


def lived_through(seed: int, until: date | None = None) -> Lived:
    return asyncio.run(live(bundled_plan(2022, 5, 1), seed, ZONE, lambda done, of: None, until))


@pytest.fixture(scope="module")
def lived() -> Iterator[Lived]:
    one = lived_through(7)
    yield one
    one.world.close()


def test_every_rule_is_kept_and_much_happens(lived: Lived) -> None:
    assert inspect(lived) == NONE
    table = dict(tally(lived, NONE))
    assert table["Entregables"].endswith("(128 unidades)")  # 77 + 11 topics + 8 for each office
    assert int(table["Avances"]) > 80
    assert int(table["Escalamientos a jefaturas y coordinación"]) > 0
    for what in ("repetidos", "omitidos", "fuera de hora", "sobre algo ya hecho"):
        assert table[f"Faltas: {what}"] == "0"


def test_the_same_seed_gives_the_same_table() -> None:
    one, same, other = (lived_through(seed, date(2022, 4, 8)) for seed in (7, 7, 8))
    assert tally(one, NONE) == tally(same, NONE) != tally(other, NONE)
    for each in (one, same, other):
        each.world.close()


NUDGE = "(SELECT delivery_id FROM nudges WHERE state = 'told' ORDER BY id LIMIT 1)"


@pytest.mark.parametrize(
    ("damage", "seen"),
    [
        (f"UPDATE deliveries SET state = 'skipped' WHERE id = {NUDGE}", "missed"),
        ("DELETE FROM nudges WHERE escalated", "missed"),
        ("UPDATE deliveries SET kind = 'notice' WHERE kind = 'summary'", "missed"),
        ("DELETE FROM deliveries WHERE id = (SELECT max(id) FROM deliveries WHERE kind = 'answer')", "missed"),
        ("UPDATE reports SET received_at = '2022-01-02 12:00:00'", "moot"),
        ("UPDATE nudges SET delivery_id = (SELECT max(delivery_id) FROM nudges) WHERE step < 0", "moot"),
        ("UPDATE deliveries SET kind = 'nudge' WHERE kind = 'notice'", "twice"),
        ("UPDATE deliveries SET kind = 'nudge' WHERE kind = 'answer'", "at_night"),
    ],
)  # fmt: skip
def test_the_inspector_sees_what_is_wrong(lived: Lived, damage: str, seen: str) -> None:
    found: list[str] = []

    def damaged(connection: Connection) -> None:
        connection.execute(text(damage))
        found.extend(getattr(Seen(connection, lived), seen)())
        raise Looked  # nothing of the damage is kept

    with pytest.raises(Looked):
        lived.world.store.run(damaged)
    assert found


class Looked(Exception):
    """Seen enough."""
