"""A dialogue event as people read it: announced, changed, called off, reminded of, or looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from conversation.messages import Choice, Document, Reply
from conversation.texts import Say, Text, _, lines, listed, paragraphs
from handlers.places_asked import name_of
from models.event_cards import Card
from plans.dialogue import catalogue

WEEKDAYS: tuple[Text, ...] = (
    _("lunes"), _("martes"), _("miércoles"), _("jueves"), _("viernes"), _("sábado"), _("domingo"),
)  # fmt: skip
STATES: Mapping[str, Text] = {
    "proposed": _("Espera que otra persona lo apruebe."),
    "declined": _("No se aprobó."),
    "changed": _("Este evento cambió."),
    "cancelled": _("Este evento no se va a hacer."),
    "held": _("Este evento ya pasó."),
}
LEAVE = _("Si no quiere más avisos escriba BAJA.")


def clock(at: datetime, zone: ZoneInfo) -> Text:
    """ "9:00 a. m."."""
    local = at.astimezone(zone)
    hour, minutes = local.hour % 12 or 12, f"{local:%M}"
    if local.hour < 12:
        return _("{hour}:{minutes} a. m.", hour=hour, minutes=minutes)
    return _("{hour}:{minutes} p. m.", hour=hour, minutes=minutes)


def when(event: Card, zone: ZoneInfo) -> Say:
    """ "jueves 9 de junio de 2022, de 9:00 a. m. a 12:00 p. m."."""
    return moment(event.day, event.starts_at, event.ends_at, zone)


def moment(day: date, starts: datetime | None, ends: datetime | None, zone: ZoneInfo) -> Say:
    """A day and its hours, where they are known."""
    named = _("{weekday} {day}", weekday=WEEKDAYS[day.weekday()], day=day)
    if not starts or not ends:
        return named
    return _("{day}, de {starts} a {ends}", day=named, starts=clock(starts, zone), ends=clock(ends, zone))


def where(event: Card) -> Say:
    """ "Parque principal, Cumbal", or that it is on the internet."""
    parts = [part for part in (event.place, name_of(event.municipality)) if part]
    return listed(parts) if parts else _("Por internet")


def map_link(event: Card) -> str:
    """Where a map shows the place, "" where its position is not known."""
    if event.lat is None or event.lng is None:
        return ""
    spot = f"{event.lat:.5f}/{event.lng:.5f}"
    return f"https://www.openstreetmap.org/?mlat={event.lat:.5f}&mlon={event.lng:.5f}#map=17/{spot}"


def titled(event: Card) -> Say:
    """ "Foro focal: El agua de Cumbal"."""
    kind = catalogue().kinds.get(event.kind)
    return _("{kind}: {title}", kind=kind.name, title=event.title) if kind else event.title


def card(event: Card, zone: ZoneInfo) -> Say:
    """All that is public of an event."""
    groups = [catalogue().groups[code].name for code in event.groups if code in catalogue().groups]
    return paragraphs(
        titled(event),
        STATES.get(event.state, ""),
        lines(when(event, zone), _facts(event)),
        _("Para: {groups}.", groups=listed(groups)) if groups else "",
        _("Informe para leer antes: {report}", report=event.prior_report) if event.prior_report else "",
        _("Esto se concluyó: {text}", text=event.conclusions) if event.conclusions else "",
    )


def links(event: Card) -> tuple[Choice, ...]:
    """What people can do about an event."""
    see = Choice(f"/evento {event.key}", _("Ver el evento"))
    return (see, *joining(event))


def joining(event: Card) -> tuple[Choice, ...]:
    """How people take part in what is to come, and look at what came of it."""
    if event.conclusions_at:
        return (Choice(f"/compromisos {event.key}", _("Ver los compromisos")),)
    if event.state not in ("announced", "changed"):
        return ()
    return (
        Choice(f"/asistir {event.key}", _("Voy a ir")), Choice(f"/preguntar {event.key}", _("Hacer una pregunta")),
    )  # fmt: skip


def announced(kind: str, event: Card, details: Mapping[str, Any], document: Document | None, zone: ZoneInfo) -> Reply:
    """The one short message about an event; `kind` and `details` as in models.digests.Announcement."""
    heads: dict[str, Say] = {
        "change": lines(_("Hay un cambio."), changed(event, details.get("before", {}), zone)),
        "cancellation": _("No se va a hacer. Discúlpenos."),
        "reminder": _("Le recordamos: es mañana."),
    }
    why = _("Motivo: {note}", note=event.change_note) if event.change_note and kind != "reminder" else ""
    facts: Say = lines(when(event, zone), _facts(event)) if kind != "cancellation" else when(event, zone)
    text = paragraphs(titled(event), lines(heads.get(kind, ""), why), facts, LEAVE)
    return Reply(text, links=links(event), document=document)


def digest(told: Sequence[tuple[str, Card]], zone: ZoneInfo) -> Reply:
    """All of a day in one message: each event once, as it stands now."""
    events = {event.id: event for _kind, event in told}
    kinds = {(event.id, kind.partition(":")[0]) for kind, event in told}
    parts = [lines(titled(event), _state(event, kinds), when(event, zone), where(event)) for event in events.values()]
    looks = tuple(Choice(f"/evento {event.key}", _("Ver {title}", title=event.title)) for event in events.values())
    return Reply(paragraphs(_("Sus avisos de hoy:"), *parts, LEAVE), links=looks[:8])


def _state(event: Card, kinds: Set[tuple[int, str]]) -> Say:
    """What is new of an event in a day's message, or how it stands."""
    if (event.id, "kept") in kinds:
        return _("Se cumplió algo que se prometió.")
    return _("Ya hay conclusiones.") if (event.id, "conclusions") in kinds else STATES.get(event.state, "")


def changed(event: Card, before: Mapping[str, Any], zone: ZoneInfo) -> Say:
    """What an event was before, where it is not so any more."""
    parts: list[Say] = []
    if "day" in before:
        starts, ends = (datetime.fromisoformat(before[name]) for name in ("starts_at", "ends_at"))
        was = moment(date.fromisoformat(before["day"]), starts, ends, zone)
        parts.append(_("Antes era: {when}.", when=was))
    if "place" in before:
        was = listed([part for part in (before["place"], name_of(before["municipality"])) if part])
        parts.append(_("Antes era en: {where}.", where=was))
    names = {"title": _("el tema"), "link": _("el enlace"), "transport": _("el transporte"), "capacity": _("el cupo")}
    other = [name for column, name in names.items() if column in before]
    return lines(*parts, _("Cambió {what}.", what=listed(other)) if other else "")


def _facts(event: Card) -> Say:
    spot = map_link(event)
    return lines(
        _("Lugar: {where}", where=where(event)),
        _("Mapa: {link}", link=spot) if spot else "",
        _("Enlace: {link}", link=event.link) if event.link else "",
        _("Transporte: {transport}", transport=event.transport) if event.transport else "",
        _("Invita: {office}", office=event.office_name or event.entity),
    )
