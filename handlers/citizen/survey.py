"""/encuesta: three short questions to who came to an event. The answers are counted, not shown with a name."""

from __future__ import annotations

from dataclasses import dataclass

from conversation.messages import Choice, Reply
from conversation.questions import Maybe, Option, Pick
from conversation.talk import Talk
from conversation.texts import Text, _
from handlers.base import Conversation, Outcome
from models import surveyed
from models.surveyed import Visited
from models.visit import Visit

MARKS: tuple[tuple[int, Text, tuple[str, ...]], ...] = (
    (5, _("Muy bien"), ("excelente", "mucho")), (4, _("Bien"), ("bueno",)), (3, _("Más o menos"), ("regular",)),
    (2, _("Mal"), ("malo", "poco")), (1, _("Muy mal"), ("pesimo", "nada")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Opinion:
    """Two marks from 1 to 5, and what should change."""

    event: Visited
    clear: int
    heard: int
    comment: str


async def survey(talk: Talk, visit: Visit) -> Opinion | Reply:
    """Of the event somebody came to last, unless they name another one."""
    events = surveyed.open_for(visit.connection, visit.who.id)
    if not events:
        return Reply(_("Usted no tiene encuestas por responder."))
    if len(events) == 1 and not talk.argument and talk.stored("event") is None:
        event = events[0]
    else:
        options = [Option(one.key, one.title, one, (one.key,)) for one in events]
        gone = _("De ese evento ya no hay encuesta.")
        event = await talk.ask("event", Pick(_("¿De cuál evento?"), options, gone=gone))
    clear = await talk.ask("clear", _mark(_("1 de 3. En {title}, ¿cómo le explicaron las cosas?", title=event.title)))
    heard = await talk.ask("heard", _mark(_("2 de 3. ¿Cómo lo escucharon a usted?")))
    comment = Maybe(_("3 de 3. ¿Qué debe cambiar? Cuéntelo en una frase."), none=_("Nada"), most=500)
    return Opinion(event, clear, heard, await talk.ask("comment", comment))


def _mark(prompt: Text) -> Pick[int]:
    return Pick(prompt, [Option(str(mark), label, mark, (str(mark), *words)) for mark, label, words in MARKS])


def _keep(visit: Visit, said: Opinion) -> Outcome:
    surveyed.add(visit.connection, said.event.id, visit.who.id, said.clear, said.heard, said.comment, visit.now)
    return Outcome(Reply(_("Gracias. Su opinión ayuda a que el próximo sea mejor.")))


def asking(key: str, title: str) -> Reply:
    """What who came is asked the day after."""
    text = _("Gracias por venir a {title}. ¿Nos cuenta cómo le fue? Son tres preguntas cortas.", title=title)
    return Reply(text, links=(Choice(f"/encuesta {key}", _("Responder")),))


SURVEY = Conversation(
    name="survey", command="/encuesta", run=survey, commit=_keep, title=_("Decir cómo me pareció un evento"),
    phrases=("encuesta", "responder la encuesta", "llenar la encuesta"),
)  # fmt: skip
