"""A plan imported again, or a reading decided, brings the obligations in line and never touches a report."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import func, select, text

from models import events, planning
from models.obligations import Obligation
from models.plan import Decision
from plans.bundled import load
from tests.support.transcripts import play
from tests.support.world import PLAN, START, World

REPORT = Path(__file__).resolve().parents[1] / "transcripts" / "report.txt"
LIVING = select(func.sum(Obligation.units)).where(Obligation.withdrawn_at.is_(None))


def test_the_same_plan_again_changes_nothing(world: World) -> None:
    before = world.rows(text("SELECT code, due, target, units FROM obligations ORDER BY code"))
    with world.database.begin() as connection:
        found = planning.compare(connection, load(PLAN))
        assert (found.added, found.removed, found.changed) == ((), (), ())
        planning.import_plan(connection, load(PLAN), START)
    assert world.rows(text("SELECT code, due, target, units FROM obligations ORDER BY code")) == before
    assert world.rows(LIVING)[0][0] == 77 + 11 + 8 * 25


def test_what_left_the_plan_is_withdrawn_and_its_report_stays(world: World) -> None:
    play(world, REPORT)
    plan = load(PLAN)
    shorter = replace(plan, activities=tuple(a for a in plan.activities if a.number != 4))
    with world.database.begin() as connection:
        assert len(planning.compare(connection, shorter).removed) == 11
        planning.import_plan(connection, shorter, START)
    assert world.rows(LIVING)[0][0] == 288 - 22
    assert world.rows(text("SELECT count(*) FROM reports"))[0][0] == 1
    world.say("officer", "/reportar 4")
    assert "No encontré esa opción" in world.last("officer").text
    with world.database.begin() as connection:
        planning.import_plan(connection, plan, START)
    assert world.rows(LIVING)[0][0] == 288
    assert world.rows(text("SELECT sum(reported) FROM obligations"))[0][0] == 1


def test_a_decision_is_kept_and_its_effect_is_what_the_preview_said(world: World) -> None:
    with world.database.begin() as connection:
        kept = planning.stored(connection, "narino-2022")
        assert kept is not None
        preview = planning.preview(kept, 1, "por_dependencia")
        effect = planning.decide(connection, kept, 1, "por_dependencia", "Marta Rosero", "Acta 3", START)
    assert (len(preview.added), len(preview.removed)) == (100, 4) == (len(effect.added), len(effect.removed))
    assert world.rows(LIVING)[0][0] == 288 + 96
    decision = world.rows(select(Decision.choice, Decision.reason, Decision.added, Decision.removed))[0]
    assert tuple(decision) == ("por_dependencia", "Acta 3", 100, 4)
    provisional = "SELECT count(*) FROM obligations WHERE code LIKE 'A01%' AND provisional AND withdrawn_at IS NULL"
    assert world.rows(text(provisional))[0][0] == 0


def test_an_event_sets_the_day_and_a_second_one_adds_an_obligation(world: World) -> None:
    def record(day: date) -> None:
        with world.database.begin() as connection:
            office = connection.execute(text("SELECT id FROM offices WHERE code = 'agricultura'")).scalar_one()
            plan = connection.execute(text("SELECT id FROM plans")).scalar_one()
            events.add(connection, plan, office, "Feria", day, START)
            planning.resync(connection, "narino-2022", START + timedelta(days=1))

    dues = "SELECT code, due FROM obligations WHERE code LIKE 'A15-2022-AGRICULTURA%' ORDER BY code"
    record(date(2022, 12, 9))
    assert [(code, str(due)) for code, due in world.rows(text(dues))] == [("A15-2022-AGRICULTURA", "2022-12-30")]
    record(date(2022, 12, 12))
    assert [str(due) for _code, due in world.rows(text(dues))] == ["2022-12-30", "2023-01-02"]


def test_a_smaller_target_never_counts_more_than_is_owed(world: World) -> None:
    play(world, REPORT)
    world.say("officer", "/reportar 4 mayo")
    world.say("officer", "Otra publicación del espacio.")
    for words in ("hoy", "https://narino.gov.co/otra", "listo", "sí"):
        world.say("officer", words)
    plan = load(PLAN)
    smaller = tuple(replace(a, quantity=1) if a.number == 4 else a for a in plan.activities)
    with world.database.begin() as connection:
        planning.import_plan(connection, replace(plan, activities=smaller), START)
    assert world.rows(text("SELECT reported, target FROM obligations WHERE code = 'A04-2022-05'"))[0] == (2, 1)
    world.say("citizen", "/estado 4")
    assert "mayo: 1 de 1" in world.last("citizen").text
