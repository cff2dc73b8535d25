"""What exactly is to be made, and the days it is about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal, Protocol, TypeVar, get_args
from zoneinfo import ZoneInfo

from models import closes, planning
from models.cut_off import Cut
from models.planning import Stored
from models.summaries import midnight
from plans.calendar import PUBLISHED_WITHIN, Calendar, Period, periods
from plans.terms import Every

T = TypeVar("T")

Kind = Literal["follow-up", "quarterly", "interactions", "coverage", "evaluation", "dossier", "my-data"]
Form = Literal["xlsx", "pdf", "zip", "txt"]
LAST = timedelta(microseconds=1)
NAMES: dict[Kind, str] = {
    "follow-up": "seguimiento-control-interno", "quarterly": "informe-trimestral", "interactions": "interacciones",
    "coverage": "grupos-de-valor", "evaluation": "evaluacion", "dossier": "expediente",
    "my-data": "mis-datos",
}  # fmt: skip


class Read(Protocol):
    """Runs a query in a transaction of its own. What takes long asks for page after page."""

    def __call__(self, work: Callable[[Any], T]) -> T:
        """The value of the query."""
        ...


@dataclass(frozen=True, slots=True)
class Wanted:
    """One file.

    plan      its slug
    period    "2022-T2", "2022-04", "2022"; of a follow-up the cut-off's day
    as_of     what is known at this moment counts, in the entity's zone
    activity  of a dossier: only this row; office, office_id: only this office's
    minors    whether what may show minors is in a dossier
    names     whether it says who reported and who decided
    closed    whether it is of figures that were frozen, at the moment `as_of`
    person    of what is kept of somebody: who
    folio     of a dossier: only this report, whatever its period
    """

    kind: Kind
    form: Form
    plan: str
    period: str
    as_of: datetime
    activity: int = 0
    office: str = ""
    office_id: int = 0
    minors: bool = False
    names: bool = True
    closed: bool = False
    person: int = 0
    folio: str = ""

    def stored(self) -> dict[str, Any]:
        """As a queue keeps it, without the kind and the moment."""
        return {
            "form": self.form, "plan": self.plan, "period": self.period, "activity": self.activity,
            "office": self.office, "office_id": self.office_id, "minors": self.minors, "names": self.names,
            **({"person": self.person} if self.person else {}), **({"folio": self.folio} if self.folio else {}),
        }  # fmt: skip

    @property
    def name(self) -> str:
        """What its file is called."""
        if self.folio:
            return f"soportes-{self.folio}.{self.form}"
        parts = [NAMES[self.kind], self.period]
        parts += [f"actividad-{self.activity}"] if self.activity else []
        parts += [self.office] if self.office else []
        return f"{'-'.join(parts)}.{self.form}"

    @property
    def span(self) -> Period:
        """The days it is about: of a follow-up from the beginning of the year to the cut-off."""
        if self.kind == "follow-up":
            cutoff = date.fromisoformat(self.period)
            return Period(self.period, cutoff.replace(month=1, day=1), cutoff)
        found = period(self.period)
        if found is None:
            raise ValueError(f"no period {self.period!r}")
        return found

    @property
    def since(self) -> datetime:
        """When the first day begins."""
        return self._midnight(self.span.start)

    @property
    def until(self) -> datetime:
        """The last moment of the last day; what comes after the moment of asking is not known."""
        return min(self._midnight(self.span.end + timedelta(days=1)) - LAST, self.as_of)

    @property
    def day(self) -> date:
        """The day as of which something is due."""
        return min(self.span.end, self.as_of.date())

    def plan_of(self, connection: Any) -> Stored:
        """The plan."""
        found = planning.stored(connection, self.plan)
        if found is None:
            raise LookupError(f"no plan {self.plan!r}")
        return found

    def cut(self, plan_id: int) -> Cut:
        """What came until the last day, as far as it is known."""
        return Cut(plan_id, self.until, self.as_of)

    @property
    def zone(self) -> ZoneInfo:
        """The entity's."""
        assert isinstance(self.as_of.tzinfo, ZoneInfo)
        return self.as_of.tzinfo

    def _midnight(self, day: date) -> datetime:
        return midnight(day, self.zone)


def period(key: str) -> Period | None:
    """The days of "2022", "2022-T2", "2022-S1", "2022-04"…; None where there is no such period."""
    if not key[:4].isdecimal() or not 1900 < int(key[:4]) < 3000:
        return None
    year = int(key[:4])
    if len(key) == 4:
        return Period(key, date(year, 1, 1), date(year, 12, 31))
    every = [each for each in get_args(Every) if each not in ("once", "event", "continuous", "year")]
    found = (one for each in every for one in periods(each, date(year, 1, 1), date(year, 12, 31)))
    return next((one for one in found if one.key == key), None)


def published_by(kept: Stored, day: date) -> date:
    """The last day on which a report on a cut-off or period may be published."""
    return Calendar(frozenset(kept.plan.holidays)).add_business_days(day, PUBLISHED_WITHIN)


def restored(kind: Kind, params: dict[str, Any], as_of: datetime, zone: ZoneInfo) -> Wanted:
    """What a queue kept."""
    return Wanted(kind=kind, as_of=as_of.astimezone(zone), **params)


def as_closed(connection: Any, wanted: Wanted) -> Wanted:
    """As it was frozen, where its period or cut-off is closed: then it is the same whenever it is made."""
    frozen = closes.standing(connection, wanted.plan_of(connection).id, wanted.period)
    standing = next((one for one in frozen if one.reopened_at is None), None)
    return replace(wanted, as_of=standing.at.astimezone(wanted.zone), closed=True) if standing else wanted
