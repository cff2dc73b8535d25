"""Where a message goes whose reader has been silent for a day: as a template, to another chat, or to who calls them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.channels.whatsapp import CHANNEL
from bot.channels.whatsapp.templates import choose, kind_of
from bot.turn import Rules, told
from conversation.messages import Reply
from conversation.texts import _
from handlers.base import Notice, link
from handlers.coordinator.calls import CALLS
from models import deliveries, outbox, routing, statuses, templates
from models.outbox import Parcel, Settled
from models.people import RUN
from models.routing import Reader
from plans.whatsapp_templates import Wording

# Where as many people as allowed were knocked at within a day, the next ones wait for this long.
FULL = timedelta(hours=1)
Pairs = set[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Router:
    """Decides over what has been claimed, in the transaction that claims it. `wordings`: our templates."""

    rules: Rules
    wordings: tuple[Wording, ...]

    def look(self, connection: Connection, parcels: Sequence[Parcel], now: datetime) -> list[Parcel]:
        """Those that leave, each with whom to send it to; one statement where all may be written to freely."""
        known = routing.readers(connection, CHANNEL, {parcel.address for parcel in parcels}, now)
        leave: list[Parcel] = []
        late: list[Parcel] = []
        for parcel in parcels:
            reader = known.get(parcel.address)
            if reader:
                if (reader.phone or parcel.address, reader.language) != (parcel.address, parcel.language):
                    parcel = replace(parcel, to=reader.phone, language=reader.language)  # noqa: PLW2901
                (leave if reader.open else late).append(parcel)
            else:
                # Nobody is there any more; the last word to who asked to be forgotten still goes.
                (leave if parcel.kind == "answer" else late).append(parcel)
        return leave + self._knock(connection, late, known, now) if late else leave

    def closed(self, connection: Connection, parcel: Parcel, reason: str, at: datetime) -> None:
        """The platform says that it is too late for this one: it is looked at anew, unless nobody is there."""
        statuses.close(connection, CHANNEL, parcel.address, at)
        if not routing.readers(connection, CHANNEL, {parcel.address}, at):
            routing.give_up(connection, [parcel.id], reason)

    def wording(self, template: str, language: str) -> Wording:
        """The text of one of our templates."""
        return next(one for one in self.wordings if (one.name, one.language) == (template, language))

    def _knock(
        self, connection: Connection, late: Sequence[Parcel], known: dict[str, Reader], now: datetime
    ) -> list[Parcel]:
        """Those that leave as templates; the others go elsewhere, or wait."""
        usable = templates.usable(connection)
        chosen = {parcel.id: self._wording(parcel, known.get(parcel.address), usable) for parcel in late}
        most = routing.tier(connection) if any(chosen.values()) else 0
        knocked = routing.knocked(connection, CHANNEL, now) if most else set()
        leave: list[Parcel] = []
        full: list[Settled] = []
        for parcel in late:
            if (wording := chosen[parcel.id]) is None:
                continue
            if most and parcel.address not in knocked and len(knocked) >= most:
                full.append(Settled(parcel.id, "queued", before=now + FULL))
                continue
            knocked.add(parcel.address)
            leave.append(replace(parcel, language=wording.language, template=wording.name))
        routing.knock(connection, [(parcel.id, parcel.template) for parcel in leave])
        outbox.settle(connection, full, now)
        nowhere = {parcel.id: parcel.person_id for parcel in late if chosen[parcel.id] is None}
        elsewhere(connection, nowhere, routing.NOWHERE, now, self.rules)
        return leave

    def _wording(self, parcel: Parcel, reader: Reader | None, usable: Collection[tuple[str, str]]) -> Wording | None:
        if reader is None or (reader.muted and parcel.kind != "answer"):
            return None
        return choose(self.wordings, kind_of(parcel), reader.language, usable)


def elsewhere(connection: Connection, nowhere: dict[int, int], reason: str, now: datetime, rules: Rules) -> Pairs:
    """These deliveries (id: person) go to another chat of the person, or are given up and somebody hears of it.

    Returns the (channel, address) pairs which now have something to read.
    """
    if not nowhere:
        return set()
    there = routing.elsewhere(connection, CHANNEL, set(nowhere.values()))
    routing.move(connection, [(number, there[person]) for number, person in nowhere.items() if person in there])
    lost = {number: person for number, person in nowhere.items() if person not in there}
    routing.give_up(connection, lost, reason)
    rows: list[dict[str, object]] = []
    for person, name in routing.missed(connection, set(lost.values())).items() if lost else ():
        # Once a day for each person, whatever did not reach them.
        key = f"call:{person}:{now.astimezone(rules.zone).date()}"
        text = _("Llame a {name}: no le llegan mis mensajes por WhatsApp.", name=name)
        rows += told(connection, Notice(key, Reply(text, links=(link(CALLS),)), RUN), rules, now, person)
    if rows:
        deliveries.add(connection, rows)
    return set(there.values()) | {(str(row["channel"]), str(row["address"])) for row in rows}
