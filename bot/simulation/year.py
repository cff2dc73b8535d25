"""A year from its first day to the end of the January after it, when the last steps have come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from bot.simulation.agenda import TICKS, Agenda, Span, days, outages, working_time
from bot.simulation.cast import Player, cast, enrol, ids_of, of_temper
from bot.simulation.ledger import Ledger
from bot.simulation.lives import Lives
from bot.simulation.world import World, open_world, rules_of
from models import events, offices, planning
from models.obligations import Obligation, Ownership
from models.offices import Office
from models.people import Role
from plans.calendar import Calendar
from plans.terms import Plan

# Of the obligations of prompt officers this part is reported before anybody reminds them of it.
EARLY = 0.35
EVENTS = 0.6


@dataclass(slots=True)
class Lived:
    """A year that is over, for whoever looks into it."""

    world: World
    plan: Plan
    agenda: Agenda
    ledger: Ledger
    players: list[Player]
    first: date
    last: date


async def live(
    plan: Plan, seed: int, zone: ZoneInfo, progress: Callable[[int, int], None], until: date | None = None
) -> Lived:
    """The year, or its beginning; the same seed always gives the same one.

    `progress` hears (days over, days in all).
    """
    chance = Random(seed)  # noqa: S311 – a game, not a secret
    agenda, year = Agenda(zone), plan.year
    begins = agenda.on(date(year, 1, 1), "06:00")
    world = open_world(plan, rules_of(zone), chance, begins)
    players = cast(plan, chance)
    enrol(world, players, begins)
    calendar = Calendar(frozenset(plan.holidays))
    ledger = Ledger(ids_of(world, players))
    ledger.note(world, begins)
    lives = Lives(world, agenda, calendar, {player.address: player for player in players}, chance, ledger)
    world.hear = lives.hear
    outages(agenda, year, chance)
    _mishaps(lives, year)
    _early(lives)
    _meetings(lives, plan)
    lived = Lived(world, plan, agenda, ledger, players, begins.date(), until or date(year + 1, 1, 31))
    span = days(lived.first + timedelta(days=1), lived.last)
    for done, day in enumerate(span, 1):
        await one_day(lived, day)
        progress(done, len(span))
    return lived


async def one_day(lived: Lived, day: date) -> None:
    """What people do in the course of a day, and the clock's ticks between."""
    agenda = lived.agenda
    for clock in TICKS:
        at = agenda.on(day, clock)
        agenda.until(at)
        if not agenda.up_again(at):
            await lived.world.tick(at)
    agenda.until(agenda.on(day, "23:59"))


def _mishaps(lives: Lives, year: int) -> None:
    """Leaves, phones without signal, and chats that are shut for a while."""
    officers = [player for player in lives.players.values() if player.role == Role.OFFICER]
    chance, agenda = lives.chance, lives.agenda
    for player in chance.sample(officers, len(officers) // 4):
        day = date(year, 1, 20) + timedelta(days=chance.randrange(300))
        at = working_time(agenda, lives.calendar, day, 0, chance)
        agenda.add(at, partial(lives.talk, player.address, "/permiso"))
    for player in chance.sample(officers, len(officers) // 5):
        begins = agenda.on(date(year, 1, 20) + timedelta(days=chance.randrange(300)), "13:00")
        lives.offline[player.address] = [Span(begins, begins + timedelta(days=chance.randrange(2, 9)))]
    for player in chance.sample(officers, max(1, len(officers) // 15)):
        begins = agenda.on(date(year, 2, 1) + timedelta(days=chance.randrange(280)), "12:00")
        ends = begins + timedelta(days=chance.randrange(10, 25))
        lives.ledger.shut.append((lives.ledger.ids[player.address], Span(begins, ends)))
        agenda.add(begins, lambda _at, who=player: lives.world.blocked.add(who.address))  # type: ignore[misc]
        agenda.add(ends, lambda _at, who=player: lives.world.unblock(who.address))  # type: ignore[misc]


def _early(lives: Lives) -> None:
    """Some things are reported before the first reminder."""
    owed = lives.world.store.run(_owed)
    for player in of_temper(list(lives.players.values()), "prompt"):
        for code, starts, warn in owed.get(player.office, ()):
            if lives.chance.random() < EARLY:
                at = working_time(lives.agenda, lives.calendar, warn, -lives.chance.randrange(9, 16), lives.chance)
                if at.date() >= starts:
                    lives.plan(player, code, at)


def _meetings(lives: Lives, plan: Plan) -> None:
    """Dialogue events, from which deadlines are born."""
    ids = lives.world.store.run(partial(offices.register, offices=()))
    plan_id = lives.world.store.run(partial(planning.stored, plan_slug=plan.slug))
    assert plan_id

    def held(office: str, at: datetime) -> None:
        def record(connection: Connection) -> None:
            events.add(connection, plan_id.id, ids[office], "Mesa de diálogo", at.date(), at)
            planning.resync(connection, plan.slug, at)

        lives.world.store.run(record)
        lives.ledger.note(lives.world, at)

    for office in plan.offices:
        if office.dependency and lives.chance.random() < EVENTS:
            day = date(plan.year, 3, 1) + timedelta(days=lives.chance.randrange(285))
            at = working_time(lives.agenda, lives.calendar, day, 0, lives.chance)
            lives.agenda.add(at, partial(held, office.code))


def _owed(connection: Connection) -> dict[str, list[tuple[str, date, date]]]:
    """(code, beginning, last business day) of what each office leads."""
    wanted = (
        select(Office.code.label("office"), Obligation.code, Obligation.starts, Obligation.warn)
        .join(Ownership, Ownership.obligation_id == Obligation.id)
        .join(Office, Office.id == Ownership.office_id)
        .where(Ownership.part == "lead")
        .order_by(Obligation.id)
    )
    found: dict[str, list[tuple[str, date, date]]] = {}
    for row in connection.execute(wanted):
        found.setdefault(row.office, []).append((row.code, row.starts, row.warn))
    return found
