"""/preguntas: what citizens ask, the first due first; /responder: an answer, which reaches who asked at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from conversation.messages import Choice, Heard, Reply
from conversation.questions import Answer, Misread, Option, Pick, Reading, Stale, Words
from conversation.questions.base import Shown
from conversation.talk import Talk
from conversation.texts import Say, _, lines, n_, paragraphs
from handlers.base import Conversation, Notice, Outcome
from handlers.citizen.ask_question import answered
from handlers.wording import due_in_words
from models import audit, inquiries
from models.event_cards import CALLERS
from models.inquiries import Asked
from models.visit import Visit

SHOWN = 5
DONE = _("Esa pregunta ya tiene respuesta.")
QUEUE = Choice("/preguntas", _("Ver las preguntas"))


@dataclass(frozen=True, slots=True)
class WhichQuestion:
    """A question by its folio; its value is the question, while nobody has answered it."""

    visit: Visit

    def show(self, draft: Any) -> Shown:
        first, _count, _late = inquiries.waiting(self.visit.connection, self.visit.who, SHOWN, self.visit.today)
        return Shown(_("¿Cuál pregunta? Escriba su número, por ejemplo P-2022-0001."),
                     tuple(Choice(one.folio, one.folio) for one in first), "text")  # fmt: skip

    def read(self, heard: Heard, draft: Any) -> Reading:
        found = self._find(heard.choice or heard.text)
        if found is None:
            return Misread(_("No encontré esa pregunta."))
        return Misread(DONE) if found.answered_at else Answer(found.folio)

    def load(self, stored: Any) -> Asked:
        found = self._find(str(stored))
        if found is None or found.answered_at:
            raise Stale(DONE)
        return found

    def _find(self, folio: str) -> Asked | None:
        return inquiries.find(self.visit.connection, folio.strip().upper(), self.visit.who)


@dataclass(frozen=True, slots=True)
class Answering:
    """An answer to a question."""

    question: Asked
    text: str
    public: bool


async def queue(talk: Talk, visit: Visit) -> Reply:
    """Reads only. Who asked is not told."""
    asked, count, late = inquiries.waiting(visit.connection, visit.who, SHOWN, visit.today)
    if not asked:
        return Reply(_("No hay preguntas por responder."))
    more = count - len(asked)
    text = paragraphs(
        lines(
            n_("{n} pregunta por responder:", "{n} preguntas por responder:", count),
            n_("{n} ya venció.", "{n} ya vencieron.", late) if late else "",
        ),
        *(_line(one, visit) for one in asked),
        n_("y {n} más", "y {n} más", more) if more else "",
    )
    return Reply(text, links=tuple(Choice(f"/responder {one.folio}", _("Responder {folio}", folio=one.folio))
                                   for one in asked))  # fmt: skip


async def answer(talk: Talk, visit: Visit) -> Answering | None:
    """What to say, and to whom."""
    question = await talk.ask("question", WhichQuestion(visit))
    prompt = paragraphs(_line(question, visit), _("¿Qué le responde? Escriba con palabras sencillas."))
    text = await talk.ask("answer", Words(prompt, most=1500, least=4))
    return await _sent(talk, question, text)


async def _sent(talk: Talk, question: Asked, text: str) -> Answering | None:
    no = Option("no", _("No enviar"), "no", ("no",))
    if question.public:
        prompt: Say = paragraphs(
            _("Se envía y se publica, sin el nombre de quien pregunta. Mire que no haya nombres ni datos de nadie:"),
            f"«{question.text}»", _("Respuesta: {text}", text=text),
        )  # fmt: skip
        options = [
            Option("all", _("Enviar y publicar"), "all", ("si", "publicar", "enviar")),
            Option("me", _("Enviar sin publicar"), "me", ("sin publicar", "solo enviar")), no,
        ]  # fmt: skip
    else:
        prompt = paragraphs(_("Se envía solo a quien pregunta:"), _("Respuesta: {text}", text=text))
        options = [Option("me", _("Enviar"), "me", ("si",)), no]
    how = await talk.ask("sure", Pick(prompt, options))
    return None if how == "no" else Answering(question, text, how == "all")


def _answer(visit: Visit, given: Answering) -> Outcome:
    """Keep the answer; who asked reads it at once."""
    connection, question = visit.connection, given.question
    asker = inquiries.answer(connection, question, visit.who, given.text, given.public, visit.today,
                             visit.now)  # fmt: skip
    audit.record(connection, visit.now, visit.who.id, "question.answered", f"question:{question.folio}",
                 public=given.public)  # fmt: skip
    notice = Notice(f"answered:{question.folio}", answered(question, given.text), people=(asker,))
    return Outcome(Reply(_("Listo. Respondió la {folio}.", folio=question.folio), links=(QUEUE,)), (notice,))


def _line(one: Asked, visit: Visit) -> Say:
    readers = _("Todos pueden leerla.") if one.public else _("Es solo para quien pregunta.")
    return lines(
        _("{folio}: {text}", folio=one.folio, text=one.text),
        _("Evento: {title}", title=one.title) if one.title else "",
        _("La respuesta {due}.", due=due_in_words(one.due, visit.today)),
        readers,
    )


QUESTIONS = Conversation(
    name="questions", command="/preguntas", run=queue, title=_("Ver las preguntas de la gente"), roles=CALLERS,
    phrases=("preguntas", "que pregunta la gente", "preguntas por responder", "preguntas de la gente"),
)  # fmt: skip
ANSWER_QUESTION = Conversation(
    name="answer_question", command="/responder", run=answer, commit=_answer, title=_("Responder una pregunta"),
    roles=CALLERS, phrases=("responder una pregunta", "responder preguntas"),
)  # fmt: skip
