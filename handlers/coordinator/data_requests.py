"""/solicitudes_datos: what people asked about their own data, the first due first; answered, or put off once."""

from __future__ import annotations

from dataclasses import dataclass

from conversation.messages import Reply
from conversation.questions import Option, Pick, Words
from conversation.talk import Talk
from conversation.texts import Say, Text, _, lines, paragraphs
from handlers.base import Conversation, Notice, Outcome
from models import audit, forgetting, my_data, requests
from models.people import RUN
from models.requests import CLAIMS, Waiting
from models.visit import Visit

SHOWN = 6
KINDS: dict[str, Text] = {
    "see": _("consulta"), "name": _("cambiar el nombre"), "correct": _("corregir un dato"), "forget": _("borrar"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answered:
    """What becomes of a request: done, answered or later, and what the person is told."""

    one: Waiting
    to: str
    note: str


async def data_requests(talk: Talk, visit: Visit) -> Answered | Reply:
    """Which of them, and what becomes of it."""
    waiting = requests.waiting(visit)
    if not waiting:
        return Reply(_("No hay solicitudes sobre datos."))
    prompt = paragraphs(
        _("Solicitudes sobre datos personales:"), lines(*(_line(one) for one in waiting[:SHOWN])), _("¿Cuál atiende?")
    )
    options = [Option(str(one.id), _called(one), one, (str(one.id),)) for one in waiting]
    return await _one(talk, await talk.ask("which", Pick(prompt, options, _("Esa solicitud ya no espera respuesta."))))


async def _one(talk: Talk, one: Waiting) -> Answered:
    options = [Option("done", _DONE[one.kind], "done", ("listo", "hecho"))] if one.kind in _DONE else []
    options.append(Option("answered", _("Solo responder"), "answered", ("responder",)))
    if one.later:
        options.append(Option("later", _("Ampliar el plazo"), "later", ("ampliar",)))
    asked = paragraphs(_line(one), one.text, _("¿Qué hace?"))
    to = await talk.ask("to", Pick(asked, options))
    prompt = _("¿Por qué hace falta más tiempo? La persona lo lee.") if to == "later" else (
        _("Escriba la respuesta. La persona la lee.")
    )  # fmt: skip
    note = "" if to == "done" else await talk.ask("note", Words(prompt, most=500))
    return Answered(one, to, note)


def _line(one: Waiting) -> Say:
    state: Say = _("reclamo en trámite, ") if one.kind in CLAIMS else ""
    return _("{number}: {what}, {state}vence el {due}.", number=one.id, what=KINDS[one.kind], state=state, due=one.due)


def _called(one: Waiting) -> Say:
    return _("Solicitud {number}", number=one.id)


def _answer(visit: Visit, answered: Answered) -> Outcome:
    one, note = answered.one, answered.note
    if answered.to == "later" and one.later:
        requests.extend(visit, one, note)
        told = paragraphs(_("Su solicitud {number} necesita más tiempo: hasta el {due}.", number=one.id, due=one.later),
                          note)  # fmt: skip
        done = _("Listo. El plazo va hasta el {due}.", due=one.later)
        return Outcome(Reply(done), (Notice(f"request:{one.id}:later", Reply(told), people=(one.person_id,)),))
    if answered.to == "done" and one.kind == "forget":
        forgetting.begin(visit.connection, one.person_id, visit.now)
        audit.record(visit.connection, visit.now, visit.who.id, "request.granted", f"request:{one.id}")
        return Outcome(Reply(_("Listo. Ya no hay nombre ni chats. Lo demás se borra en unos minutos.")))
    if answered.to == "done":
        my_data.rename(visit, one.person_id, one.text)
        note = ""
    requests.answer(visit, one, note)
    told = paragraphs(
        _("Su solicitud {number} ya tiene respuesta.", number=one.id),
        note or _("Su nombre quedó: {name}.", name=one.text),
    )
    return Outcome(
        Reply(_("Listo. La persona ya lo sabe.")),
        (Notice(f"request:{one.id}:answer", Reply(told), people=(one.person_id,)),),
    )


_DONE: dict[str, Text] = {"name": _("Cambiar el nombre"), "forget": _("Borrar sus datos")}
DATA_REQUESTS = Conversation(
    name="data_requests",
    command="/solicitudes_datos",
    run=data_requests,
    commit=_answer,
    title=_("Ver solicitudes sobre datos personales"),
    phrases=("solicitudes de datos", "solicitudes sobre datos", "reclamos de datos"),
    roles=RUN,
)
