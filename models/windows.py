"""On WhatsApp: what people are called there, and when they last wrote, which is how long we may write back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection, String, bindparam, case, or_, select, text, union_all, update

from models import reachability
from models.base import Utc
from models.people import Contact, Who
from models.prepared import Prepared

CHANNEL = "whatsapp"
# When somebody wrote is kept to the minute: several messages in a row are one to be written down.
EXACT = timedelta(minutes=1)
_HERE = (Contact.channel == CHANNEL, Contact.until.is_(None))


def known(who: Who, phone: str, at: datetime) -> bool:
    """Whether all that `heard` would keep of a message from the address of `who` is kept already."""
    said = who.heard_at is not None and at - who.heard_at < EXACT
    return said and who.blocked_at is None and phone in ("", who.phone)


def heard(connection: Connection, address: str, phone: str, at: datetime) -> str:
    """Keep that somebody wrote, who is therefore reached again; one statement for who stands under this address.

    address  their user_id, or their phone where WhatsApp gives none; phone: digits, "" where it is hidden

    Returns the address they stand under, "" for who is not known. Who stood under the phone or an earlier user_id is
    moved to this one; a message that is not their newest, or comes without the user_id, moves nobody back.
    """
    row = _HEARD.first(connection, {"called": address, "digits": phone, "moment": at})
    if row is None or row.address == address:
        return address if row else ""
    if address == phone or row.heard_at > at:
        return str(row.address)
    reachability.move(connection, CHANNEL, row.address, address)
    return connection.execute(select(Contact.address).where(Contact.id == row.id)).scalar_one()


def stood(connection: Connection, address: str, at: datetime) -> bool:
    """Whether who stands under the address did so then."""
    since = select(Contact.id).where(*_HERE, Contact.address == address, Contact.since <= at)
    return connection.execute(since).first() is not None


def moved(connection: Connection, old: Collection[str], phone: str, user_id: str) -> None:
    """Somebody who was called one of `old` (user_ids, phones) has this phone and this user_id; one of them may be "".

    If somebody has written from there already, both stay where they are.
    """
    called = select(Contact.id, Contact.address).where(
        *_HERE, Contact.address.in_(old) | Contact.phone.in_([name for name in old if name.isdecimal()])
    )
    found = connection.execute(called.order_by(Contact.id.desc())).first()
    if found:
        to = user_id or (phone if found.address.isdecimal() else found.address)
        reachability.move(connection, CHANNEL, found.address, to)
        there = update(Contact).where(Contact.id == found.id, Contact.address == to)
        connection.execute(there.values(phone=phone))


_ADDRESS, _PHONE = bindparam("called", type_=String), bindparam("digits", type_=String)
_AT = bindparam("moment", type_=Utc)
_EXACTLY = (Contact.address == _ADDRESS).label("exactly")
# Each part by an index of its own; who is called exactly so goes first.
_CALLED = union_all(
    select(Contact.id, _EXACTLY).where(*_HERE, or_(Contact.address == _ADDRESS, Contact.address == _PHONE)),
    select(Contact.id, _EXACTLY).where(*_HERE, Contact.phone == _PHONE, Contact.phone != text("''")),
).subquery()
_FOUND = select(_CALLED.c.id).order_by(_CALLED.c.exactly.desc(), _CALLED.c.id.desc()).limit(1)
_HEARD = Prepared(
    update(Contact)
    .where(Contact.id == _FOUND.scalar_subquery())
    .values(
        heard_at=case((Contact.heard_at > _AT, Contact.heard_at), else_=_AT),
        phone=case((_PHONE == "", Contact.phone), else_=_PHONE),
        # Said again later, an old message opens nothing.
        blocked_at=case((Contact.blocked_at > _AT, Contact.blocked_at)),
    )
    .returning(Contact.id, Contact.address, Contact.heard_at)
)
