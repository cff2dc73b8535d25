"""The figures: what is counted, how it is classed, and what it costs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import Connection, event, insert, select, text, update

from models import as_of, migrations
from models.base import Base
from models.figures import Counts, Scope, current_plan, figures
from models.obligations import Obligation, Ownership
from models.plan import Activity, Plan
from tests.support.world import START, open_world

# What Prensa and TIC support and owe; every part there is.
SUPPORTED = select(Obligation.id).where(Obligation.code.in_(("A06-2022-TIC", "A15-2022-TIC", "A15-2022-PRENSA")))
OWNED = select(Ownership).order_by(Ownership.obligation_id, Ownership.office_id)
MAY = date(2022, 5, 24)
SCOPES = [Scope(), Scope("subcomponent", 1), Scope("activity", 6), Scope("office", code="prensa")]


@pytest.fixture(params=["sqlite", "postgres"])
def connection(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Connection]:
    world = open_world(request.param, tmp_path)
    with world.database.begin() as connection:
        yield connection
    world.close()


def report(connection: Connection, code: str, reported: int, verified: int = 0) -> None:
    same = update(Obligation).where(Obligation.code == code)
    assert connection.execute(same.values(reported=reported, verified=verified)).rowcount == 1


@given(some.integers(1, 500), some.integers(0, 500))
def test_a_band_is_found_by_the_unrounded_share(due: int, done: int) -> None:
    done = min(done, due)
    counts = Counts(due, done, 0, due, done, 0)
    share = Fraction(done, due)
    key = "high" if share >= Fraction(4, 5) else "medium" if share >= Fraction(3, 5) else "low"
    assert counts.band is not None
    assert counts.band.key == key
    assert counts.to_date == int(share * 100)


def test_just_under_a_band_is_below_it_though_it_would_round_up() -> None:
    counts = Counts(1000, 799, 0, 1000, 799, 0)
    assert counts.to_date == 79
    assert counts.band is not None
    assert counts.band.key == "medium"


def test_while_nothing_is_due_there_is_no_class() -> None:
    assert Counts(4, 1, 0, 0, 0, 0).band is None
    assert Counts(4, 1, 0, 0, 0, 0).to_date is None
    assert Counts(0, 0, 0, 0, 0, 0).of_year == 0


def test_the_whole_plan_is_the_sum_of_its_parts(connection: Connection) -> None:
    report(connection, "A04-2022-02", 2, 1)
    report(connection, "A04-2022-11", 1)
    whole = figures(connection, Scope(), MAY)
    assert whole is not None
    assert [part.number for part in whole.parts] == [1, 2, 3, 6]
    assert whole.total.units == 288
    assert (whole.total.done, whole.total.verified, whole.total.done_due) == (3, 1, 2)
    parts = [figures(connection, Scope("subcomponent", part.number), MAY) for part in whole.parts]
    assert [part.total for part in parts if part] == [part.counts for part in whole.parts]


def test_a_unit_of_several_steps_counts_when_all_are_done(connection: Connection) -> None:
    report(connection, "A18-2022-T1", 1)
    half = figures(connection, Scope("activity", 18), MAY)
    report(connection, "A18-2022-T1", 2)
    full = figures(connection, Scope("activity", 18), MAY)
    assert half is not None
    assert full is not None
    assert (half.total.done, full.total.done, full.total.units) == (0, 1, 4)


def test_what_falls_due_today_is_due(connection: Connection) -> None:
    found = [figures(connection, Scope("activity", 4), date(2022, 2, day)) for day in (27, 28)]
    assert [one.total.due for one in found if one] == [0, 2]


def test_an_activity_of_the_entity_is_parted_by_period(connection: Connection) -> None:
    found = figures(connection, Scope("activity", 9), MAY)
    assert found is not None
    assert [(part.period, part.counts.units) for part in found.parts] == [("2022-S1", 2), ("2022-S2", 2)]


def test_an_activity_of_each_office_is_parted_by_office(connection: Connection) -> None:
    found = figures(connection, Scope("activity", 15), MAY)
    assert found is not None
    assert len(found.parts) == 26
    assert found.parts[0].name == ""
    assert "Prensa" in [part.short for part in found.parts]
    assert all(part.counts.units == 1 and not part.period for part in found.parts)


def test_an_office_has_what_it_leads_and_what_counts_for_it_not_what_it_supports(connection: Connection) -> None:
    press = figures(connection, Scope("office", code="prensa"), MAY)
    farming = figures(connection, Scope("office", code="agricultura"), MAY)
    assert press is not None
    assert farming is not None
    assert [part.number for part in press.parts] == [*range(1, 12), 15]
    assert [(part.number, part.counts.units) for part in farming.parts] == [(6, 4), (7, 1), (10, 1), (11, 1), (15, 1)]


def test_who_supports_what_each_office_owes_owes_its_own(connection: Connection) -> None:
    """Rows 6 and 15: TIC supports them, and owes its own. Of rows 4 and 8 and of the entity's 15 it owes none."""
    tic = figures(connection, Scope("office", code="tic"), MAY)
    assert tic is not None
    assert [(part.number, part.counts.units) for part in tic.parts] == [
        (6, 4), (7, 1), (10, 1), (11, 1), (13, 1), (15, 1)
    ]  # fmt: skip
    codes = ("A06-2022-TIC", "A15-2022-TIC")
    told = as_of.as_of(connection, 1, datetime(2022, 5, 24, tzinfo=UTC), Scope("office", code="tic"))
    assert set(codes) <= {one.code for one in told}


def test_older_databases_are_mended(connection: Connection) -> None:
    before = connection.execute(OWNED).all()
    worse = update(Ownership).where(Ownership.part == "own", Ownership.obligation_id.in_(SUPPORTED))
    assert connection.execute(worse.values(part="support")).rowcount == 3
    assert connection.execute(OWNED).all() != before
    script = ScriptDirectory(str(Path(migrations.__file__).parent)).get_revision("0012")
    connection.execute(text(script.module.OWN))
    assert connection.execute(OWNED).all() == before


def test_what_was_withdrawn_does_not_count(connection: Connection) -> None:
    connection.execute(update(Obligation).where(Obligation.code == "A04-2022-02").values(withdrawn_at=START))
    found = figures(connection, Scope("activity", 4), MAY)
    assert found is not None
    assert found.total.units == 20


def test_an_activity_that_asks_for_nothing_yet_is_known(connection: Connection) -> None:
    ours = select(Activity.id).where(Activity.number == 3).scalar_subquery()
    connection.execute(update(Obligation).where(Obligation.activity_id == ours).values(withdrawn_at=START))
    found = figures(connection, Scope("activity", 3), MAY)
    assert found is not None
    assert found.parts == ()
    part = figures(connection, Scope("subcomponent", 1), MAY)
    assert part is not None
    assert part.parts[2].counts == Counts(0, 0, 0, 0, 0, 0)


@pytest.mark.parametrize("scope", [Scope("activity", 99), Scope("subcomponent", 4), Scope("office", code="nadie")])
def test_what_the_plan_does_not_have_is_not_invented(connection: Connection, scope: Scope) -> None:
    assert figures(connection, scope, MAY) is None


def test_the_newest_year_is_the_current_plan(connection: Connection) -> None:
    columns = [column for column in Plan.__table__.columns if column.name not in ("id", "slug", "year")]
    old = connection.execute(select(*columns)).one()._asdict()
    for year in (2021, 2023):
        connection.execute(insert(Plan).values(slug=f"narino-{year}", year=year, **old))
    plan = current_plan(connection)
    assert plan is not None
    assert (plan.year, plan.slug) == (2023, "narino-2023")
    assert figures(connection, Scope(), MAY) is None


@pytest.mark.parametrize("scope", SCOPES)
def test_one_statement_that_reads_no_report(connection: Connection, scope: Scope) -> None:
    seen: list[str] = []
    event.listen(connection, "before_cursor_execute", lambda *args: seen.append(args[2]))
    assert figures(connection, scope, MAY) is not None
    assert len(seen) == 1
    personal = {"reports", "evidence", "people", "contacts"} & set(Base.metadata.tables)
    assert not [table for table in personal if f" {table} " in seen[0] or f"{table}." in seen[0]]


def test_counts_add_up() -> None:
    one = Counts(1, 2, 3, 4, 5, 6)
    assert one + one == Counts(2, 4, 6, 8, 10, 12)
    assert replace(one, units=0).of_year == 0
