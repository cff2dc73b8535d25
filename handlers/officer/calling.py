"""The questions for a dialogue event: what, whose, for whom, where, when. Somebody else approves what comes of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from conversation.messages import Choice, Reply
from conversation.questions import Maybe, Pick, Several, YesNo
from conversation.talk import Talk
from conversation.texts import Say, _, lines, listed, paragraphs
from handlers.base import Notice, Outcome
from handlers.citizen.event_card import moment
from handlers.officer.call_questions import (
    Capacity,
    entries,
    office_asked,
    title_question,
    transport_question,
    when_asked,
    where_asked,
)
from handlers.places_asked import name_of
from models import audit, event_calls
from models.event_cards import find
from models.people import RUN
from models.visit import Visit
from plans.dialogue import Entry, catalogue


@dataclass(frozen=True, slots=True)
class Called:
    """An event to be approved: columns of models.events.Event."""

    values: dict[str, Any]


async def call(talk: Talk, visit: Visit) -> Called | Reply | None:
    """One question at a time; each can be answered by typing."""
    kind = await talk.ask("kind", Pick(_("¿Qué clase de evento es?"), entries(catalogue().kinds.values())))
    title = await talk.ask("title", title_question())
    office_id = await office_asked(talk, visit)
    groups = await talk.ask("groups", Several(
        _("¿Para quiénes es? Toque uno, o escriba varios separados por comas."), entries(catalogue().groups.values())
    ))  # fmt: skip
    place = await where_asked(talk)
    times = await when_asked(talk, visit)
    capacity = await talk.ask("capacity", Capacity())
    transport = await talk.ask("transport", transport_question())
    report = await talk.ask("report", Maybe(
        _("¿Qué informe deben leer antes? Escriba el enlace o el folio."), none=_("Todavía no hay")
    ))  # fmt: skip
    values = {
        "kind": kind.code, "title": title, "office_id": office_id, "groups": [group.code for group in groups], **place,
        **times, "capacity": capacity or None, "transport": transport, "prior_report": report,
    }  # fmt: skip
    sure = YesNo(_summary(kind, title, groups, values, visit.zone), yes=_("Sí, pedir aprobación"), no=_("No"))
    return Called(values) if await talk.ask("sure", sure) else None


def called(visit: Visit, decided: Called) -> Outcome:
    """Keep the event; who runs the plan is asked to approve it."""
    from handlers.coordinator.event_approval import asking  # it shows what is called here

    connection, who = visit.connection, visit.who
    key = event_calls.propose(connection, who, decided.values, visit.now)
    audit.record(connection, visit.now, who.id, "event.proposed", f"event:{key}", kind=decided.values["kind"])
    event = find(connection, key, who)
    assert event is not None
    done = paragraphs(
        _("Listo. Quedó como {code}.", code=key),
        _("Otra persona de la coordinación debe aprobarlo. Después se avisa a la gente."),
    )
    see = Choice(f"/evento {key}", _("Ver el evento"))
    return Outcome(Reply(done, links=(see,)), (Notice(f"event:asked:{event.id}", asking(event, visit.zone), RUN),))


def _summary(kind: Entry, title: str, groups: tuple[Entry, ...], values: dict[str, Any], zone: ZoneInfo) -> Say:
    place = listed([part for part in (values["place"], name_of(values["municipality"])) if part])
    capacity: Say = str(values["capacity"]) if values["capacity"] else _("sin límite")
    return paragraphs(
        _("{kind}: {title}", kind=kind.name, title=title),
        lines(
            moment(values["day"], values["starts_at"], values["ends_at"], zone),
            _("Lugar: {where}", where=place) if values["municipality"] else _("Enlace: {link}", link=values["link"]),
            _("Para: {groups}.", groups=listed([group.name for group in groups])),
            _("Cupo: {capacity}", capacity=capacity),
            _("Transporte: {transport}", transport=values["transport"]) if values["transport"] else "",
            _("Informe para leer antes: {report}", report=values["prior_report"]) if values["prior_report"] else "",
        ),
        _("¿Está bien? Otra persona lo aprueba antes de avisar a la gente."),
    )
