"""What most commands begin with: the settings, a database that answers and is up to date, the plan meant."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot.commands.refusals import Refusal

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.settings import Settings
    from models.database import Database
    from models.planning import Stored

NO_PLAN = "Todavía no hay un plan: impórtelo con «chasqui plan import ARCHIVO»."


@dataclass(frozen=True, slots=True)
class Opened:
    """The project as set up in .env, open for one command; `now` is by the clock of its database."""

    settings: Settings
    database: Database
    now: datetime


@contextmanager
def opened(*, migrate: bool = False) -> Iterator[Opened]:
    """Open the database of the settings. With `migrate` its tables are made or brought up to date first.

    Raises Refusal where the tables are missing or of another version.
    """
    from bot import clock, settings
    from models import migrations
    from models.database import Database

    read = settings.load()
    database = Database(read.database_url)
    try:
        if migrate:
            migrations.upgrade(database.engine)
        elif not migrations.is_current(database.engine):
            raise Refusal("La base de datos no está lista: «chasqui plan import ARCHIVO» la prepara.")
        with database.begin() as connection:
            now = clock.kept(connection).now()
        yield Opened(read, database, now)
    finally:
        database.close()


def plan_of(connection: Connection, slug: str = "") -> Stored:
    """The plan named, or the newest one. Raises Refusal where there is none."""
    from models import planning

    known = planning.slugs(connection)
    if not known:
        raise Refusal(NO_PLAN)
    kept = planning.stored(connection, slug or known[0])
    if kept is None:
        raise Refusal(f"No hay un plan «{slug}»: los que hay son {', '.join(known)}.")
    return kept
