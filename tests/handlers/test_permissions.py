"""Who may do what, written out: a conversation without a row here fails, and so does one that opens to others."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from handlers.table import CONVERSATIONS
from models import (
    adjustments,
    audit,
    closes,
    filed,
    handovers,
    origins,
    owed,
    people,
    ratings,
    remarks,
    reminding,
    reports,
    responsible,
    review_queue,
    samples,
    waivers,
)
from models.figures import Scope
from models.obligations import Obligation
from models.offices import Office
from models.people import Role, Who
from models.plan import Plan
from models.visit import Visit
from tests.support.histories import end_of, visit
from tests.support.world import RULES, START, World, open_world, person

# Who somebody is: a citizen agreed that something is kept and holds no role.
ROLES = ("citizen", "officer", "head", "coordinator", "auditor", "administrator")
ALL, STAFF, OFFICER = ROLES, ROLES[1:], ("officer",)
RUN = ("coordinator", "administrator")
READ, AUDITOR = (*RUN, "auditor"), ("auditor",)
# Who holds dialogue events.
HOLD = ("officer", "head", *RUN)

MAY: dict[str, tuple[str, ...]] = {
    # Everyone's: figures at office level, and what is about oneself.
    "status": ALL, "overdue": ALL, "due_soon": ALL, "missing": ALL, "activity": ALL, "as_of": ALL, "follow_up": ALL,
    "help": ALL, "language": ALL, "welcome": ALL, "enrol": ALL, "link": ALL, "unlink": ALL, "stop": ALL, "resume": ALL,
    "hours": ALL, "subscribe": ALL, "subscribed": ALL, "events": ALL, "event": ALL, "come": ALL, "stay": ALL,
    "ask_question": ALL, "my_questions": ALL, "propose": ALL, "attend": ALL, "survey": ALL, "poster": ALL,
    "promises": ALL, "my_data": ALL,
    # Dialogue events: some call them, others approve them.
    "proposed": HOLD, "show_code": HOLD, "questions": HOLD, "answer_question": HOLD, "change_event": HOLD,
    "cancel_event": HOLD, "events_waiting": RUN, "decide_topic": RUN, "approve_event": RUN, "decline_event": RUN,
    "conclude": HOLD, "approve_conclusions": RUN, "decline_conclusions": RUN, "data_requests": RUN,
    # What people who work on the plan say of their own work.
    "report": OFFICER, "pending": OFFICER, "correct": OFFICER, "undo": OFFICER, "almost": OFFICER, "late": OFFICER,
    "blocked": OFFICER, "not_mine": OFFICER, "unblock": STAFF, "absence": STAFF, "back": STAFF, "leave": STAFF,
    # Names and reports: of their own offices for officers and heads, of all for the others.
    "filed": STAFF, "one_report": STAFF, "summary": ("head", *READ), "calls": RUN, "summary_time": ("coordinator",),
    "hand_out": ("officer", *READ), "downloads": ("officer", *READ), "proof": ("officer", *READ),
    "hide_evidence": ("officer", *RUN), "show_evidence": ("officer", *RUN),
    # Review.
    "review": READ, "verify_all": RUN, "revert": RUN,
    # Acts.
    "undecided": RUN, "decide": RUN, "stand_in": RUN, "waiting": RUN, "admit": RUN, "refuse": RUN, "remind": RUN,
    "unremind": RUN, "invite": RUN, "cancel_invitation": RUN, "lead": RUN, "replace": RUN, "finish_replacement": RUN,
    "waive": RUN, "restore": RUN, "reading": RUN, "topics": RUN, "comment": RUN, "take_back": READ, "close": READ,
    "reopen": RUN,
    # Internal Control.
    "who": READ, "sample": READ, "rate": AUDITOR, "finding": AUDITOR, "findings": READ,
}  # fmt: skip


def who(role: str) -> Who:
    held = frozenset() if role == "citizen" else frozenset({Role(role)})
    return Who(1, "Ana", "es", "citizen" if role == "citizen" else "member", "web", "ana", held, {})


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=lambda one: one.name)
def test_each_is_open_to_these_and_no_others(conversation, role: str) -> None:
    assert conversation.name in MAY, f"say here who may use {conversation.command}"
    one = Visit(None, who(role), START, START, RULES.zone)  # type: ignore[arg-type]
    assert conversation.open_to(one) is (role in MAY[conversation.name])


def test_no_row_is_left_over() -> None:
    assert set(MAY) == {conversation.name for conversation in CONVERSATIONS}


@pytest.fixture
def world(tmp_path: Path):
    one = open_world("sqlite", tmp_path)
    with one.database.begin() as connection:
        person(connection, "head", "Nelly Jurado", "head", "prensa")
        person(connection, "administrator", "Iván Mora", "administrator", None)
    for said in ("/reportar A05-2022-T2", "Un video.", "https://narino.gov.co/video", "listo"):
        one.say("officer", said)
    yield one
    one.close()


READERS = ("coordinator", "auditor", "administrator")
FOLIO = "A05-2022-T2-0001"


@pytest.mark.parametrize("role", ["citizen", "officer", "tic", "head", *READERS])
def test_what_is_fetched_is_theirs_to_read(world: World, role: str) -> None:
    """An officer and a head see their offices only, a citizen no names and no reports."""
    with world.database.begin() as connection:
        one = visit(world, connection, role)
        report_id = connection.execute(select(reports.Report.id)).scalar_one()
        prensa = connection.execute(select(Office.id).where(Office.code == "prensa")).scalar_one()
        everything, own = role in READERS, role in ("officer", "head")
        assert bool(filed.filed(one, Scope(), 0, 9)) is (everything or own)
        assert bool(filed.one_filed(one, FOLIO)) is (everything or own)
        assert bool(responsible.responsible(one, [prensa])) is (everything or own)
        assert bool(origins.origins(one, FOLIO)) is everything
        assert bool(owed.by_folio(one, FOLIO)) is everything
        assert bool(owed.about(one, Scope(), False, 9)) is everything
        assert bool(ratings.judged(one, report_id)) is everything
        assert bool(review_queue.queue(one).cards) is everything
        assert bool(reminding.debtors(one, Scope(), True, START)) is (role in RUN)
        assert samples.latest(one, 9) == remarks.latest(one, "finding", 9) == []


@pytest.mark.parametrize("role", ["citizen", "officer", "head", "coordinator", "auditor", "administrator"])
def test_what_is_written_is_theirs_to_write(world: World, role: str) -> None:
    """Whatever conversation calls them: the functions that write refuse who may not."""
    with world.database.begin() as connection:
        plan_id = connection.execute(select(Plan.id)).scalar_one()
        duty = connection.execute(select(Obligation.id).where(Obligation.code == "A04-2022-12")).scalar_one()
        report_id = connection.execute(select(reports.Report.id)).scalar_one()
        office = connection.execute(select(Office.id).where(Office.code == "tic")).scalar_one()
    day = world.now.date()

    def allowed(act) -> bool:
        try:
            with world.database.begin() as connection:
                act(visit(world, connection, role))
        except PermissionError:
            return False
        return True

    assert allowed(lambda one: remarks.add(one, "comment", duty, None, "Algo")) is (role in RUN)
    assert allowed(lambda one: remarks.add(one, "finding", duty, None, "Algo")) is (role in AUDITOR)
    assert allowed(lambda one: ratings.rate(one, report_id, "meets", "Bien.")) is (role in AUDITOR)
    assert allowed(lambda one: samples.draw(one, plan_id, "reports", 1, day, world.now, "1")) is (role in AUDITOR)
    assert allowed(lambda one: handovers.hand_over(one, [duty], office, "Sí.")) is (role in RUN)
    assert allowed(lambda one: reminding.remind(one, reminding.debtors(one, Scope(), True, START)[:1])) is (role in RUN)
    assert allowed(lambda one: waivers.waive(one, duty, "No.", "Resolución 1")) is (role in RUN)
    assert allowed(lambda one: waivers.restore(one, duty, "Sí.")) is (role in RUN)
    assert allowed(lambda one: closes.close(one, plan_id, "2022-05", None, day, end_of(day))) is (role in RUN)
    with world.database.begin() as connection:
        found = closes.standing(connection, plan_id)
        assert not found or adjustments.adjustments(connection, found[0]) == []
        assert people.at(connection, "web", role)
        assert audit.Entry.__tablename__ == "audit"
