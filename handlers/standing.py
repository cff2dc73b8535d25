"""How far something is, as a message: the figure first, its parts, a picture, and buttons further down and back up."""

from __future__ import annotations

from dataclasses import asdict, replace

from conversation.messages import Choice, Picture, Reply
from conversation.texts import Joined, Say, _, lines, listed, n_, paragraphs
from handlers.asking import more, paged, plain, said
from handlers.scopes import Asked
from handlers.spans import days_in_words, days_of
from handlers.wording import period_in_words
from models.directory import Directory
from models.figures import Counts, Figures, Part
from models.visibility import STAFF
from models.visit import Visit


def standing(
    command: str, asked: Asked, names: Directory, found: Figures | None, visit: Visit, note: Say = ""
) -> Reply:
    """The answer to `command`; `found` are the figures of what is `asked`, `note` stands below them."""
    up = _up(asked, names)
    if found is None or not found.parts:
        return Reply(_("{what}. No hay entregables para mostrar.", what=asked.called(names)), links=tuple(up))
    total, (shown, left) = found.total, paged(found.parts, asked.page)
    named = [_line(part) for part in shown] if len(found.parts) > 1 else []
    title = found.title and _("{title}. {plan}, a {day}", title=found.title, plan=names.plan.title, day=visit.today)
    text = paragraphs(
        _totals(asked, names, total),
        lines(
            title or _("{plan}, a {day}", plan=names.plan.title, day=visit.today),
            *named,
            n_("y {n} más, en la imagen", "y {n} más, en la imagen", left) if left else "",
        ),
        note,
        _provisional(total),
    )
    down = [choice for part in shown if len(found.parts) > 1 and (choice := _down(asked, part))]
    reports = Choice(said("/avances", replace(asked, page=1)), _("Ver los avances"))
    links = [*down, *more(command, asked, left), *([reports] if asked.activity and visit.who.may(STAFF) else []), *up]
    return Reply(text, links=tuple(links), picture=_picture(asked, names, found, visit))


def _picture(asked: Asked, names: Directory, found: Figures, visit: Visit) -> Picture:
    heading = _heading(asked, names)
    figures = {
        "plan": names.plan.title, "entity": names.plan.entity, "day": visit.today.isoformat(),
        "heading": plain(heading), "total": asdict(found.total), "some_days": bool(asked.days),
        "bars": [{"label": plain(_name(part, part.short)), **asdict(part.counts)} for part in found.parts],
    }  # fmt: skip
    return Picture("status", figures, lines(heading, _totals(asked, names, found.total), *map(_line, found.parts)))


def _heading(asked: Asked, names: Directory) -> Say:
    """What is asked about: "Actividad 6: Publicar informes…", where there is room for the title."""
    if asked.activity and not (asked.office or asked.days):
        title = names.activities[asked.activity].title
        return _("Actividad {number}: {title}", number=asked.activity, title=title)
    if asked.subcomponent and not (asked.office or asked.days):
        title = names.subcomponents[asked.subcomponent]
        return _("Subcomponente {number}: {title}", number=asked.subcomponent, title=title)
    return asked.called(names)


def _totals(asked: Asked, names: Directory, total: Counts) -> Joined:
    what = asked.called(names)
    if total.band:
        to_date = _("{what}. A la fecha: {done} de {due} ({percent} %), calificación {band}.", what=what,
                    done=total.done_due, due=total.due, percent=total.to_date, band=total.band.word)  # fmt: skip
    else:
        to_date = _("{what}. Todavía no vence ningún entregable.", what=what)
    whole = {"done": total.done, "units": total.units, "percent": total.of_year}
    year = _("Del año: {done} de {units} entregables ({percent} %).", **whole)
    some = _("De esos días: {done} de {units} entregables ({percent} %).", **whole)
    checked = _("Verificados: {verified}. Por verificar: {unverified}.", verified=total.verified,
                unverified=total.done - total.verified)  # fmt: skip
    return lines(to_date, _official(total), listed([some if asked.days else year, checked], " "))


def _official(total: Counts) -> Say:
    """What counts officially; what was reported and nobody has verified is provisional."""
    official = total.official
    if not official.band:
        return ""
    return _(
        "Eso es lo reportado, provisional. Oficial, lo verificado: {done} de {due} ({percent} %), calificación {band}.",
        done=official.done_due, due=official.due, percent=official.to_date, band=official.band.word,
    )  # fmt: skip


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


def _down(asked: Asked, part: Part) -> Choice | None:
    """The button for a part, None where it has no name to ask by (the entity as a whole)."""
    inside = replace(asked, page=1)
    if part.number and asked.scope.kind == "plan":
        return _link(replace(inside, subcomponent=part.number), _("Subcomponente {n}", n=part.number))
    if part.number:
        return _link(replace(inside, subcomponent=0, activity=part.number), _("Actividad {n}", n=part.number))
    if part.code:
        return _link(replace(inside, office=part.code), part.short)
    days = days_of(part.period)
    return _link(replace(inside, days=days), days_in_words(days)) if days and days != asked.days else None


def _up(asked: Asked, names: Directory) -> list[Choice]:
    """The button for what holds it; from the whole plan on to what is late, comes next and is missing."""
    if asked.days:
        return [_link(replace(asked, days=None, page=1), _("Todo el año"))]
    if asked.office and (asked.activity or asked.subcomponent):
        whole = Asked(asked.subcomponent, asked.activity)
        return [_link(whole, _("Actividad {n}", n=asked.activity) if asked.activity else whole.name(names))]
    if asked.activity:
        holds = names.activities[asked.activity].subcomponent
        return [_link(Asked(holds), _("Subcomponente {n}", n=holds))]
    if asked != Asked():
        return [_link(Asked(), _("Todo el plan"))]
    return [
        Choice("/vencidos", _("Qué está vencido")),
        Choice("/por_vencer", _("Qué vence pronto")),
        Choice("/quien_falta", _("Quién falta")),
    ]


def _link(asked: Asked, label: Say) -> Choice:
    return Choice(said("/estado", asked), label)
