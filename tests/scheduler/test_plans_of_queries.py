"""However many obligations there are, what the clock asks every minute is found through indexes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event, insert, select, text

from models import ladders
from models.obligations import Obligation, Ownership
from models.offices import Office
from models.people import Contact, Membership, Person
from plans.calendar import Calendar
from tests.scheduler.clock import at, read, tick
from tests.support.world import World, open_world

OFFICES, OWED = 120, 6_000
# Tables that stay small (roles: a few a person), and what a query has made for itself.
SMALL = (
    "memberships",
    "plans",
    "due",
    "runs",
    "one",
    "CONSTANT",
    "precedences",
    "leaves",
    "anon_",
    "subquery",
    "(",
    "preferences",
    "blockers",
)

WHOLE = {"sqlite": re.compile(r"^SCAN (\S+)(?!\S)(?!.* INDEX)"), "postgres": re.compile(r"Seq Scan on (\S+)")}


@pytest.fixture(params=["sqlite", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    one = open_world(request.param, tmp_path)
    _fill(one)
    yield one
    one.close()


def _fill(world: World) -> None:
    """Many offices with an officer each, and far more obligations than are due about today."""
    now = at("2022-01-03")
    calendar = Calendar()
    with world.database.begin() as connection:
        like = connection.execute(select(Obligation.__table__).where(Obligation.code == "A04-2022-05")).one()._asdict()
        codes = [f"x{n}" for n in range(OFFICES)]
        blank = {"aliases": [], "dependency": False}
        connection.execute(insert(Office), [{"code": code, "name": code, **blank} for code in codes])
        ids = select(Office.id).where(Office.code.in_(codes)).order_by(Office.id)
        offices = list(connection.execute(ids).scalars())
        connection.execute(insert(Person), [{"name": code, "status": "member", "created_at": now} for code in codes])
        ids = select(Person.id).where(Person.name.in_(codes)).order_by(Person.id)
        people = list(connection.execute(ids).scalars())
        reached = [{"person_id": who, "channel": "web", "address": f"x{who}", "since": now} for who in people]
        connection.execute(insert(Contact), reached)
        held = [
            {"person_id": who, "role": "officer", "office_id": office, "since": now}
            for who, office in zip(people, offices, strict=True)
        ]
        connection.execute(insert(Membership), held)
        days = [calendar.add_business_days(at("2020-01-02").date(), n) for n in range(0, 900, 3)]
        rows = [
            {**like, "id": 10_000 + n, "code": f"X{n}", "warn": days[n % 300], "due": days[n % 300],
             "starts": days[0], "reported": 2 if n % 40 else 0}
            for n in range(OWED)
        ]  # fmt: skip
        connection.execute(insert(Obligation), rows)
        leads = [
            {"office_id": offices[n % OFFICES], "obligation_id": 10_000 + n, "part": "lead"} for n in range(OWED)
        ]  # fmt: skip
        connection.execute(insert(Ownership), leads)
    if not world.database.sqlite:
        with world.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))


def test_the_minute_reads_no_table_whole(world: World) -> None:
    tick(world, "2022-05-27")
    read(world)
    asked: dict[str, object] = {}

    def note(_connection, _cursor, statement, parameters, _context, many) -> None:
        if not many and re.match(r"(WITH|SELECT|UPDATE)", statement):
            asked.setdefault(statement, tuple(parameters) if isinstance(parameters, list) else parameters)

    event.listen(world.database.engine, "before_cursor_execute", note)
    assert tick(world, "2022-05-31")
    event.remove(world.database.engine, "before_cursor_execute", note)
    assert len(asked) > 8
    explain = "EXPLAIN QUERY PLAN " if world.database.sqlite else "EXPLAIN "
    whole = WHOLE["sqlite" if world.database.sqlite else "postgres"]
    scanned = set()
    with world.database.begin() as connection:
        if not world.database.sqlite:
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        for statement, parameters in asked.items():
            plan = [row[-1] for row in connection.exec_driver_sql(explain + statement, parameters)]
            scanned |= {found[1] for line in plan if (found := whole.search(line))}
    assert {name for name in scanned if not name.startswith(SMALL)} == set()


def test_obligations_are_read_along_the_ladder(world: World) -> None:
    calendar = Calendar()
    far = ladders.reached(1, (-10, -3, 0, 1, 5), calendar, at("2022-05-31").date())
    statements: list[tuple[str, object]] = []
    event.listen(world.database.engine, "before_cursor_execute", lambda *args: statements.append((args[2], args[3])))
    with world.database.begin() as connection:
        for page in ladders.pages(connection, far):
            ladders.lacks(connection, far, page)
        asked = [one for one in statements if "obligations" in one[0]]
        explain = "EXPLAIN QUERY PLAN " if world.database.sqlite else "EXPLAIN "
        for statement, parameters in asked:
            plan = "\n".join(row[-1] for row in connection.exec_driver_sql(explain + statement, parameters))
            assert "ix_obligations_ladder" in plan
    assert len(asked) == 2
