"""A year that people lived through, with reviews of all kinds; three of them, made once for all tests."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, insert, select, update

from bot.simulation.cast import COORDINATOR, bundled_plan
from bot.simulation.year import Lived, live
from models.people import Contact
from models.reports import Report
from models.reviews import Review
from tests.documents.stirring import stir

T = TypeVar("T")
ZONE = ZoneInfo("America/Bogota")
UNTIL = date(2023, 1, 20)
HOSTILE = '=HYPERLINK("http://x","<script>alert(1)</script>")'


@dataclass(frozen=True, slots=True)
class Year:
    """What was lived, and how it is read."""

    lived: Lived
    seed: int

    def read(self, work: Callable[[Any], T]) -> T:
        return self.lived.world.store.run(work)

    def rows(self, sql: str, **params: Any) -> list[Any]:
        from sqlalchemy import text

        return self.read(lambda connection: list(connection.execute(text(sql), params)))


@pytest.fixture(scope="session", params=[7, 11, 23])
def year(request: pytest.FixtureRequest) -> Iterator[Year]:
    lived = asyncio.run(live(bundled_plan(2022, 6, 1), request.param, ZONE, lambda done, of: None, UNTIL))
    lived.world.store.run(lambda connection: stir(connection, Random(request.param)))
    lived.world.store.run(lambda connection: review(connection, Random(request.param)))
    yield Year(lived, request.param)
    lived.world.close()


def review(connection: Connection, chance: Random) -> None:
    """Somebody decides on most reports, some days after they came; some accounts are what hostile people write."""
    by = connection.execute(select(Contact.person_id).where(Contact.address == COORDINATOR)).scalar_one()
    wanted = (
        select(Report.id, Report.received_at, Report.quantity, Report.state)
        .where(Report.state != "withdrawn")
        .order_by(Report.id)
    )
    for row in connection.execute(wanted).all():
        at = row.received_at + timedelta(days=chance.randrange(1, 12), seconds=chance.randrange(5))
        outcomes: list[tuple[str, int, datetime]] = []
        if chance.random() < 0.7:
            outcomes.append(("verified", 0, at))
        elif chance.random() < 0.5:
            outcomes.append(("returned", chance.randrange(row.quantity), at))
        if outcomes and chance.random() < 0.2:
            outcomes.append(("reverted", 0, at + timedelta(days=3)))
        undone = None
        for outcome, kept, when in outcomes:
            values = {"report_id": row.id, "outcome": outcome, "part": "", "reason": HOSTILE, "by_id": by, "at": when,
                      "kept": kept, "undoes_id": undone if outcome == "reverted" else None}  # fmt: skip
            undone = connection.execute(insert(Review).values(values).returning(Review.id)).scalar_one()
        last = outcomes[-1][0] if outcomes else "reported"
        state = row.state if row.state == "superseded" else "reported" if last == "reverted" else last
        kept = outcomes[-1][1] if outcomes else 0
        connection.execute(update(Report).where(Report.id == row.id).values(state=state, kept=kept))
        if chance.random() < 0.3:
            connection.execute(update(Report).where(Report.id == row.id).values(account=HOSTILE))
