"""Prepare a database for the harness: a small plan of four activities, an officer for each chat.

Run by the harness before the bot, with its variables: DATABASE_PATH, FIRST_CHAT_ID, OFFICERS (500 by default) and
BENCH_CHANNEL (telegram).
"""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import insert, select

from models import migrations, planning
from models.database import Database
from models.offices import Office
from models.people import Consent, Contact, Membership, Person
from plans.terms import Activity, Plan
from plans.terms import Office as PlannedOffice

TITLES = ("Limpieza de canal", "Reforestación", "Taller comunitario", "Reparación de camino")
# More than a benchmark reports.
TARGET = 1_000_000


def plan(year: int) -> Plan:
    """Four activities of one office, each with a target nobody reaches."""
    start, end = date(year, 1, 1), date(year, 12, 31)
    activities = tuple(
        Activity(
            number, 1, "Obras", title, f"{TARGET} obras", "Obras", "Todo el año", title, TARGET, "obras", "once",
            "entity", start, end, end, lead="obras",
        )
        for number, title in enumerate(TITLES, 1)
    )  # fmt: skip
    return Plan(
        f"obras-{year}", "Entidad", "Plan de obras", year, "", "", "", activities, (PlannedOffice("obras", "Obras"),)
    )


def main() -> None:
    """Make the database, unless the harness starts the bot again on the one there is."""
    if Path(os.environ["DATABASE_PATH"]).exists():
        return
    now = datetime.now(UTC)
    first, officers = int(os.environ["FIRST_CHAT_ID"]), int(os.environ.get("OFFICERS", "500"))
    channel = os.environ.get("BENCH_CHANNEL", "telegram")
    database = Database(f"sqlite:///{os.environ['DATABASE_PATH']}")
    migrations.upgrade(database.engine)
    with database.begin() as connection:
        planning.import_plan(connection, plan(now.year), now)
        office = connection.execute(select(Office.id)).scalar_one()
        ids = range(1, officers + 1)
        connection.execute(
            insert(Person), [{"id": n, "name": f"Responsable {n}", "status": "member", "created_at": now} for n in ids]
        )
        connection.execute(
            insert(Contact),
            [{"person_id": n, "channel": channel, "address": str(first + n - 1), "since": now} for n in ids],
        )
        held = {"role": "officer", "office_id": office, "since": now}
        connection.execute(insert(Membership), [{"person_id": n, **held} for n in ids])
        given = {"version": "bench", "wording": "", "channel": channel, "given_at": now}
        connection.execute(insert(Consent), [{"person_id": n, **given} for n in ids])
    database.close()


if __name__ == "__main__":
    main()
