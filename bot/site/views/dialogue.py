"""Pages of the dialogue: the calendar, events, municipalities, commitments, subscribing; and the calendar files."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from urllib.parse import quote

import segno

from bot.site.asked import Asked, Page
from conversation.texts import listed
from documents import calendar_feed
from handlers.citizen.subjects import KINDS, Subject, called, exists
from handlers.places_asked import name_of
from handlers.wording import tenths
from models import public, public_evidence
from models.public import Happening
from plans.dialogue import catalogue, subregion_code
from plans.places import municipalities
from plans.terms import Office

UPCOMING = ("announced", "changed")


def coming(asked: Asked, events: Sequence[Happening]) -> list[Happening]:
    """Those that are not over."""
    return [event for event in events if event.state in UPCOMING and event.day >= asked.today]


def calendar(asked: Asked) -> Page:
    """What comes, and by month, the newest first, what was."""
    events = public.happenings(asked.connection)
    ahead = coming(asked, events)
    past = [event for event in reversed(events) if event not in ahead]
    return Page(
        "calendar.html", asked.words("calendar.title"), asked.words("calendar.description"),
        {"coming": ahead, "past": [(month, list(some)) for month, some in groupby(past, _month)]},
    )  # fmt: skip


def event(asked: Asked) -> Page | None:
    """One event."""
    found = public.happenings(asked.connection, key=asked.of["key"].upper())
    if not found:
        return None
    one = found[0]
    prior = one.prior_report
    return Page(
        "event.html", one.title,
        asked.words("event.description", title=one.title, when=asked.words.day(one.day)),
        {
            "event": one,
            "groups": [catalogue().groups[code].name for code in one.groups if code in catalogue().groups],
            "prior": {"link": prior.startswith(("https://", "http://")), "text": prior},
            "promises": public.promises(asked.connection, event=one.key),
            "answers": public_evidence.answers(asked.connection, one.key),
            "opinion": public.opinion(asked.connection, one.key), "tenths": tenths,
            "ways": ways(asked, f"e_{one.key}") if one in coming(asked, found) else [],
        },
    )  # fmt: skip


def places(asked: Asked) -> Page:
    """The municipalities by subregion."""
    every = sorted(municipalities(), key=lambda one: (one.subregion, one.code))
    grouped = [(name, list(some)) for name, some in groupby(every, lambda one: one.subregion)]
    return Page("places.html", asked.words("places.title"), asked.words("places.description"), {"grouped": grouped})


def place(asked: Asked) -> Page | None:
    """A municipality: the events and commitments there."""
    code = asked.of["code"]
    found = next((one for one in municipalities() if one.code == code), None)
    if found is None:
        return None
    events = public.happenings(asked.connection, municipality=code)
    ahead = coming(asked, events)
    return Page(
        "place.html", found.name, asked.words("place.description", name=found.name),
        {
            "place": found, "coming": ahead, "past": [one for one in reversed(events) if one not in ahead],
            "promises": public.promises(asked.connection, municipality=code),
            "ways": ways(asked, Subject("municipality", code).payload),
        },
    )  # fmt: skip


def commitments(asked: Asked) -> Page:
    """What was promised: first what is late, then what is open, then what was kept."""
    promises = public.promises(asked.connection)
    states = {
        state: [one for one in promises if one.state(asked.today) == state] for state in ("late", "open", "kept")
    }  # fmt: skip
    title = asked.words("commitments.title")
    return Page("commitments.html", title, asked.words("commitments.description"), {"states": states})


def subscribe(asked: Asked) -> Page | None:
    """The ways to hear of something, each as a link and a code for a poster."""
    wanted = Subject(asked.of.get("kind", "all"), asked.of.get("value", ""))
    offices = {code: Office(code, name) for code, name in asked.outline.offices.items()}
    if wanted.kind not in KINDS or not exists(wanted, lambda: offices):
        return None
    what = asked.words.say(called(wanted, lambda: offices))
    known = catalogue()
    subregions = sorted({one.subregion for one in municipalities()})
    offered = [
        (asked.words("subscribe.topics"), [(Subject("topic", one.code), one.name) for one in known.topics.values()]),
        (asked.words("subscribe.kinds"), [(Subject("event_kind", one.code), one.name) for one in known.kinds.values()]),
        (asked.words("subscribe.subregions"),
         [(Subject("subregion", subregion_code(name)), name) for name in subregions]),
    ]  # fmt: skip
    links = [(name, link if "://" in link else asked.base + link) for name, link in ways(asked, wanted.payload)]
    codes = [(name, link, _code(link)) for name, link in links]
    return Page(
        "subscribe.html", asked.words("subscribe.title"), asked.words("subscribe.description"),
        {"what": what, "codes": codes, "offered": offered if wanted.kind == "all" else []},
    )  # fmt: skip


def ways(asked: Asked, payload: str) -> list[tuple[str, str]]:
    """Where the bot is talked to about something: the channel's name and an address."""
    outline = asked.outline
    found = [(asked.words("ways.web"), f"/chat?start={payload}")]
    if outline.telegram:
        found.append(("Telegram", f"https://t.me/{quote(outline.telegram)}?start={payload}"))
    if outline.whatsapp:
        found.append(("WhatsApp", f"https://wa.me/{outline.whatsapp}?text=/start%20{payload}"))
    return found


def feed(asked: Asked) -> bytes:
    """The calendar to subscribe to."""
    events = public.happenings(asked.connection)
    name = asked.words("calendar.feed", entity=asked.outline.plan.entity)
    return calendar_feed.calendar(name, [_dated(asked, event) for event in events])


def event_file(asked: Asked) -> bytes | None:
    """One event for a calendar."""
    found = public.happenings(asked.connection, key=asked.of["key"].upper())
    return calendar_feed.calendar(found[0].title, [_dated(asked, found[0])]) if found else None


def where(event: Happening) -> str:
    """ "Parque principal, Cumbal", "" on the internet."""
    return ", ".join(part for part in (event.place, name_of(event.municipality)) if part)


def _dated(asked: Asked, event: Happening) -> calendar_feed.Dated:
    link = asked.base + asked.url(f"/evento/{event.key}")
    spot = (event.lat, event.lng) if event.lat is not None and event.lng is not None else None
    kind = catalogue().kinds.get(event.kind)
    told = listed([part for part in (kind.name if kind else "", event.link, event.transport) if part], "\n")
    return calendar_feed.Dated(
        f"{event.key}-{asked.outline.plan.slug}", asked.base.partition("://")[2], event.title, event.day,
        event.starts_at, event.ends_at, where(event), spot, link, asked.words.say(told), event.version, event.changed,
        event.state == "cancelled",
    )  # fmt: skip


def _month(event: Happening) -> str:
    return f"{event.day:%Y-%m}"


def _code(link: str) -> str:
    """A QR code as inline SVG: no file to fetch."""
    return segno.make(link, error="m", micro=False).svg_inline(border=3, light="#fff", omitsize=True)
