"""What people can ask about: the current plan, its activities and the offices, by the names they go by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from models.figures import NEWEST, PLAN, CurrentPlan
from models.offices import registry
from models.plan import Activity, Plan
from plans.terms import Office


@dataclass(frozen=True, slots=True)
class Named:
    """An activity, and the subcomponent it belongs to."""

    number: int
    title: str
    subcomponent: int
    subcomponent_title: str


@dataclass(frozen=True, slots=True)
class Directory:
    """The current plan with its activities by number, and every office by code."""

    plan: CurrentPlan
    activities: dict[int, Named]
    offices: dict[str, Office]

    @property
    def subcomponents(self) -> dict[int, str]:
        """Their titles by number."""
        return {one.subcomponent: one.subcomponent_title for one in self.activities.values()}


def directory(connection: Connection) -> Directory | None:
    """None where no plan was imported. Two statements."""
    rows: Sequence[Any] = connection.execute(_ACTIVITIES).all()
    if not rows:
        return None
    activities = {row.number: Named(*row[len(PLAN) :]) for row in rows}
    offices = {office.code: office for office in registry(connection)}
    return Directory(CurrentPlan(*rows[0][: len(PLAN)]), activities, offices)


_ACTIVITIES = (
    select(*PLAN, Activity.number, Activity.title.label("activity"), Activity.subcomponent, Activity.subcomponent_title)
    .join(Plan, Plan.id == Activity.plan_id)
    .where(Plan.id == NEWEST)
    .order_by(Activity.number)
)
