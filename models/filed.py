"""Reports as others read them: which there are, and one of them with its evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, exists, func, select
from sqlalchemy.orm import aliased

from models.evidence import Evidence
from models.figures import NEWEST, Scope, narrowed
from models.obligations import Obligation
from models.offices import Office
from models.people import Person
from models.plan import Activity
from models.reports import Report
from models.visibility import readable
from models.visit import Visit
from models.withholdings import Withholding


@dataclass(frozen=True, slots=True)
class Listed:
    """The newest version of a report. `office`: whose it counts as, "" for the entity's."""

    id: int
    folio: str
    version: int
    state: str
    quantity: int
    author: str
    received_at: datetime
    number: int
    title: str
    office: str
    office_code: str
    period: str
    item: str
    account: str
    done_on: date
    sent_at: datetime
    channel: str


@dataclass(frozen=True, slots=True)
class Kept:
    """One evidence of a report, as in models.evidence.

    held_by, held_at            who kept it from the public the last time, and when; "" and None where nobody did
    shown_by, shown_at, why     who showed it again after that, and why
    """

    id: int
    kind: str
    ref: str
    name: str
    size: int
    quarantined: bool
    sent_at: datetime
    received_at: datetime
    held_by: str = ""
    held_by_id: int | None = None
    held_at: datetime | None = None
    shown_by: str = ""
    shown_at: datetime | None = None
    why: str = ""

    @property
    def held(self) -> bool:
        """Whether it is kept from the public."""
        return self.held_at is not None and self.shown_at is None


def filed(visit: Visit, scope: Scope, skip: int, most: int) -> list[Listed]:
    """The reports of the current plan that the visitor may read, newest first. One statement."""
    return [Listed(*row) for row in visit.connection.execute(_listed(visit, scope).offset(skip).limit(most))]


def one_filed(visit: Visit, folio: str) -> Listed | None:
    """The report of this folio; None where there is none, or it is not the visitor's to read. One statement."""
    one = _listed(visit, Scope()).where(Report.folio == folio)
    row = visit.connection.execute(one).one_or_none()
    return Listed(*row) if row else None


def evidence_of(connection: Connection, report: Listed) -> list[Kept]:
    """What shows that a report somebody may read is true, in the order it came."""
    newest = select(func.max(_other.id)).where(_other.ref == Evidence.ref).correlate(Evidence).scalar_subquery()
    rows = connection.execute(
        select(
            Evidence.id, Evidence.kind, Evidence.ref, Evidence.name, Evidence.size, Evidence.quarantined,
            Evidence.sent_at, Evidence.received_at, func.coalesce(_hid.name, ""), Withholding.by_id, Withholding.at,
            func.coalesce(_showed.name, ""), Withholding.ended_at, func.coalesce(Withholding.why, ""),
        )
        .select_from(Evidence)
        .outerjoin(Withholding, Withholding.id == newest)
        .outerjoin(_hid, _hid.id == Withholding.by_id)
        .outerjoin(_showed, _showed.id == Withholding.ended_by)
        .where(Evidence.report_id == report.id)
        .order_by(Evidence.id)
    )  # fmt: skip
    return [Kept(*row) for row in rows]


def _listed(visit: Visit, scope: Scope) -> Select[*tuple[Any, ...]]:
    superseded = exists().where(
        _newer.plan_id == Report.plan_id, _newer.folio == Report.folio, _newer.version > Report.version
    )
    return (
        select(
            Report.id, Report.folio, Report.version, Report.state, Report.quantity, Person.name, Report.received_at,
            Activity.number, Activity.title, func.coalesce(Office.name, ""), func.coalesce(Office.code, ""),
            Obligation.period, Report.item, Report.account, Report.done_on, Report.sent_at,
            Report.channel,
        )
        .join(Obligation, Obligation.id == Report.obligation_id)
        .join(Activity, Activity.id == Obligation.activity_id)
        .join(Person, Person.id == Report.author_id)
        .outerjoin(Office, Office.id == Obligation.office_id)
        .where(Report.plan_id == NEWEST, *narrowed(scope), ~superseded, readable(visit.who))
        .order_by(Report.received_at.desc(), Report.id.desc())
    )  # fmt: skip


_newer, _other = aliased(Report), aliased(Withholding)
_hid, _showed = aliased(Person), aliased(Person)
