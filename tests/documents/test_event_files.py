"""The files of an event: a calendar entry that phones understand, and a poster whose code can be read."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import icalendar
import pdfplumber
import pytest
from PIL import Image

from conversation.texts import SOURCE
from documents import invitation, pictures, poster
from handlers.everyone.poster import figures, ways_to
from models import announcements
from models.announcements import Said
from models.installation import SITE, TELEGRAM_NAME, WHATSAPP_NUMBER
from tests.scheduler.clock import at
from tests.support.gatherings import called
from tests.support.world import RULES, World, open_world

STARTS = at("2022-06-09", "09:00")
WAYS = {SITE: "https://chasqui.test", TELEGRAM_NAME: "chasqui_bot", WHATSAPP_NUMBER: "573001234567"}


@pytest.fixture
def said(tmp_path: Path) -> Iterator[Said]:
    world: World = open_world("sqlite", tmp_path)
    world.now = at("2022-05-24", "09:00")
    called(world, STARTS, transport="Chiva gratis")
    with world.database.begin() as connection:
        [one] = announcements.unfinished(connection, world.now)
    yield one
    world.close()


def test_a_phone_can_keep_the_event(said: Said) -> None:
    content = invitation.invitation(said, "https://chasqui.test")
    [event] = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert (event["uid"], event["sequence"], event["status"]) == ("E0001-narino-2022@chasqui.test", 1, "CONFIRMED")
    assert event.decoded("dtstart") == STARTS
    assert str(event["location"]) == "Parque principal, Cumbal"
    assert str(event["url"]) == "https://chasqui.test/evento/E0001"
    assert event["geo"].to_ical() == "0.9066;-77.7919"
    assert invitation.invitation(said, "https://chasqui.test") == content


def test_a_phone_takes_out_what_is_off(said: Said) -> None:
    off = replace(said, version=2, event=replace(said.event, state="cancelled"))
    [event] = icalendar.Calendar.from_ical(invitation.invitation(off, "")).walk("VEVENT")
    assert (event["sequence"], event["status"]) == (2, "CANCELLED")


def test_the_poster_to_print_is_one_sheet(said: Said) -> None:
    content = poster.pdf(figures(said.event, WAYS, RULES.zone), 1_653_000_000, SOURCE)
    with pdfplumber.open(io.BytesIO(content)) as document:
        [page] = document.pages
        words = " ".join(page.extract_text().split())
        size = (round(page.width), round(page.height))
    assert size == (595, 842)
    for part in ("Foro focal", "El agua de Cumbal", "Jueves 9 de junio de 2022", "9:00 a. m. a 11:00 a. m.",
                 "Parque principal, Cumbal", "Chiva gratis", "t.me/chasqui_bot", "evento E0001"):  # fmt: skip
        assert part in words


def test_the_poster_for_phones_has_the_size_it_says(said: Said) -> None:
    drawn = figures(said.event, WAYS, RULES.zone)
    with Image.open(io.BytesIO(pictures.draw("poster", drawn, SOURCE))) as picture:
        assert picture.size == pictures.size("poster", drawn) == (1080, 1527)


def test_the_longest_texts_and_no_way_at_all_fit(said: Said) -> None:
    long = replace(said.event, title="ñ" * 160, place="w " * 100, transport="x" * 300, entity="E" * 200)
    assert pictures.draw("poster", figures(long, {}, RULES.zone), SOURCE)


def test_the_links_lead_to_the_event() -> None:
    assert ways_to("e_E0001", WAYS) == [
        ["Web", "https://chasqui.test/chat?start=e_E0001"], ["Telegram", "https://t.me/chasqui_bot?start=e_E0001"],
        ["WhatsApp", "https://wa.me/573001234567?text=/start%20e_E0001"],
    ]  # fmt: skip
    assert ways_to("s_all", {}) == []
