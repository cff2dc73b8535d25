"""A plan's life at random: reports, corrections, reviews, waivers, readings, topics, a day at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import Connection, select

from conversation.messages import Attachment
from handlers.officer import correction, report, undo
from handlers.officer.correction import Correction
from handlers.officer.report import NewReport
from models import (
    corrections,
    decided,
    events,
    obligations,
    people,
    planning,
    reports,
    review_queue,
    reviews,
    waivers,
)
from models.base import Conflict
from models.obligations import Obligation
from models.visit import Visit
from models.waivers import WAIVED
from tests.support.world import RULES, World

SLUG = "narino-2022"
LINK = Attachment("link", "https://narino.gov.co/pieza")


def live(world: World, chance: Random, acts: int) -> None:
    """So many acts of some people in the course of a day, a few minutes apart."""
    for _act in range(acts):
        world.now += timedelta(minutes=chance.randint(1, 30))
        act, who = chance.choice(ACTS)
        try:
            with world.database.begin() as connection:
                act(visit(world, connection, who), chance)
        except Conflict:
            continue  # somebody was faster: nothing was kept


def visit(world: World, connection: Connection, who: str) -> Visit:
    """A turn of somebody's."""
    known = people.at(connection, "web", who)
    assert known
    return Visit(connection, known, world.now, world.now, RULES.zone)


def file(one: Visit, chance: Random) -> None:
    """A report of any amount of anything that is owed."""
    owed = [duty for duty in obligations.open_for(one) if not duty.blocked and not duty.distinct]
    if owed:
        duty = chance.choice(owed)
        new = NewReport(duty, "", chance.randint(1, duty.left), "Se hizo.", None, one.today, (LINK,))
        report.file_report(one, new)


def correct(one: Visit, chance: Random) -> None:
    """One that was returned, or that nobody has reviewed, for another amount."""
    known = corrections.recent(one)
    if known:
        chosen = chance.choice(known)
        new = replace(chosen.version, quantity=chance.randint(1, max(1, chosen.room)), kept=0)
        correction.keep_correction(one, Correction(chosen.version, new))


def withdraw(one: Visit, chance: Random) -> None:
    """The newest, where nobody has reviewed it."""
    last = reports.latest_of(one.connection, one.who.id)
    if last and last.state == "reported":
        undo.withdraw(one, last)


def review(one: Visit, chance: Random) -> None:
    """Verify, return all or a part, or take a decision back; each is in the audit, as the handlers write it."""
    cards = review_queue.queue(one).cards
    if cards and chance.random() < 0.8:
        card = chance.choice(cards)
        if chance.random() < 0.5:
            reviews.verify(one, card.judged)
        else:
            kept = chance.randrange(card.quantity)
            reviews.give_back(one, replace(card.judged, kept=kept), "Falta algo.", "account", None, one.today)
        return
    able = [found for found in decided.recent(one) if found.fits]
    if able:
        found = chance.choice(able)
        reviews.revert(one, found.judged, found.outcome, found.id, "No era así.")


def waive(one: Visit, chance: Random) -> None:
    """Take something off, or put it back."""
    waived = list(one.connection.execute(WAIVED).scalars())
    if waived and chance.random() < 0.5:
        waivers.restore(one, chance.choice(waived), "Sí se debe.")
        return
    owed = select(Obligation.id).where(Obligation.withdrawn_at.is_(None))
    waivers.waive(one, chance.choice(list(one.connection.execute(owed).scalars())), "No aplica.", "Resolución 1")


def read_anew(one: Visit, chance: Random) -> None:
    """Decide how a row is counted."""
    kept = planning.stored(one.connection, SLUG)
    assert kept
    row = chance.choice([row for row in kept.plan.activities if len(row.alternatives) > 1])
    choice = chance.choice(row.alternatives).key
    planning.decide(one.connection, kept, row.number, choice, one.who.name, "Acta 1", one.now)


def topics(one: Visit, chance: Random) -> None:
    """Approve some for a month, or none."""
    kept = planning.stored(one.connection, SLUG)
    assert kept
    named = chance.sample(["Salud", "Vías", "Educación"], chance.randint(0, 3))
    planning.approve_topics(one.connection, kept, f"2022-{chance.randint(2, 12):02}", named, "", one.who.id, one.now)


def hold(one: Visit, chance: Random) -> None:
    """A dialogue event of the entity."""
    kept = planning.stored(one.connection, SLUG)
    assert kept
    events.add(one.connection, kept.id, None, "Foro", one.today, one.now)
    planning.resync(one.connection, SLUG, one.now)


Act = Callable[[Visit, Random], None]
OFTEN: tuple[tuple[Act, str], ...] = (
    (file, "officer"), (file, "officer"), (file, "tic"), (correct, "officer"), (correct, "tic"),
    (withdraw, "officer"), (review, "coordinator"), (review, "coordinator"), (review, "coordinator"),
)  # fmt: skip
SELDOM: tuple[tuple[Act, str], ...] = (
    (waive, "coordinator"), (read_anew, "coordinator"), (topics, "coordinator"), (hold, "coordinator"),
)  # fmt: skip
ACTS = (*OFTEN, *OFTEN, *OFTEN, *SELDOM)


def end_of(day: date) -> datetime:
    """The last moment of a day."""
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), RULES.zone) - timedelta(microseconds=1)
