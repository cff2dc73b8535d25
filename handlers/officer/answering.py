"""What the ways to answer a nudge share: which obligation it is about, how the answer is kept, and who hears of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from conversation.messages import Choice, Reply
from conversation.questions import Option
from conversation.talk import Talk
from conversation.texts import Say, _, listed
from handlers.base import Notice
from handlers.coordinator.verdicts import account, buttons
from handlers.officer.which import Which
from handlers.wording import duty_in_words
from models import audit, blockers, cases
from models.blockers import Kind
from models.obligations import Duty
from models.parties import Party
from models.people import RUN
from models.visit import Visit

# A reason fits into a message to the coordinators.
LONGEST = 500


async def which(talk: Talk, visit: Visit, prompt: Say) -> Duty | Reply:
    """The obligation the answer is about; what to say where nothing is owed."""
    asked = Which(prompt, visit)
    if not asked.holds(talk.stored("duty")) and not asked.open:
        return Reply(_("Usted está al día: no hay nada pendiente por reportar."))
    return await talk.ask("duty", asked)


def named(parties: list[Party], unknown: Say, *words: str) -> list[Option[Party | None]]:
    """The parties as answers, after one for whoever names none of them."""
    options: list[Option[Party | None]] = [Option("nobody", unknown, None, words)]
    options += [Option(party.key, party.name, party, party.words) for party in parties]
    return options


def against(party: Party | None) -> dict[str, Any]:
    """Whom an answer names, as it is kept."""
    return {"office_id" if party.kind == "office" else "blocker_id": party.id} if party else {}


def keep(visit: Visit, duty: Duty, kind: Kind, **values: Any) -> int:
    """Keep the answer instead of an earlier one of its kind, and return its number. The due date stays as it is."""
    cases.withdraw(visit.connection, duty.id, visit.who.id, kind, visit.now)
    answer = blockers.add(visit.connection, duty.id, visit.who.id, kind, visit.now, **values)
    audit.record(visit.connection, visit.now, visit.who.id, f"answer.{kind}", duty.code, blocker=answer)
    return answer


def told(
    visit: Visit, answer: int, duty: Duty, kind: Kind, reason: str = "", proposed_on: date | None = None,
    party: Party | None = None,
) -> Notice:  # fmt: skip
    """What the coordinators hear, with the buttons to decide it."""
    name = _("{name} ({office})", name=visit.who.name, office=listed(sorted(visit.who.offices.values())))
    whom = party.name if party else ""
    text = account(kind, name, duty_in_words(duty), duty.due, reason, proposed_on, whom)
    return Notice(f"answer:{answer}", Reply(text, links=buttons(answer, kind, proposed_on, whom)), RUN)


def report_it(duty: Duty) -> Choice:
    """A button that opens the report of this obligation."""
    return Choice(f"/reportar {duty.code}", _("Reportar"))
