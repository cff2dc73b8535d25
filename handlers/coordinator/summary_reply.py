"""A summary as a message: the figures first, then what is late and whose, what waits, what comes; and a picture."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from conversation.messages import Choice, Picture, Reply
from conversation.texts import Joined, Say, Text, _, lines, listed, n_, paragraphs
from handlers.wording import MONTHS, due_in_words, period_in_words
from models.figures import Counts, Part
from models.summaries import Late, Moved, Summary

# Lines of offices, and names of those who hold something up; the picture and /estado have the rest.
OFFICES, HOLDERS = 3, 2


def summary_reply(found: Summary, now: datetime, decides: bool) -> Reply:
    """One line without a picture where nothing happened in the span.

    decides  whether its reader decides on what officers answer
    """
    links = _links(found, now, decides)
    if not found.news:
        return Reply(_quiet(found), links=links)
    text = paragraphs(
        lines(listed([_head(found, now), _reviewed(found.moved)], " "), _standing(found.total)),
        lines(*_late(found)),
        lines(_waiting(found), _answers(found), _questions(found), _soon(found), _lost(found), _whatsapp(found)),
    )
    alt = lines(text, *(_part(part, moved) for part, moved in found.parts))
    return Reply(text, links=links, picture=Picture("summary", _figures(found, now), alt))


def _links(found: Summary, now: datetime, decides: bool) -> tuple[Choice, ...]:
    """How it stands now, a summary of another span, and what waits for the reader."""
    office = found.offices[0].code if found.offices else ""
    status = Choice(f"/estado {office}".strip(), _("Ver el estado de la dependencia") if office else _("Ver el estado"))
    decide = Choice("/por_decidir", _("Ver qué hay por decidir"))
    month, ended = MONTHS[(found.span.until.month - 2) % 12], found.span.until <= now
    if found.span.kind == "month":
        other = Choice("/resumen semana", _("Resumen de la semana"))
    elif found.span.kind == "quarter" and ended:
        other = Choice(f"/resumen {month.key}", _("Resumen de {month}", month=month))
    else:
        other = Choice("/resumen mes", _("Resumen del mes"))
    return (
        status,
        other,
        *((decide,) if decides and found.answers else ()),
        *((Choice("/preguntas", _("Ver las preguntas")),) if found.questions else ()),
    )


def _span(found: Summary, now: datetime) -> Text:
    """ "Así cerró mayo", "En mayo, hasta hoy", "Desde el 16 de mayo de 2022"."""
    span, named = found.span, period_in_words(found.span.period)
    if span.kind == "week":
        return _("Desde el {day}", day=span.since.date())
    if span.kind == "month":
        return _("Así cerró {month}", month=named) if span.until <= now else _("En {month}, hasta hoy", month=named)
    return _("Así cerró el {quarter}", quarter=named) if span.until <= now else _(
        "En el {quarter}, hasta hoy", quarter=named
    )  # fmt: skip


def _head(found: Summary, now: datetime) -> Text:
    moved = found.moved
    came = listed([
        n_("{n} avance", "{n} avances", moved.reports) if moved.reports else _("ningún avance"),
        n_("{n} entregable más", "{n} entregables más", moved.units) if moved.units else "",
    ])  # fmt: skip
    return _("{span}: {came}.", span=_of_offices(_span(found, now), found), came=came)


def _of_offices(span: Text, found: Summary) -> Text:
    """ "Así cerró mayo (Secretaría de Hacienda)"."""
    if not found.offices:
        return span
    return _("{span} ({offices})", span=span, offices=listed([office.name for office in found.offices]))


def _reviewed(moved: Moved) -> Say:
    told = [
        *([n_("{n} ya verificado", "{n} ya verificados", moved.verified)] if moved.verified else []),
        *([n_("{n} devuelto", "{n} devueltos", moved.returned)] if moved.returned else []),
    ]
    return _("De ellos: {told}.", told=listed(told)) if told else ""


def _standing(total: Counts) -> Joined:
    year = _("Del año: {done} de {units} entregables ({percent} %).",
             done=total.done, units=total.units, percent=total.of_year)  # fmt: skip
    if not total.band:
        return lines(_("Todavía no vence ningún entregable."), year)
    to_date = _("A la fecha: {done} de {due} ({percent} %), calificación {band}.", done=total.done_due,
                due=total.due, percent=total.to_date, band=total.band.word)  # fmt: skip
    return lines(to_date, year)


def _late(found: Summary) -> list[Say]:
    """Whose, worst first."""
    n = found.late_units
    if not n:
        return [_("Nada está vencido.")]
    more = len(found.late) - OFFICES
    return [
        n_("Vencido: {n} entregable.", "Vencidos: {n} entregables.", n),
        *(_("{office}: {n}, desde el {day}", office=_in_charge(one), n=one.units, day=one.oldest)
          for one in found.late[:OFFICES]),
        n_("y {n} dependencia más", "y {n} dependencias más", more) if more > 0 else "",
    ]  # fmt: skip


def _in_charge(late: Late) -> Say:
    return late.office or _("Sin dependencia a cargo")


def _waiting(found: Summary) -> Say:
    if not found.waiting_since:
        return ""
    return n_("Por verificar: {n} avance, del {day}.", "Por verificar: {n} avances, el más antiguo del {day}.",
              found.waiting, day=found.waiting_since.astimezone(found.span.since.tzinfo).date())  # fmt: skip


def _answers(found: Summary) -> Say:
    """What officers said and nobody has decided, and who holds up how much."""
    if not found.answers:
        return ""
    said = n_("Por decidir: {n} respuesta.", "Por decidir: {n} respuestas.", found.answers)
    holders = [_("{who} ({n})", who=one.against, n=one.obligations) for one in found.held[:HOLDERS]]
    more = len(found.held) - HOLDERS
    others = [n_("y {n} más", "y {n} más", more)] if more > 0 else []
    return listed([said, _("Esperan por: {held}.", held=listed([*holders, *others]))], " ") if holders else said


def _questions(found: Summary) -> Say:
    """What citizens asked and wait for longer than they were told."""
    if not found.questions_since:
        return ""
    return n_("Preguntas de la gente sin responder a tiempo: {n}, que venció el {day}.",
              "Preguntas de la gente sin responder a tiempo: {n}; la primera venció el {day}.",
              found.questions, day=found.questions_since)  # fmt: skip


def _soon(found: Summary) -> Say:
    if not found.next_due:
        return ""
    return n_("En los próximos 7 días: {n} entregable, que {due}.",
              "En los próximos 7 días: {n} entregables; el primero {due}.",
              found.soon, due=due_in_words(found.next_due, found.today))  # fmt: skip


def _lost(found: Summary) -> Say:
    told = [
        *([n_("{n} no llegó", "{n} no llegaron", found.failed)] if found.failed else []),
        *([n_("de {n} no se sabe", "de {n} no se sabe", found.unknown)] if found.unknown else []),
    ]
    return _("Mensajes: {told}.", told=listed(told)) if told else ""


def _whatsapp(found: Summary) -> Say:
    """What the month has cost so far."""
    if not found.whatsapp or not found.whatsapp.messages:
        return ""
    last, (whole, cents) = found.span.until - timedelta(microseconds=1), divmod(round(found.whatsapp.cost * 100), 100)
    return n_("WhatsApp: {n} mensaje, {cost} {currency} en {month}.",
              "WhatsApp: {n} mensajes, {cost} {currency} en {month}.", found.whatsapp.messages,
              cost=_("{whole},{cents}", whole=whole, cents=f"{cents:02}"), currency=found.whatsapp.currency,
              month=MONTHS[last.month - 1])  # fmt: skip


def _quiet(found: Summary) -> Text:
    named = period_in_words(found.span.period)
    when = {
        "week": _("desde el {day}", day=found.span.since.date()),
        "month": _("en {month}", month=named),
        "quarter": _("en el {quarter}", quarter=named),
    }[found.span.kind]
    return _("Sin novedades {when}. Vencidos: {late}. Por verificar: {waiting}. En los próximos 7 días: {soon}.",
             when=_of_offices(when, found), late=found.late_units, waiting=found.waiting, soon=found.soon)  # fmt: skip


def _part(part: Part, moved: Moved) -> Say:
    """For who cannot see the picture: "4. Difundir…: 8 de 22, 2 más"."""
    return _("{number}. {title}: {done} de {units}, {moved} más", number=part.number, title=part.name,
             done=part.counts.done, units=part.counts.units, moved=moved.units)  # fmt: skip


def _figures(found: Summary, now: datetime) -> dict[str, Any]:
    """As documents.summary wants them."""
    heading = _("Resumen de la semana") if found.span.kind == "week" else _span(found, now)
    return {
        "plan": ", ".join(office.name for office in found.offices) or found.plan.title,
        "entity": found.plan.entity, "heading": asdict(heading), "day": found.today.isoformat(),
        "reports": found.moved.reports, "units": found.moved.units, "late_total": found.late_units,
        "waiting": found.waiting, "soon": found.soon,
        "parts": [
            {
                "label": asdict(_("{number}. {title}", number=part.number, title=part.name)),
                "units": part.counts.units, "done": part.counts.done, "due": part.counts.due, "moved": moved.units,
            }
            for part, moved in found.parts
        ],
        "late": [
            {"label": one.office or asdict(_("Sin dependencia a cargo")), "count": one.units}
            for one in found.late
        ],
    }  # fmt: skip
