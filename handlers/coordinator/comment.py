"""/comentar: who runs the plan says something of a report or an obligation; its officers hear it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from conversation.messages import Choice, Heard, Reply
from conversation.questions import Answer, Reading, Shown, Stale, Words
from conversation.talk import Talk
from conversation.texts import Say, _, lines, listed, paragraphs
from handlers.base import Conversation, Notice, Outcome
from handlers.coordinator.subject import Subject, Sure, named
from models import audit, owed, remarks
from models.owed import Owed
from models.people import RUN, Role
from models.remarks import Remarked
from models.visit import Visit

WHAT = _("¿Sobre qué? Escriba el folio de un avance o el código de un entregable.")


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of what."""

    owed: Owed
    text: str


@dataclass(frozen=True, slots=True)
class Numbered:
    """The number of a remark; what names none is kept as 0, and its value is None."""

    visit: Visit

    def show(self, draft: Any) -> Shown:
        return Shown(_("Escriba el número de la nota."), (), "number")

    def read(self, heard: Heard, draft: Any) -> Reading:
        typed = heard.text.strip()
        return Answer(int(typed) if typed.isdecimal() and len(typed) < 10 else 0)

    def load(self, stored: Any) -> Remarked | None:
        if not isinstance(stored, int):
            raise Stale("")
        return remarks.one(self.visit, stored)


async def comment(talk: Talk, visit: Visit) -> Said | None:
    """On what, what, and whether it is to be sent."""
    one = await talk.ask("what", Subject(WHAT, visit, folios=True))
    text = await talk.ask("text", Words(_("¿Qué quiere decir de {what}?", what=named(one)), most=1000))
    sure = await talk.ask("sure", Sure(partial(_read_back, one, text), _("Sí, enviar")))
    return Said(one, text) if sure else None


def _read_back(one: Owed, text: str) -> Say:
    whom = _("Lo lee {name}.", name=one.author) if one.author else _("Lo leen los responsables de {office}.",
                                                                     office=one.lead or one.code)  # fmt: skip
    return paragraphs(_("Su comentario:"), lines(named(one), text), listed([whom, _("¿Lo envío?")], " "))


def heard_by(one: Owed) -> tuple[int, ...]:
    """Whom a remark concerns: the report's author, or who reports for the office in charge."""
    return (one.author_id,) if one.author_id else one.officers


def _send(visit: Visit, said: Said) -> Outcome:
    one = said.owed
    number = remarks.add(visit, "comment", one.id, one.report_id or None, said.text)
    audit.record(visit.connection, visit.now, visit.who.id, "comment.sent", one.folio or one.code, remark=number)
    told = paragraphs(_("{by} comenta:", by=visit.who.name), lines(named(one), said.text))
    link = (Choice(f"/avance {one.folio}", _("Ver {folio}", folio=one.folio)),) if one.folio else ()
    notice = Notice(f"remark:{number}", Reply(told, links=link), people=heard_by(one))
    undo = Choice(f"/retirar_nota {number}", _("Retirar el comentario"))
    done = _("Enviado.") if heard_by(one) else _("Guardado. Nadie reporta por ese entregable, así que nadie lo leyó.")
    return Outcome(Reply(done, links=(undo,)), (notice,))


async def take_back(talk: Talk, visit: Visit) -> Remarked | Reply | None:
    """One's own comment or finding; what was said stays to be read, marked as taken back."""
    found = await talk.ask("which", Numbered(visit))
    if found is None or found.by_id != visit.who.id:
        return Reply(_("No encontré esa nota entre las suyas."))
    if found.ended:
        return Reply(_("Ya la había retirado."))
    prompt = paragraphs(_("Va a retirar esto sobre {what}:", what=found.folio or found.code), found.text,
                        _("Queda escrito que lo dijo y que lo retiró. ¿Confirma?"))  # fmt: skip
    return found if await talk.ask("sure", Sure(lambda: prompt, _("Sí, retirar"))) else None


def _take_back(visit: Visit, found: Remarked) -> Outcome:
    remarks.take_back(visit, found.id)
    what = found.folio or found.code
    audit.record(visit.connection, visit.now, visit.who.id, f"{found.kind}.withdrawn", what, remark=found.id)
    told = Reply(paragraphs(_("{by} retiró lo que dijo sobre {what}:", by=visit.who.name, what=what), found.text))
    if found.kind == "finding":
        notice = Notice(f"unremark:{found.id}", told, RUN)
    else:
        one = owed.by_folio(visit, found.folio) if found.folio else owed.by_code(visit, found.code)
        notice = Notice(f"unremark:{found.id}", told, people=heard_by(one) if one else ())
    return Outcome(Reply(_("Listo, retirado.")), (notice,))


COMMENT = Conversation(
    name="comment",
    command="/comentar",
    run=comment,
    commit=_send,
    title=_("Comentar un avance o un entregable"),
    phrases=("comentar", "hacer un comentario", "dejar un comentario"),
    roles=RUN,
)
TAKE_BACK = Conversation(
    name="take_back",
    command="/retirar_nota",
    run=take_back,
    commit=_take_back,
    title=_("Retirar un comentario o un hallazgo"),
    roles=RUN | {Role.AUDITOR},
    hidden=True,
)
