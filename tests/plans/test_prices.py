"""The prices that come with the project, and what is said of a file that holds none."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from plans import prices
from plans.terms import PlanError

WRITTEN = prices.PRICES.read_text("utf-8")


def test_the_prices_that_come_with_it_are_to_be_confirmed() -> None:
    found = prices.load()
    assert (found.currency, found.confirmed) == ("USD", False)
    assert set(found.each) == set(prices.CATEGORIES)


def test_the_cost_of_messages_is_exact() -> None:
    found = prices.load()
    assert found.cost([("service", 3), ("marketing", 2), ("of tomorrow", 9)]) == Decimal("0.0274")


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('  service: "0.0008"\n', "", "falta la clave «service»"),
        ('"0.0125"', '"-1"', "«marketing» debe ser un texto de la forma"),
        ('"0.0125"', "0.0125", "«marketing» debe ser un texto"),
        ("currency: USD", "currency: pesos", "«currency»"),
        ("confirmed: false", "confirmed: quizá", "«confirmed» debe ser true o false"),
        ("since: 2026-10-01", "since: ayer", "«since» debe ser una fecha"),
        ("prices:", "extra: 1\nprices:", "no se conoce la clave «extra»"),
    ],
)
def test_a_file_that_is_wrong(tmp_path: Path, old: str, new: str, why: str) -> None:
    path = tmp_path / "prices.yaml"
    assert old in WRITTEN
    path.write_text(WRITTEN.replace(old, new), "utf-8")
    with pytest.raises(PlanError, match=why):
        prices.load(path)
