"""Reports their author may still correct, with what the obligation behind them allows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from models.obligations import Obligation
from models.reports import Report, Version, versions
from models.visit import Visit


@dataclass(frozen=True, slots=True)
class Correctable:
    """A report that nobody has reviewed. `starts`: first day of its period; `room`: the most it may count."""

    version: Version
    starts: date
    room: int


def recent(visit: Visit, limit: int = 8) -> list[Correctable]:
    """The person's own newest reports that may be corrected, newest first."""
    rows = visit.connection.execute(
        versions()
        .add_columns(Obligation.starts, Obligation.target - Obligation.reported + Report.quantity)
        .join(Obligation, Obligation.id == Report.obligation_id)
        .where(Report.author_id == visit.who.id, Report.state == "reported")
        .order_by(Report.id.desc())
        .limit(limit)
    )
    return [Correctable(Version(*row[:-2]), row[-2], row[-1]) for row in rows]
