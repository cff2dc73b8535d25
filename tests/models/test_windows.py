"""What people are called on WhatsApp, and how long they may be answered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, insert, select, update

from models import deliveries, people, windows
from models.deliveries import Delivery
from models.people import Contact
from tests.support.world import START, open_world

ANA, USER, OTHER = "573001112233", "CO.1", "CO.2"


@pytest.fixture(params=["sqlite", "postgres"])
def connection(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Connection]:
    world = open_world(request.param, tmp_path)
    with world.database.begin() as connection:
        yield connection
    world.close()


def settled(connection: Connection, address: str, phone: str = "", name: str = "officer", **more: object) -> int:
    """Somebody of the world is on WhatsApp from now on; their number."""
    here = update(Contact).where(Contact.address == name)
    moved = here.values(channel="whatsapp", address=address, phone=phone, **more).returning(Contact.person_id)
    return connection.execute(moved).scalar_one()


def windows_of(connection: Connection, addresses: list[str]) -> dict[str, tuple[str, datetime | None]]:
    """Phone and moment last heard of who stands under each address."""
    shown = select(Contact.address, Contact.phone, Contact.heard_at)
    here = shown.where(Contact.address.in_(addresses), Contact.until.is_(None))
    return {row.address: (row.phone, row.heard_at) for row in connection.execute(here)}


def found(connection: Connection, address: str) -> tuple[object, ...] | None:
    """Whose the address is, and its phone."""
    here = select(Contact.person_id, Contact.phone).where(Contact.address == address, Contact.until.is_(None))
    row = connection.execute(here).first()
    return row and tuple(row)


def test_who_writes_is_heard_with_one_statement(connection: Connection) -> None:
    ana = settled(connection, USER, ANA)
    counted: list[str] = []
    event.listen(connection, "before_cursor_execute", lambda *args: counted.append(args[2]))
    assert windows.heard(connection, USER, ANA, START) == USER
    assert len(counted) == 1
    assert windows_of(connection, [USER, OTHER]) == {USER: (ANA, START)}
    assert found(connection, USER) == (ana, ANA)


def test_who_is_not_known_is_nobody_here(connection: Connection) -> None:
    settled(connection, USER, "")
    for address, phone in ((ANA, ANA), (OTHER, ""), (OTHER, ANA), ("officer", "")):
        assert windows.heard(connection, address, phone, START) == ""
    assert windows_of(connection, [ANA, OTHER]) == {}


def test_an_old_message_that_comes_again_opens_nothing(connection: Connection) -> None:
    settled(connection, USER, blocked_at=START)
    before = START - timedelta(hours=3)
    windows.heard(connection, USER, ANA, before)
    windows.heard(connection, USER, ANA, before - timedelta(hours=1))
    assert windows_of(connection, [USER])[USER][1] == before
    assert people.reached(connection, people=[people.who(connection, "whatsapp", USER, START, "es").id]) == []


def test_who_writes_again_is_reached_again(connection: Connection) -> None:
    ana = settled(connection, USER, blocked_at=START)
    windows.heard(connection, USER, "", START + timedelta(seconds=1))
    assert [one.address for one in people.reached(connection, people=[ana])] == [USER]


@pytest.mark.parametrize(
    ("phone", "seconds", "contact", "known"),
    [
        (ANA, 59, {}, True),
        ("", 59, {}, True),
        (ANA, -3600, {}, True),
        (ANA, 60, {}, False),
        (OTHER, 59, {}, False),
        (ANA, 59, {"blocked_at": START}, False),
        (ANA, 59, {"heard_at": None}, False),
    ],
)
def test_several_messages_in_a_row_are_one_to_be_written_down(
    connection: Connection, phone: str, seconds: int, contact: dict[str, Any], known: bool
) -> None:
    settled(connection, USER, ANA, **{"heard_at": START, **contact})
    who = people.who(connection, "whatsapp", USER, START, "es")
    assert windows.known(who, phone, START + timedelta(seconds=seconds)) == known


def test_a_hidden_phone_is_not_forgotten(connection: Connection) -> None:
    settled(connection, USER, ANA)
    windows.heard(connection, USER, "", START)
    assert windows_of(connection, [USER]) == {USER: (ANA, START)}


@pytest.mark.parametrize(("stood", "phone"), [(ANA, ""), (ANA, ANA), (OTHER, ANA)])
def test_who_stood_under_another_name_is_moved_with_what_waits(connection: Connection, stood: str, phone: str) -> None:
    ana = settled(connection, stood, phone)
    row = {"dedupe_key": "x", "person_id": ana, "channel": "whatsapp", "address": stood, "kind": "notice",
           "text": "Hola", "buttons": [], "picture": None, "wants": "", "created_at": START, "priority": 1,
           "not_before": None}  # fmt: skip
    deliveries.add(connection, [row])
    assert windows.heard(connection, USER, ANA, START) == USER
    assert found(connection, USER) == (ana, ANA)
    assert connection.execute(select(Delivery.address).where(Delivery.dedupe_key == "x")).scalar_one() == USER
    # An earlier message that comes only now, or comes again, moves nobody back.
    for address in (ANA, OTHER):
        assert windows.heard(connection, address, ANA, START - timedelta(minutes=1)) == USER
    assert windows.heard(connection, ANA, ANA, START + timedelta(minutes=1)) == USER


def test_who_is_called_exactly_so_goes_before_who_has_the_phone(connection: Connection) -> None:
    ana, luis = settled(connection, USER), settled(connection, OTHER, ANA, name="auditor")
    assert windows.heard(connection, USER, ANA, START) == USER
    assert found(connection, USER) == (ana, ANA)
    assert found(connection, OTHER) == (luis, ANA)


def test_a_contact_that_is_over_is_nobody_s(connection: Connection) -> None:
    settled(connection, USER, ANA, until=START)
    assert windows.heard(connection, USER, ANA, START) == ""
    assert windows_of(connection, [USER]) == {}


def test_who_cannot_be_moved_stays_and_is_known(connection: Connection) -> None:
    ana = settled(connection, ANA)
    gone = {"person_id": ana, "channel": "whatsapp", "address": USER, "since": START, "until": START}
    connection.execute(insert(Contact).values(**gone))
    stands = windows.heard(connection, USER, ANA, START)
    assert found(connection, stands) == (ana, ANA)


def test_who_stood_there_then(connection: Connection) -> None:
    settled(connection, USER, since=START)
    assert windows.stood(connection, USER, START)
    assert not windows.stood(connection, USER, START - timedelta(seconds=1))
    assert not windows.stood(connection, OTHER, START)


NEW = "573004445566"


@pytest.mark.parametrize(
    ("stood", "phone", "new", "stands"),
    [
        ((ANA, ANA), NEW, "", NEW),
        ((ANA, ""), NEW, OTHER, OTHER),
        ((USER, ANA), NEW, "", USER),
        ((USER, ANA), NEW, OTHER, OTHER),
        ((USER, ""), "", OTHER, OTHER),
    ],
)
def test_a_new_number(connection: Connection, stood: tuple[str, str], phone: str, new: str, stands: str) -> None:
    ana = settled(connection, *stood)
    windows.moved(connection, (USER, ANA), phone, new)
    assert found(connection, stands) == (ana, phone)
    assert windows.heard(connection, new or phone, phone, START) == stands


def test_where_somebody_has_written_already_both_stay(connection: Connection) -> None:
    ana, luis = settled(connection, ANA, ANA), settled(connection, NEW, NEW, name="auditor")
    windows.moved(connection, (ANA,), NEW, "")
    assert (found(connection, ANA), found(connection, NEW)) == ((ana, ANA), (luis, NEW))
    windows.moved(connection, ("573000000000",), NEW, "")
    assert found(connection, NEW) == (luis, NEW)
