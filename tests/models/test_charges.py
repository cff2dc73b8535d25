"""What messages cost in a time, and which have no price yet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from models import charges
from models.charges import Bill, Charged
from models.deliveries import Delivery
from tests.bot.channels.leaving import ANA, MARTA, queue, settle_on_whatsapp
from tests.support.world import START, World, open_world

BOGOTA = ZoneInfo("America/Bogota")
MAY, JUNE = datetime(2022, 5, 1, tzinfo=BOGOTA), datetime(2022, 6, 1, tzinfo=BOGOTA)


@pytest.fixture(params=["sqlite", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    one = open_world(request.param, tmp_path)
    settle_on_whatsapp(one)
    yield one
    one.close()


def sent(world: World, address: str, at: datetime, *priced: tuple[str, bool]) -> int:
    """A message that left then; each of its parts is priced so."""
    number = queue(world, address, text=f"{address} {at} {priced}")
    rows = [
        {"channel": "whatsapp", "message": f"{number}.{part}", "delivery_id": number, "category": category,
         "billable": billable, "priced_at": at}
        for part, (category, billable) in enumerate(priced)
    ]  # fmt: skip
    with world.database.begin() as connection:
        connection.execute(update(Delivery).where(Delivery.id == number).values(state="sent", sent_at=at))
        charges.add(connection, rows)
        charges.add(connection, [{**row, "category": "marketing"} for row in rows])  # told again: the first one counts
    return number


def fill(world: World) -> None:
    for minutes in range(3):
        sent(world, ANA, START + timedelta(minutes=minutes), ("service", True), ("service", False))
    sent(world, MARTA, START, ("utility", True))
    sent(world, MARTA, MAY - timedelta(seconds=1), ("marketing", True))
    sent(world, MARTA, JUNE - timedelta(seconds=1), ("marketing", True))
    sent(world, MARTA, JUNE, ("marketing", True))
    sent(world, ANA, START)
    sent(world, ANA, JUNE)


def test_a_month_by_category(world: World) -> None:
    fill(world)
    with world.database.begin() as connection:
        assert charges.between(connection, "whatsapp", MAY, JUNE) == [
            Charged("service", 6, 3), Charged("marketing", 1, 1), Charged("utility", 1, 1),
        ]  # fmt: skip
        assert charges.between(connection, "telegram", MAY, JUNE) == []
        cost = 4 * Decimal("0.0008") + Decimal("0.0125")
        assert charges.bill(connection, "whatsapp", MAY, JUNE) == Bill(8, cost, "USD")


def test_what_has_no_price_yet(world: World) -> None:
    fill(world)
    with world.database.begin() as connection:
        assert charges.unpriced(connection, "whatsapp", MAY, JUNE) == 1


def test_a_conversation_is_a_person_and_a_day(world: World) -> None:
    fill(world)
    sent(world, ANA, START + timedelta(days=1), ("service", True))
    with world.database.begin() as connection:
        assert charges.conversations(connection, "whatsapp", MAY, JUNE, BOGOTA) == 4


def test_what_failed_costs_nothing(world: World) -> None:
    number = sent(world, ANA, START, ("service", True), ("service", True))
    with world.database.begin() as connection:
        charges.drop(connection, "whatsapp", [f"{number}.0"])
        assert charges.between(connection, "whatsapp", MAY, JUNE) == [Charged("service", 1, 1)]
