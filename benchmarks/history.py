"""The same report with more and more of them stored: what a turn costs must not grow with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from sqlalchemy import insert, select

from benchmarks.figures import Figure, Size, medians, percentile
from benchmarks.officers import STEPS, Officer, hire, work
from models.audit import Entry
from models.deliveries import Delivery
from models.evidence import Evidence
from models.inbox import Taken
from models.obligations import Obligation
from models.people import Contact
from models.reports import Report
from tests.support.world import START, World, open_world


def history(size: Size, folder: Path) -> Iterator[Figure]:
    """On SQLite, an officer of Prensa, whose own reports all the stored ones are."""
    for count in size.histories:
        (folder / str(count)).mkdir()
        world = open_world("sqlite", folder / str(count))
        crew = hire(world, 1, ("prensa",))
        _fill(world, crew[0], count)
        work(world, crew, 1)
        few = max(1, size.conversations // 5)
        yield from medians([_round(world, crew, count, few) for _round_ in range(size.rounds)])
        world.close()


def _round(world: World, crew: list[Officer], count: int, reports: int) -> list[Figure]:
    shift = work(world, crew, reports)
    cpu = 1000 * shift.cpu / reports / len(STEPS)
    waits = [wait for some in shift.waits.values() for wait in some]
    return [
        Figure(f"{count:,} stored: CPU a turn", cpu, "ms"),
        Figure(f"{count:,} stored: normalised CPU a turn", cpu / shift.speed.ms, "ms"),
        Figure(f"{count:,} stored: a message waits, 99 of 100 at most", 1000 * percentile(waits, 99), "ms"),
    ]


def _fill(world: World, officer: Officer, count: int) -> None:
    """Reports of earlier versions, with all that a report leaves: evidence, audit, messages in and out."""
    with world.database.begin() as connection:
        found = select(Contact.person_id).where(Contact.address == officer.address)
        author = connection.execute(found).scalar_one()
        plan = connection.execute(select(Obligation.plan_id).where(Obligation.id == officer.duty)).scalar_one()
        numbers = range(1, count + 1)
        connection.execute(insert(Report), [
            {
                "id": n, "plan_id": plan, "obligation_id": officer.duty, "folio": f"A06-OLD-{n:06}", "version": 1,
                "state": "superseded", "quantity": 1, "item": "", "account": "Informe de gestión",
                "done_on": date(2022, 4, 1), "author_id": author, "channel": "web", "sent_at": START,
                "received_at": START,
            }
            for n in numbers
        ])  # fmt: skip
        connection.execute(insert(Evidence), [
            {
                "report_id": n, "kind": "photo", "ref": f"{n:064x}", "name": "foto.jpg", "mime": "image/jpeg",
                "size": 52_000, "quarantined": False, "channel": "web", "sent_at": START, "received_at": START,
            }
            for n in numbers
        ])  # fmt: skip
        connection.execute(insert(Entry), [
            {"at": START, "actor_id": author, "action": "report.filed", "subject": f"A06-OLD-{n:06}", "detail": {}}
            for n in numbers
        ])  # fmt: skip
        connection.execute(insert(Taken), [
            {"channel": "web", "address": officer.address, "message_id": f"old{n}", "received_at": START}
            for n in numbers
        ])  # fmt: skip
        connection.execute(insert(Delivery), [
            {
                "dedupe_key": f"answer:old:{n}", "person_id": author, "channel": "web", "address": officer.address,
                "kind": "answer", "text": "Recibido.", "buttons": [], "wants": "", "created_at": START,
                "state": "delivered",
            }
            for n in numbers
        ])  # fmt: skip
