"""/recordar: who runs the plan has those who owe reminded: all, an office, an activity, or some of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import partial
from typing import Any

from conversation.messages import Choice, Heard, Reply
from conversation.questions import Answer, Misread, Partial, Reading, Shown, Stale
from conversation.talk import Talk
from conversation.texts import Say, _, lines, listed, n_, paragraphs
from conversation.understanding import best, fold
from handlers.base import Conversation, Outcome, said_like
from handlers.coordinator.subject import Area, Sure
from handlers.wording import due_in_words, period_in_words, titled
from models import audit, plan, reminding
from models.figures import Scope
from models.people import RUN
from models.preferences import CLOSES, OPENS
from models.reminding import Debt, Debtor
from models.visit import Visit
from plans.calendar import Calendar

# People shown in a message; the rest is counted.
SHOWN = 8
ALL = ("todos", "todas", "a todos", "a todas", "si", "recordar", "recordarles", "all", "everyone")
SOME = ("escoger", "elegir", "algunos", "algunas", "solo algunos")
WHOLE = ("todo", "todos", "todas", "todo el plan", "vencidos", "los vencidos", "lo vencido", "quienes deben")


@dataclass(frozen=True, slots=True)
class Reminded:
    """Who is to be reminded of all they owe of the scope."""

    people: tuple[Debtor, ...]


@dataclass(frozen=True, slots=True)
class Whom:
    """Everyone, or some by the numbers or the names they are listed with; [] for nobody."""

    told: Say
    known: Sequence[Debtor]

    def show(self, draft: Any) -> Shown:
        shown = self.known[:SHOWN]
        if draft:
            named = [_("{n}. {name}", n=n, name=one.name) for n, one in enumerate(shown, 1)]
            prompt = paragraphs(_("¿A quiénes? Escriba sus números o un nombre: 1, 3"), lines(*named))
            return Shown(prompt, tuple(Choice(str(one.id), one.name) for one in shown), "text")
        n = len(self.known)
        every = Choice("all", n_("Recordarle", "Recordarles a las {n}", n))
        some = (Choice("some", _("Escoger")),) if n > 1 else ()
        return Shown(self.told, (every, *some, Choice("none", _("No recordar"))))

    def read(self, heard: Heard, draft: Any) -> Reading:
        said = heard.choice or fold(heard.text)
        if said == "all" or said in ALL:
            return Answer([one.id for one in self.known])
        if said == "none" or said in ("no", "nadie", "a nadie", "no recordar"):
            return Answer([])
        if said == "some" or said in SOME:
            return Partial({"some": True})
        found = self._chosen(heard)
        return Answer(found) if found else Misread(_("No encontré a esa persona. Escriba los números: 1, 3"))

    def load(self, stored: Any) -> tuple[Debtor, ...]:
        if not isinstance(stored, list):
            raise Stale("")
        return tuple(one for one in self.known if one.id in stored)

    def _chosen(self, heard: Heard) -> list[int]:
        if heard.choice:
            return [one.id for one in self.known if str(one.id) == heard.choice]
        numbers = [int(found) for found in re.findall(r"\d{1,3}", heard.text)]
        if numbers and all(1 <= n <= len(self.known) for n in numbers):
            return [self.known[n - 1].id for n in dict.fromkeys(numbers)]
        found = [] if numbers else best(heard.text, {str(one.id): (one.name,) for one in self.known})
        return [int(found[0])] if len(found) == 1 else []


@dataclass(frozen=True, slots=True)
class Whose(Area):
    """A part of the plan, or all of it: then only what is late."""

    def read(self, heard: Heard, draft: Any) -> Reading:
        return Answer([0, 0, ""]) if fold(heard.text) in WHOLE else Area.read(self, heard, draft)


async def remind(talk: Talk, visit: Visit) -> Reminded | Reply | None:
    """Whose, who of them, and whether to do it."""
    talk.argument = talk.argument or ("" if talk.stored("what") is not None else "todo")
    scope = await talk.ask("what", Whose(_("¿De qué? Una actividad, una dependencia, o todo lo vencido."), visit))
    known = reminding.debtors(visit, scope, scope.kind == "plan", _begins(visit))
    able = tuple(one for one in known if one.reached)
    lost = [one.name for one in known if not one.reached]
    if not able:
        return _nobody(lost, scope)
    people = await talk.ask("who", Whom(_told(able, lost, scope, visit), able))
    if not people:
        return None
    if len(people) == len(able) and "sure" not in talk.names:
        return Reminded(people)
    sure = await talk.ask("sure", Sure(partial(_read_back, people), _("Sí, recordarles")))
    return Reminded(people) if sure else None


def _begins(visit: Visit) -> datetime:
    return datetime.combine(visit.today, time(), visit.zone)


def _nobody(lost: Sequence[str], scope: Scope) -> Reply:
    if lost:
        return Reply(_("Deben, pero no les llegan mis mensajes: {names}. Llámelas.", names=listed(lost)),
                     links=(Choice("/llamadas", _("Ver a quién llamar")),))  # fmt: skip
    text = _("Nada está vencido.") if scope.kind == "plan" else _("De eso nadie debe nada ahora.")
    return Reply(text, links=(Choice("/por_vencer", _("Qué vence pronto")),))


def _told(people: Sequence[Debtor], lost: Sequence[str], scope: Scope, visit: Visit) -> Say:
    """How many people, what first, and when it reaches them."""
    late = scope.kind == "plan"
    first = min((debt for one in people for debt in one.debts), key=lambda debt: debt.due)
    head = n_("Le recordaría a {n} persona.", "Les recordaría a {n} personas.", len(people))
    more = len(people) - SHOWN
    return paragraphs(
        lines(head, _("Lo primero: {duty}, {due}.", duty=_duty(first), due=due_in_words(first.due, visit.today))),
        lines(
            *(_line(one, visit, late) for one in people[:SHOWN]),
            n_("y {n} persona más", "y {n} personas más", more) if more > 0 else "",
        ),
        _when(people, visit),
        _("No les llegan mis mensajes: {names}.", names=listed(lost)) if lost else "",
    )


def _line(one: Debtor, visit: Visit, late: bool) -> Say:
    told = {"name": one.name, "office": one.office, "due": due_in_words(one.debts[0].due, visit.today)}
    if late:
        return n_("{name} ({office}): {n} vencido; {due}", "{name} ({office}): {n} vencidos; lo primero {due}",
                  len(one.debts), **told)  # fmt: skip
    return n_("{name} ({office}): {n} pendiente; {due}", "{name} ({office}): {n} pendientes; lo primero {due}",
              len(one.debts), **told)  # fmt: skip


def _duty(debt: Debt) -> Say:
    return titled(debt, period_in_words(debt.period))


def _when(people: Sequence[Debtor], visit: Visit) -> Say:
    """When it reaches them; who was written to today waits for another day."""
    heard = sum(one.heard for one in people)
    told = n_("A {n} ya se le escribió hoy: le llega el próximo día hábil.",
              "A {n} ya se les escribió hoy: les llega el próximo día hábil.", heard) if heard else ""  # fmt: skip
    return lines(_hour(visit) if heard < len(people) else "", told)


def _hour(visit: Visit) -> Say:
    local = visit.now.astimezone(visit.zone)
    timetable = plan.timetable(visit.connection)
    calendar = timetable.calendar if timetable else Calendar()
    if calendar.is_business_day(visit.today) and OPENS <= local.hour < CLOSES:
        return _("Les llega enseguida, un solo mensaje a cada una.")
    if calendar.is_business_day(visit.today) and local.hour < OPENS:
        return _("Les llega hoy desde las {hour} de la mañana, un solo mensaje a cada una.", hour=OPENS)
    return _("Les llega el {day} desde las {hour} de la mañana, un solo mensaje a cada una.",
             day=calendar.next_business_day(visit.today), hour=OPENS)  # fmt: skip


def _read_back(people: Sequence[Debtor]) -> Say:
    names = listed([one.name for one in people])
    return _("¿Les recuerdo lo que deben a: {names}?", names=names)


def _plan(visit: Visit, given: Reminded) -> Outcome:
    """Only planned: the clock writes, when people are at work, one message to each."""
    reminding.remind(visit, given.people)
    audit.record(
        visit.connection, visit.now, visit.who.id, "reminder.asked", f"people:{len(given.people)}",
        people=[one.id for one in given.people],
    )  # fmt: skip
    done = n_("Listo: le recordaré a {n} persona.", "Listo: les recordaré a {n} personas.", len(given.people))
    undo = Choice("/no_recordar", _("Retirar los que no han salido"))
    return Outcome(Reply(lines(done, _when(given.people, visit)), links=(undo,)))


async def unremind(talk: Talk, visit: Visit) -> bool | None:
    """All that were asked for and have not gone out."""
    prompt = _("¿Retiro los recordatorios pedidos que no han salido? Los que ya salieron no se pueden recoger.")
    return True if await talk.ask("sure", Sure(lambda: prompt, _("Sí, retirarlos"))) else None


def _unplan(visit: Visit, _sure: bool) -> Outcome:
    count = reminding.take_back(visit)
    audit.record(visit.connection, visit.now, visit.who.id, "reminder.withdrawn", f"people:{count}")
    text = n_("Listo: a {n} persona ya no le llega.", "Listo: a {n} personas ya no les llega.", count)
    return Outcome(Reply(text if count else _("Ya habían salido todos.")))


# "recuérdeles a los de prensa" → "de prensa".
ASKS = re.compile(
    r"(?:recuerde|recuerdele|recuerdeles|recordar|recordarle|recordarles|avise|aviseles|insista|insistales)"
    r"(?: (?:a|al|a la|a los|a las|lo de|la|el|de))*(?: (.+))?"
)


REMIND = Conversation(
    name="remind",
    command="/recordar",
    run=remind,
    commit=_plan,
    title=_("Recordar a quienes deben"),
    phrases=("recordar", "recordarles", "recordar a quienes deben", "mandar recordatorio"),
    understands=said_like(ASKS),
    roles=RUN,
)
UNREMIND = Conversation(
    name="unremind",
    command="/no_recordar",
    run=unremind,
    commit=_unplan,
    title=_("Retirar recordatorios que no han salido"),
    roles=RUN,
    hidden=True,
)
