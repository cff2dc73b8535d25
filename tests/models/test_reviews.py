"""Decisions on reports: figures, who may take them, and two at the same moment; on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, func, insert, select, update

from models import decided, people, review_queue, reviews
from models.base import Conflict
from models.database import Database
from models.evidence import Evidence
from models.obligations import Obligation, Ownership
from models.offices import Office
from models.people import Membership, Person
from models.reports import LIVING, Report
from models.review_queue import Card
from models.reviews import Review
from models.visit import Visit
from tests.support.world import RULES, START, World, open_world, person

AGAIN = date(2022, 5, 26)


@pytest.fixture(params=["sqlite", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    one = open_world(request.param, tmp_path)
    with one.database.begin() as connection:
        person(connection, "hugo", "Hugo Paz", "coordinator", None)
        for code, quantity in (("A04-2022-05", 2), ("A04-2022-04", 1), ("A05-2022-T2", 1)):
            filed(connection, code, quantity)
    yield one
    one.close()


def filed(connection: Connection, code: str, quantity: int = 1, author: str = "Ana Lucía Ortega", **values: Any) -> int:
    """A report with a link, counted."""
    owed = connection.execute(select(Obligation).where(Obligation.code == code)).one()
    told = {
        "plan_id": owed.plan_id, "obligation_id": owed.id, "folio": f"{code}-{owed.filed + 1:04}", "version": 1,
        "state": "reported", "quantity": quantity, "item": "", "account": "Se publicó", "done_on": START.date(),
        "author_id": connection.execute(select(Person.id).where(Person.name == author)).scalar_one(),
        "channel": "web", "sent_at": START, "received_at": START, **values,
    }  # fmt: skip
    counted = {"filed": owed.filed + 1, "reported": owed.reported + quantity}
    connection.execute(update(Obligation).where(Obligation.id == owed.id).values(counted))
    report_id = connection.execute(insert(Report).values(told).returning(Report.id)).scalar_one()
    evidence(connection, report_id, "link", f"https://narino.gov.co/{told['folio']}")
    return report_id


def evidence(connection: Connection, report_id: int, kind: str, ref: str, **values: Any) -> int:
    row = {
        "report_id": report_id, "kind": kind, "ref": ref, "name": "", "mime": "", "size": 0, "quarantined": False,
        "channel": "web", "sent_at": START, "received_at": START, **values,
    }  # fmt: skip
    return connection.execute(insert(Evidence).values(row).returning(Evidence.id)).scalar_one()


def visit(connection: Connection, address: str) -> Visit:
    return Visit(connection, people.who(connection, "web", address, START, "es"), START, START, RULES.zone)


def waiting(world: World, address: str = "coordinator", **asked: Any) -> list[Card]:
    with world.database.begin() as connection:
        return review_queue.queue(visit(connection, address), **asked).cards


def decide(database: Database, work: Any, address: str = "coordinator") -> Any:
    return asyncio.run(database.write(lambda connection: work(visit(connection, address))))


def figures(world: World) -> dict[str, tuple[int, int]]:
    """(reported, verified) of the obligations, which are what their reports add up to."""
    owed = world.rows(select(Obligation.id, Obligation.code, Obligation.reported, Obligation.verified))
    counting = select(Report.obligation_id, func.sum(Report.quantity)).group_by(Report.obligation_id)
    living = dict(world.rows(counting.where(Report.state.in_(LIVING))))
    verified = dict(world.rows(counting.where(Report.state == "verified")))
    kept = dict(world.rows(select(Report.obligation_id, func.sum(Report.kept)).group_by(Report.obligation_id)))
    for row in owed:
        assert (row.reported, row.verified) == (living.get(row.id, 0) + kept.get(row.id, 0), verified.get(row.id, 0))
    return {row.code: (row.reported, row.verified) for row in owed if row.reported or row.code == "A04-2022-05"}


def test_the_most_urgent_comes_first(world: World) -> None:
    assert [card.folio[:-5] for card in waiting(world)] == ["A04-2022-04", "A04-2022-05", "A05-2022-T2"]
    first = waiting(world)[0]
    assert next(card.folio for card in waiting(world, passed=[first.id])) == "A04-2022-05-0001"
    with world.database.begin() as connection:
        found = review_queue.queue(visit(connection, "coordinator"), [first.id], first.id, most=1)
    assert (found.total, len(found.cards), found.pinned and found.pinned.folio) == (2, 1, "A04-2022-04-0001")


def test_verified_counts_officially_and_a_reversal_takes_it_back(world: World) -> None:
    card = waiting(world)[1]
    number = decide(world.database, lambda visit: reviews.verify(visit, card.judged))
    assert figures(world)["A04-2022-05"] == (2, 2)
    with world.database.begin() as connection:
        found = decided.one(visit(connection, "hugo"), number)
    assert found
    assert (found.outcome, found.by, found.fits) == ("verified", "Marta Rosero", True)
    back = partial(reviews.revert, report=found.judged, was="verified", review_id=number, reason="Era de abril")
    decide(world.database, back, "hugo")
    assert figures(world)["A04-2022-05"] == (2, 0)
    assert card.id in [one.id for one in waiting(world)]
    with world.database.begin() as connection:
        assert decided.one(visit(connection, "hugo"), number) is None
        assert decided.recent(visit(connection, "hugo")) == []
    kept = world.rows(select(Review.outcome, Review.undoes_id, Review.reason).order_by(Review.id))
    assert [tuple(row) for row in kept] == [("verified", None, ""), ("reverted", number, "Era de abril")]
    with pytest.raises(Conflict):  # twice
        decide(world.database, back)


@pytest.mark.parametrize("kept", [0, 1])
def test_what_is_returned_does_not_count_but_what_is_kept(world: World, kept: int) -> None:
    card = waiting(world)[1]
    judged = replace(card.judged, kept=kept)
    number = decide(world.database, lambda visit: reviews.give_back(visit, judged, "No abre", "", None, AGAIN))
    assert figures(world)["A04-2022-05"] == (kept, 0)
    with world.database.begin() as connection:
        found = decided.one(visit(connection, "coordinator"), report_id=card.id)
    assert found
    assert (found.id, found.kept, found.room) == (number, kept, 2 - kept)
    decide(world.database, lambda visit: reviews.revert(visit, found.judged, "returned", number, "Sí abre"))
    assert figures(world)["A04-2022-05"] == (2, 0)


def test_what_was_reported_anew_cannot_count_twice(world: World) -> None:
    card = waiting(world)[1]
    decide(world.database, lambda visit: reviews.give_back(visit, card.judged, "No abre", "", None, AGAIN))
    with world.database.begin() as connection:
        filed(connection, "A04-2022-05")
        found = decided.one(visit(connection, "coordinator"), report_id=card.id)
    assert found
    assert not found.fits
    with pytest.raises(Conflict):
        decide(world.database, lambda visit: reviews.revert(visit, found.judged, "returned", found.id, "Sí abre"))
    assert figures(world)["A04-2022-05"] == (1, 0)


def test_what_a_later_reading_no_longer_asks_for_can_be_returned(world: World) -> None:
    card = waiting(world)[1]
    with world.database.begin() as connection:
        connection.execute(update(Obligation).where(Obligation.code == "A04-2022-05").values(target=1))
    judged = replace(card.judged, kept=1)
    decide(world.database, lambda visit: reviews.give_back(visit, judged, "No abre", "", None, AGAIN))
    assert figures(world)["A04-2022-05"] == (1, 0)


@pytest.mark.parametrize("second", ["verify", "give_back"])
def test_of_two_at_the_same_moment_one_decides(world: World, second: str) -> None:
    card = waiting(world)[1]
    works = {
        "coordinator": lambda visit: reviews.verify(visit, card.judged),
        "hugo": lambda visit: (
            reviews.verify(visit, card.judged)
            if second == "verify"
            else reviews.give_back(visit, card.judged, "No abre", "", None, AGAIN)
        ),
    }

    def attempt(who: str) -> bool:
        own = Database(world.database.url.render_as_string(hide_password=False))
        try:
            decide(own, works[who], who)
        except Conflict:
            return False
        finally:
            own.close()
        return True

    for _round in range(3):
        with ThreadPoolExecutor(2) as both:
            assert sorted(both.map(attempt, works)) == [False, True]
        states = dict(world.rows(select(Report.folio, Report.state)))
        assert figures(world)["A04-2022-05"] == ((2, 2) if states[card.folio] == "verified" else (0, 0))
        with world.database.begin() as connection:
            found = decided.one(visit(connection, "coordinator"), report_id=card.id)
        assert found
        decide(world.database, lambda visit, it=found: reviews.revert(visit, it.judged, it.outcome, it.id, "Otra vez"))


def test_nobody_decides_on_their_own_or_for_an_office_they_report_for(world: World) -> None:
    cards = waiting(world)
    with world.database.begin() as connection:
        marta = connection.execute(select(Person.id).where(Person.name == "Marta Rosero")).scalar_one()
        hugo = connection.execute(select(Person.id).where(Person.name == "Hugo Paz")).scalar_one()
        tic = connection.execute(select(Office.id).where(Office.code == "tic")).scalar_one()
        held = {"person_id": marta, "role": "officer", "office_id": tic, "since": START}
        connection.execute(insert(Membership).values(held))
        connection.execute(update(Report).where(Report.id == cards[2].id).values(author_id=hugo))
        supported = select(Ownership.obligation_id).where(Ownership.office_id == tic)
        assert cards[0].obligation_id in connection.execute(supported).scalars().all()  # TIC supports activity 4
    assert [card.folio for card in waiting(world)] == ["A05-2022-T2-0001"]
    assert [card.folio for card in waiting(world, "hugo")] == ["A04-2022-04-0001", "A04-2022-05-0001"]
    assert waiting(world, "coordinator", pinned=cards[0].id)[-1].own is False
    with world.database.begin() as connection:
        pinned = review_queue.queue(visit(connection, "coordinator"), pinned=cards[0].id).pinned
        assert pinned
        assert pinned.own
        assert review_queue.others(visit(connection, "coordinator")) == 2
    for work in (
        lambda visit: reviews.verify(visit, cards[0].judged),
        lambda visit: reviews.give_back(visit, cards[0].judged, "No", "", None, AGAIN),
        lambda visit: reviews.verify_all(visit, [cards[0].judged, cards[2].judged]),
    ):
        with pytest.raises(Conflict):
            decide(world.database, work)
    assert world.rows(select(func.count()).select_from(Review)) == [(0,)]
    assert set(world.rows(select(Report.state))) == {("reported",)}


@pytest.mark.parametrize("address", ["officer", "auditor", "citizen"])
def test_only_who_runs_the_plan_decides(world: World, address: str) -> None:
    judged = waiting(world)[0].judged
    for work in (
        lambda visit: reviews.verify(visit, judged),
        lambda visit: reviews.verify_all(visit, [judged]),
        lambda visit: reviews.give_back(visit, judged, "No", "", None, AGAIN),
        lambda visit: reviews.revert(visit, judged, "reported", 1, "No"),
    ):
        with pytest.raises(PermissionError):
            decide(world.database, work, address)
    assert len(waiting(world, address)) == (3 if address == "auditor" else 0)
    with world.database.begin() as connection:
        assert decided.one(visit(connection, address), report_id=judged.id) is None
        assert review_queue.by_folio(visit(connection, "officer"), "A04-2022-05-0001") == 0


def test_several_are_verified_together_or_not_at_all(world: World) -> None:
    judged = [card.judged for card in waiting(world)]
    decide(world.database, lambda visit: reviews.verify(visit, judged[0]), "hugo")
    with pytest.raises(Conflict):
        decide(world.database, lambda visit: reviews.verify_all(visit, judged))
    assert figures(world) == {"A04-2022-04": (1, 1), "A04-2022-05": (2, 0), "A05-2022-T2": (1, 0)}
    decide(world.database, lambda visit: reviews.verify_all(visit, judged[1:]))
    assert figures(world) == {"A04-2022-04": (1, 1), "A04-2022-05": (2, 2), "A05-2022-T2": (1, 1)}
    assert waiting(world) == []


def test_what_to_look_at_twice(world: World) -> None:
    with world.database.begin() as connection:
        shown = {"details": {"taken_at": "2022-05-10T08:00:00"}, "dhash": "0f0f0f0f0f0f0f0f"}
        mine = filed(connection, "A04-2022-05", 0)
        first = evidence(connection, mine, "photo", "a" * 64, **shown)
        other = filed(connection, "A04-2022-03")
        evidence(connection, other, "photo", "a" * 64, **shown)
        evidence(connection, other, "photo", "b" * 64, dhash="0f0f0f0f0f0f0f0e", twin_id=first)
        evidence(connection, other, "photo", "c" * 64, dhash="")
        evidence(connection, other, "photo", "d" * 64, quarantined=True)
        bare = filed(connection, "A04-2022-02")
        connection.execute(Evidence.__table__.delete().where(Evidence.report_id == bare))
    cards = {card.folio: card for card in waiting(world)}
    told = [(one.kind, one.piece and one.piece.number, one.folio, one.day) for one in cards["A04-2022-03-0001"].alerts]
    assert told == [
        ("late", None, "", date(2022, 3, 31)),
        ("used", 2, "A04-2022-05-0002", None),
        ("outside", 2, "", date(2022, 5, 10)),
        ("alike", 3, "A04-2022-05-0002", None),
        ("cut", 4, "", None),
        ("unseen", 5, "", None),
    ]
    assert [piece.minors for piece in cards["A04-2022-03-0001"].pieces] == [False, False, False, False, True]
    assert [one.kind for one in cards["A04-2022-02-0001"].alerts] == ["none", "late"]
    assert cards["A04-2022-05-0001"].alerts == []
    assert [one.kind for one in cards["A04-2022-05-0002"].alerts] == ["used"]
    # What was withdrawn or returned may be shown again.
    with world.database.begin() as connection:
        connection.execute(update(Report).where(Report.id == other).values(state="withdrawn"))
    assert [card.alerts for card in waiting(world) if card.folio == "A04-2022-05-0002"] == [[]]


def test_a_folio_means_its_newest_version(world: World) -> None:
    with world.database.begin() as connection:
        asked = partial(review_queue.by_folio, visit(connection, "coordinator"))
        first = asked("a04-2022-05-0001")
        row = connection.execute(select(Report).where(Report.id == first)).one()._asdict()
        row |= {"id": None, "version": 2}
        added = {name: value for name, value in row.items() if name != "id"}
        second = connection.execute(insert(Report).values(added).returning(Report.id)).scalar_one()
        assert (first > 0, asked("A04-2022-05-0001"), asked("nada")) == (True, second, 0)
