"""What was owed and done, counted by plain SQL: nothing of models/ is used, so that it can contradict them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

# What an obligation asked for at a moment: as its first later change kept it, else as it is.
_THEN = """
WITH owed AS (
    SELECT o.id, o.code, a.number, a.title, a.subcomponent, a.place, coalesce(f.name, '') AS office,
      coalesce((SELECT l.name FROM ownerships w JOIN offices l ON l.id = w.office_id
                WHERE w.obligation_id = o.id AND w.part = 'lead'), '') AS lead,
      coalesce(c.units, o.units) AS units, coalesce(c.target, o.target) AS target, coalesce(c.due, o.due) AS due
    FROM obligations o JOIN activities a ON a.id = o.activity_id LEFT JOIN offices f ON f.id = o.office_id
    LEFT JOIN obligation_changes c ON c.id = (SELECT n.id FROM obligation_changes n
        WHERE n.obligation_id = o.id AND n.until > :known ORDER BY n.until, n.id LIMIT 1)
    WHERE CASE WHEN c.id IS NULL THEN o.withdrawn_at IS NULL OR o.withdrawn_at > :known ELSE NOT c.withdrawn END),
"""
# A report counts that came until the cut-off, in its newest version of then, as far as it was decided on until known.
_CAME = """
came AS (
    SELECT r.*, f.received_at AS first_at, f.channel AS first_channel, v.at AS decided_at,
      r.state = 'withdrawn' AND EXISTS (SELECT 1 FROM audit w WHERE w.subject = r.folio
          AND w.action = 'report.withdrawn' AND w.at <= :known) AS gone,
      coalesce(v.outcome, '') AS outcome, coalesce(v.kept, 0) AS left_over
    FROM reports r JOIN reports f ON f.folio = r.folio AND f.version = 1
    LEFT JOIN reviews v ON v.id = (SELECT max(l.id) FROM reviews l WHERE l.report_id = r.id AND l.at <= :known)
    WHERE r.received_at <= :until AND r.version = (
        SELECT max(n.version) FROM reports n WHERE n.folio = r.folio AND n.received_at <= :until))
"""
KNOWN = _THEN + _CAME
COUNT = f"""{KNOWN}
SELECT owed.*, coalesce(sum(CASE WHEN c.id IS NULL OR c.gone THEN 0 WHEN c.outcome = 'returned' THEN c.left_over
                                 ELSE c.quantity END), 0) AS reported,
  coalesce(sum(CASE WHEN c.outcome = 'verified' AND NOT c.gone THEN c.quantity ELSE 0 END), 0) AS verified
FROM owed LEFT JOIN came c ON c.obligation_id = owed.id
GROUP BY owed.id, owed.code, owed.number, owed.title, owed.subcomponent, owed.place, owed.office, owed.lead, owed.units,
  owed.target, owed.due
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """An obligation with what counted for it; `done` and `checked` in its own units."""

    code: str
    number: int
    title: str
    part: int
    place: bool
    office: str
    lead: str
    units: int
    due: date
    reported: int
    missing: bool
    done: int
    checked: int


def counted(year: Any, until: datetime, known: datetime) -> list[Counted]:
    """All that was owed at a moment, with what had come until another."""
    rows = year.rows(COUNT, until=stored(until), known=stored(known))
    return [
        Counted(
            row.code, row.number, row.title, row.subcomponent, bool(row.place), row.office, row.lead, row.units,
            date.fromisoformat(row.due), row.reported, row.reported < row.target,
            row.units * min(row.reported, row.target) // row.target,
            row.units * min(row.verified, row.target) // row.target,
        )
        for row in rows
    ]  # fmt: skip


def stored(moment: datetime) -> str:
    """As SQLite keeps it: UTC, with all its digits."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def percent(done: int, of: int) -> object:
    """As a spreadsheet shows a share."""
    return 100 * done // of if of else "aún no vence"


def line(rows: Iterable[Counted], day: date) -> list[object]:
    """Units, due, reported, verified, and both shares of what was due on a day: a line of a summary."""
    rows = list(rows)
    late = [row for row in rows if row.due <= day]
    due = sum(row.units for row in late)
    return [
        sum(row.units for row in rows), due, sum(row.done for row in rows), sum(row.checked for row in rows),
        percent(sum(row.checked for row in late), due), percent(sum(row.done for row in late), due),
    ]  # fmt: skip
