"""/estado: how far the plan is, whole or by subcomponent, activity or office. Everyone may ask."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import date
from typing import Any

from conversation.messages import Choice, Picture, Reply
from conversation.talk import Talk
from conversation.texts import Say, Text, _, lines, n_, paragraphs
from conversation.understanding import best, fold, number
from handlers.base import Conversation
from handlers.wording import period_in_words
from models.figures import Counts, Figures, Part, Scope, figures
from models.offices import registry
from models.visit import Visit

# More lines than this are left to the picture.
LINES = 10
LINKS = 9
WHOLE = ("", "plan", "el plan", "todo", "todo el plan", "entidad", "la entidad")
SUBCOMPONENT = re.compile(r"(?:el )?sub(?:componente)? ?(\w+)")
ACTIVITY = re.compile(r"(?:la |el |actividad |act |numero )*(\w+)(?: por (?:dependencia|oficina|mes|periodo)\w*)?")
# "cómo va prensa", "cuánto llevamos en la 6", "muéstreme la 6 por dependencia"
ASKED = re.compile(
    r"(?:y )?(?:como (?:va|van|vamos|anda|andan)|cuanto (?:va|van|vamos|lleva|llevan|llevamos)|estado) "
    r"(?:(?:en|con|de|del|lo|la|el|las|los) )*(.+)"
    r"|(?:muestre(?:me)?|deme|ver|quiero ver) (?:la |el )*((?:actividad |sub(?:componente)? ?)?\d+(?: por \w+)?)"
)


async def status(talk: Talk, visit: Visit) -> Reply:
    """Reads only; the argument says of what."""
    asked = _scope(talk.argument, visit)
    if isinstance(asked, Reply):
        return asked
    scope, office = asked
    found = figures(visit.connection, scope, visit.today)
    if found is None and scope.kind in ("subcomponent", "activity"):
        return _unknown()
    if found is None or not found.parts:
        return Reply(_("No hay entregables para mostrar."), links=_links(scope, ()))
    heading = _heading(scope, found, office)
    picture = Picture(
        "status",
        {
            "plan": found.plan.title, "entity": found.plan.entity, "day": visit.today.isoformat(),
            "heading": _stored(heading), "total": asdict(found.total),
            "bars": [{"label": _stored(_name(part, part.short)), **asdict(part.counts)} for part in found.parts],
        },
        lines(heading, _totals(found.total), *map(_line, found.parts)),
    )  # fmt: skip
    return Reply(_text(heading, found, visit.today), links=_links(scope, found.parts), picture=picture)


def _scope(argument: str, visit: Visit) -> tuple[Scope, str] | Reply:
    """What is asked for, with the office's name; or what to say where that is not clear."""
    typed = fold(argument)
    if typed in WHOLE:
        return Scope(), ""
    if (found := SUBCOMPONENT.fullmatch(typed)) and (n := number(found[1])) is not None:
        return Scope("subcomponent", n), ""
    if (found := ACTIVITY.fullmatch(typed)) and (n := number(found[1])) is not None:
        return Scope("activity", n), ""
    offices = {office.code: office for office in registry(visit.connection)}
    meant = best(argument, {code: (code, office.name, *office.aliases) for code, office in offices.items()})
    if len(meant) == 1:
        return Scope("office", code=meant[0]), offices[meant[0]].name
    if meant:
        links = [Choice(f"/estado {code}", offices[code].name) for code in meant[:LINKS]]
        return Reply(_("Hay varias dependencias que se parecen. ¿Cuál?"), links=tuple(links))
    return _unknown()


def _unknown() -> Reply:
    hint = _("No lo encontré. Pregunte por todo el plan, por un subcomponente (/estado sub 1), por una actividad "
             "(/estado 4) o por una dependencia (/estado prensa).")  # fmt: skip
    return Reply(hint, links=(Choice("/estado", _("Todo el plan")), Choice("/estado sub 1", _("Subcomponente 1"))))


def _heading(scope: Scope, found: Figures, office: str) -> Say:
    match scope.kind:
        case "subcomponent":
            return _("Subcomponente {number}: {title}", number=scope.number, title=found.title)
        case "activity":
            return _("Actividad {number}: {title}", number=scope.number, title=found.title)
        case "office":
            return office
    return _("Todo el plan")


def _text(heading: Say, found: Figures, today: date) -> Say:
    parts = found.parts if len(found.parts) > 1 else ()
    more = len(parts) - LINES
    return paragraphs(
        lines(heading, _("{plan}, a {day}", plan=found.plan.title, day=today)),
        _totals(found.total),
        lines(
            *map(_line, parts[:LINES]),
            n_("y {n} más, en la imagen", "y {n} más, en la imagen", more) if more > 0 else "",
        ),
        _provisional(found.total),
    )


def _totals(total: Counts) -> Say:
    year = _("Del año: {done} de {units} entregables ({percent} %).",
             done=total.done, units=total.units, percent=total.of_year)  # fmt: skip
    if total.band:
        to_date = _("A la fecha: {done} de {due} ({percent} %), calificación {band}.", done=total.done_due,
                    due=total.due, percent=total.to_date, band=total.band.word)  # fmt: skip
    else:
        to_date = _("Todavía no vence ningún entregable.")
    unverified = total.done - total.verified
    checked = _("Verificados: {verified}. Por verificar: {unverified}.", verified=total.verified, unverified=unverified)
    return lines(to_date, year, checked)


def _provisional(total: Counts) -> Say:
    """What an undecided reading makes of the figures."""
    if not total.provisional:
        return ""
    return n_(
        "Criterio provisional: de {units} entregables, {n} puede cambiar cuando se decida cómo se cuenta.",
        "Criterio provisional: de {units} entregables, {n} pueden cambiar cuando se decida cómo se cuentan.",
        total.provisional, units=total.units,
    )  # fmt: skip


def _name(part: Part, office: str) -> Say:
    if part.number:
        return _("{number}. {title}", number=part.number, title=part.name)
    if part.period:
        return period_in_words(part.period) or part.period
    return office or _("La entidad")


def _line(part: Part) -> Say:
    """ "4. Difundir espacio de participación: 8 de 22 (alta)"."""
    counts, name = part.counts, _name(part, part.name)
    if not counts.band:
        return _("{name}: {done} de {units}", name=name, done=counts.done, units=counts.units)
    return _("{name}: {done} de {units} ({band})", name=name, done=counts.done, units=counts.units,
             band=counts.band.word)  # fmt: skip


def _links(scope: Scope, parts: tuple[Part, ...]) -> tuple[Choice, ...]:
    """Buttons one level further down, and back to the top."""
    if scope.kind == "plan":
        named = {f"/estado sub {part.number}": _("Subcomponente {n}", n=part.number) for part in parts[:LINKS]}
        return tuple(Choice(command, label) for command, label in named.items())
    down = parts[:LINKS] if scope.kind == "subcomponent" else ()
    activities = [Choice(f"/estado {part.number}", _("Actividad {n}", n=part.number)) for part in down]
    return (*activities, Choice("/estado", _("Todo el plan")))


def _stored(say: Say) -> Any:
    """A text as JSON, to be put into words when the picture is drawn."""
    return asdict(say) if isinstance(say, Text) else say


def _understands(text: str) -> str | None:
    found = ASKED.fullmatch(fold(text))
    return (found[1] or found[2]) if found else None


STATUS = Conversation(
    name="status",
    command="/estado",
    run=status,
    title=_("Ver cómo va el plan"),
    phrases=("estado", "estado del plan", "como vamos", "cuanto vamos", "cuanto llevamos", "como va la cosa",
             "como va todo", "como va el plan", "cumplimiento", "cumplimiento del plan", "semaforo"),
    understands=_understands,
    consent=False,
)  # fmt: skip
