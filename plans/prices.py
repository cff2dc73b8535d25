"""What a message costs: whatsapp-prices.yaml, which whoever pays the bill keeps up to date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from plans.bundled import parsed
from plans.fields import Fields

PRICES = Path(__file__).with_name("whatsapp-prices.yaml")
CATEGORIES = ("service", "utility", "marketing", "authentication", "referral_conversion")
PRICE = r"\d{1,3}(?:\.\d{1,6})?"


@dataclass(frozen=True, slots=True)
class Prices:
    """Of a message of each category, in `currency`, from `since` on; `confirmed`: by who pays."""

    currency: str
    since: date
    confirmed: bool
    each: Mapping[str, Decimal]

    def cost(self, billable: Iterable[tuple[str, int]]) -> Decimal:
        """What so many messages (category, count) cost; one without a price costs nothing."""
        return sum((self.each.get(category, Decimal()) * count for category, count in billable), Decimal())


@cache
def load(path: Path = PRICES) -> Prices:
    """The prices. Raises PlanError, one Spanish sentence, where something is missing or no price."""
    whole = Fields(parsed(path), path.name)
    prices = whole.section("prices")
    found = Prices(
        currency=whole.text("currency", pattern=r"[A-Z]{3}"),
        since=whole.day("since"),
        confirmed=whole.yes("confirmed"),
        each={category: Decimal(prices.text(category, pattern=PRICE)) for category in CATEGORIES},
    )
    prices.close()
    whole.close()
    return found
