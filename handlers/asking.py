"""What all questions about the plan share: understanding what they are about, pages, and remembering the last one."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, TypeVar

from conversation.messages import Choice, Reply
from conversation.talk import Talk
from conversation.texts import Joined, Text, _
from handlers.base import Outcome
from handlers.scopes import Asked, Unclear, read
from models import questions
from models.directory import Directory, directory
from models.visit import Visit

T = TypeVar("T")
Answer = Callable[[Asked, Directory, Visit], Reply]

# Buttons of one page: with the one for more, the one for the reports and the way back they are ten, WhatsApp's most.
PAGE = 7
NOTHING = Asked()
# So long what somebody says next may add to their question.
RECENT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer, and the question it answers, as a command."""

    reply: Reply
    asked: str


def asking(command: str, answer: Answer) -> Callable[[Talk, Visit], Coroutine[Any, Any, Reply | Answered]]:
    """A conversation of one question: what comes with the command says what it is about."""

    async def ask(talk: Talk, visit: Visit) -> Reply | Answered:
        names = directory(visit.connection)
        return answered(command, talk.argument, answer, names, visit) if names else nothing()

    return ask


def answered(
    command: str, words: str, answer: Answer, names: Directory, visit: Visit, before: Asked = NOTHING
) -> Reply | Answered:
    """The answer to a question in words; what is not in them may have been said `before`."""
    asked = read(words, names, visit.today)
    if isinstance(asked, Unclear):
        return _unclear(command, asked, names)
    if asked != NOTHING:
        asked = asked.added_to(before)
    return Answered(answer(asked, names, visit), said(command, replace(asked, page=1)))


def remember(visit: Visit, question: Answered) -> Outcome:
    """Answer, and keep the question of who agreed that something is kept."""
    if visit.who.consented:
        questions.keep(visit.connection, visit.who.id, question.asked, visit.now)
    return Outcome(question.reply)


def said(command: str, asked: Asked) -> str:
    """The question as a command: "/estado 6 prensa"."""
    return f"{command} {asked.words}".strip()


def paged(every: Sequence[T], page: int) -> tuple[Sequence[T], int]:
    """The pieces of a page, the last one where there are not so many; how many come after them."""
    page = max(1, min(page, -(-len(every) // PAGE)))
    return every[(page - 1) * PAGE : page * PAGE], max(0, len(every) - page * PAGE)


def more(command: str, asked: Asked, left: int) -> list[Choice]:
    """The button for the next page, where there is one."""
    return [Choice(said(command, replace(asked, page=asked.page + 1)), _("Más ({n})", n=left))] if left else []


def nothing() -> Reply:
    """There is no plan."""
    return Reply(_("No hay entregables para mostrar."))


def plain(say: Any) -> Any:
    """A text as JSON, to be put into words when a picture is drawn."""
    match say:
        case Text():
            return {"key": say.key, "many": say.many, "args": {name: plain(one) for name, one in say.args.items()}}
        case Joined():
            return {"parts": [plain(part) for part in say.parts], "separator": say.separator}
        case date():
            return {"day": say.isoformat()}
    return say


def _unclear(command: str, unclear: Unclear, names: Directory) -> Reply:
    if unclear.meant:
        links = [Choice(said(command, asked), asked.name(names)) for asked in unclear.meant[: PAGE + 2]]
        if all(asked.office for asked in unclear.meant):
            return Reply(_("Hay varias dependencias que se parecen. ¿Cuál?"), links=tuple(links))
        return Reply(_("Eso puede ser varias cosas. ¿Cuál?"), links=tuple(links))
    hint = _("No lo encontré. Pregunte por todo el plan, por un subcomponente (/estado sub 1), por una actividad "
             "(/estado 4) o por una dependencia (/estado prensa).")  # fmt: skip
    return Reply(hint, links=(Choice("/estado", _("Todo el plan")), Choice("/estado sub 1", _("Subcomponente 1"))))
