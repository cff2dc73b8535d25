"""Dialogue events as a calendar (RFC 5545): one of them to keep, or all of them to subscribe to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

# How often a program that subscribed should look again.
REFRESH = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Dated:
    """One event in a calendar. key: unique at `host`; spot: latitude and longitude.

    starts   None for the whole day
    changed  when it was announced or called off
    """

    key: str
    host: str
    title: str
    day: date
    starts: datetime | None
    ends: datetime | None
    where: str
    spot: tuple[float, float] | None
    link: str
    text: str
    version: int
    changed: datetime
    cancelled: bool = False


def calendar(name: str, entries: Sequence[Dated]) -> bytes:
    """The same bytes for the same events."""
    from icalendar import Calendar

    whole = Calendar()
    whole.add("version", "2.0")
    whole.add("prodid", "-//Chasqui//ES")
    whole.add("method", "PUBLISH")
    whole.add("x-wr-calname", name)
    whole.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for entry in entries:
        whole.add_component(_event(entry))
    return bytes(whole.to_ical())


def _event(entry: Dated):  # type: ignore[no-untyped-def]  # a type of the library, which is loaded when it is needed
    from icalendar import Event

    event = Event()
    event.add("uid", f"{entry.key}@{entry.host}")
    event.add("dtstamp", entry.changed.astimezone(UTC))
    event.add("sequence", entry.version)
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("summary", entry.title)
    event.add("dtstart", entry.starts.astimezone(UTC) if entry.starts else entry.day)
    if entry.starts and entry.ends:
        event.add("dtend", entry.ends.astimezone(UTC))
    elif not entry.starts:
        event.add("dtend", entry.day + timedelta(days=1))
    if entry.where:
        event.add("location", entry.where)
    if entry.spot:
        event.add("geo", entry.spot)
    event.add("url", entry.link)
    event.add("description", entry.text)
    return event
