"""/decidir: who runs the plan decides what an officer answered. Nobody decides on their own answer."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from conversation.messages import Choice, Heard, Reply
from conversation.questions import Answer, Option, Pick, Reading, Stale, Words
from conversation.questions.base import Shown
from conversation.talk import Talk
from conversation.texts import Say, _, lines, paragraphs
from conversation.understanding import fold
from handlers.base import Conversation, Notice, Outcome
from handlers.coordinator.verdicts import VERDICTS, account, case_in_words, offered
from handlers.wording import due_in_words
from models import audit, blockers, cases, nudges, parties
from models.cases import Case
from models.parties import Party
from models.people import RUN
from models.visit import Visit

LOOK = (Choice("/por_decidir", _("Ver qué falta por decidir")),)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of an answer. `party`: whose the obligation is from here on; `why`: the reason of a refusal."""

    case: Case
    verdict: str
    party: Party | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Numbered:
    """The number of an answer, and what a button may bring along: "7 accept".

    Words that name no answer are kept as 0, and their value is no answer.
    """

    visit: Visit
    verdicts: Collection[str] = VERDICTS

    def show(self, draft: Any) -> Shown:
        return Shown(_("Escriba el número de lo que va a decidir."), (), "number")

    def read(self, heard: Heard, draft: Any) -> Reading:
        number, _space, verdict = fold(heard.text).partition(" ")
        known = int(number) if number.isdecimal() and len(number) < 10 else 0
        return Answer({"id": known, "verdict": verdict if verdict in self.verdicts else ""})

    def load(self, stored: Any) -> tuple[Case | None, str]:
        if not isinstance(stored, dict):
            raise Stale("")
        return cases.one(self.visit.connection, stored["id"]), stored["verdict"]


async def decide(talk: Talk, visit: Visit) -> Verdict | Reply:
    """Which answer, what is decided on it, and why or to whom it passes."""
    if not talk.argument and talk.stored("case") is None:
        return Reply(_("Escoja lo que va a decidir."), links=LOOK)
    case, verdict = await talk.ask("case", Numbered(visit))
    if case is None:
        return Reply(_("No encontré esa respuesta."), links=LOOK)
    if said := _decided(case, visit):
        return Reply(said, links=LOOK)
    verdicts = offered(case.kind, case.proposed_on, case.against)
    if verdict not in verdicts:
        told = account(case.kind, case.name, case_in_words(case), case.due, case.reason, case.proposed_on, case.against)
        verdict = await talk.ask("verdict", Pick(told, [Option(key, say, key) for key, say in verdicts.items()]))
    if verdict == "refuse":
        prompt = _("¿Por qué no? {name} lo leerá.", name=case.name)
        return Verdict(case, verdict, why=await talk.ask("why", Words(prompt, most=500)))
    if case.kind != "not_mine":
        return Verdict(case, verdict)
    if verdict == "accept" and case.against_id:
        return Verdict(case, verdict, Party("person", case.against_id, case.against_person))
    offices = parties.offices(visit)
    party = next((office for office in offices if office.id == case.office_id and verdict == "accept"), None)
    if party is None:
        options = [Option(office.key, office.name, office, office.words) for office in offices]
        party = await talk.ask("whose", Pick(_("¿A qué dependencia le toca?"), options))
    return Verdict(case, verdict, party)


def _decided(case: Case, visit: Visit) -> Say:
    """Why there is nothing to decide (any more), "" where there is."""
    if case.person_id == visit.who.id:
        return _("Nadie decide sobre su propia respuesta. Lo decide otra persona de la coordinación.")
    if case.by_id == case.person_id:
        return _("{name} cambió su respuesta: ya no hay que decidir esta.", name=case.name)
    if case.by:
        return _("Ya lo decidió {name}.", name=case.by)
    if case.kind == "almost":
        return _("Eso no hay que decidirlo.")
    return "" if case.open else _("Ya no hace falta: ese entregable ya no está pendiente.")


def _settle(visit: Visit, given: Verdict) -> Outcome:
    """Keep the verdict with what follows from it, and tell at once who is concerned. No due date ever moves."""
    connection, case, party = visit.connection, given.case, given.party
    settled: dict[str, Any] = {"why": given.why}
    if party and party.kind == "person":
        settled["quiet_until"] = date.max  # a colleague of the same office, who is nudged too
    elif party:
        settled |= {"office_id": party.id, "blocker_id": None}
    outcome: blockers.Verdict = (
        "refused" if given.verdict == "refuse" else "cleared" if given.verdict == "clear" else "accepted"
    )
    blockers.decide(connection, case.id, visit.who.id, outcome, visit.now, **settled)
    if given.verdict == "accept" and case.kind == "late" and case.proposed_on:
        cases.agree(connection, case.obligation_id, case.proposed_on)
    elif party and party.kind == "person":
        cases.take_over(connection, case.obligation_id, party.id)
    elif party:
        cases.hand_over(connection, case.obligation_id, party.id)  # messages to its old office notice it themselves
    if given.verdict == "accept" and not (party and party.kind == "office"):
        nudges.moot(connection, [case.obligation_id])
    whose = {party.kind: party.id} if party else {}
    audit.record(connection, visit.now, visit.who.id, f"answer.{outcome}", case.code, blocker=case.id, **whose)
    theirs = () if party is None else party.officers if party.kind == "office" else (party.id,)
    told = paragraphs(
        _news(given, visit.who.name),
        lines(case_in_words(case), _("Según el plan, {due}.", due=due_in_words(case.due, visit.today))),
        _("Motivo: {reason}", reason=given.why) if given.why else "",
    )
    look = Choice("/pendientes", _("Ver pendientes"))
    notice = Notice(f"decided:{case.id}", Reply(told, links=(look,)), people=(case.person_id, *theirs))
    return Outcome(Reply(_("Listo. Ya le avisé a {name}.", name=case.name), links=LOOK), (notice,))


def _news(given: Verdict, by: str) -> Say:
    if given.verdict == "refuse":
        return _("{by} no aceptó lo que usted respondió.", by=by)
    if given.verdict == "clear":
        return _("{by} dice que ya se resolvió lo que lo detenía.", by=by)
    if given.party:
        return _("{by} decidió que esto le toca a {who}.", by=by, who=given.party.name)
    return _("{by} aceptó la nueva fecha: {day}. La del plan no cambia.", by=by, day=given.case.proposed_on)


DECIDE = Conversation(
    name="decide",
    command="/decidir",
    run=decide,
    commit=_settle,
    title=_("Decidir sobre una respuesta"),
    roles=RUN,
    hidden=True,
)
