"""/mis_avisos: what a person is subscribed to; change or stop one of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from conversation.messages import Choice, Reply
from conversation.questions import Option, Pick
from conversation.talk import Talk
from conversation.texts import Say, Text, _, lines, paragraphs
from handlers.base import Conversation, Outcome, said_like
from handlers.citizen.subjects import Subject, called
from handlers.citizen.subscribing import Offices, pace_in_words
from models import audit, subscriptions
from models.subscriptions import Held
from models.visit import Visit

MORE = (Choice("/avisos", _("Pedir otro aviso")), Choice("/horario", _("Cambiar la hora")))
# "dejar los avisos de Cumbal" → "cumbal".
STOPPING = re.compile(
    r"(?:dejar|parar|quitar|cancelar|borrar|stop) (?:los |el |mis |my )?(?:avisos? |alerts )(?:de|sobre|for) (.+)"
)


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of some of them, called so: "now", "daily" or "stop"."""

    held: tuple[Held, ...]
    what: Say
    to: str


async def subscribed(talk: Talk, visit: Visit) -> Change | Reply:
    """Which of them, and what becomes of it."""
    held = subscriptions.of(visit.connection, visit.who.id)
    if not held:
        return Reply(_("Usted no tiene avisos. ¿Quiere pedir uno?"), links=MORE[:1])
    offices = Offices(visit)
    names = {one.id: called(Subject(one.kind, one.value), offices) for one in held}
    shown = [_("{what}: {pace}", what=names[one.id], pace=pace_in_words(one.pace)) for one in held]
    prompt = paragraphs(_("Usted recibe avisos de:"), lines(*shown), _("¿Cuál quiere cambiar o dejar?"))
    options: list[Option[tuple[Held, ...]]] = [Option(str(one.id), names[one.id], (one,)) for one in held]
    if len(held) > 1:
        options.append(Option("all", _("Todos"), tuple(held), ("todo", "todos")))
    some = await talk.ask("which", Pick(prompt, options))
    what: Say = names[some[0].id] if len(some) == 1 else _("todos sus avisos")
    paces = [pace for pace in ("now", "daily") if any(one.pace != pace for one in some)]
    asked = Pick(_("¿Qué hago con {what}?", what=what), [_option(to) for to in ("stop", *paces)])
    return Change(some, what, await talk.ask("to", asked))


def _option(to: str) -> Option[str]:
    labels: dict[str, Text] = {
        "stop": _("Dejar de recibirlo"), "now": _("Recibirlo enseguida"), "daily": _("Una vez al día"),
    }  # fmt: skip
    words = {"stop": ("dejar", "parar", "quitar"), "now": ("enseguida", "ya"), "daily": ("diario", "cada dia")}
    return Option(to, labels[to], to, words[to])


def _change(visit: Visit, change: Change) -> Outcome:
    connection, who, ids = visit.connection, visit.who, [one.id for one in change.held]
    if change.to == "stop":
        subscriptions.end(connection, who.id, ids, visit.now)
        done: Say = _("Listo. Ya no le aviso de {what}.", what=change.what)
    else:
        subscriptions.set_pace(connection, who.id, ids, change.to)
        done = _("Listo. Le aviso de {what}, {pace}.", what=change.what, pace=pace_in_words(change.to))
    audit.record(
        connection, visit.now, who.id, "subscription.ended" if change.to == "stop" else "subscription.changed",
        f"person:{who.id}", subscriptions=ids,
    )  # fmt: skip
    return Outcome(Reply(done, links=(Choice("/mis_avisos", _("Ver mis avisos")), *MORE)))


SUBSCRIBED = Conversation(
    name="subscribed",
    command="/mis_avisos",
    run=subscribed,
    commit=_change,
    title=_("Ver, cambiar o dejar mis avisos"),
    phrases=("mis avisos", "mis suscripciones", "que avisos tengo", "ver mis avisos", "cambiar mis avisos",
             "dejar un aviso", "my alerts"),
    understands=said_like(STOPPING),
)  # fmt: skip
