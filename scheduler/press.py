"""The files that go out about an event: one for calendars with each announcement, a poster for who called it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from zoneinfo import ZoneInfo

from conversation.messages import Document, Reply
from conversation.texts import SOURCE, Say, _
from documents import invitation, poster
from handlers.citizen.event_card import titled
from handlers.everyone.poster import figures
from models import announcements, deliveries, people
from models.announcements import Said
from models.installation import SITE
from models.vault import Vault
from scheduler.nudges import Render

# Bytes.
MOST = 20_000_000
PRIORITY = 1


@dataclass(frozen=True, slots=True)
class Press:
    """Puts files where messages find them. Everything here blocks."""

    handed: Vault

    def invitation(self, said: Said, ways: Mapping[str, str]) -> Document:
        """The calendar file of an announcement."""
        content = invitation.invitation(said, ways.get(SITE, ""))
        return self._kept(f"{said.event.key}.ics", invitation.MIME, content, _("Para su calendario"))

    def poster(self, said: Said, ways: dict[str, str], zone: ZoneInfo) -> Document:
        """The poster of an event as it stands now, to print."""
        drawn = poster.pdf(figures(said.event, ways, zone), int(said.at.timestamp()), SOURCE)
        return self._kept(f"afiche-{said.event.key}.pdf", "application/pdf", drawn, _("El afiche para imprimir"))

    def lost(self, posted: Sequence[Said]) -> list[Said]:
        """Those whose poster is not there: swept, or left out of a backup."""
        return [one for one in posted if one.details["poster"]["sha256"] not in self.handed]

    def _kept(self, name: str, mime: str, content: bytes, caption: Say) -> Document:
        stored = self.handed.put([content], MOST)
        os.utime(self.handed.path(stored.sha256))  # files are swept a month after they were last touched
        return Document(name, mime, stored.sha256, stored.size, caption)


def hang(connection: Any, said: Said, document: Document, now: Any, render: Render) -> None:
    """Keep the poster with the announcement, and hand it to whoever called the event."""
    announcements.keep_poster(connection, said, kept(document))
    asked = said.event.proposed_by
    text = _("Ya se avisa a la gente de {title}. Aquí está el afiche.", title=titled(said.event))
    rows = [
        {
            "dedupe_key": f"poster:{said.id}:{to.person_id}", "person_id": to.person_id, "channel": to.channel,
            "address": to.address, "kind": "notice", "created_at": now, "priority": PRIORITY, "not_before": None,
            **render(Reply(text, document=document), to.language),
        }
        for to in (people.reached(connection, people=(asked,)) if asked else ())
    ]  # fmt: skip
    if rows:
        deliveries.add(connection, rows)


def kept(document: Document) -> dict[str, Any]:
    """Where it lies, as an announcement keeps it."""
    return {name: value for name, value in asdict(document).items() if name != "caption"}
