"""A small world for tests: the Nariño plan, an officer, a coordinator, an auditor and a citizen, and a clock to set."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, select, update

import locales
from bot.turn import Rules, turn
from conversation.messages import Attachment, Inbound
from models import invitations, migrations, planning
from models.database import Database
from models.offices import Office
from models.people import Consent, Contact, Membership, Person, Role
from models.schema import deliveries
from plans.bundled import load
from tests.support.databases import drop_postgres, fresh_postgres, sqlite_url

PLAN = Path(__file__).resolve().parents[2] / "plans" / "narino-2022.yaml"
START = datetime(2022, 5, 24, 14, 0, tzinfo=UTC)  # Tuesday, 9:00 in Bogotá
RULES = Rules(ZoneInfo("America/Bogota"), locales.load())
PEOPLE = {
    "officer": ("Ana Lucía Ortega", "officer", "prensa"),
    "tic": ("Jairo Benavides", "officer", "tic"),
    "coordinator": ("Marta Rosero", "coordinator", None),
    "auditor": ("Luis Erazo", "auditor", None),
    "citizen": ("", "", None),
}


@dataclass(slots=True)
class World:
    """A database with its people; `say` is one message of one of them."""

    database: Database
    now: datetime = START
    count: int = 0
    token: str = ""

    def say(
        self, person: str, text: str = "", *, tap: str = "", files: tuple[Attachment, ...] = (), again: str = ""
    ) -> str:
        """Deliver one message and return its id; `again` is the id of one delivered before."""
        self.count += 1
        message_id = again or f"m{self.count}"
        sent = self.now - timedelta(seconds=2)
        inbound = Inbound(*chat(person), message_id, sent, self.now, text, tap, files)
        asyncio.run(self.database.write(turn(inbound, RULES)))
        self.now += timedelta(seconds=20)
        return message_id

    def heard(self, person: str, most: int = 1000) -> list[deliveries.Outgoing]:
        """The newest messages to the person, oldest first."""
        with self.database.begin() as connection:
            found = deliveries.latest(connection, *chat(person), 2 * most)
        return [message for message in found if message.text][-most:]  # the menu after an answer has none

    def last(self, person: str) -> deliveries.Outgoing:
        """The newest message to the person."""
        return self.heard(person, 1)[-1]

    def newest(self, person: str) -> int:
        """Its number, 0 where there is none."""
        return next((message.id for message in self.heard(person, 1)), 0)

    def rows(self, statement: Any) -> list[Any]:
        """The rows of a query."""
        with self.database.begin() as connection:
            return list(connection.execute(statement))

    def settle(self) -> None:
        """Everybody gets what is queued for them."""
        queued = update(deliveries.Delivery).where(deliveries.Delivery.state == "queued")
        with self.database.begin() as connection:
            connection.execute(queued.values(state="delivered"))

    def invite(self, name: str, role: str, office: str) -> None:
        """Invite somebody, as the command line does; `token` is the newest invitation's."""
        with self.database.begin() as connection:
            found = connection.execute(select(Office.id).where(Office.code == office)).scalar_one_or_none()
            self.token = invitations.create(connection, name, Role(role), found, self.now)

    def reload(self) -> None:
        """Forget everything that is not in the database, as a restart does."""
        url = self.database.url.render_as_string(hide_password=False)
        self.database.close()
        self.database = Database(url)

    def close(self) -> None:
        """Let go of the database, and delete it where the server keeps it."""
        self.database.close()
        if not self.database.sqlite:
            drop_postgres(self.database.url.render_as_string(hide_password=False))


def chat(person: str) -> tuple[str, str]:
    """The channel and address of "officer", who is on the web, or of "officer-telegram"."""
    address, _, channel = person.partition("-")
    return channel or "web", address


def photo(name: str = "asistencia.jpg", kind: str = "photo") -> Attachment:
    """A photo that is already in the vault."""
    return Attachment(kind, hashlib.sha256(name.encode()).hexdigest(), name, "image/jpeg", 52_000)  # type: ignore[arg-type]


def open_world(kind: str, folder: Path) -> World:
    """A fresh world on "sqlite" or "postgres", copied from one made once."""
    if kind == "sqlite":
        shutil.copy(_sqlite_template(), folder / "chasqui.db")
        return World(Database(sqlite_url(folder)))
    return World(Database(fresh_postgres(_postgres_template())))


@cache
def _sqlite_template() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="chasqui-world-"))
    _populate(sqlite_url(folder))
    return folder / "chasqui.db"


@cache
def _postgres_template() -> str:
    url = fresh_postgres()
    _populate(url)
    return url


def _populate(url: str) -> None:
    database = Database(url)
    migrations.upgrade(database.engine)
    with database.begin() as connection:
        planning.import_plan(connection, load(PLAN), START - timedelta(days=120))
        for address, (name, role, office) in PEOPLE.items():
            person(connection, address, name, role, office)
    database.close()


def person(connection: Connection, address: str, name: str, role: str, office: str | None) -> int:
    """Somebody with consent, reached at `address` on the web channel."""
    since = START - timedelta(days=100)
    status = "member" if role else "citizen"
    added = insert(Person).values(name=name, status=status, created_at=since).returning(Person.id)
    person_id = connection.execute(added).scalar_one()
    connection.execute(insert(Contact).values(person_id=person_id, channel="web", address=address, since=since))
    consent = {"version": "test", "wording": "test", "channel": "web", "given_at": since}
    connection.execute(insert(Consent).values(person_id=person_id, **consent))
    if role:
        found = select(Office.id).where(Office.code == office)
        office_id = connection.execute(found).scalar_one() if office else None
        connection.execute(insert(Membership).values(person_id=person_id, role=role, office_id=office_id, since=since))
    return person_id
