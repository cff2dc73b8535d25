"""From a plan as read to obligations as kept: import, import again, decide a reading, record an event.

Obligations are always worked out anew from the plan, the decisions and the events, and brought in line by code:
what is new is added, what changed is changed, what is gone is withdrawn. Nothing is deleted, no report is touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, delete, insert, select, update

from models import cases, events, nudges, offices
from models.obligations import Obligation, Ownership, Precedence
from models.plan import Activity, Decision, Plan
from plans import terms
from plans.obligations import Difference, difference, owed
from plans.readings import resolve_offices, with_choice
from plans.readings.words import slug, takes_place

DOCUMENT = TypeAdapter(terms.Plan)


@dataclass(frozen=True, slots=True)
class Stored:
    """A plan as imported, the choices taken by row number, and what is owed under them."""

    id: int
    plan: terms.Plan
    choices: dict[int, str]
    owed: list[terms.Owed]


def stored(connection: Connection, plan_slug: str) -> Stored | None:
    """The plan of this name."""
    row = connection.execute(select(Plan.id, Plan.document).where(Plan.slug == plan_slug)).one_or_none()
    if row is None:
        return None
    plan = DOCUMENT.validate_python(row.document)
    taken = connection.execute(
        select(Decision.number, Decision.choice).where(Decision.plan_id == row.id).order_by(Decision.id)
    )
    choices = dict(taken.all())
    return Stored(row.id, plan, choices, _owed(connection, row.id, plan, choices))


def slugs(connection: Connection) -> list[str]:
    """The plans there are, newest year first."""
    return list(connection.execute(select(Plan.slug).order_by(Plan.year.desc(), Plan.id.desc())).scalars())


def complete(connection: Connection, plan: terms.Plan) -> terms.Plan:
    """The plan with a registry of offices: its own, the one already kept, or the names its rows give."""
    if plan.offices:
        return plan
    known = offices.registry(connection)
    if not known:
        names = dict.fromkeys(name for a in plan.activities for name in (a.lead, *a.support) if name)
        known = [terms.Office(slug(name, 24), name) for name in names]
    return resolve_offices(plan, tuple(known))


def compare(connection: Connection, plan: terms.Plan) -> Difference:
    """What importing this plan would add, remove and change."""
    before = stored(connection, plan.slug)
    choices = before.choices if before else {}
    after = _owed(connection, before.id if before else 0, complete(connection, plan), choices)
    return difference(before.owed if before else [], after)


def import_plan(connection: Connection, plan: terms.Plan, now: datetime) -> int:
    """Keep the plan, or bring the kept one up to date; returns its id."""
    plan = complete(connection, plan)
    before = stored(connection, plan.slug)
    values: dict[str, Any] = {
        "entity": plan.entity, "contact": plan.contact, "title": plan.title, "year": plan.year,
        "source_name": plan.source_name, "source_sha256": plan.source_sha256,
        "document": DOCUMENT.dump_python(plan, mode="json"), "imported_at": now,
    }  # fmt: skip
    if before:
        plan_id = before.id
        connection.execute(update(Plan).where(Plan.id == plan_id).values(values))
    else:
        plan_id = connection.execute(insert(Plan).values(slug=plan.slug, **values).returning(Plan.id)).scalar_one()
    offices.register(connection, plan.offices)
    choices = before.choices if before else {}
    _sync(connection, plan_id, plan, _owed(connection, plan_id, plan, choices), now)
    return plan_id


def preview(connection: Connection, kept: Stored, number: int, choice: str) -> Difference:
    """What taking a choice would add, remove and change."""
    return difference(kept.owed, _owed(connection, kept.id, kept.plan, {**kept.choices, number: choice}))


def decide(
    connection: Connection, kept: Stored, number: int, choice: str, by: str, reason: str, now: datetime
) -> Difference:
    """Take a choice: it is kept with its options, who, when, why and effect, and the obligations follow."""
    effect = preview(connection, kept, number, choice)
    options = next(a.alternatives for a in kept.plan.activities if a.number == number)
    connection.execute(
        insert(Decision).values(
            plan_id=kept.id, number=number, choice=choice, options=[option.key for option in options], reason=reason,
            decided_by=by, decided_at=now, added=len(effect.added), removed=len(effect.removed),
        )
    )  # fmt: skip
    resync(connection, kept.plan.slug, now)
    return effect


def resync(connection: Connection, plan_slug: str, now: datetime) -> None:
    """Bring the obligations in line with the plan, the decisions and the events as they are now."""
    kept = stored(connection, plan_slug)
    if kept:
        _sync(connection, kept.id, kept.plan, kept.owed, now)


def _owed(connection: Connection, plan_id: int, plan: terms.Plan, choices: Mapping[int, str]) -> list[terms.Owed]:
    for number, choice in choices.items():
        activity = next((a for a in plan.activities if a.number == number), None)
        if activity and any(option.key == choice for option in activity.alternatives):
            plan = with_choice(plan, number, choice)
    return owed(plan, decided=tuple(choices), events=events.of_plan(connection, plan_id))


def _sync(connection: Connection, plan_id: int, plan: terms.Plan, duties: Iterable[terms.Owed], now: datetime) -> None:
    activity_ids = _sync_activities(connection, plan_id, plan)
    office_ids = offices.register(connection, ())
    rows = {duty.code: _row(plan_id, duty, activity_ids[duty.activity], office_ids.get(duty.office)) for duty in duties}
    known = select(Obligation.id, Obligation.code, Obligation.due, Obligation.target)
    before = {row.code: row for row in connection.execute(known.where(Obligation.plan_id == plan_id))}
    codes = before.keys()
    fresh = [row for code, row in rows.items() if code not in codes]
    if fresh:
        connection.execute(insert(Obligation), fresh)
    for code in rows.keys() & codes:
        same = (Obligation.plan_id == plan_id) & (Obligation.code == code)
        connection.execute(update(Obligation).where(same).values(rows[code]))
    for code in codes - rows.keys():
        gone = update(Obligation).where(Obligation.plan_id == plan_id, Obligation.code == code)
        connection.execute(gone.where(Obligation.withdrawn_at.is_(None)).values(withdrawn_at=now))
    nudges.moot(connection, [row.id for code, row in before.items() if _moved(row, rows.get(code))])
    _sync_links(connection, plan_id, duties, activity_ids, office_ids)


def _moved(before: Row[int, str, date, int], after: Mapping[str, Any] | None) -> bool:
    """Whether what people are told of an obligation no longer holds."""
    return after is None or (before.due, before.target) != (after["due"], after["target"])


def _sync_activities(connection: Connection, plan_id: int, plan: terms.Plan) -> dict[int, int]:
    ids = {
        row.number: row.id
        for row in connection.execute(select(Activity.id, Activity.number).where(Activity.plan_id == plan_id))
    }
    for activity in plan.activities:
        values = {
            "subcomponent": activity.subcomponent, "subcomponent_title": activity.subcomponent_title[:300],
            "title": activity.title[:200], "place": takes_place(activity.unit),
        }  # fmt: skip
        if activity.number in ids:
            connection.execute(update(Activity).where(Activity.id == ids[activity.number]).values(values))
        else:
            added = insert(Activity).values(plan_id=plan_id, number=activity.number, **values).returning(Activity.id)
            ids[activity.number] = connection.execute(added).scalar_one()
    return ids


def _row(plan_id: int, duty: terms.Owed, activity_id: int, office_id: int | None) -> dict[str, Any]:
    return {
        "plan_id": plan_id, "activity_id": activity_id, "office_id": office_id, "code": duty.code,
        "period": duty.period, "topic": duty.topic, "event": duty.event, "starts": duty.starts,
        "due": duty.due, "warn": duty.warn, "fixed": duty.fixed, "target": duty.target, "unit": duty.unit[:120],
        "units": duty.units, "steps": list(duty.steps), "distinct": duty.distinct, "proofs": list(duty.proofs),
        "provisional": duty.provisional, "withdrawn_at": None,
    }  # fmt: skip


def _sync_links(
    connection: Connection, plan_id: int, duties: Iterable[terms.Owed], activities: Mapping[int, int],
    office_ids: Mapping[str, int],
) -> None:  # fmt: skip
    """Who is concerned by which obligation, and what must come first: written anew, nothing hangs on these rows."""
    ids = {
        row.code: row.id
        for row in connection.execute(select(Obligation.id, Obligation.code).where(Obligation.plan_id == plan_id))
    }
    ours = select(Obligation.id).where(Obligation.plan_id == plan_id)
    connection.execute(delete(Ownership).where(Ownership.obligation_id.in_(ours)))
    connection.execute(delete(Precedence).where(Precedence.obligation_id.in_(ours)))
    owners, before = [], []
    for duty in duties:
        parts = {duty.office: "own", **dict.fromkeys(duty.support, "support"), duty.lead: "lead"}
        owners += [
            {"office_id": office_ids[code], "obligation_id": ids[duty.code], "part": part}
            for code, part in parts.items()
            if code in office_ids
        ]
        before += [
            {"obligation_id": ids[duty.code], "activity_id": activities[number]}
            for number in duty.after
            if number in activities
        ]
    if owners:
        connection.execute(insert(Ownership), owners)
    cases.hand_over_again(connection, plan_id)
    if before:
        connection.execute(insert(Precedence), before)
