"""Reports as others read them: only those they may read, found by indexes however many there are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, insert, select, text

from models import people
from models.evidence import Evidence
from models.figures import Scope, figures
from models.filed import evidence_of, filed, one_filed
from models.obligations import Obligation
from models.people import Person
from models.plan import Plan
from models.reports import Report
from models.visit import Visit
from tests.support.world import RULES, START, World, open_world, person

MANY = 4_000
WHOLE = {
    "sqlite": re.compile(r"SCAN (reports\w*|evidence)\b(?!.* INDEX)"),
    "postgres": re.compile(r"Seq Scan on (reports|evidence)"),
}


@pytest.fixture(params=["sqlite", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    one = open_world(request.param, tmp_path)
    with one.database.begin() as connection:
        person(connection, "head", "Julia Paz", "head", "agricultura")
        for number, code in enumerate(("A04-2022-02", "A06-2022-AGRICULTURA", "A13-2022"), 1):
            add(connection, code, f"{code}-0001", "tic" if code == "A13-2022" else "officer", minutes=number)
    yield one
    one.close()


def add(connection: Connection, code: str, folio: str, author: str, version: int = 1, state: str = "reported",
        minutes: int = 0) -> int:  # fmt: skip
    owed = connection.execute(select(Obligation.id, Obligation.plan_id).where(Obligation.code == code)).one()
    author_id = who(connection, author).id
    told = {
        "plan_id": owed.plan_id, "obligation_id": owed.id, "folio": folio, "version": version, "state": state,
        "quantity": 1, "item": "", "account": "Hecho", "done_on": date(2022, 5, 20), "author_id": author_id,
        "channel": "web", "sent_at": START, "received_at": START + timedelta(minutes=minutes),
    }  # fmt: skip
    return connection.execute(insert(Report).values(told).returning(Report.id)).scalar_one()


def who(connection: Connection, address: str) -> people.Who:
    return people.who(connection, "web", address, START, "es")


def visit(connection: Connection, address: str) -> Visit:
    return Visit(connection, who(connection, address), START, START, RULES.zone)


@pytest.mark.parametrize(
    ("address", "folios"),
    [
        ("coordinator", ["A13-2022-0001", "A06-2022-AGRICULTURA-0001", "A04-2022-02-0001"]),
        ("auditor", ["A13-2022-0001", "A06-2022-AGRICULTURA-0001", "A04-2022-02-0001"]),
        ("officer", ["A06-2022-AGRICULTURA-0001", "A04-2022-02-0001"]),
        ("head", ["A06-2022-AGRICULTURA-0001"]),
        ("tic", ["A13-2022-0001", "A06-2022-AGRICULTURA-0001", "A04-2022-02-0001"]),
        ("citizen", []),
    ],
)
def test_everyone_reads_what_they_may(world: World, address: str, folios: list[str]) -> None:
    with world.database.begin() as connection:
        assert [one.folio for one in filed(visit(connection, address), Scope(), 0, 10)] == folios
        opened = [folio for folio in ("A04-2022-02-0001", "A06-2022-AGRICULTURA-0001", "A13-2022-0001")
                  if one_filed(visit(connection, address), folio)]  # fmt: skip
    assert sorted(folios) == opened


def test_who_left_an_office_still_reads_the_own_reports_and_no_others(world: World) -> None:
    with world.database.begin() as connection:
        people.leave(connection, who(connection, "officer").id, START)
        add(connection, "A05-2022-T1", "A05-2022-T1-0001", "coordinator")
        assert {one.author for one in filed(visit(connection, "officer"), Scope(), 0, 10)} == {"Ana Lucía Ortega"}


def test_a_scope_and_a_page_bound_the_list(world: World) -> None:
    with world.database.begin() as connection:
        seen = visit(connection, "coordinator")
        assert [one.folio for one in filed(seen, Scope("activity", 4), 0, 10)] == ["A04-2022-02-0001"]
        assert [one.folio for one in filed(seen, Scope("office", code="agricultura"), 0, 10)] == [
            "A06-2022-AGRICULTURA-0001"
        ]
        march = (date(2022, 3, 1), date(2022, 3, 31))
        assert filed(seen, Scope("activity", 4, days=march), 0, 10) == []
        assert [one.folio for one in filed(seen, Scope(), 1, 1)] == ["A06-2022-AGRICULTURA-0001"]


def test_of_a_report_the_newest_version_is_read(world: World) -> None:
    with world.database.begin() as connection:
        connection.execute(text("UPDATE reports SET state = 'returned' WHERE folio = 'A04-2022-02-0001'"))
        add(connection, "A04-2022-02", "A04-2022-02-0001", "officer", version=2, minutes=9)
        found = one_filed(visit(connection, "coordinator"), "A04-2022-02-0001")
        listed = filed(visit(connection, "coordinator"), Scope("activity", 4), 0, 10)
    assert found is not None
    assert (found.version, found.state) == (2, "reported")
    assert listed == [found]


def test_the_reports_of_an_older_plan_are_not_this_one_s(world: World) -> None:
    with world.database.begin() as connection:
        columns = [column for column in Plan.__table__.columns if column.name not in ("id", "slug", "year")]
        old = connection.execute(select(*columns)).one()._asdict()
        connection.execute(insert(Plan).values(slug="newer", year=2023, **old))
        assert filed(visit(connection, "coordinator"), Scope(), 0, 10) == []
        assert one_filed(visit(connection, "coordinator"), "A04-2022-02-0001") is None


def test_evidence_is_read_in_the_order_it_came(world: World) -> None:
    with world.database.begin() as connection:
        found = one_filed(visit(connection, "officer"), "A04-2022-02-0001")
        assert found is not None
        rows = [
            {
                "report_id": found.id, "kind": kind, "ref": ref, "name": "", "mime": "", "size": 1,
                "quarantined": kind == "photo", "channel": "web", "sent_at": START, "received_at": START,
            }
            for kind, ref in (("photo", "ab" * 32), ("link", "https://narino.gov.co"))
        ]  # fmt: skip
        connection.execute(insert(Evidence), rows)
        proof = evidence_of(connection, found)
    assert [(one.kind, one.ref, one.quarantined) for one in proof] == [
        ("photo", "ab" * 32, True), ("link", "https://narino.gov.co", False),
    ]  # fmt: skip


def test_however_many_there_are_none_is_read_whole(world: World) -> None:
    with world.database.begin() as connection:
        owed = connection.execute(select(Obligation.id, Obligation.plan_id)).all()
        author = connection.execute(select(Person.id).where(Person.name == "Jairo Benavides")).scalar_one()
        same = {
            "version": 1, "state": "reported", "quantity": 1, "item": "", "account": "",
            "done_on": date(2022, 5, 20), "author_id": author, "channel": "web", "sent_at": START,
            "received_at": START,
        }  # fmt: skip
        connection.execute(insert(Report), [
            {"plan_id": owed[n % len(owed)].plan_id, "obligation_id": owed[n % len(owed)].id, "folio": f"X{n}", **same}
            for n in range(MANY)
        ])  # fmt: skip
        connection.execute(text("ANALYZE"))
    asked: list[tuple[str, object]] = []
    with world.database.begin() as connection:
        seen = [visit(connection, address) for address in ("coordinator", "officer")]
        event.listen(connection, "before_cursor_execute", lambda *args: asked.append((args[2], args[3])))
        for one in seen:
            filed(one, Scope("activity", 4), 0, 8)
            filed(one, Scope("activity", 6, "agricultura"), 0, 8)
            found = one_filed(one, "A04-2022-02-0001")
            assert found is not None
            evidence_of(connection, found)
            figures(connection, Scope("office", code="prensa"), date(2022, 5, 24))
        explain = "EXPLAIN QUERY PLAN " if world.database.sqlite else "EXPLAIN "
        statements, asked = asked, []
        if not world.database.sqlite:
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        for statement, parameters in statements:
            plan = "\n".join(row[-1] for row in connection.exec_driver_sql(explain + statement, parameters))
            assert not WHOLE["sqlite" if world.database.sqlite else "postgres"].search(plan), plan
    assert len(statements) == 10
