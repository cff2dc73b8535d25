"""The calendar file that goes out with an announcement: the event, its change or its end in a phone's calendar."""

from __future__ import annotations

from documents.calendar_feed import Dated, calendar
from models.announcements import Said
from plans.dialogue import catalogue
from plans.places import municipalities

MIME = "text/calendar"


def invitation(said: Said, site: str) -> bytes:
    """The same bytes for the same announcement. `site`: the address of the public site, without a slash at its end."""
    event = said.event
    spot = (event.lat, event.lng) if event.lat is not None and event.lng is not None else None
    kind = catalogue().kinds.get(event.kind)
    town = next((place.name for place in municipalities() if place.code == event.municipality), "")
    where = ", ".join(part for part in (event.place, town) if part)
    told = "\n".join(part for part in (kind.name if kind else "", event.link, event.transport) if part)
    entry = Dated(
        f"{event.key}-{event.plan}", site.partition("://")[2] or "chasqui", event.title, event.day, event.starts_at,
        event.ends_at, where, spot, f"{site}/evento/{event.key}", told, said.version, said.at,
        event.state == "cancelled",
    )  # fmt: skip
    return calendar(event.title, [entry])
