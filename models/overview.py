"""The current plan in five facts, for the head of a page."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from models.obligations import Obligation
from models.offices import Office
from models.plan import Activity, Plan


@dataclass(frozen=True, slots=True)
class Overview:
    """How many activities the plan has, how many units are owed in its year, how many offices share them."""

    title: str = ""
    entity: str = ""
    activities: int = 0
    units: int = 0
    offices: int = 0


def overview(connection: Connection) -> Overview:
    """The plan of the newest year; empty where none was imported. One statement."""
    activities = select(func.count()).where(Activity.plan_id == Plan.id).correlate(Plan)
    units = (
        select(func.coalesce(func.sum(Obligation.units), 0))
        .where(Obligation.plan_id == Plan.id, Obligation.withdrawn_at.is_(None))
        .correlate(Plan)
    )
    offices = select(func.count()).where(Office.dependency)
    row = connection.execute(
        select(
            Plan.title, Plan.entity, activities.scalar_subquery(), units.scalar_subquery(), offices.scalar_subquery()
        )
        .order_by(Plan.year.desc(), Plan.id.desc())
        .limit(1)
    ).one_or_none()
    return Overview(*row) if row else Overview()
