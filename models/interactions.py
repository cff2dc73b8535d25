"""How much was said and sent: counts by month, channel, kind and office. Nobody is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Integer, and_, bindparam, case, func, select
from sqlalchemy.orm import aliased

from conversation.understanding import fold
from models.base import Utc
from models.cut_off import Cut, known_reports
from models.deliveries import Delivery
from models.evidence import Evidence
from models.obligations import Obligation, Ownership
from models.offices import Office
from models.people import Membership
from models.reports import Report

# Whose an interaction is where no office is behind it.
TEAM, CITIZENS = "team", "citizens"
MESSAGES = ("answer", "notice", "nudge", "summary")


@dataclass(frozen=True, slots=True)
class Interactions:
    """So many of one kind. `month`: its place among those asked for, from 0.

    kind    answer (somebody wrote and was answered; an album is one), notice, nudge, summary, report, or a kind of
            evidence
    office  its name, TEAM (who coordinates or audits) or CITIZENS
    """

    month: int
    channel: str
    office: str
    kind: str
    count: int


def interactions(connection: Connection, cut: Cut, months: Sequence[datetime]) -> list[Interactions]:
    """What happened from the first of the `months` (when each begins). Two statements."""
    asked = {**cut.params, "since": months[0]}
    found = [
        Interactions(row.month, row.channel, row.office, row.kind, row.times)
        for query in (_messages, _reports)
        for row in connection.execute(query(months), asked)
    ]
    order = {kind: place for place, kind in enumerate((*MESSAGES, "report"))}
    return sorted(found, key=lambda one: (one.month, one.channel, fold(one.office), order.get(one.kind, 9), one.kind))


def _month(moment: Any, months: Sequence[datetime]) -> Any:
    if len(months) == 1:
        return bindparam("month", 0, type_=Integer)
    begun = [(moment < month, place) for place, month in enumerate(months[1:])]
    return case(*begun, else_=len(months) - 1)


def _messages(months: Sequence[datetime]) -> Any:
    """Each message is its reader's, and so their office's."""
    held = (
        select(Membership.person_id, func.min(Membership.office_id).label("office_id"))
        .group_by(Membership.person_id)
        .subquery()
    )  # fmt: skip
    office = func.coalesce(Office.name, case((held.c.person_id.is_not(None), TEAM), else_=CITIZENS))
    told = (
        select(
            _month(Delivery.created_at, months).label("month"), Delivery.channel, office.label("office"),
            Delivery.kind.label("kind"),
        )
        .outerjoin(held, held.c.person_id == Delivery.person_id)
        .outerjoin(Office, Office.id == held.c.office_id)
        .where(
            Delivery.created_at >= bindparam("since", type_=Utc), Delivery.created_at <= bindparam("until", type_=Utc),
            Delivery.kind.in_(MESSAGES), Delivery.state.not_in(("skipped", "failed")),
        )
        .subquery()
    )  # fmt: skip
    columns = (told.c.month, told.c.channel, told.c.office, told.c.kind)
    return select(*columns, func.count().label("times")).group_by(*columns)


def _reports(months: Sequence[datetime]) -> Any:
    """A report and its evidence are of the office it counts for, of the month its first version came."""
    known, first, newest, led = known_reports(), aliased(Report), aliased(Report), aliased(Office)
    came = (
        select(
            _month(first.received_at, months).label("month"), first.channel,
            func.coalesce(Office.name, led.name, TEAM).label("office"),
            func.coalesce(Evidence.kind, "").label("kind"), newest.id.label("report"),
        )
        .select_from(known)
        .join(first, first.id == known.c.first)
        .join(newest, newest.id == known.c.id)
        .join(Obligation, Obligation.id == newest.obligation_id)
        .outerjoin(Office, Office.id == Obligation.office_id)
        .outerjoin(Ownership, and_(Ownership.obligation_id == Obligation.id, Ownership.part == "lead"))
        .outerjoin(led, led.id == Ownership.office_id)
        .outerjoin(Evidence, Evidence.report_id == newest.id)
        .where(first.received_at >= bindparam("since", type_=Utc), known.c.outcome != "withdrawn")
        .subquery()
    )  # fmt: skip
    columns = (came.c.month, came.c.channel, came.c.office)
    pieces = select(*columns, came.c.kind, func.count().label("times")).where(came.c.kind != "")
    whole = select(*columns, bindparam("report", "report").label("kind"), func.count(came.c.report.distinct()))
    return pieces.group_by(*columns, came.c.kind).union_all(whole.group_by(*columns))
