"""A turn costs at most twelve SQL statements, whatever the size of the history."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import event, insert, select

from models.obligations import Obligation
from models.people import Person
from models.reports import Report
from tests.support.transcripts import play
from tests.support.world import START, World, open_world

MOST = 12
SCRIPTS = Path(__file__).resolve().parents[1] / "transcripts"


# Transcripts that take everything else for done, or play in a world of their own.
APART = (
    "nudge_answers", "leave", "decisions", "summary", "review", "review_last", "review_many", "ask", "ask_reports",
    "take_part", "act", "act_plan", "act_remind", "close", "subscribe", "events", "hide",
)  # fmt: skip
ALONE = [(name,) for name in APART]
TOGETHER = ("correct", "enrol", "status", "report")


@pytest.mark.parametrize(
    ("history", "scripts"), [(1, TOGETHER), (100_000, TOGETHER), *((100_000, alone) for alone in ALONE)]
)
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_turn_costs_few_statements(
    kind: str, history: int, scripts: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = open_world(kind, tmp_path)
    _fill(world, history)
    counted: list[str] = []
    turns: list[int] = []

    def say(self: World, *args, **kwargs):
        counted.clear()
        try:
            return spoken(self, *args, **kwargs)
        finally:
            turns.append(len(counted))
            assert len(counted) <= MOST, "\n".join(counted)

    spoken = World.say
    monkeypatch.setattr(World, "say", say)
    event.listen(world.database.engine, "before_cursor_execute", lambda *args: counted.append(args[2]))
    for script in scripts:
        play(world, SCRIPTS / f"{script}.txt", queries=scripts is not TOGETHER)
    assert max(turns) > 8  # the counter counts
    world.close()


def _fill(world: World, count: int) -> None:
    """Reports of earlier times by somebody else, all of them superseded."""
    with world.database.begin() as connection:
        author = connection.execute(select(Person.id).where(Person.name == "Jairo Benavides")).scalar_one()
        found = select(Obligation.id, Obligation.plan_id).where(Obligation.code == "A09-2022-S1")
        obligation = connection.execute(found).one()
        rows = [
            {
                "plan_id": obligation.plan_id, "obligation_id": obligation.id, "folio": f"A09-2022-S1-{n:06}",
                "version": 1, "state": "superseded", "quantity": 1, "item": "",
                "account": "Informe", "done_on": date(2022, 4, 1), "author_id": author,
                "channel": "web", "sent_at": START, "received_at": START,
            }
            for n in range(count)
        ]  # fmt: skip
        connection.execute(insert(Report), rows)
