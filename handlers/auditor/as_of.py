"""/como_estaba: the figures as they were known at the end of a day. Everyone may ask who may see figures."""

from __future__ import annotations

import re
from dataclasses import replace

from conversation.messages import Choice, Reply
from conversation.talk import Talk
from conversation.texts import Say, _, lines
from conversation.understanding import day as day_of
from conversation.understanding import fold
from handlers.base import Conversation, said_like
from handlers.coordinator.close import percent, until
from handlers.scopes import Asked, read
from handlers.standing import standing
from models import closes
from models.as_of import as_of, parts_of
from models.directory import Directory, directory
from models.figures import Figures
from models.visit import Visit

# "prensa al 30 de abril", "la 6 a 2022-04-30", "el 30 de abril"
DAY = re.compile(
    r"^(?P<what>.*?)(?:\b(?:al?|el|hasta|del?|en|on|as of|the)\b ?)*"
    r"(?P<day>\d{4} \d{1,2} \d{1,2}|\d{1,2} de \w+(?: (?:de|del) \d{4})?|\d{1,2} \d{1,2}(?: \d{2,4})?|ayer|antier)$"
)
# "¿Cómo estaba prensa al 30 de abril?" → "prensa al 30 de abril".
ASKS = re.compile(r"(?:como (?:estaba|iba|estabamos|ibamos|estaban|iban)|how (?:was|were))(?: (.+))?")
WRITTEN = re.compile(r"(\d{4}) (\d{1,2}) (\d{1,2})|(\d{1,2}) (\d{1,2})(?: (\d{2,4}))?")


async def was(talk: Talk, visit: Visit) -> Reply:
    """Reads only. The argument is a day, and before it perhaps what is asked about."""
    names = directory(visit.connection)
    found = DAY.fullmatch(fold(talk.argument))
    day = day_of(_written(found["day"]), visit.today) if found else None
    if names is None:
        return Reply(_("No hay entregables para mostrar."))
    if found is None or day is None:
        return _hint()
    if not re.search(r"\d{4}", found["day"]) and day.year < names.plan.year:
        day = day.replace(year=names.plan.year)  # who names no year means the plan's
    if day > visit.today:
        return Reply(_("El {day} todavía no llega.", day=day))
    asked = read(found["what"], names, visit.today)
    if not isinstance(asked, Asked):
        return _hint()
    moment = min(until(visit, day), visit.now)
    rows = as_of(visit.connection, names.plan.id, moment, asked.scope)
    title = ""
    if asked.activity or asked.subcomponent:
        title = names.activities[asked.activity].title if asked.activity else names.subcomponents[asked.subcomponent]
    figures = Figures(names.plan, title, parts_of(rows, asked.scope, day))
    note = lines(_("Así se conocía al terminar el {day}.", day=day), _frozen(asked, names, visit, day.isoformat()))
    then = replace(visit, now=moment)
    reply = standing("/como_estaba", asked, names, figures if rows else None, then, note)
    now = Choice(f"/estado {asked.words}".strip(), _("Ver cómo va hoy"))
    return replace(reply, links=(now,))


def _written(typed: str) -> str:
    """A day in figures as people write it: folding took its signs."""
    return re.sub(r"(?<=\d) (?=\d)", "-" if re.match(r"\d{4} ", typed) else "/", typed)


def _frozen(asked: Asked, names: Directory, visit: Visit, key: str) -> Say:
    """What was frozen of that very day, where that is all that is asked about."""
    if asked != Asked():
        return ""
    found = [one for one in closes.standing(visit.connection, names.plan.id, key) if not one.reopened_at]
    if not found:
        return ""
    counts = found[-1].counts
    return _("Ese corte está cerrado. Lo oficial es lo congelado: {reported} % reportado, {verified} % verificado.",
             reported=percent(counts, False), verified=percent(counts.official, False))  # fmt: skip


def _hint() -> Reply:
    text = _("Escriba de qué día: /como_estaba 30 de abril. También de una parte: /como_estaba prensa al 30 de abril.")
    return Reply(text, links=(Choice("/estado", _("Ver cómo va hoy")),))


AS_OF = Conversation(
    name="as_of",
    command="/como_estaba",
    run=was,
    title=_("Ver cómo estaba el plan en una fecha"),
    phrases=("como estaba", "como iba"),
    understands=said_like(ASKS),
    consent=False,
)
