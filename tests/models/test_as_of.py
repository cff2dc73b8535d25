"""What was known on a day, asked later, is what was known on that day."""

from __future__ import annotations

import re
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import event, select, text

from models.as_of import as_of, parts_of
from models.figures import Scope, figures
from models.obligations import Obligation
from models.plan import Plan
from tests.support.histories import end_of, live
from tests.support.world import World

SCOPES = (Scope(), Scope("subcomponent", 1), Scope("activity", 6), Scope("activity", 4), Scope("office", code="prensa"))


def now_owed(world: World) -> dict[str, tuple[Any, ...]]:
    """By code, what is owed and counted at the moment, as the plan keeps it."""
    wanted = select(
        Obligation.code, Obligation.target, Obligation.units, Obligation.due, Obligation.provisional,
        Obligation.reported, Obligation.verified,
    ).where(Obligation.withdrawn_at.is_(None))  # fmt: skip
    return {row[0]: tuple(row[1:]) for row in world.rows(wanted)}


@pytest.mark.parametrize("seed", [1, 2])
def test_every_day_of_a_history(world: World, seed: int) -> None:
    chance, days, known = Random(seed), [], {}
    for _day in range(12):
        world.now = world.now.replace(hour=13, minute=0) + timedelta(days=1)
        live(world, chance, 9)
        day = world.now.astimezone(end_of(world.now.date()).tzinfo).date()
        days.append(day)
        owed = now_owed(world)
        with world.database.begin() as connection:
            known[day] = (owed, [figures(connection, scope, day) for scope in SCOPES])
    assert len({str(found) for found, _figures in known.values()}) > 10  # something happened nearly every day
    with world.database.begin() as connection:
        plan_id = connection.execute(select(Plan.id)).scalar_one()
        for day in days:
            rows = as_of(connection, plan_id, end_of(day))
            then = {
                row.code: (row.target, row.units, row.due, row.provisional, row.reported, row.verified) for row in rows
            }
            assert then == known[day][0], day
            for scope, found in zip(SCOPES, known[day][1], strict=True):
                assert found
                parts = parts_of(as_of(connection, plan_id, end_of(day), scope), scope, day)
                assert sum((part.counts for part in parts), start=type(found.total)(0, 0, 0, 0, 0, 0)) == found.total
                if scope.kind in ("plan", "subcomponent", "office"):
                    assert parts == found.parts, (day, scope)


def test_it_is_one_statement_and_reads_no_other_time(world: World) -> None:
    live(world, Random(4), 60)
    counted: list[str] = []
    event.listen(world.database.engine, "before_cursor_execute", lambda *args: counted.append(args[2]))
    with world.database.begin() as connection:
        plan_id = connection.execute(select(Plan.id)).scalar_one()
        counted.clear()
        as_of(connection, plan_id, world.now)
        assert len(counted) == 1
        before = as_of(connection, plan_id, world.now - timedelta(days=30))
    assert before
    assert all(row.reported == row.verified == 0 for row in before)


def test_reports_and_reviews_of_other_plans_are_not_read(world: World) -> None:
    """By indexes only, however many there are."""
    live(world, Random(4), 60)
    asked: list[tuple[str, Any]] = []
    with world.database.begin() as connection:
        event.listen(connection, "before_cursor_execute", lambda *args: asked.append((args[2], args[3])))
        as_of(connection, 1, world.now)
        statement, parameters = asked[-1]
        if not world.database.sqlite:
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        explain = "EXPLAIN QUERY PLAN " if world.database.sqlite else "EXPLAIN "
        plan = "\n".join(row[-1] for row in connection.exec_driver_sql(explain + statement, parameters))
    whole = r"SCAN (reports|reviews|audit)\w*\b(?!.* INDEX)|Seq Scan on (reports|reviews|audit)"
    assert not re.search(whole, plan), plan
    # A join by a worked-out number would read all reviews there are, also with an index.
    assert "ix_reviews_report_id" in plan
