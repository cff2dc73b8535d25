"""/preguntar: a question to the entity, before an event or of none; /mis_preguntas: what was asked, and the answers.

What is no question but a complaint, a petition or worse goes where it belongs and is not kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from conversation.messages import Choice, Heard, Reply
from conversation.questions import Misread, Option, Pick, Reading, Words
from conversation.questions.base import Shown
from conversation.talk import Talk
from conversation.texts import Say, _, lines, paragraphs
from handlers.base import Conversation, Notice, Outcome, said_like
from handlers.citizen.come import MOST, among
from handlers.citizen.permission import Given, keep, permitted, refused
from handlers.everyone.handover import handed_over
from models import audit, event_cards, inquiries
from models.event_cards import Card
from models.inquiries import Asked
from models.people import RUN
from models.visit import Visit

LETTERS, SHOWN = 600, 5
NONE = ("ninguno", "ningun evento", "otro", "otro tema", "de otra cosa", "no", "none")
MINE = Choice("/mis_preguntas", _("Ver mis preguntas"))
# "quiero preguntar sobre el foro" → "foro".
ABOUT = re.compile(r"(?:quiero |deseo |puedo )?(?:hacer una pregunta|preguntar) (?:para|sobre|en|de) (?:el |la )?(.+)")


@dataclass(frozen=True, slots=True)
class Told:
    """Free text that goes no further where it is not for this chat."""

    visit: Visit
    words: Words

    def show(self, draft: Any) -> Shown:
        return self.words.show(draft)

    def read(self, heard: Heard, draft: Any) -> Reading:
        elsewhere = handed_over(self.visit, heard.text)
        return Misread(elsewhere.text) if elsewhere else self.words.read(heard, draft)

    def load(self, stored: Any) -> str:
        return self.words.load(stored)


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """What somebody asks, for which event, and whether all may read the answer."""

    event: Card | None
    text: str
    public: bool
    given: Given


async def ask(talk: Talk, visit: Visit) -> NewQuestion | Reply:
    """For which event, what, and who may read the answer."""
    events = event_cards.coming(visit.connection, visit.now, MOST)
    event: Card | None = None
    if events:
        pick = among(_("¿Para cuál evento es su pregunta?"), events)
        options: list[Option[Any]] = [*pick.options, Option("none", _("Es de otra cosa"), None, NONE)]
        event = await talk.ask("event", Pick(pick.prompt, options, gone=pick.gone))
    given = await permitted(talk, visit, early=not events)
    if given is None:
        return refused(visit)
    words = Words(_("¿Qué quiere saber? Dígalo en pocas palabras."), most=LETTERS, least=8)
    text = await talk.ask("text", Told(visit, words))
    readers = [
        Option("all", _("Todos pueden leerla"), True, ("todos", "publica", "en publico", "si")),
        Option("me", _("Solo yo"), False, ("yo", "privada", "en privado", "a mi", "no")),
    ]
    prompt = paragraphs(_("¿Quién puede leer la respuesta?"), _("Su nombre no se muestra."))
    return NewQuestion(event, text, await talk.ask("public", Pick(prompt, readers)), given)


def _keep(visit: Visit, new: NewQuestion) -> Outcome:
    """Keep it; who can answer hears once a day that there are questions."""
    connection, event = visit.connection, new.event
    keep(visit, new.given)
    event_id = event.id if event else None
    kept = inquiries.ask(connection, event_id, visit.who.id, new.text, new.public, visit.today, visit.now)
    # Not whose it is: that can be forgotten, what is written here cannot.
    audit.record(connection, visit.now, None, "question.asked", f"question:{kept.folio}")
    text = paragraphs(
        _("Listo. Su pregunta es la {folio}.", folio=kept.folio),
        _("La respuesta le llega aquí, a más tardar el {day}.", day=kept.due),
    )
    told = Reply(
        _("Hay preguntas nuevas de la gente. Una vence el {day}.", day=kept.due),
        links=(Choice("/preguntas", _("Ver las preguntas")),),
    )
    notice = Notice(f"questions:{visit.today}", told, RUN, people=kept.officers)
    return Outcome(Reply(text, links=(MINE,)), (notice,))


async def mine(talk: Talk, visit: Visit) -> Reply:
    """Reads only."""
    asked = inquiries.of(visit.connection, visit.who.id, SHOWN)
    again = Choice("/preguntar", _("Hacer una pregunta"))
    if not asked:
        return Reply(_("Usted no ha hecho preguntas."), links=(again,))
    return Reply(paragraphs(_("Sus preguntas:"), *(_mine(one) for one in asked)), links=(again,))


def answered(question: Asked, text: str) -> Reply:
    """The answer as who asked reads it."""
    return Reply(
        paragraphs(
            _("Ya hay respuesta a su pregunta {folio}:", folio=question.folio), f"«{question.text}»",
            _("Respuesta: {text}", text=text),
        ),
        links=(MINE,),
    )  # fmt: skip


def _mine(one: Asked) -> Say:
    reply = _("Respuesta: {text}", text=one.answer) if one.answered_at else _("Responden a más tardar el {day}.",
                                                                              day=one.due)  # fmt: skip
    return lines(_("{folio}: {text}", folio=one.folio, text=one.text), reply)


ASK_QUESTION = Conversation(
    name="ask_question", command="/preguntar", run=ask, commit=_keep, title=_("Hacer una pregunta"), consent=False,
    phrases=("preguntar", "quiero preguntar", "quiero hacer una pregunta", "hacer una pregunta", "tengo una pregunta"),
    understands=said_like(ABOUT),
)  # fmt: skip
MY_QUESTIONS = Conversation(
    name="my_questions", command="/mis_preguntas", run=mine, title=_("Ver mis preguntas y sus respuestas"),
    phrases=("mis preguntas", "ya respondieron mi pregunta", "que paso con mi pregunta"),
)  # fmt: skip
