"""An officer's answer as the coordinators read it, and the verdicts they may give on it."""

from __future__ import annotations

from datetime import date

from conversation.messages import Choice
from conversation.texts import Say, Text, _, lines, paragraphs
from handlers.wording import period_in_words, titled
from models.blockers import Answered, Kind
from models.cases import Case

VERDICTS = ("accept", "clear", "other", "refuse")
# What whoever blocks may say of it, as the coordinators read it.
REPLIES: dict[Answered, Text] = {"done": _("Responde: ya lo hizo."), "declined": _("Responde: no le corresponde.")}


def case_in_words(case: Case) -> Say:
    """What an answer is about: "4. Difundir espacio de participación (mayo)"."""
    return titled(case, case.topic, case.office, period_in_words(case.period))


def account(kind: Kind, name: Say, duty: Say, due: date, reason: str, proposed_on: date | None, against: str) -> Say:
    """What an officer answered. `against`: who holds it up, or whose it is, "" where nobody was named."""
    head = {
        "late": _("{name} no alcanza:", name=name),
        "blocked": _("{name} no puede avanzar:", name=name),
        "not_mine": _("{name} dice que no le toca:", name=name),
    }[kind]
    whom = _("Lo detiene: {who}.", who=against) if kind == "blocked" else _("Le toca a: {who}.", who=against)
    return paragraphs(
        head,
        lines(
            duty,
            _("Fecha del plan: {due}.", due=due),
            _("Propone el {day}.", day=proposed_on) if proposed_on else "",
            whom if against else "",
            _("Motivo: {reason}", reason=reason) if reason else "",
        ),
    )


def offered(kind: Kind, proposed_on: date | None, against: str) -> dict[str, Say]:
    """The verdicts there are on such an answer, and what their buttons say."""
    refuse = {"refuse": _("No aceptar")}
    if kind == "late":
        return {"accept": _("Aceptar el {day}", day=proposed_on), **refuse}
    if kind == "blocked":
        return {"clear": _("Ya se resolvió"), **refuse}
    known = {"accept": _("Pasarlo a {who}", who=against)} if against else {}
    return {**known, "other": _("Pasarlo a otra dependencia"), **refuse}


def buttons(number: int, kind: Kind, proposed_on: date | None, against: str) -> tuple[Choice, ...]:
    """The verdicts on the answer of this number, each a command."""
    verdicts = offered(kind, proposed_on, against)
    return tuple(Choice(f"/decidir {number} {verdict}", label) for verdict, label in verdicts.items())
