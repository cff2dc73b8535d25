"""How dates, periods, amounts and evidence are said to people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Protocol

from conversation.texts import Say, Text, _, listed, n_
from models.obligations import Duty

MONTHS: tuple[Text, ...] = (
    _("enero"), _("febrero"), _("marzo"), _("abril"), _("mayo"), _("junio"), _("julio"), _("agosto"), _("septiembre"),
    _("octubre"), _("noviembre"), _("diciembre"),
)  # fmt: skip
# Beyond this many days the date says more than the count of days.
NEAR = 30


def due_in_words(due: date, today: date, agreed: date | None = None) -> Text:
    """ "vence mañana", "venció hace 3 días", "vence el 31 de diciembre de 2022"; `agreed`: the later day accepted."""
    days = (due - today).days
    if agreed and agreed > due:
        if days < 0:
            return _("venció el {day}; nueva fecha aceptada: {agreed}", day=due, agreed=agreed)
        return _("vence el {day}; nueva fecha aceptada: {agreed}", day=due, agreed=agreed)
    if days == 0:
        return _("vence hoy")
    if days == 1:
        return _("vence mañana")
    if days == -1:
        return _("venció ayer")
    if abs(days) > NEAR:
        return _("vence el {day}", day=due) if days > 0 else _("venció el {day}", day=due)
    if days > 0:
        return n_("vence en {n} día", "vence en {n} días", days)
    return n_("venció hace {n} día", "venció hace {n} días", -days)


def tenths(mark: int) -> Text:
    """ "4,3" of 43."""
    return _("{whole},{cents}", whole=mark // 10, cents=mark % 10)


def counted_due(count: int, due: date, today: date) -> Text:
    """ "1 vence hoy", "3 vencieron hace 2 días"."""
    days = (due - today).days
    if days == 0:
        return n_("{n} vence hoy", "{n} vencen hoy", count)
    if days == 1:
        return n_("{n} vence mañana", "{n} vencen mañana", count)
    if days == -1:
        return n_("{n} venció ayer", "{n} vencieron ayer", count)
    if days > NEAR:
        return n_("{n} vence el {day}", "{n} vencen el {day}", count, day=due)
    if days < -NEAR:
        return n_("{n} venció el {day}", "{n} vencieron el {day}", count, day=due)
    if days > 0:
        return n_("{n} vence en {days} días", "{n} vencen en {days} días", count, days=days)
    return n_("{n} venció hace {days} días", "{n} vencieron hace {days} días", count, days=-days)


def leave_in_words(starts: date, ends: date, today: date) -> Text:
    """ "hasta el 10 de junio", "del 5 de junio al 10 de junio", "el 5 de junio"."""
    if starts <= today:
        return _("hasta el {day}", day=ends)
    return _("del {starts} al {ends}", starts=starts, ends=ends) if starts < ends else _("el {day}", day=ends)


def absent_in_words(name: str, starts: date, ends: date, today: date) -> Text:
    """ "Ana está de permiso hasta el 10 de junio", "Ana estará de permiso del 5 de junio al 10 de junio"."""
    when = leave_in_words(starts, ends, today)
    if starts <= today:
        return _("{name} está de permiso {when}", name=name, when=when)
    return _("{name} estará de permiso {when}", name=name, when=when)


def period_in_words(period: str) -> Say:
    """ "2022-05" → "mayo"; "2022-T2" → "trimestre 2"; a whole year or an event says nothing more."""
    kind, number = period[5:6], period[6:]
    if period[5:].isdecimal() and 1 <= int(period[5:]) <= 12:
        return MONTHS[int(period[5:]) - 1]
    if not number.isdecimal():
        return ""
    named = {
        "B": _("bimestre {n}", n=number),
        "T": _("trimestre {n}", n=number),
        "C": _("cuatrimestre {n}", n=number),
        "S": _("semestre {n}", n=number),
    }
    return named.get(kind, "")


def duty_in_words(duty: Duty) -> Say:
    """The name of a duty on a button: "4. Difundir espacio de participación (mayo)"."""
    return titled(duty, duty.topic, duty.office, period_in_words(duty.period))


class Titled(Protocol):
    """Something of an activity: a duty, a line of a message."""

    @property
    def number(self) -> int:
        """The activity's number."""
        ...

    @property
    def title(self) -> str:
        """The activity's short title."""
        ...


def titled(duty: Titled, *details: Say) -> Say:
    """The number and title of a duty's activity, and in parentheses what tells it apart."""
    told = [detail for detail in details if detail]
    if not told:
        return _("{number}. {title}", number=duty.number, title=duty.title)
    return _("{number}. {title} ({details})", number=duty.number, title=duty.title, details=listed(told))


def progress_in_words(reported: int, target: int) -> Text:
    """ "1 de 2"."""
    return _("{reported} de {target}", reported=reported, target=target)


class Kinded(Protocol):
    """A file, link or place."""

    @property
    def kind(self) -> str:
        """One of conversation.messages.AttachmentKind."""
        ...


def evidence_in_words(items: Iterable[Kinded]) -> Say:
    """ "2 fotos, 1 enlace"."""
    counts = Counter("voice" if item.kind == "audio" else item.kind for item in items)
    words = {
        "photo": lambda n: n_("{n} foto", "{n} fotos", n),
        "video": lambda n: n_("{n} video", "{n} videos", n),
        "voice": lambda n: n_("{n} nota de voz", "{n} notas de voz", n),
        "document": lambda n: n_("{n} documento", "{n} documentos", n),
        "link": lambda n: n_("{n} enlace", "{n} enlaces", n),
        "place": lambda n: n_("{n} ubicación", "{n} ubicaciones", n),
    }
    return listed([words[kind](count) for kind, count in counts.items()])
