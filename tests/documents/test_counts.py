"""Every figure of the quarterly report, coverage, interactions and the evaluation is that of plain SQL."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

import pytest
import yaml
from sqlalchemy import Connection, text

from documents.making import PAPERS
from documents.paper import Cell, Paper, Share
from models.wanted import Kind, Wanted
from plans.dialogue import CATALOGUE
from tests.documents.conftest import ZONE, Year
from tests.documents.counting import KNOWN, Counted, counted, line, percent, stored

QUARTER = Wanted("quarterly", "xlsx", "narino-2022", "2022-T1", datetime(2022, 4, 18, 17, 0, tzinfo=ZONE))
END = datetime(2022, 3, 31, 23, 59, 59, 999999, tzinfo=ZONE)
HALF = datetime(2022, 5, 13, 17, 0, tzinfo=ZONE)
OVER = datetime(2023, 1, 16, 17, 0, tzinfo=ZONE)
MONTHS = ("enero", "febrero", "marzo", "abril", "mayo")
NAMES = {"web": "Web", "telegram": "Telegram", "whatsapp": "WhatsApp"}
EVENTS = """
SELECT e.key, e.day, e.title, coalesce(f.name, '') AS office, e.groups FROM events e
LEFT JOIN offices f ON f.id = e.office_id
WHERE e.day BETWEEN :first AND :last AND e.recorded_at <= :known AND coalesce(e.approved_at, '') <= :known
  AND (e.state IN ('held', 'announced', 'changed') OR (e.state = 'cancelled' AND e.cancelled_at > :known))
ORDER BY e.day, e.id
"""
SENT = """
SELECT strftime('%m', d.created_at, '-5 hours') AS month, d.channel, d.kind, coalesce((
    SELECT f.name FROM memberships m JOIN offices f ON f.id = m.office_id WHERE m.person_id = d.person_id
    ORDER BY f.id LIMIT 1), CASE WHEN EXISTS (SELECT 1 FROM memberships m WHERE m.person_id = d.person_id)
    THEN 'Coordinación y control' ELSE 'Ciudadanía' END) AS office
FROM deliveries d WHERE d.kind IN ('answer', 'notice', 'nudge', 'summary') AND d.state NOT IN ('skipped', 'failed')
  AND d.created_at >= '2022-01-01 05:00:00' AND d.created_at <= :known
"""
FILED = f"""{KNOWN}
SELECT strftime('%m', c.first_at, '-5 hours') AS month, c.first_channel AS channel, CASE WHEN f.name IS NOT NULL
    THEN f.name ELSE (SELECT l.name FROM ownerships w JOIN offices l ON l.id = w.office_id
                      WHERE w.obligation_id = o.id AND w.part = 'lead') END AS office,
  (SELECT count(*) FROM evidence e WHERE e.report_id = c.id) AS pieces
FROM came c JOIN obligations o ON o.id = c.obligation_id LEFT JOIN offices f ON f.id = o.office_id WHERE NOT c.gone
"""
TOLD = f"""{KNOWN}
SELECT owed.due, c.first_at, c.received_at, c.outcome, c.decided_at, c.folio, c.account, owed.place,
  CASE owed.office WHEN '' THEN owed.lead ELSE owed.office END AS office,
  CASE c.outcome WHEN 'returned' THEN c.left_over ELSE c.quantity END AS counts
FROM came c JOIN owed ON owed.id = c.obligation_id WHERE NOT c.gone ORDER BY owed.number, c.folio
"""
RETURNED = """
SELECT count(*) FROM reviews v WHERE v.outcome = 'returned' AND v.at <= :known
  AND NOT EXISTS (SELECT 1 FROM reviews u WHERE u.undoes_id = v.id AND u.at <= :known)
"""


# What happens after all the papers were made.
LATER = (
    "UPDATE events SET state = 'cancelled', cancelled_at = '2022-06-01 12:00:00' WHERE state = 'announced'",
    "UPDATE events SET state = 'announced', approved_at = '2022-06-01 12:00:00' WHERE state = 'proposed'",
    """INSERT INTO obligation_changes (obligation_id, until, target, units, due, provisional, withdrawn, cause)
    SELECT id, '2022-06-01 12:00:00', target, units, due, provisional, withdrawn_at IS NOT NULL, 'reading'
    FROM obligations""",
    "UPDATE obligations SET due = '2022-02-02', units = units + 1",
)


class Undone(Exception):
    """So that nothing stays."""


def paper(year: Year, wanted: Wanted) -> Paper:
    return PAPERS[wanted.kind](year.read, wanted)


def rows_of(made: Paper, name: str) -> list[list[Any]]:
    (table,) = [one for one in made.tables if one.name == name]
    return [[shown(cell) for cell in row] for row in table.rows]


def shown(cell: Cell) -> object:
    return percent(cell.done, cell.of) if isinstance(cell, Share) else cell


def day_of(stored_day: str) -> str:
    """ "5 de marzo de 2022" from "2022-03-05"."""
    day = date.fromisoformat(stored_day)
    months = (*MONTHS, "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre")
    return f"{day.day} de {months[day.month - 1]} de {day.year}"


def listed(names: set[str], most: int) -> str:
    """The first of them, and how many more."""
    first, more = sorted(names)[:most], len(names) - most
    return ", ".join(first) + (f" y {more} más" if more > 0 else "")


def summed(rows: list[Counted], day: date) -> list[list[object]]:
    """The summary: a line for each subcomponent, and one for the plan."""
    parts = sorted({row.part for row in rows})
    return [line((row for row in rows if row.part == part), day) for part in parts] + [line(rows, day)]


def overdue(rows: Iterable[Counted], day: date) -> list[list[object]]:
    """Of each office in charge: units late, the oldest day, its activities."""
    late: dict[str, list[Counted]] = {}
    for row in rows:
        if row.due <= day and row.done < row.units:
            late.setdefault(row.lead or row.office or "Sin dependencia a cargo", []).append(row)
    found = [
        [name, sum(row.units - row.done for row in mine), day_of(min(row.due for row in mine).isoformat()),
         ", ".join(str(number) for number in sorted({row.number for row in mine}))]
        for name, mine in late.items()
    ]  # fmt: skip
    return sorted(found, key=lambda row: (-int(str(row[1])), str(row[0])))


def events(year: Year, last: date, known: datetime) -> list[Any]:
    return year.rows(EVENTS, first="2022-01-01", last=last.isoformat(), known=stored(known))


def test_the_quarterly_report_is_counted_right(year: Year) -> None:
    rows, last = counted(year, END, QUARTER.as_of), date(2022, 3, 31)
    made = paper(year, QUARTER)
    assert [row[1:] for row in rows_of(made, "Resumen")] == summed(rows, last)
    expected = []
    for number in sorted({row.number for row in rows}):
        mine = [row for row in rows if row.number == number and date(2022, 1, 1) <= row.due <= last]
        units, _due, done, checked, official, provisional = line(mine, last)
        if mine:
            whose = listed({row.office or row.lead or "la entidad" for row in mine if row.missing}, 6)
            expected.append([str(number), units, done, checked, official, provisional, whose])
    assert len(expected) > 3
    assert [[row[0], *row[2:]] for row in rows_of(made, "Actividades")] == expected
    assert rows_of(made, "Vencidos") == overdue(rows, last)
    held = [[day_of(one.day), one.title, one.office or made.entity] for one in events(year, last, QUARTER.as_of)]
    assert rows_of(made, "Espacios de diálogo") == held
    _units, due, done, checked, *_shares = line([row for row in rows if row.due <= last], last)
    assert f"({checked} de {due})" in made.notes[0]
    assert f"({done} de {due})" in made.notes[0]


def folded(said: str) -> str:
    plain = "".join(one for one in unicodedata.normalize("NFD", said.lower()) if not unicodedata.combining(one))
    return f" {' '.join(re.findall('[a-z0-9]+', plain))} "


def test_coverage_of_value_groups_is_counted_right(year: Year) -> None:
    last = date(2022, 3, 31)
    made = paper(year, replace(QUARTER, kind="coverage"))
    told = [
        one for one in year.rows(TOLD, until=stored(END), known=stored(QUARTER.as_of)) if one.place and one.counts > 0
    ]
    held = events(year, last, QUARTER.as_of)
    expected = []
    for group in yaml.safe_load(CATALOGUE.read_text("utf-8"))["groups"]:
        words = [folded(word) for word in (group["name"], *group["words"])]
        for_them = [one for one in held if f'"{group["code"]}"' in one.groups]
        said = [one for one in held if one not in for_them and any(word in folded(one.title) for word in words)]
        reports = [one for one in told if any(word in folded(one.account) for word in words)]
        offices = {one.office or made.entity for one in (*for_them, *said, *reports)}
        count = len(for_them) + len(said) + len(reports)
        answer = "Sí" if for_them else "Sí, por confirmar" if count else "Ninguno lo nombra: verificar o programar"
        expected.append([group["name"], count, listed(offices, 4), answer])
    found = rows_of(made, "Grupos de valor")
    assert [[*row[:3], row[4]] for row in found] == expected
    assert {row[1] for row in expected} > {0}
    rows = [row for row in counted(year, END, QUARTER.as_of) if row.place and row.office]
    of_offices = [
        [name, *line((row for row in rows if row.office == name), last)[:1],
         *line((row for row in rows if row.office == name), last)[2:4], sum(one.office == name for one in held)]
        for name in sorted({row.office for row in rows})
    ]  # fmt: skip
    assert rows_of(made, "Dependencias") == of_offices


def test_interactions_are_counted_right(year: Year) -> None:
    made = paper(year, Wanted("interactions", "xlsx", "narino-2022", "2022-S1", HALF))
    counts: Counter[tuple[str, str, str, str]] = Counter()
    for one in year.rows(SENT, known=stored(HALF)):
        counts[one.month, one.channel, one.office, one.kind] += 1
    for one in year.rows(FILED, until=stored(HALF), known=stored(HALF)):
        counts[one.month, one.channel, one.office or "Coordinación y control", "report"] += 1
        counts[one.month, one.channel, one.office or "Coordinación y control", "evidence"] += one.pieces
    kinds = ("answer", "notice", "nudge", "summary", "report", "evidence")
    for name, place in (("Por mes", 0), ("Por canal", 1), ("Por dependencia", 2)):
        keys = {key[place] for key in counts if counts[key]}
        label = {"0": lambda key: f"{MONTHS[int(key) - 1]} de 2022", "1": NAMES.get, "2": str}[str(place)]
        expected = {
            label(key): [sum(n for found, n in counts.items() if found[place] == key and found[3] == kind)
                         for kind in kinds]
            for key in keys
        }  # fmt: skip
        expected["Total"] = [sum(n for found, n in counts.items() if found[3] == kind) for kind in kinds]
        told = {row[0]: row[1:] for row in rows_of(made, name)}
        assert told == {**({f"{month} de 2022": [0] * 6 for month in MONTHS} if place == 0 else {}), **expected}
        assert min(expected["Total"]) > 0
    assert sum(row[4] for row in rows_of(made, "Detalle")) == sum(counts.values())
    citizens = sum(n for found, n in counts.items() if found[2] == "Ciudadanía" and found[3] == "answer")
    assert citizens
    assert made.notes[0] == f"Preguntas de la ciudadanía respondidas en el periodo: {citizens}."


def moment(kept: str) -> datetime:
    return datetime.fromisoformat(f"{kept}+00:00").astimezone(ZONE)


@pytest.mark.parametrize(("known", "last"), [(HALF, HALF.date()), (OVER, date(2022, 12, 31))])
def test_the_evaluation_of_the_year_is_counted_right(year: Year, known: datetime, last: date) -> None:
    """In the middle of the year, and when it is over: what comes later is not of the year."""
    until = min(known, datetime(2022, 12, 31, 23, 59, 59, 999999, tzinfo=ZONE))
    made = paper(year, Wanted("evaluation", "xlsx", "narino-2022", "2022", known))
    rows = counted(year, until, known)
    assert [row[1:] for row in rows_of(made, "Resumen")] == summed(rows, last)
    leads = sorted({row.lead for row in rows})
    assert rows_of(made, "Dependencias") == [
        [lead or "Sin dependencia a cargo", *line((row for row in rows if row.lead == lead), last)] for lead in leads
    ]
    assert rows_of(made, "Vencidos") == overdue(rows, last)
    moments = {"until": stored(until), "known": stored(known)}
    told = year.rows(TOLD, **moments)
    in_time = sum(moment(one.first_at).date() <= date.fromisoformat(one.due) for one in told)
    waits = [
        (moment(one.decided_at) - moment(one.received_at)) / timedelta(days=1)
        for one in told if one.outcome == "verified"
    ]  # fmt: skip
    obstacles = year.rows("SELECT kind, count(*) FROM blockers WHERE at <= :known GROUP BY kind ORDER BY kind",
                          known=moments["known"])  # fmt: skip
    ((returned,),) = year.rows(RETURNED, known=moments["known"])
    assert 0 < in_time < len(told)
    assert [row[1] for row in rows_of(made, "Oportunidad")] == [
        in_time, len(told) - in_time, len(waits), f"{median(waits):.1f} días".replace(".", ","), returned,
        *(count for _kind, count in obstacles), len(events(year, last, known)),
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["quarterly", "coverage", "evaluation"])
def test_what_is_decided_later_changes_no_paper(year: Year, kind: Kind) -> None:
    """Made again with what was known then, it says the same: a closed period never moves."""
    wanted = replace(QUARTER, kind=kind, period="2022" if kind == "evaluation" else "2022-T1")

    def later(connection: Connection) -> None:
        before = PAPERS[kind](lambda work: work(connection), wanted)
        for sql in LATER:
            connection.execute(text(sql))
        assert PAPERS[kind](lambda work: work(connection), wanted) == before
        raise Undone

    with pytest.raises(Undone):
        year.read(later)
