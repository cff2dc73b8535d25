"""/horario: from which hour on to write to a person, and on which weekdays not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from conversation.messages import Choice, Heard, Reply
from conversation.questions import Answer, Misread, Option, Pick, Reading, Stale
from conversation.questions.base import Shown
from conversation.talk import Talk
from conversation.texts import Say, Text, _, listed, paragraphs, render
from conversation.understanding import WEEKDAYS, fold
from handlers.base import Conversation, Outcome, said_like
from models import audit, preferences
from models.preferences import CLOSES, OPENS, Preferred
from models.visit import Visit

# Nobody is written to on a weekend anyway.
DAYS: tuple[Text, ...] = (_("lunes"), _("martes"), _("miércoles"), _("jueves"), _("viernes"))
NONE = ("ninguno", "ninguna", "nada", "no")


@dataclass(frozen=True, slots=True)
class Quiet:
    """Working days on which not to write: one by button, several in words. Some day must be left."""

    def show(self, draft: Any) -> Shown:
        days = tuple(Choice(str(number), name) for number, name in enumerate(DAYS))
        prompt = _("¿Hay días en que no debo escribirle? Puede escribir varios: lunes y viernes.")
        return Shown(prompt, (Choice("none", _("Ninguno")), *days))

    def read(self, heard: Heard, draft: Any) -> Reading:
        typed = fold(heard.text)
        if heard.choice == "none" or typed in NONE or typed == fold(render(_("Ninguno"), heard.language)):
            return Answer([])
        called = [{WEEKDAYS[number], fold(render(name, heard.language))} for number, name in enumerate(DAYS)]
        words = set(typed.split())
        named = [number for number, names in enumerate(called) if heard.choice == str(number) or names & words]
        if not named:
            return Misread(_("Escriba los días, por ejemplo: lunes y viernes. O toque Ninguno."))
        return Answer(named) if len(named) < len(DAYS) else Misread(_("Tiene que quedar al menos un día."))

    def load(self, stored: Any) -> frozenset[int]:
        if not isinstance(stored, list) or len(stored) >= len(DAYS):
            raise Stale("")
        return frozenset(stored)


async def hours(talk: Talk, visit: Visit) -> Preferred:
    """The hour and the days."""
    now = preferences.of(visit.connection, visit.who.id)
    options = [Option(str(hour), _clock(hour), hour, _called(hour)) for hour in range(OPENS, CLOSES)]
    prompt = paragraphs(_as_told(now), _("¿Desde qué hora prefiere que le escriba?"))
    hour = await talk.ask("hour", Pick(prompt, options))
    return Preferred(hour, await talk.ask("quiet", Quiet()))


def _keep(visit: Visit, chosen: Preferred) -> Outcome:
    preferences.keep(visit.connection, visit.who.id, chosen.hour, chosen.quiet)
    audit.record(visit.connection, visit.now, visit.who.id, "hours.chosen", f"person:{visit.who.id}")
    return Outcome(Reply(paragraphs(_("Listo."), _as_told(chosen))))


def _as_told(chosen: Preferred) -> Say:
    days = [DAYS[day] for day in sorted(chosen.quiet) if day < len(DAYS)]
    hour = _clock(chosen.hour)
    if not days:
        return _("Le escribo desde las {hour}, los días hábiles.", hour=hour)
    return _("Le escribo desde las {hour}, los días hábiles menos: {days}.", hour=hour, days=listed(days))


def _clock(hour: int) -> Text:
    """ "8 a. m.", "3 p. m."."""
    return _("{n} a. m.", n=hour) if hour < 12 else _("{n} p. m.", n=hour - 12 or 12)


def _called(hour: int) -> tuple[str, ...]:
    """ "15", "3", "3 pm", "a las 3 de la tarde"."""
    short = hour if hour <= 12 else hour - 12
    part = "de la manana" if hour < 12 else "de la tarde" if hour > 12 else "del dia"
    return (str(hour), str(short), f"{short} {'am' if hour < 12 else 'pm'}", f"a las {short} {part}")


# "avíseme a las 10" → "a las 10".
WORDS = re.compile(r"(?:avis\w+|escrib\w+|mand\w+)(?:me)? (?:los avisos )?(?:desde |despues de )?(a las \d{1,2}.*)")


HOURS = Conversation(
    name="hours",
    command="/horario",
    run=hours,
    commit=_keep,
    title=_("Cambiar la hora y los días de mis avisos"),
    phrases=("horario", "cambiar la hora", "cambiar la hora de los avisos", "no me escriba tan temprano"),
    understands=said_like(WORDS),
)
