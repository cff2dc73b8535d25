"""/afiche: the poster of an event, to be shared or hung up."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from conversation.messages import Document, Picture, Reply
from conversation.talk import Talk
from conversation.texts import _
from handlers.base import Conversation
from handlers.citizen.event_card import titled
from handlers.coordinator.event_approval import WhichEvent
from handlers.places_asked import name_of
from models import announcements, installation
from models.event_cards import Card
from models.visit import Visit
from plans.dialogue import catalogue


async def poster(talk: Talk, visit: Visit) -> Reply:
    """The picture; with it the file to print, once the clock has made it."""
    event = await talk.ask("event", WhichEvent(visit))
    if event.state not in ("announced", "changed"):
        return Reply(_("Ese evento no está anunciado, o ya pasó."))
    ways = installation.links(visit.connection)
    picture = Picture("poster", figures(event, ways, visit.zone), _("Afiche: {title}", title=titled(event)))
    kept = announcements.poster(connection=visit.connection, event_id=event.id, version=event.version)
    file = Document(**kept, caption=_("El afiche para imprimir")) if kept else None
    return Reply(_("El afiche de {title}.", title=titled(event)), picture=picture, document=file)


def figures(event: Card, ways: dict[str, str], zone: ZoneInfo) -> dict[str, Any]:
    """What documents/poster.py draws; `ways` as models.installation.links tells them."""
    kind = catalogue().kinds.get(event.kind)
    groups = [catalogue().groups[code].name for code in event.groups if code in catalogue().groups]
    starts, ends = (at.astimezone(zone).strftime("%H:%M") if at else "00:00" for at in (event.starts_at, event.ends_at))
    return {
        "entity": event.entity, "key": event.key, "kind": kind.name if kind else "", "title": event.title,
        "office": event.office_name or event.entity, "groups": groups, "transport": event.transport,
        "where": ", ".join(part for part in (event.place, name_of(event.municipality)) if part) or event.link,
        "day": event.day.isoformat(), "starts": starts, "ends": ends, "ways": ways_to(f"e_{event.key}", ways),
    }  # fmt: skip


def ways_to(payload: str, ways: dict[str, str]) -> list[list[str]]:
    """Where the bot is talked to about something: [what it is called, address]; the site first, where there is one."""
    site, telegram, whatsapp = (
        ways.get(key, "") for key in (installation.SITE, installation.TELEGRAM_NAME, installation.WHATSAPP_NUMBER)
    )
    found = [["Web", f"{site}/chat?start={payload}"]] if site else []
    found += [["Telegram", f"https://t.me/{telegram}?start={payload}"]] if telegram else []
    return found + ([["WhatsApp", f"https://wa.me/{whatsapp}?text=/start%20{payload}"]] if whatsapp else [])


POSTER = Conversation(
    name="poster",
    command="/afiche",
    run=poster,
    title=_("Ver el afiche de un evento"),
    phrases=("afiche", "ver el afiche", "poster", "cartel"),
    consent=False,
    hidden=True,
)
