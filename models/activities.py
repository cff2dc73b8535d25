"""The rows of a plan as they are kept: added and brought up to date, never deleted."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, update

from models.plan import Activity
from plans import terms
from plans.readings.words import takes_place


def sync(connection: Connection, plan_id: int, plan: terms.Plan) -> dict[int, int]:
    """Their ids by their numbers."""
    known = select(
        Activity.id, Activity.number, Activity.subcomponent, Activity.subcomponent_title, Activity.title, Activity.place
    )
    before = {row.number: row for row in connection.execute(known.where(Activity.plan_id == plan_id))}
    ids = {number: row.id for number, row in before.items()}
    for activity in plan.activities:
        values = {
            "subcomponent": activity.subcomponent, "subcomponent_title": activity.subcomponent_title[:300],
            "title": activity.title[:200], "place": takes_place(activity.unit),
        }  # fmt: skip
        if activity.number in ids:
            if values.items() <= before[activity.number]._asdict().items():
                continue
            connection.execute(update(Activity).where(Activity.id == ids[activity.number]).values(values))
        else:
            added = insert(Activity).values(plan_id=plan_id, number=activity.number, **values).returning(Activity.id)
            ids[activity.number] = connection.execute(added).scalar_one()
    return ids
