"""What a summary counts is what plain SQL counts, and a long history costs it nothing."""

from __future__ import annotations

import random
import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event, insert, select, text, update

from models import blockers, summary_times
from models.deliveries import Delivery
from models.obligations import Obligation
from models.offices import Office
from models.people import Person
from models.reports import Report
from models.summaries import Span, Summary, span_of, summary
from models.summary_times import Led, When
from tests.scheduler.clock import ZONE, at
from tests.support.world import World

TODAY = date(2022, 6, 1)
MAY = span_of("month", date(2022, 5, 9), ZONE)


def file(connection: Connection, code: str, when: str, *versions: tuple[str, int]) -> None:
    """A report through its versions (state, quantity), a day between them; what lives of it is counted."""
    kept = connection.execute(select(Obligation).where(Obligation.code == code)).one()
    author = connection.execute(select(Person.id).where(Person.name == "Ana Lucía Ortega")).scalar_one()
    folio = f"{code}-{kept.filed + 1:04}"
    rows = [
        {
            "plan_id": kept.plan_id, "obligation_id": kept.id, "folio": folio, "version": n, "state": state,
            "quantity": quantity, "item": "", "account": "Publicado", "done_on": date.fromisoformat(when),
            "author_id": author, "channel": "web", "sent_at": at(when), "received_at": at(when) + timedelta(days=n - 1),
        }
        for n, (state, quantity) in enumerate(versions, 1)
    ]  # fmt: skip
    connection.execute(insert(Report), rows)
    state, quantity = versions[-1]
    lives = quantity if state in ("reported", "verified") else 0
    connection.execute(
        update(Obligation)
        .where(Obligation.id == kept.id)
        .values(
            filed=kept.filed + 1, reported=kept.reported + lives,
            verified=kept.verified + (lives if state == "verified" else 0),
        )
    )  # fmt: skip


def of(world: World, span: Span = MAY, today: date = TODAY, *codes: str) -> Summary:
    with world.database.begin() as connection:
        offices = [Led(*row) for row in connection.execute(
            select(Office.id, Office.code, Office.name).where(Office.code.in_(codes)))]  # fmt: skip
        found = summary(connection, span, today, offices)
    assert found is not None
    return found


def test_what_moved_is_counted_once_however_often_it_was_corrected(world: World) -> None:
    with world.database.begin() as connection:
        file(connection, "A04-2022-02", "2022-04-30", ("verified", 1))  # before
        file(connection, "A04-2022-02", "2022-05-02", ("reported", 1))
        file(connection, "A04-2022-03", "2022-05-03", ("superseded", 2), ("superseded", 1), ("verified", 1))
        file(connection, "A04-2022-04", "2022-05-31", ("superseded", 1), ("reported", 2))  # corrected in June
        file(connection, "A04-2022-05", "2022-05-05", ("withdrawn", 1))
        file(connection, "A04-2022-05", "2022-05-06", ("returned", 1))
        file(connection, "A18-2022-T1", "2022-05-07", ("reported", 1))  # half of a unit
        file(connection, "A18-2022-T1", "2022-06-01", ("reported", 1))  # after
    moved = of(world).moved
    assert (moved.reports, moved.verified, moved.returned, moved.units) == (4, 1, 1, 4)
    assert [part.number for part, moved in of(world).parts if moved.reports] == [1, 3]
    june = of(world, span_of("month", TODAY, ZONE)).moved
    assert (june.reports, june.units) == (1, 1)


def test_the_figures_are_those_of_plain_sql(world: World) -> None:
    chance = random.Random(7)
    with world.database.begin() as connection:
        codes = list(connection.execute(select(Obligation.code).order_by(Obligation.code)).scalars())
        for code in codes[:160]:
            day = (date(2022, 4, 1) + timedelta(days=chance.randrange(75))).isoformat()
            state = chance.choice(["reported", "verified", "withdrawn", "returned"])
            corrected = (("superseded", 1),) if chance.random() < 0.4 else ()
            file(connection, code, day, *corrected, (state, 1))
        person, office = (connection.execute(select(kept.id).limit(1)).scalar_one() for kept in (Person, Office))
        open_ones = connection.execute(select(Obligation.id).where(Obligation.reported == 0).limit(5)).scalars().all()
        for n, obligation in enumerate(open_ones):
            kind = ("almost", "late", "blocked", "blocked", "not_mine")[n]
            blockers.add(connection, obligation, person, kind, at("2022-05-20"), office_id=office if n == 3 else None)
    found = of(world)

    def count(sql: str) -> int:
        return int(world.rows(text(sql))[0][0] or 0)

    came = (
        "SELECT {what} FROM reports f JOIN reports l ON l.folio = f.folio AND l.plan_id = f.plan_id "
        "JOIN obligations o ON o.id = f.obligation_id WHERE f.version = 1 AND l.state <> 'superseded' "
        "AND f.received_at {may} AND l.state IN {states}"
    )
    zone = "" if world.database.sqlite else "+00"
    may = f"BETWEEN '2022-05-01 05:00:00{zone}' AND '2022-06-01 04:59:59{zone}'"  # midnights of Bogotá
    living = "('reported', 'verified')"
    assert found.moved.reports == count(came.format(what="count(*)", states=living, may=may)) > 20
    assert found.moved.returned == count(came.format(what="count(*)", states="('returned')", may=may)) > 0
    assert found.moved.verified == count(came.format(what="count(*)", states="('verified')", may=may)) > 0
    assert found.moved.units == count(came.format(what="sum(o.units / o.target)", states=living, may=may)) > 0
    late = (
        "SELECT sum(units - units * reported / target) FROM obligations WHERE reported < target "
        "AND withdrawn_at IS NULL AND due {when}"
    )
    assert found.late_units == count(late.format(when="< '2022-06-01'")) > 0
    assert found.soon == count(late.format(when="BETWEEN '2022-06-01' AND '2022-06-08'"))
    assert found.overdue == count(late.format(when="BETWEEN '2022-05-01' AND '2022-05-31'"))
    whose = world.rows(text(
        "SELECT n.name, sum(o.units - o.units * o.reported / o.target) AS owed FROM obligations o "
        "JOIN ownerships w ON w.obligation_id = o.id AND w.part = 'lead' JOIN offices n ON n.id = w.office_id "
        "WHERE o.reported < o.target AND o.due < '2022-06-01' GROUP BY n.name ORDER BY owed DESC"
    ))  # fmt: skip
    assert {(one.office, one.units) for one in found.late} == {tuple(row) for row in whose}
    assert [one.units for one in found.late] == [row.owed for row in whose]
    assert found.waiting == count("SELECT count(*) FROM reports WHERE state = 'reported'")
    assert (found.answers, found.new_answers) == (4, 4)
    assert [one.obligations for one in found.held] == [1]
    assert found.total.done == sum(part.counts.done for part, _moved in found.parts)


def test_an_office_sees_its_own_and_no_other(world: World) -> None:
    with world.database.begin() as connection:
        file(connection, "A04-2022-05", "2022-05-02", ("reported", 1))
        connection.execute(insert(Delivery).values(lost("x", at("2022-05-20"))))
    press, farming = of(world, MAY, TODAY, "prensa"), of(world, MAY, TODAY, "agricultura")
    assert press.moved.reports == press.waiting == 1
    assert (farming.moved.reports, farming.waiting, farming.failed) == (0, 0, 0)
    assert [part.number for part, _moved in farming.parts] == [6, 7, 10, 11, 15]
    assert farming.late == ()
    assert of(world).failed == 1


def lost(key: str, when: datetime) -> dict[str, Any]:
    return {
        "dedupe_key": key, "person_id": 1, "channel": "web", "address": "officer", "kind": "nudge", "text": "",
        "buttons": [], "wants": "", "created_at": when, "state": "failed",
    }  # fmt: skip


def test_what_was_withdrawn_is_no_news(world: World) -> None:
    with world.database.begin() as connection:
        connection.execute(text("UPDATE obligations SET withdrawn_at = '2022-01-01 00:00:00'"))
        found = summary(connection, MAY, TODAY)
    assert found is not None
    assert not found.news


def test_a_long_history_is_not_read(world: World) -> None:
    with world.database.begin() as connection:
        kept = connection.execute(select(Obligation).where(Obligation.code == "A09-2022-S1")).one()
        rows = [
            {
                "plan_id": kept.plan_id, "obligation_id": kept.id, "folio": f"F{n}", "version": 1, "state": "verified",
                "quantity": 1, "item": "", "account": "x", "done_on": TODAY, "author_id": 1, "channel": "web",
                "sent_at": at("2021-04-01"), "received_at": at("2021-04-01") + timedelta(minutes=n),
            }
            for n in range(5000)
        ]  # fmt: skip
        connection.execute(insert(Report), rows)
        sent = [{**lost(f"k{n}", at("2021-04-01")), "state": "delivered"} for n in range(5000)]
        connection.execute(insert(Delivery), sent)
    if not world.database.sqlite:
        with world.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
    asked: list[tuple[str, Any]] = []
    event.listen(world.database.engine, "before_cursor_execute", lambda *args: asked.append((args[2], args[3])))
    with world.database.begin() as connection:
        assert summary(connection, MAY, TODAY)
        assert len([one for one in asked if one[0].startswith(("SELECT", "WITH"))]) == 6
        assert summary_times.readers(connection, TODAY)
        explain = "EXPLAIN QUERY PLAN " if world.database.sqlite else "EXPLAIN "
        plans = [
            row[-1]
            for statement, parameters in [one for one in asked if one[0].startswith(("SELECT", "WITH"))]
            for row in connection.exec_driver_sql(explain + statement, parameters)
        ]
    whole = re.compile(r"^SCAN (reports|deliveries)\w*(?!.* INDEX)|Seq Scan on (reports|deliveries)")
    assert [line for line in plans if whole.search(line)] == []
    for index in ("ix_reports_received", "ix_reports_waiting", "ix_deliveries_lost"):
        assert any(index in line for line in plans), index


@pytest.mark.parametrize(
    "when", [When(5), When(0, at("2022-01-03", "06:59").time()), When(0, at("2022-01-03", "17:00").time())]
)
def test_nothing_is_chosen_for_the_night_or_the_weekend(world: World, when: When) -> None:
    with world.database.begin() as connection, pytest.raises(ValueError, match="nothing is sent"):
        summary_times.keep(connection, 1, when, at("2022-05-24"))
