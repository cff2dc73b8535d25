"""What is owed and not reported, as a message: how much of what, whose, a timeline, and buttons to look closer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from conversation.messages import Choice, Picture, Reply
from conversation.texts import Say, Text, _, lines, listed, n_, paragraphs
from handlers.asking import more, paged, plain, said
from handlers.scopes import Asked
from handlers.wording import due_in_words, period_in_words, titled
from models.directory import Directory
from models.due import Due, missing
from models.responsible import Responsible, responsible
from models.visit import Visit

# Names told of an office; items of one day in the picture.
NAMES, ITEMS = 2, 3

People = Mapping[int, list[Responsible]]


@dataclass(frozen=True, slots=True)
class Owing:
    """A question about what is missing. `command` and the button `back` to all of it; the picture's `heading`."""

    command: str
    back: Text
    heading: Text


def owing(of: Owing, asked: Asked, names: Directory, visit: Visit, rows: Sequence[Due], first: Say) -> Reply:
    """`rows` are what is missing, by day; `first` says how much. By activity, or one activity by office and period."""
    groups = _grouped(rows, by_activity=not asked.activity)
    shown, left = paged(groups, asked.page)
    people = responsible(visit, {one.office_id for group in shown for one in group})
    text = paragraphs(
        lines(first, _extent(rows, visit.today)),
        lines(*(_line(group, people, visit.today, asked) for group in shown),
              n_("y {n} más", "y {n} más", left) if left else ""),
    )  # fmt: skip
    links = [*_closer(of, asked, shown), *more(of.command, asked, left), *_back(of, asked)]
    return Reply(text, links=tuple(links), picture=_timeline(of, asked, names, visit, rows, first))


def owed_alone(of: Owing, asked: Asked, nothing: Say) -> Reply:
    """The answer where nothing is missing."""
    return Reply(nothing, links=tuple(_back(of, asked)))


def whose(group: Iterable[Due], people: People) -> Say:
    """ "Prensa (Ana Lucía Ortega)", "12 dependencias"."""
    offices = {one.office_id: one.short for one in group}
    if len(offices) > 1:
        return n_("{n} dependencia", "{n} dependencias", len(offices))
    ((office_id, office),) = offices.items()
    if office_id is None:
        return _("Sin dependencia a cargo")
    if office_id not in people:
        return office
    known = [one.name for one in people[office_id]]
    others = len(known) - NAMES
    told: list[Say] = [*known[:NAMES], *([n_("y {n} más", "y {n} más", others)] if others > 0 else [])]
    return _("{office} ({people})", office=office, people=listed(told) if told else _("sin responsable"))


def _grouped(rows: Iterable[Due], by_activity: bool) -> list[list[Due]]:
    """Pieces that take one line each, in the order of their first day."""
    groups: dict[Any, list[Due]] = {}
    for one in rows:
        groups.setdefault(one.number if by_activity else (one.office_id, one.period), []).append(one)
    return list(groups.values())


def _extent(rows: Sequence[Due], today: date) -> Say:
    """How many offices are in charge, and the first day."""
    offices = len({one.office_id for one in rows})
    return n_("A cargo de {n} dependencia; lo primero {due}.", "A cargo de {n} dependencias; lo primero {due}.",
              offices, due=due_in_words(rows[0].day, today))  # fmt: skip


def _line(group: Sequence[Due], people: People, today: date, asked: Asked) -> Say:
    """ "4. Difundir espacio…: 6, Prensa; lo primero venció el 28 de febrero de 2022"."""
    one, several = group[0], len({due.day for due in group}) > 1
    told = {"n": missing(group), "due": due_in_words(one.day, today)}
    if asked.activity:
        period = period_in_words(one.period)
        named = listed([whose(group, people), period]) if period else whose(group, people)
        return _("{named}: {n}; {due}", named=named, **told)
    told |= {"name": titled(one), "whose": whose(group, people)}
    return _("{name}: {n}, {whose}; lo primero {due}", **told) if several else _("{name}: {n}, {whose}; {due}", **told)


def _closer(of: Owing, asked: Asked, shown: Iterable[Sequence[Due]]) -> list[Choice]:
    """A button for each line: the activity's own lines, and from there how far the office is with it."""
    if not asked.activity:
        inside = replace(asked, page=1, subcomponent=0)
        return [
            Choice(said(of.command, replace(inside, activity=group[0].number)), _("Actividad {n}", n=group[0].number))
            for group in shown
        ]
    inside = Asked(activity=asked.activity)
    offices = {group[0].code: group[0].short for group in shown if group[0].code}
    return [Choice(said("/estado", replace(inside, office=code)), short) for code, short in offices.items()]


def _back(of: Owing, asked: Asked) -> list[Choice]:
    if asked == Asked():
        return [Choice("/quien_falta", _("Quién falta")), Choice("/estado", _("Todo el plan"))]
    return [Choice(of.command, of.back), Choice(said("/estado", replace(asked, page=1)), _("Ver el estado"))]


def _timeline(of: Owing, asked: Asked, names: Directory, visit: Visit, rows: Sequence[Due], first: Say) -> Picture:
    days: dict[date, list[Due]] = {}
    for one in rows:
        days.setdefault(one.day, []).append(one)
    drawn, told = [], []
    for day, some in days.items():
        groups = _grouped(some, by_activity=True)
        items = [(titled(group[0]), whose(group, {}), missing(group)) for group in groups[:ITEMS]]
        drawn.append({
            "day": day.isoformat(), "more": len(groups) - len(items),
            "items": [{"label": plain(name), "who": plain(who), "count": n} for name, who, n in items],
        })  # fmt: skip
        every = [_("{name}: {n}, {whose}", name=name, n=n, whose=who) for name, who, n in items]
        told.append(_("{day}: {items}", day=day, items=listed(every, "; ")))
    figures = {
        "plan": names.plan.title, "entity": names.plan.entity, "day": visit.today.isoformat(),
        "heading": plain(_("{what}: {whole}", what=of.heading, whole=asked.called(names))),
        "total": missing(rows), "days": drawn,
    }  # fmt: skip
    return Picture("timeline", figures, lines(first, *told))
