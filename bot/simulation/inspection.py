"""Questions to the deliveries, by rules of their own: was anything said twice, left out, at night, or in vain?

Nothing of the code that planned the messages is used. What should have been said follows from the observer's ledger,
the holidays, and the tables of people and reports; what was said from the deliveries that left and what each told.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from datetime import date, datetime, time, timedelta
from typing import Any

from holidays import country_holidays
from sqlalchemy import Connection, text

from bot.simulation import readers
from bot.simulation.agenda import days
from bot.simulation.ledger import Owed
from bot.simulation.year import Lived

OPENS, CLOSES = time(8), time(17)
# The summary of the week is read before the others are written to.
SUMMARY_OPENS = time(7)
LEFT = ("sent", "delivered", "read", "unknown", "failed")


@dataclass(slots=True)
class Breaches:
    """What should not have happened, one line each.

    missed, cutoffs, summaries, answers  what was left out, by what it is
    """

    twice: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    cutoffs: list[str] = field(default_factory=list)
    summaries: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    at_night: list[str] = field(default_factory=list)
    moot: list[str] = field(default_factory=list)

    def all(self) -> Iterator[str]:
        """Every line."""
        yield from (line for what in fields(self) for line in getattr(self, what.name))


def inspect(lived: Lived) -> Breaches:
    """Look through a year that is over."""
    seen = lived.world.store.run(lambda connection: Seen(connection, lived))
    return Breaches(**{name: list(look(seen)) for name, look in LOOKS.items()})


class Seen:
    """The tables as they are at the end, and what can be said of them."""

    def __init__(self, connection: Connection, lived: Lived) -> None:
        self.lived, self.zone = lived, lived.agenda.zone
        years = range(lived.first.year, lived.last.year + 2)
        self.holidays = frozenset(country_holidays("CO", years=years)) | frozenset(lived.plan.holidays)
        self.left = [row for row in _rows(connection, "SELECT * FROM deliveries ORDER BY id") if row["state"] in LEFT]
        self.at = {row["id"]: lived.world.left.get(row["id"], _moment(row["created_at"])) for row in self.left}
        known = self.at.keys()
        nudges = _rows(connection, "SELECT * FROM nudges")
        self.nudges = [row for row in nudges if row["delivery_id"] in known]
        # Nobody could be reached then: the decision not to write is kept with its reason.
        self.dropped = {(row["obligation_id"], row["person_id"]) for row in nudges if "escribirle" in row["reason"]}
        self.members = _rows(connection, "SELECT * FROM memberships")
        self.leaves = _rows(connection, "SELECT * FROM leaves")
        self.rests = _rows(connection, "SELECT * FROM blockers WHERE quiet_until IS NOT NULL")
        self.preferences = {row["person_id"]: row for row in _rows(connection, "SELECT * FROM preferences")}
        self.reports: dict[int, list[tuple[datetime, int]]] = defaultdict(list)
        for row in _rows(connection, "SELECT * FROM reports ORDER BY id"):
            self.reports[row["obligation_id"]].append((_moment(row["received_at"]), row["quantity"]))
        self.told: dict[tuple[int, int], list[tuple[datetime, int, str]]] = defaultdict(list)
        for row in self.nudges:
            about = (row["obligation_id"], row["person_id"])
            self.told[about].append((self.at[row["delivery_id"]], row["step"], row["warn"]))

    def twice(self) -> Iterator[str]:
        """A second message of the day, a step or a cut-off told again, a second answer to one message."""
        daily = Counter((row["kind"], row["person_id"], self.day(row)) for row in self.left if _by_clock(row))
        steps = Counter((row["obligation_id"], row["person_id"], row["warn"], row["step"]) for row in self.nudges)
        cutoffs = Counter(row["dedupe_key"][:-10] for row in self.left if row["dedupe_key"].startswith("cutoff:"))
        yield from (
            f"{n} × {what}"
            for counted in (daily, steps, cutoffs)
            for what, n in counted.items()
            if n > 1 and not (what[0] == "notice" and len(what) == 3)
        )
        answers = Counter(row["address"] for row in self.left if row["kind"] == "answer")
        for address, said in self.lived.world.said.items():
            if answers[address] > said:
                yield f"{answers[address]} answers to {said} messages of {address}"

    def moot(self) -> Iterator[str]:
        """A message about something that had been reported before it left."""
        for row in self.nudges:
            at = self.at[row["delivery_id"]]
            owed = self._owed(row["obligation_id"], at)
            if self._complete(row["obligation_id"], at) or owed.withdrawn or str(owed.warn) != row["warn"]:
                yield f"{owed.code} to {row['person_id']} at {at}"

    def at_night(self) -> Iterator[str]:
        """A message by the clock outside working hours, before somebody's hour, on their quiet day or leave."""
        for row in self.left:
            if not _by_clock(row):
                continue
            local, who = self.at[row["id"]].astimezone(self.zone), row["person_id"]
            summary = row["kind"] == "summary"
            asleep = not (SUMMARY_OPENS if summary else OPENS) <= local.time() < CLOSES or self.off(local.date())
            wish = self.preferences.get(who)
            early = wish and local.hour < wish["hour"]
            if asleep or early or self._quiet(who, local.date()) or self._away(who, local.date()):
                yield f"{row['dedupe_key']} at {local}"

    def missed(self) -> Iterator[str]:
        """A step not told by the end of a day on which nothing stood in the way."""
        for day in days(self.lived.first, self.lived.last):
            if not self.off(day) and not self._down(day):
                for obligation, owed in self._page(self.lived.agenda.on(day, OPENS)).items():
                    yield from self._untold(obligation, owed, day)

    def unanswered(self) -> Iterator[str]:
        """Fewer answers than messages."""
        answers = Counter(row["address"] for row in self.left if row["kind"] == "answer")
        for address, said in self.lived.world.said.items():
            if answers[address] < said:
                yield f"{answers[address]} answers to {said} messages of {address}"

    def _untold(self, obligation: int, owed: Owed, day: date) -> Iterator[str]:
        steps = sorted(self.lived.plan.nudges)
        passed = self._business_days(owed.warn, day)
        step = max((step for step in steps if step <= passed), default=None)
        begins, ends = self.lived.agenda.on(day, OPENS), self.lived.agenda.on(day, CLOSES)
        if (
            step is None
            or owed.withdrawn
            or owed.starts > day
            or self._owed(obligation, ends) != owed
            or self._complete(obligation, ends)
            or not all(self._complete(first, begins) for first in owed.after)
        ):
            return
        officers = self._working(owed.lead, "officer", day)
        partly = self._working(owed.lead, "officer", day, whole=False)
        listeners = set(officers)
        if step == steps[-1]:
            listeners |= self._working(owed.lead, "head", day) | self._working(0, "coordinator", day)
        elif not partly:
            listeners |= self._working(0, "coordinator", day)
        for person in listeners:
            told = self.told[obligation, person]
            done = any(at <= ends and step <= which and warn == str(owed.warn) for at, which, warn in told)
            if not done and not self._excused(obligation, person, day):
                yield f"{owed.code} step {step} to {person} on {day}"

    def _excused(self, obligation: int, person: int, day: date) -> bool:
        """Whether the person could not, or did not want to, be told that day."""
        rests = any(
            row["obligation_id"] == obligation
            and (row["person_id"] == person or row["kind"] == "late")
            and _moment(row["at"]).astimezone(self.zone).date() <= day < date.fromisoformat(row["quiet_until"])
            for row in self.rests
        )
        return rests or (obligation, person) in self.dropped or not self.free(person, day)

    def free(self, person: int, day: date) -> bool:
        """Whether nothing stood in the way of writing to somebody: a working day, and theirs, with all in order."""
        shut = any(
            who == person and span.begins.date() <= day <= span.ends.date() for who, span in self.lived.ledger.shut
        )
        trouble = (person, str(day)) in self.lived.world.trouble
        hindered = shut or trouble or self.off(day) or self._down(day)
        return not (hindered or self._quiet(person, day) or self._away(person, day))

    def held(self, person: int, role: str, first: date, last: date) -> bool:
        """Whether somebody had a role from the opening of a day to the close of another."""
        begins, ends = self.lived.agenda.on(first, SUMMARY_OPENS), self.lived.agenda.on(last, CLOSES)
        return any(
            row["person_id"] == person
            and row["role"] == role
            and _moment(row["since"]) <= begins
            and (row["until"] is None or _moment(row["until"]) >= ends)
            for row in self.members
        )

    def _working(self, office: int, role: str, day: date, *, whole: bool = True) -> set[int]:
        """Who held a role (in an office) for the whole working day and was there; or for a part of it."""
        begins, ends = self.lived.agenda.on(day, OPENS), self.lived.agenda.on(day, CLOSES)
        if not whole:
            begins, ends = ends, begins
        return {
            row["person_id"]
            for row in self.members
            if row["role"] == role
            and (row["office_id"] or 0) == office
            and _moment(row["since"]) <= begins
            and (row["until"] is None or _moment(row["until"]) >= ends)
            and not self._away(row["person_id"], day)
        }

    def _page(self, at: datetime) -> dict[int, Owed]:
        return next(page for since, page in reversed(self.lived.ledger.pages) if since <= at)

    def _owed(self, obligation: int, at: datetime) -> Owed:
        return self._page(at)[obligation]

    def _complete(self, obligation: int, at: datetime) -> bool:
        target = self.lived.ledger.pages[-1][1][obligation].target
        return sum(quantity for when, quantity in self.reports[obligation] if when < at) >= target

    def _away(self, person: int, day: date) -> bool:
        return any(row["person_id"] == person and row["starts"] <= str(day) <= row["ends"] for row in self.leaves)

    def _quiet(self, person: int, day: date) -> bool:
        wish = self.preferences.get(person)
        return bool(wish and wish["quiet"] >> day.weekday() & 1)

    def off(self, day: date) -> bool:
        """Whether nobody works that day."""
        return day.weekday() > 4 or day in self.holidays

    def _down(self, day: date) -> bool:
        begins, ends = self.lived.agenda.on(day, SUMMARY_OPENS), self.lived.agenda.on(day, CLOSES)
        return any(span.begins < ends and begins < span.ends for span in self.lived.agenda.down)

    def _business_days(self, warn: date, day: date) -> int:
        """Business days from a deadline to a day, negative before it."""
        first, last, sign = (warn, day, 1) if warn <= day else (day, warn, -1)
        return sign * sum(not self.off(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))

    def day(self, row: dict[str, Any]) -> date:
        """The day on which a delivery left."""
        return self.at[row["id"]].astimezone(self.zone).date()


LOOKS: dict[str, Callable[[Seen], Iterator[str]]] = {
    "twice": Seen.twice, "missed": Seen.missed, "cutoffs": readers.missed_cutoffs,
    "summaries": readers.missed_summaries, "answers": Seen.unanswered, "at_night": Seen.at_night, "moot": Seen.moot,
}  # fmt: skip


def _by_clock(row: dict[str, Any]) -> bool:
    return row["kind"] in ("nudge", "summary") or row["dedupe_key"].startswith("cutoff:")


def _rows(connection: Connection, sql: str) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in connection.execute(text(sql))]


def _moment(stored: str) -> datetime:
    """A moment as SQLite keeps it, in UTC."""
    return datetime.fromisoformat(f"{stored}+00:00")
