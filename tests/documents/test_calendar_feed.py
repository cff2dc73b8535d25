"""Calendars that other programs can read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar

from documents.calendar_feed import Dated, calendar

STARTS = datetime(2022, 6, 9, 14, 0, tzinfo=UTC)
FORUM = Dated(
    "E0001-narino-2022", "cuentas.example.org", "Foro, con «agua»; y más", date(2022, 6, 9), STARTS,
    STARTS + timedelta(hours=3), "Casa de la cultura, Cumbal", (0.91, -77.79),
    "https://cuentas.example.org/evento/E0001", "Foro focal\nBus a las 7", 2, datetime(2022, 6, 1, 12, tzinfo=UTC),
)  # fmt: skip


def test_an_event_is_read_as_it_was_written() -> None:
    read = Calendar.from_ical(calendar("Eventos", [FORUM]))
    event = read.walk("VEVENT")[0]
    assert (str(event["summary"]), event.decoded("dtstart"), event.decoded("dtend")) == (
        FORUM.title,
        STARTS,
        FORUM.ends,
    )
    assert (str(event["uid"]), event["sequence"]) == ("E0001-narino-2022@cuentas.example.org", 2)
    assert str(event["description"]) == FORUM.text
    assert (event["geo"].latitude, event["geo"].longitude) == FORUM.spot
    assert event["status"] == "CONFIRMED"


def test_one_without_an_hour_takes_the_day() -> None:
    event = Calendar.from_ical(calendar("x", [replace(FORUM, starts=None, ends=None)])).walk("VEVENT")[0]
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (date(2022, 6, 9), date(2022, 6, 10))


def test_one_that_was_called_off_says_so() -> None:
    event = Calendar.from_ical(calendar("x", [replace(FORUM, cancelled=True, version=3)])).walk("VEVENT")[0]
    assert (event["status"], event["sequence"]) == ("CANCELLED", 3)


def test_the_same_events_make_the_same_bytes() -> None:
    made = calendar("x", [FORUM, FORUM])
    assert made == calendar("x", [FORUM, FORUM])
    assert max(map(len, made.split(b"\r\n"))) <= 75
