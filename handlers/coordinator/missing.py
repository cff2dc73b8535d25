"""/quien_falta: which offices have not reported what is due, most first; who reports for them, for who may know."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from conversation.messages import Choice, Picture, Reply
from conversation.texts import Say, _, lines, listed, n_, paragraphs
from handlers.asking import asking, more, paged, plain, remember, said
from handlers.base import Conversation, said_like
from handlers.owing import whose
from handlers.scopes import Asked
from handlers.wording import due_in_words, period_in_words
from models.directory import Directory
from models.due import Due, due, missing
from models.responsible import responsible
from models.visit import Visit

ASKED = re.compile(
    r"(?:(?:quien|quienes) (?:no han?|faltan?|(?:nos )?deben?)(?: (?:por )?(?:reporta(?:r|do)))?"
    r"|(?:que|cuales) (?:dependencias|oficinas) (?:no han|faltan|deben)(?: (?:por )?(?:reporta(?:r|do)))?)(?: (.+))?"
)


def who_is_missing(asked: Asked, names: Directory, visit: Visit) -> Reply:
    """What was due up to today, or in the days asked for, by the office in charge."""
    every = due(visit.connection, names.plan.id, replace(asked.scope, days=None))
    first, last = asked.days or (date.min, visit.today)
    groups = _by_office([one for one in every if one.missing and first <= one.day <= last])
    what = asked.called(names)
    if not groups:
        return Reply(_("{what}. Nadie falta por reportar.", what=what), links=tuple(_back(asked)))
    shown, left = paged(groups, asked.page)
    people = responsible(visit, {group[0].office_id for group in shown})
    n = sum(map(missing, groups))
    text = paragraphs(
        lines(
            n_("{what}. Falta por reportar: {n} entregable.", "{what}. Faltan por reportar: {n} entregables.", n,
               what=what),
            n_("De {n} dependencia.", "De {n} dependencias.", len(groups)),
        ),
        lines(*(_line(group, whose(group, people), visit.today) for group in shown),
              n_("y {n} más, en la imagen", "y {n} más, en la imagen", left) if left else ""),
        lines(*(_latest(one.name, one.reported_at and one.reported_at.astimezone(visit.zone).date())
                for one in (people.get(groups[0][0].office_id or 0, []) if len(groups) == 1 else []))),
    )  # fmt: skip
    links = [
        Choice(said("/vencidos", replace(asked, office=group[0].code, page=1)), group[0].short)
        for group in shown if group[0].code
    ]  # fmt: skip
    links += [*more("/quien_falta", asked, left), *_back(asked)]
    return Reply(text, links=tuple(links), picture=_heat(asked, names, visit, every, groups))


def _by_office(rows: Sequence[Due]) -> list[list[Due]]:
    """Most first."""
    groups: dict[int | None, list[Due]] = {}
    for one in rows:
        groups.setdefault(one.office_id, []).append(one)
    return sorted(groups.values(), key=lambda group: (-missing(group), group[0].day, group[0].office))


def _line(group: Sequence[Due], who: Say, today: date) -> Say:
    told = {"office": who, "n": missing(group), "due": due_in_words(group[0].day, today)}
    several = len({one.day for one in group}) > 1
    return _("{office}: {n}; lo primero {due}", **told) if several else _("{office}: {n}; {due}", **told)


def _latest(name: str, day: date | None) -> Say:
    return _("{name}: su último avance es del {day}.", name=name, day=day) if day else _(
        "{name} no ha reportado nunca.", name=name
    )  # fmt: skip


def _back(asked: Asked) -> list[Choice]:
    late = Choice(said("/vencidos", replace(asked, page=1)), _("Qué está vencido"))
    return [late, Choice("/estado", _("Todo el plan")) if asked == Asked() else Choice("/quien_falta", _("Todos"))]


def _heat(asked: Asked, names: Directory, visit: Visit, every: Sequence[Due], groups: Sequence[Any]) -> Picture:
    """Offices by months: those that are missing first, then the others."""
    late = {group[0].office_id: missing(group) for group in groups}
    offices: dict[int | None, list[Due]] = {}
    for one in every:
        offices.setdefault(one.office_id, []).append(one)
    ranked = sorted(offices.values(), key=lambda some: (-late.get(some[0].office_id, 0), some[0].short))
    figures = {
        "plan": names.plan.title, "entity": names.plan.entity, "day": visit.today.isoformat(),
        "heading": plain(_("Quién falta: {what}", what=asked.called(names))), "total": sum(late.values()),
        "months": sorted({one.day.isoformat()[:7] for one in every}),
        "rows": [
            {"label": some[0].short or plain(_("Sin dependencia a cargo")), "cells": _cells(some, visit.today)}
            for some in ranked
        ],
    }  # fmt: skip
    told = [_cells_in_words(some, visit.today) for some in ranked]
    return Picture("heat", figures, lines(_("Quién falta, por dependencia y mes"), *told))


def _cells_in_words(some: Sequence[Due], today: date) -> Say:
    """ "Prensa: 9 de 184 vencidos (febrero: 1, marzo: 5, abril: 3)"."""
    office = some[0].short or _("Sin dependencia a cargo")
    late = {month: cell[2] for month, cell in _cells(some, today).items() if cell[2]}
    owed = sum(one.units for one in some)
    if not late:
        return _("{office}: nada vencido de {units}", office=office, units=owed)
    months = [_("{month}: {n}", month=period_in_words(month), n=n) for month, n in late.items()]
    return _("{office}: vencidos {n} de {units} ({months})", office=office, n=sum(late.values()), units=owed,
             months=listed(months))  # fmt: skip


def _cells(some: Sequence[Due], today: date) -> Mapping[str, list[int]]:
    """By month: how many are owed, how many of them are not reported, how many of these are late."""
    cells: dict[str, list[int]] = {}
    for one in some:
        cell = cells.setdefault(one.day.isoformat()[:7], [0, 0, 0])
        cell[0] += one.units
        cell[1] += one.missing
        cell[2] += one.missing if one.day < today else 0
    return cells


MISSING = Conversation(
    name="missing",
    command="/quien_falta",
    run=asking("/quien_falta", who_is_missing),
    commit=remember,
    title=_("Ver quién falta por reportar"),
    phrases=(
        "quien falta",
        "quien no ha reportado",
        "quienes faltan",
        "quien falta por reportar",
        "quien debe",
        "who is missing",
        "who has not reported",
    ),
    understands=said_like(ASKED),
    consent=False,
)
