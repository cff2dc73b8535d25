"""The one message a day: what is due in a sentence, then line by line, with buttons for the answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from conversation.messages import Choice, Reply
from conversation.texts import Say, Text, _, lines, listed, n_, paragraphs
from handlers.wording import counted_due, due_in_words, period_in_words, titled
from models.gathering import Gathered, Line, Share

# More days than these are not told one by one; more buttons for reports would hide the others.
DAYS, REPORTS = 3, 3


def letter(told: Gathered, today: date) -> Reply:
    """What a person owes, what others have not reported, or both."""
    own, others = told.own, told.escalated
    return Reply(
        paragraphs(
            _part(n_("{n} entregable por reportar", "{n} entregables por reportar", _total(own)), own, today),
            _part(
                n_("{n} entregable sin reportar", "{n} entregables sin reportar", _total(others)), others, today,
                led=True,
            ),
        ),
        links=(*_answers(own), *_looks(others)),
    )  # fmt: skip


def _total(share: Share) -> int:
    return sum(share.days.values())


def _part(head: Text, share: Share, today: date, led: bool = False) -> Say:
    if not share.lines:
        return ""
    more = _total(share) - sum(line.offices for line in share.lines)
    return paragraphs(
        _("{head}: {days}.", head=head, days=listed(_days(share.days, today))),
        *(_line(line, today, led) for line in share.lines),
        n_("y {n} más", "y {n} más", more) if more else "",
    )


def _days(days: Mapping[date, int], today: date) -> list[Text]:
    """ "1 venció ayer, 1 vence hoy, 1 vence en 3 días"; many days only as past, today and to come."""
    if len(days) <= DAYS:
        return [counted_due(n, due, today) for due, n in days.items()]
    past = sum(n for due, n in days.items() if due < today)
    later = sum(n for due, n in days.items() if due > today)
    return [
        *([n_("{n} ya venció", "{n} ya vencieron", past)] if past else []),
        *([counted_due(days[today], today, today)] if today in days else []),
        *([n_("{n} vence después", "{n} vencen después", later)] if later else []),
    ]


def _line(line: Line, today: date, led: bool) -> Say:
    where: Say = n_("{n} dependencia", "{n} dependencias", line.offices) if line.offices > 1 else line.office
    return lines(
        titled(line, line.topic, where, period_in_words(line.period)),
        n_("Falta {n}: {due}.", "Faltan {n}: {due}.", line.left, due=due_in_words(line.due, today, line.agreed)),
        _on_a_day_off(line) if line.warn != line.due and line.due >= today else "",
        _responsible(line) if led else "",
    )


def _on_a_day_off(line: Line) -> Say:
    """A deadline never moves, but nobody works on the day."""
    return _("La fecha es el {due}, que no es día hábil. El último día hábil es el {warn}.",
             due=line.due, warn=line.warn)  # fmt: skip


def _responsible(line: Line) -> Say:
    if not line.lead:
        return _("Ninguna dependencia está a cargo.")
    return _("A cargo: {office}.", office=line.lead) if line.staffed else _(
        "A cargo: {office}, que no tiene responsable.", office=line.lead
    )  # fmt: skip


def _answers(own: Share) -> list[Choice]:
    """The ways to answer; where there is one obligation the buttons carry its code, else the conversation asks."""
    if not own.lines:
        return []
    first = own.lines[0]
    one = first.code if _total(own) == 1 else ""
    if one:
        buttons = [Choice(f"/reportar {one}", _("Reportar"))]
    else:
        numbers = list(dict.fromkeys(line.number for line in own.lines))[:REPORTS]
        buttons = [Choice(f"/reportar {number}", _("Reportar la {number}", number=number)) for number in numbers]
        buttons.append(Choice("/pendientes", _("Ver todo")))
    return [
        *buttons,
        Choice(f"/ya_casi {one}".strip(), _("Ya casi")),
        Choice(f"/no_alcanzo {one}".strip(), _("No alcanzo")),
        Choice(f"/no_me_toca {one}".strip(), _("No me toca")),
        Choice("/permiso", _("Estoy de permiso")),
    ]


def _looks(others: Share) -> list[Choice]:
    numbers = list(dict.fromkeys(line.number for line in others.lines))[:REPORTS]
    return [Choice(f"/estado {number}", _("Ver la actividad {number}", number=number)) for number in numbers]
