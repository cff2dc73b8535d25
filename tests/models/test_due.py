"""What falls due when and whose it is: the same as the figures say, and nobody named who may not be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, insert, select, update

from models import people
from models.due import due, missing
from models.figures import Scope, current_plan, figures
from models.obligations import Obligation
from models.offices import Office
from models.people import Membership, Person
from models.responsible import responsible
from models.visit import Visit
from tests.support.world import RULES, START, open_world, person

MAY = date(2022, 5, 24)
DAYS = (date(2022, 4, 1), date(2022, 6, 30))
SCOPES = [
    Scope(), Scope("subcomponent", 1), Scope("activity", 6), Scope("office", code="prensa"),
    Scope("office", code="agricultura"), Scope("activity", 6, "agricultura"), Scope("subcomponent", 2, "tic"),
]  # fmt: skip


@pytest.fixture(params=["sqlite", "postgres"])
def connection(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Connection]:
    world = open_world(request.param, tmp_path)
    with world.database.begin() as connection:
        for code, reported, verified in (("A04-2022-02", 2, 1), ("A01-2022-T1", 1, 1), ("A18-2022-T1", 1, 1)):
            same = update(Obligation).where(Obligation.code == code)
            connection.execute(same.values(reported=reported, verified=verified))
        yield connection
    world.close()


def plan(connection: Connection) -> int:
    found = current_plan(connection)
    assert found
    return found.id


def visit(connection: Connection, address: str) -> Visit:
    return Visit(connection, people.who(connection, "web", address, START, "es"), START, START, RULES.zone)


def office(connection: Connection, code: str) -> int:
    return connection.execute(select(Office.id).where(Office.code == code)).scalar_one()


@pytest.mark.parametrize("scope", SCOPES)
def test_what_is_missing_is_what_the_figures_leave(connection: Connection, scope: Scope) -> None:
    found = figures(connection, scope, MAY)
    assert found is not None
    every = due(connection, plan(connection), scope)
    assert (sum(one.units for one in every), missing(every)) == (
        found.total.units,
        found.total.units - found.total.done,
    )
    late = due(connection, plan(connection), replace(scope, days=(date.min, MAY)))
    assert missing(late) == found.total.due - found.total.done_due


def test_the_days_of_a_scope_bound_it_and_both_count(connection: Connection) -> None:
    rows = due(connection, plan(connection), Scope("activity", 4, days=(date(2022, 2, 28), date(2022, 4, 30))))
    assert [(one.period, one.units, one.done, one.missing) for one in rows] == [
        ("2022-02", 2, 2, 0), ("2022-03", 2, 0, 2), ("2022-04", 2, 0, 2),
    ]  # fmt: skip
    assert {(one.office, one.short, one.code) for one in rows} == {
        ("Oficina de Prensa y Comunicaciones", "Prensa", "prensa")
    }


def test_a_unit_of_which_only_one_step_is_done_is_missing(connection: Connection) -> None:
    rows = due(connection, plan(connection), Scope("activity", 18, days=(date.min, MAY)))
    assert [(one.done, one.missing) for one in rows] == [(0, 1)]


def test_what_was_withdrawn_is_not_due(connection: Connection) -> None:
    connection.execute(update(Obligation).where(Obligation.code == "A04-2022-03").values(withdrawn_at=START))
    assert "2022-03" not in {one.period for one in due(connection, plan(connection), Scope("activity", 4))}


def test_figures_of_some_days_hold_the_periods_that_end_in_them(connection: Connection) -> None:
    quarter = figures(connection, Scope("activity", 18, days=(date(2022, 1, 1), date(2022, 3, 31))), MAY)
    assert quarter is not None  # its report falls due on 18 April
    assert quarter.total.units == 1
    june = figures(connection, Scope("office", code="prensa", days=(date(2022, 6, 1), date(2022, 6, 30))), MAY)
    assert june is not None
    assert {part.number: part.counts.units for part in june.parts} == {1: 1, 2: 2, 3: 1, 4: 2, 5: 1, 8: 1, 9: 2}
    december = figures(connection, Scope("activity", 6, days=(date(2022, 12, 1), date(2022, 12, 31))), MAY)
    assert december is not None  # it has no period: it falls due then
    assert december.total.units == 100
    assert figures(connection, Scope("activity", 12, days=DAYS), MAY) is None


def test_all_quarters_are_the_year(connection: Connection) -> None:
    whole = figures(connection, Scope(), MAY)
    starts = [date(2022, month, 1) for month in (1, 4, 7, 10)]
    ends = [date(2022, month, 1) - timedelta(days=1) for month in (4, 7, 10)] + [date(2023, 12, 31)]
    parts = [figures(connection, Scope(days=days), MAY) for days in zip(starts, ends, strict=True)]
    assert whole is not None
    assert sum(part.total.units for part in parts if part) == whole.total.units


def test_official_is_what_was_verified(connection: Connection) -> None:
    found = figures(connection, Scope("activity", 4), MAY)
    assert found is not None
    official = found.total.official
    assert (found.total.to_date, official.to_date) == (33, 16)
    assert (official.done, official.done_due, official.units) == (1, 1, 22)


def test_officers_are_named_to_those_who_may_know_them(connection: Connection) -> None:
    press, tic, farming = (office(connection, code) for code in ("prensa", "tic", "agricultura"))
    every = (press, tic, farming, None)
    assert {one.name for one in responsible(visit(connection, "coordinator"), every)[press]} == {"Ana Lucía Ortega"}
    assert set(responsible(visit(connection, "auditor"), every)) == {press, tic, farming}
    assert set(responsible(visit(connection, "officer"), every)) == {press}
    assert responsible(visit(connection, "citizen"), every) == {}
    assert responsible(visit(connection, "coordinator"), (farming,)) == {farming: []}


def test_a_head_knows_the_own_office_and_no_former_officer_is_named(connection: Connection) -> None:
    press = office(connection, "prensa")
    person(connection, "head", "Julia Paz", "head", "prensa")
    assert [one.name for one in responsible(visit(connection, "head"), (press,))[press]] == ["Ana Lucía Ortega"]
    ana = select(Person.id).where(Person.name == "Ana Lucía Ortega").scalar_subquery()
    connection.execute(update(Membership).where(Membership.person_id == ana).values(until=START))
    assert responsible(visit(connection, "head"), (press,)) == {press: []}
    connection.execute(insert(Membership).values(person_id=ana, role="head", office_id=press, since=START))
    assert responsible(visit(connection, "head"), (press,)) == {press: []}


def test_one_statement_each_and_no_report_is_read(connection: Connection) -> None:
    seen: list[str] = []
    event.listen(connection, "before_cursor_execute", lambda *args: seen.append(args[2]))
    due(connection, 1, Scope("office", code="prensa", days=DAYS))
    assert len(seen) == 1
    assert "reports" not in seen[0]
    assert "people" not in seen[0]
