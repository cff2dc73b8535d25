"""/programar: the day of the week and the hour at which a coordinator gets the summary."""

from __future__ import annotations

import re

from conversation.messages import Choice, Reply
from conversation.questions.weekly import Weekly, weekly_in_words
from conversation.talk import Talk
from conversation.texts import _, lines
from conversation.understanding import WEEKDAYS, fold
from handlers.base import Conversation, Outcome
from models import summary_times
from models.people import Role
from models.summary_times import EARLIEST, LATEST, When
from models.visit import Visit

# "quiero el resumen los viernes a las 4", "envíeme el resumen a las 9", "cambiar la hora del resumen"
ASKED = re.compile(
    rf"(?:.* )?resumen (?:(?:los|el|cada|todos) .*(?:{'|'.join(WEEKDAYS[:5])}).*|a las .+)"
    r"|(?:cambiar|elegir|escoger) (?:el dia|la hora|el dia y la hora) del resumen"
)


async def timing(talk: Talk, visit: Visit) -> When:
    """When the summary comes from now on."""
    now = summary_times.of(visit.connection, visit.who.id)
    prompt = lines(
        _("El resumen de la semana le llega {when}.", when=weekly_in_words(now.weekday, now.time)),
        _("¿Qué día y a qué hora lo quiere? Por ejemplo: los viernes a las 4."),
    )
    return When(*await talk.ask("when", Weekly(prompt, (now.weekday, now.time), EARLIEST, LATEST)))


def _keep(visit: Visit, when: When) -> Outcome:
    summary_times.keep(visit.connection, visit.who.id, when, visit.now)
    done = lines(
        _("Listo. El resumen de la semana le llega {when}; si no es día hábil, el siguiente.",
          when=weekly_in_words(when.weekday, when.time)),
        _("El de cada mes o trimestre que cierra le llega a esa hora, el primer día hábil."),
    )  # fmt: skip
    return Outcome(Reply(done, links=(Choice("/resumen", _("Ver el resumen")),)))


def _understands(text: str) -> str | None:
    """ "quiero el resumen los viernes a las 4" → "quiero el resumen los viernes a las 4", to be read as the answer."""
    typed = fold(text)
    if not ASKED.fullmatch(typed):
        return None
    return "" if typed.endswith("del resumen") else typed


SUMMARY_TIME = Conversation(
    name="summary_time",
    command="/programar",
    run=timing,
    commit=_keep,
    title=_("Elegir cuándo me llega el resumen"),
    phrases=("programar el resumen", "cuando me llega el resumen"),
    understands=_understands,
    roles=frozenset({Role.COORDINATOR}),
)
