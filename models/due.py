"""What falls due when, and who is in charge of it: what is late, what comes next, whose reports are missing.

Summed over what is owed, office level at most; no report is read for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection, and_, func, select

from models.figures import Scope, narrowed, units_done
from models.obligations import Obligation, Ownership
from models.offices import Office
from models.plan import Activity


@dataclass(frozen=True, slots=True)
class Due:
    """Deliverables of one activity and period that fall due on one day, and the office in charge of them.

    office_id  None, and the names "", where nobody is in charge; short: what the office is called every day
    units      how many are owed; done: how many of them are reported
    """

    number: int
    title: str
    period: str
    day: date
    office_id: int | None
    office: str
    short: str
    code: str
    units: int
    done: int

    @property
    def missing(self) -> int:
        """How many are not reported."""
        return self.units - self.done


def due(connection: Connection, plan_id: int, scope: Scope) -> list[Due]:
    """What falls due in the days of the scope, or ever, by day. One statement.

    An office's is what it leads and what counts for it, whoever is in charge.
    """
    where = [Obligation.plan_id == plan_id, Obligation.withdrawn_at.is_(None), *narrowed(replace(scope, days=None))]
    if scope.days:
        where.append(Obligation.due.between(*scope.days))
    by = (Activity.number, Activity.title, Obligation.period, Obligation.due, Office.id, Office.name, Office.aliases,
          Office.code)  # fmt: skip
    rows = connection.execute(
        select(*by, func.sum(Obligation.units), func.sum(units_done(Obligation.reported)))
        .select_from(Obligation)
        .join(Activity, Activity.id == Obligation.activity_id)
        .outerjoin(Ownership, and_(Ownership.obligation_id == Obligation.id, Ownership.part == "lead"))
        .outerjoin(Office, Office.id == Ownership.office_id)
        .where(*where)
        .group_by(*by)
        .order_by(Obligation.due, Activity.number, Office.name, Obligation.period)
    )
    return [
        Due(number, title, period, day, office_id, name or "", aliases[0] if aliases else name or "", code or "",
            int(units), int(done))
        for number, title, period, day, office_id, name, aliases, code, units, done in rows
    ]  # fmt: skip


def missing(some: Iterable[Due]) -> int:
    """How many deliverables of these are not reported."""
    return sum(one.missing for one in some)
