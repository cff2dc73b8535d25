"""/desbloqueo: who holds something up says that it is done, or not theirs. Whoever coordinates decides what counts."""

from __future__ import annotations

from dataclasses import dataclass

from conversation.messages import Choice, Reply
from conversation.questions import Option, Pick
from conversation.talk import Talk
from conversation.texts import Text, _, lines, paragraphs
from handlers.base import Conversation, Notice, Outcome
from handlers.coordinator.decision import Numbered
from handlers.coordinator.verdicts import REPLIES, buttons, case_in_words
from handlers.wording import duty_in_words
from models import audit, blockers
from models.blockers import Answered
from models.cases import Case
from models.obligations import Duty
from models.people import RUN, Role
from models.visit import Visit

SAID: dict[Answered, Text] = {"done": _("Ya lo hice"), "declined": _("No me corresponde")}


@dataclass(frozen=True, slots=True)
class Told:
    """What whoever blocks says of it."""

    case: Case
    said: Answered


def awaited(number: int, name: str, duty: Duty, reason: str) -> Reply:
    """What whoever holds up a duty hears: who waits, for what, by when; with the ways to answer."""
    links = tuple(Choice(f"/desbloqueo {number} {said}", label) for said, label in SAID.items())
    return Reply(
        paragraphs(
            _("{name} necesita algo de su parte para avanzar:", name=name),
            lines(
                duty_in_words(duty),
                _("Fecha del plan: {due}.", due=duty.due),
                _("Falta: {reason}", reason=reason),
            ),
        ),
        links=links,
    )


async def unblock(talk: Talk, visit: Visit) -> Told | Reply:
    """Which answer names them, and what they say to it."""
    if not talk.argument and talk.stored("case") is None:
        return Reply(_("Toque un botón del aviso que recibió."))
    case, said = await talk.ask("case", Numbered(visit, SAID))
    if case is None or case.kind != "blocked" or not _named(case, visit):
        return Reply(_("No encontré ese aviso."))
    if case.outcome or not case.open:
        return Reply(_("Gracias. Ya no hace falta: eso ya se resolvió."))
    if case.reply:
        return Reply(_("Gracias. Eso ya se respondió; la coordinación lo decide."))
    known = [key for key in SAID if key == said]
    if not known:
        options: list[Option[Answered]] = [Option(key, label, key) for key, label in SAID.items()]
        known = [await talk.ask("said", Pick(case_in_words(case), options))]
    return Told(case, known[0])


def _named(case: Case, visit: Visit) -> bool:
    return case.against_id == visit.who.id or case.office_id in visit.who.offices


def _keep(visit: Visit, told: Told) -> Outcome:
    """Keep it; the coordinators decide, and who waits knows."""
    case, said = told.case, told.said
    blockers.reply(visit.connection, case.id, said)
    audit.record(visit.connection, visit.now, visit.who.id, f"blocker.{said}", case.code, blocker=case.id)
    answer = lines(case_in_words(case), _("Lo detiene: {who}.", who=case.against), REPLIES[said])
    asked = Reply(paragraphs(_("{name} no puede avanzar:", name=case.name), answer),
                  links=buttons(case.id, "blocked", None, case.against))  # fmt: skip
    report = (Choice(f"/reportar {case.code}", _("Reportar")),) if said == "done" else ()
    notices = (
        Notice(f"unblock:{case.id}", asked, RUN),
        Notice(f"unblocked:{case.id}", Reply(answer, links=report), people=(case.person_id,)),
    )
    return Outcome(Reply(_("Gracias. La coordinación y {name} ya lo saben.", name=case.name)), notices)


UNBLOCK = Conversation(
    name="unblock",
    command="/desbloqueo",
    run=unblock,
    commit=_keep,
    title=_("Responder a quien espera algo de mí"),
    roles=frozenset(Role),
    hidden=True,
)
