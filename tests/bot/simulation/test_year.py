"""A simulated year keeps every rule, is the same for the same seed, and its inspector sees what is wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, text

from bot.simulation.cast import bundled_plan
from bot.simulation.inspection import LOOKS, Breaches, Seen, inspect
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
    faults = {what: found for what, found in table.items() if what.startswith("Faltas: ")}
    assert len(faults) == 7
    assert set(faults.values()) == {"0"}


def test_the_same_seed_gives_the_same_table() -> None:
    one, same, other = (lived_through(seed, date(2022, 4, 8)) for seed in (7, 7, 8))
    assert tally(one, NONE) == tally(same, NONE) != tally(other, NONE)
    for each in (one, same, other):
        each.world.close()


def one(where: str, which: str = "min") -> str:
    """Of the messages that left the first (or last) of which this holds."""
    return f"id = (SELECT {which}(id) FROM deliveries WHERE state = 'sent' AND {where})"


DROPPED = "UPDATE deliveries SET state = 'skipped' WHERE "
NUDGE = "id = (SELECT delivery_id FROM nudges WHERE state = 'told' ORDER BY id LIMIT 1)"
HEADS = "kind = 'summary' AND person_id IN (SELECT person_id FROM memberships WHERE role = 'head')"
NUDGED = "(SELECT person_id, date(created_at) AS day FROM deliveries WHERE kind = 'nudge' AND state = 'sent' LIMIT 1)"


@pytest.mark.parametrize(
    ("damage", "seen"),
    [
        (DROPPED + NUDGE, "missed"),
        ("DELETE FROM nudges WHERE escalated", "missed"),
        *((DROPPED + one(f"dedupe_key LIKE 'cutoff:%:{step}:%'", which), "cutoffs")
          for step in (-10, -3, 0) for which in ("min", "max")),
        (DROPPED + one("dedupe_key LIKE 'summary:%:week:%'", "max"), "summaries"),
        (DROPPED + one("dedupe_key LIKE 'summary:%:quarter:%'"), "summaries"),
        (DROPPED + one(HEADS), "summaries"),
        (DROPPED + one(HEADS, "max"), "summaries"),
        ("UPDATE deliveries SET dedupe_key = replace(dedupe_key, ':month:', ':week:')", "summaries"),
        ("DELETE FROM deliveries WHERE " + one("kind = 'answer'", "max"), "answers"),
        ("UPDATE reports SET received_at = '2022-01-02 12:00:00'", "moot"),
        ("UPDATE nudges SET delivery_id = (SELECT max(delivery_id) FROM nudges) WHERE step < 0", "moot"),
        ("UPDATE deliveries SET kind = 'nudge' WHERE kind = 'notice'", "twice"),
        ("UPDATE deliveries SET kind = 'nudge' WHERE kind = 'answer'", "at_night"),
        (f"INSERT INTO leaves (person_id, starts, ends, told_at) SELECT person_id, day, day, day FROM {NUDGED}",
         "at_night"),
        (f"INSERT OR REPLACE INTO preferences (person_id, hour, quiet) SELECT person_id, 8, 31 FROM {NUDGED}",
         "at_night"),
        (f"INSERT OR REPLACE INTO preferences (person_id, hour, quiet) SELECT person_id, 23, 0 FROM {NUDGED}",
         "at_night"),
    ],
)  # fmt: skip
def test_the_inspector_sees_what_is_wrong(lived: Lived, damage: str, seen: str) -> None:
    found: list[str] = []

    def damaged(connection: Connection) -> None:
        assert connection.execute(text(damage)).rowcount > 0
        found.extend(LOOKS[seen](Seen(connection, lived)))
        raise Looked  # nothing of the damage is kept

    with pytest.raises(Looked):
        lived.world.store.run(damaged)
    assert found


class Looked(Exception):
    """Seen enough."""
