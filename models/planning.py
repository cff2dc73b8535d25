"""From a plan as read to obligations as kept: import, import again, decide a reading, approve topics, record an event.

A decision taken in a chat is kept at once, and what is owed follows it by the clock: whoever waits for an answer does
not wait for that.

Obligations are always worked out anew from the plan, the decisions and the events, and brought in line by code:
what is new is added, what changed is changed, what is gone is withdrawn. Nothing is deleted, no report is touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from models import activities, cases, changes, commitments, events, nudges, offices, topics, waivers
from models.changes import Cause
from models.figures import NEWEST
from models.obligations import Obligation, Ownership, Precedence
from models.plan import Decision, Plan
from plans import terms
from plans.obligations import Difference, Event, difference, owed
from plans.readings import resolve_offices, with_choice
from plans.readings.words import slug

DOCUMENT = TypeAdapter(terms.Plan)


@dataclass(frozen=True, slots=True)
class Stored:
    """A plan as imported, the choices taken by row number, the topics approved by period, its events, and what is owed.

    promised  what of it is owed because it was promised at an event
    """

    id: int
    plan: terms.Plan
    choices: dict[int, str]
    topics: dict[str, tuple[str, ...]]
    events: list[Event]
    promised: list[terms.Owed]
    owed: list[terms.Owed]


def stored(
    connection: Connection, plan_slug: str = "", *, held: bool = False, settled: bool = False
) -> Stored | None:  # fmt: skip
    """The plan of this name, or the current one.

    held     keeps others from changing what is owed until the transaction ends
    settled  without the decisions that what is owed does not follow yet
    """
    wanted = select(Plan.id, Plan.document).where(Plan.slug == plan_slug if plan_slug else Plan.id == NEWEST)
    row = connection.execute(wanted.with_for_update() if held else wanted).one_or_none()
    if row is None:
        return None
    plan = DOCUMENT.validate_python(row.document)
    taken = select(Decision.number, Decision.choice).where(Decision.plan_id == row.id).order_by(Decision.id)
    known = connection.execute(taken.where(Decision.applied_at.is_not(None)) if settled else taken)
    choices, approved = dict(known.all()), topics.of_plan(connection, row.id, settled)
    took_place, promised = events.of_plan(connection, row.id), commitments.owed(connection, row.id, plan)
    whole = _owed(plan, choices, approved, took_place, promised)
    return Stored(row.id, plan, choices, approved, took_place, promised, whole)


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
    return difference(before.owed if before else [], _owed_anew(connection, before, complete(connection, plan)))


def import_plan(connection: Connection, plan: terms.Plan, now: datetime) -> int:
    """Keep the plan, or bring the kept one up to date; returns its id."""
    plan = complete(connection, plan)
    before = stored(connection, plan.slug, settled=True)
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
    sync(connection, plan_id, plan, _owed_anew(connection, before, plan), now, "import")
    return plan_id


def preview(kept: Stored, number: int, choice: str) -> Difference:
    """What taking a choice would add, remove and change."""
    return difference(kept.owed, _decided(kept, number, choice))


def preview_topics(kept: Stored, period: str, named: Sequence[str]) -> Difference:
    """What these topics of a period would add, remove and change."""
    return difference(kept.owed, _approved(kept, period, named))


def take(
    connection: Connection, kept: Stored, number: int, choice: str, by: str, reason: str, now: datetime,
    applied_at: datetime | None = None,
) -> Difference:  # fmt: skip
    """Keep a choice with its options, who, when, why and effect; the obligations follow with models.following."""
    effect = preview(kept, number, choice)
    options = next(a.alternatives for a in kept.plan.activities if a.number == number)
    connection.execute(
        insert(Decision).values(
            plan_id=kept.id, number=number, choice=choice, options=[option.key for option in options], reason=reason,
            decided_by=by, decided_at=now, added=len(effect.added), removed=len(effect.removed), applied_at=applied_at,
        )
    )  # fmt: skip
    return effect


def decide(
    connection: Connection, kept: Stored, number: int, choice: str, by: str, reason: str, now: datetime
) -> Difference:
    """Take a choice, and have the obligations follow at once."""
    after = _decided(kept, number, choice)
    effect = take(connection, kept, number, choice, by, reason, now, applied_at=now)
    sync(connection, kept.id, kept.plan, after, now, "reading")
    return effect


def approve_topics(
    connection: Connection, kept: Stored, period: str, named: Sequence[str], reason: str, by: int, now: datetime
) -> Difference:
    """Keep the topics of a period, or the reason why it has none, and have the obligations follow at once."""
    after = _approved(kept, period, named)
    topics.add(connection, kept.id, period, named, reason, by, now, applied_at=now)
    sync(connection, kept.id, kept.plan, after, now, "topics")
    return difference(kept.owed, after)


def resync(connection: Connection, plan_slug: str, now: datetime, cause: Cause = "event") -> None:
    """Bring the obligations in line with the plan, the decisions, topics and events as they are now."""
    kept = stored(connection, plan_slug, held=True, settled=True)
    if kept:
        sync(connection, kept.id, kept.plan, kept.owed, now, cause)


def _decided(kept: Stored, number: int, choice: str) -> list[terms.Owed]:
    return _owed(kept.plan, {**kept.choices, number: choice}, kept.topics, kept.events, kept.promised)


def _approved(kept: Stored, period: str, named: Sequence[str]) -> list[terms.Owed]:
    return _owed(kept.plan, kept.choices, {**kept.topics, period: tuple(named)}, kept.events, kept.promised)


def _owed_anew(connection: Connection, kept: Stored | None, plan: terms.Plan) -> list[terms.Owed]:
    """What a plan asks for in place of the one that is kept, where one is."""
    if kept is None:
        return _owed(plan, {}, {}, [], [])
    return _owed(plan, kept.choices, kept.topics, kept.events, commitments.owed(connection, kept.id, plan))


def _owed(
    plan: terms.Plan, choices: Mapping[int, str], approved: Mapping[str, Sequence[str]], held: Sequence[Event],
    promised: Sequence[terms.Owed],
) -> list[terms.Owed]:  # fmt: skip
    for number, choice in choices.items():
        activity = next((a for a in plan.activities if a.number == number), None)
        if activity and any(option.key == choice for option in activity.alternatives):
            plan = with_choice(plan, number, choice)
    return [*owed(plan, decided=tuple(choices), events=held, topics=approved), *promised]


def sync(
    connection: Connection, plan_id: int, plan: terms.Plan, duties: Iterable[terms.Owed], now: datetime, cause: Cause
) -> None:
    """A change costs what it changes; what is waived stays waived as long as the plan asks for it."""
    activity_ids = activities.sync(connection, plan_id, plan)
    office_ids = offices.register(connection, ())
    rows = {duty.code: _row(plan_id, duty, activity_ids[duty.activity], office_ids.get(duty.office)) for duty in duties}
    before = {row.code: row for row in connection.execute(_KNOWN, {"plan": plan_id})}
    waivers.lapse(connection, [row.id for code, row in before.items() if row.waived and code not in rows], now)
    changed = [
        (row, after)
        for code, row in before.items()
        if not (after := _changed(row, rows.get(code), now)).items() <= row._asdict().items()
    ]
    changes.note(connection, [row.id for row, after in changed if _counts(row._asdict()) != _counts(after)], now, cause)
    if changed:
        connection.execute(_CHANGE, [{**after, "key": row.id} for row, after in changed])
    ids = {code: row.id for code, row in before.items()}
    if fresh := [row for code, row in rows.items() if code not in before]:
        added = {row.code: row.id for row in connection.execute(_ADD, fresh)}
        changes.begin(connection, list(added.values()) if before else [], now, cause)
        ids |= added
    if moved := [row.id for code, row in before.items() if _moved(row, rows.get(code))]:
        nudges.moot(connection, moved)
    _sync_links(connection, plan_id, duties, ids, activity_ids, office_ids)


def _changed(before: Row[*tuple[Any, ...]], after: Mapping[str, Any] | None, now: datetime) -> dict[str, Any]:
    """An obligation as it is to be, None where the plan does not ask for it; what is waived stays waived."""
    kept = {name: getattr(before, name) for name in _COLUMNS}
    if after is None:
        return {**kept, "withdrawn_at": before.withdrawn_at or now}
    return {**{name: after[name] for name in _COLUMNS}, "withdrawn_at": before.withdrawn_at if before.waived else None}


def _counts(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """What figures depend on."""
    return (row["target"], row["units"], row["due"], row["provisional"], row["withdrawn_at"] is None)


def _moved(before: Row[*tuple[Any, ...]], after: Mapping[str, Any] | None) -> bool:
    """Whether what people are told of an obligation no longer holds."""
    return after is None or (before.due, before.target) != (after["due"], after["target"])


def _row(plan_id: int, duty: terms.Owed, activity_id: int, office_id: int | None) -> dict[str, Any]:
    return {
        "plan_id": plan_id, "activity_id": activity_id, "office_id": office_id, "code": duty.code,
        "period": duty.period, "topic": duty.topic, "event": duty.event, "starts": duty.starts,
        "due": duty.due, "warn": duty.warn, "fixed": duty.fixed, "target": duty.target, "unit": duty.unit[:120],
        "units": duty.units, "steps": list(duty.steps), "distinct": duty.distinct, "proofs": list(duty.proofs),
        "provisional": duty.provisional, "withdrawn_at": None,
    }  # fmt: skip


def _sync_links(
    connection: Connection, plan_id: int, duties: Iterable[terms.Owed], ids: Mapping[str, int],
    activities: Mapping[int, int], office_ids: Mapping[str, int],
) -> None:  # fmt: skip
    """Who is concerned by which obligation, and what must come first: written anew, nothing hangs on these rows.

    What is not owed any more keeps its offices, whose figures of earlier days hold it.
    """
    ours = [ids[duty.code] for duty in duties]
    connection.execute(delete(Ownership).where(Ownership.obligation_id.in_(ours)))
    connection.execute(delete(Precedence).where(Precedence.obligation_id.in_(ours)))
    owners, before = [], []
    for duty in duties:
        # Who supports an activity that each office owes for itself owes its own one all the same.
        parts = {**dict.fromkeys(duty.support, "support"), duty.office: "own", duty.lead: "lead"}
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


_COLUMNS = (
    "activity_id", "office_id", "period", "topic", "event", "starts", "due", "warn", "fixed", "target", "unit",
    "units", "steps", "distinct", "proofs", "provisional", "withdrawn_at",
)  # fmt: skip
_KNOWN = select(
    Obligation.id, Obligation.code, Obligation.plan_id, *(getattr(Obligation, name) for name in _COLUMNS),
    Obligation.id.in_(waivers.WAIVED).label("waived"),
).where(Obligation.plan_id == bindparam("plan"))  # fmt: skip
_ADD = insert(Obligation).returning(Obligation.code, Obligation.id)
_CHANGE = update(Obligation).where(Obligation.id == bindparam("key"))
