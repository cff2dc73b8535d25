"""Questions by chat after ten years: what each answer takes, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import Connection, insert, select, text

from benchmarks.figures import Figure, Size, seconds
from documents.pictures import draw
from models.obligations import Obligation, Ownership
from models.plan import Activity, Plan
from tests.support.world import RULES, World, open_world

# Plans of as many years, the newest one that of Nariño; milliseconds that were promised for an answer.
YEARS, MOST = 10, 300
NOW = datetime(2022, 11, 22, 14, 0, tzinfo=UTC)
QUESTIONS = {
    "the whole plan": "/estado",
    "a subcomponent": "cómo va el subcomponente 1",
    "an office": "cómo va prensa",
    "an office with a typo, in a quarter": "cómo va agricutura en el tercer trimestre",
    "what follows": "¿y la 6?",
    "an activity by office": "/actividad 6",
    "what is late": "qué está vencido",
    "what is late of an office": "/vencidos prensa",
    "what comes next": "qué vence en 40 días",
    "who is missing": "quién no ha reportado",
    "the reports of an activity": "/avances 6",
    "the reports of an office in an activity": "/avances 6 agricultura",
    "the reports of an activity that has none": "/avances 24",
    "the newest reports": "/avances",
    "the whole plan as it was known on a day": "¿cómo estaba al 30 de abril?",
    "the whole plan as it was known yesterday": "/como_estaba ayer",
    "an office as it was known on a day": "/como_estaba prensa al 30 de abril",
    "an activity as it was known on a day": "/como_estaba 6 al 30 de abril",
    "one report with its evidence": "/avance A06-2022-AGRICULTURA-0001",
}
OFFICERS = ("/avances", "/vencidos", "/quien_falta")


def ask(size: Size, folder: Path) -> Iterator[Figure]:
    """A coordinator asks; then an officer, who sees less. Whole turns; the pictures are drawn after them."""
    for kind, name in (("sqlite", "SQLite"), ("postgres", "PostgreSQL")):
        (folder / kind).mkdir()
        world = open_world(kind, folder / kind)
        world.now = NOW
        taken = seconds(lambda world=world: fill(world, size.reports))  # type: ignore[misc]
        yield Figure(f"{name}: {size.reports:,} reports over {YEARS} plans, stored in", taken, "s")
        asked = [("coordinator", what, words) for what, words in QUESTIONS.items()]
        asked += [("officer", f"{words}, by an officer", words) for words in OFFICERS]
        for person, what, words in asked:
            world.say(person, words)
            times = [1000 * seconds(lambda: world.say(person, words)) for _ in range(2 + size.rounds)]  # noqa: B023
            yield Figure(f"{name}: {what}", median(times), "ms", MOST)
        if world.database.sqlite:
            yield from _pictures(world, size)
        world.close()


def _pictures(world: World, size: Size) -> Iterator[Figure]:
    for words in ("/estado", "/vencidos", "/quien_falta"):
        world.say("coordinator", words)
        picture = world.last("coordinator").picture
        assert picture
        draws = partial(draw, picture["drawing"], picture["figures"], RULES.languages["es"])
        yield Figure(
            f"the picture of {words}", median(1000 * seconds(draws) for _ in range(2 + size.rounds)), "ms", MOST
        )


def fill(world: World, reports: int) -> None:
    """So many reports with a photo each, over the plan and nine earlier ones of up to ten times its obligations."""
    with world.database.begin() as connection:
        plan, activities, owed, owned = (
            [row._asdict() for row in connection.execute(select(noun.__table__).order_by(*noun.__table__.primary_key))]
            for noun in (Plan, Activity, Obligation, Ownership)
        )
        copies = max(1, min(10, reports // (YEARS * len(owed) * 5)))
        for year in range(YEARS):
            for copy in range(copies if year else copies - 1):
                _copy(connection, plan[0], activities, owed, owned, year, copy + (not year))
        each = max(1, reports // (YEARS * copies * len(owed)))
        for statement in _REPORTS:
            told = _NUMBER[connection.dialect.name]
            connection.execute(text(statement.format(**told)), {"each": each})
    with world.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def _copy(
    connection: Connection, plan: dict[str, Any], activities: list[Any], owed: list[Any], owned: list[Any], year: int,
    copy: int,
) -> None:  # fmt: skip
    """Another set of the same obligations, in the plan of so many years ago, which is made with its first set."""
    shift = 10_000 * (YEARS * copy + year)

    def before(day: date) -> date:
        return day.replace(year=day.year - year, day=min(day.day, 28))

    if year and not copy:
        older = {"id": plan["id"] + year, "slug": f"{plan['slug']}-{year}", "year": plan["year"] - year}
        connection.execute(insert(Plan), [{**plan, **older}])
        connection.execute(insert(Activity), [
            {**row, "id": row["id"] + 100 * year, "plan_id": plan["id"] + year} for row in activities
        ])  # fmt: skip
    connection.execute(insert(Obligation), [
        {
            **row, "id": row["id"] + shift, "plan_id": plan["id"] + year,
            "activity_id": row["activity_id"] + 100 * year,
            "code": f"{row['code']}-{copy}" if copy else row["code"],
            **{name: before(row[name]) for name in ("starts", "due", "warn")},
        }
        for row in owed
    ])  # fmt: skip
    connection.execute(insert(Ownership), [{**row, "obligation_id": row["obligation_id"] + shift} for row in owned])


# How a database counts and writes numbers.
_NUMBER = {
    "sqlite": {
        "numbers": "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :each)",
        "folio": "o.code || printf('-%04d', n)", "came": "o.due || printf(' 14:%02d:00.000000', n % 60)",
    },
    "postgresql": {
        "numbers": "WITH numbers AS (SELECT n FROM generate_series(1, CAST(:each AS integer)) n)",
        "folio": "o.code || '-' || lpad(CAST(n AS text), 4, '0')", "came": "o.due + make_interval(mins => n % 60)",
    },
}  # fmt: skip
# Of ten reports one was returned; of five obligations one is not reported; of activity 24 there is none.
_REPORTS = (
    """
    INSERT INTO reports (plan_id, obligation_id, folio, version, state, quantity, item, account, done_on, author_id,
                         channel, sent_at, received_at)
    {numbers} SELECT o.plan_id, o.id, {folio}, 1,
        CASE WHEN n % 10 = 9 THEN 'returned' WHEN n % 3 = 0 THEN 'reported' ELSE 'verified' END, 1, '', 'Hecho', o.due,
        p.id, 'web', {came}, {came}
    FROM obligations o CROSS JOIN numbers
    JOIN people p ON p.name = CASE WHEN o.id % 2 = 0 THEN 'Ana Lucía Ortega' ELSE 'Jairo Benavides' END
    WHERE o.code NOT LIKE 'A24-%'
    """,
    """
    INSERT INTO evidence (report_id, kind, ref, name, mime, size, quarantined, channel, sent_at, received_at, dhash)
    SELECT id, 'photo', folio, 'acta.jpg', 'image/jpeg', 52000, false, 'web', sent_at, received_at, '' FROM reports
    WHERE :each > 0
    """,
    """
    INSERT INTO reviews (report_id, outcome, part, reason, kept, by_id, at)
    SELECT r.id, r.state, '', 'Revisado', 0, p.id, r.received_at FROM reports r
    JOIN people p ON p.name = 'Marta Rosero' WHERE r.state <> 'reported' AND :each > 0
    """,
    """
    UPDATE obligations SET filed = :each, reported = CASE WHEN id % 5 = 0 THEN 0 ELSE target END,
        verified = CASE WHEN id % 5 < 2 THEN 0 ELSE target END
    """,
)
