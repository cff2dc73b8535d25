"""How long what is kept, in one place, and the clock's broom for what has no other.

docs/datos-personales.md says the same in a table; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, exists, func, null, or_, select, update

from models import installation
from models.deliveries import Delivery
from models.events import Event
from models.linking import LinkCode
from models.participation import Attendance
from models.people import Membership
from models.questions import Question

# One transaction stays short, however much there is: turns wait for it.
BATCH = 500


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of data: what it is called (Spanish), for how many days it is kept, and since when they count."""

    what: str
    days: int
    since: str


RULES: dict[str, Rule] = {
    "visitors": Rule("Quien escribe y no da su permiso", 1, "su primer mensaje"),
    "drafts": Rule("Lo que quedó a medias en una conversación", 14, "su último mensaje"),
    "inbox": Rule("Los números de los mensajes recibidos", 30, "que llegaron"),
    "downloads": Rule("La lista de archivos que venían en camino", 30, "que se pidieron"),
    "strays": Rule("Lo que mandó una plataforma y no se entendió", 30, "que llegó"),
    "link_codes": Rule("Los códigos para unir dos chats", 1, "que se vencieron"),
    "questions": Rule("La última pregunta sobre el plan", 1, "que se hizo"),
    "hand_outs": Rule("Los archivos que alguien pidió", 30, "que quedaron listos"),
    "deliveries": Rule("El texto de los mensajes a la ciudadanía", 90, "que se enviaron"),
    "places": Rule("Quién apartó cupo en un evento y no fue", 30, "el evento"),
    "attendances": Rule("Quién asistió a un evento", 365, "el evento"),
    "forgotten": Rule("La respuesta a quien pidió borrar sus datos", 1, "que lo pidió"),
}
# How far the messages have been gone through.
SEEN = "retention_deliveries"


def kept(what: str) -> timedelta:
    """For how long."""
    return timedelta(days=RULES[what].days)


def sweep(connection: Connection, now: datetime) -> int:
    """Drop a batch of each kind that is over; how many rows were looked at, 0 when there is nothing left to do."""
    return sum(broom(connection, now) for broom in BROOMS)


def _link_codes(connection: Connection, now: datetime) -> int:
    return connection.execute(delete(LinkCode).where(LinkCode.expires_at < now - kept("link_codes"))).rowcount


def _questions(connection: Connection, now: datetime) -> int:
    return connection.execute(delete(Question).where(Question.at < now - kept("questions"))).rowcount


def _attendances(connection: Connection, now: datetime) -> int:
    """Who did not come goes earlier than who did."""
    day = now.date()
    over = or_((Attendance.state != "came") & (Event.day < day - kept("places")), Event.day < day - kept("attendances"))
    old = select(Attendance.id).join(Event, Event.id == Attendance.event_id).where(over).limit(BATCH)
    return connection.execute(delete(Attendance).where(Attendance.id.in_(old))).rowcount


def _deliveries(connection: Connection, now: datetime) -> int:
    """The texts go, of those who never worked on the plan; that there was a message stays.

    Messages are numbered as they come, so those gone through need not be looked at again.
    """
    seen = int(installation.get(connection, SEEN) or 0)
    old = select(Delivery.id).where(Delivery.id > seen, Delivery.created_at < now - kept("deliveries"))
    page = old.order_by(Delivery.id).limit(BATCH).subquery()
    last, count = connection.execute(select(func.max(page.c.id), func.count()).select_from(page)).one()
    if not count:
        return 0
    works = exists().where(Membership.person_id == Delivery.person_id)
    empty: dict[str, Any] = {"text": "", "buttons": [], "picture": null(), "document": null()}
    connection.execute(update(Delivery).where(Delivery.id > seen, Delivery.id <= last, ~works).values(empty))
    installation.put(connection, SEEN, str(last))
    return int(count)


BROOMS: tuple[Callable[[Connection, datetime], int], ...] = (_link_codes, _questions, _attendances, _deliveries)
